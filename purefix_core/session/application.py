"""The application side of a session: what it is told, and how it can refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class DoNotSend(Exception):
    """Raised by `to_app`: the message is not sent and uses no number; on a resend it is gap-filled."""


class RejectLogon(Exception):
    """Raised by `from_admin` for a Logon, or by `on_logon`: the peer gets a Logout with the text of the exception, and
    the connection ends. `from_app` may raise it too; the message then does not count as received."""


class FieldNotFound(Exception):
    """Raised by `from_app`, `from_admin`: BusinessMessageReject, conditionally required field missing (380=5); for a
    session message, and before FIX.4.2, Reject, required tag missing (373=1)."""

    def __init__(self, tag: int) -> None:
        super().__init__(f"tag {tag} is missing")
        self.tag = tag


class IncorrectDataFormat(Exception):
    """Raised by `from_app`, `from_admin`: Reject, incorrect data format for value (373=6)."""

    def __init__(self, tag: int) -> None:
        super().__init__(f"tag {tag} has the wrong format")
        self.tag = tag


class IncorrectTagValue(Exception):
    """Raised by `from_app`, `from_admin`: Reject, value is incorrect (373=5)."""

    def __init__(self, tag: int) -> None:
        super().__init__(f"tag {tag} has a value that it may not have")
        self.tag = tag


class UnsupportedMessageType(Exception):
    """Raised by `from_app`: BusinessMessageReject, unsupported message type (380=3); Reject before FIX.4.2."""


class Application:
    """Subclass it and override what matters; a method that is not overridden costs nothing.

    Messages are instances of the dialect's classes (`purefix_core.types.Message`). All methods are called by the thread
    that drives the session and hold it up as long as they take. `session.send` may be called in any of them. Any other
    exception than those named is told in the event log and changes nothing: the message counts as received, or is sent.
    """

    def on_create(self, session: FixSession) -> None:
        """The session was made; nothing is connected yet."""

    def on_logon(self, session: FixSession) -> None:
        """Both sides have logged on. May raise RejectLogon."""

    def on_logout(self, session: FixSession) -> None:
        """The session was logged on and is not any more, with or without a Logout."""

    def to_admin(self, message: Any, session: FixSession) -> None:
        """A session message is about to be sent; fields may be added to it."""

    def from_admin(self, message: Any, session: FixSession) -> None:
        """A session message came. May raise RejectLogon, FieldNotFound, IncorrectDataFormat, IncorrectTagValue."""

    def to_app(self, message: Any, session: FixSession) -> None:
        """An application message is about to be sent, or sent again (43=Y); it may be changed. May raise DoNotSend."""

    def from_app(self, message: Any, session: FixSession) -> None:
        """An application message came, in sequence. May raise FieldNotFound, IncorrectDataFormat, IncorrectTagValue,
        UnsupportedMessageType. It counts as received when this has returned; a process that ends before gets it again,
        with PossDupFlag(43)=Y."""


def overrides(application: Application, callback: str) -> bool:
    """Whether an application wants to hear of something: a message is parsed for it only then."""
    return getattr(type(application), callback) is not getattr(Application, callback)
