"""SendingTime(52) as text, written and read: the part up to the second costs something once a second only."""

from __future__ import annotations

from purefix_core.wire.timestamps import NANOS, NO_TIME, parse_utc_timestamp, utc_timestamp_text

_UP_TO_SECOND = len("YYYYMMDD-HH:MM:SS")


class Stamps:
    """Writes times with a fixed number of fractional digits."""

    def __init__(self, digits: int) -> None:
        self._digits = digits
        self._unit = 10 ** (9 - digits)
        self._second = -1
        self._text = b""

    def text(self, now: int) -> bytes:
        """`YYYYMMDD-HH:MM:SS`, with the fraction cut, not rounded. `now` is nanoseconds UTC."""
        second, rest = divmod(now, NANOS)
        if second != self._second:
            self._text = utc_timestamp_text(second * NANOS, 0).encode()
            self._second = second
        if not self._digits:
            return self._text
        return b"%b.%0*d" % (self._text, self._digits, rest // self._unit)


class Latency:
    """Judges SendingTime(52) of received messages; the part up to the second is read once a second."""

    def __init__(self, seconds: float) -> None:
        self._most = int(seconds * NANOS)
        self._text = b""
        self._second = NO_TIME

    def is_good(self, text: bytes, now: int) -> bool:
        """Whether it is a time, and not further from `now` (nanoseconds UTC) than MaxLatency, before or after."""
        if text[:_UP_TO_SECOND] != self._text:
            self._text = text[:_UP_TO_SECOND]
            self._second = parse_utc_timestamp(self._text)
        if len(text) == _UP_TO_SECOND:
            sent = self._second
        elif text[_UP_TO_SECOND : _UP_TO_SECOND + 1] == b"." and text[_UP_TO_SECOND + 1 :].isdigit():
            fraction = text[_UP_TO_SECOND + 1 : _UP_TO_SECOND + 10]
            sent = self._second + int(fraction) * 10 ** (9 - len(fraction))
        else:
            return False
        return self._second != NO_TIME and abs(sent - now) <= self._most
