"""Writes a message: what was not changed from the bytes it was parsed from, the rest from its new values."""

from __future__ import annotations

from purefix_core.types.block import Block
from purefix_core.types.content import Item, items, raw_value
from purefix_core.types.declare import Group
from purefix_core.types.layout import Layout
from purefix_core.wire import tags
from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.separators import SOH, Separator

_ENVELOPE = (tags.BEGIN_STRING, tags.BODY_LENGTH, tags.CHECK_SUM)


def encode(block: Block, layout: Layout, begin_string: str, separator: Separator) -> bytes:
    """The message in `block`. BodyLength and CheckSum are counted anew.

    Raises ValueError for a value that holds the separator, where that is not SOH, and TypeError for something that is
    no entry in the list of a group.
    """
    begin, pieces = begin_string.encode(), []
    for item in items(block, layout):
        if item.tag == tags.BEGIN_STRING:
            begin = raw_value(block, item)
        if item.tag not in _ENVELOPE:
            pieces.append(_written(block, item, layout, separator.text))
    body = b"".join(pieces)
    text = separator.text
    head = b"8=%b%b9=%d%b" % (begin, text, body_length(body, separator), text)
    return b"%b%b10=%03d%b" % (head, body, check_sum(head + body, separator), text)


def _written(block: Block, item: Item, layout: Layout, separator: bytes) -> bytes:
    if item.entries is not None:
        return _written_group(item.entries, layout.members[item.tag], separator)
    if item.piece is not None and block.level is not None:
        level, (start, end) = block.level, item.piece
        if level.separator == separator:
            piece = level.raw[start:end]
            return piece if piece.endswith(separator) else piece + separator
        member = layout.members.get(item.tag)
        if isinstance(member, Group):
            return _written_group(block.entries(item.tag, member.entry), member, separator)
    value = raw_value(block, item)
    if separator != SOH.text and separator in value:
        raise ValueError(f"tag {item.tag}: the value holds the separator {separator.decode()}")
    return b"%d=%b%b" % (item.tag, value, separator)


def _written_group(entries: object, member: object, separator: bytes) -> bytes:
    assert isinstance(member, Group)
    assert isinstance(entries, list)
    pieces = [b"%d=%d%b" % (member.tag, len(entries), separator)]
    for entry in entries:
        member.check(entry)
        layout = entry.layout()
        pieces += (_written(entry._block, item, layout, separator) for item in items(entry._block, layout))
    return b"".join(pieces)
