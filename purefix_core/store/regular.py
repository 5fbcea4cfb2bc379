"""Opens files that anybody may have put into a store's folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from purefix_core.store.records import StoreError


def open_to_read(path: Path) -> int:
    """A descriptor of a regular file. Raises StoreError for a folder or a named pipe, OSError where the system refuses,
    FileNotFoundError where there is none."""
    # Opening a named pipe would wait for its writer, hence O_NONBLOCK.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise StoreError(f"{path}: cannot be read: is not a file")


def content_of(path: Path, most: int) -> bytes | None:
    """What the file holds, up to `most` bytes; None where there is none. Raises as `open_to_read` does."""
    try:
        descriptor = open_to_read(path)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most)


def identity(status: os.stat_result) -> tuple[int, int]:
    """What tells one file from another, whatever their names."""
    return status.st_dev, status.st_ino
