"""The simulated link: connections that keep the order of what they carry, unless they are told to lose some of it."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from purefix_core.session.framing import Framer

_MESSAGE = re.compile(rb"8=FIX.*?\x0110=\d{3}\x01", re.DOTALL)

MILLI = 1_000_000
QUICK = 5 * MILLI


@dataclass
class Faults:
    """What happens to what one side sends."""

    delay: int = QUICK
    lost: tuple[int, int] = (0, 0)
    """Messages that pass, and how many of those that follow are lost, while the connection goes on."""
    doubled: tuple[int, int] = (0, 0)
    pieces: int = 0
    """Bytes that arrive at once; 0: whole messages."""

    def stop(self) -> None:
        self.delay, self.lost, self.doubled, self.pieces = QUICK, (0, 0), (0, 0), 0

    def copies(self) -> int:
        """How often the message at hand arrives."""
        self.lost, is_lost = _counted(self.lost)
        self.doubled, is_doubled = _counted(self.doubled)
        return 0 if is_lost else 2 if is_doubled else 1


def _counted(what: tuple[int, int]) -> tuple[tuple[int, int], bool]:
    passing, count = what
    if not count:
        return what, False
    return ((passing - 1, count), False) if passing else ((0, count - 1), True)


@dataclass
class Pipe:
    """One direction. None is the end of it."""

    chunks: deque[tuple[int, bytes | None]] = field(default_factory=deque)
    is_closed: bool = False
    _last: int = 0

    def put(self, chunk: bytes | None, at: int) -> None:
        if self.is_closed:
            return
        self._last = max(self._last, at)
        self.chunks.append((self._last, chunk))
        self.is_closed = chunk is None

    def write(self, data: bytes, now: int, faults: Faults) -> None:
        messages = _MESSAGE.findall(data)
        assert b"".join(messages) == data, data
        sent = b"".join(message * faults.copies() for message in messages)
        size = faults.pieces or max(len(sent), 1)
        for start in range(0, len(sent), size):
            self.put(sent[start : start + size], now + faults.delay)

    def cut(self, kept: int, now: int, notice: int) -> None:
        """The connection breaks: `kept` bytes of what is on its way still arrive, the end is noticed after `notice`
        nanoseconds."""
        chunks: deque[tuple[int, bytes | None]] = deque()
        for at, chunk in self.chunks:
            if not chunk or not kept:
                break
            chunks.append((at, chunk[:kept]))
            kept -= len(chunk[:kept])
        self.chunks, self.is_closed = chunks, False
        self.put(None, now + notice)


class Connection:
    """`to[0]` is what the initiator receives, `to[1]` the acceptor."""

    def __init__(self) -> None:
        self.to = (Pipe(), Pipe())
        self.framer: Framer | None = Framer()
        """What the acceptor read before it knew whose connection it is."""

    def cut(self, kept: tuple[int, int], now: int, notice: tuple[int, int]) -> None:
        for pipe, bytes_kept, noticed in zip(self.to, kept, notice, strict=True):
            pipe.cut(bytes_kept, now, noticed)

    @property
    def is_over(self) -> bool:
        return all(pipe.is_closed and not pipe.chunks for pipe in self.to)
