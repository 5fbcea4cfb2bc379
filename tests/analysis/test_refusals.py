"""Logouts that say that a MsgSeqNum is too low."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.analysis.refusals import numbers_in, refusal_in


def logout(text: str, more: str = "", msg_type: str = "5") -> bytes:
    return f"8=FIX.4.4|9=1|35={msg_type}|34=7|49=A|56=B|58={text}|{more}10=000|".replace("|", "\x01").encode()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("MsgSeqNum too low, expecting 135 but received 120", (135, 120)),
        ("MsgSeqNum too low, expecting 5 but received 2", (5, 2)),
        ("Sequence number received lower than expected. Expected=[5] Received=[2]", (5, 2)),
        ("Incoming seq number 2 is less than expected 5", (5, 2)),
        ("The message has a sequence number (2) less than expected (5) and the PossDupFlag is not set", (5, 2)),
        ("Msg Seq No too Low. Expected 5, Received 2", (5, 2)),
        ("MsgSeqNum(34) 2 is lower than expected 5", (5, 2)),
        ("MsgSeqNum(34) too low, expecting 135 but received 120: 8=FIX.4.4^A9=100^A34=120", (135, 120)),
        ("Sequence number too low. Expected 135, received 120", (135, 120)),
        ("Wrong sequence number: 135 expected, 120 received", (135, 120)),
        ("Sequence number 120 was received but 135 was expected", (135, 120)),
        ("MsgSeqNum too low: got 120, expected 135", (135, 120)),
        ("Message Sequence too low, received 120, expected 135", (135, 120)),
        ("Message sequence number (34=120) is less than expected (135)", (135, 120)),
        ("seqnum too low (expected=135 received=120)", (135, 120)),
        ("Tag 34 (MsgSeqNum) = 120 is lower than expected. Expected: 135", (135, 120)),
        ("sequence number too low: expected 5", (5, None)),
        ("sequence number too low expecting: 135", (135, None)),
        ("NextExpectedMsgSeqNum too high, expecting 120 but received 135", None),
        ("MsgSeqNum too low, expecting 99999999999 but received 5", None),
        ("MsgSeqNum too low, expecting 9999999999 but received 5", None),
        ("MsgSeqNum too low", None),
        ("MsgSeqNum too high, expecting 2 but received 5", None),
        ("Your limit is too low: expected 5, found 2", None),
        ("MsgSeqNum too low, expecting 2,234 but received 1,100", (2234, 1100)),
        ("MsgSeqNum too low, expecting 2'234 but received 1'100", (2234, 1100)),
        ("MsgSeqNum too low, expecting 2 234 but received 1 100", None),
        ("Lower than expected sequence number: 120, expected: 135", (135, 120)),
        ("sequence reset expected at 17:00, received 3 messages", None),
        ("sequence reset expected at 17:45, received 3 messages", None),
        ("MsgSeqNum too low, expecting 0 but received 0", None),
        ("MsgSeqNum too low, expecting 135 but received 0", None),
        ("MsgSeqNum too low, expecting 135 but received -1", None),
        ("MsgSeqNum too low, expecting -135 but received -140", None),
        ("MsgSeqNum too low, expecting 135 but received 12.5", None),
        ("MsgSeqNum too low, expecting 135 but received 1e2", None),
        ("MsgSeqNum too low, expecting 135-140 but received 120", None),
        ("MsgSeqNum too low, expecting-135 received-120", (135, 120)),
        ("MsgSeqNum too low at 12:00:01.5, expecting 135 but received 120", (135, 120)),
        ("Too many logons: received 3 sequence of logon in 10 seconds, expected 5 at most", None),
        ("Sequence numbers will be reset at 5, received 3 connections, expected 7", None),
        ("Sequence number 7: received 3 logons, expected 5", None),
        ("HeartBtInt too low: expected 30, received 10 (sequence number 7)", None),
        ("received 3 messages in sequence, expected less than 5", None),
        ("Sequence number expected 5", None),
        ("Unexpected sequence number 120, expected 135", (135, 120)),
        ("Invalid logon sequence number: Expected: 135 Received: 120", (135, 120)),
        ("", None),
    ],
)
def test_the_words_of_engines(text: str, numbers: tuple[int, int | None] | None) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Order rejected: ClOrdID sequence 5 expected 9", None),
        ("ClOrdID sequence <5>, expected <9>", None),
        ("Heartbeat seq: received 5 messages, expected 10", None),
        ("MsgSeqNum too low, expecting 135 but received 120", 135),
        ("Msg Seq No too Low. Expected 5, Received 2", 5),
        ("Incoming seq number 2 is less than expected 5", 5),
        ("Sequence number received lower than expected. Expected=[5] Received=[2]", 5),
        ("MsgSeqNum 120 < expected 135", 135),
    ],
)
def test_a_reject_must_say_that_the_number_is_too_low(text: str, expected: int | None) -> None:
    refusal = refusal_in(logout(text, msg_type="3"), sent_by_us=False)
    assert (refusal and refusal.expected) == expected


def test_the_peers_refusal_tells_what_will_not_be_sent() -> None:
    refusal = refusal_in(logout("MsgSeqNum too low, expecting 135 but received 120"), sent_by_us=False)
    assert refusal is not None
    assert (refusal.set_out, refusal.set_in, refusal.ours) == (135, None, False)
    assert "received 120:" in refusal.happened
    assert "messages 122 to 134 will not be sent" in refusal.meaning(122, 1)[0]


def test_what_was_sent_under_a_number_is_not_among_what_will_not_be_sent() -> None:
    """Our Logon was 6, and the Logout that answered theirs 7."""
    refusal = refusal_in(logout("MsgSeqNum too low, expecting 9 but received 6"), sent_by_us=False)
    assert refusal is not None
    assert refusal.changes(8, 3) == (9, None)
    assert refusal.meaning(8, 3)[0] == (
        "To set next out to 9 means: of messages 6 to 8 the refused Logon and what followed it used 6 to 7, and message"
        " 8 will not be sent."
    )
    assert refusal.meaning(6, 3)[0] == "To set next out to 9 means: messages 6 to 8 will not be sent."


@pytest.mark.parametrize("next_out", [9, 12])
def test_our_number_never_goes_back(next_out: int) -> None:
    refusal = refusal_in(logout("MsgSeqNum too low, expecting 9 but received 6"), sent_by_us=False)
    assert refusal is not None
    assert refusal.changes(next_out, 3) == (None, None)
    (stays,) = refusal.meaning(next_out, 3)
    assert stays.startswith(f"By now next out is {next_out}: no number is set")


def test_our_own_refusal_tells_what_counts_twice() -> None:
    refusal = refusal_in(logout("MsgSeqNum too low, expecting 5 but received 2"), sent_by_us=True)
    assert refusal is not None
    assert (refusal.set_out, refusal.set_in, refusal.ours) == (None, 2, True)
    assert "messages 2 to 4" in refusal.meaning(9, 5)[0]
    assert refusal.changes(9, 2) == (None, None)
    assert "next in is 2: no number is set" in refusal.meaning(9, 2)[0]


def test_fields_tell_it_where_the_text_does_not() -> None:
    refusal = refusal_in(logout("bad number", "1409=9|789=44|"), sent_by_us=False)
    assert refusal is not None
    assert (refusal.set_out, refusal.received) == (44, None)


def test_other_messages_are_none() -> None:
    assert refusal_in(logout("MsgSeqNum too low, expecting 5 but received 2", msg_type="8"), False) is None
    assert refusal_in(logout("bye"), False) is None
    assert refusal_in(b"no message", False) is None


@given(st.text(), st.booleans())
def test_no_text_of_a_peer_does_harm(text: str, ours: bool) -> None:
    raw = b"8=FIX.4.4\x0135=5\x0158=MsgSeqNum too low expecting " + text.encode("utf-8", "surrogatepass") + b"\x01"
    refusal = refusal_in(raw, ours)
    assert refusal is None or refusal.expected > (refusal.received or 0)
