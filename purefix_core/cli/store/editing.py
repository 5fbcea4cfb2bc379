"""What the commands that change a store share: the warnings before, and what is said afterwards."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from purefix_core.cli.store.options import tell
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.located import Edit, open_store, warnings_before_edit
from purefix_core.store.records import FixMsgStoreState, StoreError
from purefix_core.wire.message import printable


def to_edit(path: str) -> StoreLocation:
    """The store that a path means, which is about to be changed: what speaks against that is told on stderr.

    Raises StoreError.
    """
    location = locate(Path(path))
    tell(warnings_before_edit(location))
    return location


def state_before(location: StoreLocation) -> FixMsgStoreState | None:
    """Where the store stands; None, and told on stderr, where it cannot be read."""
    try:
        with closing(open_store(location)) as store:
            return store.get_state()
    except StoreError as error:
        tell([str(error)])
        return None


def report(location: StoreLocation, edit: Edit, as_json: bool) -> None:
    """Say what was done."""
    if as_json:
        click.echo(json_text(edit_to_json(location, edit)))
        return
    click.echo(printable(str(location.path)))
    print_edit(edit)


def print_edit(edit: Edit) -> None:
    for line in edit.done:
        click.echo(printable(f"  {line}"))
    for backup in edit.backups:
        click.echo(printable(f"  kept as it was: {backup}"))


def edit_to_json(location: StoreLocation, edit: Edit) -> dict[str, JsonValue]:
    return {
        "path": str(location.path),
        "layout": location.layout,
        "done": list(edit.done),
        "backups": [str(backup) for backup in edit.backups],
    }
