"""What the Stores tab says of numbers, times and folders."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from purefix_core.store.health import Verdict
from purefix_core.wire.timestamps import NANOS, is_nanos, to_iso

MARK_OF: dict[Verdict, tuple[str, str]] = {
    Verdict.IN_ORDER: ("✓", "good"),
    Verdict.LOCKED: ("●", "locked"),
    Verdict.HALF_RECORD: ("✗", "bad"),
    Verdict.INDEX_DISAGREES: ("✗", "bad"),
    Verdict.FOREIGN: ("✗", "bad"),
    Verdict.DAMAGED: ("✗", "bad"),
}
"""The sign of each verdict, and whether it is good news."""

COLOUR_OF = {"good": "$success", "locked": "$warning", "bad": "$error"}


def number(value: int | None) -> str:
    """`1,234`, or `?` where nothing tells."""
    return "?" if value is None else f"{value:,}"


def moment(nanos: int | None, now: int, short: bool = False) -> str:
    """A time of the list, UTC: `16:30:45 today`, `16:30:45 yesterday`, `31 Jan 16:30:45`, `31 Jan 2025`; where it has
    to be `short`: `16:30:45`, `yesterday`, `31 Jan`, `Jan 2025`."""
    if nanos is None or not is_nanos(nanos):
        return ""
    then, today = (datetime.fromtimestamp(each // NANOS, UTC) for each in (nanos, now))
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M:%S}" if short else f"{then:%H:%M:%S} today"
    if days == 1:
        return "yesterday" if short else f"{then:%H:%M:%S} yesterday"
    if then.year == today.year:
        return f"{then:%d %b}" if short else f"{then:%d %b %H:%M:%S}"
    return f"{then:%b %Y}" if short else f"{then:%d %b %Y}"


def iso(nanos: int | None) -> str:
    """ISO 8601, UTC; "" for none, and for what a damaged file made up."""
    return to_iso(nanos) if nanos is not None and is_nanos(nanos) else ""


def short_path(path: Path, width: int) -> str:
    """A path whose end fits into `width` cells: the end tells stores apart. The home folder is `~`."""
    text = str(path)
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    if text.startswith(home + os.sep):
        text = "~" + text[len(home) :]
    return text if len(text) <= width else "…" + text[len(text) - width + 1 :]


def plain(text: str, location_path: Path, folder: Path) -> str:
    """A line about a store without the path of its folder, which stands on the screen already."""
    for start in (f"{location_path}: ", f"{folder}{os.sep}"):
        text = text.removeprefix(start)
    return text
