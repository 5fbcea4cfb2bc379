"""FixEngine: sessions, and all that they need to run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, TypeVar

from purefix_core.session.application import Application
from purefix_core.session.engine.acceptor import Acceptor
from purefix_core.session.engine.connection import Limits
from purefix_core.session.engine.driver import SessionDriver, now
from purefix_core.session.engine.engine_log import EngineLog
from purefix_core.session.engine.errors import EngineError
from purefix_core.session.engine.initiator import Initiator
from purefix_core.session.engine.listeners import MOST_WAITING, EventListener, Listeners
from purefix_core.session.engine.log_files import OpenFiles
from purefix_core.session.engine.recovery import going_on, recovered
from purefix_core.session.engine.telling import status_of
from purefix_core.session.machine import FixSession
from purefix_core.session.settings import SessionId
from purefix_core.session.status import SessionStatus

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects
    from purefix_core.session.config import FixConfig

T = TypeVar("T")


class Sessions(Mapping[SessionId, FixSession]):
    """The sessions of an engine by SessionId; what has no SessionId at hand may ask by the name of the configuration,
    or by the text of the SessionId (`FIX.4.4:CLIENT->VENUE`)."""

    def __init__(self, drivers: Mapping[SessionId, SessionDriver]) -> None:
        self._drivers = drivers

    def __getitem__(self, key: SessionId | str) -> FixSession:
        return self.driver(key).session

    def __iter__(self) -> Iterator[SessionId]:
        return iter(self._drivers)

    def __len__(self) -> int:
        return len(self._drivers)

    def driver(self, key: SessionId | str) -> SessionDriver:
        """Raises KeyError for what is no session, and for a name that several have."""
        if isinstance(key, SessionId):
            return self._drivers[key]
        found = [each for each in self._drivers.values() if key in (str(each.session_id), each.config.name)]
        if len(found) != 1:
            several = f": {', '.join(str(each.session_id) for each in found)} are called so" if found else ""
            raise KeyError(f"{key}{several}")
        return found[0]


class FixEngine:
    """Runs any number of sessions, initiators and acceptors, in the running event loop.

    All callbacks of the application are called in that loop's thread, one at a time; none may wait for anything.
    Neither standard output nor standard error is written to: what there is to say goes to the event logs and to
    `events`.
    """

    def __init__(
        self,
        configs: Sequence[FixConfig],
        application: Application | None = None,
        registry: Dialects | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`registry` has the dialects of peers that only a template (acceptUnknown) is for. Nothing is opened yet.

        Raises EngineError for sessions that cannot run together, and for TLS files that cannot be used.
        """
        self._application = application or Application()
        self._limits = limits or Limits()
        self._listeners = Listeners()
        self._files = OpenFiles()
        self._drivers: dict[SessionId, SessionDriver] = {}
        self._initiators: dict[SessionId, Initiator] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        log_path = next((each.settings.log_path for each in configs if each.settings.log_path is not None), None)
        self._log = EngineLog(log_path, self._listeners.tell, self._files)
        templates = [each for each in configs if each.settings.accept_unknown]
        acceptors = []
        for config in configs:
            if config.settings.accept_unknown:
                continue
            driver = self._make(config)
            if config.settings.is_initiator:
                self._initiators[driver.session_id] = Initiator(driver, self._limits)
            else:
                acceptors.append(driver)
        self._acceptor = Acceptor(acceptors, templates, registry, self._make, self._dropped, self._log, self._limits)
        self.sessions = Sessions(self._drivers)

    def _make(self, config: FixConfig) -> SessionDriver:
        session_id = config.settings.session_id
        if session_id in self._drivers:
            raise EngineError(f"{session_id}: expected one session of that name, found two")
        driver = SessionDriver(config, self._application, self._listeners.tell, self._files)
        self._drivers[session_id] = driver
        if self._loop is not None:
            driver.start()
        return driver

    def _dropped(self, driver: SessionDriver) -> None:
        """The session of an unknown peer had to make room."""
        del self._drivers[driver.session_id]
        driver.stop()

    # -- running ---------------------------------------------------------------------------------------------------

    async def start(self, connect: bool = True) -> None:
        """Listen, and begin to connect. Raises EngineError where a port cannot be had; nothing runs then.

        Without `connect` nothing is dialed nor listened on until `connect` is called.
        """
        self._begin()
        if not connect:
            return
        try:
            self._acceptor.start()
        except EngineError:
            await self.stop()
            raise
        for initiator in self._initiators.values():
            initiator.start()

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        for driver in self._drivers.values():
            driver.start()

    async def stop(self) -> None:
        """Log out of all sessions, waiting for each answer as long as LogoutTimeout says, and close everything."""
        await asyncio.gather(self._acceptor.stop(), *(each.stop() for each in self._initiators.values()))
        for driver in self._drivers.values():
            driver.stop()
        self._log.close()
        self._files.close_all()
        self._listeners.close()
        self._loop = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        await self.stop()

    # -- by hand ---------------------------------------------------------------------------------------------------

    async def connect(self, name: SessionId | str) -> None:
        """Begin to connect one session, without waiting for the outcome: an initiator dials each host, once where
        `initiator(name).reconnects` is off; an acceptor listens. Nothing happens where it is connected, or listens.
        Raises EngineError where the port cannot be had and where the engine does not run, KeyError."""
        driver = self.sessions.driver(name)
        if self._loop is None:
            raise EngineError("the engine does not run")
        initiator = self._initiators.get(driver.session_id)
        if initiator is None:
            self._acceptor.listener_of(driver).start()
        elif not initiator.is_running or (driver.connection is None and initiator.dialing is None):
            initiator.connect_now()

    def disconnect(self, name: SessionId | str, why: str) -> None:
        """End the connection of a session at once, without a Logout, and dial no more. What is not written yet is lost.
        An acceptor goes on listening. Nothing happens where there is no connection. Raises KeyError."""
        driver = self.sessions.driver(name)
        initiator = self._initiators.get(driver.session_id)
        if initiator is not None:
            initiator.give_up(why)
        elif driver.connection is not None:
            driver.connection.abort(why)

    async def stop_listening(self, name: SessionId | str) -> None:
        """Take no more connections on the port of a session, also none for others that share it; those that are there
        stay. Nothing happens to an initiator. Raises KeyError."""
        driver = self.sessions.driver(name)
        if driver.session_id not in self._initiators:
            await self._acceptor.listener_of(driver).stop_listening()

    def by_hand(self, name: SessionId | str, action: Callable[[FixSession, int], T]) -> T:
        """Call `action(session, now)` from the loop's thread, and pass on what comes out of the session. Raises what it
        raises (ValueError, StoreError, SessionNotOpen), and KeyError."""
        return self.sessions.driver(name).by_hand(action)

    def status(self, name: SessionId | str) -> SessionStatus:
        """What a session is like at this moment. Raises KeyError for no such session, and nothing else."""
        driver = self.sessions.driver(name)
        initiator = self._initiators.get(driver.session_id)
        port = 0 if initiator is not None else self._acceptor.listener_of(driver).port
        return status_of(driver, initiator, port or None)

    def recover_session(self, name: SessionId | str) -> FixSession:
        """Go on with one session where it was when its process ended (spec: Session Recovery Flow), while the others do
        as they did: with the numbers of its store, and no reset at its Logon whatever its settings say.

        The session must not be running. It is made anew; what is returned connects, or waits for its peer, and what the
        peer missed is sent when it asks for it. Raises KeyError for no such session, StoreError for a store that cannot
        be read, EngineError where it runs already or its port cannot be had.
        """
        old = self.sessions.driver(name)
        session_id = old.session_id
        initiator = self._initiators.get(session_id)
        listener = self._acceptor.listener_of(old) if initiator is None else None
        if old.connection is not None or (initiator.is_running if initiator else bool(listener and listener.port)):
            raise EngineError(f"{session_id}: is running, so there is nothing to recover")
        driver = SessionDriver(going_on(old.config), self._application, self._listeners.tell, self._files)
        driver.note(recovered(driver.session))
        old.stop()
        self._drivers[session_id] = driver
        self._begin()
        if listener is None:
            self._initiators[session_id] = Initiator(driver, self._limits)
            self._initiators[session_id].start()
        else:
            listener.replace(old, driver)
            listener.start()
        return driver.session

    def initiator(self, name: SessionId | str) -> Initiator:
        """What connects a session: it can be stopped, started, and made to connect at once. Raises KeyError."""
        return self._initiators[self.sessions.driver(name).session_id]

    @property
    def ports(self) -> list[int]:
        """Those that are listened on, in the order of the settings that name them."""
        return [listener.port for listener in self._acceptor.listeners.values()]

    # -- sending and listening -------------------------------------------------------------------------------------

    def send(self, name: SessionId | str, message: Any) -> int:
        """Send an application message, from the loop's thread; returns its MsgSeqNum. See FixSession.send for what it
        raises, and for what it does while nobody is logged on. Raises KeyError for no such session."""
        return self.sessions.driver(name).send(message)

    def send_from_thread(self, name: SessionId | str, message: Any) -> Future[int]:
        """`send` for any other thread: its `result()` is the MsgSeqNum, or raises. Messages of one thread keep their
        order. Raises EngineError where the engine does not run."""
        loop = self._loop
        if loop is None:
            raise EngineError("the engine does not run")
        number: Future[int] = Future()

        def send() -> None:
            if not number.set_running_or_notify_cancel():
                return
            try:
                number.set_result(self.send(name, message))
            except Exception as error:
                number.set_exception(error)

        loop.call_soon_threadsafe(send)
        return number

    def log_out(self, name: SessionId | str, text: str = "") -> None:
        """Begin to log out; an initiator connects again afterwards, unless it is stopped. Raises KeyError."""
        driver = self.sessions.driver(name)
        driver.call(driver.session.log_out, text, now())

    def events(self, session_id: SessionId | None = None, most: int = MOST_WAITING) -> EventListener:
        """An asynchronous iterator of (SessionId, Event), of one session or of all, from this call until the engine
        stops. Of the engine's own events the SessionId is None.

        At most `most` events wait: where they are not fetched in time the oldest are dropped, and a Note says how many.
        Raw messages are as they were on the wire: a Logon may hold a password.
        """
        return self._listeners.listen(session_id, most)
