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
from purefix_core.wire.timestamps import NANOS

Host = tuple[str, int]

_LOOK_AGAIN = 5.0
"""Seconds, at most, until a session that may not connect is asked again whether it may."""


class Initiator:
    """Dials the hosts of a session in turn, beginning with the first after each Logon, until it is stopped.

    After a connection is lost it waits for ReconnectInterval; when no host led to a Logon the wait doubles, up to
    ReconnectMost. Where it does not reconnect it dials each host once, and stops by itself.
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
        self.reconnects = True
        """Whether it goes on when a connection is lost, or none could be made."""
        self.dialing: Host | None = None
        """Whom it is dialing at this moment."""
        self._is_there = False
        """Whether the last one dialed took the connection; TLS may still be missing."""
        self.next_attempt: int | None = None
        """When it dials again (nanoseconds UTC); None while it does, is connected, or is stopped."""
        self._task: asyncio.Task[None] | None = None
        self._given_up: asyncio.Task[None] | None = None
        """One that was stopped, and may not have ended yet."""
        self._why = "stopped"
        """Why it stops dialing."""
        self._connection: Connection | None = None
        self._at_once = asyncio.Event()

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def start(self) -> None:
        """Begin to connect; nothing happens if it does so already."""
        if self._task is None:
            self._at_once.clear()
            self._task = asyncio.get_running_loop().create_task(self._run(self._given_up))

    def connect_now(self) -> None:
        """Do not wait for the next attempt. Starts it if it was stopped."""
        self._back_off.succeeded()
        self._at_once.set()
        self.start()

    async def stop(self) -> None:
        """Log out, wait for the answer as long as LogoutTimeout says, and disconnect."""
        task, self._task = self._task, None
        if task is not None:
            if self._connection is None:
                self._cancel(task, "stopped")
            else:
                await log_out(self._driver, self._connection)
        tasks = [each for each in (task, self._given_up) if each is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=LINGER + 1)
            for each in tasks:
                each.cancel()
            await asyncio.wait(tasks)

    def give_up(self, why: str) -> None:
        """End the connection at once, without a Logout, and dial no more; nothing happens where it does neither."""
        task, self._task = self._task, None
        if task is None:
            return
        self._given_up = task
        if self._connection is not None:
            self._connection.abort(why)
        else:
            self._cancel(task, why)

    def _cancel(self, task: asyncio.Task[None], why: str) -> None:
        self._why = why
        task.cancel()

    @property
    def _is_stopping(self) -> bool:
        return self._task is not asyncio.current_task()

    # -- connecting ------------------------------------------------------------------------------------------------

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        """`before`: one that was given up, which ends first, since a session is on one connection at a time."""
        if before is not None:
            await asyncio.wait([before])
        try:
            await self._keep_connected()
        finally:
            self.next_attempt = None
            if not self._is_stopping:
                self._task = None

    async def _keep_connected(self) -> None:
        why_not = ""
        while not self._is_stopping:
            self._at_once.clear()
            session = self._driver.session
            why = self._driver.call(session.may_connect, now()) or ""
            if why:
                if why != why_not:
                    self._driver.note(f"not connecting: {why}", Level.WARNING)
                if not self.reconnects:
                    return
                await self._wait(min(self._network.reconnect_interval, _LOOK_AGAIN))
            else:
                if await self._try_hosts():
                    self._back_off.succeeded()
                else:
                    self._back_off.failed()
                if not self.reconnects and not self._at_once.is_set():
                    return
                if not self._is_stopping:
                    self._driver.note(f"the next attempt is in {self._back_off.seconds:g} s")
                    await self._wait(self._back_off.seconds)
            why_not = why

    async def _wait(self, seconds: float) -> None:
        self.next_attempt = now() + round(seconds * NANOS)
        try:
            async with asyncio.timeout(seconds):
                await self._at_once.wait()
        except TimeoutError:
            pass
        self.next_attempt = None

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
        self.dialing = host, port
        try:
            wire = await self._dial(host, port)
        except asyncio.CancelledError:
            driver.detach(self._why)
            raise
        except (OSError, ValueError) as error:
            driver.detach(self._reason(error, host, port))
            return False
        finally:
            self.dialing = None
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
        self._is_there = False

        def there() -> Wire:  # asyncio asks for it when the connection is there, before TLS is agreed on
            self._is_there = True
            return wire

        async with asyncio.timeout(self._network.connect_timeout):
            loop = asyncio.get_running_loop()
            await loop.create_connection(there, host, port, ssl=context, server_hostname=name)
        return wire

    def _reason(self, error: Exception, host: str, port: int) -> str:
        """Why the connection could not be made. A timeout comes without words, and without a number."""
        during = " while TLS was being agreed on" if self._is_there and self._context is not None else ""
        if isinstance(error, ssl.SSLError):
            why = reason_of(error)
        elif isinstance(error, TimeoutError) and not error.errno:
            why = f"no answer within {self._network.connect_timeout:g} s{during}"
        elif isinstance(error, OSError) and error.errno is not None and error.errno > 0:
            why = os.strerror(error.errno)
        else:
            why = getattr(error, "strerror", None) or str(error)
        if not why:  # asyncio's, where the peer hangs up on our first bytes
            why = f"the peer closed the connection{during}"
        return f"{host} port {port}: {why}"
