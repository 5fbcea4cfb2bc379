"""What the screen knows of one store: read in a worker, then shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from purefix_core.store.backups import BackupSet
from purefix_core.store.changing import refuse_edit
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.health import Health, look_at
from purefix_core.store.located import LocatedStore, backups_of, open_store, unreadable_numbers
from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.resend_ranges import GapFillRanges

FileStamp = tuple[int, int, int] | None
"""Inode, size and time of the last change; None for a file that is not there."""
Stamp = tuple[FileStamp, ...]
"""Of each file of a store."""


class OpenStore:
    """A store that workers read, and that the app closes: it is closed when nobody reads it any more."""

    def __init__(self, store: LocatedStore) -> None:
        self._store = store
        self._mutex = Lock()
        self._readers = 0
        self._is_dropped = self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[LocatedStore | None]:
        """The store; None where it was dropped already."""
        with self._mutex:
            store = None if self._is_dropped else self._store
            self._readers += 1
        try:
            yield store
        finally:
            self._leave(-1)

    def drop(self) -> None:
        """Close it as soon as nobody reads it."""
        with self._mutex:
            if self._is_dropped:
                return
            self._is_dropped = True
        self._leave(0)

    def _leave(self, readers: int) -> None:
        with self._mutex:
            self._readers += readers
            ends = self._is_dropped and not self._readers and not self._is_closed
            self._is_closed = self._is_closed or ends
        if ends:
            self._store.close()


@dataclass(frozen=True, slots=True)
class StoreReading:
    """One store as it was when it was read."""

    location: StoreLocation
    stamp: Stamp
    health: Health
    opened: OpenStore | None
    """None where it cannot be opened. Whoever drops the reading drops it."""
    problem: str = ""
    """Why it cannot be opened."""
    unreadable: tuple[str, str] = ("", "")
    """Why the number out, and the one in, is not what a file says."""
    session: FixSessionState | None = None
    refused: str = ""
    """Why it cannot be changed; "" where it can."""
    ranges: GapFillRanges | None = None
    """What is not to be resent; None in a layout that has no such list, or where it cannot be read."""
    backups: tuple[BackupSet, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it has our own layout."""
        return self.location.layout == PUREFIX

    @property
    def next_out(self) -> int | None:
        """None where it cannot be read."""
        return None if self.session is None or self.unreadable[0] else self.session.last_sent_seq_num + 1

    @property
    def next_in(self) -> int | None:
        """None where it cannot be read."""
        return None if self.session is None or self.unreadable[1] else self.session.last_received_seq_num + 1

    def close(self) -> None:
        if self.opened is not None:
            self.opened.drop()


def read(location: StoreLocation) -> StoreReading:
    """Read a store. Never raises: what is wrong with it is said. Opening one of a million messages takes 0.2 s."""
    stamp = stamp_of(location)
    health = look_at(location)
    store: LocatedStore | None = None
    problem, refused = "", ""
    unreadable = "", ""
    session: FixSessionState | None = None
    try:
        store = open_store(location)
        session, unreadable = store.session, unreadable_numbers(store)
    except (StoreError, OSError) as error:
        problem = _text(error)
    try:
        refuse_edit(location)
    except (StoreError, OSError) as error:
        refused = _text(error)
    ranges: GapFillRanges | None = None
    backups: tuple[BackupSet, ...] = ()
    with suppress(StoreError, OSError):  # a resend.json that cannot be read is part of the health already
        if location.layout == PUREFIX:
            ranges = GapFillRanges.load(location.path / RESEND_NAME)
    with suppress(OSError):
        backups = tuple(backups_of(location))
    opened = None if store is None else OpenStore(store)
    return StoreReading(location, stamp, health, opened, problem, unreadable, session, refused, ranges, backups)


def stamp_of(location: StoreLocation) -> Stamp:
    """What tells that a file has changed; it costs a system call a file."""
    return tuple(stamp_of_file(path) for path in location.paths)


def stamp_of_file(path: Path) -> FileStamp:
    """That of one file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def messages_path(location: StoreLocation) -> Path:
    """The file that the messages stand in."""
    return location.path / DATA_NAME if location.files is None else location.files.body


def _text(error: StoreError | OSError) -> str:
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
