"""What one level of a message holds, in the order in which it is written: what was parsed, with its changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from purefix_core.types.block import Block
from purefix_core.types.layout import Layout
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED

if TYPE_CHECKING:
    from purefix_core.types.fieldset import FieldSet, GroupEntry

_COUNTED = (tags.BODY_LENGTH, tags.CHECK_SUM)
_ENVELOPE = (tags.BEGIN_STRING, *_COUNTED, tags.MSG_TYPE)


class Item(NamedTuple):
    """A field or a group of a level. Exactly one of the last three is not None."""

    tag: int
    """That of the counter where it is a group, 0 for a piece of a parsed message that is not `tag=value`."""
    piece: tuple[int, int] | None = None
    """Where it lies in the bytes that were parsed, the separator behind it included."""
    value: bytes | None = None
    """What was set."""
    entries: list[GroupEntry] | None = None
    """The entries of a group that was set or changed."""


def items(block: Block, layout: Layout) -> list[Item]:
    """Every item of a level in the order of the message; what was added stands where the dictionary has it."""
    changed = {tag: Item(tag, value=value) for tag, value in block.changes.items() if value is not None}
    gone = block.changes.keys() - changed.keys()
    for tag, (entries, _) in block.lists.items():
        if block.is_list_changed(tag):
            changed.pop(tag, None)
            if entries:
                changed[tag] = Item(tag, entries=entries)
            else:
                gone.add(tag)
    found: list[Item] = []
    if block.level is not None:
        for tag, start, end in block.level.pieces():
            if tag in changed:
                found.append(changed.pop(tag))
            elif tag not in gone:
                found.append(Item(tag, piece=(start, end)))
    return _merged(found, list(changed.values()), layout) if changed else found


def _merged(found: list[Item], added: list[Item], layout: Layout) -> list[Item]:
    """Each item of `added` before the first of `found` that stands behind it in the dictionary."""
    waiting = sorted(added, key=lambda item: layout.rank(item.tag))[::-1]
    merged: list[Item] = []
    for item in found:
        rank = layout.ranks.get(item.tag)
        while rank is not None and waiting and layout.rank(waiting[-1].tag) < rank:
            merged.append(waiting.pop())
        merged.append(item)
    return merged + waiting[::-1]


def raw_value(block: Block, item: Item) -> bytes:
    """The value of an item that is no changed group; of a piece that is no field the whole piece."""
    if item.value is not None:
        return item.value
    assert block.level is not None
    assert item.piece is not None
    level, (start, end) = block.level, item.piece
    if level.raw.endswith(level.separator, start, end):
        end -= len(level.separator)
    return level.raw[start if item.tag == MALFORMED else level.raw.index(b"=", start) + 1 : end]


def content(fields: FieldSet) -> tuple[dict[int, object], list[tuple[int, bytes]]]:
    """What makes two of one class equal: the converted values by tag, and the fields that the dictionary does not have.

    Without BodyLength and CheckSum, which follow from the rest.
    """
    return {tag: value for tag, value in _known(fields) if tag not in _COUNTED}, unknown(fields)


def _known(fields: FieldSet) -> Iterator[tuple[int, object]]:
    block = fields._block
    for tag, member in fields.by_tag().items():
        if block.has(tag):
            yield tag, member.read_from(block)


def unknown(fields: FieldSet) -> list[tuple[int, bytes]]:
    """The fields at the level of `fields` that no attribute has, in order.

    These are tags that the dictionary does not have there, and fields behind the first of their tag. None for a
    component, whose level is that of what holds it.
    """
    layout, block = fields.layout(), fields._block
    if layout is None:
        return []
    found: list[tuple[int, bytes]] = []
    seen: set[int] = set()
    for item in items(block, layout):
        if item.tag not in _ENVELOPE and (item.tag in seen or item.tag not in layout.members):
            found.append((item.tag, raw_value(block, item)))
        seen.add(item.tag)
    return found
