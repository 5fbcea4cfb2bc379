"""The store in memory keeps to the contract of all stores."""

from __future__ import annotations

import pytest

from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

TIME = 1_769_854_272_123_456_789


def record(seq_num: int, msg_type: str = "D", more: str = "") -> FixMsgStoreRecord:
    body = f"35={msg_type}|49=CLI|56=SRV|34={seq_num}|52=20260131-10:11:12|{more}".replace("|", "\x01")
    return FixMsgStoreRecord(msg_type, TIME, seq_num, sealed(b"FIX.4.4", body.encode(), SOH))


@pytest.fixture
def store() -> FixMsgStore:
    return FixMsgMemoryStore()


def test_a_new_store_is_empty(store: FixMsgStore) -> None:
    assert store.get_state() == FixMsgStoreState(0, 0, 0, None)
    assert store.get(1) is None
    assert not store.exists(1)
    assert store.get_seq_num_range(1) == []
    assert store.get_last_received_time() is None


def test_what_is_put_is_there(store: FixMsgStore) -> None:
    first, third = record(1), record(3, "AE")
    assert store.put(first).messages == 1
    assert store.put(third) == FixMsgStoreState(2, 0, 0, None)
    assert store.get(1) == first
    assert store.get(3) == third
    assert store.get(2) is None
    assert store.exists(3)
    assert not store.exists(2)


def test_a_number_used_again_supersedes(store: FixMsgStore) -> None:
    store.put(record(1))
    newer = record(1, "8")
    assert store.put(newer).messages == 1
    assert store.get(1) == newer


def test_ranges(store: FixMsgStore) -> None:
    kept = {number: record(number) for number in (1, 2, 4)}
    for each in kept.values():
        store.put(each)
    assert store.get_seq_num_range(1) == [kept[1], kept[2], None, kept[4]]  # nothing was sent: to the greatest kept
    store.set_last_sent_seq_num(2)
    assert store.get_seq_num_range(1) == [kept[1], kept[2]]
    assert store.get_seq_num_range(2, 4) == [kept[2], None, kept[4]]
    assert store.get_seq_num_range(-5, 1) == [kept[1]]
    assert store.get_seq_num_range(4, MAX_SEQ_NUM) == [kept[4]]
    assert store.get_seq_num_range(5, 9) == []
    assert store.get_seq_num_range(4, 2) == []
    store.set_last_sent_seq_num(6)
    assert store.get_seq_num_range(4) == [kept[4], None, None]
    assert store.get_seq_num_range(4, 99) == [kept[4], None, None]


def test_numbers_and_time(store: FixMsgStore) -> None:
    store.set_last_sent_seq_num(MAX_SEQ_NUM)
    store.set_last_received_seq_num(7)
    store.set_last_received_time(TIME)
    assert store.get_last_sent_seq_num() == MAX_SEQ_NUM
    assert store.get_last_received_seq_num() == 7
    assert store.get_last_received_time() == TIME
    assert store.get_state() == FixMsgStoreState(0, MAX_SEQ_NUM, 7, TIME)


@pytest.mark.parametrize("number", [-1, MAX_SEQ_NUM + 1])
def test_numbers_that_no_file_could_hold_are_refused(store: FixMsgStore, number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        store.set_last_sent_seq_num(number)
    with pytest.raises(ValueError, match=str(number)):
        store.set_last_received_seq_num(number)
    assert store.get_state() == FixMsgStoreState(0, 0, 0, None)


@pytest.mark.parametrize("number", [-1, 0, MAX_SEQ_NUM + 1])
def test_a_message_of_such_a_number_is_refused(store: FixMsgStore, number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        store.put(record(number))
    assert store.get_state().messages == 0


def test_what_is_not_one_whole_message_is_refused(store: FixMsgStore) -> None:
    store.put(record(1))
    whole = record(2)
    for wrong in (
        whole._replace(encoded=b""),
        whole._replace(encoded=whole.encoded[:-1]),
        whole._replace(encoded=whole.encoded * 2),
        whole._replace(seq_num=1),
        whole._replace(encoded=whole.encoded.replace(b"CLI", b"CLJ")),
    ):
        with pytest.raises(ValueError, match=f"message {wrong.seq_num} is not one whole FIX message: "):
            store.put(wrong)
    assert store.get(1) == record(1)
    assert not store.exists(2)


def test_a_logon_keeps_no_password(store: FixMsgStore) -> None:
    store.put(record(1, "A", "553=me|554=hunter2|95=7|96=hunter2|"))
    assert store.get(1) == record(1, "A", "553=me|554=***|95=3|96=***|")


def test_the_payload_says_the_msg_type(store: FixMsgStore) -> None:
    store.put(record(1, "AE")._replace(msg_type="A"))
    assert store.get(1) == record(1, "AE")


def test_clear_and_reset(store: FixMsgStore) -> None:
    store.put(record(1))
    store.set_last_sent_seq_num(1)
    store.set_last_received_seq_num(5)
    received = store.get_last_received_time()
    assert received is not None
    assert store.clear() == FixMsgStoreState(0, 1, 5, received)
    assert store.get(1) is None
    store.put(record(2))
    store.reset_sequences()
    assert store.get_state() == FixMsgStoreState(0, 0, 0, received)
    assert store.get_seq_num_range(1) == []


def test_a_batch(store: FixMsgStore) -> None:
    with store.batch():
        store.put(record(1))
        store.set_last_sent_seq_num(1)
    assert store.get_state() == FixMsgStoreState(1, 1, 0, None)
    store.close()


def test_numbers_to_be_gap_filled() -> None:
    assert not FixMsgMemoryStore().is_gap_filled(3)
    store = FixMsgMemoryStore(GapFillRanges().with_range(3, 5, "stale"))
    assert [number for number in range(1, 8) if store.is_gap_filled(number)] == [3, 4, 5]
