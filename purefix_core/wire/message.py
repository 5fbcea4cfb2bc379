"""A message as a flat list of fields: where each tag's value lies in the bytes. Knows no dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from purefix_core.wire.separators import SOH, Separator
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

MALFORMED = 0
"""The tag of a piece between two separators that is not `number=value`."""

_MAX_TAG_DIGITS = 9


class Field(NamedTuple):
    """One field: its tag and the span of its value in the message's bytes. A MALFORMED piece spans itself whole."""

    tag: int
    start: int
    end: int


@dataclass(frozen=True)
class FixMessage:
    """The bytes of one message, from `8=` to the separator behind its trailer, and its fields in order."""

    raw: bytes
    separator: Separator
    fields: tuple[Field, ...]

    @classmethod
    def parse(
        cls, raw: bytes, separator: Separator = SOH, data_tags: Mapping[int, int] = DATA_TAG_BY_LENGTH_TAG
    ) -> FixMessage:
        """Split `raw` into fields; never raises. `data_tags` maps each LENGTH tag to the DATA tag it announces."""
        return cls(raw, separator, tuple(tokenise(raw, separator, data_tags)))

    @cached_property
    def first(self) -> Mapping[int, Field]:
        """The first occurrence of each tag."""
        found: dict[int, Field] = {}
        for field in self.fields:
            found.setdefault(field.tag, field)
        return found

    def value(self, field: Field) -> bytes:
        return self.raw[field.start : field.end]

    def get(self, tag: int) -> bytes | None:
        """The value of the first occurrence of `tag`, or None."""
        field = self.first.get(tag)
        return None if field is None else self.raw[field.start : field.end]

    def get_all(self, tag: int) -> list[bytes]:
        """The values of every occurrence of `tag`, in order."""
        return [self.raw[field.start : field.end] for field in self.fields if field.tag == tag]

    def text(self, tag: int) -> str:
        """The value of the first occurrence of `tag` as text, or the empty string."""
        value = self.get(tag)
        return "" if value is None else as_text(value)


def as_text(value: bytes) -> str:
    """Bytes of a value as text. UTF-8 where it is valid, else Latin-1, so that every byte stays visible."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def printable(text: str) -> str:
    """`text` with everything that a terminal would obey instead of showing it as `\\xNN` or `\\uNNNN`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" for c in text)


def tokenise(raw: bytes, separator: Separator, data_tags: Mapping[int, int] = DATA_TAG_BY_LENGTH_TAG) -> list[Field]:
    """All fields of `raw` in order.

    A data field takes the number of bytes that the LENGTH field directly before it announces, provided that a
    separator (or the end) follows there; where it does not, the data field ends at the next separator like any other.
    """
    fields: list[Field] = []
    text, width, end = separator.text, len(separator.text), len(raw)
    position, announced_tag, announced_length = 0, MALFORMED, 0
    while position < end:
        equals = raw.find(b"=", position, position + _MAX_TAG_DIGITS + 1)
        tag = int(raw[position:equals]) if equals > position and raw[position:equals].isdigit() else MALFORMED
        start = equals + 1 if tag else position
        stop = -1
        if tag and tag == announced_tag:
            stop = start + announced_length
            if stop != end and not raw.startswith(text, stop):
                stop = -1
        if stop < 0 or stop > end:
            stop = raw.find(text, start)
            if stop < 0:
                stop = end
        fields.append(Field(tag, start, stop))
        announced_tag = data_tags.get(tag, MALFORMED)
        if announced_tag:
            length = raw[start:stop]
            announced_length = int(length) if length.isdigit() and len(length) < 10 else end
        position = stop + width
    return fields
