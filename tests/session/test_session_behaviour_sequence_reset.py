"""SequenceReset as gap fill and as reset (acceptance scripts 10 and 11)."""

from __future__ import annotations

import pytest

from tests.session.session_bench import FIX44, VERSIONS, Bench, Version
from tests.session.session_lines import HEARTBEAT, Receiver, incoming_order, resend_request

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


@ALL
def test_gap_fill_in_sequence(version: Version) -> None:
    """10 equal"""
    bench = Bench(version).log_on()
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=20|123=Y|")
    bench.is_alive(20, 2)


@ALL
def test_gap_fill_too_high(version: Version) -> None:
    """10 greater: asked for; a further message that is too high brings no second request."""
    bench = Bench(version).log_on()
    bench.receive("35=4|34=5|49=PEER|52=<TIME>|56=WE|36=20|123=Y|", resend_request(version, 2, 2))
    bench.receive("35=1|34=20|49=PEER|52=<TIME>|56=WE|112=HELLO|")
    bench.receive(
        "35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=5|123=Y|",
        "35=0|34=3|49=WE|52=<TIME>|56=PEER|112=HELLO|",
    )
    assert bench.numbers == (4, 21)


@ALL
def test_gap_fill_too_low_with_poss_dup_flag(version: Version) -> None:
    """10 less: ignored, even without OrigSendingTime."""
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive("35=4|34=1|43=Y|49=PEER|52=<TIME>|56=WE|36=20|123=Y|")
    bench.receive("35=4|34=1|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=20|123=Y|")
    bench.is_alive(3, 2)


@ALL
def test_gap_fill_too_low_without_poss_dup_flag(version: Version) -> None:
    """10 less"""
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive(
        "35=4|34=1|49=PEER|52=<TIME>|56=WE|36=20|123=Y|",
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 3 but received 1|",
        closes=True,
    )


@ALL
@pytest.mark.parametrize("number", [0, 1, 2, 7, 1000])
@pytest.mark.parametrize("flag", ["", "123=N|"], ids=["no flag", "N"])
def test_reset_with_any_number(version: Version, number: int, flag: str) -> None:
    """11a"""
    bench = Bench(version).log_on()
    bench.receive(f"35=4|34={number}|49=PEER|52=<TIME>|56=WE|36=20|{flag}")
    bench.is_alive(20, 2)


@ALL
def test_reset_to_what_is_expected(version: Version) -> None:
    """11b"""
    bench = Bench(version).log_on()
    bench.receive("35=4|34=0|49=PEER|52=<TIME>|56=WE|36=2|")
    bench.is_alive(2, 2)


@ALL
def test_reset_to_less(version: Version) -> None:
    """11c"""
    bench = Bench(version).log_on()
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=20|123=Y|")
    bench.receive(
        "35=4|34=0|49=PEER|52=<TIME>|56=WE|36=10|",
        version.reject(2, 0, "4", 5, "Value is incorrect (out of range) for this tag"),
    )
    bench.is_alive(20, 3)


def test_reset_ends_a_gap() -> None:
    application = Receiver()
    bench = Bench(FIX44, application).log_on()
    bench.feed(incoming_order(FIX44, 5, "E"), incoming_order(FIX44, 6, "F"))
    bench.expect(resend_request(FIX44, 2, 2))
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=5|")
    assert application.got == ["E", "F"]
    assert not bench.session.awaiting_resend
    bench.is_alive(7, 3)


def test_reset_past_what_was_held() -> None:
    application = Receiver()
    bench = Bench(FIX44, application).log_on()
    bench.feed(incoming_order(FIX44, 5, "E"))
    bench.expect(resend_request(FIX44, 2, 2))
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=50|")
    assert application.got == []
    assert not bench.session.awaiting_resend
    bench.is_alive(50, 3)


def test_gap_fill_inside_a_gap_that_is_being_filled() -> None:
    """As QuickFIX/J's scripts have it: part of the gap comes as messages, part as a gap fill."""
    application = Receiver()
    bench = Bench(FIX44, application).log_on()
    bench.receive(incoming_order(FIX44, 10, "J"), resend_request(FIX44, 2, 2))
    bench.receive(incoming_order(FIX44, 2, "A", "43=Y|122=<TIME>|"))
    bench.receive("35=4|34=3|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=6|123=Y|")
    bench.receive(incoming_order(FIX44, 6, "F", "43=Y|122=<TIME>|"))
    bench.receive("35=4|34=7|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=10|123=Y|")
    assert application.got == ["A", "F", "J"]
    bench.is_alive(11, 3)


def test_gap_fill_further_on_in_the_gap_waits_for_its_turn() -> None:
    application = Receiver()
    bench = Bench(FIX44, application).log_on()
    bench.receive(incoming_order(FIX44, 10, "J"), resend_request(FIX44, 2, 2))
    bench.receive("35=4|34=4|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=10|123=Y|")
    assert bench.numbers[1] == 2
    bench.receive(incoming_order(FIX44, 2, "A"))
    bench.receive(incoming_order(FIX44, 3, "B"))
    assert application.got == ["A", "B", "J"]
    bench.is_alive(11, 3)


@ALL
def test_gap_fill_over_what_came_early(version: Version) -> None:
    """The peer gap-fills past a message that it had sent before: that one is not delivered behind the fill's back."""
    bench = Bench(version).log_on()
    bench.receive(HEARTBEAT.format(4), resend_request(version, 2, 2))
    bench.receive("35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=8|123=Y|")
    bench.is_alive(8, 3)


def test_gap_fill_to_less_is_rejected() -> None:
    bench = Bench(FIX44).log_on()
    bench.receive(HEARTBEAT.format(2))
    bench.receive(
        "35=4|34=3|49=PEER|52=<TIME>|56=WE|36=2|123=Y|",
        FIX44.reject(2, 3, "4", 5, "Value is incorrect (out of range) for this tag"),
    )
    assert not bench.closed
