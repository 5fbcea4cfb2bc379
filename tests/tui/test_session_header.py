"""What the Session tab says of a session: three lines in which nothing moves, and two about what is the matter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from session_peers import settings

from purefix_core.session.config import FixConfig
from purefix_core.session.events import Level
from purefix_core.session.settings import ConnectionType
from purefix_core.session.states import State
from purefix_core.session.status import Passed, SessionStatus
from purefix_core.wire.timestamps import NANOS, parse_utc_timestamp
from purefix_tui.log.live_pane import EventLine
from purefix_tui.session.first_status import first_status
from purefix_tui.session.header import Facts, header_lines
from purefix_tui.session.trouble import Trouble
from purefix_tui.session.words import Moment, Tone, saying, state_word

NOW = parse_utc_timestamp(b"20260131-16:30:45") or 0
CONFIG = FixConfig.of(settings(ConnectionType.INITIATOR, 9876))
ACCEPTOR = FixConfig.of(settings(ConnectionType.ACCEPTOR, 9876))
IDLE = first_status(CONFIG)
ACTIVE = replace(IDLE, state=State.ACTIVE, is_connected=True, next_out=135, next_in=120, heart_bt_int=30)


def lines(status: SessionStatus, width: int = 78) -> list[str]:
    names = {"0": "Heartbeat", "8": "ExecutionReport"}
    facts = Facts(CONFIG.settings.session_id, status, NOW, names)
    return ["".join(text for text, _ in line) for line in header_lines(facts, width)]


def said(status: SessionStatus, trouble: EventLine | None = None, since: int = NOW) -> tuple[str, str, Tone]:
    found = saying(Moment(status, "VENUE", NOW, since, trouble))
    return found.text, found.then, found.tone


TEXT = st.characters(codec="utf-8")
passed = st.none() | st.builds(
    Passed, st.integers(NOW - 10**15, NOW), st.text(TEXT, max_size=20), st.integers(0, 2**31 - 1)
)
numbers = st.none() | st.integers(1, 999_999)
spans = st.none() | st.tuples(st.integers(1, 9_999), st.integers(1, 9_999))
statuses = st.builds(
    replace,
    st.sampled_from([IDLE, ACTIVE, first_status(ACCEPTOR)]),
    state=st.sampled_from(State),
    is_connected=st.booleans(),
    listening=st.none() | st.integers(1, 65_535),
    peer=st.text(TEXT, max_size=60),
    uses_tls=st.booleans(),
    next_out=numbers,
    next_in=numbers,
    awaiting=spans,
    resending=spans,
    last_received=passed,
    last_sent=passed,
    heartbeat_due=st.none() | st.integers(NOW - NANOS, NOW + 300 * NANOS),
    test_request_pending=st.booleans(),
    holds_heartbeats=st.booleans(),
    drop_outgoing=st.integers(0, 99),
    store_path=st.none() | st.text(TEXT, max_size=80).map(lambda text: Path("/" + text.replace("\0", ""))),
)


@given(statuses, st.sampled_from([60, 76, 78, 118, 138, 200]))
def test_everything_keeps_its_place_and_nothing_more_than_the_width_is_taken(status: SessionStatus, width: int) -> None:
    shown = lines(status, width)
    assert [cell_len(line) for line in shown] == [width, cell_len(lines(ACTIVE, width)[1]), width]
    assert cell_len(shown[1]) <= width
    assert not any(character < " " or "\x7f" <= character < "\xa0" for line in shown for character in line)
    usual = lines(ACTIVE, width)
    for place, word in ((1, "next out "), (1, "  in "), (1, "→ "), (2, "resend "), (2, "  store ")):
        begins = cell_len(usual[place][: usual[place].index(word)])
        assert word in shown[place]
        assert cell_len(shown[place][: shown[place].index(word)]) == begins


@given(statuses)
def test_there_is_always_something_to_say(status: SessionStatus) -> None:
    text, _, _ = said(status)
    assert text
    assert "\n" not in text
    word, _ = state_word(status)
    assert len(word) <= 14


def test_all_that_matters_is_there() -> None:
    status = replace(
        ACTIVE,
        uses_tls=True,
        last_sent=Passed(NOW - 5 * NANOS, "0", 134),
        last_received=Passed(NOW - NANOS, "8", 119),
        heartbeat_due=NOW + 12 * NANOS,
        awaiting=(100, 110),
        store_path=Path("/store/CLIENT.VENUE"),
    )
    first, second, third = lines(status)
    assert "LOGGED ON" in first
    assert "CLIENT → VENUE" in first
    assert "127.0.0.1:9876 TLS" in first
    assert "out       135  in       120" in second
    assert "→ Heartbeat" in second
    assert "16:30:40" in second
    assert "16:30:44" in second
    assert "heartbeat in 12 s" in third
    assert "waits for 100–110" in third
    assert "/store/CLIENT.VENUE" in third


def test_another_day_is_told_by_its_date() -> None:
    assert "01-30" in lines(replace(ACTIVE, last_sent=Passed(NOW - 86_400 * NANOS, "0", 1)))[1]


def test_numbers_that_cannot_be_read_are_a_question_mark() -> None:
    assert "out         ?" in lines(replace(IDLE, problem="the store is damaged"))[1]
    text, _, tone = said(replace(IDLE, problem="the store is damaged"))
    assert (text, tone) == ("The store is damaged", Tone.BAD)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (IDLE, "Nothing is sent before you say so"),
        (first_status(ACCEPTOR), "Not connected."),
        (replace(first_status(ACCEPTOR), listening=9876), "Listening on port 9876; VENUE has not connected yet."),
        (replace(IDLE, next_attempt=NOW + 7 * NANOS), "The next attempt is in 7 s."),
        (replace(IDLE, state=State.CONNECTING), "Connecting to 127.0.0.1:9876 … 3 s"),
        (replace(IDLE, state=State.CONNECTING, is_connected=True), "Our Logon is held"),
        (replace(IDLE, state=State.LOGON_SENT, is_connected=True), "no answer yet … 3 of 10 s"),
        (replace(ACTIVE, state=State.LOGOUT_SENT), "no answer yet … 3 of 2 s"),
        (ACTIVE, "Logged on."),
        (replace(ACTIVE, awaiting=(3, 3)), "Messages 3 are missing"),
        (replace(ACTIVE, resending=(3, 9)), "They asked for 3 to 9"),
        (
            replace(ACTIVE, test_request_pending=True, silence_due=NOW + 4 * NANOS),
            "No answer yet to our TestRequest; without one the connection ends in 4 s",
        ),
    ],
)
def test_every_wait_is_said(status: SessionStatus, words: str) -> None:
    assert words in said(status, since=NOW - 3 * NANOS)[0]


def test_what_is_paused_is_said_in_every_state() -> None:
    for status in (IDLE, ACTIVE):
        paused = replace(status, holds_heartbeats=True, drop_outgoing=3)
        assert said(paused)[1] == "Paused: heartbeats held, next 3 out dropped. P changes that."


def test_a_trouble_comes_with_what_to_try() -> None:
    line = EventLine(NOW, "disconnected: 127.0.0.1 port 9876: Connection refused", Level.INFO, 0)
    text, then, tone = said(IDLE, line)
    assert text == "Disconnected: 127.0.0.1 port 9876: Connection refused"
    assert "Nobody listens there" in then
    assert tone is Tone.BAD


# What is the trouble.


def trouble_of(*texts: str, status: SessionStatus = IDLE, later: int = 0) -> str:
    """What is left of these lines, a second after each other; `!` marks a warning, `!!` an error."""
    trouble = Trouble()
    for second, text in enumerate(texts):
        level = Level.ERROR if text.startswith("!!") else Level.WARNING if text.startswith("!") else Level.INFO
        trouble.heard(EventLine(NOW + second * NANOS, text.lstrip("! "), level, 0))
    line = trouble.current(status, NOW + (len(texts) + later) * NANOS)
    return "" if line is None else line.text


def test_the_first_line_about_an_end_says_most() -> None:
    texts = "our Logon is refused: no such session", "disconnected: the peer closed the connection"
    assert trouble_of("connecting to a on port 1", *texts) == texts[0]


def test_what_was_hours_ago_is_not_why_the_connection_ended() -> None:
    hours = ["heartbeat"] * 100
    texts = "logged on", "!the peer rejects our message 3", *hours, "disconnected: Connection reset by peer"
    assert trouble_of(*texts) == "disconnected: Connection reset by peer"


def test_a_logout_that_was_wanted_is_no_trouble() -> None:
    assert trouble_of("logged on", "!by hand (anna): Logout: none -> sent", "logged out", "disconnected") == ""
    assert trouble_of("logged on", "disconnected: by hand (anna)") == ""


def test_that_the_peer_speaks_no_fix_says_more_than_that_it_did_not_answer() -> None:
    noise = "the first bytes of the peer are no FIX message, they look like HTTP (9 bytes): HTTP/1.1 "
    later = ["", "", "", "", "", "", "!!our Logon was not answered in time", "disconnected; our Logon was not answered"]
    assert trouble_of("connecting to a on port 1", "!" + noise, *later) == noise
    assert trouble_of("!" + noise, "!!the message store fails") == "the message store fails"
    assert trouble_of("!" + noise, "connecting to a on port 1", *later) == "our Logon was not answered in time"


def test_that_a_log_fails_has_lines_of_its_own() -> None:
    assert trouble_of("logged on", "!!x.log: cannot be written: File too large; the session goes on without it") == ""


def test_a_new_attempt_ends_the_trouble_of_the_one_before() -> None:
    assert trouble_of("disconnected: a port 1: Connection refused", "connecting to a on port 1") == ""


def test_a_warning_in_a_session_that_goes_on_is_soon_over_and_an_error_is_not() -> None:
    assert trouble_of("logged on", "!D 5 is rejected", status=ACTIVE) == "D 5 is rejected"
    assert trouble_of("logged on", "!D 5 is rejected", status=ACTIVE, later=60) == ""
    assert trouble_of("logged on", "!!the log cannot be written", status=ACTIVE, later=60) != ""
