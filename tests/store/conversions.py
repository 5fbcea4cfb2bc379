"""Stores that are converted in tests, and what each of them holds."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from purefix_core.store import quickfix
from purefix_core.store.converting import Converted
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.located import open_store as open_located
from purefix_core.store.quickfix.files import CPP
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord
from tests.store.file_stores import filled
from tests.store.quickfix_stores import message

FIVE = [message(number) for number in range(1, 6)]


class Held(NamedTuple):
    """What a store must still hold in another layout."""

    messages: dict[int, bytes]
    marked: set[int]
    next_out: int
    next_in: int


def held_in(location: StoreLocation) -> Held:
    store = open_located(location)
    kept = {number: store.get(number) for number in store.kept_numbers(1, MAX_SEQ_NUM)}
    messages = {number: each.encoded for number, each in kept.items() if each is not None}
    marked = set(filter(store.is_gap_filled, messages))
    store.close()
    if location.files is not None:
        again = quickfix.list_again(location.files, 1, MAX_SEQ_NUM, dry_run=True)[0] if location.layout == CPP else []
        marked = set(again)
    return Held(messages, marked, store.get_last_sent_seq_num() + 1, store.get_last_received_seq_num() + 1)


def ours(path: Path, *records: FixMsgStoreRecord, last_sent: int | None = None, received: int = 41) -> StoreLocation:
    folder = filled(path, *records, last_sent=last_sent)
    with FixMsgFileStore.open_folder(folder, read_only=False) as store:
        store.set_last_received_seq_num(received)
    return StoreLocation(folder, PUREFIX)


def files_of(converted: Converted) -> quickfix.QuickFixFiles:
    assert converted.location.files is not None
    return converted.location.files
