"""How `purefix grep` prints messages: those there are, and those that are appended."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence

import click

from purefix_core.analysis.row_text import row_text
from purefix_core.logs.blocks import raw_pieces
from purefix_core.logs.export import row_to_json
from purefix_core.logs.filter import Filter, iter_matches
from purefix_core.logs.follow import Appended, Change, Deleted, Returned, Rotated, Truncated, Unreadable, follow
from purefix_core.logs.index import TRUNCATED
from purefix_core.logs.log_file import LogFile


class Printer:
    """Prints messages of one log in the form that was asked for."""

    def __init__(
        self, log: LogFile, path: str, form: str | None, show_secrets: bool, label: str, byte_offset: bool
    ) -> None:
        """`path`: the log's, as the user wrote it. `label` and, if asked for, the offset stand before plain lines."""
        self._log = log
        self._path = path
        self._form = form
        self._show_secrets = show_secrets
        self._label = label
        self._byte_offset = byte_offset

    def show(self, rows: Sequence[int]) -> int:
        """Print messages; how many they were."""
        if self._form == "raw":
            sys.stdout.flush()
            for _, piece in raw_pieces(self._log, rows, self._show_secrets):
                sys.stdout.buffer.write(piece)
        elif self._form == "json":
            for row in rows:
                click.echo(row_to_json(self._log, row, show_secrets=self._show_secrets, path=self._path))
        elif self._form is None:
            for row in rows:
                offset = f"{self._log.rows.entry(row).offset}:" if self._byte_offset else ""
                click.echo(self._label + offset + row_text(self._log, row))
        return len(rows)


def follow_matches(log: LogFile, make_filter: Callable[[], Filter], printer: Printer) -> int:
    """Print what is there and what is appended, until interrupted or until a stream ends; how many were printed.

    What happens to the file is said on stderr. The filter is made anew where other dialects may have come.
    """
    printed = 0
    shown: set[tuple[int, int, int]] = set()

    def show_from(start: int, wanted: Filter) -> None:
        """Print rows from `start` on, but none twice, and the last one, if it is cut off, only when it is whole."""
        nonlocal printed
        settled, rows = log.settled_rows(), len(log.rows)
        for row in (row for batch in iter_matches(log.rows, wanted, log.source.read, start) for row in batch.rows):
            entry = log.rows.entry(row)
            mark = (entry.offset, entry.length, entry.flags)
            half_written = row >= settled and row == rows - 1 and entry.flags & TRUNCATED
            if mark in shown or half_written:
                continue
            if row >= settled:
                shown.add(mark)
            printed += printer.show([row])
        sys.stdout.flush()

    done = 0
    try:
        for progress in log.steps():
            show_from(done, make_filter())
            done = progress.messages
        if log.source.in_place:
            for change in follow(log, threading.Event()):
                if not isinstance(change, Appended):
                    shown.clear()
                show_from(_first_new_row(log, change), make_filter())
    except KeyboardInterrupt:
        pass
    return printed


def _first_new_row(log: LogFile, change: Change) -> int:
    """The row from which on there is something to print after a change, which is said on stderr."""
    match change:
        case Appended(first_row, _):
            return first_row
        case Deleted():
            text = f"{log.path}: deleted; waiting for it to return"
        case Unreadable(reason):
            text = reason
        case Truncated():
            text = f"{log.path}: truncated; reading it from its beginning"
        case Rotated():
            text = f"{log.path}: replaced by a new file"
        case Returned():
            text = f"{log.path}: is back"
    click.echo(f"purefix: {text}", err=True)
    return len(log.rows) if isinstance(change, Deleted | Unreadable) else 0
