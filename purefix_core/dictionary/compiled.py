"""The compiled form of a dictionary: one block of bytes that is read piece by piece, where and when it is needed.

Layout, all numbers uint32 in the machine's byte order:

    magic, format, byte-order mark, sha256 of the XML, length and CRC-32 of what follows,
    the length of each of the sections below, in words (the last one in bytes), then the sections themselves:
    HEAD          version, header, trailer, then the places in the pool of the issues and the LENGTH/DATA pairs
    TAGS          the tag of each field, ascending
    FIELDS        for each field: name, type, place of its values in the pool, 1 if other values are allowed
    FIELD_NAMES   the field numbers (places in TAGS), in the order of their folded names
    MESSAGES      for each message: MsgType, name, category, place of its members
    POOL          lists, each a count and then its items:
                  values (value, meaning), members (kind and required flag, tag, name, place of its members),
                  issues (severity, line, element, text), LENGTH/DATA pairs
    STRINGS       where each string ends in TEXT; strings are named by their place here
    TEXT          the strings, UTF-8

A reader of another format or byte order, a wrong checksum or another source file all mean: compile again.
"""

from __future__ import annotations

import struct
import sys
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cached_property
from types import MappingProxyType

from purefix_core.dictionary.definitions import DictionaryIssue, FieldDef
from purefix_core.dictionary.members import (
    ComponentMember,
    FieldMember,
    GroupMember,
    Level,
    Member,
    MessageDef,
    build_level,
)

FORMAT = 1
"""Counts up whenever this layout, the XML reader or a standard dictionary changes what a compiled form holds."""

MAGIC = b"PUREFIXD"
BYTE_ORDER = 0x01020304
PREFIX = struct.Struct("=8sII32sII")
SECTIONS = 8
LENGTHS = struct.Struct(f"={SECTIONS}I")
_WORD = 4
REQUIRED = 0x100
"""Added to the kind of a member that is required."""
_FIELD_WORDS = 4
_MESSAGE_WORDS = 4
_MEMBER_WORDS = 4


class Kind(IntEnum):
    """What a member is."""

    FIELD = 0
    COMPONENT = 1
    GROUP = 2


class CompiledDictionary:
    """Reads a compiled form; keeps what it has read. Implements `DictionarySource`."""

    def __init__(self, content: bytes, digest: bytes) -> None:
        """ValueError if `content` is not a whole compiled form of the XML file with that SHA-256."""
        if len(content) < PREFIX.size + LENGTHS.size:
            raise ValueError("too short")
        magic, version, byte_order, source, length, crc = PREFIX.unpack_from(content)
        if (magic, version, byte_order, source) != (MAGIC, FORMAT, BYTE_ORDER, digest):
            raise ValueError("another format or another source")
        payload = memoryview(content)[PREFIX.size :]
        if len(payload) != length or zlib.crc32(payload) != crc:
            raise ValueError("damaged")
        *words, _ = LENGTHS.unpack_from(payload)
        sections: list[memoryview[int]] = []
        start = LENGTHS.size
        for count in words:
            sections.append(payload[start : start + count * _WORD].cast("I"))
            start += count * _WORD
        self._head, self._tags, self._fields, self._by_name, self._messages, self._pool, self._ends = sections
        self._text = payload[start:]
        self._field_defs: dict[int, FieldDef] = {}
        self._members: dict[int, tuple[Member, ...]] = {}
        self._levels: dict[int, Level] = {}

    def _string(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return sys.intern(str(self._text[start : self._ends[number]], "utf-8"))

    def _list(self, place: int, width: int) -> Iterator[memoryview[int]]:
        start = place + 1
        for row in range(self._pool[place]):
            yield self._pool[start + row * width : start + (row + 1) * width]

    def _pairs(self, place: int) -> Iterator[tuple[int, int]]:
        return ((first, second) for first, second in self._list(place, 2))

    @property
    def version(self) -> str:
        return self._string(self._head[0])

    @property
    def header_position(self) -> int:
        return self._head[1]

    @property
    def trailer_position(self) -> int:
        return self._head[2]

    @cached_property
    def issues(self) -> tuple[DictionaryIssue, ...]:
        return tuple(
            DictionaryIssue(self._string(severity), line, self._string(element), self._string(text))
            for severity, line, element, text in self._list(self._head[3], 4)
        )

    @cached_property
    def data_tags(self) -> Mapping[int, int]:
        """The dialect's own pairs of LENGTH and DATA tags."""
        return MappingProxyType(dict(self._pairs(self._head[4])))

    @property
    def tags(self) -> Iterator[int]:
        return iter(self._tags)

    def field(self, tag: int) -> FieldDef | None:
        found = self._field_defs.get(tag)
        if found is None:
            number = bisect_left(self._tags, tag)
            if number == len(self._tags) or self._tags[number] != tag:
                return None
            name, kind, values, others = self._fields[number * _FIELD_WORDS : (number + 1) * _FIELD_WORDS]
            found = self._field_defs[tag] = FieldDef(
                tag,
                self._string(name),
                self._string(kind),
                {self._string(value): self._string(meaning) for value, meaning in self._pairs(values)},
                others != 0,
            )
        return found

    def tag_named(self, name: str) -> int | None:
        """The tag of the field with that name, whatever its case; the lowest where several have it."""
        wanted = name.casefold()
        place = bisect_left(self._by_name, wanted, key=lambda number: self._field_name(number).casefold())
        if place < len(self._by_name) and self._field_name(self._by_name[place]).casefold() == wanted:
            return self._tags[self._by_name[place]]
        return None

    def _field_name(self, number: int) -> str:
        return self._string(self._fields[number * _FIELD_WORDS])

    @cached_property
    def message_names(self) -> Mapping[str, str]:
        return MappingProxyType({code: self._string(row[1]) for code, row in self._message_rows.items()})

    @cached_property
    def _message_rows(self) -> dict[str, memoryview[int]]:
        starts = range(0, len(self._messages), _MESSAGE_WORDS)
        rows = (self._messages[start : start + _MESSAGE_WORDS] for start in starts)
        return {self._string(row[0]): row for row in rows}

    def message(self, msg_type: str) -> MessageDef | None:
        row = self._message_rows.get(msg_type)
        if row is None:
            return None
        return MessageDef(self._string(row[0]), self._string(row[1]), self._string(row[2]), self, row[3])

    def members(self, position: int) -> tuple[Member, ...]:
        found = self._members.get(position)
        if found is None:
            found = self._members[position] = tuple(map(self._member, self._list(position, _MEMBER_WORDS)))
        return found

    def _member(self, row: memoryview[int]) -> Member:
        flags, tag, name, place = row
        required = bool(flags & REQUIRED)
        if flags & 0xFF == Kind.GROUP:
            return GroupMember(tag, self._string(name), required, self, place)
        if flags & 0xFF == Kind.COMPONENT:
            return ComponentMember(self._string(name), required, self, place)
        return FieldMember(tag, self._string(name), required)

    def level(self, position: int) -> Level:
        found = self._levels.get(position)
        if found is None:
            found = self._levels[position] = build_level(self.members(position))
        return found
