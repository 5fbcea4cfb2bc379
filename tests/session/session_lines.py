"""Lines of messages that many tests of the session need, for the bench (session_bench.py)."""

from __future__ import annotations

from typing import Any

from purefix_core.session.application import Application
from purefix_core.session.outgoing import FlatMessage
from tests.session.session_bench import Version

HEARTBEAT = "35=0|34={}|49=PEER|52=<TIME>|56=WE|"
"""A Heartbeat of the peer, to be given its number."""


def order(cl_ord_id: str) -> FlatMessage:
    """A NewOrderSingle to be sent."""
    body = [(11, cl_ord_id), (21, "1"), (38, "100"), (40, "1"), (54, "1"), (55, "AAPL"), (60, "20260105-11:59:00")]
    return FlatMessage("D", [(tag, text.encode()) for tag, text in body])


def order_line(number: int, cl_ord_id: str, *, header: str = "", time: str = "<TIME>") -> str:
    """The same as the line that goes out. `header`: header fields behind 56."""
    body = f"11={cl_ord_id}|21=1|38=100|40=1|54=1|55=AAPL|60=20260105-11:59:00|"
    return f"35=D|34={number}|49=WE|52={time}|56=PEER|{header}{body}"


def order_again(number: int, cl_ord_id: str, original: str) -> str:
    """The same when it is sent again; `original`: its first SendingTime."""
    body = f"11={cl_ord_id}|21=1|38=100|40=1|54=1|55=AAPL|60=20260105-11:59:00|"
    return f"35=D|34={number}|43=Y|49=WE|52=<TIME>|56=PEER|122={original}|{body}"


def gap_fill(number: int, new: int) -> str:
    """The line of a gap fill that we send."""
    return f"35=4|34={number}|43=Y|49=WE|52=<TIME>|56=PEER|122=<TIME>|36={new}|123=Y|"


def incoming_order(version: Version, number: int, cl_ord_id: str = "ID", more: str = "") -> str:
    """A line with an order of the peer, with what its version requires, body by ascending tag. `more`: header fields
    behind 56."""
    handling = "" if version.is_fixt else "21=3|"
    time = "" if version.is_old else "60=<TIME>|"
    body = f"11={cl_ord_id}|{handling}38=100|40=1|54=1|55=INTC|{time}"
    return f"35=D|34={number}|49=PEER|52=<TIME>|56=WE|{more}{body}"


def resend_request(version: Version, number: int, first: int, end: int | None = None) -> str:
    """The line of a ResendRequest that we send; `end`: EndSeqNo, that of the version without it."""
    return f"35=2|34={number}|49=WE|52=<TIME>|56=PEER|7={first}|16={version.open_end if end is None else end}|"


class Receiver(Application):
    """Remembers the ClOrdIDs that came, in order."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.poss_dups: list[str] = []

    def from_app(self, message: Any, session: Any) -> None:
        self.got.append(message.get(11).decode())
        if message.get(43) == b"Y":
            self.poss_dups.append(message.get(11).decode())


class Raising(Application):
    """Raises `error` from a callback, for messages of `msg_type`."""

    def __init__(self, callback: str, error: Exception | None, msg_type: str = "") -> None:
        self.callback, self.error, self.msg_type = callback, error, msg_type
        self.calls: list[str] = []

    def _called(self, callback: str, message: Any = None) -> None:
        self.calls.append(callback if message is None else f"{callback} {message.msg_type}")
        wanted = callback == self.callback and (not self.msg_type or message.msg_type == self.msg_type)
        if wanted and self.error is not None:
            raise self.error

    def on_create(self, session: Any) -> None:
        self._called("on_create")

    def on_logon(self, session: Any) -> None:
        self._called("on_logon")

    def on_logout(self, session: Any) -> None:
        self._called("on_logout")

    def from_app(self, message: Any, session: Any) -> None:
        self._called("from_app", message)

    def from_admin(self, message: Any, session: Any) -> None:
        self._called("from_admin", message)

    def to_app(self, message: Any, session: Any) -> None:
        self._called("to_app", message)

    def to_admin(self, message: Any, session: Any) -> None:
        self._called("to_admin", message)
