"""The messages of a store are walked through in pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store import kept
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.kept import kept_messages
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH


def message(seq_num: int) -> FixMsgStoreRecord:
    body = b"35=0\x0134=%d\x0149=CLI\x0152=20260131-12:00:00\x0156=SRV\x01" % seq_num
    return FixMsgStoreRecord("0", 0, seq_num, sealed(b"FIX.4.4", body, SOH))


@given(st.sets(st.integers(1, 2_000), max_size=60), st.integers(-3, 2_100), st.integers(-3, 2_100))
def test_every_number_kept_comes_once_and_in_order(numbers: set[int], first: int, last: int) -> None:
    store = FixMsgMemoryStore()
    for seq_num in numbers:
        store.put(message(seq_num))
    found = list(kept_messages(store, first, last))
    assert found == [(number, message(number)) for number in sorted(numbers) if first <= number <= last]


def test_it_ends_when_all_was_seen() -> None:
    store = FixMsgMemoryStore()
    store.put(message(7))
    store.set_last_sent_seq_num(MAX_SEQ_NUM)
    assert [each.seq_num for each in kept_messages(store, 1, MAX_SEQ_NUM)] == [7]


def test_no_piece_is_larger_than_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_FIRST", 1)
    monkeypatch.setattr(kept, "_AT_ONCE", 3)
    assert asked_for(monkeypatch) == [(2, 2), (3, 4), (5, 7), (8, 8)]


def test_of_large_messages_fewer_are_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_FIRST", 4)
    monkeypatch.setattr(kept, "_LARGE", 1)
    assert asked_for(monkeypatch) == [(2, 5), (6, 7), (8, 8)]


def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None]]:
    """The pieces in which the messages 2 to 8 are read."""
    store = FixMsgMemoryStore()
    for seq_num in range(1, 9):
        store.put(message(seq_num))
    asked: list[tuple[int, int | None]] = []
    whole = store.get_seq_num_range

    def get_seq_num_range(first: int, last: int | None = None) -> list[FixMsgStoreRecord | None]:
        asked.append((first, last))
        return whole(first, last)

    monkeypatch.setattr(store, "get_seq_num_range", get_seq_num_range)
    assert [each.seq_num for each in kept_messages(store, 2, 8)] == [2, 3, 4, 5, 6, 7, 8]
    return asked


def test_a_damaged_message_comes_without_its_record(tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path, "CLI", "SRV") as store:
        for seq_num in (1, 2, 3):
            store.put(message(seq_num))
    data = tmp_path / "CLI.SRV" / "messages.dat"
    data.write_bytes(data.read_bytes().replace(b"34=2\x0149=CLI", b"34=2\x0149=XLI"))
    with FixMsgFileStore.open_folder(tmp_path / "CLI.SRV") as store:
        found = list(kept_messages(store, 1, 9))
    assert [(each.seq_num, each.record is None) for each in found] == [(1, False), (2, True), (3, False)]
