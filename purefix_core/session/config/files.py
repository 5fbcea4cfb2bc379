"""Reads a session file of either kind, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from purefix_core.registry.small_file import UnreadableFile, check_size, read_small_file
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
    else:
        with _naming(path):
            check_size(content, MAX_FILE_SIZE)
    return (json_sections if is_json(content) else cfg_sections)(path, content, MAX_SESSIONS)


def is_json(content: bytes) -> bool:
    """Whether a file is JSON: the first thing in it is `{`. Else it is cfg."""
    begin = _BEFORE.sub(b"", content.removeprefix(b"\xef\xbb\xbf"), count=1)
    return begin.startswith((b"{", b"[]", b"[{"))


def read_content(path: Path) -> bytes:
    """What is in a session file. Raises FixConfigError for one that cannot be read or is too large."""
    with _naming(path):
        return read_small_file(path, MAX_FILE_SIZE)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except UnreadableFile as error:
        raise FixConfigError(f"{path}: {error}") from None
