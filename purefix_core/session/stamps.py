"""SendingTime(52) as text: the part up to the second is made once a second."""

from __future__ import annotations

from purefix_core.wire.timestamps import NANOS, parse_utc_timestamp, utc_timestamp_text

WITHOUT_FRACTION = frozenset({"FIX.4.0", "FIX.4.1"})
"""Versions whose times have no fraction of a second (acceptance scripts pin it by BodyLength)."""


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


def is_within(text: bytes, now: int, seconds: float) -> bool:
    """Whether a SendingTime is one, and not further from `now` than that, before or after."""
    return abs(parse_utc_timestamp(text) - now) <= seconds * NANOS
