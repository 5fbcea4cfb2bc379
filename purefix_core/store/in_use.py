"""Says whether somebody else uses files that are about to be edited. QuickFIX takes no lock that could be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from purefix_core.store.backups import find_backups
from purefix_core.wire.message import as_text, printable
from purefix_core.wire.timestamps import NANOS

RECENT = 60
"""Seconds; an engine with a usual HeartBtInt writes its numbers more often than this."""

_OUR_EDIT = 2
"""Seconds from the stamp of a backup, which has no fractions, to the change that it was made for."""

_PROC = Path("/proc")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    name: str
    """The program, as its command line begins."""


def who_has_open(paths: Iterable[Path]) -> list[Process]:
    """The other processes that have one of these files open, by number.

    Those that we may not look into are left out; so are all where there is no /proc. It costs one `readlink` for each
    open file of the machine.
    """
    wanted = _identities(paths)
    if not wanted:
        return []
    found = []
    try:
        pids = [int(folder.name) for folder in _PROC.iterdir() if folder.name.isdecimal()]
    except OSError:
        return []
    for pid in sorted(pids):
        if pid != os.getpid() and _has_open(pid, wanted):
            found.append(Process(pid, _program(pid)))
    return found


def seconds_since_change(paths: Iterable[Path], now: int) -> float | None:
    """Seconds from the newest change of these files to `now` (nanoseconds UTC), at least 0; None where none exists."""
    changes = []
    for path in paths:
        with suppress(OSError):
            changes.append(path.stat().st_mtime_ns)
    return max((now - max(changes)) / NANOS, 0.0) if changes else None


def edit_warnings(paths: Iterable[Path], now: int) -> list[str]:
    """What to say before QuickFIX files are edited: a line for each sign that an engine runs on them."""
    return [
        f"{sign}; QuickFIX keeps the numbers in memory and overwrites the edit, unless it runs with "
        "RefreshOnLogon=Y: stop it first"
        for sign in signs_of_use(paths, now)
    ]


def signs_of_use(paths: Iterable[Path], now: int) -> list[str]:
    """A line for each sign that an engine runs on these files. A change that we made ourselves, which the backup beside
    the file shows, is none."""
    paths = tuple(paths)
    signs = [f"is open in process {process.pid} ({process.name})" for process in who_has_open(paths)]
    seconds = seconds_since_change((path for path in paths if not _changed_by_us(path)), now)
    if seconds is not None and seconds < RECENT:
        signs.append(f"changed {seconds:.0f} s ago")
    named = paths[0].with_suffix("") if paths else ""
    return [f"{named}: {sign}" for sign in signs]


def _changed_by_us(path: Path) -> bool:
    """Whether the last change came right after a backup of the file was made."""
    try:
        changed = path.stat().st_mtime
        backups = find_backups([path])
    except OSError:
        return False
    return any(0 <= changed - each.made < _OUR_EDIT for each in backups)


def _identities(paths: Iterable[Path]) -> dict[str, set[tuple[int, int]]]:
    """Device and inode of each file that is there, by its name: a name is cheap to compare, and a path of another
    container may differ."""
    wanted: dict[str, set[tuple[int, int]]] = {}
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            wanted.setdefault(path.resolve().name, set()).add((status.st_dev, status.st_ino))
    return wanted


def _has_open(pid: int, wanted: dict[str, set[tuple[int, int]]]) -> bool:
    try:
        links = list((_PROC / str(pid) / "fd").iterdir())
    except OSError:  # gone, or not ours to look into
        return False
    for link in links:
        with suppress(OSError):
            identities = wanted.get(link.readlink().name)
            if identities is not None:
                status = link.stat()
                if (status.st_dev, status.st_ino) in identities:
                    return True
    return False


def _program(pid: int) -> str:
    with suppress(OSError), (_PROC / str(pid) / "cmdline").open("rb") as file:
        first = file.read(4096).split(b"\0", 1)[0]
        if first:
            return printable(as_text(first.rsplit(b"/", 1)[-1]))[:_LONGEST_NAME]
    with suppress(OSError), (_PROC / str(pid) / "comm").open("rb") as file:
        return printable(as_text(file.read(64).strip()))
    return "unknown"
