"""`session.lock`: a running session holds a lock of the kernel on it, which dies with its process.

The folder is locked as well: somebody may take `session.lock` for stale and remove it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import suppress
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
        self._descriptors = [_open(folder / FILE_NAME, create=True)]
        try:
            self._descriptors.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            deadline = time.monotonic() + _PATIENCE
            while not all(_try_lock(descriptor, fcntl.LOCK_EX) for descriptor in self._descriptors):
                if time.monotonic() > deadline:
                    holder = _note(self._descriptors[0])
                    raise StoreLocked(f"{folder}: is in use by {holder}; stop that session first")
                time.sleep(_PATIENCE / 20)
        except BaseException:
            self.release()
            raise
        try:
            os.ftruncate(self._descriptors[0], 0)
            os.pwrite(self._descriptors[0], f"process {os.getpid()} {who}\n".encode("utf-8", "replace"), 0)
        except OSError:  # no right to write, or a full disk: the lock holds all the same
            pass

    def is_at(self, folder: Path) -> bool:
        """Whether the folder of that name still is the one that is locked: somebody may have moved it away."""
        try:
            return os.path.samestat(folder.stat(), os.fstat(self._descriptors[-1]))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        for descriptor in self._descriptors:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)  # a process that was forked from this one may live on with it
            os.close(descriptor)


def lock_holder(folder: Path) -> str | None:
    """Who has the store: `process 4711 FIX.4.4 A -> B`. None where it is free, or where that cannot be found out."""
    note = ""
    try:
        descriptor = _open(folder / FILE_NAME, create=False)
        try:
            note = _note(descriptor)
            if not _try_lock(descriptor, fcntl.LOCK_SH):
                return note
        finally:
            os.close(descriptor)
    except OSError:
        pass
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _try_lock(descriptor, fcntl.LOCK_SH) else note or "another process"
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
    except OSError as error:  # file systems of the network that cannot lock what is only open for reading
        if error.errno not in (errno.EBADF, errno.ENOTSUP, errno.EINVAL):
            raise
    return True


def _note(descriptor: int) -> str:
    try:
        note = os.pread(descriptor, _LONGEST_NOTE, 0).decode("utf-8", "replace").strip()
    except OSError:
        note = ""
    return printable(note) or "another process"
