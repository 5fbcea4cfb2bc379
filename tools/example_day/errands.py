"""The rarer business of the day: quotes, news, allocations, and requests that the broker turns down."""

from __future__ import annotations

from example_day.agenda import SECOND, Script
from example_day.lifecycles import enter
from example_day.link import DATE, Value, stamp
from example_day.market import Instrument
from example_day.orders import BUY, DAY, PREVIOUSLY_QUOTED, Desk, Order, plain


def ask_for_quote(desk: Desk, instrument: Instrument, number: int, trade: bool) -> Script:
    """A QuoteRequest, its Quote, and an order on it if `trade`."""
    link, size = desk.link, instrument.lots[-1]
    request_id, quote_id = f"RFQ-{number:03}", f"Q{DATE[4:]}{number:04}"
    link.send("R", (131, request_id), (146, 1), *instrument.block(), (38, size), (15, instrument.currency))
    yield desk.rng.randrange(150, 900)
    link.receive(
        "S",
        *((131, request_id), (117, quote_id), (537, 1), *instrument.block(), (15, instrument.currency)),
        *((132, instrument.price(-3)), (133, instrument.price(3)), (134, size), (135, size)),
        *((62, stamp(link.agenda.now + 10 * SECOND)), (60, link.their_time())),
    )
    if trade:
        yield desk.rng.randrange(800, 6000)
        price = instrument.price(3)
        order = desk.make(
            instrument,
            side=BUY,
            kind=PREVIOUSLY_QUOTED,
            quantity=size,
            price=price,
            quote_id=quote_id,
            time_in_force=DAY,
        )
        yield from enter(desk, order)
        yield 5
        desk.fill(order, size, price)


def refuse_quote(desk: Desk, symbol: str) -> Script:
    desk.link.send("R", (131, "RFQ-900"), (146, 1), (55, symbol), (38, 100000))
    yield 90
    desk.link.receive("AG", (131, "RFQ-900"), (658, 1), (146, 1), (55, symbol), (58, f"No market in {symbol}"))


def news(desk: Desk) -> Script:
    """A research note whose RawData(96) is a small table with SOH between its cells."""
    table = "\x01".join(
        [
            "symbol",
            "55=SAP",
            "rating",
            "BUY",
            "target",
            "44=275.00",
            "symbol",
            "55=SIE",
            "rating",
            "HOLD",
            "target",
            "44=225.00",
        ]
    ).encode()
    desk.link.receive(
        "B",
        *((42, desk.link.their_time()), (61, "0"), (148, "European software: morning note")),
        *((33, 2), (58, "SAP: target raised from 262 to 275"), (58, "SIE: unchanged ahead of results")),
        *((95, len(table)), (96, table)),
    )
    yield 0


def ask_for_all_orders(desk: Desk) -> Script:
    """OrderMassStatusRequest, which this broker does not serve: BusinessMessageReject."""
    seq_num = desk.link.send("AF", (584, "MASS-1"), (585, 7))
    yield 18
    desk.link.receive(
        "j", (45, seq_num), (372, "AF"), (379, "MASS-1"), (380, 3), (58, "OrderMassStatusRequest is not supported")
    )


def order_without_account(desk: Desk, order: Order) -> Script:
    """Good by the standard, but this broker demands an Account(1): session Reject, and the order sent anew."""
    account, order.account = order.account, ""
    seq_num = desk.new(order)
    yield 7
    desk.link.receive("3", (45, seq_num), (371, 1), (372, "D"), (373, 1), (58, "Required tag missing: Account(1)"))
    yield 40 * SECOND
    order.account, order.cl_ord_id = account, desk.next_cl_ord_id()
    yield from enter(desk, order)
    yield 15 * SECOND
    desk.fill(order, order.quantity)


def cancel_unknown(desk: Desk, instrument: Instrument) -> Script:
    """A cancel request for an order that the broker has never seen."""
    cl_ord_id = desk.next_cl_ord_id()
    unknown = "BS0310-00412"
    block = instrument.block()
    desk.link.send("F", (41, unknown), (11, cl_ord_id), *block, (54, BUY), (60, desk.now()), (38, 500))
    yield 9
    desk.link.receive(
        "9",
        *((37, "NONE"), (11, cl_ord_id), (41, unknown), (39, "8"), (60, desk.link.their_time())),
        *((434, "1"), (102, 1), (58, "Unknown order")),
    )


def allocate(desk: Desk, number: int) -> Script:
    """Spread the largest filled order that is not yet allocated over three accounts."""
    filled = [order for order in desk.orders if order.done and order.filled == order.quantity and order.instrument.isin]
    filled.sort(key=lambda order: (-order.quantity, order.order_id))
    order = filled[number - 1]
    allocation_id = f"AL{DATE[4:]}-{number}"
    shares: list[tuple[tuple[int, Value], ...]] = []
    for account, tenths in (("FUND-ALPHA", 5), ("FUND-BETA", 3), ("PENSION-7", 2)):
        quantity = order.quantity * tenths // 10
        shares.append(((79, account), (80, quantity), (467, f"{allocation_id}-{account}"), (153, order.average)))
    desk.link.send(
        "J",
        *((70, allocation_id), (71, "0"), (626, 1), (857, 1)),
        *((73, 1), (11, order.cl_ord_id), (37, order.order_id), (38, order.quantity), (799, order.average)),
        *((54, order.side), *order.instrument.block(), (53, order.quantity), (6, order.average)),
        *((15, order.instrument.currency), (453, 1), (448, "BUYSIDE"), (447, "D"), (452, 13)),
        *(
            (75, DATE),
            (60, desk.now()),
            (381, plain(order.value)),
            (78, len(shares)),
            *(f for share in shares for f in share),
        ),
    )
    yield desk.rng.randrange(40, 200)
    for status in (3, 0):
        desk.link.receive("P", (70, allocation_id), (75, DATE), (60, desk.link.their_time()), (87, status))
        yield desk.rng.randrange(900, 4000)
