"""Numbers of what is received: in sequence, too high, too low, duplicates, and SequenceReset in both modes."""

from __future__ import annotations

import pytest

from purefix_core.session.states import State
from purefix_core.session.venue.echo import Echo
from tests.session.session_bench import FIX44, VERSIONS, Bench, Version, value
from tests.session.session_lines import HEARTBEAT, Receiver, incoming_order, resend_request

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


@ALL
def test_heartbeats_in_sequence(version: Version) -> None:
    """2a"""
    bench = Bench(version).log_on()
    for number in range(2, 9):
        bench.receive(HEARTBEAT.format(number))
    assert bench.numbers == (2, 9)


@ALL
def test_too_high_is_asked_for_once_and_counts_when_the_gap_is_filled(version: Version) -> None:
    """2b; what fills the gap needs no PossDupFlag."""
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.receive(incoming_order(version, 4, "C"), resend_request(version, 2, 2))
    bench.receive(incoming_order(version, 5, "D"))
    assert application.got == []
    assert bench.session.awaiting_resend
    bench.receive(incoming_order(version, 2, "A"))
    assert application.got == ["A"]
    bench.receive(incoming_order(version, 3, "B"))
    assert application.got == ["A", "B", "C", "D"]
    assert not bench.session.awaiting_resend
    bench.is_alive(6, 3)


@ALL
def test_whole_resend_that_includes_what_came_early(version: Version) -> None:
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.feed(incoming_order(version, 4, "C"))
    bench.expect(resend_request(version, 2, 2))
    for number, name in ((2, "A"), (3, "B"), (4, "C"), (5, "D")):
        bench.feed(incoming_order(version, number, name, "43=Y|122=<TIME>|"))
    bench.expect()
    assert application.got == ["A", "B", "C", "D"]
    assert bench.numbers == (3, 6)
    assert not bench.session.awaiting_resend


@ALL
def test_heartbeat_too_high(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(9), resend_request(version, 2, 2))
    bench.receive(HEARTBEAT.format(10))
    bench.receive("35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=9|123=Y|")
    assert bench.numbers == (3, 11)


@ALL
def test_early_test_request_is_answered_in_its_turn(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive("35=1|34=3|49=PEER|52=<TIME>|56=WE|112=HELLO1|", resend_request(version, 2, 2))
    bench.receive(
        HEARTBEAT.format(2),
        "35=0|34=3|49=WE|52=<TIME>|56=PEER|112=HELLO1|",
    )
    bench.is_alive(4, 4)


@ALL
def test_second_gap_is_asked_for_when_the_first_is_closed_or_within_it(version: Version) -> None:
    """2 and 3 are missing, then 5: an open-ended request covers both, and no message is lost."""
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.receive(incoming_order(version, 4, "C"), resend_request(version, 2, 2))
    bench.receive(incoming_order(version, 6, "E"))
    for number, name in ((2, "A"), (3, "B"), (4, "C"), (5, "D"), (6, "E")):
        bench.feed(incoming_order(version, number, name, "43=Y|122=<TIME>|"))
    bench.expect()
    assert application.got == ["A", "B", "C", "D", "E"]
    assert bench.numbers == (3, 7)


@ALL
def test_too_low_ends_the_session(version: Version) -> None:
    """2c"""
    bench = Bench(version).log_on()
    for number in (2, 3, 4):
        bench.receive(HEARTBEAT.format(number))
    bench.receive(
        HEARTBEAT.format(2),
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 5 but received 2|",
        closes=True,
    )
    assert bench.numbers == (3, 5)


@ALL
def test_too_low_with_poss_dup_n(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive(
        "35=0|34=2|43=N|49=PEER|52=<TIME>|56=WE|",
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 3 but received 2|",
        closes=True,
    )


@ALL
def test_duplicate_that_was_received_is_ignored(version: Version) -> None:
    """2e"""
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.receive(incoming_order(version, 2, "A"))
    bench.receive(incoming_order(version, 2, "A", "43=Y|122=<TIME>|"))
    assert application.got == ["A"]
    bench.is_alive(3, 2)


@ALL
def test_duplicate_in_sequence_is_an_ordinary_message(version: Version) -> None:
    """2e"""
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.receive(incoming_order(version, 2, "A", "43=Y|122=<TIME-5>|"))
    assert application.got == application.poss_dups == ["A"]
    bench.is_alive(3, 2)


@ALL
def test_duplicate_whose_origin_is_later_than_itself(version: Version) -> None:
    """2f: Reject, Logout without text, then the peer's Logout is awaited."""
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive(HEARTBEAT.format(3))
    bench.receive(
        incoming_order(version, 2, "A", "43=Y|122=<TIME+10>|"),
        version.reject(2, 2, "D", 10, "SendingTime accuracy problem"),
        "35=5|34=3|49=WE|52=<TIME>|56=PEER|",
    )
    assert bench.state is State.LOGOUT_SENT
    bench.receive("35=5|34=4|49=PEER|52=<TIME>|56=WE|", closes=True)


@ALL
def test_duplicate_without_its_origin(version: Version) -> None:
    """2g"""
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive(HEARTBEAT.format(3))
    bench.receive(
        incoming_order(version, 2, "A", "43=Y|"),
        version.reject(2, 2, "D", 1, "Required tag missing", 122),
    )
    bench.is_alive(4, 3)
    bench.log_out(5, 4)


def test_duplicate_without_its_origin_where_none_is_required() -> None:
    bench = Bench(FIX44, requires_orig_sending_time=False).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive("35=0|34=2|43=Y|49=PEER|52=<TIME>|56=WE|")
    bench.is_alive(3, 2)


@ALL
def test_origin_without_poss_dup_flag_is_ordinary(version: Version) -> None:
    """2m, 3c"""
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.receive(incoming_order(version, 2, "A", "122=<TIME>|"))
    assert application.got == ["A"]
    bench.is_alive(3, 2)


@ALL
def test_request_while_a_gap_of_our_own_is_open(version: Version) -> None:
    """20: answered at once, and brings no second ResendRequest."""
    bench = Bench(version, Echo(ascending=True)).log_on()
    for number, name in ((2, "A"), (3, "B")):
        bench.feed(incoming_order(version, number, name))
    first, second = bench.take()
    bench.receive(HEARTBEAT.format(7), resend_request(version, 4, 4))
    bench.feed("35=2|34=8|49=PEER|52=<TIME>|56=WE|7=2|16=3|")
    again = bench.take()
    assert [(value(each, 35), value(each, 34), value(each, 43), value(each, 11)) for each in again] == [
        ("D", "2", "Y", "A"),
        ("D", "3", "Y", "B"),
    ]
    assert [value(each, 122) for each in again] == [value(first, 52), value(second, 52)]
    for number in (4, 5, 6):
        bench.receive(f"35=0|34={number}|43=Y|49=PEER|52=<TIME>|122=<TIME>|56=WE|")
    assert bench.numbers == (5, 9)  # 7 came early, 8 was the request itself
    bench.log_out(9, 5)


@ALL
def test_logout_too_high_is_answered(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive("35=5|34=11|49=PEER|52=<TIME>|56=WE|", "35=5|34=2|49=WE|52=<TIME>|56=PEER|", closes=True)
    assert bench.numbers == (3, 2)


@ALL
def test_logout_too_low_is_answered(version: Version) -> None:
    """10 equal: 3 where 21 is expected."""
    bench = Bench(version).log_on()
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=20|123=Y|")
    bench.is_alive(20, 2)
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", "35=5|34=3|49=WE|52=<TIME>|56=PEER|", closes=True)
    assert bench.numbers == (4, 21)


@ALL
def test_resend_request_too_low_is_answered(version: Version) -> None:
    """8_OnlyAdmin: a ResendRequest is never refused for its number."""
    bench = Bench(version).log_on()
    bench.is_alive(2, 2)
    bench.is_alive(3, 3)
    bench.receive(
        "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=3|",
        "35=4|34=2|43=Y|49=WE|52=<TIME>|56=PEER|122=<TIME>|36=4|123=Y|",
    )
    bench.is_alive(4, 4)


@ALL
def test_bad_message_within_a_resend(version: Version) -> None:
    """RejectResentMessage: rejected and counted; what was held is then dealt with in order."""
    bench = Bench(version).log_on()
    bench.receive("35=1|34=3|49=PEER|52=<TIME>|56=WE|112=HELLO1|", resend_request(version, 2, 2))
    bench.receive(
        incoming_order(version, 2, "A", "43=Y|122=<TIME>|") + "126=20040415|",
        version.reject(3, 2, "D", 6, "Incorrect data format for value", 126),
        "35=0|34=4|49=WE|52=<TIME>|56=PEER|112=HELLO1|",
    )
    bench.receive("35=1|34=4|49=PEER|52=<TIME>|56=WE|112=HELLO2|", "35=0|34=5|49=WE|52=<TIME>|56=PEER|112=HELLO2|")
    bench.receive("35=5|34=11|49=PEER|52=<TIME>|56=WE|", "35=5|34=6|49=WE|52=<TIME>|56=PEER|", closes=True)


@ALL
def test_application_messages_wait_behind_a_bad_one(version: Version) -> None:
    application = Receiver()
    bench = Bench(version, application).log_on()
    bench.feed(incoming_order(version, 3, "B"), incoming_order(version, 4, "C"))
    bench.take()
    bench.feed("35=0|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|999=HI|")
    (reject,) = bench.take()
    assert value(reject, 35) == "3"
    assert application.got == ["B", "C"]
    assert bench.numbers[1] == 5
