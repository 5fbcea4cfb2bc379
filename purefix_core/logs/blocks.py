"""Reads messages that lie near each other at once, for whoever wants the bytes of very many."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from purefix_core.logs.index import SEGMENT_ROWS
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.reading import Reader
from purefix_core.wire import native
from purefix_core.wire.secrets import SECRET_TAGS, mask_secrets
from purefix_core.wire.tags import RAW_DATA

_SPAN = 1 << 20
"""At most so many bytes are read at once, unless a single message is longer."""
_SPARSE = 16
"""Messages that make up less than such a part of what they span are read in smaller groups."""
_RAW_ROWS = 512
"""To find, mask and join so many messages takes less than a millisecond."""

_SECRET_TAGS = sorted({*SECRET_TAGS, RAW_DATA})
_SIGNS = tuple(re.compile(rb"%d\s*=" % tag) for tag in _SECRET_TAGS)
"""Every field that `secret_fields` takes for a secret has one of these: zeros or blanks may stand before the tag and
blanks behind it. One expression for each tag, since a search for fixed first bytes is twenty times as fast."""
_NEEDLES = [b"%d=" % tag for tag in _SECRET_TAGS] + [b"%c=" % blank for blank in b" \t\n\r\f\v"]
"""Where there is a sign there is one of these."""


class Block(NamedTuple):
    """Some messages in the order that was asked for; of one that was cut off since there are fewer bytes."""

    rows: list[int]
    messages: list[bytes]
    may_hold_secret: bool
    """False where none of them does."""


def may_hold_secret(raw: bytes) -> bool:
    """Whether there can be a credential in one or more messages; False is certain."""
    return any(sign.search(raw) is not None for sign in _SIGNS)


def _block_may_hold_secret(raw: bytes) -> bool:
    """The same, more often True without need, at three times the speed where the native module was built."""
    if native.module is None:
        return may_hold_secret(raw)
    start, length = array("q", [0]).tobytes(), array("i", [len(raw)]).tobytes()
    found: bytes = native.module.find_texts(raw, (0, start, length, b"\0", b"\1"), _NEEDLES)
    return found == b"\1"


def read_blocks(log: LogFile, rows: Iterable[int], at_most: int) -> Iterator[Block]:
    """The messages of `rows`, whatever their order, in blocks of up to `at_most`.

    Raises IndexError if the log has no such row.
    """
    remaining = iter(rows)
    while wanted := list(islice(remaining, at_most)):
        segments = log.rows.segments
        places = [divmod(row, SEGMENT_ROWS) for row in wanted]
        offsets = [segments[number].offset[at] for number, at in places]
        lengths = [segments[number].length[at] for number, at in places]
        yield from _read(log.source.read, wanted, offsets, lengths)


def _read(
    read: Callable[[int, int], bytes], rows: list[int], offsets: list[int], lengths: list[int]
) -> Iterator[Block]:
    """All at once if they lie close together, else each half by itself."""
    ends = [offset + length for offset, length in zip(offsets, lengths, strict=True)]
    base = min(offsets)
    span = max(ends) - base
    if len(rows) > 1 and span > min(_SPAN, _SPARSE * sum(lengths)):
        half = len(rows) // 2
        yield from _read(read, rows[:half], offsets[:half], lengths[:half])
        yield from _read(read, rows[half:], offsets[half:], lengths[half:])
    else:
        raw = read(base, span)
        messages = [raw[start - base : end - base] for start, end in zip(offsets, ends, strict=True)]
        yield Block(rows, messages, _block_may_hold_secret(raw))


def raw_pieces(log: LogFile, rows: Iterable[int], show_secrets: bool = False) -> Iterator[tuple[int, bytes]]:
    """Messages as they stand, each with a line feed behind it, in large pieces: how many, and their bytes.

    Credentials are masked unless `show_secrets`. Raises IndexError if the log has no such row.
    """
    reader = Reader(log)
    for block in read_blocks(log, rows, _RAW_ROWS):
        messages = block.messages
        if block.may_hold_secret and not show_secrets:
            messages = [
                mask_secrets(reader.read(row).message) if may_hold_secret(raw) else raw
                for row, raw in zip(block.rows, messages, strict=True)
            ]
        yield len(messages), b"\n".join((*messages, b""))
