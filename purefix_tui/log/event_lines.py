"""What happened besides the messages of a log, and before which message each of it belongs."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from purefix_core.logs.index import LogIndex
from purefix_core.logs.log_file import LogFile
from purefix_core.session.events import Level

_MOST = 100_000
_NO_NUMBERS = array("q")


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event. `time`: nanoseconds UTC; `offset`: the size of the message log when it happened."""

    time: int
    text: str
    level: Level
    offset: int


class EventLines:
    """The newest events, in the order in which they were added. Belongs to the app's thread.

    An event stands before the first message that was written after it. Where that is, is known when the index has come
    to the event's offset; until then the event waits.
    """

    def __init__(self, log: LogFile, most: int = _MOST) -> None:
        self.hidden = False
        self.dropped = 0
        """How many of the oldest were dropped; the first one that is kept has this number."""
        self._log = log
        self._most = most
        self._lines: list[EventLine] = []
        self._index: LogIndex = log.rows
        self._offsets = array("q")
        """For each line; they never fall."""
        self._before = array("q")
        """For each line that waits no more: the number of the message that it stands before."""

    @property
    def before(self) -> Sequence[int]:
        """Before which message each event stands that is to be shown; they never fall."""
        return _NO_NUMBERS if self.hidden else self._before

    def line(self, at: int) -> EventLine:
        """The event that `before` has at that place."""
        return self._lines[at]

    def add(self, lines: Sequence[EventLine]) -> None:
        """Keep more events; `place` says where they belong. An offset behind the end of the log counts as its end."""
        self._notice_new_index()
        size = self._log.size
        last = self._offsets[-1] if self._offsets else 0
        for line in lines:
            last = max(last, min(line.offset, size))
            self._offsets.append(last)
        self._lines.extend(lines)
        surplus = len(self._lines) - self._most
        if surplus > 0:
            self.dropped += surplus
            del self._lines[:surplus], self._offsets[:surplus], self._before[:surplus]

    def place(self, first: int | None = None) -> None:
        """Find out where the events belong that wait; and again for those before the message `first` or a later one,
        which are new messages. Where the log was begun anew, what happened until then stands before its messages."""
        indexed = self._log.indexed_bytes  # before the rows are looked at, which another thread may append to
        self._notice_new_index()
        rows = self._index
        if first is not None:
            del self._before[bisect_left(self._before, first) :]
        at, end = len(self._before), bisect_right(self._offsets, indexed)
        while at < end:
            try:
                number = rows.row_at_offset(self._offsets[at])
                # As many as have no message between them are placed at once.
                stop = end if number is None else bisect_right(self._offsets, rows.entry(number).offset, at + 1, end)
            except IndexError:  # the end of the log is being indexed anew, and then this is called again
                return
            self._before.extend([len(rows) if number is None else number] * (stop - at))
            at = stop

    def _notice_new_index(self) -> None:
        """Where the log was begun anew all events happened before it."""
        if self._log.rows is not self._index:
            self._index = self._log.rows
            self._offsets = array("q", bytes(8 * len(self._offsets)))
            self._before = array("q")
