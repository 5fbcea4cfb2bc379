"""What a session does because time passes: heartbeats, test requests, time-outs, the end of its hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.events import Level
from purefix_core.session.states import State
from purefix_core.wire.timestamps import NANOS

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

_TEST_REQ_ID = b"TEST"
"""TestReqID(112) of our TestRequests, as the acceptance script 6 wants it."""


class Timers:
    """The times of one connection: nanoseconds UTC."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._connected_at = 0
        self._logon_at = 0
        self._logout_at = 0
        self._received_at = 0
        self._hours_end: int | None = None
        self.test_request_pending = False

    def start(self, now: int) -> None:
        self._connected_at = self._logon_at = self._received_at = now
        self._hours_end = self._session.schedule.next_change(now)
        self.test_request_pending = False
        self._session.sender.last_sent_time = now

    def received(self, now: int) -> None:
        """A message came: any is a sign of life."""
        self._received_at = now
        self.test_request_pending = False

    def logging_on(self, now: int) -> None:
        """Our Logon goes out."""
        self._logon_at = now

    def logging_out(self, now: int) -> None:
        self._logout_at = now

    # -- deadlines ---------------------------------------------------------------------------------------------------

    def next_tick(self) -> int | None:
        return min((each for each in self._deadlines() if each is not None), default=None)

    def _deadlines(self) -> tuple[int | None, ...]:
        state = self._session.state
        if state is State.ACTIVE:
            return (
                self._hours_end,
                self.heartbeat_due(),
                self._test_request_due(),
                self._silence_ends(),
                self._session.sequence.patience_ends(),
            )
        if state is State.LOGOUT_SENT:
            return self._hours_end, self._logout_due()
        return self._hours_end, self._logon_due()

    def silence_due(self) -> int | None:
        """When a peer that stays silent is tested, or given up; None where it may be silent for ever."""
        state = self._session.state
        if state is State.ACTIVE:
            return self._silence_ends() if self.test_request_pending else self._test_request_due()
        return self._logout_due() if state is State.LOGOUT_SENT else self._logon_due()

    def heartbeat_due(self) -> int | None:
        """When a Heartbeat is sent unless something else is, once both have logged on."""
        session = self._session
        if not session.heart_bt_int or self.test_request_pending or session.manual.holds_heartbeats:
            return None  # none while a TestRequest is unanswered (acceptance script 6)
        return session.sender.last_sent_time + session.heart_bt_int * NANOS

    def _test_request_due(self) -> int | None:
        return None if self.test_request_pending else self._after_silence(1)

    def _silence_ends(self) -> int | None:
        return self._after_silence(2)

    def _after_silence(self, times: int) -> int | None:
        session = self._session
        if not session.heart_bt_int or session.settings.disable_heart_beat_check:
            return None
        delay: float = (1 + session.settings.test_request_delay_multiplier) * session.heart_bt_int * times
        return self._received_at + round(delay * NANOS)

    def _logon_due(self) -> int | None:
        session = self._session
        if session.state is State.CONNECTING and session.settings.is_initiator:
            return None  # the Logon is held by hand
        return self._logon_at + int(session.settings.logon_timeout * NANOS)

    def _logout_due(self) -> int:
        return self._logout_at + int(self._session.settings.logout_timeout * NANOS)

    # -- what is due ---------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        session = self._session
        now = session.now
        if self.are_hours_over(now):
            self._end_hours()
        elif session.state is State.LOGOUT_SENT:
            if now >= self._logout_due():
                session.close("the Logout was not answered in time", Level.WARNING)
        elif session.state is State.ACTIVE:
            self._tick_active(now)
        elif _is_due(self._logon_due(), now):
            what = "our Logon was not answered" if session.state is State.LOGON_SENT else "no Logon came"
            session.close(f"{what} in time", Level.WARNING)

    def are_hours_over(self, now: int) -> bool:
        """Whether the hours have ended, or a new period has begun, since the connection was made."""
        if self._hours_end is None or now < self._hours_end:
            return False
        schedule = self._session.schedule
        if not schedule.same_session(self._connected_at, now):
            return True
        self._hours_end = schedule.next_change(now)
        return False

    def _tick_active(self, now: int) -> None:
        session = self._session
        if _is_due(self._silence_ends(), now) and self.test_request_pending:
            session.close("nothing came from the peer, not even an answer to the TestRequest", Level.WARNING)
            return
        if _is_due(self._test_request_due(), now):
            session.note("nothing came from the peer: TestRequest", Level.WARNING)
            session.sender.send_test_request(_TEST_REQ_ID)
            self.test_request_pending = True
        if _is_due(self.heartbeat_due(), now):
            session.sender.send_heartbeat()
        if _is_due(session.sequence.patience_ends(), now):
            session.sequence.ask_again()

    def _end_hours(self) -> None:
        """The session's hours are over, or a new period begins. The numbers begin anew together with the Logout, so
        that no end of the process can come between them."""
        session = self._session
        session.note("the session's hours are over")
        if session.state is State.ACTIVE:
            session.sender.send_logout()
        elif session.state is not State.LOGOUT_SENT:
            session.close("there was no Logon within the session's hours")
        self._hours_end = None
        session.sequence.reset()
        session.sequence.is_frozen = True


def _is_due(deadline: int | None, now: int) -> bool:
    return deadline is not None and now >= deadline
