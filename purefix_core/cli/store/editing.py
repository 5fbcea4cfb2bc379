"""What the commands that change a store share: what is refused before, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from purefix_core.cli.store.lines import Line, within
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.changing import Edit, refuse_edit
from purefix_core.store.finding import StoreLocation, locate

DRY_RUN = "   (dry run: nothing was changed)"


def to_edit(path: str) -> StoreLocation:
    """The store that a path means, which is about to be changed. Raises StoreError, also where it may not be."""
    location = locate(Path(path))
    refuse_edit(location)
    return location


def title_line(location: StoreLocation, dry_run: bool = False) -> Line:
    return Line("", f"{location.path}{DRY_RUN if dry_run else ''}")


def edit_lines(location: StoreLocation, edit: Edit) -> Iterator[Line]:
    """What was done, and where is kept what was there before."""
    for line in edit.done:
        yield Line("  ", within(location, line))
    for backup in edit.backups:
        yield Line("  ", f"backup: {backup}", is_command=True)


def edit_to_json(location: StoreLocation, edit: Edit, dry_run: bool = False) -> dict[str, JsonValue]:
    return {
        "path": str(location.path),
        "layout": location.layout,
        "dryRun": dry_run,
        "done": list(edit.done),
        "backups": [str(backup) for backup in edit.backups],
    }
