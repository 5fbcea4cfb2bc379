"""What a write that was cut short leaves at the ends of header and body, and how it is put right."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from purefix_core.store.disk import Disk
from purefix_core.store.in_use import who_has_open
from purefix_core.store.message_files import LARGEST_MESSAGE
from purefix_core.store.payload import what_is_wrong
from purefix_core.store.quickfix.entries import Entry, fits
from purefix_core.store.quickfix.files import CPP, QuickFixFiles
from purefix_core.store.quickfix.header import Header
from purefix_core.store.quickfix.keeping import keep_bytes
from purefix_core.store.quickfix.reading import pread
from purefix_core.store.records import StoreError
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

_MESSAGE_START = b"8=FIX"
_LAST_ENTRY = re.compile(rb"([+-]?[0-9]{1,40}+),\s*+([+-]?[0-9]{1,40}+),\s*+([+-]?[0-9]{1,40}+)\Z")


class Tails(NamedTuple):
    """Offsets from which on something is only the beginning of what was to be written; None where nothing is."""

    header_from: int | None
    """In the header: what follows is no entry, or the last entry has no end and its message is not whole."""
    body_from: int | None
    """In the body: behind all entries, the beginning of a message."""
    notices: list[str]
    without_header: str
    """The notice, if there is one, that the header has no entry at all for what the body holds."""


def look_at_tails(files: QuickFixFiles, header: Header, body: int | None) -> Tails:
    """`body`: a descriptor of the body, None where there is none. Raises OSError."""
    notices: list[str] = []
    header_from = header.read_to if header.read_to < header.size and not header.more_behind else None
    if header.open_end and header_from is None:
        last = _last_entry(files, header)
        wrong = _wrong(body, last[1]) if last else ""
        if last and wrong:
            header_from, entry = last
            notices.append(
                f"{files.header}: the last entry, of number {entry.seq_num}, may be cut off: it is not ended, "
                f"and its message {wrong}"
            )
    without_header = ""
    if body is not None and not header.size and os.fstat(body).st_size:  # lost; entries that were removed leave blanks
        without_header = f"{files.body}: holds {os.fstat(body).st_size:,} bytes, but the header has no entry for them"
        notices.append(without_header)
    return Tails(header_from, _half_message(files, header, body, notices), notices, without_header)


def put_right(
    files: QuickFixFiles, header: Header, tails: Tails, disk: Disk, descriptors: tuple[int, int]
) -> list[str]:
    """Cut off what `tails` found, and keep it in side files. `descriptors` are those of header and body. Returns what
    was done. Raises StoreError where it is not safe, with nothing changed, and OSError."""
    if header.more_behind:
        raise StoreError(
            f"{files.header}: at offset {header.read_to} stands no entry, and QuickFIX C++ reads no further though "
            "entries follow: overwrite what is wrong there with blanks, then open it again"
        )
    needs_end = header.open_end and tails.header_from is None
    if tails.header_from is None and tails.body_from is None and not needs_end:
        return []
    users = who_has_open(files.paths)
    if users:
        if tails.header_from is None and not needs_end:
            return []
        raise StoreError(
            f"{files.header}: its last entry is not whole, and process {users[0].pid} ({users[0].name}) has the store "
            "open: stop it first"
        )
    done = []
    for path, descriptor, start in zip(
        (files.header, files.body), descriptors, (tails.header_from, tails.body_from), strict=True
    ):
        if start is not None:
            cut = pread(descriptor, os.fstat(descriptor).st_size - start, start)
            side = keep_bytes(path, cut)
            disk.truncate(descriptor, start)
            done.append(f"{path}: {len(cut)} bytes that were not whole were cut off and are kept in {side}")
    end = os.fstat(descriptors[0]).st_size
    if end and not pread(descriptors[0], 1, end - 1).isspace():
        disk.write(descriptors[0], b" ", end)
    return done


def _last_entry(files: QuickFixFiles, header: Header) -> tuple[int, Entry] | None:
    """The entry that ends with the file, and where it begins."""
    start = max(header.size - 128, 0)
    with files.header.open("rb") as file:
        file.seek(start)
        match = _LAST_ENTRY.search(file.read(header.size - start))
    return match and (start + match.start(), Entry(*map(int, match.groups())))


def _wrong(body: int | None, entry: Entry) -> str:
    size = 0 if body is None else os.fstat(body).st_size
    if body is None or not fits(entry, size):
        return "lies beyond the body"
    if entry.size > LARGEST_MESSAGE:
        return "is too large"
    return what_is_wrong(pread(body, entry.size, entry.offset), entry.seq_num)


def _half_message(files: QuickFixFiles, header: Header, body: int | None, notices: list[str]) -> int | None:
    """Where the half message at the end of the body begins. Whole ones that no entry points at are nothing odd: their
    entries were removed, or superseded."""
    if body is None or header.read_to < header.size:
        return None
    end, size = max(header.entries.end(), 0), os.fstat(body).st_size
    if size <= end or not header.size:
        return None
    tail = pread(body, min(size - end, LARGEST_MESSAGE + 1), end)
    if len(tail) > LARGEST_MESSAGE:
        return None
    start = tail.rfind(b"\x01" + _MESSAGE_START) + 1
    if not tail.startswith(_MESSAGE_START, start):
        if not tail.startswith(_MESSAGE_START[: len(tail)]):
            notices.append(f"{files.body}: from offset {end} on {len(tail):,} bytes are no message")
            return None
    elif not _is_no_message(tail[start:]):
        return None
    notices.append(
        f"{files.body}: from offset {end + start} on {len(tail) - start:,} bytes are only the start of a message"
    )
    return end + start if files.engine == CPP else None


def _is_no_message(encoded: bytes) -> bool:
    number = FixMessage.parse(encoded).get(tags.MSG_SEQ_NUM) or b""
    return not (number.isdigit() and len(number) <= 10 and not what_is_wrong(encoded, int(number)))
