"""Following a log that someone is writing: what changed since the last look, told as events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from purefix_core.logs.log_file import LogFile
from purefix_core.logs.source import FileSource, LogError

POLL_SECONDS = 0.25
"""The file is looked at this often even if the system reports nothing: network mounts send no events."""

_LIVE_POLL_SECONDS = 0.1
_LIVE_PACE_SECONDS = 0.1
"""Where one is told when the log is written to: it is looked at this often even if one is not told, and not sooner than
that after the look before."""

_FIRST_BYTES = 256


@dataclass(frozen=True, slots=True)
class Appended:
    """Rows from `first_row` on are new, or were completed; the log now has `rows`."""

    first_row: int
    rows: int


@dataclass(frozen=True, slots=True)
class Truncated:
    """The file became shorter or its beginning changed; it was indexed anew from its beginning."""

    size_before: int
    size: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """Another file now has the log's name; it was opened instead, and indexed."""

    rows: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """The log's name is gone. What was read stays on view, and what is still written to it is read."""


@dataclass(frozen=True, slots=True)
class Returned:
    """After it was deleted there is a file of the log's name again; it was opened, and indexed."""

    rows: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is a new file of the log's name, but it cannot be opened; `reason` is one line."""

    reason: str


Change = Appended | Truncated | Rotated | Deleted | Returned | Unreadable


class Follower:
    """Compares a log with what is on disk, and brings its index up to date. Belongs to one thread."""

    def __init__(self, log: LogFile) -> None:
        self.log = log
        self._missing = False
        self._unreadable = False
        self._first = self._first_bytes()

    def look(self) -> list[Change]:
        """What changed since the last look, oldest first. Reads at most what was appended; never raises OSError."""
        log = self.log
        source = log.source
        if not isinstance(source, FileSource):
            return []
        try:
            on_disk = log.path.stat()
        except OSError:
            changes: list[Change] = [] if self._missing else [Deleted()]
            self._missing = True
            return changes + self._grown()
        returned, self._missing = self._missing, False
        if (on_disk.st_dev, on_disk.st_ino) != source.identity():
            return self._grown() + self._reopened(Returned if returned else Rotated)
        size, before = source.size(), log.indexed_bytes
        if size < before or self._first_bytes()[: len(self._first)] != self._first:
            log.restart()
            log.index()
            self._first = self._first_bytes()
            return [Truncated(before, size)]
        if len(self._first) < _FIRST_BYTES:
            self._first = self._first_bytes()
        return self._grown()

    def _grown(self) -> list[Change]:
        if self.log.end <= self.log.indexed_bytes:
            return []
        first_row = self.log.settled_rows()
        self.log.index()
        return [Appended(first_row, len(self.log.rows))]

    def _reopened(self, kind: type[Rotated | Returned]) -> list[Change]:
        try:
            self.log.reopen()
        except LogError as error:
            changes: list[Change] = [] if self._unreadable else [Unreadable(str(error))]
            self._unreadable = True
            return changes
        self._unreadable = False
        self.log.index()
        self._first = self._first_bytes()
        return [kind(len(self.log.rows))]

    def _first_bytes(self) -> bytes:
        return self.log.source.read(0, _FIRST_BYTES)


def follow(log: LogFile, stop: threading.Event, written: threading.Event | None = None) -> Iterator[Change]:
    """The changes of a log as they happen, until `stop` is set. Blocks; runs in the caller's thread.

    `written` is given by who knows when the log is written to, and sets it then: the change is seen at once.
    """
    follower = Follower(log)
    for _ in _wake_ups(log.path, stop) if written is None else _told(written, stop):
        yield from follower.look()


def _told(written: threading.Event, stop: threading.Event) -> Iterator[None]:
    """Returns whenever `written` is set, within the pace, and at least every so often."""
    while not stop.is_set():
        written.wait(_LIVE_POLL_SECONDS)
        written.clear()
        yield
        stop.wait(_LIVE_PACE_SECONDS)


def _wake_ups(path: Path, stop: threading.Event) -> Iterator[None]:
    """Returns whenever something happens in the log's folder, and at least every POLL_SECONDS.

    The folder is watched, since watching the file itself never reports its successor after a rename.
    """
    watch = _watcher()
    if watch is not None:
        try:
            for _ in watch(path.parent, stop):
                yield
                if stop.is_set():
                    return
        except (OSError, RuntimeError):
            pass  # no such folder any more, or no inotify watches left: go on by polling
    while not stop.wait(POLL_SECONDS):
        yield


def _watcher() -> Callable[[Path, threading.Event], Iterator[object]] | None:
    """`watchfiles`, where it is installed: it comes with the program, not with the bare library."""
    try:
        from watchfiles import watch
    except ImportError:
        return None
    return lambda folder, stop: watch(
        folder,
        recursive=False,
        watch_filter=None,
        debounce=100,
        step=20,
        rust_timeout=int(POLL_SECONDS * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
    )
