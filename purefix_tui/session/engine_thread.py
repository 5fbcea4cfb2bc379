"""One session's engine in a thread and event loop of its own, so that a busy screen never holds up a heartbeat.

What happens is collected here and fetched by the screen; whatever the screen wants done is called in the engine's
thread and answered by a Future.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import inspect
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from purefix_core.analysis.refusals import Refusal, refusal_in
from purefix_core.registry.dialects import Dialects
from purefix_core.session.application import Application
from purefix_core.session.by_hand import Deed
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError, EventListener, FixEngine
from purefix_core.session.engine.message_log import message_log_path
from purefix_core.session.events import Event, Level, MessageReceived, MessageSent, Note, StateChanged
from purefix_core.session.machine import FixSession, SessionNotOpen
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_core.store.records import StoreError
from purefix_core.wire.secrets import masked_for_logs
from purefix_tui.log.live_pane import EventLine
from purefix_tui.session.first_status import first_status
from purefix_tui.session.log_place import with_log

_T = TypeVar("_T")

EXPECTED = (ValueError, StoreError, SessionNotOpen, EngineError)
"""What may come of what is done by hand: one sentence for the user each."""

_MOST_LINES = 20_000
"""Lines that wait for a screen that does not fetch them; the oldest are dropped, and the event log has them all."""
_MOST_EVENTS = 100_000
_TELL_EVERY = 0.04
"""Seconds between two tellings: faster nobody can read, and the screen has other things to do."""
_LOOK_EVERY = 0.5
"""Seconds after which the status is looked at though nothing happened: others may edit the store."""
_AROUND_A_MESSAGE = len(b"20260131-16:30:45.123456789 : \n")
_STOP_SECONDS = 5.0
"""On top of LogoutTimeout: what an engine may take to close what it has open."""


class EngineThread:
    """Runs the engine of one session from `start` to `stop`. Every method but `start` may be called at any time, from
    any thread."""

    def __init__(
        self,
        config: FixConfig,
        registry: Dialects | None,
        log_folder: Path,
        application: Application | None = None,
    ) -> None:
        """The logs are in `log_folder` where the configuration names no FileLogPath, or one that cannot be written."""
        self.config, said = with_log(config, log_folder)
        self.name = str(config.settings.session_id)
        """What the engine calls the session."""
        self.who = _user_name()
        """Who does things by hand, for the event log."""
        self.status: SessionStatus = first_status(self.config)
        """How the session was when it was looked at last."""
        self.refusal: Refusal | None = None
        """What somebody's Logout said of a MsgSeqNum that is too low, until both have logged on."""
        self.failure = ""
        """Why the engine's thread has ended, where nobody stopped it."""
        self._registry = registry
        self._application = application
        self._tell: Callable[[], object] = lambda: None
        self._lines: deque[EventLine] = deque(maxlen=_MOST_LINES)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: FixEngine | None = None
        self._is_up: Future[None] = Future()
        self._is_up.set_running_or_notify_cancel()  # somebody who waits no longer must not take it from the others
        self._stop: asyncio.Event | None = None
        self._wants_stop = False
        self._thread = threading.Thread(target=self._run, name=f"session {self.name}", daemon=True)
        self._is_told = False
        self._log_path = message_log_path(self.config)
        self._offset = _size(self._log_path)
        for text in said:
            self._add(time.time_ns(), text, Level.WARNING)

    @property
    def production(self) -> bool:
        """Whether what is sent is real."""
        return self.config.settings.production

    @property
    def log_path(self) -> Path | None:
        """The message log. None where no folder could be written to at all."""
        return self._log_path

    @property
    def is_running(self) -> bool:
        """Whether calls reach the engine."""
        return self._engine is not None and self._thread.is_alive()

    @property
    def is_up(self) -> Future[None] | None:
        """What `start` gave, while the engine is not up yet; None before and after that."""
        return self._is_up if self._thread.is_alive() and not self._is_up.done() else None

    # -- beginning and ending ----------------------------------------------------------------------------------------

    def start(self, tell: Callable[[], object] = lambda: None) -> Future[None]:
        """Start the engine; it connects to nothing yet. The Future raises EngineError where it cannot run.

        `tell` is called in the engine's thread when there is something new to fetch: at most 25 times a second.
        """
        self._tell = tell
        self._thread.start()
        return self._is_up

    def begin_to_stop(self) -> None:
        """Log out, and end; `stop` waits for that. An engine that is not up yet ends as soon as it is."""
        self._wants_stop = True
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(stop.set)

    def stop(self, timeout: float | None = None) -> bool:
        """Log out, wait for the answer as LogoutTimeout says, close everything, and end the thread. Gives False where
        that took longer than `timeout` seconds; it goes on then. Must not be called in the engine's thread."""
        if not self._thread.ident:
            return True
        self.begin_to_stop()
        self._thread.join(self._longest_stop if timeout is None else timeout)
        return not self._thread.is_alive()

    @property
    def _longest_stop(self) -> float:
        return self.config.settings.logout_timeout + _STOP_SECONDS

    # -- what the screen wants ---------------------------------------------------------------------------------------

    def call(self, function: Callable[[FixEngine], _T | Awaitable[_T]]) -> Future[_T]:
        """Call `function` in the engine's thread; the Future has what it returns, or awaits, or raises: EXPECTED. It
        raises EngineError where the engine does not run, and for a fault of the program, which must not end it."""
        loop, engine = self._loop, self._engine
        future: Future[_T] = Future()
        if loop is None or engine is None:
            future.set_exception(EngineError(self.failure or "the engine of this session does not run"))
            return future

        async def run() -> _T:
            try:
                result = function(engine)
                if inspect.isawaitable(result):
                    result = await result
            except EXPECTED:
                raise
            except Exception as error:
                raise EngineError(f"this failed: {error!r}") from error
            finally:
                self._look()
            return result

        coroutine = run()
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, loop)
        except RuntimeError:  # the loop was closed just now
            coroutine.close()
            future.set_exception(EngineError(self.failure or "the engine of this session does not run"))
            return future

    def by_hand(self, action: Callable[[FixSession, int], _T]) -> Future[_T]:
        """`action` with the session and the time, in the engine's thread. See FixEngine.by_hand for what it raises."""
        return self.call(lambda engine: engine.by_hand(self.name, action))

    def deed(self, make: Callable[[FixSession, int], Deed]) -> Future[Deed]:
        """What would be done now. The Future raises ValueError with what stands in the way."""
        return self.by_hand(make)

    def perform(self, deed: Deed) -> Future[None]:
        """Do it."""
        return self.by_hand(lambda session, now: deed.perform(session, now, self.who))

    def connect(self) -> Future[None]:
        """Dial once, or listen. The Future raises EngineError for a port that cannot be had, which is also noted."""

        async def connect(engine: FixEngine) -> None:
            try:
                await engine.connect(self.name)
            except EngineError as error:
                # Not of the session, whose clock stands still where nothing is connected.
                engine.sessions.driver(self.name).note(str(error), Level.ERROR)
                raise

        return self.call(connect)

    def give_up(self) -> Future[bool]:
        """End the attempt to have a connection: dial no more, or stop listening. Gives False, and does nothing, where
        there is a connection by now. The Future raises ValueError where there is nothing to end."""

        async def give_up(engine: FixEngine) -> bool:
            status = engine.status(self.name)
            if status.is_connected:
                return False
            if status.is_at_rest:
                raise ValueError("There is no connection to end.")
            if self.config.settings.is_initiator:
                engine.disconnect(self.name, f"by hand ({self.who})")
            else:
                await engine.stop_listening(self.name)
            return True

        return self.call(give_up)

    def take_lines(self) -> list[EventLine]:
        """What happened since the last call, oldest first."""
        with self._lock:
            self._is_told = False
            lines = list(self._lines)
            self._lines.clear()
        return lines

    def forget_refusal(self, refusal: Refusal) -> None:
        """It was dealt with. One that came after it stays."""

        def forget(_: FixEngine) -> None:
            if self.refusal is refusal:
                self.refusal = None

        self.call(forget)

    # -- in the engine's thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # nobody else would be told of it
            self._failed(error)
        finally:
            self._engine = self._loop = None
            if not self._is_up.done():
                self._is_up.set_exception(EngineError(self.failure or "the engine has ended"))
            self._tell_now()

    def _failed(self, error: BaseException) -> None:
        text = str(error) if isinstance(error, EngineError) else f"the engine has ended: {error!r}"
        self.failure = text
        self._add(time.time_ns(), text, Level.ERROR)
        self.status = replace(
            self.status, state=State.DISCONNECTED, is_connected=False, is_dialing=False, listening=None
        )

    async def _main(self) -> None:
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        if self._wants_stop:  # looked at behind the loop, which is looked at behind it in begin_to_stop
            self._stop.set()
        engine = FixEngine([self.config], self._application, self._registry)
        watching = asyncio.create_task(self._watch(engine.events(most=_MOST_EVENTS)))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await engine.start(connect=False)
            if self.config.settings.is_initiator:
                engine.initiator(self.name).reconnects = False  # whoever is at the keys says when
            self._engine = engine
            self._look()
            self._is_up.set_result(None)
            self._tell_soon()
            while not stopping.done():
                await asyncio.wait((stopping, watching), timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    watching.result()
                    return
                self._look()
        finally:
            stopping.cancel()
            await engine.stop()
            self._look_at(engine)
            await watching

    async def _watch(self, events: EventListener) -> None:
        async for _, event in events:
            self._heard(event)
            self._tell_soon()

    def _heard(self, event: Event) -> None:
        match event:
            case MessageSent(raw=raw) | MessageReceived(raw=raw):
                self._offset += _AROUND_A_MESSAGE + len(masked_for_logs(raw))
                self.refusal = refusal_in(raw, isinstance(event, MessageSent)) or self.refusal
            case Note(time=moment, text=text, level=level):
                self._add(moment, text, level)
            case StateChanged(new=State.ACTIVE):  # what else it says is seen from the messages and the notes
                self.refusal = None

    def _add(self, moment: int, text: str, level: Level) -> None:
        """The engine writes messages before it tells of them; of several at once the offset says which stood before
        the line. Where a write has failed the file is shorter than that."""
        self._offset = min(self._offset, _size(self._log_path))
        with self._lock:
            self._lines.append(EventLine(moment, text, level, self._offset))

    def _look(self) -> None:
        engine = self._engine
        if engine is not None:
            self._look_at(engine)

    def _look_at(self, engine: FixEngine) -> None:
        before, self.status = self.status, engine.status(self.name)
        if replace(before, time=0) != replace(self.status, time=0):
            self._tell_soon()

    def _tell_soon(self) -> None:
        with self._lock:
            if self._is_told:
                return
            self._is_told = True
        asyncio.get_running_loop().call_later(_TELL_EVERY, self._tell_now)

    def _tell_now(self) -> None:
        self._look()
        self._offset = max(self._offset, _size(self._log_path))  # another process may write into the same log
        with contextlib.suppress(Exception):  # the screen may be gone, which is no business of the engine's
            self._tell()


def _size(path: Path | None) -> int:
    try:
        return 0 if path is None else path.stat().st_size
    except OSError:
        return 0


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no environment, and no entry in the password file
        return "unknown"
