"""Connection: bytes between a transport and a session, both ways, with bounds on what may wait.

What comes is handled where it is read (wire.py). The task that made a connection waits for its end in `run`; another
one exists only while messages are resent.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import ssl
import struct
import termios
from contextlib import suppress
from dataclasses import dataclass

from purefix_core.session.engine.addresses import address_text
from purefix_core.session.engine.driver import SessionDriver, now
from purefix_core.session.engine.passed_over import PassedOverNotes
from purefix_core.session.engine.tls import reason_of
from purefix_core.session.engine.wire import Wire
from purefix_core.session.framing import Framer

_RESEND_MARK = 256 * 1024
"""Bytes: a resend waits while more than this is to be written."""

_LOOK_AGAIN = 1.0
"""Seconds."""

LINGER = 2.0
"""Seconds that the last bytes may take, and the peer to close its side; a connection that is closed while there is
something unread loses what was written last (RFC 1122, 4.2.2.13)."""


@dataclass(frozen=True)
class Limits:
    """How far a peer may be behind with reading."""

    most_unwritten: int = 8 * 1024 * 1024
    """Bytes: a peer that has so much to read itself is behind. What it sends is not read as long as it brings more
    answers."""
    most_ever: int = 32 * 1024 * 1024
    """Bytes: with so much to read it is disconnected, unless it does read; it asks for what it missed when it is
    back."""
    patience: float = 30.0
    """Seconds that it may stay behind without reading, or with more than `most_ever` to read."""


class Connection:
    """A transport that is up, and the session on it."""

    def __init__(self, driver: SessionDriver, wire: Wire, limits: Limits) -> None:
        self._driver = driver
        self._wire = wire
        self._transport = wire.transport
        self._limits = limits
        self._why = ""
        """Why it ends, where that is known before the reading ends."""
        self._is_finishing = False
        self._resend: asyncio.Task[None] | None = None
        self._behind: asyncio.TimerHandle | None = None
        """Runs while the peer is behind with reading."""
        self._behind_since = 0.0
        self._written = 0
        self._taken = 0
        """So many bytes had been taken when that was last looked at, and when they last were more than before."""
        self._taken_at = 0.0
        self._linger: asyncio.TimerHandle | None = None
        self._passed_over: PassedOverNotes | None = None
        self._transport.set_write_buffer_limits(high=min(_RESEND_MARK, limits.most_unwritten))
        raw = wire.transport.get_extra_info("socket")
        if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):  # it may be gone already
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(driver.config.settings.network.no_delay))

    async def run(self, framer: Framer | None = None, first: bytes = b"") -> None:
        """Drive the session until the connection ends. `first`: the frame that was read already, behind which `framer`
        may hold more."""
        driver = self._driver
        session = driver.session
        settings = driver.config.settings
        framer = framer or Framer(settings.max_message_size)
        passed_over = PassedOverNotes(framer, driver.note, settings.secrets)
        self._passed_over = passed_over
        driver.attach(self)
        why = ""
        try:
            driver.call(session.connected, now(), framer)
            if first and self._is_attached:
                driver.call(session.process, first, now())
                driver.call(session.receive, b"", now())
                passed_over.look()
            self._wire.hand_to(self._received, self._caught_up)
            await self._wire.end()
            why = _reason(self._wire.error)
        finally:
            self._end(why)

    def _received(self, data: bytes) -> None:
        if self._is_finishing:
            return
        driver = self._driver
        written = self._written
        driver.call(driver.session.receive, data, now())
        if self._passed_over is not None and self._is_attached:
            self._passed_over.look()
        # Where what was read brought no answers it is not the peer's fault: two engines that both have much to send
        # would wait for each other.
        if self._behind is not None and self._written > written:
            self._wire.pause_reading()

    def _end(self, why: str) -> None:
        self._caught_up()
        if self._resend is not None:
            self._resend.cancel()
        if self._is_attached:
            self._detach(why)
        if self._waiting:
            self._close_in_time()
        self._transport.close()

    def _detach(self, why: str) -> None:
        if self._passed_over is not None:
            self._passed_over.end()
        self._driver.detach(self._why or why)

    @property
    def _is_attached(self) -> bool:
        return self._driver.connection is self

    # -- for the driver --------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(data)
        self._written += len(data)
        waiting = self._waiting
        if waiting <= self._limits.most_unwritten:
            self._caught_up()
        elif self._behind is None:
            loop = asyncio.get_running_loop()
            self._behind_since = self._taken_at = loop.time()
            self._taken = self._written - waiting
            self._behind = loop.call_later(self._look_again_after, self._look)

    @property
    def _look_again_after(self) -> float:
        return min(_LOOK_AGAIN, self._limits.patience)

    def _look(self) -> None:
        """Whether the peer, which is behind, reads at all."""
        self._behind = None
        limits, waiting = self._limits, self._waiting
        if waiting <= limits.most_unwritten:
            self._caught_up()
            return
        loop = asyncio.get_running_loop()
        moment, taken = loop.time(), self._written - waiting
        if taken > self._taken:
            self._taken, self._taken_at = taken, moment
        silent = moment - self._taken_at
        is_much = waiting > limits.most_ever
        is_late = moment - self._behind_since >= limits.patience
        if silent >= limits.patience or (is_much and silent >= self._look_again_after):
            self.abort(f"the peer has not read for {silent:.1f} s: {waiting:,} bytes wait for it")
        elif is_much and is_late:
            self.abort(f"the peer reads too slowly: {waiting:,} bytes wait for it")
        else:
            self._behind = loop.call_later(self._look_again_after, self._look)

    def _caught_up(self) -> None:
        if self._behind is not None:
            self._behind.cancel()
            self._behind = None
        self._wire.resume_reading()

    @property
    def _waiting(self) -> int:
        """Bytes that are still to be written. The transport of TLS cannot be asked any more once it is closing."""
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def stream_resend(self) -> None:
        """Go on with a resend whenever the transport takes more."""
        if self._resend is None and not self._is_finishing:
            self._resend = asyncio.get_running_loop().create_task(self._resend_all())

    async def _resend_all(self) -> None:
        driver = self._driver
        session = driver.session
        try:
            while self._is_attached and session.is_resending:
                driver.call(session.resend_some, now())
                await asyncio.sleep(0)
                await self._wire.writable()
        finally:
            self._resend = None

    def finish(self) -> None:
        """The session is done with the connection: it ends when what is written has gone out."""
        if self._is_finishing:
            return
        self._is_finishing = True
        self._detach("")
        if self._transport.is_closing():
            return
        self._close_in_time()
        if self._transport.can_write_eof():
            with suppress(OSError):
                self._transport.write_eof()
        else:
            self._transport.close()

    def _close_in_time(self) -> None:
        if self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(LINGER, self._transport.abort)

    def abort(self, why: str) -> None:
        """End it at once; what is not written yet is lost."""
        self._why = self._why or why
        self._transport.abort()

    @property
    def peer(self) -> str:
        """The address and port of the other side; the empty string where the transport does not tell."""
        found = self._transport.get_extra_info("peername")
        return address_text(found[0].removeprefix("::ffff:"), found[1]) if isinstance(found, tuple) else ""

    @property
    def peer_has_closed(self) -> bool:
        """Whether the other side is gone already, though there may be something left to read."""
        return self._wire.at_eof or self._transport.is_closing() or _is_half_closed(self._transport)

    @property
    def has_unread(self) -> bool:
        """Whether something has come that was not handled yet; the end of the connection may stand behind it."""
        raw = self._transport.get_extra_info("socket")
        if raw is None or self._transport.is_closing():
            return False
        try:
            (count,) = struct.unpack("i", fcntl.ioctl(raw.fileno(), termios.FIONREAD, bytes(4)))
        except OSError:
            return False
        return bool(count)


_TCP_ESTABLISHED = 1


def _reason(error: Exception | None) -> str:
    if error is None:
        return "the peer closed the connection"
    if isinstance(error, ssl.SSLError):
        return reason_of(error)
    return getattr(error, "strerror", None) or str(error) or "the connection was lost"


def _is_half_closed(transport: asyncio.Transport) -> bool:
    """What the kernel knows before the loop hears of it; False on systems that do not tell."""
    raw = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_INFO", None)
    if raw is None or option is None:
        return False
    try:
        state: int = raw.getsockopt(socket.IPPROTO_TCP, option, 1)[0]
    except OSError:
        return False
    return state != _TCP_ESTABLISHED
