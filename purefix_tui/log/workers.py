"""What runs in threads: indexing, filtering, searching, exporting. Each function is given a way to post messages and a
way to learn that nobody wants its result any more; none touches a widget."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence

from textual.message import Message

from purefix_core.logs.export import export_rows
from purefix_core.logs.filter import Filter, FilterError, iter_matches
from purefix_core.logs.log_file import LogError, LogFile, Progress
from purefix_tui.log.conditions import condition_of
from purefix_tui.log.export_dialog import ExportOrder
from purefix_tui.log.filtering import Pass
from purefix_tui.log.messages import (
    Exported,
    ExportProgress,
    FilterFailed,
    FilterRefused,
    Indexed,
    IndexEnded,
    Matched,
    RowFound,
)
from purefix_tui.log.search import Search

Post = Callable[[Message], bool]
Cancelled = Callable[[], bool]

_FIRST_SCREEN = 100
_PAUSE = 0.1
"""Seconds between partial results."""
_STEP = 0.05
"""Seconds between two reports of the index: each has the screen painted, which keeps the interpreter from scanning."""


def index(log: LogFile, post: Post, cancelled: Cancelled) -> None:
    """Index the log, or the rest of it."""

    told = -_STEP

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= _STEP:
            told = time.monotonic()
            post(Indexed(progress, not log.source.complete))

    try:
        finished = log.index_progressively(tell, cancelled)
    except (LogError, OSError) as error:
        post(IndexEnded(False, _why(log, error)))
    else:
        post(IndexEnded(finished, log.source.problem or ""))


def filter_rows(log: LogFile, to_do: Pass, post: Post, cancelled: Cancelled) -> None:
    """Find the rows that pass."""
    generation, wanted = to_do.generation, to_do.wanted
    try:
        condition = wanted if isinstance(wanted, Filter) else condition_of(wanted, log)
    except FilterError as error:
        post(FilterRefused(generation, error))
        return
    except LogError as error:
        post(FilterRefused(generation, FilterError(str(error), 0)))
        return
    try:
        _post_matches(log, condition, to_do, post, cancelled)
    except (LogError, OSError) as error:
        post(FilterFailed(generation, _why(log, error)))


def _post_matches(log: LogFile, condition: Filter, to_do: Pass, post: Post, cancelled: Cancelled) -> None:
    """Post the rows that pass, the first screenful as soon as it is known."""
    rows = array("I")
    first, scanned_to, posted = to_do.start == 0, to_do.start, time.monotonic()
    for batch in iter_matches(log.rows, condition, log.source.read, to_do.start):
        if cancelled():
            return
        rows.extend(batch.rows)
        scanned_to = batch.scanned_to
        if (first and len(rows) >= _FIRST_SCREEN) or time.monotonic() - posted > _PAUSE:
            post(Matched(to_do.generation, condition, rows, scanned_to, first, False))
            rows, first, posted = array("I"), False, time.monotonic()
    post(Matched(to_do.generation, condition, rows, scanned_to, first, True))


def find(log: LogFile, search: Search, post: Post, cancelled: Cancelled) -> None:
    """Run a search."""
    try:
        hit = search.run(cancelled)
    except (LogError, OSError) as error:
        post(RowFound(search, None, _why(log, error)))
    else:
        post(RowFound(search, hit))


def export(log: LogFile, rows: Sequence[int], order: ExportOrder, post: Post, cancelled: Cancelled) -> None:
    """Write messages to a file."""

    def tell(written: int) -> None:
        post(ExportProgress(written))

    try:
        count = export_rows(log, rows, order.form, order.target, cancelled=cancelled, on_progress=tell)
    except LogError as error:
        post(Exported(str(error), True))
    else:
        text = "Stopped; nothing was written." if cancelled() else f"{count:,} messages to {order.target}"
        post(Exported(text, False))


def _why(log: LogFile, error: LogError | OSError) -> str:
    """Why a log cannot be read. A LogError says that itself, and names the log."""
    return str(error) if isinstance(error, LogError) else f"{log.name}: {(error.strerror or str(error)).lower()}"
