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


def read_sections(path: Path) -> Iterable[Section]:
    """The sessions of a file, each with what holds for all. It is JSON where the first thing in it is `{`, else cfg.

    Raises FixConfigError for a file that cannot be read or is of neither kind.
    """
    content = _read(path)
    begin = _BEFORE.sub(b"", content.removeprefix(b"\xef\xbb\xbf"), count=1)
    is_json = begin.startswith((b"{", b"[]", b"[{"))
    return (json_sections if is_json else cfg_sections)(path, content, MAX_SESSIONS)


def _read(path: Path) -> bytes:
    try:
        # Opening a named pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FixConfigError(f"{path}: {UNREADABLE}: is not a file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError) as error:  # the latter for a NUL in the path
        raise FixConfigError(f"{path}: {UNREADABLE}: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MAX_FILE_SIZE:
        raise FixConfigError(f"{path}: {UNREADABLE}: more than {MAX_FILE_SIZE:,} bytes are too many")
    return content
