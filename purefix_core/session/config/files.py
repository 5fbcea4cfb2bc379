"""Reads a session file of either kind, bounded."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from pathlib import Path

from purefix_core.registry.json_file import UNREADABLE
from purefix_core.session.config.error import FixConfigError
from purefix_core.session.config.from_cfg import cfg_sections
from purefix_core.session.config.from_json import json_sections
from purefix_core.session.config.section import Section

MAX_FILE_SIZE = 1 << 20
MAX_SESSIONS = 10_000

_BEFORE = re.compile(rb"\A(?:\s|//[^\n]*)+")
"""Comments and blanks before the first thing in a file."""


def read_sections(path: Path, content: bytes | None = None) -> Iterable[Section]:
    """The sessions of a file, each with what holds for all. `content`: what the file would hold, where it is not to be
    read.

    Raises FixConfigError for a file that cannot be read, is too large, or is of neither kind.
    """
    if content is None:
        content = read_content(path)
    elif len(content) > MAX_FILE_SIZE:
        raise _too_large(path)
    return (json_sections if is_json(content) else cfg_sections)(path, content, MAX_SESSIONS)


def is_json(content: bytes) -> bool:
    """Whether a file is JSON: the first thing in it is `{`. Else it is cfg."""
    begin = _BEFORE.sub(b"", content.removeprefix(b"\xef\xbb\xbf"), count=1)
    return begin.startswith((b"{", b"[]", b"[{"))


def read_content(path: Path) -> bytes:
    """What is in a session file. Raises FixConfigError for one that cannot be read or is too large."""
    try:
        # Opening a named pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FixConfigError(f"{path}: {UNREADABLE}: is not a file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError) as error:  # the latter for a NUL in the path
        raise FixConfigError(f"{path}: {UNREADABLE}: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MAX_FILE_SIZE:
        raise _too_large(path)
    return content


def _too_large(path: Path) -> FixConfigError:
    return FixConfigError(f"{path}: {UNREADABLE}: more than {MAX_FILE_SIZE:,} bytes are too many")
