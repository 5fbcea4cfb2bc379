"""`purefix store gap-fill`: says which messages are not to be resent."""

from __future__ import annotations

import click

from purefix_core.cli.store.editing import report, to_edit
from purefix_core.cli.store.options import json_option, parse_range, store_argument, store_errors
from purefix_core.store.located import gap_fill, resend_again


@click.command("gap-fill")
@store_argument
@click.argument("numbers", metavar="FROM[-TO]")
@click.option("--reason", default="", metavar="TEXT", help="Why, for who reads resend.json later.")
@click.option("--remove", is_flag=True, help="Let these messages be resent again.")
@json_option
def gap_fill_command(path: str, numbers: str, reason: str, remove: bool, as_json: bool) -> None:
    """Let messages be gap-filled instead of resent when the counterparty asks for them: stale orders, say.

    The range is written to resend.json beside the store. For QuickFIX C++ the messages' entries in the .header file
    are removed, which cannot be undone with --remove: put the dated backup back.
    """
    first, last = parse_range(numbers)
    with store_errors():
        location = to_edit(path)
        edit = resend_again(location, first, last) if remove else gap_fill(location, first, last, reason)
    report(location, edit, as_json)
