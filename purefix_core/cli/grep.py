"""`purefix grep`: the messages that pass a filter. Exit codes are grep's: 0 found, 1 none, 2 error."""

from __future__ import annotations

from contextlib import closing
from functools import partial

import click

from purefix_core.cli.options import (
    PathErrors,
    UserError,
    dialect_options,
    load_dialects,
    no_message_in,
    one_form,
    user_errors,
)
from purefix_core.cli.printing import Printer, follow_matches
from purefix_core.logs.filter import (
    Filter,
    FilterError,
    filter_of,
    iter_matches,
    msg_type_filter,
    point_at,
)
from purefix_core.logs.log_file import LogFile


@click.command("grep")
@click.argument("expression", metavar="EXPR")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-m", "--msgtype", metavar="REGEX", help="Only messages whose MsgType(35) matches, such as ^8$.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON with the path, a line for each message.")
@click.option("--raw", is_flag=True, help="Print the bytes of each message and a line feed.")
@click.option("--count", is_flag=True, help="Print only how many there are.")
@click.option("-b", "--byte-offset", is_flag=True, help="Print before each line the offset that show --offset takes.")
@click.option("-F", "--follow", "following", is_flag=True, help="Go on with what is appended to PATH (only one).")
@click.option("--show-secrets", is_flag=True, help="Do not mask passwords and the like.")
@dialect_options
@click.pass_context
def command(
    ctx: click.Context,
    expression: str,
    paths: tuple[str, ...],
    msgtype: str | None,
    as_json: bool,
    raw: bool,
    count: bool,
    byte_offset: bool,
    following: bool,
    show_secrets: bool,
    registry: str | None,
    dialect: str | None,
) -> None:
    """Print the messages of each PATH that EXPR describes ('' for all): 35=8 and 55=EURUSD, Side = Buy, "text" …"""
    form = one_form(json=as_json, raw=raw, count=count)
    if byte_offset and form in ("raw", "count"):
        raise UserError(f"--byte-offset and --{form} exclude each other")  # JSON has the offset anyway
    if following and (len(paths) > 1 or count):
        raise UserError("--follow takes one PATH and no --count")
    with user_errors():
        dialects = load_dialects(registry)
    errors, found = PathErrors(), 0
    for path in paths:
        with errors, closing(LogFile.open(path, dialects, dialect)) as log:
            label = f"{path}:" if len(paths) > 1 else ""
            printer = Printer(log, path, form, show_secrets, label, byte_offset)
            if following:
                found += follow_matches(log, partial(_filter, log, expression, msgtype), printer)
            else:
                log.index()
                matches = iter_matches(log.rows, _filter(log, expression, msgtype), log.source.read)
                number = sum(printer.show(batch.rows) for batch in matches)
                if count:
                    click.echo(f"{label}{number}")
                found += number
                if not len(log.rows) and log.size and not log.source.problem:
                    click.echo(f"purefix: {no_message_in(log)}", err=True)
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
