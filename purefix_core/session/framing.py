"""Cutting the bytes that a peer sends into messages.

The rules are those of an acceptor that passes the acceptance scripts (2d, 2m, 2t, 3b, 3c, 1d), not those of a log
reader: a message whose BodyLength(9) is too large takes the following one with it, for looking for the second message
inside of the first would process what the scripts want ignored.
"""

from __future__ import annotations

from typing import NamedTuple

_SOH = b"\x01"
_BEGIN_STRING = b"8="
_BODY_LENGTH = b"\x019="
_CHECK_SUM = b"\x0110="
_MOST_LENGTH_DIGITS = 9
_MOST_KEPT = 256
"""Bytes of what belongs to no frame, for whoever tells of it."""
_MOST_PASSED_OVER = 32
"""Of these that wait to be taken; what is more is counted with the last one."""


class PassedOver(NamedTuple):
    """Bytes between two frames that belong to none."""

    size: int
    beginning: bytes
    """The first of them."""
    is_all: bool
    """Whether no frame has come yet."""


class FramingError(Exception):
    """The peer sends what can never become a message that is small enough: the connection is to be closed."""


class Framer:
    """Takes bytes in pieces of any size, and gives frames: what has the form of one message, garbled or not.

    A frame goes from `8=` to the first `9=N` behind it, N bytes further, on to the next `10=` that follows an SOH
    (looked for from the byte before the end of those N), and to the SOH behind its value. What stands before `8=` is
    skipped. Where `9=` has no number of at most 9 digits, the `8=` before it begins nothing.

    However the bytes are cut into pieces, the same frames come out, each byte is looked at a fixed number of times,
    and after `next` has said None no more than `largest` bytes are held. One message in one piece is never copied.
    """

    __slots__ = (
        "_beginning",
        "_body_end",
        "_buffer",
        "_check_sum",
        "_has_framed",
        "_largest",
        "_passed_over",
        "_searched",
        "_skipped",
        "_start",
    )

    def __init__(self, largest: int = 1 << 20) -> None:
        """`largest` is how many bytes a message may have, and how many may come before one begins."""
        self._largest = largest
        self._buffer: bytes | bytearray = b""
        self._start = 0
        """Where in the buffer the frame begins, or may begin."""
        self._skipped = 0
        """Bytes since the last frame that belong to none."""
        self._beginning = b""
        """The first of these."""
        self._has_framed = False
        self._passed_over: list[PassedOver] = []
        """Before frames that came since they were taken."""
        # The rest counts from `_start`.
        self._searched = 0
        """How far was searched for what comes next."""
        self._body_end = 0
        """The end of the N bytes, once BodyLength is known."""
        self._check_sum = 0
        """Where the value of CheckSum begins, once it is known."""

    @property
    def pending(self) -> int:
        """How many bytes are held back."""
        return len(self._buffer) - self._start

    @property
    def passes_over(self) -> bool:
        """Whether there is something to tell of what belongs to no frame."""
        return bool(self._skipped or self._passed_over)

    def feed(self, data: bytes) -> None:
        """Take bytes off the wire. Fetch all frames with `next` before feeding more."""
        if not self._buffer:
            self._buffer = data
            return
        if isinstance(self._buffer, bytes):
            self._buffer = bytearray(memoryview(self._buffer)[self._start :])
        else:
            del self._buffer[: self._start]
        self._start = 0
        self._buffer += data

    def next(self) -> bytes | None:
        """The next frame, or None where more bytes are needed. Raises FramingError, and from then on always, for a
        frame of more than `largest` bytes, and where more than `largest` bytes came that belong to none."""
        if not self._buffer and self._skipped <= self._largest:
            return None
        if not self._body_end and not self._find_body_length():
            return None
        buffer, start = self._buffer, self._start
        limit = start + self._largest
        if not self._check_sum:
            found = buffer.find(_CHECK_SUM, start + self._searched, limit)
            if found < 0:
                self._wait(self.pending - len(_CHECK_SUM) + 1)
                return None
            self._check_sum = self._searched = found + len(_CHECK_SUM) - start
        end = buffer.find(_SOH, start + self._searched, limit) + 1
        if not end:
            self._wait(self.pending)
            return None
        frame = bytes(buffer[start:end])
        if end == len(buffer):
            self._buffer, end = b"", 0  # an idle session holds nothing
        self._start = end
        if self._skipped:
            self._end_skipping()
        self._has_framed = True
        self._searched = self._body_end = self._check_sum = 0
        return frame

    def take_passed_over(self) -> list[PassedOver]:
        """What belongs to no frame and stood before frames that came since the last call."""
        taken, self._passed_over = self._passed_over, []
        return taken

    def passing_over(self, with_pending: bool = False) -> PassedOver | None:
        """What came since the last frame and belongs to none; `with_pending` also what may still become one."""
        size, beginning = self._skipped, self._beginning
        if with_pending:
            size += self.pending
            beginning += bytes(self._buffer[self._start : self._start + _MOST_KEPT - len(beginning)])
        return PassedOver(size, beginning, not self._has_framed) if size else None

    def _end_skipping(self) -> None:
        found = PassedOver(self._skipped, self._beginning, False)
        if len(self._passed_over) == _MOST_PASSED_OVER:  # whoever drives the session need not take them
            last = self._passed_over.pop()
            found = last._replace(size=last.size + found.size)
        self._passed_over.append(found)
        self._skipped, self._beginning = 0, b""

    def _find_body_length(self) -> bool:
        """Find `8=` and `9=N`; tells whether both are there."""
        while self._find_begin_string():
            buffer, start = self._buffer, self._start
            limit = start + self._largest
            found = buffer.find(_BODY_LENGTH, start + self._searched, limit)
            if found < 0:
                self._wait(self.pending - len(_BODY_LENGTH) + 1)
                return False
            value = found + len(_BODY_LENGTH)
            longest = value + _MOST_LENGTH_DIGITS + 1
            end = buffer.find(_SOH, value, min(longest, limit))
            if end < 0 and min(len(buffer), limit) < longest:
                self._wait(found - start)
                return False
            digits = buffer[value:end] if end >= 0 else b""
            if digits.isdigit():
                body_end = end + len(_SOH) + int(digits) - start
                if body_end + len(_CHECK_SUM) > self._largest:
                    says = f"BodyLength(9) says {int(digits):,}"
                    raise FramingError(f"{says}, a message may have at most {self._largest:,} bytes")
                self._body_end, self._searched = body_end, body_end - 1
                return True
            self._skip_to(found)  # each `8=` up to here would meet the same BodyLength
        return False

    def _find_begin_string(self) -> bool:
        """Go to the next `8=`, unless we stand at one already; tells whether there is one."""
        if self._searched:
            return True
        found = self._buffer.find(_BEGIN_STRING, self._start)
        if found < 0:
            half = self._buffer.endswith(_BEGIN_STRING[:1])
            self._skip_to(len(self._buffer) - half)
            return False
        self._skip_to(found)
        self._searched = len(_BEGIN_STRING)
        return True

    def _skip_to(self, position: int) -> None:
        if position > self._start and len(self._beginning) < _MOST_KEPT:
            kept = min(position, self._start + _MOST_KEPT - len(self._beginning))
            self._beginning += bytes(self._buffer[self._start : kept])
        self._skipped += position - self._start
        if position == len(self._buffer):
            self._buffer, position = b"", 0
        self._start, self._searched = position, 0
        if self._skipped > self._largest:
            raise FramingError(f"more than {self._largest:,} bytes came that are no FIX message")

    def _wait(self, searched: int) -> None:
        """Remember how far was searched. Raises FramingError where the message can only become too large."""
        if self.pending >= self._largest:
            raise FramingError(f"a message does not end, it may have at most {self._largest:,} bytes")
        self._searched = max(self._searched, searched)
