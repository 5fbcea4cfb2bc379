"""Files that a log is appended to by whole lines, and what there is to say of them: that one cannot be written, that it
can be again, that somebody has taken it away."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from purefix_core.session.events import Level, Note
from purefix_core.session.status import NotLogged
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text

_MOST_OPEN = 256
"""Files: with many sessions those that were not written to for longest are closed, and opened again when needed."""
_LOOK_AGAIN = 5_000_000
"""Nanoseconds: to look with every message of a busy session would cost as much as writing it. What a file that is
taken away gets within them is lost with it."""
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW

GOES_ON = "the session goes on without it"
"""How a line ends that says that a log cannot be written."""


class OpenFiles:
    """The descriptors of all log files of an engine."""

    def __init__(self, most: int = _MOST_OPEN) -> None:
        self._most = most
        self._descriptors: OrderedDict[Path, int] = OrderedDict()

    def append(self, path: Path, data: bytes) -> int:
        """How many bytes were written. Raises OSError."""
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = self._descriptors[path] = os.open(path, _FLAGS, 0o666)
            if len(self._descriptors) > self._most:
                os.close(self._descriptors.popitem(last=False)[1])
        else:
            self._descriptors.move_to_end(path)
        return os.write(descriptor, data)

    def identity(self, path: Path) -> tuple[int, int] | None:
        """Which file it is that is open; None where none is."""
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            return None
        found = os.fstat(descriptor)
        return found.st_dev, found.st_ino

    def close(self, path: Path) -> None:
        descriptor = self._descriptors.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)

    def close_all(self) -> None:
        for path in list(self._descriptors):
            self.close(path)


class LineFile:
    """One file. It is opened when something is first written."""

    def __init__(self, path: Path, files: OpenFiles) -> None:
        self.failing: NotLogged | None = None
        """Why nothing is written at present. It is tried again with each write."""
        self._path = path
        self._files = files
        self._identity: tuple[int, int] | None = None
        """Of the file that was written to."""
        self._looked_at = 0
        """When it was last seen that it still has its name."""
        self._lost = 0
        """Lines, since the last write that went well."""
        self._is_torn = False

    def write(self, lines: Sequence[bytes], moment: int) -> tuple[int, list[Note]]:
        """How many of the lines are in the file now, and what there is to say. `moment`: nanoseconds UTC."""
        notes = self._renewed(moment)
        before = self._before(moment)
        whole = before + b"".join(lines)
        done, reason = self._append(whole)
        if not reason:
            self._is_torn = False
            return len(lines), notes + self._resumed(moment)
        if done:
            self._is_torn = not whole[:done].endswith(b"\n")
        kept = _whole_lines(lines, done - len(before))
        if self.failing is None:
            self.failing = NotLogged(moment, self._path, reason)
            notes.append(Note(moment, f"{self._path}: cannot be written: {reason}; {GOES_ON}", Level.ERROR))
        self._lost += len(lines) - kept
        return kept, notes

    def close(self) -> None:
        self._files.close(self._path)

    def _append(self, data: bytes) -> tuple[int, str]:
        """How many bytes were written, and why not all of them."""
        done = 0
        try:
            while done < len(data):
                done += self._files.append(self._path, data[done:] if done else data)
            if self._identity is None:
                self._identity = self._files.identity(self._path)
        except OSError as error:
            self._files.close(self._path)  # it may have been moved, or its disk taken away
            return done, error.strerror or str(error)
        return done, ""

    def _renewed(self, moment: int) -> list[Note]:
        """See that what is written does not go into a file that has no name any more, where nobody would find it."""
        if self._identity is None or abs(moment - self._looked_at) < _LOOK_AGAIN:
            return []
        self._looked_at = moment
        try:
            found = self._path.stat()
            if (found.st_dev, found.st_ino) == self._identity:
                return []
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError:
            return []  # to write it says why
        self._files.close(self._path)
        self._identity = None
        text = f"somebody removed, renamed or replaced a log: what comes now is in a new file, {self._path}"
        return [Note(moment, text, Level.WARNING)]

    def _before(self, moment: int) -> bytes:
        """What has to stand before the next line, where not all has been written."""
        end = b"\n" if self._is_torn else b""
        if not self._lost or self.failing is None:
            return end
        since, now = (utc_timestamp_text(each // NANOS * NANOS, 0) for each in (self.failing.since, moment))
        missing = f"{self._lost:,} lines are missing here, since {since}: {self.failing.reason}"
        text = f"{now}.{moment % NANOS:09} : {missing}"
        return end + text.encode("utf-8", "replace") + b"\n"

    def _resumed(self, moment: int) -> list[Note]:
        if self.failing is None:
            return []
        lost, self._lost, self.failing = self._lost, 0, None
        return [Note(moment, f"a log is written again, {lost:,} lines are missing in it: {self._path}")]


def _whole_lines(lines: Sequence[bytes], size: int) -> int:
    """How many of them are in the first `size` bytes."""
    for count, line in enumerate(lines):
        size -= len(line)
        if size < 0:
            return count
    return len(lines)
