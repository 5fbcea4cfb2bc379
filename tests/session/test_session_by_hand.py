"""What a person does by hand: what is said of it before, and that exactly that is done."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session import by_hand
from purefix_core.session.settings import ScheduleSettings
from purefix_core.session.states import State
from purefix_core.wire.timestamps import NANOS
from tests.session.deeds import bench_of, deed, do, does_as_said, said
from tests.session.session_bench import FIX40, FIX41, FIX50SP2, Bench, printable, value

# -- connecting ------------------------------------------------------------------------------------------------------


def test_a_connection_is_made_without_a_logon_until_it_is_sent_by_hand() -> None:
    bench = bench_of()
    what = deed(bench, by_hand.connect)
    assert what.lines[0] == "Connects to venue.example:9876, else 10.0.0.7:9877 without TLS."
    assert what.message is None
    assert do(bench, what) == []
    bench.connect()
    bench.expect()
    what = deed(bench, by_hand.logon)
    assert "MsgSeqNum 1; we expect 1" in said(what)
    does_as_said(bench, what)
    assert bench.state is State.LOGON_SENT


def test_a_logon_may_be_asked_for_before_there_is_a_connection() -> None:
    bench = bench_of(username="me", password="secret-word")
    do(bench, deed(bench, by_hand.connect))
    what = deed(bench, by_hand.logon)
    assert what.lines[0].startswith("Connects to venue.example:9876")
    assert what.message is not None
    assert b"secret-word" not in what.message
    assert value(what.message, 554) == "***"
    assert "secret-word" not in repr(what)
    assert do(bench, what) == []
    bench.connect()
    (sent,) = bench.take()
    assert value(sent, 554) == "secret-word"


@pytest.mark.parametrize("connected", [True, False])
def test_numbers_are_set_and_the_logon_with_them_is_shown(connected: bool) -> None:
    bench = bench_of()
    do(bench, deed(bench, by_hand.connect))
    if connected:
        bench.connect()
    what = deed(bench, by_hand.logon, next_out=135, next_in=7)
    assert what.message is not None
    assert value(what.message, 34) == "135"
    assert "Our next MsgSeqNum is 135 instead of 1." in said(what)
    assert "we expect 7 from it" in said(what)
    sent = do(bench, what)
    if not connected:
        bench.connect()
        sent = bench.take()
    assert [value(each, 34) for each in sent] == ["135"]
    assert (bench.session.next_sender_seq_num, bench.session.next_target_seq_num) == (136, 7)


def test_an_acceptor_sets_numbers_and_waits_for_the_logon() -> None:
    bench = bench_of(initiator=False)
    plain = deed(bench, by_hand.listen)
    assert plain.lines == deed(bench, by_hand.connect).lines
    what = deed(bench, by_hand.listen, next_out=135, next_in=7)
    assert "Our next MsgSeqNum is 135 instead of 1." in what.lines
    assert what.lines[-2:] == plain.lines
    brief = deed(bench, by_hand.listen, next_in=7, brief=True)
    assert brief.lines == ("The MsgSeqNum that we expect next is 7 instead of 1.", *plain.lines)
    assert what.message is None
    assert bench.numbers == (1, 1)  # it is only said until now
    assert do(bench, what) == []
    assert bench.numbers == (135, 7)
    bench.connect()
    with pytest.raises(ValueError, match="disconnect first"):
        deed(bench, by_hand.listen, next_in=8)
    with pytest.raises(ValueError, match="not as it was"):
        do(bench, brief)


@pytest.mark.parametrize("connected", [True, False])
def test_a_logon_that_resets(connected: bool) -> None:
    bench = bench_of(enable_last_msg_seq_num_processed=True, enable_next_expected_msg_seq_num=True)
    bench.session.manual.set_numbers("tester", bench.now, next_sender=12, next_target=9)
    if connected:
        do(bench, deed(bench, by_hand.connect))
        bench.connect()
    plain = deed(bench, by_hand.logon)
    assert plain.message is not None
    assert (value(plain.message, 34), value(plain.message, 369), value(plain.message, 789)) == ("12", "8", "9")
    what = deed(bench, by_hand.logon, reset=True)
    assert "they stand at 12 out and 9 in" in said(what)
    assert what.message is not None
    assert (value(what.message, 34), value(what.message, 369), value(what.message, 789)) == ("1", "0", "1")
    assert bench.numbers == (12, 9)  # it is only said until now
    sent = do(bench, what)
    if not connected:
        assert sent == []
        bench.connect()
        sent = bench.take()
    assert sent == [what.message]
    bench.disconnect()
    bench.session.manual.hold_logon(False, "tester")
    bench.connect()
    (again,) = bench.take()
    assert value(again, 141) is None  # for that one Logon


@pytest.mark.parametrize(
    ("settings", "flag"),
    [
        ({"reset_seq_num_flag": True}, "Y"),
        ({"reset_on_logon": True}, "Y"),
        ({"reset_on_logout": True}, "Y"),
        ({}, None),
    ],
)
def test_the_settings_decide_of_a_reset_otherwise(settings: dict[str, Any], flag: str | None) -> None:
    bench = bench_of(**settings)
    do(bench, deed(bench, by_hand.connect))
    bench.connect()
    what = deed(bench, by_hand.logon)
    assert value(does_as_said(bench, what), 141) == flag


def test_a_logon_over_fixt_and_one_with_a_further_password_tag() -> None:
    bench = bench_of(FIX50SP2, logon_tags=((9001, "x"),), raw_data="abcdef")
    do(bench, deed(bench, by_hand.connect))
    bench.connect()
    what = deed(bench, by_hand.logon)
    assert what.message is not None
    assert (value(what.message, 1137), value(what.message, 96)) == ("9", "***")


def test_what_cannot_be_done_to_a_connection_says_what_to_do_instead() -> None:
    acceptor = bench_of(initiator=False)
    assert "port 9876" in said(deed(acceptor, by_hand.connect))
    with pytest.raises(ValueError, match="wait for that of PEER"):
        deed(acceptor, by_hand.logon)
    with pytest.raises(ValueError, match="no connection"):
        deed(acceptor, by_hand.disconnect)
    with pytest.raises(ValueError, match="connect and log on first"):
        deed(acceptor, by_hand.logout)
    bench = bench_of().log_on()
    with pytest.raises(ValueError, match="disconnect first"):
        deed(bench, by_hand.connect)
    with pytest.raises(ValueError, match="logged on already"):
        deed(bench, by_hand.logon)
    does_as_said(bench, deed(bench, by_hand.logout))
    with pytest.raises(ValueError, match="not answered yet"):
        deed(bench, by_hand.logout)
    with pytest.raises(ValueError, match=r"state logout sent"):
        deed(bench, by_hand.heartbeat)
    with pytest.raises(ValueError, match=r"FIX\.4\.0 has no ResetSeqNumFlag"):
        deed(bench_of(FIX40), by_hand.logon, reset=True)
    waiting = bench_of()
    waiting.connect()
    with pytest.raises(ValueError, match=r"state logon sent\): disconnect instead"):
        deed(waiting, by_hand.logout)


def test_outside_of_the_hours_it_is_said() -> None:
    bench = bench_of(schedule=ScheduleSettings(start_time="17:00:00", end_time="18:00:00"))
    assert "which begin at 2026-01-05T17:00" in said(deed(bench, by_hand.connect))
    assert "which begin at 2026-01-05T17:00" in said(deed(bench, by_hand.logon))


def test_a_logout_and_what_ends_without_one() -> None:
    bench = bench_of().log_on()
    what = deed(bench, by_hand.logout, "that is all")
    assert value(does_as_said(bench, what), 58) == "that is all"
    assert bench.state is State.LOGOUT_SENT
    hard = deed(bench, by_hand.disconnect)
    assert hard.message is None
    assert do(bench, hard) == []
    assert bench.closed
    assert any("disconnected by hand (tester)" in each for each in bench.warnings)


# -- messages --------------------------------------------------------------------------------------------------------


def test_messages_of_the_session_level() -> None:
    bench = bench_of().log_on()
    assert value(does_as_said(bench, deed(bench, by_hand.heartbeat)), 112) is None
    assert value(does_as_said(bench, deed(bench, by_hand.heartbeat, "ABC")), 112) == "ABC"
    made_up = deed(bench, by_hand.test_request)
    assert value(does_as_said(bench, made_up), 112) == "TEST-20260105-12:00:00"
    assert "TEST-20260105-12:00:00" in said(made_up)
    assert value(does_as_said(bench, deed(bench, by_hand.test_request, "X")), 112) == "X"
    rejecting = deed(bench, by_hand.reject, 7, 55, "D", 5, "no such thing")
    assert printable(does_as_said(bench, rejecting)).endswith(
        "|45=7|58=no such thing|371=55|372=D|373=5|10=" + rejecting.message[-4:-1].decode() + "|"  # type: ignore[index]
    )
    assert bench.numbers == (7, 2)


def test_old_versions_have_less_in_a_reject() -> None:
    bench = bench_of(FIX41).log_on()
    does_as_said(bench, deed(bench, by_hand.reject, 3, text="no"))
    with pytest.raises(ValueError, match="say the rest in the text"):
        deed(bench, by_hand.reject, 3, 55)
    with pytest.raises(ValueError, match="RefSeqNum"):
        deed(bench, by_hand.reject, 0)


def test_a_resend_request() -> None:
    bench = bench_of().log_on()
    bench.session.manual.set_numbers("tester", bench.now, next_target=20)
    what = deed(bench, by_hand.resend_request, 5, 0)
    assert "messages 5 to 19 already" in said(what)
    sent = does_as_said(bench, what)
    assert (value(sent, 7), value(sent, 16)) == ("5", "0")
    later = deed(bench, by_hand.resend_request, 25, 30)
    assert "held until messages 20 to 24 came" in said(later)
    does_as_said(bench, later)
    for begin, end in ((0, 0), (5, 4), (5, -1), (2**31, 0)):
        with pytest.raises(ValueError, match="expected"):
            deed(bench, by_hand.resend_request, begin, end)
    old = bench_of(FIX41).log_on()
    assert value(does_as_said(old, deed(old, by_hand.resend_request, 1)), 16) == "999999"
    with pytest.raises(ValueError, match=r"EndSeqNo: expected 1000000 or more: in FIX\.4\.1 .* is 999999"):
        deed(old, by_hand.resend_request, 1_000_000)
    assert value(does_as_said(old, deed(old, by_hand.resend_request, 1_000_000, 1_000_001)), 16) == "1000001"


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_a_gap_fill_moves_our_number_with_it() -> None:
    bench = bench_of().log_on()
    what = deed(bench, by_hand.sequence_reset, 10, True)
    assert "messages 2 to 9 will not be sent" in said(what)
    assert "next MsgSeqNum is then 10 instead of 2" in said(what)
    sent = does_as_said(bench, what)
    assert (value(sent, 34), value(sent, 36), value(sent, 123)) == ("2", "10", "Y")
    assert bench.numbers[0] == 10


def test_a_gap_fill_as_an_answer_leaves_our_number() -> None:
    bench = bench_of().log_on()
    bench.session.manual.set_numbers("tester", bench.now, next_sender=20)
    what = deed(bench, by_hand.sequence_reset, 8, True, 5, True)
    assert "stays 20" in said(what)
    assert "only if 5 is the number that it expects" in said(what)
    sent = does_as_said(bench, what)
    assert (value(sent, 34), value(sent, 43), value(sent, 122)) == ("5", "Y", value(sent, 52))
    assert bench.numbers[0] == 20
    beyond = deed(bench, by_hand.sequence_reset, 30, True, 5, True)
    does_as_said(bench, beyond)
    assert bench.numbers[0] == 30


@pytest.mark.parametrize("new", [1, 5, 6, 7, 50])
def test_a_reset_takes_our_number_anywhere(new: int) -> None:
    bench = bench_of().log_on()
    bench.session.manual.set_numbers("tester", bench.now, next_sender=6)
    what = deed(bench, by_hand.sequence_reset, new, False)
    assert "What PEER has not received of us until now is lost" in said(what)
    assert ("rejects this" in said(what)) == (new < 6)
    sent = does_as_said(bench, what)
    assert (value(sent, 34), value(sent, 36), value(sent, 123)) == ("6", str(new), None)
    assert bench.numbers[0] == new


def test_a_sequence_reset_that_means_nothing_is_refused() -> None:
    bench = bench_of().log_on()
    for values in ((2, True), (1, True), (5, True, 5), (0, False), (2**31, False), (9, True, 0)):
        with pytest.raises(ValueError, match="expected"):
            deed(bench, by_hand.sequence_reset, *values)
    with pytest.raises(ValueError, match="connect and log on first"):
        deed(bench_of(), by_hand.sequence_reset, 5, True)


def test_numbers_are_set() -> None:
    bench = bench_of()
    up = deed(bench, by_hand.set_numbers, next_out=135, next_in=7)
    assert "We will not send messages 1 to 134" in said(up)
    assert "We will not ask PEER for messages 1 to 6" in said(up)
    assert up.message is None
    assert do(bench, up) == []
    assert bench.numbers == (135, 7)
    down = deed(bench, by_hand.set_numbers, next_out=134, next_in=5)
    assert "We have sent message 134 already" in said(down)
    assert "We have received messages 5 to 6 of PEER already" in said(down)
    do(bench, down)
    assert bench.numbers == (134, 5)
    with pytest.raises(ValueError, match=r"134 \(out\) and 5 \(in\) already"):
        deed(bench, by_hand.set_numbers, next_out=134)
    for number in (0, -1, 2**31):
        with pytest.raises(ValueError, match="Next in: expected 1 to"):
            deed(bench, by_hand.set_numbers, next_in=number)
    running = bench_of().log_on()
    assert "PEER is not told of this" in said(deed(running, by_hand.set_numbers, next_out=9))


def test_a_new_period_of_the_schedule_begins_with_1() -> None:
    """The numbers of yesterday are not those of the Logon, and are not shown as such."""
    bench = bench_of(schedule=ScheduleSettings(start_time="08:00:00", end_time="18:00:00"), reset_on_logout=True)
    bench.session.manual.set_numbers("tester", bench.now, next_sender=12, next_target=9)
    assert "as MsgSeqNum 12; we expect 9" in said(deed(bench, by_hand.logon))
    bench.session.tick(bench.now + 2 * NANOS)
    bench.now += 12 * 3600 * NANOS
    late = deed(bench, by_hand.set_numbers, next_out=20)
    assert "start with 1 again when the next ones begin" in said(late)
    bench.now += 12 * 3600 * NANOS
    what = deed(bench, by_hand.logon)
    assert "as MsgSeqNum 1; we expect 1" in said(what)
    assert "A new period of the session has begun" in said(what)
    assert "is 5 instead of 1" in said(deed(bench, by_hand.set_numbers, next_out=5))
    do(bench, what)
    bench.connect()
    assert bench.take() == [what.message]
    assert what.message is not None
    assert value(what.message, 141) == "Y"


def test_numbers_that_are_set_in_a_new_period_count() -> None:
    bench = bench_of(schedule=ScheduleSettings(start_time="08:00:00", end_time="18:00:00"))
    bench.session.manual.set_numbers("tester", bench.now, next_sender=12, next_target=9)
    bench.session.tick(bench.now + 2 * NANOS)
    bench.now += 24 * 3600 * NANOS
    do(bench, deed(bench, by_hand.set_numbers, next_out=5))
    bench.connect()
    (sent,) = bench.take()
    assert value(sent, 34) == "5"


def test_the_store_is_reset() -> None:
    bench = bench_of(enable_last_msg_seq_num_processed=True)
    bench.session.manual.set_numbers("tester", bench.now, next_sender=9, next_target=8)
    what = deed(bench, by_hand.reset_store)
    assert "they stand at 9 (out) and 8 (in)" in said(what)
    assert what.message is None
    assert do(bench, what) == []
    assert bench.numbers == (1, 1)
    running = Bench(initiator=True).log_on()
    does_as_said(running, deed(running, by_hand.heartbeat))
    what = deed(running, by_hand.reset_store)
    sent = does_as_said(running, what)
    assert (value(sent, 34), value(sent, 141)) == ("1", "Y")
    with pytest.raises(ValueError, match="state logon sent"):
        deed(running, by_hand.reset_store)
    old = Bench(FIX40, initiator=True).log_on()
    with pytest.raises(ValueError, match="log out, and reset the store of both sides"):
        deed(old, by_hand.reset_store)
