"""What the engine says of a session while a scenario runs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from purefix_core.session.engine import EventListener
from purefix_core.session.events import MessageReceived, MessageSent, Note, StateChanged
from purefix_core.session.manual import DROPPED_INCOMING
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.states import State
from purefix_core.wire.message import printable

_MOST_LINES = 200
_MOST_RECEIVED = 10_000
_MOST_BYTES = 64 << 20
"""Of what was received, and nothing has expected yet."""
_ENDED = "disconnected"
"""How the event log says that a connection is gone which we have closed; the line before says why."""
_LOOKS_AGAIN = 0.02
"""Seconds: a connection that is made, and a number that is set, are told by no event."""


class Witness:
    """Keeps what was received until a step expects it, and what happened until a step's result has it."""

    def __init__(self, reader: Reader) -> None:
        self.received: deque[bytes] = deque()
        self.is_over = False
        """The connection has ended, or could not be made."""
        self.has_logged_on = False
        """Our Logon, or our answer to the peer's, was sent since the connection was made."""
        self.why = ""
        """The last line of the event log."""
        self.lost = 0
        """Messages that nothing expected, and for which there was no room."""
        self._reader = reader
        self._bytes = 0
        self._kept_last = True
        """The message that was received last was kept."""
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._changed = asyncio.Event()

    def expect_connection(self) -> None:
        """A connection is about to be made: what came over one before is no answer to what comes now."""
        self.received.clear()
        self._bytes = 0
        self.is_over = self.has_logged_on = False

    async def watch(self, events: EventListener) -> None:
        async for _, event in events:
            match event:
                case MessageReceived(raw=raw):
                    self._receive(raw)
                    self._lines.append(f"< {self._reader.shown(raw)}")
                case MessageSent(raw=raw):
                    self._reader.learn(raw)
                    self._lines.append(f"> {self._reader.shown(raw)}")
                case Note(text=text):
                    if text != _ENDED:
                        self.why = text
                    self._lines.append(f"- {printable(text)}")
                    if text == DROPPED_INCOMING:
                        self._forget_last()
                case StateChanged(new=new):
                    self.is_over = new is State.DISCONNECTED
                    self.has_logged_on |= new in (State.LOGON_SENT, State.ACTIVE)
            self._changed.set()

    def _receive(self, raw: bytes) -> None:
        if len(self.received) < _MOST_RECEIVED and self._bytes < _MOST_BYTES:
            self.received.append(raw)
            self._bytes += len(raw)
            self._kept_last = True
        else:
            self.lost += 1
            self._kept_last = False

    def _forget_last(self) -> None:
        """The message that was received last is one that does not count as received."""
        if not self._kept_last:
            self.lost -= 1
        elif self.received:
            self._bytes -= len(self.received.pop())

    def next_received(self) -> bytes | None:
        """Take the next message that nothing has expected yet; None where there is none."""
        if not self.received:
            return None
        raw = self.received.popleft()
        self._bytes -= len(raw)
        return raw

    async def catch_up(self) -> None:
        """Let events that the engine has told arrive: `watch` has its turn in the next round of the loop."""
        for _ in range(3):
            await asyncio.sleep(0)

    def take_lines(self) -> tuple[str, ...]:
        """What happened since the last call."""
        lines = tuple(self._lines)
        self._lines.clear()
        return lines

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; whether it was within so many seconds. What is raised by `done` ends it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not done():
            left = deadline - loop.time()
            if left <= 0:
                return False
            self._changed.clear()
            try:
                async with asyncio.timeout(min(left, _LOOKS_AGAIN)):
                    await self._changed.wait()
            except TimeoutError:
                pass
        return True
