"""Finds messages in a body without the help of its header, by their own lengths."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial

from purefix_core.store.message_files import LARGEST_MESSAGE, Reader, windowed
from purefix_core.store.payload import seq_num_of, what_is_wrong
from purefix_core.store.progress import OnProgress, Telling, untold
from purefix_core.store.quickfix.entries import Entries, Entry
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.quickfix.reading import open_to_read, pread
from purefix_core.store.records import MAX_SEQ_NUM, StoreError

_MESSAGE_START = b"8=FIX"
_HEAD = re.compile(rb"8=FIX[^\x01]{0,20}+\x019=([0-9]{1,9}+)\x01(?=35=)")
_LONGEST_HEAD = 64
_TRAILER_FORM = re.compile(rb"\x0110=[0-9]{3}\x01")
_TRAILER_SIZE = 7  # without the separator before it, which belongs to the body
_LOOKED_AT = 4096
_IN_WINDOW = 64 * 1024

_PATIENCE = 8
"""What only looks like a message is read to its end as long as that comes to no more than so many times the body;
afterwards messages of more than _USUAL bytes are no longer found. So a body that was made to mislead takes no longer
than others."""
_USUAL = 4096


def without_entry(files: QuickFixFiles, listed: Entries, on_progress: OnProgress = untold) -> Entries:
    """The whole messages of the body whose numbers have no entry in `listed`; the last one of a number counts.

    All of the body is read. Raises StoreError where it cannot be.
    """
    found = Entries()
    descriptor = open_to_read(files.body)
    if descriptor is None:
        return found
    try:
        size = os.fstat(descriptor).st_size
        if listed.size == size and not listed.superseded:
            return found  # every byte of it belongs to an entry
        read = Telling(on_progress).reads(partial(_read, descriptor), size)
        for seq_num, offset, length in whole_messages(read, size):
            if listed.find(seq_num) is None:
                found.extend((seq_num,), (offset,), (length,))
    except OSError as error:
        raise StoreError(f"{files.body}: cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)
    found.settle()
    return found


def _read(descriptor: int, size: int, offset: int) -> bytes:
    return pread(descriptor, size, offset)


def whole_messages(read: Reader, size: int) -> Iterator[Entry]:
    """Each whole message that the first `size` bytes hold, with the number that it has itself."""
    from_window = windowed(read, size)
    patience = _PATIENCE * size
    offset = 0
    while (offset := _next_start(from_window, offset, size)) < size:
        length = _length(from_window, read, offset, size)
        if length and (length <= _USUAL or patience > 0):
            encoded = (from_window if length <= _IN_WINDOW else read)(length, offset)
            seq_num = seq_num_of(encoded)
            if seq_num is not None and 1 <= seq_num <= MAX_SEQ_NUM and not what_is_wrong(encoded, seq_num):
                yield Entry(seq_num, offset, length)
                offset += length
                continue
            patience -= length
        offset += 1


def _next_start(read: Reader, offset: int, size: int) -> int:
    """Where the next message may begin, or the end of the body."""
    while offset < size:
        text = read(_LOOKED_AT, offset)
        place = text.find(_MESSAGE_START)
        if place >= 0:
            return offset + place
        if len(text) < _LOOKED_AT:
            break
        offset += len(text) - len(_MESSAGE_START) + 1
    return size


def _length(from_window: Reader, read: Reader, offset: int, size: int) -> int:
    """Bytes of the message that may begin there, by its BodyLength; 0 where no trailer stands at its end."""
    head = _HEAD.match(from_window(_LONGEST_HEAD, offset))
    if head is None:
        return 0
    length = head.end() + int(head[1]) + _TRAILER_SIZE
    if length > LARGEST_MESSAGE or offset + length > size:
        return 0
    trailer = read(_TRAILER_SIZE + 1, offset + length - _TRAILER_SIZE - 1)
    return length if _TRAILER_FORM.fullmatch(trailer) else 0
