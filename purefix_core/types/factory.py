"""Parses messages into their classes, and creates them by MsgType."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from purefix_core.types.message import Message
from purefix_core.wire import tags
from purefix_core.wire.message import as_text, tokenise
from purefix_core.wire.separators import SEPARATORS, SOH, Separator

_FIRST_FIELDS = 64
"""MsgType is the third field; it is looked for in so many bytes before the message is taken apart."""


class FixMessageFactory:
    """The messages of one dialect. May be used from any thread.

    What it gives are instances of `Message`. To type checkers they are Any: which fields they have depends on the
    dialect. `isinstance` with a generated class makes them typed.
    """

    def __init__(self, message_type: Callable[[str], type[Message] | None], undefined: type[Message] = Message) -> None:
        """`message_type`: gives the class of a MsgType. `undefined`: that of messages which the dialect lacks."""
        self._message_type = message_type
        self._undefined = undefined
        self._known: dict[bytes, type[Message]] = {}

    def parse(self, raw: bytes, separator: Separator = SOH) -> Any:
        """The message in `raw`, from `8=` to behind CheckSum, as an instance of its class.

        Raises ValueError where there is no MsgType(35). Nothing else is validated.
        """
        if type(raw) is not bytes:
            raise TypeError(f"expected bytes, found {type(raw).__name__}")
        text = separator.text
        start = raw.find(text + b"35=", 0, _FIRST_FIELDS) + len(text) + 3
        end = raw.find(text, start) if start > len(text) + 2 else -1
        found = self._class_of(raw[start:end] if end >= 0 else _msg_type(raw, separator))
        try:
            return found.parse(raw, separator)
        except ValueError:  # what was found stood in another field
            found = self._class_of(_msg_type(raw, separator))
            return (found if found.msg_type.isascii() else self._undefined).parse(raw, separator)

    def _class_of(self, msg_type: bytes) -> type[Message]:
        found = self._known.get(msg_type)
        if found is None:
            found = self._message_type(as_text(msg_type)) or self._undefined
            if found is not self._undefined:
                self._known[msg_type] = found
        return found

    def create(self, msg_type: str, /, **values: object) -> Any:
        """A new message of that MsgType, with the members given.

        Raises ValueError for a MsgType that the dialect lacks, TypeError for a member that the message lacks.
        """
        found = self._message_type(msg_type)
        if found is None:
            raise ValueError(f"MsgType {msg_type[:20]!r} is not defined in this dialect")
        return found(**values)


def _msg_type(raw: bytes, separator: Separator) -> bytes:
    """The MsgType of a message that has it elsewhere. Raises ValueError."""
    for tag, start, end in tokenise(raw, separator):
        if tag == tags.MSG_TYPE:
            return raw[start:end]
    raise ValueError(
        f"no MsgType(35) in a message that begins with {as_text(raw[:20])!r}{_separator_hint(raw, separator)}"
    )


def _separator_hint(raw: bytes, separator: Separator) -> str:
    """What to do if the fields of a message seem to be separated by something else."""
    for other in SEPARATORS:
        if other is not separator and other.text + b"35=" in raw[:_FIRST_FIELDS]:
            return f"; its fields seem to be separated by {other.name}, which can be given as separator"
    return ""
