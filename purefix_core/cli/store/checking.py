"""`purefix store verify` and `repair`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from purefix_core.cli.options import PathErrors, UserError
from purefix_core.cli.store.editing import edit_lines, edit_to_json, to_edit
from purefix_core.cli.store.forecasts import forecast_lines, forecast_to_json
from purefix_core.cli.store.lines import BLANK, Line, print_lines
from purefix_core.cli.store.options import json_option, peer_options, progress_line, store_argument, store_errors, tell
from purefix_core.cli.store.verified import remaining_lines, verified_lines, verified_to_json
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.changing import repair, warnings_before_edit
from purefix_core.store.finding import locate_all
from purefix_core.store.located import open_store, verify
from purefix_core.store.next_logon import forecast


@click.command("verify")
@click.argument("paths", metavar="DIR...", nargs=-1, required=True)
@json_option
@click.pass_context
def verify_command(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Read whole stores and say what is wrong with them.

    A DIR with several stores in or below it means all of them. Nothing is changed. Notes tell what is not wrong but
    should be known, as messages that are not kept.

    Exit code 0 where all are whole, 1 where something is wrong, 2 where one, or a folder, cannot be read.
    """
    errors = PathErrors()
    documents: list[dict[str, JsonValue]] = []
    wrong = unreadable = False
    for path in paths:
        with errors, store_errors():
            found = locate_all(Path(path))
            tell(found.notices)
            unreadable = unreadable or found.unreadable
            for location in found.stores:
                with errors, store_errors():
                    with progress_line() as on_progress:
                        verified = verify(location, on_progress)
                    wrong = wrong or bool(verified.problems)
                    documents.append(
                        {"path": str(location.path), "layout": location.layout, **verified_to_json(verified)}
                    )
                    if not as_json:
                        print_lines(verified_lines(location, verified))
    if as_json:
        click.echo(json_text({"stores": documents}))
    ctx.exit(UserError.exit_code if unreadable else errors.exit_code or int(wrong))


@click.command("repair")
@store_argument
@peer_options
@json_option
@click.pass_context
def repair_command(
    ctx: click.Context, path: str, peer_expects: int | None, peer_next: int | None, as_json: bool
) -> None:
    """Put right what can be, and say what remains wrong.

    Whatever is cut off or replaced is kept under a dated name. Also says what will happen at the next Logon.

    Exit code 0 where nothing is wrong afterwards, 1 where something remains, 2 where nothing could be done.
    """
    with store_errors():
        location = to_edit(path)
        warnings = warnings_before_edit(location)
        edit = repair(location)
        tell(warnings)
        with progress_line() as on_progress:
            remains = verify(location, on_progress)
        with closing(open_store(location)) as store:
            coming = forecast(store, peer_expects, peer_next)
    if as_json:
        values = {**edit_to_json(location, edit), **verified_to_json(remains)}
        click.echo(json_text({**values, "forecast": forecast_to_json(location, coming)}))
    else:
        done = edit_lines(location, edit) if edit.done else [Line("  ", "nothing needed repair")]
        print_lines([Line("", str(location.path)), *done, *remaining_lines(location, remains), BLANK])
        print_lines(forecast_lines(location, coming))
    ctx.exit(1 if remains.problems else 0)
