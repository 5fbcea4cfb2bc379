"""An order and the messages about it: what the buy side's desk sends and what the broker answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from example_day.link import DATE, Link, Value, intact, stamp
from example_day.market import Instrument

BUY, SELL = "1", "2"
MARKET, LIMIT, PREVIOUSLY_QUOTED = "1", "2", "D"
DAY, IMMEDIATE_OR_CANCEL = "0", "3"


@dataclass
class Order:
    """The state of one order; `value` is the sum of price times quantity over its fills."""

    cl_ord_id: str
    order_id: str
    instrument: Instrument
    side: str
    quantity: int
    price: Decimal
    account: str
    kind: str = LIMIT
    time_in_force: str = DAY
    quote_id: str = ""
    filled: int = 0
    value: Decimal = Decimal(0)
    done: bool = False

    @property
    def average(self) -> Decimal:
        """Exact: scripts fill to quantities that have no prime factors but 2 and 5."""
        return plain(self.value / self.filled) if self.filled else Decimal(0)

    @property
    def status(self) -> str:
        """OrdStatus of a working order: new, partially filled or filled."""
        return "0" if not self.filled else "1" if self.filled < self.quantity else "2"


def plain(number: Decimal) -> Decimal:
    """Without trailing zeros, and never in the form 1E+2."""
    number = number.normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


class Desk:
    """Both ends of the order flow over one connection, with their counters and all orders of the day."""

    def __init__(self, link: Link, rng: Random) -> None:
        self.link = link
        self.rng = rng
        self.orders: list[Order] = []
        self._cl_ord_ids = 0
        self._exec_ids = 0

    def now(self) -> str:
        return stamp(self.link.agenda.now)

    def next_cl_ord_id(self) -> str:
        self._cl_ord_ids += 1
        return f"BS{DATE[4:]}-{self._cl_ord_ids:05}"

    def next_exec_id(self) -> str:
        self._exec_ids += 1
        return f"E{DATE[4:]}{self._exec_ids:06}"

    def make(self, instrument: Instrument, **details: Any) -> Order:
        """An order of random side, quantity and limit near the market, but for what `details` say."""
        side = BUY if self.rng.random() < 0.55 else SELL
        away = self.rng.randrange(-2, 4) * (1 if side == BUY else -1)
        order = Order(
            self.next_cl_ord_id(),
            f"BR{DATE[2:]}{len(self.orders) + 1:05}",
            instrument,
            side,
            instrument.lots[self.rng.randrange(len(instrument.lots))],
            instrument.price(away),
            ("FUND-ALPHA", "FUND-BETA", "PENSION-7")[self.rng.randrange(3)],
        )
        order = replace(order, **details)
        self.orders.append(order)
        return order

    # What the buy side sends

    def new(self, order: Order) -> int:
        """NewOrderSingle; gives its MsgSeqNum."""
        return self.link.send(
            "D",
            (11, order.cl_ord_id),
            *self._parties(order),
            *(((1, order.account),) if order.account else ()),
            *((21, "1"), *order.instrument.block(), (54, order.side), (60, self.now()), (38, order.quantity)),
            *((40, order.kind), *self._price(order), (15, order.instrument.currency)),
            *(((117, order.quote_id),) if order.quote_id else ()),
            (59, order.time_in_force),
        )

    def _parties(self, order: Order) -> tuple[tuple[int, Value], ...]:
        """Who is behind the order: named for the larger ones, with the trader's desk as a sub-party."""
        if order.quantity not in order.instrument.lots[-2:]:
            return ()
        trader = ("jsmith", "mmeier", "alefevre")[order.quantity % 3]
        return (
            *((453, 2), (448, order.account), (447, "D"), (452, 3)),
            *((448, trader), (447, "D"), (452, 11), (802, 1), (523, "EMEA-CASH"), (803, 1)),
        )

    def _price(self, order: Order) -> tuple[tuple[int, Value], ...]:
        return () if order.kind == MARKET else ((44, order.price),)

    def request_cancel(self, order: Order) -> str:
        """OrderCancelRequest; gives its own ClOrdID."""
        cl_ord_id = self.next_cl_ord_id()
        self.link.send(
            "F",
            *((41, order.cl_ord_id), (37, order.order_id), (11, cl_ord_id), (1, order.account)),
            *(*order.instrument.block(), (54, order.side), (60, self.now()), (38, order.quantity)),
        )
        return cl_ord_id

    def request_replace(self, order: Order, quantity: int, price: Decimal) -> str:
        """OrderCancelReplaceRequest; gives its own ClOrdID."""
        cl_ord_id = self.next_cl_ord_id()
        self.link.send(
            "G",
            *((37, order.order_id), (41, order.cl_ord_id), (11, cl_ord_id), (1, order.account), (21, "1")),
            *(*order.instrument.block(), (54, order.side), (60, self.now()), (38, quantity), (40, order.kind)),
            *((44, price), (15, order.instrument.currency), (59, order.time_in_force)),
        )
        return cl_ord_id

    # What the broker answers

    def report(
        self,
        order: Order,
        exec_type: str,
        *,
        status: str = "",
        orig: str = "",
        trade: tuple[int, Decimal] | None = None,
        text: str = "",
        reason: int | None = None,
        damage: Callable[[bytes], bytes] = intact,
        lost: bool = False,
    ) -> int:
        """ExecutionReport on the order as it now stands; gives its MsgSeqNum."""
        leaves = 0 if order.done else order.quantity - order.filled
        contra = ((382, 1), (375, "MAKER-3"), (437, trade[0])) if trade and 1000 <= trade[0] < 10000 else ()
        return self.link.receive(
            "8",
            *((37, order.order_id), (11, order.cl_ord_id), *(((41, orig),) if orig else ()), *contra),
            *((17, self.next_exec_id()), (150, exec_type), (39, status or order.status)),
            *(((103, reason),) if reason is not None else ()),
            *(((1, order.account),) if order.account else ()),
            *(*order.instrument.block(), (54, order.side), (38, order.quantity), (40, order.kind)),
            *(*self._price(order), (15, order.instrument.currency), (59, order.time_in_force)),
            *(((32, trade[0]), (31, trade[1]), (30, order.instrument.exchange or "XOFF")) if trade else ()),
            *((151, leaves), (14, order.filled), (6, order.average), (60, self.link.their_time())),
            *(((58, text),) if text else ()),
            damage=damage,
            lost=lost,
        )

    def fill(
        self,
        order: Order,
        up_to: int,
        price: Decimal | None = None,
        damage: Callable[[bytes], bytes] = intact,
        lost: bool = False,
    ) -> int:
        """Fill the order up to a cumulative quantity, at its own price or better; gives the report's MsgSeqNum."""
        if price is None:
            better = -self.rng.randrange(3) if order.side == BUY else self.rng.randrange(3)
            price = order.price + better * order.instrument.tick
        quantity = up_to - order.filled
        order.filled, order.value = up_to, order.value + quantity * price
        order.done = up_to == order.quantity
        return self.report(order, "F", trade=(quantity, price), damage=damage, lost=lost)

    def reject(self, order: Order, reason: int, text: str) -> None:
        order.done = True
        self.report(order, "8", status="8", reason=reason, text=text)

    def cancel(self, order: Order, cl_ord_id: str = "", text: str = "") -> None:
        """The order is cancelled: on request of `cl_ord_id`, else by the broker itself."""
        orig, order.cl_ord_id = (order.cl_ord_id if cl_ord_id else ""), cl_ord_id or order.cl_ord_id
        order.done = True
        self.report(order, "4", status="4", orig=orig, text=text)

    def reject_cancel(self, order: Order, cl_ord_id: str, response_to: str, reason: int, text: str) -> None:
        self.link.receive(
            "9",
            *((37, order.order_id), (11, cl_ord_id), (41, order.cl_ord_id), (39, order.status), (1, order.account)),
            *((60, self.link.their_time()), (434, response_to), (102, reason), (58, text)),
        )
