"""`purefix grep`: the messages that pass a filter. Exit codes are grep's: 0 found, 1 none, 2 error."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable

import click

from purefix_core.analysis.row_text import row_text
from purefix_core.cli.options import UserError, dialect_options, load_dialects, open_indexed, user_errors
from purefix_core.logs.export import raw_bytes, row_to_json
from purefix_core.logs.filter import (
    Filter,
    FilterError,
    Names,
    all_of,
    compile_filter,
    iter_matches,
    msg_type_filter,
    point_at,
)
from purefix_core.logs.follow import Appended, Deleted, Rotated, Truncated, Unreadable, follow
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
    if following and len(paths) > 1:
        raise UserError("--follow takes one PATH")
    found = 0
    with user_errors():
        dialects = load_dialects(registry)
        for path in paths:
            log = open_indexed(path, dialects, dialect)
            wanted = _filter(log, expression, msgtype)
            write = _writer(log, form, show_secrets, f"{path}:" if len(paths) > 1 else "")
            count = write(_matches(log, wanted, 0))
            if form == "count":
                click.echo(f"{path}:{count}" if len(paths) > 1 else str(count))
            found += count
            if following:
                _follow(log, wanted, write)
            log.close()
    ctx.exit(0 if found else 1)


def _filter(log: LogFile, expression: str, msgtype: str | None) -> Filter:
    """Names in the expression mean what they do in the dialects of this log."""
    wrong = expression
    try:
        wanted = compile_filter(expression, Names(log.definitions()))
        if msgtype is None:
            return wanted
        wrong = msgtype
        return all_of(wanted, msg_type_filter(msgtype))
    except FilterError as error:
        raise UserError(f"{error}\n{point_at(wrong, error.column)}") from None


def _matches(log: LogFile, wanted: Filter, start: int) -> Iterable[int]:
    for batch in iter_matches(log.rows, wanted, log.source.read, start):
        yield from batch.rows


def _writer(log: LogFile, form: str | None, show_secrets: bool, label: str) -> Callable[[Iterable[int]], int]:
    """A function that prints rows and returns how many there were."""

    def write(rows: Iterable[int]) -> int:
        count = 0
        for row in rows:
            count += 1
            if form == "raw":
                sys.stdout.buffer.write(raw_bytes(log, row, show_secrets) + b"\n")
            elif form == "json":
                click.echo(row_to_json(log, row, show_secrets=show_secrets))
            elif form is None:
                click.echo(label + row_text(log, row))
        sys.stdout.flush()
        return count

    return write


def _follow(log: LogFile, wanted: Filter, write: Callable[[Iterable[int]], int]) -> None:
    """Print what is appended, until interrupted. What happens to the file is said on stderr."""
    try:
        for change in follow(log, threading.Event()):
            match change:
                case Appended(first_row, _):
                    write(_matches(log, wanted, first_row))
                case Truncated():
                    click.echo(f"purefix: {log.path}: truncated; reading it from its beginning", err=True)
                    write(_matches(log, wanted, 0))
                case Deleted():
                    click.echo(f"purefix: {log.path}: deleted; waiting for it to return", err=True)
                case Unreadable(reason):
                    click.echo(f"purefix: {reason}", err=True)
                case _:
                    verb = "replaced by a new file" if isinstance(change, Rotated) else "is back"
                    click.echo(f"purefix: {log.path}: {verb}", err=True)
                    write(_matches(log, wanted, 0))
    except KeyboardInterrupt:
        return
