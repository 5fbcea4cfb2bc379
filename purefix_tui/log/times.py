"""How a message's time is shown: in UTC, in local time, or as the log itself has it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import NamedTuple

from purefix_core.logs.index import Entry
from purefix_core.wire.timestamps import NANOS, NO_TIME

_DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class Zone(Enum):
    """Which time the table shows; `t` goes from one to the next."""

    UTC = "UTC"
    LOCAL = "local"
    LOG = "log"

    def next(self) -> Zone:
        zones = list(Zone)
        return zones[(zones.index(self) + 1) % len(zones)]


class Stamp(NamedTuple):
    """A time to the millisecond, and its date; either is missing where the log has none."""

    date: date | None
    clock: str


NO_STAMP = Stamp(None, "")


def stamp(entry: Entry, zone: Zone) -> Stamp:
    """The time of a row, as `zone` wants it."""
    if zone is Zone.LOG:
        return stamp_of(entry.log_time)
    if zone is Zone.LOCAL and entry.sending_time != NO_TIME:
        return stamp_of(entry.sending_time + local_offset(entry.sending_time))
    return stamp_of(entry.sending_time)


def stamp_of(nanos: int) -> Stamp:
    """Nanoseconds since 1970 as a Stamp; values within the first day count from midnight and have no date."""
    if nanos == NO_TIME:
        return NO_STAMP
    day, seconds = divmod(nanos // NANOS, _DAY)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    clock = f"{hour:02}:{minute:02}:{second:02}.{nanos % NANOS // 1_000_000:03}"
    return Stamp(date.fromordinal(_EPOCH_ORDINAL + day) if day else None, clock)


def local_offset(nanos: int) -> int:
    """What to add to nanoseconds UTC to get local time, by the rules in force at that time."""
    offset = datetime.fromtimestamp(nanos // NANOS, UTC).astimezone().utcoffset()
    return round(offset.total_seconds()) * NANOS if offset is not None else 0
