"""`purefix store list`: the stores below folders."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from purefix_core.cli.options import REGISTRY_FILE, PathErrors, UserError, load_dialects, user_errors
from purefix_core.cli.store.figures import second, session_text, store_to_json
from purefix_core.cli.store.lines import within
from purefix_core.cli.store.options import json_option, store_errors, tell
from purefix_core.cli.table import print_table
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.finding import StoreLocation, find_stores
from purefix_core.store.located import LAYOUT_TITLES, holder_of, open_store, unreadable_numbers

_HEADING = ("path", "session", "messages", "next out", "next in", "layout", "modified", "notes")


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
    """List the stores in and below each DIR.

    Without DIR those below the messageStorePaths of the registry. A store that cannot be read is listed with what is
    wrong with it.

    Exit code 2 where a store or a folder cannot be read.
    """
    errors = PathErrors()
    unreadable = False
    rows: list[tuple[str, ...]] = []
    documents: list[dict[str, JsonValue]] = []
    for folder in [Path(each) for each in folders] or _registered(registry):
        with errors, store_errors():
            found = find_stores(folder)
            tell(found.notices)
            unreadable = unreadable or found.unreadable
            for location in found.stores:
                row, document = _described(location)
                unreadable = unreadable or "error" in document
                rows.append(row)
                documents.append(document)
    if as_json:
        click.echo(json_text({"stores": documents}))
    elif rows:
        print_table([_HEADING, *rows], right={2, 3, 4})
    else:
        tell(["no store was found"])
    ctx.exit(UserError.exit_code if unreadable else errors.exit_code)


def _registered(registry: str | None) -> list[Path]:
    """The folders that the registry names, those that exist already."""
    with user_errors():
        registrations = load_dialects(registry).get_all()
    named = dict.fromkeys(each.message_store_path for each in registrations if each.message_store_path is not None)
    if not named:
        read = registry or REGISTRY_FILE
        raise UserError(f"no entry of {read} has a messageStorePath; name the folder: purefix store list DIR")
    tell(f"{folder}: no such folder yet" for folder in named if not folder.exists())
    return [folder for folder in named if folder.exists()]


def _described(location: StoreLocation) -> tuple[tuple[str, ...], dict[str, JsonValue]]:
    """A store as a row and as JSON, or why it cannot be read."""
    try:
        with store_errors():
            return _read(location)
    except UserError as error:
        row = (str(location.path), "", "", "", "", LAYOUT_TITLES[location.layout], "", within(location, error.message))
        return row, {"path": str(location.path), "layout": location.layout, "error": error.message}


def _read(location: StoreLocation) -> tuple[tuple[str, ...], dict[str, JsonValue]]:
    """Raises StoreError."""
    holder = holder_of(location)
    with closing(open_store(location)) as store:
        state = store.get_state()
        following = state.last_sent_seq_num + 1, state.last_received_seq_num + 1
        notes = [f"in use by {holder}"] if holder else []
        row = (
            str(location.path),
            session_text(location, store),
            f"{state.messages:,}",
            *("?" if odd else str(number) for odd, number in zip(unreadable_numbers(store), following, strict=True)),
            LAYOUT_TITLES[location.layout],
            second(store.session.last_modified_time),
            "; ".join([*notes, *(within(location, notice) for notice in store.notices)]),
        )
        return row, {**store_to_json(location, store), "inUseBy": holder}
