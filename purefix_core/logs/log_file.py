"""A log file: its index, the bytes of its messages, and the dialect that each of its sessions speaks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from purefix_core.logs.index import Batch, Entry, LogIndex, SessionKey, Skipped
from purefix_core.logs.parts import LARGEST_WINDOW, next_window, scan_parts
from purefix_core.logs.prefix import MAX_PREFIX, Prefix, PrefixReader, prefix_start
from purefix_core.logs.scan import LOOK_BEHIND, scan
from purefix_core.logs.sessions import Dialect, LogSessions
from purefix_core.logs.sides import Side
from purefix_core.logs.source import LogError, MemorySource, Source, open_source
from purefix_core.registry.dialects import Dialects
from purefix_core.wire import native
from purefix_core.wire.message import FixMessage

if TYPE_CHECKING:  # decoding costs imports that an index does not need
    from purefix_core.dictionary.decode import DecodedMessage
    from purefix_core.dictionary.definitions import Definitions

__all__ = ["Dialect", "LogError", "LogFile", "Progress", "Side"]

_FIRST_WINDOW = 256 * 1024
"""Small, so that the first rows can be shown at once."""
_WORTH_THREADS = 64 * 1024 * 1024
"""Bytes; less than that one thread scans before others have begun."""
_MAX_THREADS = 4


class Progress(NamedTuple):
    """How far an index has come. `size` is what is known of the file's size, in bytes."""

    bytes_done: int
    size: int
    messages: int


class LogFile:
    """One opened log. Indexing and `extend` belong to one thread at a time; everything else may be called from any."""

    def __init__(self, source: Source, dialects: Dialects, dialect: str | None, own_comp_id: str | None = None) -> None:
        self.source = source
        self.path = source.path
        self.dialects = dialects
        self.rows = LogIndex()
        self.indexed_bytes = 0
        """The file offset up to which the index tells the truth; rows behind `_settled` may still change."""
        self._forced_dialect = dialect
        self._own_comp_id = own_comp_id
        self._sessions = self._new_sessions()
        self._settled = 0
        self._stop: int | None = None
        self._previous_end = 0
        self._scanning = threading.Lock()
        self._prefixes = PrefixReader()

    @classmethod
    def open(
        cls,
        path: str | Path,
        dialects: Dialects | None = None,
        dialect: str | None = None,
        own_comp_id: str | None = None,
    ) -> LogFile:
        """Open a file, a gzip file, a named pipe, or standard input (`-`); nothing is indexed yet.

        `dialects`: the registry to choose dictionaries from, else the packaged standard one. `dialect`: the name of
        the registration to use for every session. `own_comp_id`: the CompID of the side whose log this is, where that
        is known. Raises LogError, also for a dialect that is not registered.
        """
        dialects = dialects or Dialects.standard()
        _check_dialect(dialects, dialect)
        return cls(open_source(path), dialects, dialect, own_comp_id)

    @classmethod
    def from_bytes(cls, data: bytes, dialects: Dialects | None = None, dialect: str | None = None) -> LogFile:
        """A log that is in memory already. Raises LogError for a dialect that is not registered."""
        dialects = dialects or Dialects.standard()
        _check_dialect(dialects, dialect)
        return cls(MemorySource(data), dialects, dialect)

    @classmethod
    def of(cls, source: str | Path | bytes, dialects: Dialects | None = None, dialect: str | None = None) -> LogFile:
        """A path as `open` takes it, or the contents themselves as `from_bytes` does."""
        if isinstance(source, bytes):
            return cls.from_bytes(source, dialects, dialect)
        return cls.open(source, dialects, dialect)

    def close(self) -> None:
        self.source.close()

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes: of the file now, or of what a stream has brought so far."""
        return self.source.size()

    @property
    def end(self) -> int:
        """The offset up to which there is something to index now: the size, unless the log was restricted."""
        return self.size if self._stop is None else min(self.size, self._stop)

    def index(self, threads: int | None = None) -> LogIndex:
        """Index the whole file and return its index.

        `threads`: how many scan at the same time, if the file is large; by default as many as there are processors,
        four at most. Without the native scanner there is only one.
        """
        self.index_progressively(lambda _: None, threads=threads)
        return self.rows

    def index_progressively(
        self,
        on_batch: Callable[[Progress], None],
        cancelled: Callable[[], bool] = lambda: False,
        threads: int | None = None,
    ) -> bool:
        """Index what is not indexed yet, calling `on_batch` after every few megabytes; False if `cancelled`.

        Calling it again goes on where it stopped, and takes in what was appended since. `threads` as for `index`.
        """
        with closing(self.steps(threads)) as steps:
            for progress in steps:
                on_batch(progress)
                if cancelled():
                    return False
        return True

    def entries_while_indexing(self) -> Iterator[Entry]:
        """Every message in file order, indexed as the caller iterates."""
        done = 0
        for progress in self.steps():
            while done < progress.messages:
                yield self.rows.entry(done)
                done += 1

    def steps(self, threads: int | None = None) -> Generator[Progress, None, None]:
        """As `index_progressively`, one batch each time the caller asks for the next step."""
        if self._settled < self.indexed_bytes:
            self._forget_unsettled()
        if threads is None:
            threads = min(os.cpu_count() or 1, _MAX_THREADS)
        if native.module is None:
            threads = 1
        while threads > 1 and self.end - LARGEST_WINDOW - self.indexed_bytes >= _WORTH_THREADS:
            # A window first: so rows can be shown at once, and where parts cannot be told apart this goes on.
            before = self.indexed_bytes
            for progress in self._steps_by_window():
                yield progress
                if self.indexed_bytes > before:
                    break
            yield from self._steps_by_part(threads)
        yield from self._steps_by_window()

    def _steps_by_part(self, threads: int) -> Iterator[Progress]:
        """Index most of what is left on several threads; little or nothing where no part's beginning is found."""
        with self._scanning:
            rows, start, end = self.rows, self.indexed_bytes, self.end - LARGEST_WINDOW
            parts = scan_parts(self.source.read, start, end, self._previous_end, threads)
        with closing(parts):
            for at, batch in parts:
                with self._scanning:
                    if self.rows is not rows or self.indexed_bytes != at:  # the index was begun anew meanwhile
                        return
                    self._append(batch)
                yield Progress(self.indexed_bytes, self.source.size(), len(self.rows))

    def _append(self, batch: Batch) -> None:
        self.rows.append(batch)
        if self._settled == self.indexed_bytes:  # else a batch before this one found what is not settled
            self._settled = batch.settled
        self.indexed_bytes, self._previous_end = batch.resume, batch.previous_end

    def _steps_by_window(self) -> Iterator[Progress]:
        """Index up to the end; nothing where the file has become shorter than what is indexed."""
        want, done = _FIRST_WINDOW, False
        while not done:
            with self._scanning:
                resume = self.indexed_bytes
                complete = self.source.complete
                base = max(0, resume - LOOK_BEHIND)
                window = self.source.read(base, max(0, min(resume + want, self.end) - base))
                at_end = complete and base + len(window) >= self.end
                batch = scan(window, base, resume, base + len(window), self._previous_end, at_end)
                self._append(batch)
                done = at_end and self.indexed_bytes >= base + len(window)
            yield Progress(self.indexed_bytes, self.source.size(), len(self.rows))
            if not complete and len(window) < resume - base + want:
                self.source.wait(0.2)
            else:
                want = next_window(want, self.indexed_bytes - resume)

    def restrict(self, start: int, stop: int | None) -> None:
        """Index nothing but the bytes from `start` to before `stop` (None: to the end, wherever that moves).

        For logs too large to index whole; forgets what was indexed. See `purefix_core.logs.estimate`.
        """
        self.restart()
        self._stop = stop
        self.indexed_bytes = self._settled = start

    def settled_rows(self) -> int:
        """How many rows stay as they are when the file grows."""
        rows = len(self.rows)
        while rows and self.rows.entry(rows - 1).offset >= self._settled:
            rows -= 1
        return rows

    def _forget_unsettled(self) -> None:
        """Drop what the former end of the file decided, to look at it again."""
        self.rows.cut_from(self._settled)
        skipped = self.rows.skipped
        if skipped and skipped[-1].offset + skipped[-1].length > self._settled:
            last = skipped.pop()
            skipped.append(Skipped(last.offset, self._settled - last.offset, last.reason))
        self.indexed_bytes = self._settled
        self._previous_end = self.rows.end_before(len(self.rows))

    def restart(self) -> None:
        """Forget everything, to index the file anew (it was truncated or replaced)."""
        with self._scanning:
            self.rows = LogIndex()
            self._previous_end = 0
            self.indexed_bytes = self._settled = 0
            self._stop = None
            self._sessions = self._new_sessions()

    def _new_sessions(self) -> LogSessions:
        return LogSessions(
            self.rows, self.source.read, self.path.name, self.dialects, self._forced_dialect, self._own_comp_id
        )

    def reopen(self) -> None:
        """Open the file that now has this log's name, and forget the former one. Raises LogError."""
        source = open_source(self.path)
        if not source.in_place:
            source.close()
            raise LogError(f"{self.path}: what now has this name is no plain file and cannot be followed")
        self.source = source  # whoever still reads from the former one keeps it open
        self.restart()

    # -- one message -------------------------------------------------------------------------------------------------

    def row_covering(self, offset: int) -> int:
        """The row of the message that byte `offset` belongs to. Raises LogError, naming the nearest ones."""
        row = self.rows.row_at_offset(offset)
        if row is not None and self.rows.entry(row).offset <= offset:
            return row
        before = (len(self.rows) if row is None else row) - 1
        near = [f"{self.rows.entry(at).offset:,}" for at in (before, row) if at is not None and at >= 0]
        there = f"; the nearest begin at {' and '.join(near)}" if near else ""
        raise LogError(f"{self.path}: no message at offset {offset:,}{there}")

    def read(self, row: int) -> bytes:
        """The bytes of one message; fewer where the file was cut since."""
        entry = self.rows.entry(row)
        return self.source.read(entry.offset, entry.length)

    def message(self, row: int, raw: bytes | None = None) -> FixMessage:
        """One message split into fields, with the data fields of its session's dialect. `raw`: its bytes, where the
        caller has read them already."""
        entry = self.rows.entry(row)
        raw = self.source.read(entry.offset, entry.length) if raw is None else raw
        data_tags = self.dialect_of(entry.session).definitions.data_tags
        return FixMessage.parse(raw, entry.separator, data_tags)

    def prefix(self, row: int) -> Prefix:
        """What the log says before the message."""
        entry = self.rows.entry(row)
        base = max(self.rows.end_before(row), entry.offset - MAX_PREFIX, 0)
        window = self.source.read(base, entry.offset - base)
        return self._prefixes.prefix(window[prefix_start(window, len(window), 0) :])

    def definitions_for(self, message: FixMessage, session: SessionKey) -> Definitions:
        """The definitions to decode one message with: for FIXT, those of its ApplVerID(1128), if it has one."""
        from purefix_core.dictionary.fixt import definitions_for_message

        dialect = self.dialect_of(session)
        return definitions_for_message(message, dialect.definitions, dialect.default_appl_ver_id)

    def decode(self, row: int) -> DecodedMessage:
        """The tree of one message, with findings. Never raises for what the message holds."""
        from purefix_core.dictionary.decode import decode

        message = self.message(row)
        return decode(message, self.definitions_for(message, self.rows.entry(row).session))

    # -- sessions ----------------------------------------------------------------------------------------------------

    def dialect_of(self, session: SessionKey) -> Dialect:
        """The dialect of a session: the registration that matches it best, or the one that `open` was told to use.

        Raises LogError if its dictionary cannot be loaded.
        """
        return self._sessions.dialect_of(session)

    def side_of(self, entry: Entry) -> Side:
        """The conversation of one message, and which way it went in it, known or guessed."""
        return self._sessions.side_of(entry)

    def main_dialect(self) -> Dialect | None:
        """The dialect of most messages; None if there is none, or no dictionary can be loaded."""
        return self._sessions.main_dialect()

    def definitions(self) -> list[Definitions]:
        """The definitions in use, those of most messages first: what names in a filter may refer to.

        Raises LogError if no dictionary can be loaded.
        """
        return self._sessions.definitions()


def _check_dialect(dialects: Dialects, dialect: str | None) -> None:
    if dialect is not None and dialects.get_by_name(dialect) is None:
        known = ", ".join(sorted(registration.name for registration in dialects.get_all_enabled()))
        raise LogError(f"dialect '{dialect}' is not registered; there are: {known}")
