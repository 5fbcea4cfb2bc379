"""`purefix show`: one message, as a tree, as JSON, or as it stands."""

from __future__ import annotations

import sys

import click

from purefix_core.analysis.tree_text import tree_text
from purefix_core.cli.options import dialect_options, load_dialects, open_indexed, user_errors
from purefix_core.logs.export import raw_bytes, row_to_json


@click.command("show")
@click.argument("path", metavar="PATH")
@click.option("--offset", type=int, required=True, metavar="N", help="A byte of the message, from the file's start.")
@click.option("--tree", "form", flag_value="tree", default=True, help="Names, values and meanings (the default).")
@click.option("--json", "form", flag_value="json", help="JSON with field names.")
@click.option("--raw", "form", flag_value="raw", help="The bytes of the message.")
@click.option("--show-secrets", is_flag=True, help="Do not mask passwords and the like.")
@dialect_options
def command(path: str, offset: int, form: str, show_secrets: bool, registry: str | None, dialect: str | None) -> None:
    """Show the message that byte --offset of PATH belongs to."""
    with user_errors():
        log = open_indexed(path, load_dialects(registry), dialect)
        row = log.row_covering(offset)
        if form == "raw":
            sys.stdout.buffer.write(raw_bytes(log, row, show_secrets) + b"\n")
        elif form == "json":
            click.echo(row_to_json(log, row, show_secrets=show_secrets))
        else:
            entry = log.rows.entry(row)
            session = entry.session
            click.echo(
                f"{session.begin_string} {session.sender_comp_id} → {session.target_comp_id}   offset {entry.offset:,}"
                f"   {entry.length:,} bytes   dialect {log.dialect_of(session).name}"
            )
            click.echo(tree_text(log.decode(row), show_secrets=show_secrets))
        log.close()
