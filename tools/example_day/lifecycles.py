"""The ways in which an order goes through the day. Each is a script."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from example_day.agenda import MINUTE, SECOND, Script, clock
from example_day.market import Instrument
from example_day.orders import BUY, IMMEDIATE_OR_CANCEL, MARKET, Desk, Order

FRACTIONS = (Decimal("0.2"), Decimal("0.25"), Decimal("0.4"), Decimal("0.5"), Decimal("0.8"))
"""Parts of an order that are filled first. Any of them leaves a quantity by which prices divide without a rest."""

CLOSE = clock("16:25")


def enter(desk: Desk, order: Order) -> Script:
    """The order is sent, and the broker takes it."""
    desk.new(order)
    yield desk.rng.randrange(5, 60)
    desk.report(order, "0")


def fill_in_parts(desk: Desk, order: Order, parts: int, pause: int) -> Script:
    """Up to `parts` partial fills, then the rest; what the close of trading cuts short stays open."""
    targets = [int(order.quantity * fraction) for fraction in FRACTIONS if desk.rng.random() < 0.55]
    for target in [*[each for each in targets if each > order.filled][:parts], order.quantity]:
        yield desk.rng.randrange(200, pause)
        if desk.link.agenda.now > CLOSE:
            return
        desk.fill(order, target)


def worked(desk: Desk, instrument: Instrument) -> Script:
    """A limit order that is filled over some minutes."""
    order = desk.make(instrument)
    yield from enter(desk, order)
    yield from fill_in_parts(desk, order, desk.rng.randrange(1, 4), 4 * MINUTE)


def at_market(desk: Desk, instrument: Instrument) -> Script:
    """A market order that is filled at once."""
    order = desk.make(instrument, kind=MARKET, price=instrument.price())
    yield from enter(desk, order)
    yield from fill_in_parts(desk, order, desk.rng.randrange(2), 400)


def immediate(desk: Desk, instrument: Instrument) -> Script:
    """An immediate-or-cancel order, of which the broker cancels what it cannot fill."""
    order = desk.make(instrument, time_in_force=IMMEDIATE_OR_CANCEL)
    yield from enter(desk, order)
    yield desk.rng.randrange(2, 20)
    if desk.rng.random() < 0.6:
        desk.fill(order, order.quantity // 5 * 2)
        yield 1
    desk.cancel(order, text="Unfilled rest of immediate order")


def replaced(desk: Desk, instrument: Instrument) -> Script:
    """A limit order whose price, and sometimes quantity, is changed before it is filled."""
    order = desk.make(instrument)
    yield from enter(desk, order)
    if desk.rng.random() < 0.4:
        yield desk.rng.randrange(5 * SECOND, 2 * MINUTE)
        desk.fill(order, order.quantity // 4)
    yield desk.rng.randrange(10 * SECOND, 3 * MINUTE)
    quantity = order.quantity * (2 if desk.rng.random() < 0.5 else 1)
    new_price = order.price + desk.rng.randrange(1, 6) * instrument.tick
    orig, cl_ord_id = order.cl_ord_id, desk.request_replace(order, quantity, new_price)
    yield desk.rng.randrange(4, 30)
    order.cl_ord_id = cl_ord_id
    desk.report(order, "E", status="E", orig=orig)
    yield desk.rng.randrange(10, 80)
    order.quantity, order.price = quantity, new_price
    desk.report(order, "5", orig=orig)
    yield from fill_in_parts(desk, order, 1, 3 * MINUTE)


def cancelled(desk: Desk, instrument: Instrument) -> Script:
    """A limit order that the desk takes back, sometimes after a partial fill."""
    order = desk.make(instrument)
    yield from enter(desk, order)
    if desk.rng.random() < 0.5:
        yield desk.rng.randrange(5 * SECOND, 3 * MINUTE)
        desk.fill(order, order.quantity // 5)
    yield desk.rng.randrange(20 * SECOND, 4 * MINUTE)
    orig, cl_ord_id = order.cl_ord_id, desk.request_cancel(order)
    yield desk.rng.randrange(4, 30)
    # The pending report bears the cancel request's ClOrdID; the order keeps its own until it is cancelled.
    desk.report(replace(order, cl_ord_id=cl_ord_id), "6", status="6", orig=orig)
    yield desk.rng.randrange(10, 80)
    desk.cancel(order, cl_ord_id)


def cancelled_too_late(desk: Desk, instrument: Instrument) -> Script:
    """The fill and the request to cancel cross on the way."""
    order = desk.make(instrument)
    yield from enter(desk, order)
    yield desk.rng.randrange(20 * SECOND, 4 * MINUTE)
    cl_ord_id = desk.request_cancel(order)
    yield 2
    desk.fill(order, order.quantity)
    yield 12
    desk.reject_cancel(order, cl_ord_id, "1", 0, "Too late to cancel, order is filled")


def replaced_in_vain(desk: Desk, instrument: Instrument) -> Script:
    """The broker does not accept the new limit; the order goes on as it was."""
    order = desk.make(instrument)
    yield from enter(desk, order)
    yield desk.rng.randrange(20 * SECOND, 2 * MINUTE)
    cl_ord_id = desk.request_replace(order, order.quantity, order.price * 2)
    yield 14
    desk.reject_cancel(order, cl_ord_id, "2", 99, "Limit is outside the price band")
    yield from fill_in_parts(desk, order, 1, 3 * MINUTE)


def refused(desk: Desk, order: Order, reason: int, text: str) -> Script:
    """The broker refuses the order (OrdRejReason `reason`)."""
    desk.new(order)
    yield desk.rng.randrange(4, 25)
    desk.reject(order, reason, text)


def left_open(desk: Desk, instrument: Instrument) -> Script:
    """A limit far from the market that nobody meets."""
    order = desk.make(instrument)
    order.price += (-400 if order.side == BUY else 400) * instrument.tick
    yield from enter(desk, order)


def end_the_day(desk: Desk) -> Script:
    """The broker closes what is still open."""
    for order in desk.orders:
        if not order.done:
            order.done = True
            desk.report(order, "3", status="3", text="Done for the day")
            yield desk.rng.randrange(5, 40)
