"""Searching a log for the next row of some kind, forwards or backwards from where one is. Runs in workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from purefix_core.logs.filter import Filter, Names, compile_filter, iter_matches
from purefix_core.logs.index import SEGMENT_ROWS
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.timestamps import NO_TIME
from purefix_tui.log.shown_rows import ShownRows, Spot
from purefix_tui.log.times import Zone, local_offset

_BACKWARD_ROWS = 8_192

Cancelled = Callable[[], bool]

PROBLEMS = compile_filter("flag:reject or flag:broken", Names())
"""What `]` and `[` go to."""


class Hit(NamedTuple):
    """The row that was found, and whether the search had to go on from the other end of the log."""

    number: int
    wrapped: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Something to look for."""

    what: str
    """In words that fit behind "there is no"."""
    run: Callable[[Cancelled], Hit | None]
    """Raises LogError or OSError if the log cannot be read."""
    hint: str = ""
    """What else to try where there is none; often nothing."""


class Origin(NamedTuple):
    """Where a search begins: at that spot, among the messages that are shown."""

    log: LogFile
    shown: ShownRows
    spot: Spot


def text_search(origin: Origin, text: str, forward: bool) -> Search:
    """For the next message that holds the text."""
    condition = compile_filter(quoted(text), Names())
    return Search(f"message that holds {text!r}", partial(search, origin, condition, forward))


def problem_search(origin: Origin, forward: bool) -> Search:
    """For the next message that is a reject, or broken."""
    return Search("reject or broken message", partial(search, origin, PROBLEMS, forward))


def quoted(text: str) -> str:
    """`text` as a quoted word of the filter language."""
    return '"' + text.replace('"', '""') + '"'


def search(origin: Origin, condition: Filter, forward: bool, cancelled: Cancelled) -> Hit | None:
    """The next row behind (or before) the origin that passes and is shown; None if there is none at all."""
    log, shown, spot = origin
    end = len(log.rows)
    if forward:
        ranges = ((spot.behind, end, False), (0, spot.behind, True))
        find = _first
    else:
        ranges = ((0, spot.number, False), (spot.number, end, True))
        find = _last
    for low, high, wrapped in ranges:
        number = find(log, condition, shown, low, high, cancelled)
        if number is not None:
            return Hit(number, wrapped)
    return None


def _first(log: LogFile, condition: Filter, shown: ShownRows, low: int, high: int, cancelled: Cancelled) -> int | None:
    for batch in iter_matches(log.rows, condition, log.source.read, low, high):
        for number in batch.rows:
            if shown.holds(number):
                return number
        if cancelled():
            break
    return None


def _last(log: LogFile, condition: Filter, shown: ShownRows, low: int, high: int, cancelled: Cancelled) -> int | None:
    while low < high and not cancelled():
        begin = max(low, high - _BACKWARD_ROWS)
        numbers = [n for batch in iter_matches(log.rows, condition, log.source.read, begin, high) for n in batch.rows]
        for number in reversed(numbers):
            if shown.holds(number):
                return number
        high = begin
    return None


def first_at_time(log: LogFile, zone: Zone, nanos: int, cancelled: Cancelled) -> int | None:
    """The first row whose time, as `zone` shows it, is `nanos` or later. Times need not rise along the file."""
    if zone is Zone.LOCAL:
        nanos -= local_offset(nanos)
    for number, segment in enumerate(log.rows.segments):
        times = segment.log_time if zone is Zone.LOG else segment.sending_time
        if times and max(times) >= nanos:  # `max` runs at C speed, so that most segments cost half a millisecond
            for at, time in enumerate(times):
                if time >= nanos and time != NO_TIME:
                    return number * SEGMENT_ROWS + at
        if cancelled():
            return None
    return None
