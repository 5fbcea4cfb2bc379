"""A venue to try sessions against: it takes orders and fills them, at prices that it makes up."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.application import Application, FieldNotFound, IncorrectTagValue, UnsupportedMessageType
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.venue import orders, quotes
from purefix_core.session.venue.answers import answer
from purefix_core.session.venue.orders import Key, Order, OrderBook
from purefix_core.types.message import Message
from purefix_core.wire import tags
from purefix_core.wire.timestamps import utc_timestamp_text

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

_ACCOUNT, _AVG_PX, _CL_ORD_ID, _CUM_QTY, _CURRENCY, _EXEC_ID, _EXEC_INST = 1, 6, 11, 14, 15, 17, 18
_EXEC_TRANS_TYPE, _LAST_PX, _LAST_QTY, _ORDER_ID, _ORDER_QTY, _ORD_STATUS = 20, 31, 32, 37, 38, 39
_ORD_TYPE, _ORIG_CL_ORD_ID, _PRICE, _SIDE, _SYMBOL, _TIME_IN_FORCE, _TRANSACT_TIME = 40, 41, 44, 54, 55, 59, 60
_POSS_RESEND, _STOP_PX, _CXL_REJ_REASON, _ORD_REJ_REASON, _EXEC_TYPE, _LEAVES_QTY = 97, 99, 102, 103, 150, 151
_CXL_REJ_RESPONSE_TO = 434

_TERMS = (_ACCOUNT, _CURRENCY, _EXEC_INST, _ORD_TYPE, _PRICE, _SIDE, _SYMBOL, _TIME_IN_FORCE, _STOP_PX)
"""What an ExecutionReport repeats of an order."""
_LONGEST_TERM = 64
"""Bytes; with the number of orders this bounds what the venue keeps."""

_MARKET, _LIMIT = b"1", b"2"
_BUYS = (b"1", b"3")
_RESTS = b"6"
"""ExecInst(18) `participate, don't initiate`."""
_IN_PARTS_ABOVE = 1000
_MOST_ORDERS = 10_000

_TRADE, _ORDER_STATUS = b"F", b"I"
"""ExecType(150) from FIX.4.3 on."""
_STATUS = b"3"
"""ExecTransType(20), which ended with FIX.4.2."""
_TOO_LATE, _UNKNOWN_ORDER = b"0", b"1"
"""CxlRejReason(102)"""
_BROKER_OPTION, _DUPLICATE_ORDER = b"0", b"6"
"""OrdRejReason(103)"""
_NONE = b"NONE"
"""OrderID(37) of what is not known (FIX specification, OrderCancelReject, OrderStatusRequest)."""

_NUMBER = re.compile(rb"-?\d{1,12}(\.\d{0,9})?")
_MILLISECOND = 1_000_000


class Simulator(Application):
    """Market and limit orders are acknowledged and filled at once, in two parts above 1,000: limit orders at their
    price, others at the offer or bid that the market data shows. Orders of any other type, and those with ExecInst(18)
    `6` (participate, don't initiate), rest until they are cancelled or replaced by one that fills.

    Takes NewOrderSingle (D), OrderCancelRequest (F), OrderCancelReplaceRequest (G), OrderStatusRequest (H) and
    MarketDataRequest (V) in any version that has them, and refuses all else as unsupported. Everything is forgotten
    when the process ends; of more than 10,000 orders the closed ones are forgotten earlier, the oldest first.
    """

    def __init__(self, most_orders: int = _MOST_ORDERS, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock`: nanoseconds UTC."""
        self._book = OrderBook(most_orders)
        self._clock = clock
        self._number = secrets.randbelow(2_000) * 1_000_000
        """The last OrderID or ExecID. Another run is unlikely to begin there; an ExecID of FIX.4.0 is an integer."""
        self._handlers = {
            "D": self._new_order,
            "F": self._cancel,
            "G": self._replace,
            "H": self._tell_status,
            "V": self._market_data,
        }

    def from_app(self, message: Message, session: FixSession) -> None:
        handler = self._handlers.get(message.msg_type)
        if handler is None:
            raise UnsupportedMessageType
        for each in handler(message, str(session.session_id), session.config.definitions):
            session.send(each)

    # -- requests: each gives the answers to it ----------------------------------------------------------------------

    def _new_order(self, message: Message, session: str, definitions: Definitions) -> list[FlatMessage]:
        cl_ord_id = _needed(message, _CL_ORD_ID)
        known = self._book.find((session, cl_ord_id))
        if known is not None and b"Y" in (message.get(tags.POSS_DUP_FLAG), message.get(_POSS_RESEND)):
            return [self._status_report(definitions, known)]
        order = self._order(message, cl_ord_id)
        if known is not None:
            return [self._refusal(definitions, order, _DUPLICATE_ORDER, b"there is an order with this ClOrdID")]
        if self._book.is_full:
            return [self._refusal(definitions, order, _BROKER_OPTION, b"too many orders are open")]
        answers = [self._report(definitions, order, orders.NEW)]
        answers += self._fills(definitions, order)
        self._book.keep((session, cl_ord_id), order)
        return answers

    def _cancel(self, message: Message, session: str, definitions: Definitions) -> list[FlatMessage]:
        key, order = self._named(message, session)
        if order is None or not order.is_open:
            return [self._cancel_reject(definitions, message, order)]
        order.status = orders.CANCELED
        order.cl_ord_id = _needed(message, _CL_ORD_ID)
        self._book.keep(key, order)
        return [self._report(definitions, order, orders.CANCELED, {_ORIG_CL_ORD_ID: key[1]})]

    def _replace(self, message: Message, session: str, definitions: Definitions) -> list[FlatMessage]:
        key, order = self._named(message, session)
        cl_ord_id = _needed(message, _CL_ORD_ID)
        new_key = (session, cl_ord_id)
        if order is None or not order.is_open or self._book.find(new_key) is not None:
            return [self._cancel_reject(definitions, message, order)]
        replaced = self._order(message, cl_ord_id, order.order_id)
        self._book.forget(key)
        answers = [self._report(definitions, replaced, orders.REPLACED, {_ORIG_CL_ORD_ID: key[1]})]
        answers += self._fills(definitions, replaced)
        self._book.keep(new_key, replaced)
        return answers

    def _tell_status(self, message: Message, session: str, definitions: Definitions) -> list[FlatMessage]:
        cl_ord_id = _needed(message, _CL_ORD_ID)
        order = self._book.find((session, cl_ord_id))
        text = b""
        if order is None:
            order = Order(_NONE, cl_ord_id, _terms(message), Decimal(), orders.REJECTED)
            text = b"there is no order with this ClOrdID"
        return [self._status_report(definitions, order, text)]

    def _market_data(self, message: Message, session: str, definitions: Definitions) -> list[FlatMessage]:  # noqa: ARG002
        return quotes.market_data(message, definitions, self._time(definitions))

    # -- orders ------------------------------------------------------------------------------------------------------

    def _named(self, message: Message, session: str) -> tuple[Key, Order | None]:
        key = (session, _needed(message, _ORIG_CL_ORD_ID))
        return key, self._book.find(key)

    def _order(self, message: Message, cl_ord_id: bytes, order_id: bytes = b"") -> Order:
        """The order that a message describes. Raises what refuses the message."""
        terms = _terms(message)
        if terms.get(_ORD_TYPE) == _LIMIT:
            _number(message, _PRICE)
        quantity = _number(message, _ORDER_QTY)
        if quantity <= 0:
            raise IncorrectTagValue(_ORDER_QTY)
        return Order(order_id or self._next_id(), cl_ord_id, terms, quantity)

    def _fills(self, definitions: Definitions, order: Order) -> list[FlatMessage]:
        """Fill the order, unless it rests; the reports of it."""
        order_type = order.terms.get(_ORD_TYPE)
        if order_type not in (_MARKET, _LIMIT) or _RESTS in order.terms.get(_EXEC_INST, b"").split():
            return []
        symbol = order.terms.get(_SYMBOL, b"")
        if order_type == _LIMIT:
            price = Decimal(order.terms[_PRICE].decode())
        else:
            price = quotes.offer(symbol) if order.terms.get(_SIDE) in _BUYS else quotes.bid(symbol)
        reports = []
        while order.is_open:
            left = order.leaves
            part = left if left <= _IN_PARTS_ABOVE or order.filled else Decimal(int(left / 2))
            order.fill(part, price)
            last = {_LAST_QTY: _text(part), _LAST_PX: _text(price)}
            exec_type = _TRADE if _has_trade(definitions) else order.status
            reports.append(self._report(definitions, order, exec_type, last))
        return reports

    # -- answers -----------------------------------------------------------------------------------------------------

    def _report(
        self, definitions: Definitions, order: Order, exec_type: bytes, more: dict[int, bytes] | None = None
    ) -> FlatMessage:
        """An ExecutionReport (8) of the order as it is now. `exec_type`: what happened to it."""
        status = order.status
        if exec_type == orders.REPLACED and not _has_trade(definitions):
            status = orders.REPLACED  # an OrdStatus up to FIX.4.2
        return answer(
            definitions,
            "8",
            {
                **order.terms,
                _ORDER_ID: order.order_id,
                _EXEC_ID: self._next_id(),
                _CL_ORD_ID: order.cl_ord_id,
                _EXEC_TYPE: exec_type,
                _ORD_STATUS: status,
                _ORDER_QTY: _text(order.quantity),
                _CUM_QTY: _text(order.filled),
                _LEAVES_QTY: _text(order.leaves),
                _AVG_PX: _text(order.average_price),
                _TRANSACT_TIME: self._time(definitions),
                **(more or {}),
            },
            if_required={_EXEC_TRANS_TYPE: b"0", _LAST_QTY: b"0", _LAST_PX: b"0"},
        )

    def _status_report(self, definitions: Definitions, order: Order, text: bytes = b"") -> FlatMessage:
        exec_type = _ORDER_STATUS if _has_trade(definitions) else order.status
        return self._report(definitions, order, exec_type, {_EXEC_TRANS_TYPE: _STATUS, tags.TEXT: text})

    def _refusal(self, definitions: Definitions, order: Order, reason: bytes, text: bytes) -> FlatMessage:
        order.status = orders.REJECTED
        reasons = definitions.field(_ORD_REJ_REASON)
        if reasons is None or reason.decode() not in reasons.values:
            reason = b""
        return self._report(definitions, order, orders.REJECTED, {_ORD_REJ_REASON: reason, tags.TEXT: text})

    def _cancel_reject(self, definitions: Definitions, message: Message, order: Order | None) -> FlatMessage:
        """An OrderCancelReject (9) of a request for an order that is not known or not open."""
        if order is None:
            reason, text = _UNKNOWN_ORDER, b"there is no order with this OrigClOrdID"
        elif order.is_open:
            reason, text = _TOO_LATE, b"there is an order with this ClOrdID"
        else:
            reason, text = _TOO_LATE, b"the order is closed"
        return answer(
            definitions,
            "9",
            {
                _ORDER_ID: _NONE if order is None else order.order_id,
                _CL_ORD_ID: _needed(message, _CL_ORD_ID),
                _ORIG_CL_ORD_ID: _needed(message, _ORIG_CL_ORD_ID),
                _ORD_STATUS: orders.REJECTED if order is None else order.status,
                _CXL_REJ_RESPONSE_TO: b"1" if message.msg_type == "F" else b"2",
                _CXL_REJ_REASON: reason,
                _TRANSACT_TIME: self._time(definitions),
                tags.TEXT: text,
            },
        )

    def _next_id(self) -> bytes:
        self._number += 1
        return b"%d" % self._number

    def _time(self, definitions: Definitions) -> bytes:
        """Now, in seconds up to FIX.4.1 and else in milliseconds."""
        if definitions.version in ("FIX.4.0", "FIX.4.1"):
            return utc_timestamp_text(self._clock() // 1_000_000_000 * 1_000_000_000, 0).encode()
        return utc_timestamp_text(self._clock() // _MILLISECOND * _MILLISECOND, 3).encode()


def _has_trade(definitions: Definitions) -> bool:
    """Whether ExecType(150) tells fills as Trade (F), as it does from FIX.4.3 on."""
    exec_type = definitions.field(_EXEC_TYPE)
    return exec_type is not None and _TRADE.decode() in exec_type.values


def _terms(message: Message) -> dict[int, bytes]:
    found = {tag: message.get(tag) or b"" for tag in _TERMS}
    for tag, value in found.items():
        if len(value) > _LONGEST_TERM:
            raise IncorrectTagValue(tag)
    return found


def _needed(message: Message, tag: int) -> bytes:
    """The value of a field that no request lacks. Raises FieldNotFound, and IncorrectTagValue for one too long."""
    value = message.get(tag)
    if not value:
        raise FieldNotFound(tag)
    if len(value) > _LONGEST_TERM:
        raise IncorrectTagValue(tag)
    return value


def _number(message: Message, tag: int) -> Decimal:
    value = _needed(message, tag)
    if not _NUMBER.fullmatch(value):
        raise IncorrectTagValue(tag)
    return Decimal(value.decode())


def _text(number: Decimal) -> bytes:
    """Without an exponent, and without zeros behind the last digit."""
    whole = round(number, 8).normalize()
    return format(whole, "f").encode()
