"""The initiator's side of a Logon."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.events import Level, Note
from purefix_core.session.settings import SessionId
from purefix_core.session.states import State
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX40, FIX44, VERSIONS, Bench, Version, stamp, value
from tests.session.session_lines import gap_fill, order, order_again, order_line

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
RESETTING = pytest.mark.parametrize(
    "version", [version for version in VERSIONS if version != FIX40], ids=lambda version: version.name
)


def initiator(version: Version = FIX44, sent: int = 0, received: int = 0, **settings: Any) -> Bench:
    bench = Bench(version, initiator=True, **settings)
    if sent or received:
        bench.store.set_last_sent_seq_num(sent)
        bench.store.set_last_received_seq_num(received)
    return bench


def theirs(version: Version, number: int = 1, more: str = "", heart_bt_int: int = 30) -> str:
    return f"35=A|34={number}|49=PEER|52=<TIME>|56=WE|98=0|108={heart_bt_int}|{more}{version.logon_end}"


def ours(version: Version, number: int = 1, more: str = "", heart_bt_int: int = 30) -> str:
    return f"35=A|34={number}|49=WE|52=<TIME>|56=PEER|98=0|108={heart_bt_int}|{more}{version.logon_end}"


@ALL
def test_logon_is_sent_and_answered(version: Version) -> None:
    bench = initiator(version)
    bench.connect()
    bench.expect(ours(version))
    assert bench.state is State.LOGON_SENT
    assert not bench.session.is_logged_on
    bench.receive(theirs(version))
    assert bench.state is State.ACTIVE
    bench.is_alive(2, 2)
    bench.log_out(3, 3)


@ALL
def test_numbers_go_on(version: Version) -> None:
    bench = initiator(version, sent=7, received=4)
    bench.connect()
    bench.expect(ours(version, 8))
    bench.receive(theirs(version, 5))
    bench.is_alive(6, 9)


@ALL
def test_answer_with_a_gap(version: Version) -> None:
    bench = initiator(version)
    bench.connect()
    bench.expect(ours(version))
    bench.receive(theirs(version, 5), f"35=2|34=2|49=WE|52=<TIME>|56=PEER|7=1|16={version.open_end}|")
    bench.receive("35=4|34=1|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=5|123=Y|")
    assert bench.numbers == (3, 6)


@ALL
def test_answer_too_low(version: Version) -> None:
    bench = initiator(version, sent=1, received=6)
    bench.connect()
    bench.take()
    bench.receive(
        theirs(version, 5),
        "35=5|34=3|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 7 but received 5|",
        closes=True,
    )


@ALL
def test_logon_refused_by_logout(version: Version) -> None:
    """The peer's number counts, its text goes to the event log, and it is not answered twice."""
    bench = initiator(version)
    bench.connect()
    bench.take()
    bench.feed("35=5|34=1|49=PEER|52=<TIME>|56=WE|58=who are you|")
    assert all(value(each, 35) == "5" for each in bench.take())
    assert bench.closed
    assert any("who are you" in note for note in bench.notes)


@ALL
def test_logon_that_is_not_answered(version: Version) -> None:
    bench = initiator(version, logon_timeout=10)
    bench.connect()
    bench.take()
    assert bench.wait(9.999) == []
    assert not bench.closed
    bench.wait(0.001)
    assert bench.closed
    assert bench.numbers == (2, 1)


@ALL
@pytest.mark.parametrize(
    "line",
    [
        "35=0|34=1|49=PEER|52=<TIME>|56=WE|",
        "35=2|34=1|49=PEER|52=<TIME>|56=WE|7=1|16=0|",
        "35=4|34=1|49=PEER|52=<TIME>|56=WE|36=9|",
    ],
)
def test_anything_before_the_answer_to_our_logon(version: Version, line: str) -> None:
    bench = initiator(version)
    bench.connect()
    bench.take()
    bench.feed(line)
    bench.take()
    assert bench.closed
    assert bench.numbers[1] == 1


@ALL
def test_answer_of_somebody_else(version: Version) -> None:
    """An initiator tells the peer what is wrong."""
    bench = initiator(version)
    bench.connect()
    bench.take()
    bench.feed(f"35=A|34=1|49=OTHER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
    assert [value(each, 35) for each in bench.take()] in (["5"], ["3", "5"])
    assert bench.state is not State.ACTIVE


@RESETTING
@pytest.mark.parametrize("setting", ["reset_seq_num_flag", "reset_on_logon"])
def test_logon_that_resets(version: Version, setting: str) -> None:
    bench = initiator(version, sent=7, received=4, **{setting: True})
    bench.connect()
    bench.expect(ours(version, 1, "141=Y|"))
    bench.receive(theirs(version, 1, "141=Y|"))
    bench.is_alive(2, 2)
    assert bench.opened == 1


@RESETTING
def test_what_a_reset_loses_is_said(version: Version) -> None:
    bench = initiator(version, sent=7, received=4, reset_seq_num_flag=True)
    bench.connect()
    (warning,) = bench_warnings(bench)
    assert "8 (out)" in warning
    assert "5 (in)" in warning


def bench_warnings(bench: Bench) -> list[str]:
    bench.take()
    return [each.text for each in bench.events if isinstance(each, Note) and each.level is Level.WARNING]


@RESETTING
def test_reset_that_the_answer_does_not_confirm(version: Version) -> None:
    """Answered with the next number of the peer's old sequence: what is missing is asked for."""
    bench = initiator(version, sent=7, received=4, reset_seq_num_flag=True)
    bench.connect()
    bench.take()
    bench.receive(theirs(version, 5), f"35=2|34=2|49=WE|52=<TIME>|56=PEER|7=1|16={version.open_end}|")


@RESETTING
def test_acceptor_that_resets_by_itself(version: Version) -> None:
    """Our Logon had no 141, its answer has: both begin with 1, and our Logon is sent again with the flag."""
    bench = initiator(version, sent=7, received=4)
    bench.connect()
    bench.expect(ours(version, 8))
    bench.receive(theirs(version, 1, "141=Y|"), ours(version, 1, "141=Y|"))
    assert bench.state is State.ACTIVE
    bench.is_alive(2, 2)


@RESETTING
def test_reset_within_the_session_by_the_peer(version: Version) -> None:
    bench = initiator(version).log_on()
    bench.is_alive(2, 2)
    bench.receive(theirs(version, 1, "141=Y|"), ours(version, 1, "141=Y|"))
    assert bench.state is State.ACTIVE
    bench.is_alive(2, 2)


@RESETTING
@pytest.mark.parametrize("is_initiator", [True, False])
def test_reset_within_the_session_by_us(version: Version, is_initiator: bool) -> None:
    bench = Bench(version, initiator=is_initiator).log_on()
    bench.is_alive(2, 2)
    bench.session.manual.reset("me", bench.now)
    bench.expect(ours(version, 1, "141=Y|"))
    bench.receive(theirs(version, 1, "141=Y|"))
    assert bench.state is State.ACTIVE
    bench.is_alive(2, 2)


@RESETTING
def test_messages_on_their_way_when_we_reset(version: Version) -> None:
    """What the peer sent before it saw our reset has a number of the old sequence: it ends nothing, and the reset
    goes through."""
    bench = Bench(version, initiator=True).log_on()
    bench.is_alive(2, 2)
    bench.session.manual.reset("me", bench.now)
    bench.take()
    bench.feed("35=0|34=3|49=PEER|52=<TIME>|56=WE|")
    bench.take()
    assert not bench.closed
    bench.feed(theirs(version, 1, "141=Y|"))
    bench.take()
    assert not bench.closed
    assert bench.session.is_logged_on
    assert bench.numbers[1] == 2
    bench.feed("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|")
    assert value(bench.take()[-1], 112) == "X"


@RESETTING
def test_both_sides_reset_at_once(version: Version) -> None:
    bench = Bench(version, initiator=True).log_on()
    bench.is_alive(2, 2)
    bench.session.manual.reset("me", bench.now)
    bench.expect(ours(version, 1, "141=Y|"))
    bench.feed(theirs(version, 1, "141=Y|"))
    bench.take()
    assert bench.session.is_logged_on
    assert not bench.closed
    number = bench.numbers[0]
    assert bench.numbers == (number, 2)


def test_fix40_has_no_reset_flag() -> None:
    bench = initiator(FIX40, sent=7, received=4, reset_on_logon=True)
    bench.connect()
    bench.expect(ours(FIX40, 1))
    bench.receive(theirs(FIX40, 1))
    with pytest.raises(ValueError, match=r"FIX\.4\.0"):
        bench.session.manual.reset("me", bench.now)


def test_fields_of_the_logon() -> None:
    bench = initiator(
        FIX44,
        heart_bt_int=17,
        encrypt_method=0,
        username="me",
        password="secret",
        new_password="other",
        raw_data="a=b",
        logon_tags=((9001, "abc"), (464, "Y")),
    )
    bench.connect()
    (logon,) = bench.take()
    assert b"\x0195=3\x0196=a=b\x01" in logon
    assert value(logon, 553) == "me"
    assert value(logon, 554) == "secret"
    assert value(logon, 925) == "other"
    assert value(logon, 9001) == "abc"


def test_password_is_in_no_note() -> None:
    bench = initiator(FIX44, username="me", password="hunter2", new_password="hunter3", raw_data="hunter4")
    bench.connect()
    bench.take()
    bench.feed("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|554=hunter5|999=x|")
    bench.take()
    bench.disconnect()
    assert not any("hunter" in note for note in bench.notes)
    assert "hunter" not in repr(bench.settings)


def test_header_fields_among_the_logon_tags_go_to_the_header() -> None:
    bench = initiator(FIX44, logon_tags=((115, "CLIENT"), (9001, "abc")))
    bench.connect()
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|115=CLIENT|98=0|108=30|9001=abc|")


def test_sub_ids() -> None:
    bench = initiator(FIX44, session_id=SessionId("FIX.4.4", "WE", "PEER", "S", "L", "TS", "TL"))
    bench.connect()
    bench.expect("35=A|34=1|49=WE|50=S|52=<TIME>|56=PEER|57=TS|142=L|143=TL|98=0|108=30|")


def test_messages_stored_before_the_logon_are_asked_for_by_the_peer() -> None:
    bench = initiator(FIX44)
    assert bench.session.send(order("A"), bench.now) == 1
    assert bench.session.send(order("B"), bench.now) == 2
    time = stamp(bench.now, 3)
    bench.now += NANOS
    bench.connect()
    bench.expect(ours(FIX44, 3))
    bench.receive(theirs(FIX44, 1))
    bench.receive(
        "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|",
        order_again(1, "A", time),
        order_again(2, "B", time),
        gap_fill(3, 4),
    )


@ALL
def test_send_while_the_logon_is_on_its_way(version: Version) -> None:
    """Before both have logged on nothing of the application goes to the wire."""
    bench = initiator(version)
    bench.connect()
    bench.take()
    assert bench.session.send(order("A"), bench.now) == 2
    bench.expect()
    bench.feed(theirs(version))
    bench.take()
    assert bench.session.is_logged_on
    assert bench.session.send(order("B"), bench.now) == 3
    bench.expect(order_line(3, "B"))


def test_heart_bt_int_of_the_initiator_stands() -> None:
    bench = initiator(FIX44, heart_bt_int=10)
    bench.connect()
    bench.expect(ours(FIX44, 1, heart_bt_int=10))
    bench.receive(theirs(FIX44, 1, heart_bt_int=10))
    assert [seconds for seconds, _ in bench.wait(10)] == [10]
