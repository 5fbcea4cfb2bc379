"""When a session may be connected, and when its numbers begin anew: QuickFIX's settings of a schedule.

A schedule is a row of periods. A period of a daily schedule begins on each day (of Weekdays) at StartTime, and ends at
the next EndTime; where both are the same it ends as the next one begins, so that the session is always open but for
days without one. A period of a weekly schedule goes from StartTime on StartDay to the next EndTime on EndDay. EndTime
itself is outside.

Times are those that a clock on the wall shows in the schedule's zone. Where daylight saving skips one, the first
moment after the gap is meant; where it repeats one, the first of the two. So periods never overlap, and a period that
would lie in the gap is left out.

QuickFIX C++ differs in two points. With StartDay and EndDay the same and EndTime behind StartTime it is open all week,
here (as in QuickFIX/J) for those hours of that day. With StartTime and EndTime the same it begins anew at midnight,
here at StartTime.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from purefix_core.session.schedule_reading import Hours, ScheduleError, read_hours
from purefix_core.session.settings import ScheduleSettings
from purefix_core.wire.timestamps import NANOS, to_iso

__all__ = ["ScheduleError", "SessionSchedule"]

_LONGEST_PERIOD = timedelta(days=9)  # a week, and a day more at each end for what zones do


class SessionSchedule:
    """The schedule of one session. Every method takes nanoseconds since 1970, UTC."""

    def __init__(self, times: ScheduleSettings) -> None:
        """Raises ScheduleError for settings that make no schedule."""
        self._hours = read_hours(times)
        # What was found last holds for every time from `_since` to before `_until`.
        self._since = self._until = 0
        self._is_open = False

    def is_open(self, now: int) -> bool:
        """Whether the session may be connected."""
        if self._hours is None:
            return True
        if not self._since <= now < self._until:
            self._look_up(self._hours, now)
        return self._is_open

    def same_session(self, earlier: int, now: int) -> bool:
        """Whether both times lie in one and the same period."""
        return self._hours is None or (self.is_open(now) and self._since <= earlier < self._until)

    def why_closed(self, now: int) -> str:
        """In words, with when the hours begin again; empty while the session is open."""
        if self.is_open(now):
            return ""
        opening = self.next_change(now)
        begins = "" if opening is None else f", which begin at {to_iso(opening)}"
        return f"outside of the session's hours{begins}"

    def next_change(self, now: int) -> int | None:
        """When the period of `now` ends, or the next one begins; where periods follow each other without a break
        that is the same moment. None for a session that is always open and never begins anew."""
        if self._hours is None:
            return None
        self.is_open(now)
        return self._until

    def _look_up(self, hours: Hours, now: int) -> None:
        """Find the period that holds `now`, or those before and after."""
        end_before = now
        for start, end in _periods(hours, now // NANOS):
            if now < start * NANOS:
                self._since, self._until, self._is_open = end_before, start * NANOS, False
                return
            if now < end * NANOS:
                self._since, self._until, self._is_open = start * NANOS, end * NANOS, True
                return
            end_before = end * NANOS


def _periods(hours: Hours, second: int) -> Iterator[tuple[int, int]]:
    """Start and end of one period after the other, in seconds, from before the one that may hold `second`; endless."""
    day = (_wall_clock(hours.zone, second) - _LONGEST_PERIOD).date()
    while True:
        if day.weekday() in hours.start_days:
            start = _moment(hours.zone, datetime.combine(day, hours.start))
            end = _moment(hours.zone, datetime.combine(_later(day, hours.days_long), hours.end))
            if start < end:
                yield start, end
        day = _later(day, 1)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _wall_clock(zone: tzinfo | None, second: int) -> datetime:
    """What a clock in the zone shows; None is this machine's zone."""
    return datetime.fromtimestamp(second, zone).replace(tzinfo=None)


def _moment(zone: tzinfo | None, wall: datetime) -> int:
    """When a clock in the zone shows that time first, or a later one where it never does."""
    second = int(wall.replace(tzinfo=zone).timestamp())
    if _wall_clock(zone, second) == wall:
        return second
    # The time is skipped. Counted with the offset before the gap (fold 0) it comes behind it, with the other before.
    low, high = int(wall.replace(tzinfo=zone, fold=1).timestamp()), second
    while high - low > 1:
        middle = (low + high) // 2
        if _wall_clock(zone, middle) < wall:
            low = middle
        else:
            high = middle
    return high
