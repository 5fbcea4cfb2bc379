"""Answers to ResendRequests: what is sent again, what is gap-filled, and how much."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.application import Application, DoNotSend
from purefix_core.session.outgoing import FlatMessage
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX44, NOON, VERSIONS, Bench, Version, fields, split, stamp, value
from tests.session.session_lines import gap_fill, order, order_again, order_line

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def request(number: int, first: int, end: int | str) -> str:
    return f"35=2|34={number}|49=PEER|52=<TIME>|56=WE|7={first}|16={end}|"


def sent_at(bench: Bench) -> str:
    """What stands in 52 of a message that is sent now."""
    return stamp(bench.now, bench.digits)


def ordered(bench: Bench, *names: str) -> str:
    """Send orders; returns their SendingTime."""
    for name in names:
        bench.session.send(order(name), bench.now)
    bench.take()
    time = sent_at(bench)
    bench.now += 1_234_567_891  # they were sent a while ago
    return time


def mixed(version: Version, **settings: Any) -> tuple[Bench, str, str]:
    """1 Logon, 2 to 4 Heartbeats, 5 A, 6 B, 7 and 8 Heartbeats, 9 C (script 8_AdminAndApplicationMessages)."""
    bench = Bench(version, **settings).log_on()
    for number in (2, 3, 4):
        bench.is_alive(number, number)
    first = ordered(bench, "A", "B")
    bench.is_alive(5, 7)
    bench.is_alive(6, 8)
    second = ordered(bench, "C")
    assert bench.numbers == (10, 7)
    return bench, first, second


@ALL
@pytest.mark.parametrize(
    ("first", "end", "kinds"),
    [
        (2, 4, "2-5"),
        (2, 6, "2-5 A B"),
        (2, 8, "2-5 A B 7-9"),
        (2, 9, "2-5 A B 7-9 C"),
        (1, 9, "1-5 A B 7-9 C"),
        (3, 3, "3-4"),
        (4, 5, "4-5 A"),
        (5, 5, "A"),
        (6, 7, "B 7-8"),
        (9, 9, "C"),
        (2, 50, "2-5 A B 7-9 C"),
    ],
)
def test_admin_runs_are_filled_and_the_rest_sent_again(version: Version, first: int, end: int, kinds: str) -> None:
    bench, early, late = mixed(version)
    wanted = {"A": order_again(5, "A", early), "B": order_again(6, "B", early), "C": order_again(9, "C", late)}
    answers = [wanted.get(each) or gap_fill(*map(int, each.split("-"))) for each in kinds.split()]
    bench.receive(request(7, first, end), *answers)
    bench.is_alive(8, 10)  # no number was moved


@ALL
@pytest.mark.parametrize("end", ["0", "999999"])
def test_open_end_is_up_to_the_last_sent(version: Version, end: str) -> None:
    bench, early, late = mixed(version)
    bench.receive(
        request(7, 2, end),
        gap_fill(2, 5),
        order_again(5, "A", early),
        order_again(6, "B", early),
        gap_fill(7, 9),
        order_again(9, "C", late),
    )
    bench.is_alive(8, 10)


@ALL
def test_trailing_admin_messages_end_in_a_gap_fill_to_the_next_number(version: Version) -> None:
    bench, _, late = mixed(version)
    bench.is_alive(7, 10)
    bench.receive(request(8, 9, version.open_end), order_again(9, "C", late), gap_fill(10, 11))


@ALL
def test_only_admin_messages(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.is_alive(2, 2)
    bench.is_alive(3, 3)
    bench.receive(request(4, 1, version.open_end), gap_fill(1, 4))
    bench.receive(request(5, 2, 2), gap_fill(2, 3))
    bench.receive(request(6, 2, 3), gap_fill(2, 4))


@ALL
def test_only_application_messages(version: Version) -> None:
    bench = Bench(version).log_on()
    time = ordered(bench, "A", "B", "C")
    bench.receive(
        request(2, 2, version.open_end),
        order_again(2, "A", time),
        order_again(3, "B", time),
        order_again(4, "C", time),
    )


@ALL
def test_second_resend_has_the_same_origin(version: Version) -> None:
    """122 comes from the message as it was first sent, however often it is sent again."""
    bench = Bench(version).log_on()
    time = ordered(bench, "A")
    for number in (2, 3, 4):
        bench.receive(request(number, 2, 2), order_again(2, "A", time))
        bench.now += 3 * NANOS


@ALL
@pytest.mark.parametrize(("first", "end"), [(10, 0), (10, 20), (50, 0), (7, 3), (2147483648, 0), (10, 2147483648)])
def test_request_for_what_was_never_sent(version: Version, first: int, end: int) -> None:
    """Nothing is there to be sent: no gap fill may move the peer's number past what we send next."""
    bench, _, _ = mixed(version)
    bench.feed(request(7, first, end))
    for answer in bench.take():
        assert value(answer, 35) in ("3", "4")
        assert value(answer, 35) == "3" or int(value(answer, 36) or 0) <= 10
    assert not bench.closed
    bench.feed("35=1|34=8|49=PEER|52=<TIME>|56=WE|112=X|")
    assert value(bench.take()[0], 112) == "X"


@ALL
@pytest.mark.parametrize("first", [0, -1])
def test_request_from_nowhere(version: Version, first: int) -> None:
    """0 and less is no number; whatever the answer is, the session goes on."""
    bench = Bench(version).log_on()
    bench.feed(request(2, first, 0))
    sent = bench.take()
    assert all(value(each, 35) in ("3", "4") for each in sent)
    assert not bench.closed
    number = bench.numbers[0]
    bench.receive("35=1|34=3|49=PEER|52=<TIME>|56=WE|112=X|", f"35=0|34={number}|49=WE|52=<TIME>|56=PEER|112=X|")


def test_message_that_is_not_kept_is_filled() -> None:
    bench = Bench(FIX44).log_on()
    time = ordered(bench, "A", "B", "C", "D")
    del bench.store._records[3]
    del bench.store._records[4]
    bench.receive(request(2, 2, 0), order_again(2, "A", time), gap_fill(3, 5), order_again(5, "D", time))


def test_unkept_and_admin_messages_are_one_run() -> None:
    bench = Bench(FIX44).log_on()
    bench.is_alive(2, 2)
    time = ordered(bench, "A", "B")
    del bench.store._records[3]
    bench.receive(request(3, 1, 0), gap_fill(1, 4), order_again(4, "B", time))


def test_what_the_store_says_to_fill_is_filled() -> None:
    store = FixMsgMemoryStore(gap_filled={3, 4})
    bench = Bench(FIX44, store=store).log_on()
    time = ordered(bench, "A", "B", "C", "D")
    bench.receive(request(2, 2, 0), order_again(2, "A", time), gap_fill(3, 5), order_again(5, "D", time))


def test_messages_older_than_the_limit_are_filled() -> None:
    bench = Bench(FIX44, resend_max_age=60).log_on(heart_bt_int=0)
    ordered(bench, "A", "B")
    bench.now += 50 * NANOS
    time = ordered(bench, "C")
    bench.now += 20 * NANOS
    bench.receive(request(2, 2, 0), gap_fill(2, 4), order_again(4, "C", time))


def test_age_of_exactly_the_limit_is_not_too_old() -> None:
    bench = Bench(FIX44, resend_max_age=60).log_on(heart_bt_int=0)
    at = bench.now
    time = ordered(bench, "A")
    bench.now = at + 60 * NANOS
    bench.receive(request(2, 2, 0), order_again(2, "A", time))
    bench.now += 1
    bench.receive(request(3, 2, 0), gap_fill(2, 3))


@ALL
@pytest.mark.parametrize("setting", [{"resend_gap_fill_only": True}, {"persist_messages": False}], ids=str)
def test_nothing_is_sent_again(version: Version, setting: dict[str, bool]) -> None:
    bench = Bench(version, **setting).log_on()
    ordered(bench, "A", "B", "C")
    bench.receive(request(2, 1, version.open_end), gap_fill(1, 5))
    bench.receive(request(3, 2, 3), gap_fill(2, 4))
    assert bench.numbers == (5, 4)


def test_without_persistence_the_store_has_numbers_only() -> None:
    bench = Bench(FIX44, persist_messages=False).log_on()
    ordered(bench, "A")
    assert bench.store.get_state().messages == 0
    assert bench.store.get_last_sent_seq_num() == 2


class Choosy(Application):
    """Does not want B sent; changes what it sends again."""

    def __init__(self) -> None:
        self.refused = {b"B"}
        self.seen: list[tuple[bytes, bool]] = []

    def to_app(self, message: Any, session: Any) -> None:
        self.seen.append((message.get(11), message.get(43) == b"Y"))
        if message.get(11) in self.refused:
            raise DoNotSend


def test_do_not_send_uses_no_number() -> None:
    bench = Bench(FIX44, Choosy()).log_on()
    assert bench.session.send(order("A"), bench.now) == 2
    assert bench.session.send(order("B"), bench.now) == 0
    assert bench.session.send(order("C"), bench.now) == 3
    bench.expect(order_line(2, "A"), order_line(3, "C"))
    assert bench.store.get_state().messages == 3


def test_do_not_send_on_a_resend_is_a_gap_fill() -> None:
    application = Choosy()
    bench = Bench(FIX44, application).log_on()
    application.refused = set()
    time = ordered(bench, "A", "B", "C")
    application.refused = {b"B"}
    application.seen.clear()
    bench.receive(
        request(2, 1, 0), gap_fill(1, 2), order_again(2, "A", time), gap_fill(3, 4), order_again(4, "C", time)
    )
    assert application.seen == [(b"A", True), (b"B", True), (b"C", True)]


def test_do_not_send_at_the_end_of_a_resend() -> None:
    application = Choosy()
    bench = Bench(FIX44, application).log_on()
    application.refused = set()
    time = ordered(bench, "A", "B")
    application.refused = {b"B"}
    bench.receive(request(2, 2, 0), order_again(2, "A", time), gap_fill(3, 4))


def test_resend_moves_no_number_and_stores_nothing() -> None:
    bench = Bench(FIX44).log_on()
    time = ordered(bench, "A")
    before = bench.store.get(2)
    bench.receive(request(2, 1, 0), gap_fill(1, 2), order_again(2, "A", time))
    assert bench.store.get(2) == before
    assert bench.store.get_last_sent_seq_num() == 2


def test_message_of_the_body_order_of_the_application() -> None:
    """The order of the body stands, again on a resend; a length stands directly before its data."""
    body = [(60, b"20260105-11:59:00"), (11, b"X"), (95, b"7"), (96, b"a\x01b=c|d"), (55, b"Z")]
    bench = Bench(FIX44).log_on()
    bench.session.send(FlatMessage("B", body), bench.now)
    wanted = b"\x01".join(b"%d=%b" % pair for pair in body)
    sent = bench.session.take().data
    assert wanted in sent
    time = sent_at(bench)
    bench.now += NANOS
    bench.session.receive(bench.incoming(request(2, 2, 0)), bench.now)
    again = bench.session.take().data
    assert wanted in again
    assert f"\x01122={time}\x01".encode() in again


def test_groups_stay_in_their_order_when_they_are_sent_again() -> None:
    body = [(11, b"X"), (453, b"2"), (448, b"P"), (447, b"D"), (452, b"1"), (448, b"Q"), (447, b"D"), (452, b"3")]
    bench = Bench(FIX44).log_on()
    bench.session.send(FlatMessage("D", [*body, (55, b"Z")]), bench.now)
    bench.take()
    bench.feed(request(2, 2, 0))
    (again,) = bench.take()
    assert b"\x01".join(b"%d=%b" % pair for pair in body) in again


def test_header_fields_of_the_application_are_sent_again() -> None:
    """PossResend and routing belong to the message, unlike 43 and 122."""
    bench = Bench(FIX44).log_on()
    message = order("A")
    message.header = [(97, b"Y"), (115, b"CLIENT")]
    bench.session.send(message, bench.now)
    (sent,) = bench.take()
    assert (value(sent, 97), value(sent, 115)) == ("Y", "CLIENT")
    bench.feed(request(2, 2, 0))
    (again,) = bench.take()
    assert (value(again, 97), value(again, 115), value(again, 43)) == ("Y", "CLIENT", "Y")
    assert [tag for tag, _ in fields(again)][3:11] == [34, 43, 49, 52, 56, 97, 115, 122]


def test_long_resend_comes_in_pieces() -> None:
    """It is streamed: live messages and heartbeats may go between the pieces, and nothing is lost or doubled."""
    bench = Bench(FIX44).log_on(heart_bt_int=0)
    for number in range(1000):
        bench.session.send(order(str(number)), bench.now)
    bench.take()
    bench.session.receive(bench.incoming(request(2, 1, 0)), bench.now)
    first = split(bench.session.take().data)
    assert bench.session.is_resending
    assert len(first) < 1000
    bench.session.send(order("live"), bench.now)
    bench.session.receive(bench.incoming("35=1|34=3|49=PEER|52=<TIME>|56=WE|112=X|"), bench.now)
    between = split(bench.session.take().data)
    assert [(value(each, 34), value(each, 43)) for each in between] == [("1002", None), ("1003", None)]
    rest = bench.take()
    again = [each for each in first + rest if value(each, 35) == "D"]
    assert [value(each, 11) for each in again] == [str(number) for number in range(1000)]
    assert all(value(each, 43) == "Y" for each in again)
    assert not bench.session.is_resending
    assert bench.numbers == (1004, 4)


def test_disconnection_ends_a_resend() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=0)
    for number in range(1000):
        bench.session.send(order(str(number)), bench.now)
    bench.take()
    bench.session.receive(bench.incoming(request(2, 1, 0)), bench.now)
    bench.session.take()
    assert bench.session.is_resending
    bench.disconnect()
    assert not bench.session.is_resending
    bench.log_on(3, first=1002)


def test_third_identical_request_in_a_row_warns() -> None:
    bench = Bench(FIX44).log_on()
    time = ordered(bench, "A")
    for number in (2, 3):
        bench.receive(request(number, 2, 0), order_again(2, "A", time))
    assert bench.warnings == []
    bench.receive(request(4, 2, 0), order_again(2, "A", time))
    assert len(bench.warnings) == 1
    assert "2" in bench.warnings[0]


def test_other_request_between_begins_the_count_again() -> None:
    bench = Bench(FIX44).log_on()
    ordered(bench, "A", "B")
    for number, first in ((2, 2), (3, 2), (4, 3), (5, 2), (6, 2)):
        bench.feed(request(number, first, 0))
    bench.take()
    assert bench.warnings == []


def test_messages_sent_while_nobody_is_logged_on_are_asked_for() -> None:
    bench = Bench(FIX44)
    assert bench.session.send(order("A"), bench.now) == 1
    bench.expect()
    time = stamp(NOON, 3)
    bench.now += 5 * NANOS
    bench.log_on(1, first=2)
    bench.receive(request(2, 1, 1), order_again(1, "A", time))
