"""`purefix grep`: the messages that pass a filter. Exit codes are grep's: 0 found, 1 none, 2 error."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import click

from purefix_core.analysis.row_text import row_text
from purefix_core.cli.options import (
    PathErrors,
    UserError,
    dialect_options,
    load_dialects,
    require_messages,
    user_errors,
)
from purefix_core.logs.export import raw_bytes, row_to_json
from purefix_core.logs.filter import (
    Filter,
    FilterError,
    filter_of,
    iter_matches,
    msg_type_filter,
    point_at,
)
from purefix_core.logs.follow import Appended, Change, Deleted, Returned, Rotated, Truncated, Unreadable, follow
from purefix_core.logs.index import TRUNCATED
from purefix_core.logs.log_file import LogFile


@click.command("grep")
@click.argument("expression", metavar="EXPR")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-m", "--msgtype", metavar="REGEX", help="Only messages whose MsgType(35) matches, such as ^8$.")
@click.option("--json", "form", flag_value="json", help="Print JSON, a line for each message.")
@click.option("--raw", "form", flag_value="raw", help="Print the bytes of each message and a line feed.")
@click.option("--count", "form", flag_value="count", help="Print only how many there are.")
@click.option("-F", "--follow", "following", is_flag=True, help="Go on with what is appended to PATH (only one).")
@click.option("--show-secrets", is_flag=True, help="Do not mask passwords and the like.")
@dialect_options
@click.pass_context
def command(
    ctx: click.Context,
    expression: str,
    paths: tuple[str, ...],
    msgtype: str | None,
    form: str | None,
    following: bool,
    show_secrets: bool,
    registry: str | None,
    dialect: str | None,
) -> None:
    """Print the messages of each PATH that EXPR describes ('' for all): 35=8 and 55=EURUSD, Side = Buy, "text" …"""
    if following and (len(paths) > 1 or form == "count"):
        raise UserError("--follow takes one PATH and no --count")
    with user_errors():
        dialects = load_dialects(registry)
    errors, found = PathErrors(), 0
    for path in paths:
        with errors, closing(LogFile.open(path, dialects, dialect)) as log:
            printer = _Printer(log, form, show_secrets, f"{path}:" if len(paths) > 1 else "")
            if following:
                found += _follow(log, partial(_filter, log, expression, msgtype), printer)
            else:
                log.index()
                require_messages(log)
                count = sum(printer.show(row) for row in _matches(log, _filter(log, expression, msgtype), 0))
                if form == "count":
                    click.echo(f"{path}:{count}" if len(paths) > 1 else str(count))
                found += count
            errors.note_problem(log)
    ctx.exit(errors.exit_code or (0 if found else 1))


def _filter(log: LogFile, expression: str, msgtype: str | None) -> Filter:
    """Names in the expression mean what they do in the dialects of this log."""
    wrong = msgtype or ""
    try:
        types = [] if msgtype is None else [msg_type_filter(msgtype)]
        wrong = expression
        return filter_of(expression, log.definitions, *types)
    except FilterError as error:
        raise UserError(f"{error}\n{point_at(wrong, error.column)}") from None


def _matches(log: LogFile, wanted: Filter, start: int) -> Iterator[int]:
    for batch in iter_matches(log.rows, wanted, log.source.read, start):
        yield from batch.rows


class _Printer:
    """Prints messages of one log in the form that was asked for."""

    def __init__(self, log: LogFile, form: str | None, show_secrets: bool, label: str) -> None:
        self._log = log
        self._form = form
        self._show_secrets = show_secrets
        self._label = label

    def show(self, row: int) -> int:
        """Print one message; always 1, to be counted."""
        if self._form == "raw":
            sys.stdout.flush()
            sys.stdout.buffer.write(raw_bytes(self._log, row, self._show_secrets) + b"\n")
        elif self._form == "json":
            click.echo(row_to_json(self._log, row, show_secrets=self._show_secrets))
        elif self._form is None:
            click.echo(self._label + row_text(self._log, row))
        return 1


def _follow(log: LogFile, make_filter: Callable[[], Filter], printer: _Printer) -> int:
    """Print what is there and what is appended, until interrupted or until a stream ends; how many were printed.

    What happens to the file is said on stderr. The filter is made anew where other dialects may have come.
    """
    printed = 0
    shown: set[tuple[int, int, int]] = set()

    def show_from(start: int, wanted: Filter) -> None:
        """Print rows from `start` on, but none twice, and the last one, if it is cut off, only when it is whole."""
        nonlocal printed
        settled, rows = log.settled_rows(), len(log.rows)
        for row in _matches(log, wanted, start):
            entry = log.rows.entry(row)
            mark = (entry.offset, entry.length, entry.flags)
            half_written = row >= settled and row == rows - 1 and entry.flags & TRUNCATED
            if mark in shown or half_written:
                continue
            if row >= settled:
                shown.add(mark)
            printed += printer.show(row)
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
