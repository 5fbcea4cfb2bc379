"""Shapes and comparisons for the tests of levels, in either implementation."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from purefix_core.dictionary.definitions import GroupMember
from purefix_core.dictionary.members import Slot
from purefix_core.types import levels_reference
from purefix_core.wire import native

NEEDS_NATIVE = pytest.mark.skipif(native.module is None, reason=f"no native module: {native.why_absent}")
BOTH = [pytest.param(levels_reference, id="python"), pytest.param(native.module, id="native", marks=NEEDS_NATIVE)]

PARTIES = ({448, 447, 452, 802}, {802: ({523, 803}, {})})
ORDER = ({8, 35, 11, 55, 58, 10, 453, 78, 90, 91}, {453: PARTIES, 78: ({79, 80, 539, 58}, {539: ({524, 525}, {})})})
"""A shape as tags, and the same for each group: parties with sub-parties, allocations with nested parties."""


def make_shape(levels, description, data_tags=None):
    """The Shape of one implementation for a description as that of ORDER."""
    tags, groups = description
    inner = {counter: make_shape(levels, entry) for counter, entry in groups.items()}
    return levels.Shape(tags, inner, data_tags or {})


def shape_of_slots(levels, slots: Mapping[int, Slot], data_tags: Mapping[int, int]):
    """The Shape for the slots of a dictionary's level."""
    groups = {
        tag: shape_of_slots(levels, slot.member.level.slots, {})
        for tag, slot in slots.items()
        if isinstance(slot.member, GroupMember)
    }
    return levels.Shape(slots, groups, data_tags)


def shape_of_message(levels, definitions, msg_type: str):
    """The Shape of a whole message: header, body and trailer."""
    found = definitions.message(msg_type)
    sections = [definitions.header_level, definitions.trailer_level, *([found.level] if found else [])]
    slots = {tag: slot for level in sections for tag, slot in level.slots.items()}
    return shape_of_slots(levels, slots, definitions.data_tags)


def parse(levels, text: str, description=ORDER, separator: str = "|"):
    """The topmost level of `text`."""
    return levels.parse_level(text.encode("latin-1"), separator.encode(), make_shape(levels, description, {90: 91}))


def outline(level) -> list[object]:
    """The pieces of a level in short: 55 for a field, (453, [[...], [...]]) for the first group of its counter."""
    short: list[object] = []
    opened = set()
    for tag, _, _ in level.pieces():
        entries = [] if tag in opened else level.entries(tag)
        short.append((tag, [outline(entry) for entry in entries]) if entries else tag)
        opened.add(tag)
    return short


def content(level, tags) -> tuple[object, ...]:
    """All that a level tells about `tags`, and its entries too; its pieces are held to be the level."""
    pieces = level.pieces()
    assert b"".join(level.raw[start:end] for _, start, end in pieces) == level.raw[level.start : level.end]
    values = {tag: level.value(tag) for tag in tags}
    entries = {tag: [content(entry, tags) for entry in level.entries(tag)] for tag in tags}
    return level.start, level.end, pieces, values, entries
