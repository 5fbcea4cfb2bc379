"""Times as a filter writes them, and the spans of nanoseconds that comparisons with them mean. All times are UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass

from purefix_core.logs.filter.nodes import DAY, TimeSpan
from purefix_core.wire.timestamps import NANOS, NO_TIME, parse_utc_timestamp

_FIRST = NO_TIME + 1
_LAST = 2**63 - 1

_DATE = r"(?P<year>[0-9]{4})(?P<dash>-?)(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})"
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
_MOMENT = re.compile(rf"(?:{_DATE}(?:[-T ]{_CLOCK})?|{_CLOCK.replace('?P<', '?P<only_')})Z?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was written down: where it begins, and how long a period its digits name (a day, a minute, …).

    `daily`: a time of day without a date; `begin` then counts from midnight.
    """

    begin: int
    period: int
    daily: bool

    @property
    def end(self) -> int:
        """The last nanosecond that `<=` includes: a date stands for its whole day, a time for the moment it begins."""
        return self.begin + DAY - 1 if self.period == DAY else self.begin

    def equal(self) -> TimeSpan:
        return TimeSpan(self.begin, self.begin + self.period - 1, self.daily)

    def ordered(self, operator: str) -> TimeSpan:
        """The times t for which `t operator moment` holds; the operator is one of < <= > >=."""
        low = {">": self.end + 1, ">=": self.begin}.get(operator, _FIRST)
        high = {"<": self.begin - 1, "<=": self.end}.get(operator, _LAST)
        return TimeSpan(low, high, self.daily)


def parse_moment(text: str) -> Moment | None:
    """`09:30`, `09:30:00.5`, `2024-01-02`, `20240102`, or date and time joined by `T`, `-` or a blank; else None."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    daily = match["year"] is None
    name = "only_" if daily else ""
    hour, minute, second, fraction = (match[name + part] for part in ("hour", "minute", "second", "fraction"))
    date = "19700101" if daily else match["year"] + match["month"] + match["day"]
    begin = parse_utc_timestamp(
        f"{date}-{(hour or '').rjust(2, '0')}:{minute or '00'}:{second or '00'}.{fraction or '0'}".encode()
    )
    if begin == NO_TIME:
        return None
    if fraction is not None:
        period = int(10 ** (9 - len(fraction)))
    elif second is not None:
        period = NANOS
    else:
        period = DAY if hour is None else 60 * NANOS
    return Moment(begin, period, daily)


def between(low: Moment, high: Moment) -> tuple[TimeSpan, ...] | None:
    """The times from `low` to `high`; None if these cannot be ends of a range. Times of day may pass midnight."""
    if low.daily != high.daily:
        return None
    if low.begin <= high.end:
        return (TimeSpan(low.begin, high.end, low.daily),)
    return (TimeSpan(low.begin, _LAST, True), TimeSpan(_FIRST, high.end, True)) if low.daily else None
