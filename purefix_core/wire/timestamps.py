"""UTC timestamps of FIX (type UTCTimestamp) as int64 nanoseconds since 1970-01-01."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta

NO_TIME = -(2**63)
"""Stands for "no time given" wherever a time is an int64."""

NANOS = 1_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1678, 2261  # what int64 nanoseconds can hold in whole years
_FIRST_SECOND, _END_SECOND = (timegm((year, 1, 1, 0, 0, 0)) for year in (_FIRST_YEAR, _LAST_YEAR + 1))
_TIMESTAMP = re.compile(rb"(\d{4})(\d\d)(\d\d)-(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?")
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_utc_timestamp(text: bytes) -> int:
    """`YYYYMMDD-HH:MM:SS` with up to 12 fractional digits (those past the ninth are dropped) as nanoseconds UTC.

    NO_TIME for anything else. Second 60, a leap second, counts as the second after 59.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return NO_TIME
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= _days(year, month)):
        return NO_TIME
    if hour > 23 or minute > 59 or second > 60:
        return NO_TIME
    seconds = timegm((year, month, day, hour, minute, second))
    fraction = match.group(7)
    return seconds * NANOS + (int(fraction[:9].ljust(9, b"0")) if fraction else 0)


def _days(year: int, month: int) -> int:
    if month == 2 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
        return 28
    return _DAYS_IN_MONTH[month - 1]


def to_datetime(nanos: int) -> datetime:
    """Nanoseconds UTC as an aware datetime, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=nanos // 1000)


def from_datetime(moment: datetime) -> int:
    """An aware datetime as nanoseconds UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def to_iso(nanos: int) -> str:
    """ISO 8601 with a Z, and as many fractional digits (0, 3, 6 or 9) as the value needs."""
    return _formatted(nanos, "%Y-%m-%dT%H:%M:%S", 0) + "Z"


def is_nanos(nanos: int) -> bool:
    """Whether it is a time that `parse_utc_timestamp` could give, and so one that can be written."""
    return _FIRST_SECOND <= nanos // NANOS < _END_SECOND


def utc_timestamp_text(nanos: int, least_digits: int) -> str:
    """Nanoseconds as FIX has them, with as many fractional digits (0, 3, 6 or 9) as they need, but not fewer than
    `least_digits`. Raises ValueError for what `parse_utc_timestamp` could not give."""
    if not is_nanos(nanos):
        raise ValueError(f"{int(nanos)} nanoseconds are no time between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return _formatted(nanos, "%Y%m%d-%H:%M:%S", least_digits)


def _formatted(nanos: int, form: str, least_digits: int) -> str:
    seconds, fraction = divmod(int(nanos), NANOS)
    digits = f"{fraction:09d}"
    while len(digits) > least_digits and digits.endswith("000"):
        digits = digits[:-3]
    text = (_EPOCH + timedelta(seconds=seconds)).strftime(form)
    return f"{text}.{digits}" if digits else text
