"""`purefix store list`: the stores below folders."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from purefix_core.cli.options import REGISTRY_FILE, PathErrors, UserError, load_dialects, user_errors
from purefix_core.cli.store.figures import second, session_text, store_to_json
from purefix_core.cli.store.options import json_option, store_errors, tell
from purefix_core.cli.table import print_table
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.finding import StoreLocation, find_stores
from purefix_core.store.located import LAYOUT_TITLES, holder_of, open_store

_HEADING = ("session", "layout", "messages", "next out", "next in", "modified", "path", "")


@click.command("list")
@click.argument("folders", metavar="[DIR...]", nargs=-1)
@click.option(
    "-r",
    "--registry",
    metavar="FILE",
    help=f"The dialect registry whose messageStorePaths are looked at without DIR. Default: {REGISTRY_FILE} in this "
    "folder.",
)
@json_option
@click.pass_context
def list_command(ctx: click.Context, folders: tuple[str, ...], registry: str | None, as_json: bool) -> None:
    """List the stores in and below each DIR, by default those of the registry."""
    errors = PathErrors()
    rows: list[tuple[str, ...]] = []
    documents: list[dict[str, JsonValue]] = []
    for folder in [Path(each) for each in folders] or _registered(registry):
        with errors, store_errors():
            found = find_stores(folder)
            tell(found.notices)
            for location in found.stores:
                with errors, store_errors():
                    row, document = _described(location)
                    rows.append(row)
                    documents.append(document)
    if as_json:
        click.echo(json_text({"stores": documents}))
    elif rows:
        print_table([_HEADING, *rows], right={2, 3, 4})
    else:
        tell(["no store was found"])
    ctx.exit(errors.exit_code)


def _registered(registry: str | None) -> list[Path]:
    """The folders that the registry names, those that exist already."""
    with user_errors():
        registrations = load_dialects(registry).get_all()
    named = dict.fromkeys(each.message_store_path for each in registrations if each.message_store_path is not None)
    if not named:
        raise UserError("no registration has a messageStorePath; name a folder: purefix store list DIR")
    tell(f"{folder}: no such folder yet" for folder in named if not folder.exists())
    return [folder for folder in named if folder.exists()]


def _described(location: StoreLocation) -> tuple[tuple[str, ...], dict[str, JsonValue]]:
    """A store as a row and as JSON. Raises StoreError."""
    holder = holder_of(location)
    with closing(open_store(location)) as store:
        state = store.get_state()
        notes = [f"in use by {holder}"] if holder else []
        if store.notices:
            notes.append(store.notices[0] if len(store.notices) == 1 else f"{len(store.notices):,} notices, see show")
        row = (
            session_text(location, store),
            LAYOUT_TITLES[location.layout],
            f"{state.messages:,}",
            str(state.last_sent_seq_num + 1),
            str(state.last_received_seq_num + 1),
            second(store.session.last_modified_time),
            str(location.path),
            "; ".join(notes),
        )
        return row, {**store_to_json(location, store), "inUseBy": holder}
