"""The rows of a log that pass a filter: columns first, then as few bytes of the file as possible."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple, TypeAlias

from purefix_core.logs.filter.columns import Verdict, column_test
from purefix_core.logs.filter.needles import Needles, find_messages, needles_of, needles_of_open_rows
from purefix_core.logs.filter.nodes import Node
from purefix_core.logs.filter.predicate import holds
from purefix_core.logs.filter.raw_message import Complications, RawMessage
from purefix_core.logs.index import (
    NO_SEQ_NUM,
    SEGMENT_ROWS,
    SEPARATOR_MASK,
    SEPARATOR_SHIFT,
    LogIndex,
    Segment,
    SessionKey,
)
from purefix_core.wire.separators import SEPARATORS

ReadBytes: TypeAlias = Callable[[int, int], bytes]
"""Takes an offset and a length in bytes; may give fewer, if the file was cut."""

BLOCK = 1 << 20
"""At most so many bytes are read at once, unless a single message is longer."""

STEP = 4 << 20
"""After reading so many bytes at the latest, what was found is handed over."""

_SPARSE = 16
"""Where the messages to be read make up less than this part of a block, each is read alone."""


class Matches(NamedTuple):
    """The rows found since the last batch, ascending; every row before `scanned_to` has been decided."""

    rows: array[int]
    scanned_to: int


def select_rows(
    index: LogIndex, node: Node, data_tags: Mapping[int, int], read: ReadBytes, start: int, stop: int
) -> Iterator[Matches]:
    """The rows from start to stop that pass, in batches of at most SEGMENT_ROWS rows or STEP bytes read."""
    test = column_test(node, index)
    complications = Complications(data_tags)
    while start < stop:
        number, first = divmod(start, SEGMENT_ROWS)
        if number >= len(index.segments):
            return  # the index was cut since
        segment = index.segments[number]
        last = min(SEGMENT_ROWS, first + stop - start, len(segment))
        if last <= first:
            return
        verdict = test(segment, first, last)
        if verdict.possible == verdict.sure:
            chosen = _bytes_of(verdict.sure, last - first)
            yield _batch(start, chosen, 0, len(chosen))
        else:
            needles = needles_of_open_rows(node) if verdict.exact else needles_of(node)
            rows = Segment()
            rows.extend(segment, first, last)
            yield from _decide_by_reading(_Window(index, rows, start, verdict), node, needles, complications, read)
        start += last - first


class _Window(NamedTuple):
    """A copy of some rows, since those of the index may change; `row` is the number of the first in the index."""

    log: LogIndex
    rows: Segment
    row: int
    verdict: Verdict


class _SegmentRow:
    """One row of a segment; what an Entry says of it, but looked up only when asked for."""

    __slots__ = ("_at", "_index", "_segment")

    def __init__(self, index: LogIndex, segment: Segment, at: int) -> None:
        self._index = index
        self._segment = segment
        self._at = at

    @property
    def msg_type(self) -> str:
        return self._index.msg_types[self._segment.msg_type[self._at]]

    @property
    def msg_seq_num(self) -> int | None:
        number = self._segment.msg_seq_num[self._at]
        return None if number == NO_SEQ_NUM else number

    @property
    def sending_time(self) -> int:
        return self._segment.sending_time[self._at]

    @property
    def session(self) -> SessionKey:
        return self._index.sessions[self._segment.session[self._at]]

    @property
    def flags(self) -> int:
        return self._segment.flags[self._at]


def _decide_by_reading(
    window: _Window, node: Node, needles: Needles | None, complications: Complications, read: ReadBytes
) -> Iterator[Matches]:
    index, rows, row, (sure, possible, _) = window
    count = min(map(len, rows.columns()))  # columns differ in length if the index was cut while they were copied
    open_rows = _bytes_of(possible ^ sure, count)
    places = array("I", compress(range(count), open_rows))
    offsets = array("q", compress(rows.offset, open_rows))
    lengths = array("i", compress(rows.length, open_rows))
    chosen = bytearray(_bytes_of(sure, count))
    handed_over = bytes_read = 0
    for block_first, block_last in _blocks(offsets, lengths):
        for at, raw in _messages(offsets, lengths, block_first, block_last, needles, read):
            place = places[at]
            separator = SEPARATORS[(rows.flags[place] & SEPARATOR_MASK) >> SEPARATOR_SHIFT]
            if holds(node, _SegmentRow(index, rows, place), RawMessage(raw, separator, complications)):
                chosen[place] = 1
        bytes_read += sum(lengths[block_first:block_last])
        if bytes_read >= STEP:
            reached = places[block_last - 1] + 1
            yield _batch(row, chosen, handed_over, reached)
            handed_over, bytes_read = reached, 0
    yield _batch(row, chosen, handed_over, count)


def _bytes_of(rows: int, count: int) -> bytes:
    """A set of rows as one byte a row, of the first `count` rows."""
    return rows.to_bytes(SEGMENT_ROWS, "little")[:count]


def _batch(row: int, chosen: bytes | bytearray, start: int, stop: int) -> Matches:
    return Matches(array("I", compress(range(row + start, row + stop), chosen[start:stop])), row + stop)


def _blocks(offsets: Sequence[int], lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of messages, first to last-1, that lie within BLOCK bytes of the file."""
    first, count = 0, len(offsets)
    while first < count:
        last = bisect_left(offsets, offsets[first] + BLOCK, first + 1)
        if last - 1 > first and offsets[last - 1] + lengths[last - 1] > offsets[first] + BLOCK:
            last -= 1
        yield first, last
        first = last


def _messages(
    offsets: Sequence[int], lengths: Sequence[int], first: int, last: int, needles: Needles | None, read: ReadBytes
) -> Iterator[tuple[int, bytes]]:
    """Those of the messages first..last-1 that may pass, with their bytes."""
    base = offsets[first]
    span = offsets[last - 1] + lengths[last - 1] - base
    if sum(lengths[first:last]) * _SPARSE < span:
        for at in range(first, last):
            yield at, read(offsets[at], lengths[at])
        return
    block = read(base, span)
    candidates: Iterable[int] = range(first, last)
    if needles is not None:
        candidates = find_messages(block, base, offsets, lengths, first, last, needles)
    for at in candidates:
        begin = offsets[at] - base
        yield at, block[begin : begin + lengths[at]]
