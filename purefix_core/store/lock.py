"""`session.lock`: a running session holds a lock of the kernel on it, which dies with its process."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from purefix_core.store.records import StoreError
from purefix_core.wire.message import printable

FILE_NAME = "session.lock"

_PATIENCE = 0.25
"""Seconds; whoever looks whether a store is locked holds it for an instant."""
_LONGEST_NOTE = 200


class StoreLocked(StoreError):
    """Another session, or somebody who edits, has the store."""


class StoreLock:
    """The lock of one folder. Another one in the same process is refused as well."""

    def __init__(self, folder: Path, who: str = "") -> None:
        """`who` is told to others that want the lock: `FIX.4.4 A -> B`. Raises StoreLocked, and OSError."""
        self._descriptor = _open(folder / FILE_NAME, create=True)
        deadline = time.monotonic() + _PATIENCE
        while not _try_lock(self._descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                holder = _note(self._descriptor)
                os.close(self._descriptor)
                raise StoreLocked(f"{folder}: is in use by {holder}; stop that session first")
            time.sleep(_PATIENCE / 20)
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"process {os.getpid()} {who}\n".encode("utf-8", "replace"), 0)
        except OSError:  # no right to write, or a full disk: the lock holds all the same
            pass

    def release(self) -> None:
        os.close(self._descriptor)


def lock_holder(folder: Path) -> str | None:
    """Who has the store: `process 4711 FIX.4.4 A -> B`. None where it is free, or where that cannot be found out."""
    try:
        descriptor = _open(folder / FILE_NAME, create=False)
    except OSError:
        return None
    try:
        return None if _try_lock(descriptor, fcntl.LOCK_SH) else _note(descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path, create: bool) -> int:
    flags = os.O_CLOEXEC | os.O_NONBLOCK  # a named pipe of that name must not hold us
    if create:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o666)
        except PermissionError:  # made by root, perhaps: to lock it, reading it is enough
            if not path.exists():
                raise
    return os.open(path, os.O_RDONLY | flags)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(descriptor: int) -> str:
    try:
        note = os.pread(descriptor, _LONGEST_NOTE, 0).decode("utf-8", "replace").strip()
    except OSError:
        note = ""
    return printable(note) or "another process"
