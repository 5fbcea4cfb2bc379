"""What a person at the console can do, and the line in the event log that says so: who, old and new."""

from __future__ import annotations

import pytest

from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.states import State
from tests.session.session_bench import FIX40, FIX44, Bench, stamp, value
from tests.session.session_lines import gap_fill, order, order_again, order_line


def said(bench: Bench, *words: object) -> bool:
    """Whether a line of the event log names `alice` and has all of these words."""
    bench.take()
    return any("alice" in note and all(str(word) in note for word in words) for note in bench.notes)


def test_connect_without_logon() -> None:
    bench = Bench(FIX44, initiator=True)
    bench.session.manual.hold_logon(True, "alice")
    bench.connect()
    bench.expect()
    assert bench.state is State.CONNECTING
    assert bench.wait(1000) == []
    assert not bench.closed
    bench.session.manual.log_on("alice", bench.now)
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|")
    assert said(bench, "Logon", "held", "sent")
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|")
    bench.is_alive(2, 2)


def test_logon_timeout_counts_from_the_logon_that_was_held() -> None:
    bench = Bench(FIX44, initiator=True, logon_timeout=10)
    bench.session.manual.hold_logon(True, "alice")
    bench.connect()
    bench.wait(100)
    bench.session.manual.log_on("alice", bench.now)
    bench.take()
    bench.wait(9)
    assert not bench.closed
    bench.wait(1)
    assert bench.closed


def test_logon_that_is_held_once_can_be_sent_again_by_itself() -> None:
    bench = Bench(FIX44, initiator=True)
    bench.session.manual.hold_logon(True, "alice")
    bench.session.manual.hold_logon(False, "alice")
    bench.connect()
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|")
    assert said(bench, "off", "on")


def test_log_on_twice_by_hand() -> None:
    bench = Bench(FIX44, initiator=True).log_on()
    with pytest.raises(ValueError, match="no Logon is held"):
        bench.session.manual.log_on("alice", bench.now)
    bench.expect()
    bench.is_alive(2, 2)


def test_log_on_by_hand_without_a_connection() -> None:
    bench = Bench(FIX44, initiator=True)
    with pytest.raises(ValueError, match="no Logon is held"):
        bench.session.manual.log_on("alice", bench.now)
    assert bench.take() == []


def test_send_with_an_overridden_number_is_neither_stored_nor_counted() -> None:
    bench = Bench(FIX44).log_on()
    message = order("A")
    message.header = [(34, b"77")]
    assert bench.session.manual.send(message, "alice", bench.now).seq_num == 77
    bench.expect(order_line(77, "A"))
    assert bench.numbers == (2, 2)
    assert bench.store.get(77) is None
    assert said(bench, 77, "34")


def test_send_with_an_overridden_number_that_is_to_be_stored() -> None:
    bench = Bench(FIX44).log_on()
    message = order("A")
    message.header = [(34, b"7")]
    bench.session.manual.send(message, "alice", bench.now, store=True)
    bench.expect(order_line(7, "A"))
    assert bench.numbers == (8, 2)
    time = stamp(bench.now, 3)
    bench.now += 10**9
    bench.receive("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|", gap_fill(1, 7), order_again(7, "A", time))


def test_send_without_a_number_is_an_ordinary_message() -> None:
    bench = Bench(FIX44).log_on()
    sent = bench.session.manual.send(order("A"), "alice", bench.now)
    assert sent.seq_num == 2
    assert bench.take() == [sent.raw]
    assert bench.numbers == (3, 2)
    assert value(bench.store.get(2).encoded, 11) == "A"


@pytest.mark.parametrize(
    ("tag", "text"), [(49, "SOMEBODY"), (56, "ELSE"), (52, "20010101-00:00:00"), (43, "Y"), (122, "20200101-00:00:00")]
)
def test_any_field_of_the_header_can_be_overridden(tag: int, text: str) -> None:
    bench = Bench(FIX44).log_on()
    message = FlatMessage("0", header=[(tag, text.encode())])
    bench.session.manual.send(message, "alice", bench.now)
    (sent,) = bench.take()
    assert value(sent, tag) == text
    assert sent.count(b"\x01%d=" % tag) == 1
    assert said(bench, tag)


def test_manual_logon_and_logout_move_the_state() -> None:
    bench = Bench(FIX44, initiator=True)
    bench.session.manual.hold_logon(True, "alice")
    bench.connect()
    bench.session.manual.send(FlatMessage("A", [(98, b"0"), (108, b"5")]), "alice", bench.now)
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=5|")
    assert bench.state is State.LOGON_SENT
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=5|")
    assert bench.session.is_logged_on
    bench.session.manual.send(FlatMessage("5", [(58, b"by hand")]), "alice", bench.now)
    bench.expect("35=5|34=2|49=WE|52=<TIME>|56=PEER|58=by hand|")
    assert bench.state is State.LOGOUT_SENT
    bench.receive("35=5|34=2|49=PEER|52=<TIME>|56=WE|", closes=True)


@pytest.mark.parametrize("initiator", [True, False])
@pytest.mark.parametrize("number", [[], [(34, b"77")], [(34, b"1")]])
def test_the_answer_to_a_reset_by_hand_is_not_answered(number: list[tuple[int, bytes]], initiator: bool) -> None:
    """Both sides would answer each other for ever: the peer takes what we answer for a further reset."""
    bench = Bench(FIX44, initiator=initiator).log_on()
    bench.is_alive(2, 2)
    reset = FlatMessage("A", [(98, b"0"), (108, b"90"), (141, b"Y")], number)
    sent = bench.session.manual.send(reset, "alice", bench.now)
    assert bench.take() == [sent.raw]
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=90|141=Y|")
    assert bench.state is State.ACTIVE
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)
    bench.receive(
        "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141=Y|",
        "35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|141=Y|",
    )
    bench.is_alive(2, 2)


def test_the_answer_to_a_first_logon_by_hand_that_resets() -> None:
    bench = Bench(FIX44, initiator=True).log_on()
    bench.is_alive(2, 2)
    bench.disconnect()
    bench.session.manual.hold_logon(True, "alice")
    bench.connect()
    bench.session.manual.send(FlatMessage("A", [(98, b"0"), (108, b"30"), (141, b"Y")]), "alice", bench.now)
    bench.expect("35=A|34=3|49=WE|52=<TIME>|56=PEER|98=0|108=30|141=Y|")
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141=Y|")
    assert bench.state is State.ACTIVE
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


def test_resets_that_follow_each_other_end_the_session() -> None:
    """A peer that takes our answer for one more reset would have us send thousands a second."""
    theirs = "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141=Y|"
    ours = "35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|141=Y|"
    bench = Bench(FIX44).log_on()
    bench.is_alive(2, 2)
    for _ in range(2):  # what comes between two of them makes them wanted ones
        for _ in range(3):
            bench.receive(theirs, ours)
        bench.is_alive(2, 2)
    for _ in range(3):
        bench.receive(theirs, ours)
    bench.feed(theirs)
    (logout,) = bench.take()
    assert value(logout, 35) == "5"
    assert "nothing between them" in (value(logout, 58) or "")
    assert bench.closed
    bench.disconnect()
    bench.connect()
    for _ in range(4):  # the first one opens the session
        bench.receive(theirs, ours)


def test_the_next_connection_has_the_heartbeat_interval_of_the_settings_again() -> None:
    bench = Bench(FIX44, initiator=True).log_on()
    bench.receive(
        "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=90|141=Y|",
        "35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=90|141=Y|",
    )
    bench.disconnect()
    bench.connect()
    bench.expect("35=A|34=2|49=WE|52=<TIME>|56=PEER|98=0|108=30|")


def test_send_by_hand_without_a_connection() -> None:
    bench = Bench(FIX44)
    with pytest.raises(ValueError, match="not connected"):
        bench.session.manual.send(order("A"), "alice", bench.now)


def test_number_that_is_none_cannot_be_stored() -> None:
    bench = Bench(FIX44).log_on()
    message = FlatMessage("0", header=[(34, b"abc")])
    with pytest.raises(ValueError, match="MsgSeqNum"):
        bench.session.manual.send(message, "alice", bench.now, store=True)
    bench.session.manual.send(message, "alice", bench.now)
    (sent,) = bench.take()
    assert value(sent, 34) == "abc"


@pytest.mark.parametrize("number", ["0", "99999999999", "-1", "2147483648"])
def test_numbers_that_a_store_cannot_hold(number: str) -> None:
    bench = Bench(FIX44).log_on()
    message = FlatMessage("0", header=[(34, number.encode())])
    bench.session.manual.send(message, "alice", bench.now)
    (sent,) = bench.take()
    assert value(sent, 34) == number
    with pytest.raises(ValueError, match="MsgSeqNum"):
        bench.session.manual.send(message, "alice", bench.now, store=True)
    bench.expect()
    assert bench.numbers == (2, 2)


def test_heartbeats_are_held() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.session.manual.hold_heartbeats(True, "alice")
    assert [value(raw, 35) for _, raw in bench.wait(11.9)] == []
    bench.receive("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|")
    assert bench.numbers == (2, 3)
    bench.session.manual.hold_heartbeats(False, "alice")
    assert said(bench, "Heartbeats", "on", "off")
    bench.session.tick(bench.now)
    assert [value(raw, 35) for raw in bench.take()] == ["0"]
    bench.is_alive(3, 3)


def test_resend_requests_are_ignored() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.manual.ignore_resend_requests(True, "alice")
    bench.receive("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|")
    assert bench.numbers == (2, 3)
    bench.session.manual.ignore_resend_requests(False, "alice")
    assert said(bench, "ResendRequests", "on", "off")
    bench.receive("35=2|34=3|49=PEER|52=<TIME>|56=WE|7=1|16=0|", gap_fill(1, 2))


def test_outgoing_messages_are_dropped() -> None:
    """They are numbered and stored: the peer finds a gap."""
    bench = Bench(FIX44).log_on()
    bench.session.manual.drop_outgoing(2, "alice")
    for name in "ABC":
        bench.session.send(order(name), bench.now)
    bench.expect(order_line(4, "C"))
    assert said(bench, "outgoing", "0 -> 2")
    time = stamp(bench.now, 3)
    bench.now += 10**9
    bench.receive(
        "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=0|",
        order_again(2, "A", time),
        order_again(3, "B", time),
        order_again(4, "C", time),
    )


def test_incoming_messages_are_dropped() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.manual.drop_incoming(2, "alice")
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|")
    assert bench.numbers == (2, 2)
    bench.receive("35=0|34=4|49=PEER|52=<TIME>|56=WE|", "35=2|34=2|49=WE|52=<TIME>|56=PEER|7=2|16=0|")
    assert said(bench, "incoming", "0 -> 2")


def test_dropped_incoming_message_is_no_sign_of_life() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.wait(11)
    bench.session.manual.drop_incoming(1, "alice")
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    assert [value(raw, 35) for _, raw in bench.wait(1)] == ["1"]


@pytest.mark.parametrize("connected", [True, False])
def test_numbers_are_set(connected: bool) -> None:
    bench = Bench(FIX44)
    if connected:
        bench.log_on()
    bench.session.manual.set_numbers("alice", bench.now, next_sender=50, next_target=70)
    assert bench.numbers == (50, 70)
    old = 2 if connected else 1
    assert said(bench, "out", f"{old} -> 50")
    assert said(bench, "in", f"{old} -> 70")
    if connected:
        bench.is_alive(70, 50)
    else:
        bench.log_on(70, first=50)


def test_one_number_is_set() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.manual.set_numbers("alice", bench.now, next_sender=9)
    assert bench.numbers == (9, 2)
    bench.session.manual.set_numbers("alice", bench.now, next_target=1)
    assert bench.numbers == (9, 1)


@pytest.mark.parametrize("number", [0, -1, 2**31 + 1, 2**63])
@pytest.mark.parametrize("which", ["next_sender", "next_target"])
def test_numbers_that_cannot_be_set(number: int, which: str) -> None:
    bench = Bench(FIX44).log_on()
    with pytest.raises(ValueError, match="MsgSeqNum"):
        bench.session.manual.set_numbers("alice", bench.now, **{which: number})
    assert bench.numbers == (2, 2)
    assert not said(bench, number)
    bench.is_alive(2, 2)


def test_both_numbers_are_set_or_none() -> None:
    bench = Bench(FIX44).log_on()
    with pytest.raises(ValueError, match="MsgSeqNum"):
        bench.session.manual.set_numbers("alice", bench.now, next_sender=9, next_target=-1)
    assert bench.numbers == (2, 2)


def test_lower_sender_number_does_not_bring_old_messages_back() -> None:
    """A number that is used again belongs to the message that has it now."""
    bench = Bench(FIX44).log_on()
    for name in "ABC":
        bench.session.send(order(name), bench.now)
    bench.take()
    bench.session.manual.set_numbers("alice", bench.now, next_sender=2)
    bench.session.send(order("NEW"), bench.now)
    bench.expect(order_line(2, "NEW"))
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|")
    sent = bench.take()
    assert [value(each, 11) for each in sent if value(each, 35) == "D"] == ["NEW"]


def test_reset_while_nothing_is_connected() -> None:
    bench = Bench(FIX44).log_on()
    bench.is_alive(2, 2)
    bench.disconnect()
    bench.session.manual.reset("alice", bench.now)
    assert bench.numbers == (1, 1)
    assert said(bench, "3 (out), 3 (in)", "1, 1")
    bench.log_on()


def test_reset_in_a_running_session() -> None:
    bench = Bench(FIX44).log_on()
    bench.is_alive(2, 2)
    bench.session.manual.reset("alice", bench.now)
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|141=Y|")
    assert said(bench, "3 (out), 3 (in)", "1, 1")
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141=Y|")
    bench.is_alive(2, 2)


def test_reset_in_a_running_session_that_is_not_answered() -> None:
    """The connection ends at the Logon's time-out, counted from that Logon."""
    bench = Bench(FIX44, logon_timeout=10).log_on(heart_bt_int=30)
    bench.wait(15)
    bench.session.manual.reset("alice", bench.now)
    bench.take()
    bench.wait(9)
    assert not bench.closed
    bench.wait(2)
    assert bench.closed


def test_reset_in_a_running_session_of_fix40() -> None:
    bench = Bench(FIX40).log_on()
    with pytest.raises(ValueError, match=r"FIX\.4\.0"):
        bench.session.manual.reset("alice", bench.now)
    bench.is_alive(2, 2)


def test_no_reset_under_a_logon_that_is_not_answered_yet() -> None:
    bench = Bench(FIX44, initiator=True)
    bench.connect()
    bench.take()
    with pytest.raises(ValueError, match="cannot be reset in state logon sent"):
        bench.session.manual.reset("alice", bench.now)
    assert bench.numbers == (2, 1)


def test_password_sent_by_hand_is_in_no_note() -> None:
    bench = Bench(FIX44, initiator=True)
    bench.session.manual.hold_logon(True, "alice")
    bench.connect()
    message = FlatMessage("A", [(98, b"0"), (108, b"5"), (554, b"hunter2")], header=[(115, b"X")])
    bench.session.manual.drop_outgoing(1, "alice")
    bench.session.manual.send(message, "alice", bench.now)
    bench.take()
    assert not any("hunter2" in note for note in bench.notes)
