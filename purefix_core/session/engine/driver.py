"""SessionDriver: what one session machine needs around it, connected or not: the clock, its timer, its logs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from purefix_core.session.engine.log_files import OpenFiles
from purefix_core.session.engine.log_names import log_prefix
from purefix_core.session.engine.message_log import MessageLog
from purefix_core.session.engine.stores import numbers_reader, store_opener
from purefix_core.session.events import Event, Level, MessageReceived, MessageSent, Note, Output, StateChanged
from purefix_core.session.machine import FixSession
from purefix_core.session.settings import SessionId
from purefix_core.session.states import State
from purefix_core.session.status import NotLogged
from purefix_core.wire.timestamps import NANOS

if TYPE_CHECKING:
    from purefix_core.session.application import Application
    from purefix_core.session.config import FixConfig
    from purefix_core.session.engine.connection import Connection

T = TypeVar("T")
Report = Callable[[SessionId | None, Sequence[Event]], None]

_LONGEST_WAIT = 10.0
"""Seconds. The timers of the loop do not notice that somebody sets the clock, or that the machine was asleep."""
_SHORTEST_WAIT = 0.001
_LOOKS_AGAIN = 0.05
"""Seconds for which a timer is taken to be right."""

now = time.time_ns


class SessionDriver:
    """Every call of the session goes through `call`, which passes on what comes out of it."""

    def __init__(self, config: FixConfig, application: Application, report: Report, files: OpenFiles) -> None:
        """`report` is given every event. Raises what FixSession raises for settings that cannot be used."""
        self.config = config
        self.session_id = config.settings.session_id
        self.connection: Connection | None = None
        """The one that the session is on; not one that is only being closed."""
        self.ended = asyncio.Event()
        """Whether the session is on no connection."""
        self.ended.set()
        self.logons = 0
        """How often both sides have logged on."""
        self.last_received: MessageReceived | None = None
        self.last_sent: MessageSent | None = None
        """Of this run of the program."""
        self._report = report
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._looked_in = (State.DISCONNECTED, False, False)
        self._looked_at = 0.0
        self._flush_is_due = False
        self._log: MessageLog | None = None
        if config.settings.log_path is not None:
            self._log = MessageLog(config.settings.log_path, log_prefix(self.session_id), files)
        opener = store_opener(config, self._store_says)
        self.session = FixSession(config, opener, application, self._wake, now, numbers_reader(config))

    @property
    def not_logged(self) -> NotLogged | None:
        """Why a log file is not written at present."""
        return None if self._log is None else self._log.not_logged

    def start(self) -> None:
        """Belongs to the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        self.flush()

    def stop(self) -> None:
        """Leave nothing open; the session is on no connection any more."""
        due = self.session.next_tick()
        if due is not None:  # a store that was opened to keep what was sent while nobody was connected
            self.session.tick(max(due, now()))
        self.flush()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._log is not None:
            self._log.close()

    # -- what goes in ----------------------------------------------------------------------------------------------

    def call(self, method: Callable[..., Any], *values: Any) -> Any:
        """Call a method of the session, and pass on what comes out of it. What the method raises is no error of the
        caller's, and must not stop others: it is said, and ends the connection."""
        try:
            return method(*values)
        except Exception as error:
            self.note(f"the session failed: {error!r}", Level.ERROR)
            if self.connection is not None:
                self.connection.abort("the session failed")
            return None
        finally:
            self.flush()

    def send(self, message: Any) -> int:
        """As FixSession.send, which says what it raises."""
        try:
            return self.session.send(message, now())
        finally:
            self.flush()

    def by_hand(self, action: Callable[[FixSession, int], T]) -> T:
        """Do what a person asks for: `action(session, now)`. What it raises is the caller's."""
        self.session.now = now()  # for what is told of an action that is not told the time
        try:
            return action(self.session, self.session.now)
        finally:
            self.flush()

    def note(self, text: str, level: Level = Level.INFO) -> None:
        """A line of the event log of the session."""
        self._pass_on([Note(now(), text, level)])

    def attach(self, connection: Connection) -> None:
        self.connection = connection
        self.ended.clear()

    def detach(self, why: str) -> None:
        """The connection is gone, or going, and is the session's no more."""
        self.connection = None
        try:
            self.session.disconnected(now(), why)
        except Exception as error:
            self.note(f"the session failed: {error!r}", Level.ERROR)
        self.flush()
        if self._log is not None:
            self._log.close()
        self.ended.set()

    # -- what comes out --------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Pass on what the session has: bytes to the wire first, then events to the logs."""
        self._flush_is_due = False
        session, connection = self.session, self.connection
        output: Output = session.take()
        if connection is not None:
            if output.data:
                connection.write(output.data)
            if session.is_resending:
                connection.stream_resend()
        if output.events:
            self._pass_on(output.events)
        if output.close and connection is not None:
            connection.finish()
        else:
            self._set_timer()

    def _pass_on(self, events: Sequence[Event]) -> None:
        for event in events:
            if type(event) is MessageReceived:
                self.last_received = event
            elif type(event) is MessageSent:
                self.last_sent = event
            elif type(event) is StateChanged and event.new is State.ACTIVE:
                self.logons += 1
        if self._log is not None:
            events = self._log.write(events)
        self._report(self.session_id, events)

    def _wake(self) -> None:
        """The session was called by somebody else, perhaps many times in a row."""
        if self._loop is not None and not self._flush_is_due and not self._loop.is_closed():
            self._flush_is_due = True
            self._loop.call_soon(self._flush_if_due)

    def _flush_if_due(self) -> None:
        if self._flush_is_due:
            self.flush()

    # -- time ------------------------------------------------------------------------------------------------------

    def _set_timer(self) -> None:
        """A timer that fires too early is let be: it is set anew then. So a busy session sets one now and then, and
        not with every message; nothing but a new state, or the answer to a TestRequest, brings a nearer time."""
        session, loop, timer = self.session, self._loop, self._timer
        state = session.state, session.test_request_pending, session.manual.holds_heartbeats
        if loop is None or loop.is_closed():
            return
        moment = loop.time()
        known = timer is not None and self.connection is not None and state == self._looked_in
        if known and moment < self._looked_at + _LOOKS_AGAIN:
            return
        self._looked_in, self._looked_at = state, moment
        due = session.next_tick()
        if due is None:
            return
        at = moment + min(max((due - now()) / NANOS, _SHORTEST_WAIT), _LONGEST_WAIT)
        if timer is not None:
            if timer.when() <= at:
                return
            timer.cancel()
        self._timer = loop.call_at(at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.call(self.session.tick, now())

    # -- trouble ---------------------------------------------------------------------------------------------------

    def _store_says(self, text: str) -> None:
        self.note(text, Level.WARNING)
