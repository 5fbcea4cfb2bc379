"""Looks at the ends of a QuickFIX store's header and body, for a list of many stores."""

from __future__ import annotations

import os
import re
from struct import Struct
from typing import NamedTuple

from purefix_core.store.message_files import LARGEST_MESSAGE
from purefix_core.store.payload import what_is_wrong
from purefix_core.store.quickfix.entries import Entries, fits
from purefix_core.store.quickfix.files import CPP, JAVA, QuickFixFiles
from purefix_core.store.quickfix.header import MAX_SIZE, Header, read_header
from purefix_core.store.quickfix.reading import open_to_read, pread
from purefix_core.store.quickfix.tails import Tails, look_at_tails
from purefix_core.store.records import StoreError

_READ_WHOLE = 4 * 1024 * 1024
"""Bytes of a header; of a longer one only the end is read: all of it would take seconds."""
_END = 64 * 1024
_AT_ONCE = 1024 * 1024
_ENTRY = re.compile(rb"(?<![^\s])([0-9]{1,10}),([0-9]{1,18}),([0-9]{1,18})(?=\s|\Z)")
_JAVA_ENTRY = Struct(">iqi")


class Ends(NamedTuple):
    """Texts are "" where there is nothing to say."""

    kept: int
    """How many messages have an entry. In a header of more than 4 MB a number that was used again counts twice."""
    disagrees: str
    """How the header does not fit the body."""
    half: str
    """What is only the beginning of what was to be written."""
    damaged: str
    """What is wrong with the newest message."""
    newest: bytes
    """The message of the greatest number, where it is whole."""


def look_at_ends(files: QuickFixFiles) -> Ends:
    """Raises StoreError, and OSError, where the files cannot be read."""
    header, count = _header(files)
    body = open_to_read(files.body)
    try:
        size = 0 if body is None else os.fstat(body).st_size
        tails = look_at_tails(files, header, body)
        disagrees, half = _disagrees(files, header, tails, size), _half(files, tails)
        if disagrees or half or body is None or not header.entries:
            return Ends(count, disagrees, half, "", b"")
        newest = header.entries.find(header.entries.greatest)
        if newest is None or newest.size > LARGEST_MESSAGE:
            return Ends(count, "", "", f"message {header.entries.greatest} is too large: verify", b"")
        encoded = pread(body, newest.size, newest.offset)
        if what_is_wrong(encoded, newest.seq_num):
            return Ends(count, "", "", f"message {newest.seq_num} is damaged, and will be gap-filled: verify", b"")
        return Ends(count, "", "", "", encoded)
    finally:
        if body is not None:
            os.close(body)


def _disagrees(files: QuickFixFiles, header: Header, tails: Tails, body_size: int) -> str:
    if tails.without_header:
        repair = "repair" if files.engine == CPP and not files.header.exists() else "verify"
        return f"header has no entry for the messages of the body: {repair}"
    if header.more_behind:
        return f"header has no entry at offset {header.read_to:,}, what is behind it is not seen: verify"
    if tails.header_from is not None:
        return ""
    beyond = [entry for entry in header.entries if not fits(entry, body_size)]
    if beyond:
        return f"header points beyond the body, first with message {beyond[0].seq_num}: verify"
    return ""


def _half(files: QuickFixFiles, tails: Tails) -> str:
    then = "repair" if files.engine == CPP else f"{files.title} goes on with it"
    if tails.header_from is not None:
        return f"header ends with half an entry: {then}"
    if tails.notices:
        return f"body ends with half a message: {then}"
    return ""


def _header(files: QuickFixFiles) -> tuple[Header, int]:
    """The entries of the header, of a long one only the last, and how many there are in all."""
    descriptor = open_to_read(files.header)
    if descriptor is not None:
        try:
            size = os.fstat(descriptor).st_size
            if _READ_WHOLE < size <= MAX_SIZE:
                return _end_of(files, descriptor, size)
        finally:
            os.close(descriptor)
    header = read_header(files)
    return header, len(header.entries)


def _end_of(files: QuickFixFiles, descriptor: int, size: int) -> tuple[Header, int]:
    entries = Entries()
    if files.engine == JAVA:
        whole = size - size % _JAVA_ENTRY.size
        found = pread(descriptor, _END, whole - _END)
        entries.extend(*zip(*_JAVA_ENTRY.iter_unpack(found[: len(found) - len(found) % _JAVA_ENTRY.size]), strict=True))
        count, open_end = whole // _JAVA_ENTRY.size, False
    else:
        text = pread(descriptor, _END, size - _END)
        listed = [tuple(map(int, match.groups())) for match in _ENTRY.finditer(text)]
        if listed:
            entries.extend(*zip(*listed, strict=True))
        count, open_end = _commas(descriptor, size) // 2, not text[-1:].isspace()
    entries.settle()
    if not entries:
        raise StoreError(f"{files.header}: ends with what is no entry: verify")
    return Header(entries, size, size, open_end, False, []), count


def _commas(descriptor: int, size: int) -> int:
    return sum(pread(descriptor, _AT_ONCE, offset).count(b",") for offset in range(0, size, _AT_ONCE))
