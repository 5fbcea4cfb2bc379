"""Whether the path of a file that is open still names that file: somebody may rename, remove or replace it."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from purefix_core.store.regular import identity

_SECOND = 1_000_000_000
_TICK = _SECOND // 10
"""More than any clock of a file system needs for its next tick, unless it has only seconds."""
_LONGEST_TICK = 5 * _SECOND // 2
"""FAT counts in two seconds."""
_JUST_NOW = _SECOND // 1000

Names = tuple[int, int, int, int]
"""What changes with any name in a folder, and with the folder: its identity, and when a name in it and it itself was
changed, in nanoseconds."""


class NamedFile:
    """Asked for each message, so it looks at the folder, which nothing is written to. `stat` of a file costs what that
    costs, and makes the next write to it, too, two microseconds slower: Linux then has to give it a time of its own."""

    def __init__(self, path: Path) -> None:
        self._path, self._folder = str(path), str(path.parent)
        self._identity = (0, 0)
        self._known: Names | None = None
        self._names: Names | None = None
        self._looked = 0

    def opened(self, descriptor: int) -> None:
        """This is the file from now on."""
        self._identity = identity(os.fstat(descriptor))
        self._known = None

    def is_in_place(self, names: Names | None = None) -> bool:
        """Whether the path names the file. `names`: those that another file of the folder has found just now. Raises
        OSError where it cannot be known."""
        try:
            if names is None:
                folder = os.stat(self._folder)  # noqa: PTH116 - a third of what Path.stat costs
                names = folder.st_dev, folder.st_ino, folder.st_mtime_ns, folder.st_ctime_ns
                self._names, self._looked = names, time.monotonic_ns()
            if names == self._known:
                return True
            named = os.lstat(self._path)
            is_link = stat.S_ISLNK(named.st_mode)
            if identity(os.stat(self._path) if is_link else named) != self._identity:  # noqa: PTH116
                return False
        except FileNotFoundError:
            return False
        if not is_link and _tell_every_change(names):
            self._known = names
        return True

    def names_just_now(self) -> Names | None:
        """The names in the folder, where `is_in_place` looked at them within the last millisecond."""
        return self._names if time.monotonic_ns() - self._looked < _JUST_NOW else None


def _tell_every_change(names: Names) -> bool:
    """Whether the clock of the file system has gone on since the last change: the next one will have another time."""
    changed = max(names[2:])
    tick = _TICK if changed % _SECOND else _LONGEST_TICK
    return time.time_ns() - changed > tick
