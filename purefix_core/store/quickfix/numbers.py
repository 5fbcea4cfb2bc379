"""The next numbers and the time of the session, as each engine writes them, read as that engine reads them again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from purefix_core.store.quickfix.files import CPP, DOTNET, GO, JAVA, QuickFixFiles
from purefix_core.store.quickfix.reading import read_settled
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire.message import as_text, printable
from purefix_core.wire.timestamps import NANOS, NO_TIME, from_datetime, parse_utc_timestamp, utc_timestamp_text

_PAIR = re.compile(rb"\s*([+-]?[0-9]{1,30})\s*:\s*([+-]?[0-9]{1,30})\s*")
_NUMBER = re.compile(rb"[+-]?[0-9]{1,30}")
_REFUSES = "{} does not start with it"
_BEGINS_AGAIN = "{} begins with 1"


class Numbers(NamedTuple):
    """What the store says of both sequences, and of the session."""

    next_out: int
    next_in: int
    created: int | None
    """Nanoseconds UTC."""
    notices: list[str]


def read_numbers(files: QuickFixFiles) -> Numbers:
    """Never fails on what the files hold; what an engine cannot use counts as 1. Raises StoreError where they cannot be
    read."""
    notices: list[str] = []
    if files.engine in (CPP, DOTNET):
        next_out, next_in = _pair(files, notices)
    else:
        next_out, next_in = (_single(files, path, notices) for path in files.number_files)
    numbers = []
    for name, number in (("out", next_out), ("in", next_in)):
        if not 1 <= number <= MAX_SEQ_NUM:
            notices.append(
                f"{files.path}: the next number {name} is {number}, expected 1 to {MAX_SEQ_NUM}; it counts as 1 here"
            )
            number = 1
        numbers.append(number)
    return Numbers(numbers[0], numbers[1], _created(files, notices), notices)


def pair_text(next_out: int, next_in: int) -> bytes:
    """The 43 bytes of `.seqnums` as QuickFIX C++ writes them."""
    return b"%020d : %020d" % (next_out, next_in)


def session_text(nanos: int) -> bytes:
    """The 17 bytes of `.session` as QuickFIX C++ writes them."""
    return utc_timestamp_text(nanos // NANOS * NANOS, 0).encode()


def _pair(files: QuickFixFiles, notices: list[str]) -> tuple[int, int]:
    content = _content(files, files.seqnums, notices)
    if not content:
        return 1, 1
    match = _PAIR.match(content)
    if match is None or (files.engine == DOTNET and match.end() != len(content)):
        then = _BEGINS_AGAIN if files.engine == CPP or content.count(b":") != 1 else _REFUSES
        notices.append(_odd(files, files.seqnums, content, "two numbers with a colon between them", then))
        return 1, 1
    return int(match[1]), int(match[2])


def _single(files: QuickFixFiles, path: Path, notices: list[str]) -> int:
    content = _content(files, path, notices)
    if not content:
        return 1
    if files.engine == JAVA:
        text, expected, then = _java_text(content), "a Java string (length, digits)", _REFUSES
    else:
        text, expected, then = content.strip(b"\r\n"), "digits", _BEGINS_AGAIN
    if text is None or not _NUMBER.fullmatch(text):
        notices.append(_odd(files, path, content, expected, then))
        return 1
    return int(text)


def _content(files: QuickFixFiles, path: Path, notices: list[str]) -> bytes:
    content = read_settled(path)
    if not content:
        what = "there is no such file" if content is None else "is empty"
        notices.append(f"{path}: {what}; {files.title} begins with 1")
    return content or b""


def _odd(files: QuickFixFiles, path: Path, content: bytes, expected: str, then: str) -> str:
    return f"{path}: expected {expected}, found {_shown(content)}; {then.format(files.title)}"


def _shown(content: bytes) -> str:
    return f'"{printable(as_text(content[:60]))}"'


def _java_text(content: bytes) -> bytes | None:
    """What `DataOutput.writeUTF` wrote; bytes of a longer text may be left behind it."""
    end = 2 + int.from_bytes(content[:2], "big")
    return content[2:end] if 2 <= end <= len(content) else None


def _created(files: QuickFixFiles, notices: list[str]) -> int | None:
    content = read_settled(files.session)
    if not content:
        what = "there is no such file" if content is None else "is empty"
        notices.append(f"{files.session}: {what}; nothing says when the session began")
        return None
    created = _TIMES[files.engine](content)
    if created is None:
        then = "{} takes another time" if files.engine in (DOTNET, GO) else _REFUSES
        notices.append(_odd(files, files.session, content, "a UTC time", then))
    return created


def _fix_time(text: bytes) -> int | None:
    nanos = parse_utc_timestamp(text)
    return None if nanos == NO_TIME else nanos


def _cpp_time(content: bytes) -> int | None:
    return _fix_time(b"".join(content.split()[:1]))


def _dotnet_time(content: bytes) -> int | None:
    """A FIX time, a blank, and a `Z` unless the time came without a zone."""
    return _fix_time(content.strip().removesuffix(b"Z").rstrip())


def _java_time(content: bytes) -> int | None:
    return _fix_time(_java_text(content) or b"")


def _go_time(content: bytes) -> int | None:
    try:
        moment = datetime.fromisoformat(content.decode("ascii"))
        return from_datetime(moment) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


_TIMES: dict[str, Callable[[bytes], int | None]] = {
    CPP: _cpp_time,
    DOTNET: _dotnet_time,
    JAVA: _java_time,
    GO: _go_time,
}
