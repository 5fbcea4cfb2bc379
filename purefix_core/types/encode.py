"""Writes a message: what was not changed from the bytes it was parsed from, the rest from its new values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.types.block import Block
from purefix_core.types.content import Item, changed_fields, items, raw_value
from purefix_core.types.declare import Group
from purefix_core.types.layout import Layout
from purefix_core.types.levels import parse_level
from purefix_core.wire import tags
from purefix_core.wire.checksum import sealed
from purefix_core.wire.message import MALFORMED
from purefix_core.wire.separators import SOH, Separator

if TYPE_CHECKING:
    from purefix_core.types.fieldset import GroupEntry

_MAX_DIGITS = 9
_WITHOUT_ENVELOPE: dict[int, bytes | None] = dict.fromkeys((tags.BEGIN_STRING, tags.BODY_LENGTH, tags.CHECK_SUM))
_WITHOUT_NOTHING: dict[int, bytes | None] = {}


def encode(block: Block, layout: Layout, begin_string: str, separator: Separator) -> bytes:
    """The message in `block`. BodyLength and CheckSum are counted anew.

    Raises ValueError for a message without MsgType, for entries of a group that a reader could not tell apart and for a
    value that holds the separator, where that is not SOH; TypeError for something that is no entry in a group's list.
    """
    text = separator.text
    begin = block.value(tags.BEGIN_STRING) or begin_string.encode()
    if block.value(tags.MSG_TYPE) is None:
        raise ValueError("a message needs its MsgType(35)")
    body = _level(block, layout, text, _WITHOUT_ENVELOPE)
    return sealed(begin, body, separator, _digits(block))


def _digits(block: Block) -> int:
    """How many digits BodyLength has at least: those it was parsed with, where zeros lead them."""
    said = None if block.level is None else block.level.value(tags.BODY_LENGTH)
    return min(len(said), _MAX_DIGITS) if said and said.startswith(b"0") else 1


def _level(block: Block, layout: Layout, separator: bytes, left_out: dict[int, bytes | None]) -> bytes:
    """One level, without the tags that are `left_out`."""
    level = block.level
    if level is not None and level.separator == separator:
        if not left_out and not block.is_changed():
            own = level.raw[level.start : level.end]
            return own if own.endswith(separator) else own + separator
        spliced = level.spliced(_changes(block, layout, separator) | left_out)
        if spliced is not None:
            return spliced  # nothing was added, so that the order is that of the message
    elif level is None:
        pieces = _changes(block, layout, separator) | left_out
        return b"".join([pieces[tag] or b"" for tag in sorted(pieces, key=layout.rank)])
    written = (_written(block, item, layout, separator) for item in items(block, layout) if item.tag not in left_out)
    return b"".join(written)


def _changes(block: Block, layout: Layout, separator: bytes) -> dict[int, bytes | None]:
    """Every change of a level as what is written for its tag; None for nothing."""
    written: dict[int, bytes | None]
    if layout.tied_tags.isdisjoint(block.changes):  # nearly always
        written = {
            tag: None if value is None else _field(tag, value, separator) for tag, value in block.changes.items()
        }
    else:
        written = {
            tag: b"".join(_field(each, value, separator) for each, value in fields) or None
            for tag, fields in changed_fields(block, layout).items()
        }
    for tag, (entries, _) in block.lists.items():
        if block.is_list_changed(tag):
            written[tag] = _changed_group(tag, entries, layout, separator) if entries else None
    return written


def _field(tag: int, value: bytes, separator: bytes) -> bytes:
    if separator != SOH.text and separator in value:
        raise ValueError(f"tag {tag}: the value holds the separator {separator.decode()}")
    return b"%d=%b%b" % (tag, value, separator)


def _group(tag: int, count: bytes, entries: list[GroupEntry], layout: Layout, separator: bytes) -> bytes:
    member = layout.members[tag]
    assert isinstance(member, Group)
    pieces = [_field(tag, count, separator)]
    for number, entry in enumerate(entries, start=1):
        member.check(entry)
        pieces.append(_level(entry._block, entry.layout(), separator, _WITHOUT_NOTHING))
        if not pieces[-1]:
            raise ValueError(f"{member.name}({tag}): entry {number} has no field")
    return b"".join(pieces)


def _changed_group(tag: int, entries: list[GroupEntry], layout: Layout, separator: bytes) -> bytes:
    """A group that a reader will find the same entries in. Raises ValueError where that cannot be."""
    written = _group(tag, b"%d" % len(entries), entries, layout, separator)
    read = len(parse_level(written, separator, layout.group_shapes[tag]).entries(tag))
    if read != len(entries):
        text = f"{layout.members[tag].name}({tag}): {len(entries)} entries would be read as {read}"
        raise ValueError(f"{text}; each must begin with the same field")
    return written


def _written(block: Block, item: Item, layout: Layout, separator: bytes) -> bytes:
    if item.entries is not None:
        return _changed_group(item.tag, item.entries, layout, separator)
    value = raw_value(block, item)
    if item.piece is not None and block.level is not None:
        level, (start, end) = block.level, item.piece
        if level.separator == separator:
            piece = level.raw[start:end]
            return piece if piece.endswith(separator) else piece + separator
        if item.tag == MALFORMED:
            return value + separator
        member = layout.members.get(item.tag)
        if isinstance(member, Group):
            return _group(item.tag, block.level.value(item.tag) or b"", block.entries(member), layout, separator)
    return _field(item.tag, value, separator)
