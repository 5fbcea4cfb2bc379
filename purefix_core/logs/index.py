"""The index of a log: a column for each indexed field, in segments of fixed size, 40 bytes a message.

Rows are numbered from 0 in file order. Only one thread appends; any thread may read rows that `len(index)` counts.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple

from purefix_core.logs.arrays import recoded
from purefix_core.wire import tags
from purefix_core.wire.message import as_text
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
MAX_SKIPPED_RANGES = 100_000
MAX_INTERNED_LENGTH = 64
"""Longer MsgTypes and CompIDs are cut to this many bytes in the index."""


class SessionKey(NamedTuple):
    """What tells one direction of a session from all others: BeginString(8), SenderCompID(49), TargetCompID(56)."""

    begin_string: str
    sender_comp_id: str
    target_comp_id: str

    def reversed(self) -> SessionKey:
        return SessionKey(self.begin_string, self.target_comp_id, self.sender_comp_id)


class Skipped(NamedTuple):
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
        whole = start == 0 and stop == len(other)
        for mine, theirs in zip(self.columns(), other.columns(), strict=True):
            mine.extend(theirs if whole else theirs[start:stop])

    def cut(self, rows: int) -> None:
        """Drop all rows from `rows` on."""
        for column in reversed(self.columns()):
            del column[rows:]


@dataclass(slots=True)
class Batch:
    """What a scan found in one stretch of a log. Offsets are the file's."""

    rows: Segment
    """Its columns `msg_type` and `session` hold positions in the lists of this batch."""
    msg_types: list[bytes]
    msg_type_counts: list[int]
    """How many rows have each of `msg_types`."""
    sessions: list[tuple[bytes, bytes, bytes]]
    """BeginString, SenderCompID, TargetCompID."""
    session_counts: list[int]
    session_first_rows: list[int]
    """The first of the batch's rows, counted from 0, of each of `sessions`."""
    skipped: list[Skipped]
    resume: int
    """Everything before this offset is decided, and the next batch begins here."""
    settled: int
    """Where a scan that did not know the end of the file would have stopped: what begins here or behind may become
    something else when the file grows."""
    previous_end: int
    """The offset behind the last message or skipped range: no prefix reaches back over it."""


class LogIndex:
    """All rows of one log, and the text that looked like FIX but is no message."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.msg_types: list[str] = ["?"]
        """MsgType by code; code 0 is OVERFLOW."""
        self.sessions: list[SessionKey] = [SessionKey("?", "?", "?")]
        """Session by code; code 0 is OVERFLOW."""
        self.skipped: list[Skipped] = []
        self.max_msg_types = MAX_MSG_TYPES
        self.max_sessions = MAX_SESSIONS
        """Values for which no room is left get the code OVERFLOW."""
        self._code_by_msg_type: dict[bytes, int] = {}
        self._code_by_session: dict[tuple[bytes, bytes, bytes], int] = {}
        self._first_code: dict[SessionKey, int] = {}
        """Sessions whose bytes differ may read the same: the first of those codes."""
        self._lock = threading.Lock()
        # By code; guarded by the lock.
        self._msg_type_counts = [0]
        self._session_counts = [0]
        self._first_rows: dict[int, int] = {}
        self._first_logons: dict[int, int] = {}

    def __len__(self) -> int:
        segments = self.segments
        return (len(segments) - 1) * SEGMENT_ROWS + len(segments[-1]) if segments else 0

    def append(self, batch: Batch) -> None:
        """Append what the next stretch of the log holds. The batch is used up: its codes become those of the index."""
        rows = batch.rows
        if rows:
            types = [self._msg_type_code(msg_type) for msg_type in batch.msg_types]
            sessions = [self._session_code(session) for session in batch.sessions]
            rows.msg_type = recoded(rows.msg_type, types)
            rows.session = recoded(rows.session, sessions)
            with self._lock:
                self._count(batch, types, sessions)
            self._append_rows(rows)
        if len(self.skipped) >= MAX_SKIPPED_RANGES:
            del batch.skipped[:-1]  # all that the last one covers
        for skipped in batch.skipped:
            join_skipped(self.skipped, skipped)

    def _msg_type_code(self, msg_type: bytes) -> int:
        code = self._code_by_msg_type.get(msg_type)
        if code is None:
            if len(self.msg_types) > self.max_msg_types:
                return OVERFLOW
            code = self._code_by_msg_type[msg_type] = len(self.msg_types)
            self._msg_type_counts.append(0)
            self.msg_types.append(as_text(msg_type))
        return code

    def _session_code(self, session: tuple[bytes, bytes, bytes]) -> int:
        code = self._code_by_session.get(session)
        if code is None:
            if len(self.sessions) > self.max_sessions:
                return OVERFLOW
            code = self._code_by_session[session] = len(self.sessions)
            key = SessionKey(*(as_text(part) for part in session))
            self._session_counts.append(0)
            self._first_code.setdefault(key, code)
            self.sessions.append(key)
        return code

    def _count(self, batch: Batch, types: Sequence[int], sessions: Sequence[int]) -> None:
        before = len(self)
        for code, count in zip(types, batch.msg_type_counts, strict=True):
            self._msg_type_counts[code] += count
        for code, count, first in zip(sessions, batch.session_counts, batch.session_first_rows, strict=True):
            self._session_counts[code] += count
            self._first_rows.setdefault(code, before + first)
        logon = self._code_by_msg_type.get(tags.LOGON.encode(), OVERFLOW)
        if logon in types and logon != OVERFLOW:
            rows = batch.rows
            for row in compress(range(len(rows)), map(logon.__eq__, rows.msg_type)):
                self._first_logons.setdefault(rows.session[row], before + row)

    def _append_rows(self, rows: Segment) -> None:
        """Fill the last segment before a new one begins."""
        start, end = 0, len(rows)
        while start < end:
            if not self.segments or len(self.segments[-1]) == SEGMENT_ROWS:
                self.segments.append(Segment())
            last = self.segments[-1]
            stop = min(end, start + SEGMENT_ROWS - len(last))
            last.extend(rows, start, stop)
            start = stop

    def cut_from(self, offset: int) -> None:
        """Drop the rows and skipped ranges that begin at byte `offset` or behind it."""
        with self._lock:
            while self.segments and self.segments[-1].offset[-1] >= offset:
                last = self.segments[-1]
                kept = bisect_left(last.offset, offset)
                for code in last.msg_type[kept:]:
                    self._msg_type_counts[code] -= 1
                for code in last.session[kept:]:
                    self._session_counts[code] -= 1
                if kept:
                    last.cut(kept)
                else:
                    self.segments.pop()
            rows = len(self)
            for first_rows in (self._first_rows, self._first_logons):
                for code in [code for code, row in first_rows.items() if row >= rows]:
                    del first_rows[code]
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
        skipped_end = self.skipped[at - 1].offset + self.skipped[at - 1].length if at else 0
        # The last range takes in messages too where there is no room for more ranges.
        return max(end, skipped_end) if skipped_end <= offset else end

    def counts(self) -> tuple[dict[str, int], dict[SessionKey, int]]:
        """How many messages there are of each MsgType and of each session, most frequent MsgType first."""
        with self._lock:
            type_counts, session_counts = self._msg_type_counts.copy(), self._session_counts.copy()
        by_type: dict[str, int] = {}
        for code in sorted(range(len(type_counts)), key=type_counts.__getitem__, reverse=True):
            if type_counts[code]:
                by_type[self.msg_types[code]] = by_type.get(self.msg_types[code], 0) + type_counts[code]
        by_session: dict[SessionKey, int] = {}
        for code, count in enumerate(session_counts):
            if count:
                by_session[self.sessions[code]] = by_session.get(self.sessions[code], 0) + count
        return by_type, by_session

    def first_row(self, session: SessionKey) -> int | None:
        """The first row of a session; None if it has none yet."""
        return self._first_rows.get(self._first_code.get(session, -1))

    def first_logon(self, session: SessionKey) -> int | None:
        """The row of a session's first Logon; None if it has none yet."""
        return self._first_logons.get(self._first_code.get(session, -1))


def join_skipped(ranges: list[Skipped], new: Skipped) -> None:
    """Append a skipped range to those before it.

    One that follows its like at once, or after a line break, is joined to it; so is each for which there is no room.
    """
    if ranges:
        last = ranges[-1]
        gap = new.offset - last.offset - last.length
        if (gap <= 2 and last.reason == new.reason) or len(ranges) >= MAX_SKIPPED_RANGES:
            ranges[-1] = Skipped(last.offset, new.offset + new.length - last.offset, last.reason)
            return
    ranges.append(new)
