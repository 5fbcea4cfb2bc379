"""What runs in threads: indexing, filtering, following. Each function is given a way to post messages and a way to
learn that nobody wants its result any more; none touches a widget."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable

from textual.message import Message

from purefix_core.logs.filter import Filter, FilterError, iter_matches
from purefix_core.logs.follow import follow
from purefix_core.logs.log_file import LogError, LogFile, Progress
from purefix_tui.explore.conditions import condition_of
from purefix_tui.explore.filter_bar import FilterState
from purefix_tui.explore.messages import FileChanged, FilterRefused, Indexed, IndexEnded, Matched

Post = Callable[[Message], bool]
Cancelled = Callable[[], bool]

_FIRST_SCREEN = 100
_PAUSE = 0.1
"""Seconds between partial results."""


def index(log: LogFile, post: Post, cancelled: Cancelled) -> None:
    """Index the log, or the rest of it."""

    def tell(progress: Progress) -> None:
        post(Indexed(progress))

    try:
        finished = log.index_progressively(tell, cancelled)
    except OSError as error:
        post(IndexEnded(False, f"{log.name}: {(error.strerror or str(error)).lower()}"))
    else:
        post(IndexEnded(finished, log.source.problem or ""))


def filter_rows(
    log: LogFile,
    wanted: FilterState | Filter,
    start: int,
    generation: int,
    post: Post,
    cancelled: Cancelled,
) -> None:
    """Find the rows from `start` on that pass. The first screenful is posted as soon as it is known."""
    try:
        condition = wanted if isinstance(wanted, Filter) else condition_of(wanted, log)
    except FilterError as error:
        post(FilterRefused(generation, error))
        return
    except LogError as error:
        post(FilterRefused(generation, FilterError(str(error), 0)))
        return
    rows = array("I")
    first, scanned_to, posted = start == 0, start, time.monotonic()
    for batch in iter_matches(log.rows, condition, log.source.read, start):
        if cancelled():
            return
        rows.extend(batch.rows)
        scanned_to = batch.scanned_to
        if (first and len(rows) >= _FIRST_SCREEN) or time.monotonic() - posted > _PAUSE:
            post(Matched(generation, condition, rows, scanned_to, first, False))
            rows, first, posted = array("I"), False, time.monotonic()
    post(Matched(generation, condition, rows, scanned_to, first, True))


def watch(log: LogFile, generation: int, stop: threading.Event, post: Post) -> None:
    """Tell what happens to the file until `stop` is set."""
    try:
        for change in follow(log, stop):
            if stop.is_set():
                return
            post(FileChanged(generation, change))
    except (OSError, ValueError):
        if not stop.is_set():  # else the log was closed while its follower looked at it
            raise
