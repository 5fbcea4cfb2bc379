"""`purefix store backups` and `restore`: what edits kept, and how it is put back."""

from __future__ import annotations

from pathlib import Path

import click

from purefix_core.cli.store.editing import edit_lines, edit_to_json, title_line, to_edit
from purefix_core.cli.store.figures import numbers_to_json
from purefix_core.cli.store.lines import Line, print_lines
from purefix_core.cli.store.options import dry_run_option, json_option, store_argument, store_errors, tell
from purefix_core.cli.store.verified import remaining_lines, verified_to_json
from purefix_core.cli.table import print_table
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.backups import BackupSet
from purefix_core.store.changing import find_backup, restore, warnings_before_edit
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.located import backups_of, numbers_in, verify
from purefix_core.store.records import StoreError
from purefix_core.store.verify import Verified

_HEADING = ("stamp", "next out", "next in", "files")


@click.command("backups")
@store_argument
@json_option
def backups_command(path: str, as_json: bool) -> None:
    """List the backups that edits of the store made.

    The newest first, each with its stamp, the numbers that are kept in it, and its files.
    """
    with store_errors():
        location = locate(Path(path))
        found = backups_of(location)
    if as_json:
        click.echo(json_text({"path": str(location.path), "backups": [_to_json(each) for each in found]}))
    elif found:
        print_table([_HEADING, *map(_row, found)], right={1, 2})
    else:
        tell([f"{location.path}: has no backups"])


@click.command("restore")
@store_argument
@click.argument("stamp", metavar="STAMP")
@dry_run_option
@json_option
def restore_command(path: str, stamp: str, dry_run: bool, as_json: bool) -> None:
    """Put the files of a backup back.

    STAMP is what `purefix store backups DIR` lists, or `last` for the newest one since the sequences began. The files
    that are there now are kept under new dated names, so that this can be undone as well. Files that the backup does
    not have stay as they are.
    """
    with store_errors():
        location = to_edit(path)
        backup_set = find_backup(location, stamp)
        warnings = warnings_before_edit(location)
        edit = restore(location, backup_set, dry_run)
        remains = Verified([], []) if dry_run else _verified(location)
    tell(warnings)
    if as_json:
        values = {**edit_to_json(location, edit, dry_run), **_to_json(backup_set), **verified_to_json(remains)}
        click.echo(json_text(values))
        return
    print_lines([title_line(location, dry_run), Line("  ", f"backup {backup_set.stamp}{_numbers_text(backup_set)}")])
    print_lines([*edit_lines(location, edit), *remaining_lines(location, remains)])


def _verified(location: StoreLocation) -> Verified:
    """What is wrong now: files of different times may not fit together."""
    try:
        return verify(location)
    except StoreError as error:
        return Verified([str(error)], [])


def _row(backup_set: BackupSet) -> tuple[str, ...]:
    last = numbers_in(backup_set)
    following = ("", "") if last is None else (str(last[0] + 1), str(last[1] + 1))
    return backup_set.stamp, *following, ", ".join(path.name for path, _ in backup_set.files)


def _numbers_text(backup_set: BackupSet) -> str:
    last = numbers_in(backup_set)
    return "" if last is None else f": next out {last[0] + 1}, next in {last[1] + 1}"


def _to_json(backup_set: BackupSet) -> dict[str, JsonValue]:
    last = numbers_in(backup_set)
    files: list[JsonValue] = [{"path": str(path), "backup": str(copy)} for path, copy in backup_set.files]
    return {"stamp": backup_set.stamp, "numbers": None if last is None else numbers_to_json(*last), "files": files}
