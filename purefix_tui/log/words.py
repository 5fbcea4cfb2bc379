"""What the screen says about a log as a whole: what happened to it, why there is nothing to see, from when to when."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len

from purefix_core.logs.follow import Appended, Change, Deleted, Rotated, Truncated, Unreadable
from purefix_core.logs.log_file import LogFile
from purefix_tui.log.times import NO_STAMP, Stamp, Zone, stamp
from purefix_tui.widgets.line_table import left
from purefix_tui.widgets.plain import visible

_LISTED_RANGES = 1000
_STAMPS_ASKED = 1_000
"""To look at so many rows takes some 2 ms."""
_LEAST_CUT_IN_THE_MIDDLE = 7
"""In fewer cells the beginning of a name says more than both its ends."""


def notice_of(change: Change) -> str:
    """What happened to the file, for the user; nothing for messages that were appended."""
    match change:
        case Appended():
            return ""
        case Truncated():
            return "truncated: reading it from its beginning"
        case Rotated():
            return "replaced by a new file: reading that one"
        case Deleted():
            return "deleted: showing what was read, waiting for it to return"
        case Unreadable(reason):
            return reason
        case _:
            return "is back: reading the new file"


FOLLOWS_NOT = "Only a plain file can be followed; a stream is read as it comes."


class Extent(NamedTuple):
    """How much of a log is known."""

    searched: str
    """How much of it the filter has searched, in words: `40 %`; empty for all of it."""
    goes_on: bool
    """Whether the filter or the index runs."""
    indexing: bool
    following: bool


def why_no_rows(log: LogFile, extent: Extent, stopped: bool) -> tuple[str, ...]:
    """Lines that explain an empty table and what to do; `stopped`: the user stopped the index."""
    if len(log.rows):
        return _why_none_passes(extent)
    if extent.indexing:
        return ("No message so far.", "", "Esc stops looking for one.")
    if stopped:
        return ("Nothing is indexed yet.", "", "i begins.")
    if log.size == 0:
        follows = "F5 follows it: messages appear as they are written."
        if extent.following:
            follows = "It is followed: messages appear as they are written."
        return (f"{log.name} is empty.", "", *([follows] if log.source.in_place else []), "o opens another.")
    hints = [f"Text at offset {s.offset:,} looks like FIX, but: {s.reason}" for s in log.rows.skipped[:3]]
    return (f"{log.name} holds no FIX message.", "", *hints, "o opens another file.")


def _why_none_passes(extent: Extent) -> tuple[str, ...]:
    if extent.goes_on:
        return (f"None so far, {extent.searched} searched." if extent.searched else "None so far.", "", "Esc stops.")
    if extent.searched:
        return (f"None in the {extent.searched} that were searched; i goes on.", "", "/ changes the filter.")
    return ("No message passes this filter.", "", "/ changes it, and Esc there restores the one before.")


def skipped_text(log: LogFile) -> str:
    """The ranges that look like FIX but are no message, a line each."""
    skipped = log.rows.skipped
    lines = [f"{s.length:>9,} bytes at {s.offset:>13,}   {s.reason}" for s in skipped[:_LISTED_RANGES]]
    if len(skipped) > _LISTED_RANGES:
        lines.append(f"… and {len(skipped) - _LISTED_RANGES:,} more")
    return "\n".join(lines) or "Everything that looks like FIX in this log is a message."


def time_span(log: LogFile, zone: Zone) -> str:
    """From the first message's time to the last one's, as the table shows times; dates only if they differ.

    Messages without a time are passed over, as far as that is quick.
    """
    numbers = range(len(log.rows))
    first = _first_stamp(log, numbers[:_STAMPS_ASKED], zone)
    last = _first_stamp(log, numbers[: -1 - _STAMPS_ASKED : -1], zone)
    if not first.clock or not last.clock:
        return ""
    if first.date == last.date:
        return f"{first.clock[:8]} → {last.clock[:8]}"
    return f"{first.date} → {last.date}"


def _first_stamp(log: LogFile, numbers: range, zone: Zone) -> Stamp:
    stamps = (stamp(log.rows.entry(number), zone) for number in numbers)
    return next((found for found in stamps if found.clock), NO_STAMP)


def conversation(one: str, other: str, width: int) -> str:
    """`LEFT–RIGHT` in at most `width` cells. Where there is no room the longer name loses its middle first: the ends
    of CompIDs tell more of them apart than their beginnings alone."""
    one, other = visible(one), visible(other)
    room = max(0, width - 1)
    wide, slim = cell_len(one), cell_len(other)
    if wide + slim > room:
        half = room // 2
        of_one = room - slim if slim <= half else wide if wide <= room - half else room - half
        one, other = middle(one, of_one), middle(other, room - min(of_one, wide))
    return left(f"{one}–{other}", width).rstrip()


def middle(text: str, width: int) -> str:
    """`text` in at most `width` cells, with … for the middle of one that is longer."""
    if cell_len(text) <= width:
        return text
    if width < _LEAST_CUT_IN_THE_MIDDLE:
        return left(text, width)
    end = (width - 1) // 2
    tail = text[-end:]
    while cell_len(tail) > end:
        tail = tail[1:]
    return left(text, width - cell_len(tail)).rstrip() + tail
