"""The index of a log: a column for each indexed field, in segments of fixed size, 40 bytes a message.

Rows are numbered from 0 in file order. Only one thread appends; any thread may read rows that `len(index)` counts.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from purefix_core.wire.separators import SEPARATORS, Separator

SEGMENT_ROWS = 65_536
NO_SEQ_NUM = -1
"""Stands in the MsgSeqNum column for a number that is missing, not a number, or above 2,147,483,647."""

POSS_DUP = 1
BODY_LENGTH_BAD = 2
CHECK_SUM_BAD = 4
TRUNCATED = 8
SEPARATOR_SHIFT = 4
SEPARATOR_MASK = 7 << SEPARATOR_SHIFT
INCOMING = 128
OUTGOING = 256
BROKEN = BODY_LENGTH_BAD | CHECK_SUM_BAD | TRUNCATED

OVERFLOW = 0
"""The code of a value that was not interned, since the file holds too many different ones: read the message."""

MAX_MSG_TYPES = 4_096
MAX_SESSIONS = 262_144
MAX_INTERNED_LENGTH = 64
"""Longer MsgTypes and CompIDs are cut to this many bytes in the index."""


class SessionKey(NamedTuple):
    """What tells one direction of a session from all others: BeginString(8), SenderCompID(49), TargetCompID(56)."""

    begin_string: str
    sender_comp_id: str
    target_comp_id: str

    def reversed(self) -> SessionKey:
        return SessionKey(self.begin_string, self.target_comp_id, self.sender_comp_id)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A byte range that holds text which looks like FIX but is no message, and why."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the index. Times are int64 nanoseconds, NO_TIME where there is none."""

    row: int
    offset: int
    length: int
    msg_type: str
    msg_seq_num: int | None
    sending_time: int
    log_time: int
    """The time that the log itself gives: in whatever zone it was written, and counted from midnight if undated."""
    session: SessionKey
    flags: int

    @property
    def separator(self) -> Separator:
        return SEPARATORS[(self.flags & SEPARATOR_MASK) >> SEPARATOR_SHIFT]


@dataclass(slots=True)
class Segment:
    """Up to SEGMENT_ROWS rows. All columns are of equal length."""

    offset: array[int] = field(default_factory=lambda: array("q"))
    length: array[int] = field(default_factory=lambda: array("i"))
    msg_seq_num: array[int] = field(default_factory=lambda: array("i"))
    sending_time: array[int] = field(default_factory=lambda: array("q"))
    log_time: array[int] = field(default_factory=lambda: array("q"))
    session: array[int] = field(default_factory=lambda: array("I"))
    msg_type: array[int] = field(default_factory=lambda: array("H"))
    flags: array[int] = field(default_factory=lambda: array("H"))

    def __len__(self) -> int:
        return len(self.flags)

    def columns(self) -> tuple[array[int], ...]:
        return (
            self.offset,
            self.length,
            self.msg_seq_num,
            self.sending_time,
            self.log_time,
            self.session,
            self.msg_type,
            self.flags,
        )

    def extend(self, other: Segment, start: int, stop: int) -> None:
        """Append rows start..stop of another segment; `flags`, whose length is this segment's, comes last."""
        for mine, theirs in zip(self.columns(), other.columns(), strict=True):
            mine.extend(theirs[start:stop])

    def cut(self, rows: int) -> None:
        """Drop all rows from `rows` on."""
        for column in reversed(self.columns()):
            del column[rows:]


class LogIndex:
    """All rows of one log, and the text that looked like FIX but is no message."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.msg_types: list[str] = ["?"]
        """MsgType by code; code 0 is OVERFLOW."""
        self.sessions: list[SessionKey] = [SessionKey("?", "?", "?")]
        """Session by code; code 0 is OVERFLOW."""
        self.skipped: list[Skipped] = []
        self._full_counts: dict[int, tuple[Counter[int], Counter[int]]] = {}
        self._counting = threading.Lock()

    def __len__(self) -> int:
        segments = self.segments
        return (len(segments) - 1) * SEGMENT_ROWS + len(segments[-1]) if segments else 0

    def append(self, batch: Segment) -> None:
        """Append all rows of `batch`, filling the last segment before a new one begins."""
        start, end = 0, len(batch)
        while start < end:
            if not self.segments or len(self.segments[-1]) == SEGMENT_ROWS:
                self.segments.append(Segment())
            last = self.segments[-1]
            stop = min(end, start + SEGMENT_ROWS - len(last))
            last.extend(batch, start, stop)
            start = stop

    def cut_from(self, offset: int) -> None:
        """Drop the rows and skipped ranges that begin at byte `offset` or behind it."""
        with self._counting:
            while self.segments and self.segments[-1].offset[0] >= offset:
                self._full_counts.pop(len(self.segments) - 1, None)
                self.segments.pop()
            if self.segments:
                last = self.segments[-1]
                rows = len(last)
                while last.offset[rows - 1] >= offset:
                    rows -= 1
                if rows < len(last):
                    self._full_counts.pop(len(self.segments) - 1, None)
                    last.cut(rows)
        while self.skipped and self.skipped[-1].offset >= offset:
            self.skipped.pop()

    def entry(self, row: int) -> Entry:
        """The row with this number; IndexError if there is none."""
        if row < 0:
            raise IndexError(row)
        number, at = divmod(row, SEGMENT_ROWS)
        segment = self.segments[number]
        seq_num = segment.msg_seq_num[at]
        return Entry(
            row,
            segment.offset[at],
            segment.length[at],
            self.msg_types[segment.msg_type[at]],
            None if seq_num == NO_SEQ_NUM else seq_num,
            segment.sending_time[at],
            segment.log_time[at],
            self.sessions[segment.session[at]],
            segment.flags[at],
        )

    def __iter__(self) -> Iterator[Entry]:
        return (self.entry(row) for row in range(len(self)))

    def row_at_offset(self, offset: int) -> int | None:
        """The row of the message that covers byte `offset`, else of the first behind it; None behind the last."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            number, at = divmod(middle, SEGMENT_ROWS)
            segment = self.segments[number]
            if segment.offset[at] + segment.length[at] <= offset:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) else None

    def end_before(self, row: int) -> int:
        """The offset behind the last message before `row` or the last skipped range before it, whichever is later."""
        offset = self.entry(row).offset if row < len(self) else 2**63
        end = 0
        if row:
            before = self.entry(row - 1)
            end = before.offset + before.length
        at = bisect_left(self.skipped, offset, key=lambda skipped: skipped.offset)
        return max(end, self.skipped[at - 1].offset + self.skipped[at - 1].length) if at else end

    def counts(self) -> tuple[dict[str, int], dict[SessionKey, int]]:
        """How many messages there are of each MsgType and of each session, most frequent MsgType first."""
        types: Counter[int] = Counter()
        sessions: Counter[int] = Counter()
        with self._counting:
            for number, segment in enumerate(self.segments):
                pair = self._full_counts.get(number)
                if pair is None:
                    full = len(segment) == SEGMENT_ROWS
                    pair = (Counter(segment.msg_type), Counter(segment.session))
                    if full:
                        self._full_counts[number] = pair
                types.update(pair[0])
                sessions.update(pair[1])
        by_type: Counter[str] = Counter()
        for code, count in types.most_common():
            by_type[self.msg_types[code]] += count
        by_session: Counter[SessionKey] = Counter()
        for code, count in sorted(sessions.items()):
            by_session[self.sessions[code]] += count
        return dict(by_type), dict(by_session)
