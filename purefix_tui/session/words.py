"""A session in words: what state it is in, what it waits for, what went wrong, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from purefix_core.analysis.hints import hint_for
from purefix_core.session.engine.passed_over import NO_FIX
from purefix_core.session.settings import ConnectionType
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_core.wire.timestamps import NANOS
from purefix_tui.log.live_pane import EventLine
from purefix_tui.session.trouble import is_no_fix
from purefix_tui.widgets.plain import visible


class Tone(Enum):
    """What a word or a sentence means, which is also its colour."""

    GOOD = "success"
    WAIT = "warning"
    BAD = "error"
    CALM = "muted"


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is to say something about."""

    status: SessionStatus
    counterparty: str
    """Their CompID."""
    now: int
    since: int
    """When the session came into its state."""
    trouble: EventLine | None = None
    """What went wrong, as long as it is not over (trouble.py)."""
    failure: str = ""
    """Why the engine has ended."""
    logon_timeout: float = 10
    logout_timeout: float = 2

    @property
    def waited(self) -> int:
        """Seconds in this state."""
        return max(0, (self.now - self.since) // NANOS)


@dataclass(frozen=True, slots=True)
class Saying:
    """Two lines below the header: what is the matter, and what to do about it."""

    text: str
    then: str
    tone: Tone
    then_tone: Tone = Tone.CALM


def state_word(status: SessionStatus, has_failed: bool = False) -> tuple[str, Tone]:
    """The state in one or two words of at most 14 letters, and what it means."""
    if has_failed:
        return "ENGINE ENDED", Tone.BAD
    match status.state:
        case State.ACTIVE:
            return "LOGGED ON", Tone.GOOD
        case State.LOGON_SENT:
            return "LOGON SENT", Tone.WAIT
        case State.LOGON_RECEIVED:
            return "LOGON CAME", Tone.WAIT
        case State.LOGOUT_SENT:
            return "LOGOUT SENT", Tone.WAIT
        case State.LOGOUT_RECEIVED:
            return "LOGOUT CAME", Tone.WAIT
        case State.CONNECTING:
            return ("CONNECTED" if status.is_connected else "CONNECTING"), Tone.WAIT
    if status.listening is not None:
        return "LISTENING", Tone.WAIT
    return ("WAITING" if status.next_attempt is not None else "NOT CONNECTED"), Tone.CALM


def saying(moment: Moment) -> Saying:
    """What there is to say, and what to try or to do next."""
    if moment.failure:
        then = hint_for(moment.failure) or "L and C start the engine again; everything that was sent is in the store."
        return Saying(_sentence(moment.failure), then, Tone.BAD)
    said = _said(moment)
    paused = pauses(moment.status)
    if paused and said.tone is not Tone.BAD:
        return Saying(said.text, f"Paused: {paused}. P changes that.", said.tone, Tone.WAIT)
    return said


def _said(moment: Moment) -> Saying:
    status, trouble = moment.status, moment.trouble
    match status.state:
        case State.DISCONNECTED:
            return _disconnected(moment)
        case State.ACTIVE:
            return _logged_on(moment)
        case State.LOGON_SENT if trouble is not None and is_no_fix(trouble):
            return Saying(_sentence(trouble.text), _advice(trouble), Tone.BAD)
        case State.CONNECTING if not status.is_connected:
            return _waits(moment, f"Connecting to {status.peer}", "D stops it.")
        case State.CONNECTING if _is_initiator(status):
            return Saying("Connected. Our Logon is held.", "L sends the Logon, D ends the connection.", Tone.WAIT)
        case State.CONNECTING:
            return _waits(moment, "Connected; no Logon came yet", "D ends the connection.", moment.logon_timeout)
        case State.LOGON_SENT:
            return _waits(moment, "Our Logon is sent; no answer yet", "D ends the connection.", moment.logon_timeout)
        case State.LOGOUT_SENT:
            return _waits(moment, "Our Logout is sent; no answer yet", "D ends the connection.", moment.logout_timeout)
    text = "Their Logon came; it is being answered." if status.state is State.LOGON_RECEIVED else "They log out."
    return Saying(_sentence(trouble.text) if trouble else text, "", Tone.WAIT)


def _disconnected(moment: Moment) -> Saying:
    status, trouble = moment.status, moment.trouble
    if trouble is not None:
        again = "C listens again." if not _is_initiator(status) else "L tries again."
        if status.listening is not None:
            again = f"It still listens on port {status.listening}."
        return Saying(_sentence(trouble.text), _advice(trouble) or again, Tone.BAD)
    if status.problem:
        then = hint_for(status.problem) or "Without its numbers the session cannot log on."
        return Saying(_sentence(status.problem), then, Tone.BAD)
    seconds = seconds_until(status.next_attempt, moment.now)
    if seconds is not None:
        return Saying(
            f"Not connected. The next attempt is in {seconds:,} s.", "L dials at once, D stops it.", Tone.WAIT
        )
    if status.listening is not None:
        text = f"Listening on port {status.listening}; {visible(moment.counterparty)} has not connected yet."
        return Saying(text, "D stops listening.", Tone.WAIT)
    if not _is_initiator(status):
        return Saying("Not connected.", "C listens; they connect and send their Logon.", Tone.CALM)
    text = "Not connected. Nothing is sent before you say so."
    return Saying(text, "L connects and logs on; C only connects and holds the Logon.", Tone.CALM)


def _logged_on(moment: Moment) -> Saying:
    status, trouble = moment.status, moment.trouble
    if trouble is not None:
        return Saying(_sentence(trouble.text), _advice(trouble) or "The table has more of it.", Tone.BAD)
    if status.test_request_pending:
        seconds = seconds_until(status.silence_due, moment.now)
        ends = "" if seconds is None else f"; without one the connection ends in {seconds:,} s"
        return Saying(f"No answer yet to our TestRequest{ends}.", "", Tone.WAIT)
    if status.awaiting is not None:
        text = f"Messages {span(status.awaiting)} are missing; they were asked for."
        return Saying(text, "What comes meanwhile is held until they are here.", Tone.WAIT)
    if status.resending is not None:
        return Saying(f"They asked for {span(status.resending)}; these are sent once more.", "", Tone.WAIT)
    return Saying("Logged on.", "M writes a message, U tests the line, O logs out, m lists every action.", Tone.GOOD)


def _advice(trouble: EventLine) -> str:
    """What to try. Where no FIX came, what did says nothing about us."""
    if not is_no_fix(trouble):
        return hint_for(trouble.text)
    ours = trouble.text.partition(" bytes): ")[0]
    return hint_for(ours[ours.index(NO_FIX) :])


def _waits(moment: Moment, text: str, then: str, most: float = 0) -> Saying:
    """A wait says how long it has lasted, and how long it may."""
    within = f" of {most:g} s" if most else " s"
    return Saying(f"{text} … {moment.waited:,}{within}", then, Tone.WAIT)


def pauses(status: SessionStatus) -> str:
    """Which automatic answers are held back; empty where all is as usual."""
    held = [
        "heartbeats held" if status.holds_heartbeats else "",
        "ResendRequests ignored" if status.ignores_resend_requests else "",
        f"next {status.drop_outgoing:,} out dropped" if status.drop_outgoing else "",
        f"next {status.drop_incoming:,} in dropped" if status.drop_incoming else "",
    ]
    return ", ".join(filter(None, held))


def pending(status: SessionStatus) -> str:
    """What is being sent again, in either direction, in a few words."""
    if status.awaiting is not None:
        return f"waits for {_dashed(status.awaiting)}"
    if status.resending is not None:
        return f"sends {_dashed(status.resending)}"
    return "none"


def _dashed(numbers: tuple[int, int]) -> str:
    """`120–134`, where there is little room."""
    return span(numbers).replace(" to ", "–")


def span(numbers: tuple[int, int]) -> str:
    """`120 to 134`, or one number."""
    first, last = numbers
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def seconds_until(moment: int | None, now: int) -> int | None:
    """Whole seconds until then, at least 0."""
    return None if moment is None else max(0, -((now - moment) // NANOS))


def _is_initiator(status: SessionStatus) -> bool:
    return status.role is ConnectionType.INITIATOR


def _sentence(text: str) -> str:
    """The engine's own words with a capital, and on one line."""
    text = visible(text)
    return text[:1].upper() + text[1:]
