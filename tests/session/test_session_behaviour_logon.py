"""The acceptor's side of a Logon: what it takes, what it answers, what it refuses and how."""

from __future__ import annotations

import pytest

from purefix_core.session.settings import SessionId
from purefix_core.session.states import State
from tests.session.session_bench import FIX40, FIX44, FIX50SP2, VERSIONS, Bench, Version, value

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
FIXT = [version for version in VERSIONS if version.is_fixt]


def theirs(version: Version, number: int = 1, more: str = "", end: str | None = None) -> str:
    """The line of the peer's Logon. `more`: what stands behind 108."""
    return f"35=A|34={number}|49=PEER|52=<TIME>|56=WE|98=0|108=30|{more}{version.logon_end if end is None else end}"


def ours(version: Version, number: int = 1, more: str = "") -> str:
    return f"35=A|34={number}|49=WE|52=<TIME>|56=PEER|98=0|108=30|{more}{version.logon_end}"


@ALL
def test_correct_logon_is_answered(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.expect()
    assert bench.state is State.CONNECTING
    bench.receive(theirs(version), ours(version))
    assert bench.state is State.ACTIVE
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


@ALL
@pytest.mark.parametrize("heart_bt_int", [0, 1, 6, 3600])
def test_heart_bt_int_of_the_peer_is_taken(version: Version, heart_bt_int: int) -> None:
    bench = Bench(version, heart_bt_int=30).log_on(heart_bt_int=heart_bt_int)
    assert bench.session.heart_bt_int == heart_bt_int


def test_heart_bt_int_zero_means_no_heartbeats() -> None:
    bench = Bench(FIX44).log_on(heart_bt_int=0)
    assert bench.wait(100_000) == []
    assert not bench.closed


@ALL
def test_negative_heart_bt_int_is_answered_by_logout(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.receive(
        f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=-1|{version.logon_end}",
        "35=5|34=1|49=WE|52=<TIME>|56=PEER|58=HeartBtInt must not be negative|",
        closes=True,
    )


@ALL
def test_too_high_logon_is_answered_then_what_is_missing_is_asked_for(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.receive(
        theirs(version, 5),
        ours(version),
        f"35=2|34=2|49=WE|52=<TIME>|56=PEER|7=1|16={version.open_end}|",
    )
    assert bench.session.awaiting_resend
    assert bench.numbers == (3, 1)
    bench.receive("35=5|34=6|49=PEER|52=<TIME>|56=WE|", "35=5|34=3|49=WE|52=<TIME>|56=PEER|", closes=True)


@ALL
def test_gap_before_a_logon_is_filled(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.feed(theirs(version, 5))
    bench.take()
    bench.receive("35=4|34=1|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|36=5|123=Y|")
    assert not bench.session.awaiting_resend
    assert bench.numbers == (3, 6)  # the Logon itself was 5
    bench.is_alive(6, 3)


@ALL
def test_too_low_logon_is_answered_by_logout(version: Version) -> None:
    bench = Bench(version)
    bench.store.set_last_received_seq_num(9)
    bench.store.set_last_sent_seq_num(4)
    bench.connect()
    bench.receive(
        theirs(version, 3),
        "35=5|34=5|49=WE|52=<TIME>|56=PEER|58=MsgSeqNum too low, expecting 10 but received 3|",
        closes=True,
    )
    assert bench.numbers == (6, 10)


@ALL
def test_numbers_go_on_at_the_next_logon(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.is_alive(2, 2)
    bench.log_out(3, 3)
    bench.log_on(4, first=4)
    assert bench.numbers == (5, 5)


@ALL
def test_reset_on_logon_starts_both_sequences_with_one(version: Version) -> None:
    """No 141 in the answer unless the peer sent it."""
    bench = Bench(version, reset_on_logon=True).log_on()
    bench.is_alive(2, 2)
    bench.log_out(3, 3)
    bench.log_on()
    assert bench.numbers == (2, 2)


@ALL
def test_reset_on_logout_resets_behind_a_logout_only(version: Version) -> None:
    bench = Bench(version, reset_on_logout=True).log_on()
    bench.is_alive(2, 2)
    bench.disconnect()
    assert bench.numbers == (3, 3)
    bench.log_on(3, first=3)
    bench.log_out(4, 4)
    assert bench.numbers == (1, 1)


@ALL
def test_reset_on_disconnect(version: Version) -> None:
    bench = Bench(version, reset_on_disconnect=True).log_on()
    bench.is_alive(2, 2)
    bench.disconnect()
    assert bench.numbers == (1, 1)


RESETTING = [version for version in VERSIONS if version != FIX40]


@pytest.mark.parametrize("version", RESETTING, ids=lambda version: version.name)
def test_reset_seq_num_flag_of_the_peer_resets_both_sides(version: Version) -> None:
    bench = Bench(version)
    bench.store.set_last_received_seq_num(9)
    bench.store.set_last_sent_seq_num(4)
    bench.connect()
    bench.receive(theirs(version, 1, "141=Y|"), ours(version, 1, "141=Y|"))
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


@pytest.mark.parametrize("version", RESETTING, ids=lambda version: version.name)
def test_reset_seq_num_flag_n_is_no_reset(version: Version) -> None:
    bench = Bench(version)
    bench.store.set_last_received_seq_num(9)
    bench.store.set_last_sent_seq_num(4)
    bench.connect()
    bench.receive(theirs(version, 10, "141=N|"), ours(version, 5))
    assert bench.numbers == (6, 11)


@pytest.mark.parametrize("version", RESETTING, ids=lambda version: version.name)
def test_logon_with_reset_within_the_session(version: Version) -> None:
    """Acceptance script SessionReset."""
    bench = Bench(version).log_on()
    for number in range(2, 10):
        bench.receive(f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|")
    bench.is_alive(10, 2)
    bench.receive(theirs(version, 1, "141=Y|"), ours(version, 1, "141=Y|"))
    assert bench.state is State.ACTIVE
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)
    bench.log_out(3, 3)


def test_what_was_sent_before_a_reset_is_not_sent_again() -> None:
    bench = Bench(FIX44).log_on()
    bench.is_alive(2, 2)
    bench.receive(theirs(FIX44, 1, "141=Y|"), ours(FIX44, 1, "141=Y|"))
    bench.receive(
        "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|",
        "35=4|34=1|43=Y|49=WE|52=<TIME>|56=PEER|122=<TIME>|36=2|123=Y|",
    )
    assert bench.store.get(2) is None


def test_logon_with_reset_drops_the_gap_that_was_open() -> None:
    bench = Bench(FIX44).log_on()
    bench.receive("35=0|34=9|49=PEER|52=<TIME>|56=WE|", "35=2|34=2|49=WE|52=<TIME>|56=PEER|7=2|16=0|")
    bench.receive(theirs(FIX44, 1, "141=Y|"), ours(FIX44, 1, "141=Y|"))
    assert not bench.session.awaiting_resend
    bench.is_alive(2, 2)


@pytest.mark.parametrize("version", RESETTING, ids=lambda version: version.name)
def test_reset_logon_with_another_number_than_one(version: Version) -> None:
    """The flag says that numbers begin with 1: a Logon 7 that says so leaves 1 to 6 missing, or is refused, but the
    session never takes 8 for the next one in sequence without saying anything."""
    bench = Bench(version)
    bench.connect()
    bench.feed(theirs(version, 7, "141=Y|"))
    bench.take()
    assert bench.closed or bench.numbers[1] == 1 or bench.numbers[1] == 2


@ALL
@pytest.mark.parametrize(
    "line",
    [
        "35=A|34=1|49=OTHER|52=<TIME>|56=WE|98=0|108=30|",
        "35=A|34=1|49=PEER|52=<TIME>|56=OTHER|98=0|108=30|",
        "35=A|34=1|49=PEER|52=20010101-00:00:00|56=WE|98=0|108=30|",
        "35=A|34=1|49=PEER|52=<TIME+121>|56=WE|98=0|108=30|",
        "35=A|34=1|49=PEER|52=<TIME-121>|56=WE|98=0|108=30|",
        "8=FIX.3.9|35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|",
    ],
    ids=["sender", "target", "long ago", "late", "early", "begin string"],
)
def test_logon_of_a_stranger_is_not_answered(version: Version, line: str) -> None:
    """Acceptance scripts 1c and 1d."""
    bench = Bench(version)
    bench.connect()
    bench.receive(line + version.logon_end, closes=True)
    assert bench.numbers == (1, 1)


@ALL
def test_garbled_logon_is_not_answered(version: Version) -> None:
    """Acceptance script 1d with a wrong BodyLength."""
    bench = Bench(version)
    bench.connect()
    bench.receive(f"8={version.begin_string}|9=40|" + theirs(version), closes=True)


@pytest.mark.parametrize("version", FIXT, ids=lambda version: version.name)
def test_logon_without_default_appl_ver_id(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.receive(theirs(version, end=""), closes=True)


@pytest.mark.parametrize("version", FIXT, ids=lambda version: version.name)
def test_unknown_default_appl_ver_id_is_answered_by_logout(version: Version) -> None:
    """As QuickFIX/J's scripts have it."""
    bench = Bench(version)
    bench.connect()
    bench.feed(theirs(version, end="1137=99|"))
    (logout,) = bench.take()
    assert value(logout, 35) == "5"
    assert "99" in (value(logout, 58) or "")
    assert bench.closed


@ALL
@pytest.mark.parametrize(
    "line",
    [
        "35=0|34=1|49=PEER|52=<TIME>|56=WE|",
        "35=5|34=1|49=PEER|52=<TIME>|56=WE|",
        "35=1|34=1|49=PEER|52=<TIME>|56=WE|112=HELLO|",
        "35=2|34=1|49=PEER|52=<TIME>|56=WE|7=1|16=0|",
        "35=4|34=1|49=PEER|52=<TIME>|56=WE|36=9|",
        "35=D|34=1|49=PEER|52=<TIME>|56=WE|11=ID|21=3|38=100|40=1|54=1|55=INTC|60=<TIME>|",
        "35=0|34=1|49=NOBODY|52=<TIME>|56=NOTHING|",
    ],
)
def test_first_message_that_is_no_logon(version: Version, line: str) -> None:
    """Acceptance script 1e."""
    bench = Bench(version)
    bench.connect()
    bench.receive(line, closes=True)
    assert bench.numbers == (1, 1)


@ALL
def test_nothing_is_read_once_the_connection_is_to_be_closed(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.feed("35=0|34=1|49=PEER|52=<TIME>|56=WE|", theirs(version))
    bench.expect(closes=True)
    bench.receive(theirs(version), closes=True)


@ALL
def test_dropped_connection_leaves_the_session_ready(version: Version) -> None:
    """Acceptance script 1b: the peer drops the connection without a Logout, the next Logon succeeds at once."""
    bench = Bench(version, reset_on_logon=True).log_on()
    bench.disconnect()
    assert bench.state is State.DISCONNECTED
    bench.log_on()


@ALL
def test_second_logon_within_the_session(version: Version) -> None:
    """Without ResetSeqNumFlag there is nothing that it could mean: the connection ends."""
    bench = Bench(version).log_on()
    bench.feed(theirs(version, 2))
    bench.take()
    assert bench.closed


@ALL
def test_logon_without_a_number_is_answered_by_logout(version: Version) -> None:
    bench = Bench(version)
    bench.connect()
    bench.feed(f"35=A|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
    (logout,) = bench.take()
    assert value(logout, 35) == "5"
    assert value(logout, 58) == "Received message without MsgSeqNum"
    assert bench.closed


@ALL
def test_message_without_a_number_is_answered_by_logout(version: Version) -> None:
    bench = Bench(version).log_on()
    bench.receive(
        "35=0|49=PEER|52=<TIME>|56=WE|",
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=Received message without MsgSeqNum|",
        closes=True,
    )
    assert bench.numbers == (3, 2)


@ALL
def test_nobody_logs_on(version: Version) -> None:
    bench = Bench(version, logon_timeout=10)
    bench.connect()
    assert bench.session.next_tick() == bench.now + 10_000_000_000
    assert bench.wait(9.999) == []
    assert not bench.closed
    bench.wait(0.001)
    assert bench.closed


def test_answer_over_fixt_has_our_own_version() -> None:
    """Taking the peer's 1137 over is the application's business."""
    bench = Bench(FIX50SP2)
    bench.connect()
    bench.receive(theirs(FIX50SP2, end="1137=8|"), ours(FIX50SP2))
    assert bench.session.target_default_appl_ver_id == "8"


def test_sub_ids_and_location_ids_go_out() -> None:
    session_id = SessionId("FIX.4.4", "WE", "PEER", "S", "L", "TS", "TL", "Q")
    bench = Bench(FIX44, session_id=session_id)
    bench.connect()
    bench.receive(
        "35=A|34=1|49=PEER|50=TS|52=<TIME>|56=WE|57=S|142=TL|143=L|98=0|108=30|",
        "35=A|34=1|49=WE|50=S|52=<TIME>|56=PEER|57=TS|142=L|143=TL|98=0|108=30|",
    )


def test_check_comp_id_off_takes_any() -> None:
    bench = Bench(FIX44, check_comp_id=False)
    bench.connect()
    bench.receive("35=A|34=1|49=X|52=<TIME>|56=Y|98=0|108=30|", ours(FIX44))


def test_check_latency_off_takes_any_time() -> None:
    bench = Bench(FIX44, check_latency=False)
    bench.connect()
    bench.receive("35=A|34=1|49=PEER|52=20010101-00:00:00|56=WE|98=0|108=30|", ours(FIX44))
    bench.receive("35=0|34=2|49=PEER|52=20010101-00:00:00|56=WE|")
    assert bench.numbers == (2, 3)
