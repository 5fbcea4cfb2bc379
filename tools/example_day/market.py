"""What is traded, how its price moves over the day, and the messages of the market data feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from example_day.agenda import SECOND, Script, clock
from example_day.link import Link, Value, intact


@dataclass
class Instrument:
    """Something to trade; `opening` and `mid`, which moves, count in ticks; lot sizes are those of ordinary orders."""

    symbol: str
    currency: str
    tick: Decimal
    opening: int
    swing: int
    lots: tuple[int, ...]
    opens: int
    isin: str = ""
    exchange: str = ""
    mid: int = field(init=False)

    def __post_init__(self) -> None:
        self.mid = self.opening

    def price(self, ticks_away: int = 0) -> Decimal:
        return (self.mid + ticks_away) * self.tick

    def move(self, rng: Random) -> None:
        """One step of a walk of up to `swing` ticks, drawn a little upwards."""
        self.mid += rng.randrange(-self.swing, self.swing + 1) + (rng.random() < 0.3)

    def block(self) -> tuple[tuple[int, Value], ...]:
        """The fields of the Instrument component."""
        if self.isin:
            return (55, self.symbol), (48, self.isin), (22, 4), (207, self.exchange)
        return (55, self.symbol), (460, 4), (167, "FOR")


def share(symbol: str, currency: str, price: str, isin: str, exchange: str, opens: str) -> Instrument:
    tick = Decimal("0.01")
    return Instrument(
        symbol,
        currency,
        tick,
        int(Decimal(price) / tick),
        14,
        (100, 200, 400, 500, 1000, 2000),
        clock(opens),
        isin,
        exchange,
    )


def pair(symbol: str, price: str, tick: str) -> Instrument:
    return Instrument(
        symbol,
        symbol[:3],
        Decimal(tick),
        int(Decimal(price) / Decimal(tick)),
        9,
        (500000, 1000000, 2000000),
        clock("08:00"),
    )


def instruments() -> list[Instrument]:
    """Three European shares, two American ones that open at 13:30 UTC, three currency pairs."""
    return [
        share("SAP", "EUR", "247.35", "DE0007164600", "XETR", "08:00"),
        share("SIE", "EUR", "222.10", "DE0007236101", "XETR", "08:00"),
        share("ASML", "EUR", "640.20", "NL0010273215", "XAMS", "08:00"),
        pair("EURUSD", "1.08940", "0.00001"),
        pair("GBPUSD", "1.29210", "0.00001"),
        pair("USDJPY", "147.350", "0.001"),
        share("AAPL", "USD", "223.80", "US0378331005", "XNAS", "13:30"),
        share("MSFT", "USD", "379.10", "US5949181045", "XNAS", "13:30"),
    ]


class Feed:
    """The market data side: subscriptions, snapshots and updates."""

    def __init__(self, link: Link, rng: Random) -> None:
        self.link = link
        self.rng = rng
        self.subscribed: dict[str, list[Instrument]] = {}
        self._entry_ids = 0

    def subscribe(self, request_id: str, wanted: list[Instrument]) -> Script:
        """Ask for snapshots and updates; a snapshot of each follows."""
        self._request(request_id, "1", (each.block() for each in wanted))
        yield self.rng.randrange(15, 60)
        for instrument in wanted:
            self.snapshot(request_id, instrument)
            yield self.rng.randrange(1, 6)
        self.subscribed[request_id] = wanted

    def subscribe_unknown(self, request_id: str, symbol: str) -> Script:
        """Ask for a symbol that the feed does not carry."""
        self._request(request_id, "1", [((55, symbol),)])
        yield self.rng.randrange(15, 60)
        self.link.receive("Y", (262, request_id), (281, "0"), (58, f"Symbol {symbol} is not carried"))

    def unsubscribe(self, request_id: str) -> Script:
        wanted = self.subscribed.pop(request_id)
        self._request(request_id, "2", (each.block() for each in wanted))
        yield 0

    def _request(self, request_id: str, kind: str, blocks: Iterable[tuple[tuple[int, Value], ...]]) -> None:
        symbols = list(blocks)
        self.link.send(
            "V",
            *((262, request_id), (263, kind), (264, 1), (265, 1)),
            *((267, 3), (269, "0"), (269, "1"), (269, "2")),
            (146, len(symbols)),
            *(field for block in symbols for field in block),
        )

    def snapshot(self, request_id: str, instrument: Instrument) -> None:
        size = instrument.lots[-1]
        time = self.link.their_time()[9:]
        self.link.receive(
            "W",
            *((262, request_id), *instrument.block(), (268, 3)),
            *((269, "0"), (270, instrument.price(-1)), (15, instrument.currency), (271, size), (273, time)),
            *((269, "1"), (270, instrument.price(1)), (15, instrument.currency), (271, size), (273, time)),
            *(
                (269, "4"),
                (270, instrument.opening * instrument.tick),
                (15, instrument.currency),
                (273, time),
                (286, "0"),
            ),
        )

    def update(self, damage: Callable[[bytes], bytes] = intact, lost: bool = False) -> int:
        """One incremental refresh of one to three books, received as `Link.receive` says; gives its MsgSeqNum."""
        request_id, instrument = self._moved()
        entries = self._changes(instrument)
        others = [each for each in self.subscribed[request_id] if each is not instrument and self.rng.random() < 0.2]
        for other in others[:2]:
            other.move(self.rng)
            entries += self._changes(other)[:1]
        return self.link.receive(
            "X",
            *((262, request_id), (268, len(entries)), *(field for entry in entries for field in entry)),
            damage=damage,
            lost=lost,
        )

    def _moved(self) -> tuple[str, Instrument]:
        request_id = sorted(self.subscribed)[self.rng.randrange(len(self.subscribed))]
        instruments_of = self.subscribed[request_id]
        instrument = instruments_of[self.rng.randrange(len(instruments_of))]
        instrument.move(self.rng)
        return request_id, instrument

    def _changes(self, instrument: Instrument) -> list[tuple[tuple[int, Value], ...]]:
        """Entries of MDIncGrp: bid and offer change, and at times a trade is new or an old level goes."""
        self._entry_ids += 1
        common = (55, instrument.symbol)
        time = self.link.their_time()[9:]

        def level(kind: str, away: int) -> tuple[tuple[int, Value], ...]:
            size = instrument.lots[self.rng.randrange(len(instrument.lots))]
            return (
                *((279, "1"), (269, kind), (278, f"{instrument.symbol}-{kind}"), common),
                *((270, instrument.price(away)), (15, instrument.currency), (271, size), (273, time)),
            )

        entries = [level("0", -1), level("1", 1)]
        chance = self.rng.random()
        if chance < 0.35:
            tick = "0" if self.rng.random() < 0.5 else "2"
            entries.append(
                (
                    *((279, "0"), (269, "2"), (278, f"T{self._entry_ids:05}"), common),
                    *((270, instrument.price()), (15, instrument.currency), (271, instrument.lots[0])),
                    *((273, time), (274, tick)),
                )
            )
        elif chance < 0.42:
            entries.append(((279, "2"), (269, "0"), (278, f"{instrument.symbol}-0-2"), common))
        return entries

    def publish(self, until: int) -> Script:
        """Updates all day, closer together in the first half hour of trading and near the close."""
        while self.link.agenda.now < until:
            if self.subscribed:
                self.update()
            busy = self.link.agenda.now < clock("08:30") or self.link.agenda.now > clock("15:45")
            yield self.rng.randrange(20 * SECOND, (60 if busy else 220) * SECOND)
