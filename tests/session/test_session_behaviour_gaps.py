"""What is asked for where messages are missing, what becomes of those that came early; numbers that are none."""

from __future__ import annotations

import pytest

from tests.session.session_bench import FIX40, FIX42, FIX44, VERSIONS, Bench, Version, value
from tests.session.session_lines import HEARTBEAT, Receiver, incoming_order, resend_request

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


@ALL
def test_closed_interval(version: Version) -> None:
    bench = Bench(version, closed_resend_interval=True).log_on()
    bench.receive(HEARTBEAT.format(7), resend_request(version, 2, 2, 6))
    bench.receive("35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=7|123=Y|")
    bench.is_alive(8, 3)


def test_closed_interval_with_a_second_gap() -> None:
    bench = Bench(FIX44, closed_resend_interval=True).log_on()
    bench.receive(HEARTBEAT.format(4), resend_request(FIX44, 2, 2, 3))
    bench.receive(HEARTBEAT.format(7))
    bench.receive(
        "35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=4|123=Y|",
        resend_request(FIX44, 3, 5, 6),
    )
    bench.receive("35=4|34=5|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=7|123=Y|")
    bench.is_alive(8, 4)


@ALL
def test_chunks(version: Version) -> None:
    """ResendRequestChunkSize: the next chunk is asked for when the one before has come."""
    bench = Bench(version, resend_request_chunk_size=3).log_on()
    bench.receive(HEARTBEAT.format(10), resend_request(version, 2, 2, 4))
    bench.receive(HEARTBEAT.format(2))
    bench.receive(HEARTBEAT.format(3))
    bench.receive(HEARTBEAT.format(4), resend_request(version, 3, 5, 7))
    bench.receive(HEARTBEAT.format(11))
    bench.receive("35=4|34=5|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=8|123=Y|", resend_request(version, 4, 8, 9))
    bench.receive("35=4|34=8|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=10|123=Y|")
    assert bench.numbers == (5, 12)
    assert not bench.session.awaiting_resend


def test_chunk_that_holds_the_whole_gap() -> None:
    bench = Bench(FIX44, resend_request_chunk_size=5).log_on()
    bench.receive(HEARTBEAT.format(7), resend_request(FIX44, 2, 2, 6))
    bench.receive("35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=7|123=Y|")
    bench.is_alive(8, 3)


def test_gap_fill_past_the_chunk() -> None:
    bench = Bench(FIX44, resend_request_chunk_size=3).log_on()
    bench.receive(HEARTBEAT.format(20), resend_request(FIX44, 2, 2, 4))
    bench.receive("35=4|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=12|123=Y|", resend_request(FIX44, 3, 12, 14))


def test_redundant_requests_when_they_are_wanted() -> None:
    bench = Bench(FIX44, send_redundant_resend_requests=True).log_on()
    bench.receive(HEARTBEAT.format(4), resend_request(FIX44, 2, 2))
    bench.receive(HEARTBEAT.format(5), resend_request(FIX44, 3, 2))


@ALL
def test_too_many_early_messages_are_asked_for_again(version: Version) -> None:
    application = Receiver()
    bench = Bench(version, application, max_early_messages=3).log_on()
    bench.receive(incoming_order(version, 3, "B"), resend_request(version, 2, 2))
    for number in range(4, 10):
        bench.receive(incoming_order(version, number, chr(ord("A") + number - 2)))
    assert application.got == []
    bench.feed(incoming_order(version, 2, "A"))
    assert application.got == ["A", "B", "C", "D"]
    (request,) = bench.take()
    assert (value(request, 35), value(request, 7)) == ("2", "6")
    for number in range(6, 11):
        bench.receive(incoming_order(version, number, chr(ord("A") + number - 2), "43=Y|122=<TIME>|"))
    assert application.got == list("ABCDEFGHI")
    assert not bench.session.awaiting_resend


def test_overflow_with_more_arriving_while_it_is_asked_for_again() -> None:
    application = Receiver()
    bench = Bench(FIX44, application, max_early_messages=2).log_on()
    for number in (3, 4, 5, 6):
        bench.feed(incoming_order(FIX44, number, str(number)))
    bench.expect(resend_request(FIX44, 2, 2))
    bench.receive(incoming_order(FIX44, 2, "2"), resend_request(FIX44, 3, 5))
    bench.receive(incoming_order(FIX44, 7, "7"))
    bench.receive(incoming_order(FIX44, 5, "5"))
    bench.receive(incoming_order(FIX44, 6, "6"))
    assert application.got == ["2", "3", "4", "5", "6", "7"]


@ALL
def test_number_above_all_that_a_store_holds(version: Version) -> None:
    """It cannot be: no exception, and nothing is believed."""
    bench = Bench(version).log_on()
    for number in ("99999999999999", "4294967296", "99999999999999999999999999"):
        bench.feed(HEARTBEAT.format(number))
        bench.take()
        if bench.closed:
            break
    assert bench.numbers[1] in (2, 3, 4, 5)


@ALL
def test_number_zero(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive(
        HEARTBEAT.format(0),
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 2 but received 0|",
        closes=True,
    )


@ALL
@pytest.mark.parametrize("new", ["2147483648", "99999999999999", "0", "-5"])
def test_reset_to_nonsense_is_rejected(version: Version, new: str) -> None:
    bench = Bench(version).log_on()
    bench.feed(f"35=4|34=2|49=PEER|52=<TIME>|56=WE|36={new}|")
    (reject,) = bench.take()
    assert value(reject, 35) == "3"
    assert not bench.closed
    assert bench.numbers[1] in (2, 3)


def test_greatest_number() -> None:
    """2^31 - 1 is the last number there is: behind it the session has to be reset, and says so."""
    bench = Bench(FIX44).log_on()
    bench.receive("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=2147483647|")
    bench.feed(HEARTBEAT.format(2147483647))
    bench.take()
    bench.feed(HEARTBEAT.format(2147483648))
    bench.take()
    assert bench.closed or bench.numbers[1] <= 2**31


def test_a_gap_that_is_never_filled_is_asked_for_once_more() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=30)
    bench.receive(HEARTBEAT.format(4), resend_request(FIX44, 2, 2))
    requests = []
    number = 5
    for _ in range(20):
        requests += [each for each in bench.wait(5) if value(each[1], 35) == "2"]
        bench.feed(HEARTBEAT.format(number))
        requests += [(0, each) for each in bench.take() if value(each, 35) == "2"]
        number += 1
    assert len(requests) == 1
    assert value(requests[0][1], 7) == "2"


def test_old_versions_ask_with_their_own_open_end() -> None:
    assert (FIX40.open_end, FIX42.open_end) == ("999999", "0")
