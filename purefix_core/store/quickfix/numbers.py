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
_CANNOT_BE_READ = "cannot be read"


class Numbers(NamedTuple):
    """What the store says of both sequences, and of the session."""

    next_out: int
    next_in: int
    created: int | None
    """Nanoseconds UTC."""
    notices: list[str]
    odd_out: str = ""
    """Why the next number out is not what a file says, and what then counts; "" where a file says it."""
    odd_in: str = ""


def read_numbers(files: QuickFixFiles) -> Numbers:
    """Never fails on what the files hold; what an engine cannot use counts as 1. Raises StoreError where they cannot be
    read."""
    notices: list[str] = []
    if files.engine in (CPP, DOTNET):
        read_out, read_in = _pair(files, notices)
    else:
        read_out, read_in = (_single(files, path, notices) for path in files.number_files)
    numbers = []
    for name, (number, odd) in (("out", read_out), ("in", read_in)):
        if 1 <= number <= MAX_SEQ_NUM:
            numbers.append((number, odd))
            continue
        notices.append(
            f"{files.path}: the next number {name} is {number}, expected 1 to {MAX_SEQ_NUM}; it counts as 1 here"
        )
        numbers.append((1, f"the file says {number}, which counts as 1 here"))
    (next_out, odd_out), (next_in, odd_in) = numbers
    return Numbers(next_out, next_in, _created(files, notices), notices, odd_out, odd_in)


def parse_pair(content: bytes) -> tuple[int, int] | None:
    """The next numbers out and in that a `.seqnums` holds; None where it holds none."""
    match = _PAIR.match(content)
    return None if match is None else (int(match[1]), int(match[2]))


def pair_text(next_out: int, next_in: int) -> bytes:
    """The 43 bytes of `.seqnums` as QuickFIX C++ writes them."""
    return b"%020d : %020d" % (next_out, next_in)


def session_text(nanos: int) -> bytes:
    """The 17 bytes of `.session` as QuickFIX C++ writes them."""
    return utc_timestamp_text(nanos // NANOS * NANOS, 0).encode()


Read = tuple[int, str]
"""A number, and Numbers.odd_out or .odd_in for it."""


def _pair(files: QuickFixFiles, notices: list[str]) -> tuple[Read, Read]:
    content, odd = _content(files, files.seqnums, notices)
    if not content:
        return (1, odd), (1, odd)
    match = _PAIR.match(content)
    if match is None or (files.engine == DOTNET and match.end() != len(content)):
        then = _BEGINS_AGAIN if files.engine == CPP or content.count(b":") != 1 else _REFUSES
        odd = _odd(files, files.seqnums, content, "two numbers with a colon between them", then, notices)
        return (1, odd), (1, odd)
    return (int(match[1]), ""), (int(match[2]), "")


def _single(files: QuickFixFiles, path: Path, notices: list[str]) -> Read:
    content, odd = _content(files, path, notices)
    if not content:
        return 1, odd
    if files.engine == JAVA:
        text, expected, then = _java_text(content), "a Java string (length, digits)", _REFUSES
    else:
        text, expected, then = content.strip(b"\r\n"), "digits", _BEGINS_AGAIN
    if text is None or not _NUMBER.fullmatch(text):
        return 1, _odd(files, path, content, expected, then, notices)
    return int(text), ""


def _content(files: QuickFixFiles, path: Path, notices: list[str]) -> tuple[bytes, str]:
    """What the file holds, and what to say of the number where that is nothing."""
    content = read_settled(path)
    if not content:
        what = "there is no such file" if content is None else "is empty"
        notices.append(f"{path}: {what}; {_BEGINS_AGAIN.format(files.title)}")
    return content or b"", f"{_CANNOT_BE_READ}, {_BEGINS_AGAIN.format('the engine')}"


def _odd(files: QuickFixFiles, path: Path, content: bytes, expected: str, then: str, notices: list[str]) -> str:
    """Notes it, and returns what to say of the number."""
    notices.append(f"{path}: expected {expected}, found {_shown(content)}; {then.format(files.title)}")
    return f"{_CANNOT_BE_READ}, {then.format('the engine')}"


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
        _odd(files, files.session, content, "a UTC time", then, notices)
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
