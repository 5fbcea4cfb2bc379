"""Deeds whose session has changed since they were shown, and deeds of odd texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from purefix_core.session import by_hand
from purefix_core.session.by_hand import Deed
from purefix_core.session.outgoing import FlatMessage
from tests.session.deeds import bench_of, deed, do, does_as_said, said
from tests.session.session_bench import value


def test_a_reset_that_would_be_dropped_is_warned_of() -> None:
    bench = bench_of().log_on()
    bench.session.manual.drop_outgoing(1, "tester")
    what = deed(bench, by_hand.reset_store)
    assert "the next 1 outgoing messages are dropped" in said(what)


# -- what has happened since it was shown ----------------------------------------------------------------------------


def test_a_gap_fill_never_takes_our_number_back() -> None:
    bench = bench_of().log_on()
    what = deed(bench, by_hand.sequence_reset, 3, True)
    do(bench, deed(bench, by_hand.heartbeat))
    assert bench.numbers[0] == 3
    with pytest.raises(ValueError, match="expected more than its MsgSeqNum 3, found 3"):
        do(bench, what)
    assert bench.take() == []
    assert bench.numbers[0] == 3


def test_an_answer_by_hand_leaves_what_was_sent_since_it_was_shown() -> None:
    bench = bench_of().log_on()
    do(bench, deed(bench, by_hand.set_numbers, next_out=9))
    what = deed(bench, by_hand.sequence_reset, 9, True, 2, True)
    do(bench, deed(bench, by_hand.heartbeat))
    (sent,) = do(bench, what)
    assert (value(sent, 34), value(sent, 36)) == ("2", "9")
    assert bench.numbers[0] == 10


def test_no_numbers_are_set_for_a_logon_that_has_gone_out_meanwhile() -> None:
    bench = bench_of()
    what = deed(bench, by_hand.logon, next_out=135, next_in=7)
    bench.log_on()
    before = bench.numbers
    with pytest.raises(ValueError, match="logged on already"):
        do(bench, what)
    assert bench.numbers == before


@pytest.mark.parametrize("function", [by_hand.heartbeat, by_hand.test_request, by_hand.logout])
def test_a_message_shown_while_logged_on_is_not_sent_otherwise(function: Callable[..., Deed]) -> None:
    bench = bench_of().log_on()
    what = deed(bench, function)
    bench.disconnect()
    do(bench, deed(bench, by_hand.connect))
    bench.connect()
    with pytest.raises(ValueError, match="Nobody is logged on"):
        do(bench, what)
    assert bench.take() == []


CHANGING: list[tuple[Callable[..., Deed], dict[str, int]]] = [
    (by_hand.reset_store, {}),
    (by_hand.set_numbers, {"next_out": 9}),
]
"""Deeds that mean one thing with a counterparty, and another thing without one."""


@pytest.mark.parametrize(("function", "values"), CHANGING)
def test_numbers_shown_before_a_logon_are_not_set_behind_one(
    function: Callable[..., Deed], values: dict[str, int]
) -> None:
    bench = bench_of()
    what = deed(bench, function, **values)
    bench.connect()
    bench.take()
    with pytest.raises(ValueError, match=r"not as it was|state logon sent"):
        do(bench, what)
    assert bench.numbers == (2, 1)
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|")
    with pytest.raises(ValueError, match="not as it was when this was shown"):
        do(bench, what)
    assert bench.take() == []
    assert bench.numbers == (2, 2)


@pytest.mark.parametrize(("function", "values"), CHANGING)
def test_numbers_shown_while_logged_on_are_not_set_without_the_counterparty(
    function: Callable[..., Deed], values: dict[str, int]
) -> None:
    bench = bench_of().log_on()
    what = deed(bench, function, **values)
    bench.disconnect()
    with pytest.raises(ValueError, match="not as it was when this was shown"):
        do(bench, what)
    assert bench.numbers == (2, 2)


def test_numbers_that_stand_already_do_not_prevent_a_logon() -> None:
    bench = bench_of()
    bench.session.manual.set_numbers("tester", bench.now, next_sender=135, next_target=7)
    what = deed(bench, by_hand.logon, next_out=135, next_in=7)
    assert "MsgSeqNum 135; we expect 7" in said(what)
    assert "instead of" not in said(what)


# -- odd texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"), [("a\x01b", "without SOH"), ("a\ud800", "character 2 is none that UTF-8 has")]
)
def test_what_no_field_can_hold_is_refused_in_a_sentence(text: str, told: str) -> None:
    bench = bench_of().log_on()
    tries: list[tuple[Callable[..., Deed], tuple[Any, ...], str]] = [
        (by_hand.logout, (text,), "Text"),
        (by_hand.heartbeat, (text,), "TestReqID"),
        (by_hand.test_request, (text,), "TestReqID"),
        (by_hand.reject, (1, None, text), "RefMsgType"),
        (by_hand.reject, (1, None, "", None, text), "Text"),
    ]
    for function, values, name in tries:
        with pytest.raises(ValueError, match=f"^{name}: expected text.*{told}.*\\.$"):
            deed(bench, function, *values)


def test_a_byte_that_is_no_utf8_goes_out_as_it_is() -> None:
    bench = bench_of().log_on()
    assert b"\x0158=caf\xe9\x01" in does_as_said(bench, deed(bench, by_hand.logout, "caf\udce9"))


def test_a_long_value_does_not_fill_the_sentence() -> None:
    bench = bench_of().log_on()
    what = deed(bench, by_hand.test_request, "x" * 5000)
    assert all(len(line) < 200 for line in what.lines)
    assert b"x" * 5000 in does_as_said(bench, what)


@pytest.mark.parametrize(("number", "shown"), [(b"abc", "abc"), (b"", "empty"), (b"9" * 25, "9" * 25)])
def test_a_msg_seq_num_that_is_none_is_shown_as_it_stands(number: bytes, shown: str) -> None:
    bench = bench_of().log_on()
    message = FlatMessage("D", [(11, b"x")], [(34, number)])
    what = deed(bench, by_hand.send, message)
    assert f"a MsgSeqNum of its own, {shown}." in said(what)
    assert "That is no MsgSeqNum" in said(what)
    does_as_said(bench, what)
    with pytest.raises(ValueError, match=r"to store: expected 1 to 2147483647, found (nothing|abc|9{20})\."):
        deed(bench, by_hand.send, message, True)
