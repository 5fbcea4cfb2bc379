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


def changed_fields(block: Block, layout: Layout) -> dict[int, tuple[tuple[int, bytes], ...]]:
    """The fields that are written for each tag that was set: none where it was taken away.

    A data field has its length directly before it, where alone a reader takes it for one. What a length was set to
    counts for nothing as long as there is the data.
    """
    found: dict[int, tuple[tuple[int, bytes], ...]] = {}
    for tag, value in block.changes.items():
        data_tag, length_tag = layout.data_tags.get(tag), layout.length_tags.get(tag)
        if data_tag is not None and block.value(data_tag) is not None:
            continue
        found[tag] = () if value is None else ((tag, value),)
        if length_tag is not None:
            found[length_tag] = ()
            if value is not None:
                found[tag] = ((length_tag, b"%d" % len(value)), (tag, value))
    return found


def items(block: Block, layout: Layout) -> list[Item]:
    """Every item of a level in the order of the message; what was added stands where the dictionary has it."""
    new = {
        tag: [Item(each, value=value) for each, value in fields]
        for tag, fields in changed_fields(block, layout).items()
    }
    for tag, (entries, _) in block.lists.items():
        if block.is_list_changed(tag):
            new[tag] = [Item(tag, entries=entries)] if entries else []
    found: list[Item] = []
    if block.level is not None:
        for tag, start, end in block.level.pieces():
            if not new.get(tag, True):
                continue  # every field of a tag that was taken away
            found += new.pop(tag, (Item(tag, piece=(start, end)),))
    added = sorted(((layout.rank(tag), each) for tag, each in new.items() if each), key=lambda pair: pair[0])
    return _merged(found, added, layout) if added else found


def _merged(found: list[Item], added: list[tuple[int, list[Item]]], layout: Layout) -> list[Item]:
    """What was added, each with its rank, before the first of `found` that stands behind it in the dictionary."""
    waiting = added[::-1]
    merged: list[Item] = []
    for item in found:
        rank = layout.ranks.get(item.tag)
        while rank is not None and waiting and waiting[-1][0] < rank:
            merged += waiting.pop()[1]
        merged.append(item)
    for _, each in reversed(waiting):
        merged += each
    return merged


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
        if item.tag not in tags.ENVELOPE and (item.tag in seen or item.tag not in layout.members):
            found.append((item.tag, raw_value(block, item)))
        seen.add(item.tag)
    return found
