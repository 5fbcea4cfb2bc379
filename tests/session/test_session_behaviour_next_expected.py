"""NextExpectedMsgSeqNum(789) and LastMsgSeqNumProcessed(369), in both roles."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX42, FIX44, FIX50SP2, Bench, Version, stamp, value
from tests.session.session_lines import gap_fill, order, order_again, order_line


def initiator(version: Version = FIX44, sent: int = 0, received: int = 0, **settings: Any) -> Bench:
    bench = Bench(version, initiator=True, **settings)
    if sent or received:
        bench.store.set_last_sent_seq_num(sent)
        bench.store.set_last_received_seq_num(received)
    return bench


def acceptor(version: Version = FIX44, sent: int = 0, received: int = 0, **settings: Any) -> Bench:
    bench = Bench(version, **settings)
    if sent or received:
        bench.store.set_last_sent_seq_num(sent)
        bench.store.set_last_received_seq_num(received)
    return bench


def theirs(version: Version, number: int = 1, more: str = "", heart_bt_int: int = 30) -> str:
    return f"35=A|34={number}|49=PEER|52=<TIME>|56=WE|98=0|108={heart_bt_int}|{more}{version.logon_end}"


def ours(version: Version, number: int = 1, more: str = "", heart_bt_int: int = 30) -> str:
    return f"35=A|34={number}|49=WE|52=<TIME>|56=PEER|98=0|108={heart_bt_int}|{more}{version.logon_end}"


NEXT = {"enable_next_expected_msg_seq_num": True}


def test_next_expected_without_gaps() -> None:
    bench = initiator(FIX44, **NEXT)
    bench.connect()
    bench.expect(ours(FIX44, 1, "789=1|"))
    bench.receive(theirs(FIX44, 1, "789=2|"))
    bench.is_alive(2, 2)

    bench = acceptor(FIX44, **NEXT)
    bench.connect()
    bench.receive(theirs(FIX44, 1, "789=1|"), ours(FIX44, 1, "789=2|"))
    bench.is_alive(2, 2)


def test_acceptor_sends_what_the_initiator_misses_unasked() -> None:
    bench = acceptor(FIX44, **NEXT)
    bench.session.send(order("A"), bench.now)
    bench.session.send(order("B"), bench.now)
    time = stamp(bench.now, 3)
    bench.now += NANOS
    bench.connect()
    bench.feed(theirs(FIX44, 1, "789=1|"))
    sent = bench.take()
    assert sent[0] == bench.outgoing(ours(FIX44, 3, "789=2|"))
    assert sent[1:3] == [bench.outgoing(order_again(1, "A", time)), bench.outgoing(order_again(2, "B", time))]
    assert sent[3:] in ([], [bench.outgoing(gap_fill(3, 4))])
    bench.is_alive(2, 4)


def test_acceptor_misses_something_itself() -> None:
    """The peer reads 789 of our Logon and sends it unasked: no ResendRequest."""
    bench = acceptor(FIX44, received=3, **NEXT)
    bench.connect()
    bench.receive(theirs(FIX44, 6, "789=1|"), ours(FIX44, 1, "789=4|"))
    assert bench.session.awaiting_resend
    bench.receive("35=4|34=4|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=6|123=Y|")
    assert not bench.session.awaiting_resend
    bench.is_alive(7, 2)


def test_initiator_misses_something() -> None:
    """It said 789=4, so the acceptor sends 4 and 5 unasked."""
    bench = initiator(FIX44, received=3, **NEXT)
    bench.connect()
    bench.expect(ours(FIX44, 1, "789=4|"))
    bench.receive(theirs(FIX44, 6, "789=2|"))
    bench.receive("35=0|34=4|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|")
    bench.receive("35=0|34=5|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|")
    assert not bench.session.awaiting_resend
    bench.is_alive(7, 2)


def test_initiator_sends_what_the_acceptor_misses() -> None:
    bench = initiator(FIX44, **NEXT)
    bench.session.send(order("A"), bench.now)
    bench.session.send(order("B"), bench.now)
    time = stamp(bench.now, 3)
    bench.now += NANOS
    bench.connect()
    bench.expect(ours(FIX44, 3, "789=1|"))
    bench.feed(theirs(FIX44, 1, "789=2|"))
    sent = bench.take()
    assert sent[0] == bench.outgoing(order_again(2, "B", time))
    assert sent[1:] in ([], [bench.outgoing(gap_fill(3, 4))])
    bench.is_alive(2, 4)


def test_gaps_on_both_sides() -> None:
    bench = initiator(FIX44, received=3, **NEXT)
    bench.session.send(order("A"), bench.now)
    bench.session.send(order("B"), bench.now)
    time = stamp(bench.now, 3)
    bench.now += NANOS
    bench.connect()
    bench.expect(ours(FIX44, 3, "789=4|"))
    bench.feed(theirs(FIX44, 6, "789=1|"))
    sent = bench.take()
    assert [value(each, 35) for each in sent][:2] == ["D", "D"]
    assert sent[0] == bench.outgoing(order_again(1, "A", time))
    assert all(value(each, 35) != "2" for each in sent)
    assert bench.session.awaiting_resend
    bench.receive("35=4|34=4|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=6|123=Y|")
    assert bench.numbers == (4, 7)


@pytest.mark.parametrize("is_initiator", [True, False])
def test_next_expected_above_what_was_ever_sent(is_initiator: bool) -> None:
    """The peer has more than we ever sent: our store is older than the truth, so nothing may go on."""
    bench = initiator(FIX44, **NEXT) if is_initiator else acceptor(FIX44, **NEXT)
    bench.connect()
    bench.take()
    bench.feed(theirs(FIX44, 1, "789=9|"))
    (logout,) = bench.take()
    assert value(logout, 35) == "5"
    assert "too high" in (value(logout, 58) or "")
    assert bench.closed


@pytest.mark.parametrize("text", ["0", "-3", "99999999999999999999", "2147483648"])
@pytest.mark.parametrize("is_initiator", [True, False])
def test_next_expected_that_is_nonsense(text: str, is_initiator: bool) -> None:
    bench = initiator(FIX44, **NEXT) if is_initiator else acceptor(FIX44, **NEXT)
    bench.connect()
    bench.take()
    bench.feed(theirs(FIX44, 1, f"789={text}|"))
    assert all(value(each, 35) in ("A", "5", "4", "3") for each in bench.take())


def test_next_expected_is_ignored_where_it_is_not_enabled() -> None:
    bench = acceptor(FIX44)
    bench.session.send(order("A"), bench.now)
    bench.connect()
    bench.receive(theirs(FIX44, 1, "789=1|"), ours(FIX44, 2))
    bench.is_alive(2, 3)


def test_peer_that_does_not_say_what_it_expects() -> None:
    """Then a gap of ours is asked for as ever."""
    bench = acceptor(FIX44, **NEXT)
    bench.connect()
    bench.feed(theirs(FIX44, 5))
    sent = bench.take()
    assert [value(each, 35) for each in sent] == ["A", "2"]
    bench = initiator(FIX44, **NEXT)
    bench.connect()
    bench.take()
    bench.feed(theirs(FIX44, 5))
    assert [value(each, 35) for each in bench.take()] == ["2"]


def test_next_expected_with_a_reset() -> None:
    bench = acceptor(FIX44, sent=6, received=9, **NEXT)
    bench.connect()
    bench.receive(theirs(FIX44, 1, "141=Y|789=1|"), ours(FIX44, 1, "141=Y|789=2|"))
    bench.is_alive(2, 2)
    bench = initiator(FIX44, sent=6, received=9, reset_seq_num_flag=True, **NEXT)
    bench.connect()
    bench.expect(ours(FIX44, 1, "141=Y|789=1|"))
    bench.receive(theirs(FIX44, 1, "141=Y|789=2|"))
    bench.is_alive(2, 2)


def test_next_expected_over_fixt() -> None:
    bench = initiator(FIX50SP2, received=3, **NEXT)
    bench.connect()
    bench.expect("35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|789=4|1137=9|")


def test_unasked_resend_that_never_comes_is_asked_for() -> None:
    bench = acceptor(FIX44, received=3, **NEXT)
    bench.connect()
    bench.feed(theirs(FIX44, 6, "789=1|"))
    bench.take()
    requests = []
    for number in range(7, 30):
        requests += [raw for _, raw in bench.wait(5) if value(raw, 35) == "2"]
        bench.feed(f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|")
        bench.take()
        if requests:
            break
    assert value(requests[0], 7) == "4"


# -- LastMsgSeqNumProcessed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [FIX42, FIX44, FIX50SP2], ids=lambda version: version.name)
def test_last_msg_seq_num_processed(version: Version) -> None:
    bench = acceptor(version, enable_last_msg_seq_num_processed=True)
    bench.connect()
    bench.feed(theirs(version, 1))
    (logon,) = bench.take()
    assert value(logon, 369) in ("0", "1")
    bench.feed("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|")
    (heartbeat,) = bench.take()
    assert value(heartbeat, 369) in ("1", "2")
    bench.session.send(order("A"), bench.now)
    bench.expect(order_line(3, "A", header="369=2|"))
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|")
    bench.feed("35=2|34=4|49=PEER|52=<TIME>|56=WE|7=1|16=0|")
    fill, again = bench.take()
    assert int(value(fill, 369) or 0) >= 3
    assert int(value(again, 369) or 0) >= 3
    assert [value(again, tag) for tag in (34, 43, 11)] == ["3", "Y", "A"]
