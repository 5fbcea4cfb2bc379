"""Asks the messages of open rows one after the other, leaving out those that hold none of a filter's needles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from purefix_core.logs.filter.needles import Needles, find_messages
from purefix_core.logs.filter.nodes import Node
from purefix_core.logs.filter.open_rows import Choose, OpenRows, ReadBytes
from purefix_core.logs.filter.predicate import holds
from purefix_core.logs.filter.raw_message import Complications, RawMessage
from purefix_core.logs.index import NO_SEQ_NUM, SEPARATOR_MASK, SEPARATOR_SHIFT, LogIndex, Segment, SessionKey
from purefix_core.wire.separators import SEPARATORS


def one_by_one(
    open_rows: OpenRows, node: Node, needles: Needles | None, complications: Complications, read: ReadBytes
) -> Choose:
    """Chooses the rows of which the node is true."""
    index, rows = open_rows.index, open_rows.rows

    def choose(first: int, last: int) -> Iterator[int]:
        for at, raw in _messages(open_rows, first, last, needles, read):
            separator = SEPARATORS[(rows.flags[at] & SEPARATOR_MASK) >> SEPARATOR_SHIFT]
            if holds(node, _SegmentRow(index, rows, at), RawMessage(raw, separator, complications)):
                yield at

    return choose


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


def _messages(
    open_rows: OpenRows, first: int, last: int, needles: Needles | None, read: ReadBytes
) -> Iterator[tuple[int, bytes]]:
    """Those of the messages first..last-1 that may pass, with their bytes."""
    offsets, lengths = open_rows.rows.offset, open_rows.rows.length
    if open_rows.are_sparse(first, last):
        for at in range(first, last):
            yield at, read(offsets[at], lengths[at])
        return
    base, length = open_rows.span(first, last)
    block = read(base, length)
    candidates: Iterable[int] = range(first, last)
    if needles is not None:
        candidates = find_messages(block, base, offsets, lengths, first, last, needles)
    for at in candidates:
        begin = offsets[at] - base
        yield at, block[begin : begin + lengths[at]]
