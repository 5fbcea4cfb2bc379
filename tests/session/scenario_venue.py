"""What tests of scenarios share: a counterparty that is no engine of ours, and can be told to do one thing wrong."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from purefix_core.session.config import FixConfig
from purefix_core.session.outgoing import FlatMessage, encoded
from purefix_core.session.scenario import ScenarioResult
from purefix_core.wire.message import FixMessage
from purefix_core.wire.timestamps import utc_timestamp_text
from tests.session.engine_peers import HOST, initiator_settings

FAULTS = (
    "sends no Logon",
    "sends no Heartbeats",
    "answers no TestRequest",
    "answers a TestRequest with another TestReqID",
    "takes any number",
    "refuses a number without a word",
    "asks for nothing",
    "answers no ResendRequest",
    "resends without PossDupFlag",
    "rejects orders",
    "sends a Reject",
    "tests nobody",
    "tests, and does not hang up",
    "does not reset",
    "resets without the flag",
    "answers no Logout",
    "begins with 1 after a Logout",
)


def config_for(port: int, **settings: Any) -> FixConfig:
    return FixConfig.of(initiator_settings(port, **settings))


def told(result: ScenarioResult) -> str:
    """Everything, for the text of a failed test."""
    return "\n".join(
        f"{step.outcome.value} {step.words}: {step.text}\n" + "".join(f"     {line}\n" for line in step.lines)
        for step in result.steps
    )


class ScenarioVenue:
    """VENUE of FIX.4.4, on a port of its own. Its numbers live as long as it does. `async with` starts and ends it."""

    def __init__(self, fault: str = "") -> None:
        assert not fault or fault in FAULTS
        self.fault = fault
        self.port = 0
        self._sent: dict[int, FlatMessage] = {}
        self._next_out = self._next_in = 1
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> ScenarioVenue:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(ConnectionError, asyncio.CancelledError):
            await _Connection(self, reader, writer).run()
        writer.close()

    def reset(self) -> None:
        self._sent.clear()
        self._next_out = self._next_in = 1

    # the numbers, for a connection

    def take_number(self, message: FlatMessage) -> int:
        number = self._next_out
        self._next_out += 1
        self._sent[number] = message
        return number

    @property
    def next_in(self) -> int:
        return self._next_in

    @next_in.setter
    def next_in(self, number: int) -> None:
        self._next_in = number

    @property
    def next_out(self) -> int:
        return self._next_out

    def sent_from(self, first: int) -> list[tuple[int, FlatMessage]]:
        return [(number, message) for number, message in self._sent.items() if number >= first]


class _Connection:
    def __init__(self, venue: ScenarioVenue, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._venue = venue
        self._reader = reader
        self._writer = writer
        self._heart_bt_int = 30.0
        self._heard_at = self._sent_at = time.monotonic()
        self._has_tested = False
        self._has_logged_on = False

    async def run(self) -> None:
        buffer = b""
        while True:
            try:
                async with asyncio.timeout(0.05):
                    data = await self._reader.read(65536)
            except TimeoutError:
                if self._tick():
                    return
                continue
            if not data:
                return
            buffer += data
            while (end := buffer.find(b"\x0110=")) >= 0 and (end := buffer.find(b"\x01", end + 1)) >= 0:
                message, buffer = FixMessage.parse(buffer[: end + 1]), buffer[end + 1 :]
                self._heard_at, self._has_tested = time.monotonic(), False
                if self._handle(message):
                    return

    def _tick(self) -> bool:
        """Whether the connection is to be closed."""
        moment, fault = time.monotonic(), self._venue.fault
        if not self._has_logged_on:
            return False
        silent = moment - self._heard_at
        if silent > 2.4 * self._heart_bt_int and fault != "tests, and does not hang up":
            return True
        if silent > 1.2 * self._heart_bt_int and not self._has_tested and fault != "tests nobody":
            self._has_tested = True
            self._send("1", {112: "TEST"})
        if moment - self._sent_at > self._heart_bt_int and fault != "sends no Heartbeats":
            self._send("0", {})
        return False

    def _handle(self, message: FixMessage) -> bool:
        """Whether the connection is to be closed."""
        venue, kind, number = self._venue, message.text(35), int(message.text(34))
        fault = venue.fault
        if kind == "A" and message.text(141) == "Y" and fault != "does not reset":
            venue.reset()
        if kind == "4":
            venue.next_in = int(message.text(36))
            return False
        if number < venue.next_in and fault != "takes any number":
            if message.text(43) == "Y":
                return False
            text = f"MsgSeqNum too low, expecting {venue.next_in} but received {number}"
            if fault != "refuses a number without a word":
                self._send("5", {58: text})
            return True
        if number > venue.next_in and fault != "asks for nothing":
            self._send("2", {7: str(venue.next_in), 16: "0"})
            return False
        venue.next_in = number + 1
        return self._answer(kind, message)

    def _answer(self, kind: str, message: FixMessage) -> bool:
        fault = self._venue.fault
        match kind:
            case "A" if fault != "sends no Logon":
                self._heart_bt_int = float(message.text(108))
                reset = message.text(141) == "Y" and fault not in ("does not reset", "resets without the flag")
                self._send("A", {98: "0", 108: message.text(108), **({141: "Y"} if reset else {})})
                self._has_logged_on = True
            case "1" if fault != "answers no TestRequest":
                is_wrong = fault == "answers a TestRequest with another TestReqID"
                self._send("0", {112: "ANOTHER" if is_wrong else message.text(112)})
                if fault == "sends a Reject":
                    self._send("3", {45: "1", 58: "for no reason"})
            case "2" if fault != "answers no ResendRequest":
                self._resend(int(message.text(7)))
            case "5":
                if fault != "answers no Logout":
                    self._send("5", {})
                if fault == "begins with 1 after a Logout":
                    self._venue.reset()
                return True
            case "D":
                status = "8" if fault == "rejects orders" else "0"
                order = {tag: message.text(tag) for tag in (11, 54, 55)}
                numbers = {
                    37: message.text(11),
                    17: message.text(34),
                    150: status,
                    39: status,
                    151: "0",
                    14: "0",
                    6: "0",
                }
                self._send("8", {**order, **numbers})
        return False

    def _resend(self, first: int) -> None:
        flag = {} if self._venue.fault == "resends without PossDupFlag" else {43: b"Y", 122: _now()}
        for number, message in self._venue.sent_from(first):
            if message.msg_type == "8":
                self._write(number, message, flag)
            else:
                fill = FlatMessage("4", [(123, b"Y"), (36, b"%d" % (number + 1))])
                self._write(number, fill, {43: b"Y", 122: _now()})

    def _send(self, msg_type: str, body: dict[int, str]) -> None:
        message = FlatMessage(msg_type, [(tag, value.encode()) for tag, value in body.items()])
        self._write(self._venue.take_number(message), message, {})

    def _write(self, number: int, message: FlatMessage, header: dict[int, bytes]) -> None:
        self._sent_at = time.monotonic()
        added = {34: b"%d" % number, 49: b"VENUE", 52: _now(), 56: b"CLIENT", **header}
        self._writer.write(encoded(b"FIX.4.4", message, added))


def _now() -> bytes:
    return utc_timestamp_text(time.time_ns() // 10**6 * 10**6, 3).encode()
