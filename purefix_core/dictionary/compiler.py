"""Writes the compiled form of a dictionary; compiled.py describes its layout and reads it."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable

from purefix_core.dictionary.compiled import BYTE_ORDER, FORMAT, LENGTHS, MAGIC, PREFIX, REQUIRED, Kind
from purefix_core.dictionary.draft import Draft, DraftMember


class _Writer:
    """Collects strings and lists, each string once."""

    def __init__(self) -> None:
        self.pool = array("I")
        self.text = bytearray()
        self.ends = array("I")
        self._numbers: dict[str, int] = {}

    def string(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.ends)
            self.text += text.encode("utf-8", "replace")
            self.ends.append(len(self.text))
        return number

    def list(self, items: Iterable[tuple[int, ...]]) -> int:
        """Write a list and give its place in the pool."""
        rows = list(items)
        place = len(self.pool)
        self.pool.append(len(rows))
        for row in rows:
            self.pool.extend(row)
        return place


def compile_draft(draft: Draft, digest: bytes) -> bytes:
    """The compiled form of a dictionary whose XML file has the SHA-256 `digest`."""
    writer = _Writer()
    places: dict[str, int] = {}

    def members(items: tuple[DraftMember, ...]) -> int:
        return writer.list(
            [
                (item.kind | (REQUIRED if item.required else 0), item.tag, writer.string(item.name), place(item))
                for item in items
            ]
        )

    def place(item: DraftMember) -> int:
        if item.kind is Kind.GROUP:
            return members(item.members)
        if item.kind is Kind.COMPONENT:
            if item.name not in places:
                places[item.name] = members(draft.components[item.name])
            return places[item.name]
        return 0

    tags = array("I", sorted(draft.fields))
    fields = array("I")
    for tag in tags:
        field = draft.fields[tag]
        values = [(writer.string(value), writer.string(meaning)) for value, meaning in field.values.items()]
        fields.extend((writer.string(field.name), writer.string(field.type), writer.list(values)))
        fields.append(field.allows_other_values)
    by_name = sorted(range(len(tags)), key=lambda number: draft.fields[tags[number]].name.casefold())
    messages = array("I")
    for message in draft.messages:
        messages.extend((writer.string(message.msg_type), writer.string(message.name)))
        messages.extend((writer.string(message.category), members(message.members)))
    head = array("I", (writer.string(draft.version), members(draft.header), members(draft.trailer)))
    head.append(
        writer.list(
            (writer.string(issue.severity), issue.line, writer.string(issue.element), writer.string(issue.text))
            for issue in draft.issues
        )
    )
    head.append(writer.list(draft.data_tags.items()))
    sections = (head, tags, fields, array("I", by_name), messages, writer.pool, writer.ends)
    payload = b"".join(
        (
            LENGTHS.pack(*(len(section) for section in sections), len(writer.text)),
            *(section.tobytes() for section in sections),
            writer.text,
        )
    )
    return PREFIX.pack(MAGIC, FORMAT, BYTE_ORDER, digest, len(payload), zlib.crc32(payload)) + payload
