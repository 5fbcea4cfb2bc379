"""The rows of a log that pass a filter: columns first, then as few bytes of the file as possible."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from purefix_core.logs.arrays import picked, places
from purefix_core.logs.filter.by_block import by_block
from purefix_core.logs.filter.columns import column_test
from purefix_core.logs.filter.needles import needles_of, needles_of_open_rows
from purefix_core.logs.filter.nodes import Node
from purefix_core.logs.filter.one_by_one import one_by_one
from purefix_core.logs.filter.open_rows import Choose, OpenRows, ReadBytes
from purefix_core.logs.filter.raw_message import Complications
from purefix_core.logs.index import SEGMENT_ROWS, LogIndex, Segment
from purefix_core.wire import native

BLOCK = 1 << 20
"""At most so many bytes are read at once, unless a single message is longer."""

STEP = 4 << 20
"""After reading so many bytes at the latest, what was found is handed over."""


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
        count = last - first
        sure = bytearray(_mask_of(verdict.sure, count))
        if verdict.possible == verdict.sure:
            yield Matches(places(sure, start), start + count)
        else:
            open_rows = _open_rows(index, segment, first, _mask_of(verdict.possible ^ verdict.sure, count))
            if verdict.exact and native.module is not None:
                choose = by_block(open_rows, node, data_tags, read)
            else:
                needles = needles_of_open_rows(node) if verdict.exact else needles_of(node)
                choose = one_by_one(open_rows, node, needles, complications, read)
            yield from _decide_by_reading(open_rows, sure, start, choose)
        start += count


def _mask_of(rows: int, count: int) -> bytes:
    """A set of rows as one byte a row, of the first `count` rows."""
    return rows.to_bytes(SEGMENT_ROWS, "little")[:count]


def _open_rows(index: LogIndex, segment: Segment, first: int, is_open: bytes) -> OpenRows:
    columns = [column[first : first + len(is_open)] for column in segment.columns()]
    is_open = is_open[: min(map(len, columns))]  # they differ in length where the index is being cut just now
    return OpenRows(index, Segment(*(picked(column, is_open) for column in columns)), places(is_open, 0))


def _decide_by_reading(open_rows: OpenRows, chosen: bytearray, start: int, choose: Choose) -> Iterator[Matches]:
    """`chosen` is the mask of the rows from `start` on that pass for sure."""
    handed_over = bytes_read = 0
    for first, last in _blocks(open_rows.rows.offset, open_rows.rows.length):
        for at in choose(first, last):
            chosen[open_rows.places[at]] = 1
        bytes_read += min(BLOCK, open_rows.span(first, last)[1])
        if bytes_read >= STEP:
            reached = open_rows.places[last - 1] + 1
            yield Matches(places(chosen[handed_over:reached], start + handed_over), start + reached)
            handed_over, bytes_read = reached, 0
    yield Matches(places(chosen[handed_over:], start + handed_over), start + len(chosen))


def _blocks(offsets: Sequence[int], lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of messages, first to last-1, that lie within BLOCK bytes of the file."""
    first, count = 0, len(offsets)
    while first < count:
        last = bisect_left(offsets, offsets[first] + BLOCK, first + 1)
        if last - 1 > first and offsets[last - 1] + lengths[last - 1] > offsets[first] + BLOCK:
            last -= 1
        yield first, last
        first = last
