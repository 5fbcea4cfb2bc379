"""`purefix store verify` and `repair`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from purefix_core.cli.store.editing import edit_to_json, report, to_edit
from purefix_core.cli.store.figures import forecast_lines, forecast_to_json
from purefix_core.cli.store.options import json_option, peer_options, store_argument, store_errors
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.finding import locate
from purefix_core.store.located import Edit, open_store, repair, verify
from purefix_core.store.next_logon import forecast
from purefix_core.wire.message import printable


@click.command("verify")
@store_argument
@json_option
@click.pass_context
def verify_command(ctx: click.Context, path: str, as_json: bool) -> None:
    """Read the whole store and say what is wrong with it. Changes nothing.

    Exit code 0 where it is whole, 1 where something is wrong, 2 where it cannot be read.
    """
    with store_errors():
        location = locate(Path(path))
        problems = verify(location)
    if as_json:
        click.echo(json_text({"path": str(location.path), "layout": location.layout, "problems": problems}))
    else:
        for problem in problems or ["nothing is wrong"]:
            click.echo(printable(f"{location.path}: {problem}"))
    ctx.exit(1 if problems else 0)


@click.command("repair")
@store_argument
@peer_options
@json_option
def repair_command(path: str, peer_expects: int | None, peer_next: int | None, as_json: bool) -> None:
    """Put right what can be, and say what will happen at the next Logon.

    Whatever is cut off or replaced is kept under a dated name.
    """
    with store_errors():
        location = to_edit(path)
        edit = repair(location)
        with closing(open_store(location)) as store:
            coming = forecast(store, peer_expects, peer_next)
    if as_json:
        click.echo(json_text({**edit_to_json(location, edit), "forecast": forecast_to_json(coming)}))
        return
    report(location, edit if edit.done else Edit(("nothing needed repair",)), as_json=False)
    for line in ["", *forecast_lines(coming)]:
        click.echo(printable(line))
