"""Peers that send what is allowed, but more of it, or at another moment, than anyone would expect."""

from __future__ import annotations

import pytest

from purefix_core.session.early import EarlyMessages
from purefix_core.session.events import MessageSent
from purefix_core.session.outgoing import FlatMessage
from tests.session.session_bench import FIX44, Bench, value
from tests.session.session_lines import order

LOGON = "35=A|34={}|49=PEER|52=<TIME>|56=WE|98=0|108=30|"


def large(number: int) -> FlatMessage:
    return FlatMessage("D", [*order(f"ID{number}").body, (58, b"x" * 20_000)])


def stored(count: int) -> Bench:
    """A session that has sent so many large orders."""
    bench = Bench(FIX44).log_on()
    for number in range(count):
        bench.session.send(large(number), bench.now)
    bench.take()
    return bench


def test_resend_ends_with_a_reset_of_the_sequence() -> None:
    bench = stored(100)
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|", LOGON.format(1) + "141=Y|")
    assert value(bench.take()[-1], 35) == "A"
    assert not bench.session.is_resending
    bench.is_alive(2, 2)


def test_storm_of_resend_requests_in_one_read_is_answered_bit_by_bit() -> None:
    bench = stored(100)
    lines = [f"35=2|34={number}|49=PEER|52=<TIME>|56=WE|7={number}|16=0|" for number in range(2, 60)]
    bench.feed(*lines)
    sent = [each for each in bench.session.take().events if isinstance(each, MessageSent)]
    assert 0 < sum(len(each.raw) for each in sent) < 1_000_000


def test_next_expected_of_many_digits_is_refused() -> None:
    bench = Bench(FIX44, enable_next_expected_msg_seq_num=True)
    bench.connect()
    bench.feed(LOGON.format(1) + f"789={'9' * 5000}|")
    assert [value(each, 35) for each in bench.take()] == ["5"]
    assert bench.closed


def test_next_expected_of_nothing_is_answered_from_the_first() -> None:
    bench = Bench(FIX44, enable_next_expected_msg_seq_num=True)
    bench.session.send(order("A"), bench.now)
    bench.connect()
    bench.feed(LOGON.format(1) + "789=0|")
    assert [value(each, 34) for each in bench.take()][1:] == ["1", "2"]


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775807", "9" * 30])
def test_logon_of_a_number_that_nobody_can_keep(number: str) -> None:
    bench = Bench(FIX44)
    bench.connect()
    bench.feed(LOGON.format(number))
    (answer,) = bench.take()
    assert value(answer, 58) == "MsgSeqNum must not be greater than 2147483647"
    assert bench.closed


def test_filling_a_gap_looks_at_no_message_that_stays_held() -> None:
    """Ten thousand messages behind a gap are not gone through for each one that fills it."""

    class Counting(dict):  # type: ignore[type-arg]
        looks = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            Counting.looks += len(self)
            return super().__iter__()

    early = EarlyMessages(10_000)
    early._held = Counting()
    for number in range(5_000, 15_000):
        early.add(number, None)
    for number in range(1, 5_000):
        early.forget_below(number)
        assert early.first == 5_000
    assert Counting.looks == 0
