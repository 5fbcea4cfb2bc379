"""What the go-to dialog understands, and how it is found: `1,042`, `@565,919`, `09:30:15.5`, and the same in words.

A number alone is a MsgSeqNum, never an offset: who asks for a message that is missing must not be shown another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

from purefix_core.logs.filter import Names, compile_filter
from purefix_core.logs.filter.moments import Moment, parse_moment
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.timestamps import NANOS
from purefix_tui.log.search import Cancelled, Hit, Origin, Search, first_at_time, search
from purefix_tui.log.times import Zone


@dataclass(frozen=True, slots=True)
class ToOffset:
    """The message that covers this byte of the file."""

    offset: int


@dataclass(frozen=True, slots=True)
class ToSeqNum:
    """The next message with this MsgSeqNum(34)."""

    seq_num: int


@dataclass(frozen=True, slots=True)
class ToTime:
    """The first message at this time or later."""

    moment: Moment


Target = ToOffset | ToSeqNum | ToTime

_OFFSET = re.compile(r"(?:@|offset\b)\s*([0-9][0-9,_]*)", re.IGNORECASE)
_SEQ_NUM = re.compile(r"(?:#|seq\b|34\s*=)?\s*([0-9][0-9,_]*)", re.IGNORECASE)
_MAX_DIGITS = 18
_DAY = 86_400 * NANOS

EXPLANATION = """\
1042 or 1,042 (or #1042, seq 1042): the next message with this sequence number
@565,919 (or offset 565,919): the message at this offset, which the detail shows
09:30, 09:30:15.5 or 2025-03-11 09:30: the first message at this time or later"""
_EXAMPLES = "1042 is a sequence number, @565,919 an offset, 09:30 a time"


def parse_target(text: str) -> Target:
    """Where the user wants to go. Raises ValueError, with a sentence, for text that says nothing of the kind."""
    text = text.strip()
    moment = parse_moment(text.removeprefix("time ").strip()) if ":" in text or "-" in text else None
    if moment is not None:
        return ToTime(moment)
    for pattern, target in ((_OFFSET, ToOffset), (_SEQ_NUM, ToSeqNum)):
        match = pattern.fullmatch(text)
        if match is not None:
            digits = re.sub("[,_]", "", match[1])
            if len(digits) <= _MAX_DIGITS:
                return target(int(digits))
    raise ValueError(f"Not a place: {text}. {_EXAMPLES}.")


def goto_search(text: str, origin: Origin, zone: Zone, day: date | None) -> Search:
    """For the place that `text` names. Times are those that `zone` shows; those without a date are of `day`."""
    target = parse_target(text)
    if isinstance(target, ToOffset):
        run = partial(_at_offset, origin.log, target.offset)
        return Search(f"message at offset {target.offset:,} or behind it", run)
    if isinstance(target, ToSeqNum):
        run = partial(search, origin, compile_filter(f"seq = {target.seq_num}", Names()), True)
        what = f"message with sequence number {target.seq_num:,}"
        return Search(what, run, f"@{target.seq_num:,} goes to that offset.")
    nanos = target.moment.begin
    if target.moment.daily and day is not None:
        nanos += (day - date(1970, 1, 1)).days * _DAY
    return Search(f"message at {text.strip()} or later", partial(_at_time, origin.log, zone, nanos))


def _at_offset(log: LogFile, offset: int, cancelled: Cancelled) -> Hit | None:  # noqa: ARG001 (found at once)
    number = log.rows.row_at_offset(offset)
    return None if number is None else Hit(number, False)


def _at_time(log: LogFile, zone: Zone, nanos: int, cancelled: Cancelled) -> Hit | None:
    number = first_at_time(log, zone, nanos, cancelled)
    return None if number is None else Hit(number, False)
