"""What the message table says of a message beside its sentence: withdrawn, superseded, gap-filled.

Withdrawn is what stood above the last number sent at some time: it was never sent, or somebody has set that number
back. Which of the two nobody can tell from the store; it is not resent.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from purefix_core.logs.index import Entry
from purefix_core.store.message_files import ENTRY, HEAD, INDEX_NAME, index_size, read_index_at_once
from purefix_core.store.offsets import Offsets
from purefix_core.store.quickfix import QuickFixFileStore
from purefix_core.store.quickfix.entries import Entries
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.wire.tags import ADMIN_MSG_TYPES
from purefix_tui.stores.reading import StoreReading

GAP_FILLED, SUPERSEDED, WITHDRAWN, UNLISTED = "gap-filled", "superseded", "withdrawn", "gap-filled (no entry)"

Remark = Callable[[Entry], str]


def remark_of(reading: StoreReading) -> Remark:
    """Says the word for a message of the store's file; "" for one that is resent when it is asked for, and for session
    messages, which no engine resends. To be made in a worker: of ours the index is read. Never raises."""
    if reading.is_ours:
        return _of_ours(reading)
    if reading.opened is not None:
        with reading.opened.reading() as store:
            if isinstance(store, QuickFixFileStore):
                return _of_quickfix(store.get_last_sent_seq_num(), store.entries)
    return lambda _: ""


def _of_ours(reading: StoreReading) -> Remark:
    last_sent = MAX_SEQ_NUM if reading.next_out is None else reading.next_out - 1
    ranges = reading.ranges
    offsets = Offsets()
    index = reading.location.path / INDEX_NAME
    with suppress(OSError, StoreError):  # without it nothing is known to be superseded
        for seq_nums, places in read_index_at_once(index, index_size(index) // ENTRY.size * ENTRY.size):
            offsets.set_all(seq_nums, places)

    def remark(entry: Entry) -> str:
        seq_num, offset = entry.msg_seq_num, entry.offset - HEAD.size
        if seq_num is None:
            return ""
        kept_at = offsets.get(seq_num)
        if kept_at is not None and kept_at != offset:
            return SUPERSEDED
        if seq_num > last_sent or (ranges is not None and ranges.is_withdrawn(seq_num, offset)):
            return WITHDRAWN
        if entry.msg_type in ADMIN_MSG_TYPES:
            return ""
        return GAP_FILLED if ranges is not None and seq_num in ranges else ""

    return remark


def _of_quickfix(last_sent: int, entries: Entries) -> Remark:
    def remark(entry: Entry) -> str:
        seq_num = entry.msg_seq_num
        if seq_num is None:
            return ""
        listed = entries.find(seq_num)
        if listed is not None and listed.offset != entry.offset:
            return SUPERSEDED
        if seq_num > last_sent:
            return WITHDRAWN
        return UNLISTED if listed is None and entry.msg_type not in ADMIN_MSG_TYPES else ""

    return remark
