"""Reads a file that anybody may have written."""

from __future__ import annotations

import stat
from pathlib import Path

UNREADABLE = "cannot be read"


class UnreadableFile(Exception):
    """Why, in one line that begins with UNREADABLE and does not name the file."""


def read_small_file(path: Path, most: int) -> bytes:
    """What the file holds. Raises UnreadableFile for one of more than `most` bytes, for a folder or a named pipe, and
    where the system refuses."""
    try:
        # Opening a named pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(f"{UNREADABLE}: is not a file")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:  # the latter for a NUL in the path
        raise UnreadableFile(f"{UNREADABLE}: {getattr(error, 'strerror', None) or error}") from error
    check_size(content, most)
    return content


def check_size(content: bytes, most: int) -> None:
    """Raises UnreadableFile for more than `most` bytes."""
    if len(content) > most:
        raise UnreadableFile(f"{UNREADABLE}: more than {most:,} bytes are too many")
