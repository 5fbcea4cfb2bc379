"""Answers by tag, cut to what the message has in the dialect of the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import GroupMember, Level
from purefix_core.session.application import UnsupportedMessageType
from purefix_core.session.outgoing import FlatMessage

Values = Mapping[int, "bytes | Sequence[Values]"]
"""By tag the value, or for the counter of a group its entries. An empty value is left out."""


def answer(definitions: Definitions, msg_type: str, values: Values, if_required: Values | None = None) -> FlatMessage:
    """The message with those of the `values` that the dialect defines in it, in the dialect's order.

    `if_required`: what a version demands, such as LastPx(31)=0 of an ExecutionReport before FIX.4.2 that reports no
    fill, and what is left out elsewhere. Raises UnsupportedMessageType where the dialect lacks the message.
    """
    defined = definitions.message(msg_type)
    if defined is None:
        raise UnsupportedMessageType(f"the dialect has no message {msg_type}")
    level = defined.level
    more = {slot.member.tag: (if_required or {}).get(slot.member.tag, b"") for slot in level.required}
    return FlatMessage(msg_type, _fields(level, {**more, **values}))


def _fields(level: Level, values: Values) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    for tag in sorted(values.keys() & level.slots.keys(), key=lambda tag: level.slots[tag].rank):
        value, member = values[tag], level.slots[tag].member
        if isinstance(value, bytes):
            if value:
                found.append((tag, value))
        elif isinstance(member, GroupMember):
            found.append((tag, b"%d" % len(value)))
            for entry in value:
                found += _fields(member.level, entry)
    return found
