"""Reads a whole store and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, Hole, read_index, reader_of, walk
from purefix_core.store.payload import msg_type_of
from purefix_core.store.records import StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, read_session_meta

_MOST_LINES = 1000
"""What is wrong with more messages than these is only counted."""


def verify(folder: Path) -> list[str]:
    """A line for each thing that is wrong with the store in a folder; none where it is whole. Changes nothing.

    A store in use may seem to end with half a message. Raises OSError.
    """
    wrong: list[str] = []
    for check in (_meta, _resend_ranges, _messages):
        try:
            for line in check(folder):
                if len(wrong) < _MOST_LINES:
                    wrong.append(line)
                else:
                    wrong[-1] = "there is more that is wrong"
                    return wrong
        except StoreError as error:
            wrong.append(str(error))
    return wrong


def _meta(folder: Path) -> Iterator[str]:
    try:
        read_session_meta(folder / FILE_NAME)
    except FileNotFoundError:
        yield f"{folder / FILE_NAME}: is missing"


def _resend_ranges(folder: Path) -> Iterator[str]:
    GapFillRanges.load(folder / RESEND_FILE)
    yield from ()


def _messages(folder: Path) -> Iterator[str]:
    """Each record, and whether the index has all of them in their order, and nothing else."""
    data = folder / DATA_NAME
    entries = read_index(folder / INDEX_NAME)
    index_agrees = True
    with reader_of(data) as (read, size):
        for found in walk(read, 0, size):
            if isinstance(found, Hole):
                at_end = "; it ends with half a message" if found.end == size else ""
                yield f"{data}: {found.end - found.offset:,} bytes at {found.offset:,} are no message{at_end}"
                continue
            index_agrees = index_agrees and next(entries, None) == (found.seq_num, found.offset)
            if found.wrong:
                yield f"{data}: message {found.seq_num} at {found.offset:,} is damaged: {found.wrong}"
            elif msg_type_of(found.encoded).encode("utf-8", "replace")[:1] != bytes((found.type_byte,)):
                yield (
                    f"{data}: message {found.seq_num} at {found.offset:,} has MsgType {msg_type_of(found.encoded)},"
                    f" but its record says {chr(found.type_byte)!r}; nothing goes by that"
                )
    if not index_agrees or next(entries, None) is not None:
        yield f"{folder / INDEX_NAME}: does not agree with {DATA_NAME}; repair makes it anew"
