"""What every package of typed messages offers, whether generated, written by hand or made at run time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from purefix_core.types.factory import FixMessageFactory
    from purefix_core.types.message import Message
    from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory


class TypeSystemProvider(Protocol):
    """The messages of one dialect as classes (spec: Type Factory Provider).

    A package that a registration names in `assemblyPath` has exactly one class with these methods, which can be called
    without arguments.
    """

    def get_version(self) -> str:
        """The FIX version of the types: FIX.4.4, FIX.5.0SP2."""
        ...

    def create_message_factory(self) -> FixMessageFactory:
        """What parses messages into their classes, and creates them by MsgType(35)."""
        ...

    def create_session_message_factory(self, session_description: SessionDescription) -> SessionMessageFactory:
        """What makes the messages of the session level for the session described."""
        ...

    def get_message_types(self) -> Iterable[type[Message]]:
        """The class of every message."""
        ...

    def get_message_type_by_msg_type(self, msg_type: str) -> type[Message] | None:
        """The class of the message with that MsgType(35), or None."""
        ...


PROVIDER_METHODS = {
    "get_version": 0,
    "create_message_factory": 0,
    "create_session_message_factory": 1,
    "get_message_types": 0,
    "get_message_type_by_msg_type": 1,
}
"""The methods of a TypeSystemProvider, and how many arguments each takes."""
