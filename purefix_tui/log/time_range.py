"""What the user types to say which part of a huge log to index: `09:30..10:30`, `2024-01-02 09:30..`, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.logs.estimate import Estimate
from purefix_core.logs.filter.moments import Moment, parse_moment
from purefix_core.wire.timestamps import NANOS, NO_TIME, to_iso

_DAY = 86_400 * NANOS

EXPLANATION = "09:30..10:30 a time of the first day (UTC) · 2024-01-02 09:30..  from there on · empty: everything"


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `begin` to `end` in nanoseconds UTC; None: no limit."""

    begin: int | None
    end: int | None


def parse_range(text: str, estimate: Estimate) -> TimeRange:
    """The range that was typed. Times without a date are of the day on which the log begins.

    Raises ValueError, with a sentence, for text that is no range.
    """
    if not text.strip():
        return TimeRange(None, None)
    first, dots, last = text.partition("..")
    if not dots:
        raise ValueError(f"Two dots are missing. Try {EXPLANATION}.")
    midnight = estimate.first_time // _DAY * _DAY if estimate.first_time != NO_TIME else 0
    begin, end = (_moment(part.strip(), midnight) for part in (first, last))
    if begin is not None and end is not None and begin > end:
        raise ValueError("The range ends before it begins.")
    return TimeRange(begin, end)


def _moment(text: str, midnight: int) -> int | None:
    if not text:
        return None
    moment: Moment | None = parse_moment(text)
    if moment is None:
        raise ValueError(f"Not a time: {text}. Try {EXPLANATION}.")
    return moment.begin + midnight if moment.daily else moment.begin


def describe(name: str, size: str, estimate: Estimate) -> str:
    """What the user must know to choose, in a few sentences."""
    gigabytes = estimate.messages * 40 / 1e9
    span = ""
    if estimate.first_time != NO_TIME:
        span = f" They go from {to_iso(estimate.first_time)[:19]} to {to_iso(estimate.last_time)[:19]}."
    return (
        f"{name} has {size}: about {estimate.messages:,} messages. An index of all of them takes {gigabytes:.1f} GB of"
        f" memory.{span}"
    )
