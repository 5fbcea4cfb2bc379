"""What the next Logon will bring, out of stores that hold just that."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store import next_logon
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.next_logon import forecast
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from purefix_core.wire.tags import ADMIN_MSG_TYPES


def message(seq_num: int, msg_type: str) -> FixMsgStoreRecord:
    body = b"35=%b\x0134=%d\x0149=CLI\x0152=20260131-12:00:00\x0156=SRV\x01" % (msg_type.encode(), seq_num)
    return FixMsgStoreRecord(msg_type, 0, seq_num, sealed(b"FIX.4.4", body, SOH))


def store_of(msg_types: str, first: int = 1, received: int = 0, gap_filled: Container[int] = ()) -> FixMsgMemoryStore:
    """A store that sent messages of these MsgTypes; `.` is one that is not kept."""
    store = FixMsgMemoryStore(gap_filled)
    for seq_num, msg_type in enumerate(msg_types, first):
        if msg_type != ".":
            store.put(message(seq_num, msg_type))
    store.set_last_sent_seq_num(first + len(msg_types) - 1)
    store.set_last_received_seq_num(received)
    return store


def test_the_peer_expects_what_comes_next() -> None:
    coming = forecast(store_of("AD", received=7), 3, 8)
    assert (coming.outgoing.last, coming.outgoing.next, coming.outgoing.outcome) == (2, 3, "in sequence")
    assert (coming.incoming.last, coming.incoming.next, coming.incoming.outcome) == (7, 8, "in sequence")
    assert coming.resend is None
    assert coming.lines == (
        "out: The peer expects 3, you would send 3: in sequence.",
        "in: The peer sends 8 next, you expect 8: in sequence.",
        "A Logon with ResetSeqNumFlag(141)=Y starts both directions from 1 instead, and nothing is resent.",
    )


def test_the_peer_expects_more_than_was_sent() -> None:
    coming = forecast(store_of("D", first=119), 135)
    assert (coming.outgoing.outcome, coming.resend) == ("logout", None)
    assert coming.outgoing.text == (
        "The peer expects 135, you would send 120: it will log you out (MsgSeqNum too low). Set next-out to 135: "
        "it then accepts your Logon, and does not ask for 120-134."
    )


def test_the_peer_asks_for_what_it_missed() -> None:
    store = store_of("A0D8D8D8D8D8D8D.5", first=118, gap_filled={122})
    coming = forecast(store, 120)
    assert coming.outgoing.outcome == "resend"
    assert coming.resend is not None
    assert (coming.resend.first, coming.resend.last, coming.resend.counted_to) == (120, 134, 134)
    assert coming.resend.msg_types == {"8": 6, "D": 6}
    assert (coming.resend.business, coming.resend.gap_filled) == (12, 3)
    assert (coming.resend.session_messages, coming.resend.not_kept, coming.resend.marked) == (1, 1, 1)
    assert coming.resend.messages == 14
    assert coming.outgoing.text == (
        "The peer expects 120, you would send 135. It will ask for 120-134: 12 business messages can be resent "
        "(D: 6, 8: 6), 3 will be gap-filled (1 session message, 1 not kept, 1 marked in resend.json)."
    )


@pytest.mark.parametrize("msg_type", sorted(ADMIN_MSG_TYPES))
def test_no_session_message_is_resent(msg_type: str) -> None:
    store = FixMsgMemoryStore()
    store.put(message(1, msg_type))
    store.set_last_sent_seq_num(1)
    coming = forecast(store, 1)
    assert coming.outgoing.text == (
        "The peer expects 1, you would send 2. It will ask for 1: 0 business messages can be resent, 1 will be "
        "gap-filled (1 session message)."
    )


def test_messages_above_the_last_sent_are_not_counted() -> None:
    store = store_of("DDDD")
    store.set_last_sent_seq_num(2)
    coming = forecast(store, 1)
    assert coming.resend is not None
    assert (coming.resend.last, coming.resend.business, coming.resend.gap_filled) == (2, 2, 0)


def test_without_the_peers_numbers_every_case_is_told() -> None:
    coming = forecast(store_of("A05D8", first=130, received=41))
    assert (coming.outgoing.outcome, coming.incoming.outcome) == ("unknown", "unknown")
    assert coming.lines[:-1] == (
        "out: If the peer expects 135 (one more than the last sent): in sequence.",
        "out: If it expects less, say 133: it will ask for 133-134: 2 business messages can be resent (D: 1, 8: 1), 0 "
        "will be gap-filled.",
        "out: If it expects more: it will log you out (MsgSeqNum too low).",
        "in: If the peer sends 42 next: in sequence.",
        "in: If it sends more, say 45: you will ask for 42-44.",
        "in: If it sends less: you will log it out (MsgSeqNum too low), unless the message is a PossDup.",
    )


def test_of_a_new_store() -> None:
    coming = forecast(FixMsgMemoryStore())
    assert (coming.outgoing.next, coming.incoming.next, coming.resend) == (1, 1, None)
    assert coming.outgoing.text == (
        "If the peer expects 1: in sequence. If it expects more: it will log you out (MsgSeqNum too low)."
    )
    assert coming.incoming.text == (
        "If the peer sends 1 next: in sequence. If it sends more, say 4: you will ask for 1-3."
    )
    assert forecast(FixMsgMemoryStore(), 1, 1).outgoing.outcome == "in sequence"


def test_a_direction_that_is_not_asked_about_gets_one_sentence() -> None:
    store = store_of("AD8", received=7)
    coming = forecast(store, 2)
    assert coming.incoming.sentences == ("You expect 8; what the peer sends next is not known.",)
    assert (coming.incoming.outcome, coming.outgoing.outcome) == ("unknown", "resend")
    coming = forecast(store, None, 9)
    assert coming.outgoing.sentences == ("You would send 4; what the peer expects is not known.",)
    assert (coming.outgoing.outcome, coming.incoming.outcome, coming.resend) == ("unknown", "resend", None)


def test_messages_not_kept_and_damaged_ones_are_told_apart(tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path, "CLI", "SRV") as store:
        for seq_num in (1, 3, 4):
            store.put(message(seq_num, "D"))
        store.set_last_sent_seq_num(4)
    data = tmp_path / "CLI.SRV" / "messages.dat"
    data.write_bytes(data.read_bytes().replace(b"34=3\x0149=CLI", b"34=3\x0149=XLI"))
    with FixMsgFileStore.open_folder(tmp_path / "CLI.SRV") as store:
        coming = forecast(store, 1)
    assert coming.resend is not None
    assert (coming.resend.not_kept, coming.resend.damaged, coming.resend.messages) == (1, 1, 3)
    assert "2 will be gap-filled (1 not kept, 1 damaged)" in coming.outgoing.text


@pytest.mark.parametrize(
    ("peer", "out", "incoming"), [((4, 8), None, None), ((9, 3), 9, 3), ((2, 12), None, 12), ((None, None), None, None)]
)
def test_what_is_advised_to_be_set(peer: tuple[int | None, int | None], out: int | None, incoming: int | None) -> None:
    coming = forecast(store_of("AD8", received=7), *peer)
    assert (coming.outgoing.set_to, coming.incoming.set_to) == (out, incoming)


def test_the_example_is_the_last_number_where_no_business_message_is_near() -> None:
    resend = forecast(store_of("DA00")).resend
    assert resend is not None
    assert resend.first == 1
    resend = forecast(store_of("A000")).resend
    assert resend is not None
    assert (resend.first, resend.last, resend.session_messages) == (4, 4, 1)


def test_the_peer_sends_more_than_is_expected() -> None:
    coming = forecast(store_of("", received=56), None, 60)
    assert coming.incoming.outcome == "resend"
    assert coming.incoming.text == (
        "The peer sends 60 next, you expect 57: you will ask for 57-59. Set next-in to 60 only to do without these "
        "messages."
    )


def test_the_peer_sends_less_than_is_expected() -> None:
    coming = forecast(store_of("", received=56), None, 50)
    assert coming.incoming.outcome == "logout"
    assert coming.incoming.text == (
        "The peer sends 50 next, you expect 57: you will log it out (MsgSeqNum too low), unless the message is a "
        "PossDup. Set next-in to 50: you then take 50-56 as new messages, though you received messages of these "
        "numbers before."
    )


def test_other_numbers_can_stand_for_those_of_the_store() -> None:
    store = store_of("AD8", received=5)
    coming = forecast(store, 3, 9, last_sent=5, last_received=8)
    assert (coming.outgoing.next, coming.incoming.next, coming.incoming.outcome) == (6, 9, "in sequence")
    assert coming.resend is not None
    assert (coming.resend.business, coming.resend.not_kept) == (1, 2)
    assert store.get_state()[1:3] == (3, 5)


def test_numbers_set_far_ahead_end_soon() -> None:
    store = store_of("AD")
    store.set_last_sent_seq_num(MAX_SEQ_NUM)
    resend = forecast(store, 1).resend
    assert resend is not None
    assert (resend.business, resend.counted_to, resend.gap_filled) == (1, 1_000_000, 999_999)
    assert forecast(store).outgoing.next == MAX_SEQ_NUM + 1


def test_a_very_long_range_is_counted_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_logon, "_MOST_COUNTED", 3)
    coming = forecast(store_of("ADDDDD"), 2)
    assert coming.outgoing.text == (
        "The peer expects 2, you would send 7. It will ask for 2-6. Of these 2-4 were counted: 3 business messages "
        "can be resent (D: 3), 0 will be gap-filled."
    )


@pytest.mark.parametrize("numbers", [(0, None), (None, 0), (-5, 1)])
def test_a_peer_has_no_numbers_below_one(numbers: tuple[int | None, int | None]) -> None:
    with pytest.raises(ValueError, match="is no MsgSeqNum"):
        forecast(FixMsgMemoryStore(), *numbers)


@given(st.text("AD805.", max_size=1200), st.integers(1, 1300), st.sets(st.integers(1, 1200)))
def test_every_number_asked_for_is_counted_once(msg_types: str, expected: int, marked: set[int]) -> None:
    store = store_of(msg_types, gap_filled=marked)
    coming = forecast(store, expected)
    if expected > len(msg_types):
        assert coming.resend is None
        return
    asked = list(enumerate(msg_types, 1))[expected - 1 :]
    can_be = [msg_type for seq_num, msg_type in asked if msg_type in "D8" and seq_num not in marked]
    assert coming.resend is not None
    assert coming.resend.business == len(can_be)
    assert coming.resend.gap_filled == len(asked) - len(can_be)
    assert coming.resend.damaged == 0
    assert coming.resend.not_kept == sum(msg_type == "." for _, msg_type in asked)
    assert coming.resend.session_messages == sum(msg_type in "A05" for _, msg_type in asked)
