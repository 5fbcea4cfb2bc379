"""Initiator: keeps one session connected."""

from __future__ import annotations

import asyncio
import os
import ssl

from purefix_core.session.engine.connection import LINGER, Connection, Limits
from purefix_core.session.engine.driver import SessionDriver, now
from purefix_core.session.engine.errors import EngineError
from purefix_core.session.engine.stopping import log_out
from purefix_core.session.engine.tls import initiator_context, reason_of
from purefix_core.session.engine.waiting import BackOff
from purefix_core.session.engine.wire import Wire
from purefix_core.session.events import Level

_LOOK_AGAIN = 5.0
"""Seconds, at most, until a session that may not connect is asked again whether it may."""


class Initiator:
    """Dials the hosts of a session in turn, beginning with the first after each Logon, until it is stopped.

    After a connection is lost it waits for ReconnectInterval; when no host led to a Logon the wait doubles, up to
    ReconnectMost.
    """

    def __init__(self, driver: SessionDriver, limits: Limits) -> None:
        """Raises EngineError for TLS files that cannot be used, and where there is no host."""
        self._driver = driver
        self._limits = limits
        settings = driver.config.settings
        self._network = settings.network
        self._back_off = BackOff(self._network.reconnect_interval, self._network.reconnect_most)
        if not self._network.hosts:
            raise EngineError(f"{driver.session_id}: SocketConnectHost: an initiator needs a host, found nothing")
        self._context = initiator_context(self._network.tls)
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._at_once = asyncio.Event()
        self._is_stopping = False

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def start(self) -> None:
        """Begin to connect; nothing happens if it does so already."""
        if self._task is None:
            self._is_stopping = False
            self._at_once.clear()
            self._task = asyncio.get_running_loop().create_task(self._run())

    def connect_now(self) -> None:
        """Do not wait for the next attempt. Starts it if it was stopped."""
        self._back_off.succeeded()
        self._at_once.set()
        self.start()

    async def stop(self) -> None:
        """Log out, wait for the answer as long as LogoutTimeout says, and disconnect."""
        task, self._task = self._task, None
        if task is None:
            return
        self._is_stopping = True
        if self._connection is None:
            task.cancel()
        else:
            await log_out(self._driver, self._connection)
        await asyncio.wait([task], timeout=LINGER + 1)
        task.cancel()
        await asyncio.wait([task])

    # -- connecting ------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        why_not = ""
        while not self._is_stopping:
            self._at_once.clear()
            session = self._driver.session
            why = self._driver.call(session.may_connect, now()) or ""
            if why:
                if why != why_not:
                    self._driver.note(f"not connecting: {why}", Level.WARNING)
                await self._wait(min(self._network.reconnect_interval, _LOOK_AGAIN))
            else:
                if await self._try_hosts():
                    self._back_off.succeeded()
                else:
                    self._back_off.failed()
                if not self._is_stopping:
                    self._driver.note(f"the next attempt is in {self._back_off.seconds:g} s")
                    await self._wait(self._back_off.seconds)
            why_not = why

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._at_once.wait()
        except TimeoutError:
            pass

    async def _try_hosts(self) -> bool:
        """Whether one of them led to a Logon; it returns when that connection has ended."""
        for host, port in self._network.hosts:
            if self._is_stopping:
                break
            try:
                if await self._connect(host, port):
                    return True
            except Exception as error:  # nobody else would be told of it
                self._driver.note(f"the connection failed: {error!r}", Level.ERROR)
        return False

    async def _connect(self, host: str, port: int) -> bool:
        driver, session = self._driver, self._driver.session
        driver.call(session.connecting, now())
        driver.note(f"connecting to {host} on port {port}")
        try:
            wire = await self._dial(host, port)
        except asyncio.CancelledError:
            driver.detach("stopped")
            raise
        except (OSError, ValueError) as error:
            driver.detach(self._reason(error, host, port))
            return False
        logons = driver.logons
        self._connection = Connection(driver, wire, self._limits)
        try:
            await self._connection.run()
        finally:
            self._connection = None
        return driver.logons > logons

    async def _dial(self, host: str, port: int) -> Wire:
        wire, context = Wire(), self._context
        name = None if context is None else self._network.tls.server_name or host
        async with asyncio.timeout(self._network.connect_timeout):
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: wire, host, port, ssl=context, server_hostname=name)
        return wire

    def _reason(self, error: Exception, host: str, port: int) -> str:
        """Why the connection could not be made. A timeout comes without words, and without a number."""
        if isinstance(error, ssl.SSLError):
            why = reason_of(error)
        elif isinstance(error, TimeoutError) and not error.errno:
            why = f"no answer within {self._network.connect_timeout:g} s"
        elif isinstance(error, OSError) and error.errno is not None and error.errno > 0:
            why = os.strerror(error.errno)
        else:
            why = getattr(error, "strerror", None) or str(error)
        return f"{host} port {port}: {why}"
