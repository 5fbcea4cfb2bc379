"""The base of all typed messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from purefix_core.types.block import Block
from purefix_core.types.content import unknown
from purefix_core.types.declare import Part
from purefix_core.types.encode import encode
from purefix_core.types.fieldset import FieldSet
from purefix_core.types.layout import Layout, build_layout
from purefix_core.types.levels import parse_level
from purefix_core.types.text import message_to_dict
from purefix_core.wire import tags
from purefix_core.wire.message import as_text
from purefix_core.wire.separators import SOH, Separator, separator_for
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

if TYPE_CHECKING:
    from purefix_core.dictionary.json_text import JsonValue


class Message(FieldSet):
    """A message. Its body's members are attributes; those of header and trailer are attributes of `header` and
    `trailer`.

    A parsed message keeps every byte it was parsed from: encoded without changes it is the same again, and after a
    change everything else still is, fields that the dictionary does not have included. What is parsed is not validated.
    """

    __slots__ = ()

    msg_type: ClassVar[str] = ""
    """MsgType(35); empty for the class of messages that the dictionary does not define."""
    message_name: ClassVar[str] = ""
    """What the dictionary calls the message."""
    begin_string: ClassVar[str] = ""
    """BeginString(8) of new messages."""
    data_tags: ClassVar[Mapping[int, int]] = DATA_TAG_BY_LENGTH_TAG
    """For each LENGTH tag the DATA tag that it announces."""

    if TYPE_CHECKING:
        header: Any
        trailer: Any

    def __init__(self, /, **values: object) -> None:
        """A new message of the members given. BodyLength and CheckSum are counted when it is encoded; MsgSeqNum,
        CompIDs and SendingTime are left to the caller."""
        super().__init__(**values)
        changes = self._block.changes
        changes.setdefault(tags.BEGIN_STRING, self.begin_string.encode())
        changes.setdefault(tags.MSG_TYPE, self.msg_type.encode() or None)

    @classmethod
    def parse(cls, raw: bytes, separator: Separator = SOH) -> Self:
        """The message in `raw`, from `8=` to behind CheckSum. Raises ValueError for another MsgType than its own."""
        layout: Layout = cls.__dict__.get("_layout") or cls.layout()
        level = parse_level(raw, separator.text, layout.shape)
        if layout.msg_type and level.value(tags.MSG_TYPE) != layout.msg_type:
            found = as_text(level.value(tags.MSG_TYPE) or b"")[:20]
            raise ValueError(f"MsgType(35) is '{found}', but that of {cls.__name__} is '{cls.msg_type}'")
        return cls.over(Block(level, layout.members))

    def to_bytes(self, separator: Separator | None = None) -> bytes:
        """The message with that separator, else with the one it was parsed with, else with SOH.

        A parsed message without changes gives the very bytes it was parsed from, right or wrong. Any other has
        BodyLength and CheckSum counted anew. Raises TypeError for a list with something that is no entry of its group,
        and ValueError for a value that holds the separator, if that is another than SOH.
        """
        if separator is not None and not isinstance(separator, Separator):
            raise TypeError(f"expected a Separator such as SOH or PIPE, found {separator!r}")
        block, level = self._block, self._block.level
        if level is not None and not block.is_changed() and (separator is None or separator.text == level.separator):
            return level.raw
        return encode(block, self.layout(), self.begin_string, separator or self.separator)

    def to_dict(self, show_secrets: bool = False) -> dict[str, JsonValue]:
        """Plain values, by the names that the dictionary has: `msgType`, `name`, `header`, `body`, `trailer`.

        As on the wire, components leave no trace and a group is a list under the name of its counter. Prices and
        quantities are Decimals, which `json_text` writes with their own digits; times are the text that was sent. A tag
        without a name has its number as key, one that occurs several times a list. Secrets read `***` unless asked for.
        """
        return message_to_dict(self, show_secrets)

    @property
    def separator(self) -> Separator:
        """What stands between the fields in the bytes it was parsed from; SOH for a new message."""
        level = self._block.level
        return SOH if level is None else separator_for(level.separator)

    @property
    def unknown_fields(self) -> list[tuple[int, bytes]]:
        """Tag and value of each field outside groups that the dictionary does not have in this message, in order. Tag 0
        is that of a piece that is no field."""
        return unknown(self)

    @classmethod
    def layout(cls) -> Layout:
        found: Layout | None = cls.__dict__.get("_layout")
        if found is None:
            trailer = cls.members.get("trailer")
            last = trailer.component.by_tag() if isinstance(trailer, Part) else {}
            found = cls._layout = build_layout(cls.by_tag(), last, cls.data_tags, cls.msg_type)
        return found
