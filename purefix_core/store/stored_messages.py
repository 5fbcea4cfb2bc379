"""All that a store holds of messages, whichever layout it has."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from purefix_core.store import quickfix
from purefix_core.store.kept import kept_messages
from purefix_core.store.message_files import windowed
from purefix_core.store.payload import msg_type_of, sending_time_of
from purefix_core.store.progress import OnProgress, untold
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.quickfix.body import without_entry
from purefix_core.store.quickfix.reading import open_to_read, pread
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord


class Stored(NamedTuple):
    """A number that there is a message of."""

    seq_num: int
    record: FixMsgStoreRecord | None
    """None where it is damaged."""
    is_marked: bool
    """Not to be resent: listed in resend.json, or without an entry in QuickFIX's header."""


def stored_messages(store: FixMsgStore, on_progress: OnProgress = untold) -> Iterator[Stored]:
    """In the order of the numbers, those above the last number sent too. Never more than some are held.

    Raises StoreError, and OSError.
    """
    kept = kept_messages(store, 1, MAX_SEQ_NUM)
    if not isinstance(store, quickfix.QuickFixFileStore):
        return (Stored(seq_num, record, store.is_gap_filled(seq_num)) for seq_num, record in kept)
    listed = (Stored(seq_num, record, False) for seq_num, record in kept)
    return heapq.merge(listed, _unlisted(store, on_progress), key=attrgetter("seq_num"))


def _unlisted(store: quickfix.QuickFixFileStore, on_progress: OnProgress) -> Iterator[Stored]:
    """The whole messages of the body that no entry points at: the engine fills the gap instead of sending them."""
    found = without_entry(store.files, store.entries, on_progress)
    descriptor = open_to_read(store.files.body) if found else None
    if descriptor is None:
        return
    try:
        read = windowed(partial(_read, descriptor), os.fstat(descriptor).st_size)
        for seq_num, offset, size in found:
            encoded = read(size, offset)
            record = FixMsgStoreRecord(msg_type_of(encoded), sending_time_of(encoded), seq_num, encoded)
            yield Stored(seq_num, record, True)
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, offset: int) -> bytes:
    return pread(descriptor, size, offset)
