"""What a session does because time passes, at exact times: Heartbeat, TestRequest, time-outs, hours."""

from __future__ import annotations

import pytest

from purefix_core.session.states import State
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX44, VERSIONS, Bench, Version, value
from tests.session.session_lines import order, order_line

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def kinds(sent: list[tuple[float, bytes]]) -> list[tuple[float, str]]:
    return [(seconds, value(raw, 35) or "") for seconds, raw in sent]


@ALL
def test_heartbeat_when_nothing_is_sent(version: Version) -> None:
    """4a: without 112, at HeartBtInt."""
    bench = Bench(version).log_on(heart_bt_int=6)
    assert bench.wait(5.999) == []
    ((_, heartbeat),) = bench.wait(0.001)
    assert heartbeat == bench.outgoing("35=0|34=2|49=WE|52=<TIME>|56=PEER|")
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    assert kinds(bench.wait(6)) == [(6, "0")]


def test_anything_sent_puts_the_heartbeat_off() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.wait(9)
    bench.session.send(order("A"), bench.now)
    bench.expect(order_line(2, "A"))
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    assert kinds(bench.wait(10)) == [(10, "0")]


@ALL
def test_test_request_is_answered(version: Version) -> None:
    """4b"""
    bench = Bench(version).log_on()
    bench.receive(
        "35=1|34=2|49=PEER|52=<TIME>|56=WE|112=HELLO|",
        "35=0|34=2|49=WE|52=<TIME>|56=PEER|112=HELLO|",
    )


@ALL
def test_silence_is_tested_and_then_ended(version: Version) -> None:
    """6: TestRequest at 1.2 x HeartBtInt, the end at 2.4 x, without a Logout, and no Heartbeat in between."""
    bench = Bench(version).log_on(heart_bt_int=10)
    sent = bench.wait(23.999)
    assert kinds(sent) == [(10, "0"), (12, "1")]
    assert value(sent[1][1], 112) == "TEST"
    assert bench.session.test_request_pending
    assert not bench.closed
    assert bench.wait(0.001) == []
    assert bench.closed
    assert bench.numbers == (4, 2)


@ALL
def test_whole_of_script_6(version: Version) -> None:
    bench = Bench(version).log_on(heart_bt_int=6)
    assert kinds(bench.wait(6)) == [(6, "0")]
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    assert kinds(bench.wait(7.2)) == [(6, "0"), (7.2, "1")]
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|112=TEST|")
    assert not bench.session.test_request_pending
    assert kinds(bench.wait(6)) == [(6, "0")]
    bench.receive("35=0|34=4|49=PEER|52=<TIME>|56=WE|")
    assert kinds(bench.wait(7.2)) == [(6, "0"), (7.2, "1")]
    assert bench.wait(10) == []
    assert bench.closed


def test_any_message_is_a_sign_of_life() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.wait(12)
    assert bench.session.test_request_pending
    bench.receive("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|", "35=0|34=4|49=WE|52=<TIME>|56=PEER|112=X|")
    assert not bench.session.test_request_pending
    assert kinds(bench.wait(12)) == [(10, "0"), (12, "1")]


@pytest.mark.parametrize(("multiplier", "test_at", "end_at"), [(0.5, 15, 30), (1.0, 20, 40), (0.2, 12, 24)])
def test_delay_multiplier(multiplier: float, test_at: float, end_at: float) -> None:
    bench = Bench(FIX44, test_request_delay_multiplier=multiplier).log_on(heart_bt_int=10)
    sent = bench.wait(end_at - 0.001)
    assert (test_at, "1") in kinds(sent)
    assert not bench.closed
    bench.wait(0.001)
    assert bench.closed


def test_heart_beat_check_off_only_sends_heartbeats() -> None:
    bench = Bench(FIX44, disable_heart_beat_check=True).log_on(heart_bt_int=10)
    assert kinds(bench.wait(100)) == [(10.0 * each, "0") for each in range(1, 11)]
    assert not bench.closed


def test_late_tick_does_not_double_anything() -> None:
    """A process that was held up ticks once, late."""
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.now += 13 * NANOS
    bench.session.tick(bench.now)
    sent = [value(each, 35) for each in bench.take()]
    assert sent in (["1"], ["0", "1"])
    bench.session.tick(bench.now)
    assert bench.take() == []


def test_very_late_tick_tests_before_it_ends() -> None:
    """After a long hold-up (a laptop's lid) what the peer sent may just not have been read: ask first."""
    bench = Bench(FIX44).log_on(heart_bt_int=10)
    bench.now += 3600 * NANOS
    bench.session.tick(bench.now)
    assert "1" in [value(each, 35) for each in bench.take()]
    assert not bench.closed
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|112=TEST|")
    assert not bench.session.test_request_pending
    bench.is_alive(3, bench.numbers[0])


@ALL
def test_logout_is_awaited(version: Version) -> None:
    bench = Bench(version, logout_timeout=2).log_on()
    bench.session.log_out("", bench.now)
    bench.expect("35=5|34=2|49=WE|52=<TIME>|56=PEER|")
    assert bench.state is State.LOGOUT_SENT
    assert bench.wait(1) == []
    bench.receive("35=5|34=2|49=PEER|52=<TIME>|56=WE|", closes=True)
    assert bench.numbers == (3, 3)


@ALL
def test_logout_that_is_not_answered(version: Version) -> None:
    bench = Bench(version, logout_timeout=2).log_on(heart_bt_int=1)
    bench.session.log_out("good night", bench.now)
    bench.expect("35=5|34=2|49=WE|52=<TIME>|56=PEER|58=good night|")
    assert bench.wait(1.999) == []
    assert not bench.closed
    assert bench.wait(0.001) == []
    assert bench.closed


@ALL
def test_logout_of_the_peer(version: Version) -> None:
    """13b"""
    bench = Bench(version).log_on()
    bench.receive("35=5|34=2|49=PEER|52=<TIME>|56=WE|", "35=5|34=2|49=WE|52=<TIME>|56=PEER|", closes=True)
    assert bench.numbers == (3, 3)
    assert bench.state is State.LOGOUT_RECEIVED
    bench.disconnect()
    assert bench.state is State.DISCONNECTED


def test_logouts_cross() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.log_out("", bench.now)
    bench.expect("35=5|34=2|49=WE|52=<TIME>|56=PEER|")
    bench.receive("35=5|34=2|49=PEER|52=<TIME>|56=WE|58=me too|", closes=True)


def test_what_comes_before_the_answer_to_our_logout_still_counts() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.log_out("", bench.now)
    bench.take()
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", closes=True)
    assert bench.numbers == (3, 4)


def test_resend_request_behind_our_logout_is_answered() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.log_out("", bench.now)
    bench.take()
    bench.receive(
        "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|",
        "35=4|34=1|43=Y|49=WE|52=<TIME>|56=PEER|122=<TIME>|36=3|123=Y|",
    )
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", closes=True)


def test_send_behind_our_logout_is_only_stored() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.log_out("", bench.now)
    bench.take()
    assert bench.session.send(order("A"), bench.now) == 3
    bench.expect()


def test_second_log_out_does_nothing() -> None:
    bench = Bench(FIX44, logout_timeout=5).log_on()
    bench.session.log_out("", bench.now)
    bench.take()
    bench.wait(3)
    bench.session.log_out("again", bench.now)
    bench.expect()
    bench.wait(2)
    assert bench.closed


def test_log_out_before_a_logon_came_closes() -> None:
    bench = Bench(FIX44)
    bench.connect()
    bench.session.log_out("", bench.now)
    bench.expect(closes=True)


def test_log_out_while_nothing_is_connected() -> None:
    bench = Bench(FIX44)
    bench.session.log_out("", bench.now)
    bench.expect()


@ALL
def test_next_tick_is_never_late(version: Version) -> None:
    """Ticking only when next_tick says so is enough: no heartbeat is later than HeartBtInt."""
    bench = Bench(version).log_on(heart_bt_int=7)
    for number in range(2, 30):
        start = bench.now
        sent = bench.wait(6.5)
        assert all(seconds <= 7 for seconds, _ in sent)
        assert bench.now == start + int(6.5 * NANOS)
        bench.feed(f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|")
        bench.take()
    assert not bench.closed


def test_nothing_ticks_once_the_connection_is_gone() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=1)
    bench.disconnect()
    assert bench.session.next_tick() is None
    assert bench.wait(1000) == []
