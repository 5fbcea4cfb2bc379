"""Opens and reads files that an engine may be writing to, or that are no files of a store at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.records import StoreError

_SMALL = 4096
"""More than any file of numbers or times holds."""
_TRIES = 20


def open_to_read(path: Path) -> int | None:
    """A descriptor, or None where there is no such file. Raises StoreError."""
    try:
        # Without O_NONBLOCK a named pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    return _checked(descriptor, path)


def open_to_write(disk: Disk, path: Path) -> int:
    """A descriptor; a file that is missing is made. Raises StoreError."""
    try:
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: expected a file")
        descriptor = disk.open(path, create=True)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    return _checked(descriptor, path)


def _checked(descriptor: int, path: Path) -> int:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StoreError(f"{path}: expected a file")
    return descriptor


def pread(descriptor: int, size: int, offset: int) -> bytes:
    """`size` bytes at `offset`; fewer where the file ends before."""
    pieces = [os.pread(descriptor, size, offset)]
    got = len(pieces[0])
    while pieces[-1] and got < size:
        pieces.append(os.pread(descriptor, size - got, offset + got))
        got += len(pieces[-1])
    return b"".join(pieces)


def read_start(path: Path, size: int) -> bytes:
    """The first bytes of a file; none where there is none. Raises StoreError."""
    descriptor = open_to_read(path)
    if descriptor is None:
        return b""
    try:
        return pread(descriptor, size, 0)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def read_settled(path: Path) -> bytes | None:
    """The first 4,096 bytes of a small file, read until two reads agree: an engine may be writing it. None where there
    is no such file. Raises StoreError."""
    descriptor = open_to_read(path)
    if descriptor is None:
        return None
    try:
        content = os.pread(descriptor, _SMALL, 0)
        for _ in range(_TRIES):
            again = os.pread(descriptor, _SMALL, 0)
            if again == content:
                break
            content = again
        return content
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)
