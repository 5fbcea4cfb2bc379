"""Reads `.header` of each engine into Entries, in bulk: a million entries take half a second.

QuickFIX C++ writes `seq,offset,size ` with a blank behind each, and reads with scanf: any white space may stand before
a number, a sign too, and reading ends for good where no such entry follows. QuickFIX/n and QuickFIX/Go write one entry
a line; QuickFIX/n leaves out lines that have not three parts, QuickFIX/Go stops there. QuickFIX/J writes 16 bytes an
entry, big-endian: int32 number, int64 offset, int32 size.
"""

from __future__ import annotations

import os
import re
from array import array
from functools import partial
from struct import Struct
from typing import NamedTuple

from purefix_core.store.message_files import Reader
from purefix_core.store.progress import OnProgress, Telling, untold
from purefix_core.store.quickfix.entries import Entries
from purefix_core.store.quickfix.files import DOTNET, JAVA, QuickFixFiles
from purefix_core.store.quickfix.reading import open_to_read, pread
from purefix_core.store.records import StoreError
from purefix_core.wire.message import as_text, printable

MAX_SIZE = 256 * 1024 * 1024
"""Bytes of a header; some twelve million entries need as many."""
MAX_ENTRIES = 16_000_000

_AT_ONCE = 1024 * 1024
_LONGEST_ENTRY = 128
_MOST_NOTICES = 5

_PLAIN = re.compile(rb"(?:\s*+[0-9]{1,10}+,[0-9]{1,18}+,[0-9]{1,18}+(?=\s|\Z))*+\s*+")
"""Entries as the engines write them, as many as follow each other."""
_ODD = re.compile(rb"\s*+([+-]?[0-9]{1,40}+),\s*+([+-]?[0-9]{1,40}+),\s*+([+-]?[0-9]{1,40}+)")
"""One entry as scanf still takes it."""
_ENTRY_END = re.compile(rb"[0-9]\s")
_COMMAS_TO_BLANKS = bytes.maketrans(b",", b" ")
_JAVA_ENTRY = Struct(">iqi")
_INT64 = 2**63 - 1
_ENTRY_THERE = re.compile(rb"[0-9]{1,10}+,[0-9]{1,18}+,[0-9]{1,18}+\s")


class Header(NamedTuple):
    """What an engine reads of a header."""

    entries: Entries
    size: int
    """Bytes of the file."""
    read_to: int
    """Where the engine stops reading: `size` unless something stands there that is no entry."""
    open_end: bool
    """Whether the last entry is not ended by white space: it may be cut off, and what is appended would run into it."""
    more_behind: bool
    """Whether whole entries stand behind `read_to`."""
    notices: list[str]


def read_header(files: QuickFixFiles, on_progress: OnProgress = untold) -> Header:
    """Never fails on what the header holds. Raises StoreError where it cannot be read or is too large."""
    descriptor = open_to_read(files.header)
    if descriptor is None:
        missing = f"{files.header}: there is no such file; {files.title} finds no message"
        return Header(Entries(), 0, 0, False, False, [missing])
    try:
        size = os.fstat(descriptor).st_size
        if size > MAX_SIZE:
            raise StoreError(f"{files.header}: has {size:,} bytes, expected at most {MAX_SIZE:,}")
        read = _read_java if files.engine == JAVA else _read_text
        return read(files, Telling(on_progress).reads(partial(_read, descriptor), size), size)
    except OSError as error:
        raise StoreError(f"{files.header}: cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, offset: int) -> bytes:
    return pread(descriptor, size, offset)


def _read_text(files: QuickFixFiles, read: Reader, size: int) -> Header:
    entries = Entries()
    reader = _TextReader(files, entries)
    rest, position = b"", 0
    while not reader.stopped and position < size:
        piece = read(min(_AT_ONCE, size - position), position)
        if not piece:
            size = position  # cut since
            break
        position += len(piece)
        text = rest + piece
        cut = len(text) if position >= size else _between_entries(text)
        reader.take(text[:cut])
        rest = text[cut:]
        _check_count(files, entries)
    read_to = reader.read_to
    open_end = bool(read_to) and read_to == size and not read(1, size - 1).isspace()
    more = reader.stopped and _has_entry(read, read_to, size)
    notices = reader.notices
    if reader.stopped:
        found = read(40, read_to)
        what = "whole entries behind it are not seen" if more else "nothing behind it is a whole entry"
        notices.append(
            f'{files.header}: at offset {read_to} expected an entry "seq,offset,size", found '
            f'"{printable(as_text(found))}"; {files.title} reads no further, {what}'
        )
    return _settled(files, Header(entries, size, read_to, open_end, more, notices))


def _between_entries(text: bytes) -> int:
    """Where `text` can be cut without cutting an entry, looking no further back than a long one reaches."""
    tail = text[-_LONGEST_ENTRY:]
    start = len(text) - len(tail)
    ends = [match.end() for match in _ENTRY_END.finditer(tail)]
    return start + ends[-1] if ends else len(text)


def _has_entry(read: Reader, start: int, end: int) -> bool:
    """Whether anything from `start` on looks like a whole entry, other than at once."""
    position = start + 1
    while position < end:
        text = read(min(_AT_ONCE, end - position), position)
        if not text:
            return False
        if _ENTRY_THERE.search(text):
            return True
        position += max(len(text) - _LONGEST_ENTRY, 1) if position + len(text) < end else len(text)
    return False


class _TextReader:
    """Takes pieces of a header that end between entries."""

    def __init__(self, files: QuickFixFiles, entries: Entries) -> None:
        self.read_to = 0
        self.stopped = False
        self.notices: list[str] = []
        self._files = files
        self._entries = entries
        self._odd = 0

    def take(self, text: bytes) -> None:
        start = self.read_to
        place = 0
        while place < len(text):
            match = _PLAIN.match(text, place)
            end = match.end() if match else place
            if end > place:
                self._take_plain(text[place:end])
                place = end
                continue
            odd = _ODD.match(text, place)
            if odd is not None:
                self._take_odd(odd, start + place)
                place = odd.end()
            elif self._files.engine == DOTNET:
                place = self._skip_line(text, place, start)
            else:
                self.stopped = True
                break
        self.read_to = start + place

    def _take_plain(self, text: bytes) -> None:
        # Three times as fast as a group for each number.
        numbers = array("q", map(int, text.translate(_COMMAS_TO_BLANKS).split()))
        self._entries.extend(numbers[0::3], numbers[1::3], numbers[2::3])

    def _take_odd(self, match: re.Match[bytes], place: int) -> None:
        seq_num, offset, size = (max(-1, min(int(part), _INT64 // 2)) for part in match.groups())
        self._entries.extend([seq_num], [offset], [size])
        self._tell(place, match[0].strip())

    def _skip_line(self, text: bytes, place: int, start: int) -> int:
        end = text.find(b"\n", place) + 1 or len(text)
        line = text[place:end].strip()
        if line:
            self._tell(start + place, line[:40])
        return end

    def _tell(self, place: int, found: bytes) -> None:
        self._odd += 1
        if self._odd <= _MOST_NOTICES:
            self.notices.append(f'{self._files.header}: odd entry "{printable(as_text(found[:60]))}" at offset {place}')
        elif self._odd == _MOST_NOTICES + 1:
            self.notices.append(f"{self._files.header}: further odd entries are not listed")


def _read_java(files: QuickFixFiles, read: Reader, size: int) -> Header:
    entries = Entries()
    whole = size - size % _JAVA_ENTRY.size
    position = 0
    while position < whole:
        piece = read(min(_AT_ONCE, whole - position), position)
        piece = piece[: len(piece) - len(piece) % _JAVA_ENTRY.size]
        if not piece:
            break
        entries.extend(*zip(*_JAVA_ENTRY.iter_unpack(piece), strict=True))
        position += len(piece)
        _check_count(files, entries)
    notices = []
    if whole != size:
        notices.append(
            f"{files.header}: ends with {size - whole} bytes of an entry of {_JAVA_ENTRY.size}; "
            f"{files.title} does not start with it"
        )
    return _settled(files, Header(entries, size, whole, False, False, notices))


def _check_count(files: QuickFixFiles, entries: Entries) -> None:
    if len(entries) > MAX_ENTRIES:
        raise StoreError(f"{files.header}: has more than {MAX_ENTRIES:,} entries, which are too many to be held")


def _settled(files: QuickFixFiles, header: Header) -> Header:
    impossible = header.entries.settle()
    if impossible:
        header.notices.append(f"{files.header}: {impossible:,} entries have a number that no message can have")
    return header
