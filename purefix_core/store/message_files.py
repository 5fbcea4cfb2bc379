"""`messages.dat` and `messages.idx`, little-endian, byte for byte as the documents have them (spec: File Structure).

A record of `messages.dat`: int32 MsgSeqNum, one byte of MsgType, int64 ticks of .NET (100 ns since the year 1, UTC),
int32 length, and the message itself. An entry of `messages.idx`: int32 MsgSeqNum, int64 offset of the record.
"""

from __future__ import annotations

import os
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from purefix_core.store.payload import seq_num_of, what_is_wrong
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.store.regular import open_to_read

DATA_NAME = "messages.dat"
INDEX_NAME = "messages.idx"

HEAD = Struct("<iBqi")
ENTRY = Struct("<iq")

LARGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes; a record that claims more is damaged."""

_UNIX_EPOCH = 621_355_968_000_000_000
"""1970-01-01 in ticks."""
_WINDOW = 1024 * 1024
_FIRST_LOOK = 4096
_ENTRIES_AT_ONCE = 1024 * 1024
_LOOKED_BACK = 64
_MESSAGE_START = b"8=FIX"
_BODY_LENGTH = re.compile(rb"8=FIX[^\x01]{0,20}\x019=([0-9]{1,9})\x01").match
_MESSAGE_HEAD = 48
"""Bytes that what `_BODY_LENGTH` looks for takes at most."""
_TRAILER_SIZE = 7

Reader = Callable[[int, int], bytes]
"""Gives so many bytes (the first argument) at an offset of `messages.dat`; fewer at its end."""


class Located(NamedTuple):
    """A record and where it stands. `wrong` is empty where it is whole.

    `seq_num` is what the record says, unless only that is damaged: then it is what the message itself says.
    """

    seq_num: int
    offset: int
    end: int
    wrong: str
    type_byte: int
    ticks: int
    encoded: bytes


class Hole(NamedTuple):
    """Bytes of `messages.dat` that are no record."""

    offset: int
    end: int


def pack(seq_num: int, timestamp: int, encoded: bytes) -> bytes:
    """The record of a message, whose MsgType must be known to be there. `timestamp` is nanoseconds UTC."""
    msg_type = encoded[encoded.index(b"\x0135=") + 4]
    return HEAD.pack(seq_num, msg_type, timestamp // 100 + _UNIX_EPOCH, len(encoded)) + encoded


def nanos_of(ticks: int) -> int:
    """Nanoseconds UTC since 1970."""
    return (ticks - _UNIX_EPOCH) * 100


@contextmanager
def reader_of(path: Path) -> Iterator[tuple[Reader, int]]:
    """A reader of `messages.dat` and its size, which is 0 where there is no such file. Raises OSError, StoreError."""
    try:
        descriptor = open_to_read(path)
    except FileNotFoundError:
        yield lambda _count, _offset: b"", 0
        return
    try:

        def read(count: int, offset: int) -> bytes:
            return os.pread(descriptor, count, offset)

        yield read, os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def index_size(path: Path) -> int:
    """The bytes of `messages.idx`; 0 where there is no such file. Raises OSError."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def read_index(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """MsgSeqNum and offset of every whole entry in the first `size` bytes of `messages.idx`; none where there is no
    such file. Raises OSError, StoreError."""
    for seq_nums, offsets in read_index_at_once(path, size):
        yield from zip(seq_nums, offsets, strict=True)


def read_index_at_once(path: Path, size: int) -> Iterator[tuple[list[int], list[int]]]:
    """The same as lists of a million numbers and their offsets."""
    left = size // ENTRY.size * ENTRY.size
    with suppress(FileNotFoundError), open(open_to_read(path), "rb") as file:  # noqa: PTH123 - a descriptor
        while content := file.read(min(_ENTRIES_AT_ONCE * ENTRY.size, left)):
            left -= len(content)
            yield unpack_index(content)


def unpack_index(content: bytes) -> tuple[list[int], list[int]]:
    """The MsgSeqNums and the offsets of all whole entries."""
    words = array("i", content[: len(content) // ENTRY.size * ENTRY.size])
    if sys.byteorder == "big":
        words.byteswap()
    seq_nums = words[0::3].tolist()
    high = words[2::3].tolist()
    low = array("I", words[1::3].tobytes()).tolist()
    if not any(high):
        return seq_nums, low
    return seq_nums, [(upper << 32) + lower for upper, lower in zip(high, low, strict=True)]


def read_at(read: Reader, offset: int, size: int) -> Located | None:
    """The record at that offset of a file of that size; None where none can begin there."""
    head = read(HEAD.size, offset)
    if len(head) < HEAD.size:
        return None
    seq_num, type_byte, ticks, length = HEAD.unpack(head)
    end = offset + HEAD.size + length
    if not 0 < length <= LARGEST_MESSAGE or end > size:
        return None
    encoded = read(length, offset + HEAD.size)
    wrong = what_is_wrong(encoded, seq_num)
    own = seq_num_of(encoded) if wrong else None
    if (
        own is not None and 1 <= own <= MAX_SEQ_NUM and not what_is_wrong(encoded, own)
    ):  # which its CheckSum vouches for
        wrong = f"its record is of MsgSeqNum {seq_num}"
        seq_num = own
    return Located(seq_num, offset, end, wrong, type_byte, ticks, encoded) if seq_num >= 1 else None


def walk(read: Reader, start: int, size: int) -> Iterator[Located | Hole]:
    """Every record from `start` on, and what lies between records, up to `size`.

    A record whose own length is damaged would lead astray: unless it is whole, or something like a record follows, the
    next one is looked for by its message.
    """
    read = windowed(read, size)
    search = _Search(read, size)
    offset = start
    while offset < size:
        if search.goes_on and _is_plausible(read, offset, size):
            found = read_at(read, offset, size)
            if found is not None and (not found.wrong or found.end == size or _may_begin(read, found.end, size)):
                yield found
                offset = found.end
                continue
            search.was_read_in_vain(offset)
        following = search.next_whole(offset + 1)
        yield Hole(offset, following)
        offset = following


def _is_plausible(read: Reader, offset: int, size: int) -> bool:
    """Whether it is worth reading what stands there: a message begins behind the head, or something ends where the head
    says."""
    head = read(HEAD.size + len(_MESSAGE_START), offset)
    if len(head) < HEAD.size:
        return False
    length = HEAD.unpack_from(head)[3]
    end = offset + HEAD.size + length
    if not 0 < length <= LARGEST_MESSAGE or end > size:
        return False
    return head.endswith(_MESSAGE_START) or end == size or _may_begin(read, end, size)


def _may_begin(read: Reader, offset: int, size: int) -> bool:
    """Whether a record may begin there whose length is the one that the message in it has, by its BodyLength."""
    head = read(HEAD.size + _MESSAGE_HEAD, offset)
    if len(head) < HEAD.size:
        return False
    seq_num, _, _, length = HEAD.unpack_from(head)
    message = _BODY_LENGTH(head, HEAD.size)
    if message is None or seq_num < 1 or not 0 < length <= size - offset - HEAD.size:
        return False
    return bool(message.end() - HEAD.size + int(message[1]) + _TRAILER_SIZE == length)


class _Search:
    """Looks for whole records behind damage.

    What looks like a record has to be read as far as it claims to go. Files can be made in which every few bytes claim
    all of the rest: what may be read in vain is bounded, and what is left then is no message.
    """

    def __init__(self, read: Reader, size: int) -> None:
        self._read = read
        self._size = size
        self._left = 4 * size + _WINDOW

    @property
    def goes_on(self) -> bool:
        return self._left > 0

    def was_read_in_vain(self, offset: int) -> None:
        head = self._read(HEAD.size, offset)
        if len(head) == HEAD.size:
            self._left -= min(max(HEAD.unpack(head)[3], 0), self._size - offset)

    def next_whole(self, offset: int) -> int:
        """Where the next whole record begins, or the end of the file."""
        position, width = offset + HEAD.size, _FIRST_LOOK
        while position < self._size and self.goes_on:
            window = self._read(width, position)
            place = window.find(_MESSAGE_START)
            while place >= 0 and self.goes_on:
                candidate = position + place - HEAD.size
                if _may_begin(self._read, candidate, self._size):
                    found = read_at(self._read, candidate, self._size)
                    if found is not None and not found.wrong:
                        return candidate
                    self.was_read_in_vain(candidate)
                place = window.find(_MESSAGE_START, place + 1)
            if len(window) < len(_MESSAGE_START):
                break
            position += len(window) - len(_MESSAGE_START) + 1
            width = min(2 * width, _WINDOW)
        return self._size


def windowed(read: Reader, end: int) -> Reader:
    """The same bytes, up to `end`, read in large pieces: a call of the system for a million of them instead of for each
    record."""
    start, window = 0, b""

    def from_window(size: int, offset: int) -> bytes:
        nonlocal start, window
        size = min(size, end - offset)
        place = offset - start
        if place < 0 or place + size > len(window):
            if size >= _WINDOW:
                return read(size, offset)
            start = max(offset - _LOOKED_BACK, 0)
            window, place = read(_WINDOW, start), offset - start
        return window[place : place + size]

    return from_window
