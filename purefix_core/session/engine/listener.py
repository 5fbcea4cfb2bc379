"""Listener: one port of an acceptor, and the connections that came in by it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress

from purefix_core.session.engine.addresses import allowed_networks, is_allowed, listening_socket
from purefix_core.session.engine.connection import LINGER, Connection, Limits
from purefix_core.session.engine.driver import SessionDriver, now
from purefix_core.session.engine.engine_log import EngineLog
from purefix_core.session.engine.errors import EngineError
from purefix_core.session.engine.identify import Directory, Newcomer, NotALogon, newcomer
from purefix_core.session.engine.passed_over import what_came
from purefix_core.session.engine.stopping import log_out
from purefix_core.session.engine.tls import acceptor_context, reason_of
from purefix_core.session.engine.unknown_peers import CannotBeTaken, UnknownPeers
from purefix_core.session.engine.wire import Wire
from purefix_core.session.events import Level
from purefix_core.session.framing import Framer, FramingError

_AFTER_AN_ERROR = 0.5
"""Seconds until more connections are taken, where the process has no descriptor left for one."""
_LOOK_AGAIN = 0.01
"""Seconds."""
_OLD_MAY_END = 1.0
"""Seconds that a connection whose peer is gone may take to handle what it had sent before."""


_IPV4_AS_IPV6 = "::ffff:"


class Refused(Exception):
    """A connection is closed without a word; the text is for our own log."""


class Listener:
    """The first message of a connection says which session it is for (acceptance scripts 1).

    Sockets are accepted here instead of by asyncio.start_server: so connections that do not get as far as the end of
    the TLS handshake count as well, and whoever may not connect costs neither a handshake nor a stream.
    """

    def __init__(self, drivers: list[SessionDriver], unknown: UnknownPeers, log: EngineLog, limits: Limits) -> None:
        """`drivers`: the sessions of this port; `unknown` has the templates for others. Raises EngineError where their
        TLS settings differ, or name files that cannot be used."""
        settings = [driver.config.settings for driver in drivers] + unknown.templates
        networks = [each.network for each in settings]
        self._host, self._port = networks[0].accept_host, networks[0].accept_port
        for each in settings:
            if each.network.tls != networks[0].tls:
                raise EngineError(
                    f"{settings[0].session_id} and {each.session_id}: share port {self._port}, so their TLS settings"
                    " must be the same"
                )
        self._context = acceptor_context(networks[0].tls)
        self._allowed = [allowed_networks(each) for each in settings]
        self._most = max(each.max_connections for each in networks)
        self._most_unidentified = max(each.max_unidentified for each in networks)
        self._logon_timeout = max(each.logon_timeout for each in settings)
        self._largest = max(each.max_message_size for each in settings)
        self._directory = Directory(drivers)
        self._unknown = unknown
        self._log = log
        self._limits = limits
        self._socket: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._connections: dict[asyncio.Task[None], tuple[SessionDriver, Connection] | None] = {}
        """None for one that has not yet said whose it is."""
        self._unidentified = 0

    @property
    def port(self) -> int:
        """The one that it listens on, also where any free one was asked for; 0 while it does not."""
        return 0 if self._socket is None else int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Nothing happens if it listens already. Raises EngineError where the port cannot be had."""
        if self._socket is not None:
            return
        self._socket = listening_socket(self._host, self._port)
        self._accepting = asyncio.get_running_loop().create_task(self._accept(self._socket))
        self._log.note(f"listening on {self._host or 'all addresses'}, port {self.port}")

    def replace(self, old: SessionDriver, new: SessionDriver) -> None:
        """Another driver for the same session; the old one is on no connection."""
        self._directory.remove(old)
        self._directory.add(new)

    async def stop_listening(self) -> None:
        """Take no more connections; those that are there stay."""
        accepting, self._accepting = self._accepting, None
        listening, self._socket = self._socket, None
        if listening is not None:
            # At once, so that the port is free for whoever wants it next, and that asyncio does not take a connection
            # for a task that is being cancelled: it would stay open with nobody to close it.
            asyncio.get_running_loop().remove_reader(listening)
            listening.close()
        if accepting is not None:
            accepting.cancel()
            await asyncio.wait([accepting])

    async def stop(self) -> None:
        """Take no more connections, log out of all sessions, and close what is still open then."""
        await self.stop_listening()
        open_ones = list(self._connections.items())
        for task, found in open_ones:
            if found is None:
                task.cancel()
        await asyncio.gather(*(log_out(*found) for _, found in open_ones if found is not None))
        tasks = [task for task, _ in open_ones]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LINGER + 1)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    # -- accepting -------------------------------------------------------------------------------------------------

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, address = await loop.sock_accept(listening)
            except OSError as error:
                self._log.refused(f"a connection cannot be taken: {error.strerror}")
                await asyncio.sleep(_AFTER_AN_ERROR)
                continue
            host = address[0].removeprefix(_IPV4_AS_IPV6)
            why = self._why_not(host)
            if why:
                client.close()
                self._log.refused(f"{host} is refused: {why}")
            else:
                self._make_room()
                self._unidentified += 1
                task = loop.create_task(self._serve(client, host))
                self._connections[task] = None
                task.add_done_callback(self._connections.pop)
            await asyncio.sleep(0)  # it does not wait itself while there are more

    def _why_not(self, address: str) -> str:
        if not any(is_allowed(address, networks) for networks in self._allowed):
            return "it is not in AllowedRemoteAddresses"
        if len(self._connections) >= self._most:
            return f"there are {self._most} connections already"
        return ""

    def _make_room(self) -> None:
        """Of too many connections that have not sent a Logon the oldest gives way: nobody can keep others out by being
        silent, since whoever has a Logon sends it at once."""
        if self._unidentified >= self._most_unidentified:
            silent = (task for task, found in self._connections.items() if found is None and not task.cancelling())
            oldest = next(silent, None)
            if oldest is not None:
                oldest.cancel()
            self._log.refused(
                f"no more than {self._most_unidentified} may be without a Logon: the oldest connection is closed"
            )

    async def _serve(self, client: socket.socket, address: str) -> None:
        wire, framer = Wire(), Framer(self._largest)
        is_open = False
        is_counted = True
        try:
            async with asyncio.timeout(self._logon_timeout):
                await asyncio.get_running_loop().connect_accepted_socket(lambda: wire, client, ssl=self._context)
                is_open = True
                found = newcomer(await _first_frame(wire, framer))
                driver = await self._session_for(found, address)
            self._unidentified -= 1
            is_counted = False
            connection = Connection(driver, wire, self._limits)
            task = asyncio.current_task()
            assert task is not None
            self._connections[task] = (driver, connection)
            driver.note(f"connection from {address}")
            await connection.run(framer, found.raw)
        except (Refused, NotALogon, FramingError, CannotBeTaken) as error:
            self._log.refused(f"{address} is refused: {error}{what_came(framer)}")
        except TimeoutError:
            why = f"no Logon within {self._logon_timeout:g} s{what_came(framer)}"
            self._log.refused(f"{address} is refused: {why}")
        except ssl.SSLError as error:
            self._log.refused(f"{address} is refused: TLS: {reason_of(error)}")
        except OSError as error:
            self._log.refused(f"{address} went away{f': {why}' if (why := error.strerror or str(error)) else ''}")
        except Exception as error:  # such as on_create's; nobody else would be told of it
            self._log.note(f"the connection from {address} failed: {error!r}", Level.ERROR)
        finally:
            if is_counted:
                self._unidentified -= 1
                if is_open:
                    wire.transport.close()

    # -- whose it is -----------------------------------------------------------------------------------------------

    async def _session_for(self, found: Newcomer, address: str) -> SessionDriver:
        """The session that a Logon is for, on no other connection. Raises Refused."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _OLD_MAY_END
        while True:
            driver = self._directory.find(found.session_id) or await self._unknown.driver_for(found)
            if driver is None:
                raise Refused(f"there is no session {found}")
            if not is_allowed(address, allowed_networks(driver.config.settings)):
                raise Refused(f"it is not in the AllowedRemoteAddresses of {found}")
            old = driver.connection
            if old is None:
                break
            if not old.peer_has_closed:
                if old.has_unread and loop.time() < deadline:
                    await asyncio.sleep(_LOOK_AGAIN)  # what it sent before it went may still be on its way
                    continue
                raise Refused(f"{found} is connected already")
            await _ended(driver, old)  # and look again: others may have been faster
        why = driver.call(driver.session.may_connect, now())
        if why:
            raise Refused(f"{found}: {why}")
        return driver


async def _ended(driver: SessionDriver, old: Connection) -> None:
    """Wait for a connection whose peer is gone. What it had sent before is handled first (acceptance script 1b: the
    next Logon succeeds at once)."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_OLD_MAY_END):
            await driver.ended.wait()
    if driver.connection is old:
        old.abort("the peer is back on another connection")
        await driver.ended.wait()


async def _first_frame(wire: Wire, framer: Framer) -> bytes:
    while True:
        data = await wire.read()
        if not data:
            if wire.error is not None:
                raise wire.error
            raise Refused("it closed the connection before it sent a whole message")
        framer.feed(data)
        frame = framer.next()
        if frame is not None:
            return frame
        await asyncio.sleep(0)
