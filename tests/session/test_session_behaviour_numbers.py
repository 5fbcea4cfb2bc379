"""Numbers of what is received: in sequence, too high, too low, duplicates, and SequenceReset in both modes."""

from __future__ import annotations

import pytest

from purefix_core.session.application import Application
from purefix_core.session.states import State
from purefix_core.session.venue.echo import Echo
from tests.session.session_bench import FIX40, FIX42, FIX44, VERSIONS, Bench, Version, incoming_order, value

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)

HEARTBEAT = "35=0|34={}|49=PEER|52=<TIME>|56=WE|"


def resend_request(version: Version, number: int, first: int, end: int | None = None) -> str:
    return f"35=2|34={number}|49=WE|52=<TIME>|56=PEER|7={first}|16={version.open_end if end is None else end}|"


class Receiver(Application):
    """Remembers the ClOrdIDs that came, in order."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.poss_dups: list[str] = []

    def from_app(self, message, session) -> None:  # type: ignore[no-untyped-def]
        self.got.append(message.get(11).decode())
        if message.get(43) == b"Y":
            self.poss_dups.append(message.get(11).decode())


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


# -- SequenceReset ---------------------------------------------------------------------------------------------------


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


# -- how much is asked for -------------------------------------------------------------------------------------------


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
