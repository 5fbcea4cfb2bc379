"""A draft: a message as a person writes it, with expressions in its values, before a session adds what it adds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.session.compose.expressions import ComposeError, Filler, Moment
from purefix_core.session.compose.items import DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.json_form import items_of_json, items_to_json, text_of_json
from purefix_core.session.compose.reading import (
    ADDED_BY_SESSION,
    Pair,
    check_msg_type,
    msg_type_among,
    pairs_of_message,
    pairs_of_text,
    sections,
)
from purefix_core.session.compose.writing import FieldWriter, text_of
from purefix_core.session.outgoing import FlatMessage

__all__ = ["ADDED_BY_SESSION", "Draft", "DraftField", "DraftGroup", "DraftItem"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent. What stands in `header` and `trailer`, even MsgSeqNum(34), BodyLength(9) or CheckSum(10),
    stands in place of what the session would write."""

    msg_type: str
    header: tuple[DraftItem, ...] = ()
    body: tuple[DraftItem, ...] = ()
    trailer: tuple[DraftItem, ...] = ()
    origin: Draft | None = field(default=None, compare=False, repr=False)
    """The whole message that this one was made of, as it stood; None for one that was written from nothing."""

    @classmethod
    def of_message(cls, raw: bytes, definitions: Definitions, *, kept: Collection[int] = ()) -> Draft:
        """A message of a log, to be sent again: without the fields ADDED_BY_SESSION, but those `kept`.

        Any separator of a log will do. Raises ComposeError for what has no MsgType.
        """
        return cls._of_pairs(pairs_of_message(raw, definitions), definitions).as_new(kept)

    @classmethod
    def of_text(cls, text: str, definitions: Definitions) -> Draft:
        """A draft as a person writes it, or a pasted message: fields separated by SOH, `|`, `^A` or `;`, or one a
        line; `35=` anywhere; lines that were wrapped are joined.

        Every field stays, also those that the session would add: `as_new` takes them away. Raises ComposeError.
        """
        return cls._of_pairs(pairs_of_text(text, definitions), definitions)

    @classmethod
    def _of_pairs(cls, pairs: list[Pair], definitions: Definitions) -> Draft:
        msg_type = msg_type_among(pairs)
        found = sections(pairs, definitions, msg_type)
        return cls(msg_type, found.header, found.body, found.trailer)

    @classmethod
    def of_json(cls, value: object) -> Draft:
        """What `to_json` gave. Raises ComposeError that says where what is wrong."""
        if not isinstance(value, Mapping):
            raise ComposeError("expected an object with msgType and body")
        msg_type = check_msg_type(text_of_json(value.get("msgType"), "msgType"))
        header, body, trailer = (items_of_json(value.get(part, []), part) for part in ("header", "body", "trailer"))
        return cls(msg_type, header, body, trailer)

    def to_json(self) -> dict[str, JsonValue]:
        """Plain values; parts without fields are left out."""
        parts = {"header": self.header, "body": self.body, "trailer": self.trailer}
        return {"msgType": self.msg_type, **{part: items_to_json(items) for part, items in parts.items() if items}}

    def to_text(self) -> str:
        """One line with `|` behind each field, which `of_text` gives this draft for. Lengths of data that are counted
        when it is sent are not in it; a `|` in a value is `{byte:7C}`."""
        fields = [f"35={self.msg_type}", *text_of(self.header), *text_of(self.body), *text_of(self.trailer)]
        return "|".join((*fields, ""))

    def as_new(self, kept: Collection[int] = ()) -> Draft:
        """This draft without the fields ADDED_BY_SESSION in header and trailer, but those `kept`. It is the origin of
        what is returned, if anything is left out."""
        left_out = ADDED_BY_SESSION.difference(kept)
        header, trailer = (
            tuple(item for item in part if item.tag not in left_out) for part in (self.header, self.trailer)
        )
        origin = self.origin if (header, trailer) == (self.header, self.trailer) else self
        return replace(self, header=header, trailer=trailer, origin=origin)

    def to_flat(self, definitions: Definitions, moment: Moment, *, as_written: bool = False) -> FlatMessage:
        """The message to be sent: expressions filled in, entries of groups and lengths of data counted, the body in
        the order of the dictionary, or `as_written`. The same Moment gives the same message again.

        A count or a length that the draft has itself stands. Raises ComposeError that names the field.
        """
        writer = FieldWriter(definitions, self.msg_type, Filler(moment))
        message = definitions.message(self.msg_type)
        level = None if message is None or as_written else message.level
        return FlatMessage(
            check_msg_type(self.msg_type),
            body=writer.fields(self.body, level),
            header=writer.fields(self.header, None),
            trailer=writer.fields(self.trailer, None),
        )
