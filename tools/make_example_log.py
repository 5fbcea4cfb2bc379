"""Write the example logs: an invented FIX 4.4 trading day, and a short log with `|` between the fields.

    python tools/make_example_log.py [--output FOLDER]

The same bytes come out every time. What is in them is described in examples/logs/README.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from random import Random

from example_day import connections, errands, lifecycles
from example_day.agenda import MINUTE, SECOND, Agenda, Script, clock
from example_day.link import Link, Log
from example_day.market import Feed, Instrument, instruments
from example_day.orders import Desk, Order

SEED = 20250311
ORDERS = 230
CLOSE = clock("16:30")
LUNCH = range(clock("12:24"), clock("12:26"))
DEFAULT_OUTPUT = Path(__file__).resolve().parent.parent / "examples" / "logs"

LifeCycle = Callable[[Desk, Instrument], Script]

LIFE_CYCLES: tuple[tuple[LifeCycle, int], ...] = (
    (lifecycles.worked, 44),
    (lifecycles.at_market, 18),
    (lifecycles.replaced, 12),
    (lifecycles.cancelled, 10),
    (lifecycles.immediate, 6),
    (lifecycles.left_open, 4),
    (lifecycles.cancelled_too_late, 3),
    (lifecycles.replaced_in_vain, 3),
)
"""What becomes of ordinary orders, and how many in a hundred take each way."""

REFUSALS = (
    ("09:12:40", "SAP", 3, "Order exceeds the credit limit of the account"),
    ("10:02:11", "AAPL", 2, "XNAS is closed"),
    ("11:31:05", "EURUSD", 15, "Account is not enabled for currency pairs"),
    ("13:02:50", "MSFT", 2, "XNAS is closed"),
    ("15:20:33", "ASML", 99, "Instrument is in auction"),
)
"""When an order is refused: symbol, OrdRejReason(103), text."""


def trading_day() -> bytes:
    """The whole log `trading-day.log`."""
    rng, agenda = Random(SEED), Agenda()
    log = Log(agenda)
    broker, feed_link = Link(log, rng, "BUYSIDE", "BROKER"), Link(log, rng, "BUYSIDE", "MDFEED")
    desk, feed = Desk(broker, rng), Feed(feed_link, rng)
    traded = {each.symbol: each for each in instruments()}
    schedule_connections(agenda, log, broker, feed_link)
    schedule_market_data(agenda, feed, traded)
    schedule_orders(agenda, desk, rng, traded)
    schedule_errands(agenda, desk, traded)
    schedule_trouble(agenda, desk, feed, traded, log)
    agenda.run(until=CLOSE + 10 * SECOND)
    return log.content()


def schedule_connections(agenda: Agenda, log: Log, broker: Link, feed_link: Link) -> None:
    agenda.start(clock("07:59:58"), events(log, "Engine started, version 4.2.1, 2 sessions"))
    agenda.start(clock("08:00"), connections.log_on(broker, reset=True))
    agenda.start(clock("08:00") + 700, connections.log_on(feed_link, reset=True))
    for link in (broker, feed_link):
        silence = LUNCH if link is broker else range(0)
        agenda.start(clock("08:01"), connections.our_heartbeats(link, CLOSE), link)
        agenda.start(clock("08:01"), connections.their_heartbeats(link, CLOSE, silence), link)
        agenda.start(clock("08:01"), connections.watch_for_silence(link, CLOSE), link)
    agenda.start(clock("15:02:20"), connections.be_tested(feed_link), feed_link)
    agenda.start(CLOSE, connections.log_off(feed_link))
    agenda.start(CLOSE + 2 * SECOND, connections.log_off(broker))
    agenda.start(CLOSE + 5 * SECOND, events(log, "Engine stopped"))


def events(log: Log, text: str) -> Script:
    log.event(text)
    yield 0


def schedule_market_data(agenda: Agenda, feed: Feed, traded: dict[str, Instrument]) -> None:
    open_first = [each for each in traded.values() if each.opens == clock("08:00")]
    open_later = [each for each in traded.values() if each not in open_first]
    link = feed.link
    agenda.start(clock("08:00:05"), feed.subscribe("MD-1", open_first), link)
    agenda.start(clock("08:00:09"), feed.subscribe_unknown("MD-2", "SAPX"), link)
    agenda.start(clock("13:30:01"), feed.subscribe("MD-3", open_later), link)
    agenda.start(clock("08:01"), feed.publish(clock("16:28")), link)
    agenda.start(clock("16:29"), unsubscribe_all(feed), link)


def unsubscribe_all(feed: Feed) -> Script:
    for request_id in sorted(feed.subscribed):
        yield from feed.unsubscribe(request_id)


def schedule_orders(agenda: Agenda, desk: Desk, rng: Random, traded: dict[str, Instrument]) -> None:
    """Ordinary orders: more of them early and late, none over lunch or in a market that is not open."""
    chances = [life_cycle for life_cycle, weight in LIFE_CYCLES for _ in range(weight)]
    symbols = list(traded.values())
    placed = 0
    while placed < ORDERS:
        at = rng.randrange(clock("08:02"), clock("16:15"))
        if clock("10:00") < at < clock("15:00") and rng.random() < 0.4:
            continue
        instrument = symbols[rng.randrange(len(symbols))]
        if at in range(LUNCH.start - 12 * MINUTE, LUNCH.stop) or at < instrument.opens + MINUTE:
            continue
        agenda.start(at, chances[rng.randrange(len(chances))](desk, instrument), desk.link)
        placed += 1
    for time, symbol, reason, text in REFUSALS:
        agenda.start(clock(time), refuse(desk, traded[symbol], reason, text), desk.link)
    agenda.start(clock("16:27"), lifecycles.end_the_day(desk), desk.link)


def refuse(desk: Desk, instrument: Instrument, reason: int, text: str) -> Script:
    yield from lifecycles.refused(desk, desk.make(instrument), reason, text)


def schedule_errands(agenda: Agenda, desk: Desk, traded: dict[str, Instrument]) -> None:
    link = desk.link
    pairs = [each for each in traded.values() if not each.isin]
    for number, time in enumerate(("08:40", "09:25", "10:20", "11:10", "13:15", "14:35", "15:15", "15:50"), 1):
        quote = errands.ask_for_quote(desk, pairs[number % len(pairs)], number, trade=number % 4 != 0)
        agenda.start(clock(time) + number * 3 * SECOND, quote, link)
    agenda.start(clock("09:40:12"), errands.refuse_quote(desk, "USDXXX"), link)
    agenda.start(clock("08:15:30"), errands.news(desk), link)
    agenda.start(clock("11:45:02"), errands.ask_for_all_orders(desk), link)
    agenda.start(clock("09:05:44"), no_account(desk, traded["SIE"]), link)
    agenda.start(clock("14:50:27"), errands.cancel_unknown(desk, traded["SAP"]), link)
    for number in (1, 2, 3):
        agenda.start(clock("16:26") + number * 9 * SECOND, errands.allocate(desk, number), link)


def no_account(desk: Desk, instrument: Instrument) -> Script:
    yield from errands.order_without_account(desk, desk.make(instrument, quantity=instrument.lots[0]))


def schedule_trouble(agenda: Agenda, desk: Desk, feed: Feed, traded: dict[str, Instrument], log: Log) -> None:
    def large(symbol: str) -> Order:
        return desk.make(traded[symbol], quantity=traded[symbol].lots[-1])

    def with_orders(story: Callable[..., Script], *symbols: str, more: tuple[object, ...] = ()) -> Script:
        """The orders are made when the story begins, at the prices of that time."""
        yield from story(desk, *(large(symbol) for symbol in symbols), *more)

    def lose_inbound() -> Script:
        yield from connections.lose_inbound(desk, [large("SAP"), large("GBPUSD")])

    agenda.start(clock("10:46:50"), lose_inbound())
    agenda.start(clock("11:20:15"), connections.miss_market_data(feed))
    agenda.start(clock("14:12:08"), with_orders(connections.lose_outbound, "ASML"))
    agenda.start(clock("15:41:30"), connections.miss_market_data(feed, connections.wrong_check_sum))
    agenda.start(clock("16:04:10"), with_orders(connections.damaged_report, "SIE"))
    agenda.start(clock("16:18:40"), with_orders(connections.crash, "SAP", more=(feed, log)))


def short_log() -> bytes:
    """The whole log `pipe.log`: one short session, messages alone, `|` where the wire has SOH."""
    rng, agenda = Random(SEED + 1), Agenda()
    log = Log(agenda, messages_only=True)
    desk = Desk(Link(log, rng, "DESK1", "VENUE"), rng)
    traded = {each.symbol: each for each in instruments()}
    link, end = desk.link, clock("09:10")
    agenda.start(clock("09:00"), connections.log_on(link, reset=True))
    agenda.start(clock("09:01"), connections.our_heartbeats(link, end), link)
    agenda.start(clock("09:01"), connections.their_heartbeats(link, end, range(0)), link)
    agenda.start(clock("09:00:20"), lifecycles.worked(desk, traded["EURUSD"]), link)
    agenda.start(clock("09:02:10"), lifecycles.replaced(desk, traded["SAP"]), link)
    agenda.start(clock("09:03:30"), refuse(desk, traded["MSFT"], 2, "XNAS is closed"), link)
    agenda.start(clock("09:04:05"), lifecycles.cancelled(desk, traded["GBPUSD"]), link)
    agenda.start(clock("09:05:15"), errands.ask_for_quote(desk, traded["USDJPY"], 1, trade=True), link)
    agenda.start(clock("09:07:45"), lifecycles.at_market(desk, traded["SIE"]), link)
    agenda.start(clock("09:08:20"), lifecycles.immediate(desk, traded["ASML"]), link)
    agenda.start(end, connections.log_off(link))
    agenda.run(until=end + 10 * SECOND)
    return log.content().replace(b"\x01", b"|")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="folder to write to")
    output: Path = options.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    (output / "trading-day.log").write_bytes(trading_day())
    (output / "pipe.log").write_bytes(short_log())


if __name__ == "__main__":
    main()
