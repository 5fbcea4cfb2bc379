"""What tests of the engine share: settings, an application that keeps what it hears, and a peer that is no engine."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EventListener, FixEngine, SessionEvent
from purefix_core.session.events import Event, Note, StateChanged
from purefix_core.session.machine import FixSession
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import (
    ConnectionType,
    NetworkSettings,
    SessionId,
    SessionSettings,
    StoreLayout,
)
from purefix_core.session.states import State
from purefix_core.wire.checksum import sealed
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import utc_timestamp_text

PATIENCE = 20.0
"""Seconds; a test that waits longer for something fails."""

HOST = "127.0.0.1"


def acceptor_settings(
    network: NetworkSettings | None = None, target: str = "CLIENT", **settings: Any
) -> SessionSettings:
    session_id = SessionId(settings.pop("begin_string", "FIX.4.4"), settings.pop("sender", "VENUE"), target)
    return SessionSettings(
        session_id=session_id,
        connection_type=ConnectionType.ACCEPTOR,
        network=replace(network or NetworkSettings(), accept_host=HOST),
        **({"store_layout": StoreLayout.MEMORY} | settings),
    )


def initiator_settings(port: int, sender: str = "CLIENT", **settings: Any) -> SessionSettings:
    network = settings.pop("network", NetworkSettings())
    hosts = network.hosts or ((HOST, port),)
    session_id = SessionId(settings.pop("begin_string", "FIX.4.4"), sender, settings.pop("target", "VENUE"))
    return SessionSettings(
        session_id=session_id,
        connection_type=ConnectionType.INITIATOR,
        network=replace(network, hosts=hosts, reconnect_interval=min(network.reconnect_interval, 0.1)),
        **({"store_layout": StoreLayout.MEMORY} | settings),
    )


def on_disk(folder: Path) -> dict[str, Any]:
    """Settings of a session whose store lies in a folder."""
    return {"store_layout": StoreLayout.PUREFIX, "store_path": folder}


def engine_of(
    *settings: SessionSettings, application: Application | None = None, registry: Any = None, **others: Any
) -> FixEngine:
    return FixEngine([FixConfig.of(each) for each in settings], application, registry, **others)


class Recorder(Application):
    """Keeps the ClOrdIDs that came, and whether each was a PossDup."""

    def __init__(self) -> None:
        self.orders: list[tuple[bytes, bool]] = []
        self._changed = asyncio.Event()

    def from_app(self, message: Any, session: FixSession) -> None:
        self.orders.append((message.get(11), message.get(43) == b"Y"))
        self._changed.set()

    async def until(self, count: int) -> list[bytes]:
        """The ClOrdIDs, once there are so many."""
        async with asyncio.timeout(PATIENCE):
            while len(self.orders) < count:
                self._changed.clear()
                await self._changed.wait()
        return [cl_ord_id for cl_ord_id, _ in self.orders]


def order(cl_ord_id: str, text: str = "") -> FlatMessage:
    body = [
        (11, cl_ord_id.encode()),
        (55, b"IBM"),
        (54, b"1"),
        (60, b"20260102-10:00:00"),
        (38, b"100"),
        (40, b"2"),
        (44, b"10.5"),
    ]
    return FlatMessage("D", body + ([(58, text.encode())] if text else []))


async def until(listener: EventListener, wanted: Callable[[Event], bool]) -> Event:
    """The next event that is wanted."""
    seen: list[SessionEvent] = []
    try:
        async with asyncio.timeout(PATIENCE):
            async for pair in listener:
                seen.append(pair)
                if wanted(pair[1]):
                    return pair[1]
    except TimeoutError:
        pass
    raise AssertionError("it did not happen; what did:\n" + "\n".join(map(repr, seen[-30:])))


def becomes(state: State) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, StateChanged) and event.new is state


def says(text: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Note) and text in event.text


async def logged_on(listener: EventListener) -> None:
    await until(listener, becomes(State.ACTIVE))


class RawPeer:
    """The other end of a connection, which does nothing by itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.sent = 0
        self._buffer = b""

    @classmethod
    async def connect(cls, port: int, **streams: Any) -> RawPeer:
        return cls(*await asyncio.open_connection(HOST, port, **streams))

    @classmethod
    async def connect_socket(cls, raw: socket.socket) -> RawPeer:
        return cls(*await asyncio.open_connection(sock=raw))

    def send(
        self,
        msg_type: str,
        body: bytes = b"",
        *,
        sender: str = "CLIENT",
        target: str = "VENUE",
        begin_string: bytes = b"FIX.4.4",
        seq_num: int = 0,
        header: bytes = b"",
    ) -> None:
        """Fields are parted by `|`, and end with one."""
        self.sent = seq_num or self.sent + 1
        self.writer.write(
            message(msg_type, self.sent, body, sender=sender, target=target, begin_string=begin_string, header=header)
        )

    def log_on(self, **values: Any) -> None:
        heartbeat = values.pop("heartbeat", 30)
        self.send("A", b"98=0|108=%d|%b" % (heartbeat, values.pop("more", b"")), **values)

    async def receive(self) -> FixMessage:
        """The next message. Raises EOFError at the end of the connection."""
        async with asyncio.timeout(PATIENCE):
            while True:
                end = self._buffer.find(b"\x0110=")
                end = self._buffer.find(b"\x01", end + 1) + 1 if end >= 0 else 0
                if end:
                    raw, self._buffer = self._buffer[:end], self._buffer[end:]
                    return FixMessage.parse(raw)
                data = await self.reader.read(65536)
                if not data:
                    raise EOFError
                self._buffer += data

    async def receive_or_end(self) -> str:
        """The MsgType of the next message, the empty string at the end of the connection."""
        try:
            return (await self.receive()).text(35)
        except (EOFError, ConnectionError):
            return ""

    async def expect(self, msg_type: str) -> FixMessage:
        found = await self.receive()
        assert found.text(35) == msg_type, found.raw
        return found

    async def rest(self) -> bytes:
        """All that comes until the other side closes."""
        async with asyncio.timeout(PATIENCE):
            try:
                return self._buffer + await self.reader.read()
            except ConnectionError:
                return b""

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


def message(
    msg_type: str,
    seq_num: int,
    body: bytes = b"",
    *,
    sender: str = "CLIENT",
    target: str = "VENUE",
    begin_string: bytes = b"FIX.4.4",
    header: bytes = b"",
) -> bytes:
    sent = utc_timestamp_text(time.time_ns() // 1_000_000 * 1_000_000, 3)
    fields = f"35={msg_type}|34={seq_num}|49={sender}|52={sent}|56={target}|".encode() + header + body
    return sealed(begin_string, fields.replace(b"|", b"\x01"), SOH)
