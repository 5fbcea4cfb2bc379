"""`purefix show`: one message, as a tree, as JSON, or as it stands."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from purefix_core.analysis.tree_text import tree_text
from purefix_core.cli.options import UserError, dialect_options, load_dialects, one_form, open_indexed, user_errors
from purefix_core.logs.export import raw_bytes, row_to_json
from purefix_core.logs.log_file import LogError
from purefix_core.wire.message import printable


@click.command("show")
@click.argument("path", metavar="PATH")
@click.option("--offset", required=True, metavar="N", help="A byte of the message, from the file's start.")
@click.option("--tree", is_flag=True, help="Names, values and meanings (the default).")
@click.option("--json", "as_json", is_flag=True, help="JSON with field names.")
@click.option("--raw", is_flag=True, help="The bytes of the message.")
@click.option("--show-secrets", is_flag=True, help="Do not mask passwords and the like.")
@dialect_options
def command(
    path: str,
    offset: str,
    tree: bool,
    as_json: bool,
    raw: bool,
    show_secrets: bool,
    registry: str | None,
    dialect: str | None,
) -> None:
    """Show the message that byte --offset of PATH belongs to."""
    form = one_form(tree=tree, json=as_json, raw=raw)
    with user_errors(), closing(open_indexed(path, load_dialects(registry), dialect)) as log:
        row = log.row_covering(_number(offset))
        if form == "raw":
            sys.stdout.buffer.write(raw_bytes(log, row, show_secrets) + b"\n")
        elif form == "json":
            click.echo(row_to_json(log, row, show_secrets=show_secrets))
        else:
            entry = log.rows.entry(row)
            session = entry.session
            parties = printable(f"{session.begin_string} {session.sender_comp_id} → {session.target_comp_id}")
            dialect_name = log.dialect_of(session).name
            click.echo(f"{parties}   offset {entry.offset:,}   {entry.length:,} bytes   dialect {dialect_name}")
            click.echo(tree_text(log.decode(row), show_secrets=show_secrets))
        if log.source.problem:
            raise LogError(log.source.problem)


def _number(text: str) -> int:
    """A count of bytes, with or without the thousands separators that the screen shows. Raises UserError."""
    digits = text.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise UserError(f"--offset: {text!r} is not a number of bytes")
    return int(digits)
