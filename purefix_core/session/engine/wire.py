"""Wire: what comes in on a transport, given to the session in the very callback of the loop that read it.

A StreamReader would cost another turn of the loop for each message, and a buffer for each connection: here all of a
thread read into the same one, since nothing stays in it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

READ_SIZE = 32 * 1024
"""Bytes that are handled before others have their turn."""
_MOST_KEPT = 64 * 1024
"""Bytes that may wait until somebody takes them; then nothing more is read."""

_of_thread = threading.local()


def _buffer() -> memoryview:
    found: memoryview | None = getattr(_of_thread, "buffer", None)
    if found is None:
        found = _of_thread.buffer = memoryview(bytearray(READ_SIZE))
    return found


class Wire(asyncio.BufferedProtocol):
    """One transport. Before `hand_to` was called what comes waits for `read`."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.at_eof = False
        """The peer has closed its side, or the transport is gone."""
        self.error: Exception | None = None
        """What took the transport away, if anything did."""
        self._take: Callable[[bytes], None] | None = None
        self._on_writable: Callable[[], None] | None = None
        self._kept = b""
        self._is_paused = False
        self._changed = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    async def read(self) -> bytes:
        """What has come since the last call; nothing at the end."""
        while not self._kept and not self.at_eof:
            self._changed.clear()
            await self._changed.wait()
        data, self._kept = self._kept, b""
        self.resume_reading()
        return data

    def hand_to(self, take: Callable[[bytes], None], on_writable: Callable[[], None]) -> None:
        """Give what comes to `take` from now on. `on_writable` is called when a transport that had too much to write
        has less."""
        self._take, self._on_writable = take, on_writable
        data, self._kept = self._kept, b""
        self.resume_reading()
        if data:
            take(data)

    async def end(self) -> None:
        """Wait until the peer has closed its side, or the transport is gone."""
        while not self.at_eof:
            self._changed.clear()
            await self._changed.wait()

    async def writable(self) -> None:
        """Wait until the transport takes more."""
        await self._writable.wait()

    def pause_reading(self) -> None:
        if not self._is_paused and not self.transport.is_closing():
            self._is_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused and not self.transport.is_closing():
            self._is_paused = False
            self.transport.resume_reading()

    # -- for the loop ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 (the interface has it)
        return _buffer()

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(_buffer()[:nbytes])
        if self._take is not None:
            self._take(data)
            return
        self._kept += data
        if len(self._kept) >= _MOST_KEPT:
            self.pause_reading()
        self._changed.set()

    def eof_received(self) -> bool:
        """Our own side stays open, for what is still to be written. TLS has no half of a connection."""
        self._at_end()
        return self.transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = exc
        self._writable.set()
        self._at_end()

    def _at_end(self) -> None:
        self.at_eof = True
        self._changed.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()
        if self._on_writable is not None:
            self._on_writable()
