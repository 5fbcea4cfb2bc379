"""The orders of a simulated venue."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

NEW, PARTIALLY_FILLED, FILLED, CANCELED, REPLACED, REJECTED = b"0", b"1", b"2", b"4", b"5", b"8"
"""OrdStatus(39)"""

Key = tuple[str, bytes]
"""Session and ClOrdID(11)."""


@dataclass(slots=True)
class Order:
    """An order as its last request has it."""

    order_id: bytes
    cl_ord_id: bytes
    terms: dict[int, bytes]
    """What an ExecutionReport repeats of the request, by tag."""
    quantity: Decimal
    status: bytes = NEW
    filled: Decimal = field(default_factory=Decimal)
    paid: Decimal = field(default_factory=Decimal)
    """Quantity times price of all fills."""

    @property
    def is_open(self) -> bool:
        return self.status in (NEW, PARTIALLY_FILLED)

    @property
    def leaves(self) -> Decimal:
        return self.quantity - self.filled if self.is_open else Decimal()

    @property
    def average_price(self) -> Decimal:
        return self.paid / self.filled if self.filled else Decimal()

    def fill(self, quantity: Decimal, price: Decimal) -> None:
        self.filled += quantity
        self.paid += quantity * price
        self.status = FILLED if self.filled == self.quantity else PARTIALLY_FILLED


class OrderBook:
    """Finds orders by session and ClOrdID, so many at most: the closed one that was added first is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[Key, Order] = {}
        self._closed: dict[Key, Order] = {}

    def __len__(self) -> int:
        return len(self._open) + len(self._closed)

    def find(self, key: Key) -> Order | None:
        return self._open.get(key) or self._closed.get(key)

    @property
    def is_full(self) -> bool:
        """Whether so many orders are open that there is no room for another."""
        return len(self._open) >= self._most

    def keep(self, key: Key, order: Order) -> None:
        """Remember the order under that key, and as it is now: open or closed."""
        self._open.pop(key, None)
        self._closed.pop(key, None)
        (self._open if order.is_open else self._closed)[key] = order
        while len(self) > self._most and self._closed:
            del self._closed[next(iter(self._closed))]

    def forget(self, key: Key) -> None:
        self._open.pop(key, None)
        self._closed.pop(key, None)
