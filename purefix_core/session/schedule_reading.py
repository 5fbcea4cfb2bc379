"""The settings of a schedule, read: which times, which days, in which zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from purefix_core.registry.registration import ProblemsError
from purefix_core.session.settings import ScheduleSettings

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?: +(\S+))?", re.ASCII)
_MOST_SHOWN = 40

EVERY_DAY = frozenset(range(7))


class ScheduleError(ProblemsError):
    """A schedule cannot be used. Each problem is `Key: expected ..., found ...`."""


@dataclass(frozen=True)
class Hours:
    """When the periods of a session begin and end. Days are counted from Monday, 0."""

    start: time
    end: time
    zone: tzinfo | None
    """The zone of both; None for this machine's."""
    start_days: frozenset[int]
    """The days on which a period begins."""
    days_long: int
    """How many days after its first day a period ends."""


def read_hours(times: ScheduleSettings) -> Hours | None:
    """The hours that the settings mean; None for a session that is always open and never begins anew, which is one
    with NonStopSession, or without StartTime and EndTime. Raises ScheduleError with all that is wrong."""
    if times.non_stop_session:
        return None
    return _Reader(times).read()


class _Reader:
    def __init__(self, times: ScheduleSettings) -> None:
        self._times = times
        self._problems: list[str] = []

    def read(self) -> Hours | None:
        times = self._times
        start, start_zone = self._time("StartTime", times.start_time)
        end, end_zone = self._time("EndTime", times.end_time)
        zone = self._zone(start_zone, end_zone)
        start_day = self._day("StartDay", times.start_day) if times.start_day else None
        end_day = self._day("EndDay", times.end_day) if times.end_day else None
        weekdays = self._weekdays()
        self._check_pairs()
        if self._problems:
            raise ScheduleError(*self._problems)
        if start is None or end is None:
            return None
        days_long = 0 if end > start else 1
        if start_day is None or end_day is None:
            return Hours(start, end, zone, weekdays, days_long)
        days_long = (end_day - start_day) % 7
        if days_long == 0 and end <= start:
            days_long = 7
        return Hours(start, end, zone, frozenset({start_day}), days_long)

    def _expected(self, key: str, expected: str, found: str) -> None:
        shown = repr(found[:_MOST_SHOWN]) if found else "nothing"
        self._problems.append(f"{key}: expected {expected}, found {shown}")

    def _time(self, key: str, text: str) -> tuple[time | None, str]:
        if not text:
            return None, ""
        match = _TIME.fullmatch(text.strip())
        if match is None:
            self._expected(key, "a time such as 08:00:00 or 08:00:00 Europe/Berlin", text)
            return None, ""
        return time(int(match[1]), int(match[2]), int(match[3])), match[4] or ""

    def _zone(self, of_start: str, of_end: str) -> tzinfo | None:
        named = {"TimeZone": self._times.time_zone.strip(), "StartTime": of_start, "EndTime": of_end}
        found = {key: name for key, name in named.items() if name}
        key, name = next(iter(found.items()), ("", ""))
        for other_key, other in found.items():
            if other != name:
                self._expected(other_key, f"the time zone that {key} has, {name}", other)
        if not self._times.use_local_time:
            return self._zone_named(key, name) if name else UTC
        if name:
            self._expected(key, "no time zone, since UseLocalTime is Y", name)
        return None

    def _zone_named(self, key: str, name: str) -> tzinfo:
        if name == "UTC":
            return UTC  # also where a machine has no list of zones
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as Europe
            self._expected(key, "the name of a time zone such as Europe/Berlin or UTC", name)
            return UTC

    def _day(self, key: str, text: str) -> int | None:
        word = text.strip().lower()
        if len(word) >= 2:
            for number, name in enumerate(_DAYS):
                if name.startswith(word):
                    return number
        self._expected(key, "a day such as Monday or mon", text)
        return None

    def _weekdays(self) -> frozenset[int]:
        if not self._times.weekdays:
            return EVERY_DAY
        words = re.split(r"[,\s]+", self._times.weekdays.strip())
        days = {self._day("Weekdays", word) for word in words}
        return frozenset(day for day in days if day is not None)

    def _check_pairs(self) -> None:
        times = self._times
        has_times = times.start_time or times.end_time
        days_key = "StartDay" if times.start_day else "EndDay" if times.end_day else "Weekdays"
        if times.start_day or times.end_day or times.weekdays or has_times:
            why = "" if has_times else f", since there is {days_key}"
            for key, value in (("StartTime", times.start_time), ("EndTime", times.end_time)):
                if not value:
                    self._expected(key, f"a time such as 08:00:00{why}", "")
        if times.start_day and not times.end_day:
            self._expected("EndDay", "a day, since there is StartDay", "")
        if times.end_day and not times.start_day:
            self._expected("StartDay", "a day, since there is EndDay", "")
        if times.weekdays and (times.start_day or times.end_day):
            self._expected("Weekdays", f"nothing, since there is {days_key}", times.weekdays)
