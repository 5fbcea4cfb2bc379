"""What a logger writes before a message: the log's own time, and whether the message came in or went out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from purefix_core.wire.message import as_text
from purefix_core.wire.timestamps import NO_TIME, parse_utc_timestamp

Direction = Literal["in", "out"]

MAX_PREFIX = 256
"""At most this many bytes before a message are looked at."""

_CLOCK = rb"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)(?:[.,](?P<fraction>\d{1,12}))?"
_TIME = re.compile(
    rb"(?:(?P<year>\d{4})(?P<dash>[-/.]?)(?P<month>0[1-9]|1[0-2])(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])[-T_, ]{1,2}"
    rb"|(?P<first>\d\d)/(?P<second>\d\d)/(?P<last>\d{4}|\d\d)[-T_, ]{1,2})?(?<!\d)" + _CLOCK
)
_DIRECTION = re.compile(
    rb"(?P<incoming>(?i:incoming|inbound|recv|receiv(?:ed|ing)|fromapp|fromadmin)|\b(?:IN|RX)\b|\b(?:In|Rx):|(?:^|(?<=[\s:\]]))<[<-]*\s*$)"
    rb"|(?P<outgoing>(?i:outgoing|outbound|sending|\bsen[dt]\b|toapp|toadmin)|\b(?:OUT|TX)\b|\b(?:Out|Tx):|(?:^|(?<=[\s:\]]))[>-]*>\s*$)"
)
_ZEROS_FOR_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_MAX_KNOWN = 4_096


@dataclass(frozen=True, slots=True)
class Prefix:
    """The text before a message on its line, and what it says. `log_time` as in Entry.log_time."""

    text: str
    direction: Direction | None
    log_time: int


def prefix_start(window: bytes, message_start: int, lowest: int) -> int:
    """Where the prefix of the message at `message_start` begins: at its line, or at the line above if its own line
    has neither letter nor digit before the message; never before `lowest` nor more than MAX_PREFIX bytes back."""
    lowest = max(lowest, message_start - MAX_PREFIX, 0)
    line = window.rfind(b"\n", lowest, message_start) + 1
    if line <= lowest or any(map(_is_word_byte, window[line:message_start])):
        return max(line, lowest)
    return max(window.rfind(b"\n", lowest, line - 1) + 1, lowest)


def _is_word_byte(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte >= 128


class PrefixReader:
    """Reads prefixes; remembers the seconds it worked out, and the direction that each shape of prefix (the prefix
    with zeros for all digits, whose values tell no direction) gave."""

    def __init__(self) -> None:
        self._direction_by_shape: dict[bytes, Direction | None] = {}
        self._times: dict[bytes, int] = {}

    def read(self, prefix: bytes) -> tuple[int, Direction | None]:
        """(log time, direction) of the bytes of a prefix."""
        shape = prefix.translate(_ZEROS_FOR_DIGITS)
        if shape in self._direction_by_shape:
            direction = self._direction_by_shape[shape]
        else:
            direction = find_direction(prefix)
            if len(self._direction_by_shape) >= _MAX_KNOWN:
                self._direction_by_shape.clear()
            self._direction_by_shape[shape] = direction
        return self._log_time(prefix), direction

    def _log_time(self, prefix: bytes) -> int:
        """As find_log_time; each second is worked out once."""
        match = _TIME.search(prefix)
        if match is None:
            return NO_TIME
        fraction = match["fraction"]
        second = match[0] if fraction is None else match[0][: -len(fraction) - 1]
        nanos = self._times.get(second)
        if nanos is None:
            if len(self._times) >= _MAX_KNOWN:
                self._times.clear()
            nanos = self._times[second] = find_log_time(second)
        return nanos if fraction is None or nanos == NO_TIME else nanos + int(fraction[:9].ljust(9, b"0"))

    def prefix(self, prefix: bytes) -> Prefix:
        log_time, direction = self.read(prefix)
        return Prefix(as_text(prefix).strip(), direction, log_time)


def find_direction(prefix: bytes) -> Direction | None:
    """The direction that the last telling word or arrow of a prefix gives: `IN`, `incoming`, `received`, `<` …"""
    direction: Direction | None = None
    for match in _DIRECTION.finditer(prefix):
        direction = "in" if match.lastgroup == "incoming" else "out"
    return direction


def find_log_time(prefix: bytes) -> int:
    """The first time of day in a prefix with the date before it, if there is one, as nanoseconds since 1970-01-01.

    Without a date: nanoseconds since midnight. A zone behind the time is not applied: this is the log's own clock.
    `04/05/2024` is read as month/day, unless its first number is above 12. NO_TIME where there is no time.
    """
    match = _TIME.search(prefix)
    if match is None:
        return NO_TIME
    clock = b"%b:%b:%b" % match.group("h", "m", "s")
    if match["fraction"]:
        clock += b"." + match["fraction"]
    if match["year"]:
        date = b"".join(match.group("year", "month", "day"))
    elif match["last"]:
        date = _date_with_slashes(int(match["first"]), int(match["second"]), match["last"])
    else:
        date = b"19700101"
    return parse_utc_timestamp(date + b"-" + clock)


def _date_with_slashes(first: int, second: int, year: bytes) -> bytes:
    month, day = (second, first) if first > 12 else (first, second)
    return (b"20" + year if len(year) == 2 else year) + b"%02d%02d" % (month, day)
