"""Edits the store at a location, whichever layout it has. All of it raises StoreError, and OSError; what changes a
store of ours raises StoreLocked where a session is running on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from purefix_core.store import editing, quickfix
from purefix_core.store.backups import BackupSet, find_backups
from purefix_core.store.backups import restore as restore_files
from purefix_core.store.finding import StoreLocation
from purefix_core.store.in_use import edit_warnings
from purefix_core.store.lock import StoreLocked, lock_holder
from purefix_core.store.next_logon import span
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.resend_ranges import GapFillRanges

NEWEST = "last"
"""Stands for the stamp of the newest backup."""

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change did, or would do."""

    done: tuple[str, ...] = ()
    """A line each."""
    backups: tuple[Path, ...] = ()
    """Where what was there before is kept."""
    ranges: GapFillRanges | None = None
    """What resend.json says now, where it is about that."""
    changed: bool = True
    """Whether anything is other than before."""


def refuse_edit(location: StoreLocation) -> None:
    """Raises StoreError where no edit is possible: in a layout that is not written, and while a session of ours runs.
    QuickFIX takes no lock: see `warnings_before_edit`."""
    if location.files is not None:
        quickfix.refuse_unless_written(location.files)
        return
    holder = lock_holder(location.path)
    if holder is not None:
        raise StoreLocked(f"{location.path}: is in use by {holder}; stop that session first")


def warnings_before_edit(location: StoreLocation) -> list[str]:
    """What speaks against an edit, a line each. Our own stores have a lock instead."""
    return [] if location.files is None else edit_warnings(location.files.paths, time.time_ns())


def set_numbers(location: StoreLocation, last_sent: int | None, last_received: int | None) -> Edit:
    """The last numbers; one that is None stays, and so do the messages. A file of the numbers that is missing or
    damaged is written anew; both must be given then."""
    check_numbers(location, last_sent, last_received)
    if location.files is None:
        return Edit(backups=tuple(editing.set_numbers(location.path, last_sent, last_received)))
    now = quickfix.read_numbers(location.files)
    next_out = now.next_out if last_sent is None else last_sent + 1
    next_in = now.next_in if last_received is None else last_received + 1
    return Edit(backups=tuple(quickfix.set_numbers(location.files, next_out, next_in)))


def check_numbers(location: StoreLocation, last_sent: int | None, last_received: int | None) -> None:
    """Raises StoreError for last numbers that the layout has no place for."""
    if location.files is not None and MAX_SEQ_NUM in (last_sent, last_received):
        raise StoreError(f"{location.path}: QuickFIX keeps the next number, which can be {MAX_SEQ_NUM} at most")


def reset(location: StoreLocation) -> Edit:
    """Both sequences begin with 1 again, and all messages are forgotten."""
    if location.files is None:
        return Edit(backups=tuple(editing.reset(location.path)))
    return Edit(backups=tuple(quickfix.reset(location.files)))


def repair(location: StoreLocation) -> Edit:
    """Put right what can be without a person."""
    if location.files is None:
        return Edit(tuple(editing.repair(location.path)))
    return Edit(tuple(quickfix.repair(location.files)))


# -- what is not to be resent ----------------------------------------------------------------------------------------


def gap_fill(location: StoreLocation, first: int, last: int, reason: str, dry_run: bool = False) -> Edit:
    """The messages of these numbers are not to be resent. QuickFIX has no place for the reason."""
    if location.files is None:
        return _with_ranges(location.path, lambda ranges: ranges.with_range(first, last, reason), dry_run)
    removed, backup = quickfix.gap_fill(location.files, first, last, dry_run=dry_run)
    return Edit((_entries(location.files, removed, "removed"),), () if backup is None else (backup,))


def resend_again(location: StoreLocation, first: int, last: int, dry_run: bool = False) -> Edit:
    """The messages of these numbers may be resent again; `changed` says whether any of them was not."""
    if location.files is None:
        return _with_ranges(location.path, lambda ranges: ranges.without(first, last), dry_run)
    numbers, backup = quickfix.list_again(location.files, first, last, dry_run=dry_run)
    done = _entries(location.files, len(numbers), "put back")
    return Edit((done,), () if backup is None else (backup,), changed=bool(numbers))


def _entries(files: quickfix.QuickFixFiles, count: int, deed: str) -> str:
    return f"{files.header.name}: {count:,} {'entry was' if count == 1 else 'entries were'} {deed}"


def _with_ranges(folder: Path, change: Callable[[GapFillRanges], GapFillRanges], dry_run: bool) -> Edit:
    path = folder / RESEND_NAME
    backups: list[Path] = []
    try:
        if dry_run:
            ranges = GapFillRanges.load(path)
            changed = change(ranges)
        else:
            ranges, changed, backups = editing.change_ranges(folder, change)
    except ValueError as error:
        raise StoreError(f"{path}: {error}") from None
    listed = [f"{span(first, last)}{reason and f' ({reason})'}" for first, last, reason in changed]
    more = f" and {len(listed) - _LISTED:,} more ranges" if len(listed) > _LISTED else ""
    done = f"{RESEND_NAME}: {', '.join(listed[:_LISTED]) or 'nothing'}{more}"
    return Edit((done,), tuple(backups), changed, changed != ranges)


# -- undoing -----------------------------------------------------------------------------------------------------------


def find_backup(location: StoreLocation, stamp: str) -> BackupSet:
    """That of a stamp, or the newest one. Raises StoreError where there is none, naming those that there are."""
    found = find_backups(location.paths)
    for each in found:
        if stamp in (each.stamp, NEWEST):
            return each
    there = ", ".join(each.stamp for each in found[:_LISTED]) + (", …" if len(found) > _LISTED else "")
    raise StoreError(f"{location.path}: has no backup {stamp}; {f'there are {there}' if there else 'there is none'}")


def restore(location: StoreLocation, backup_set: BackupSet) -> Edit:
    """Put the files of a backup back. What is there now is kept under new dated names."""
    if location.files is None:
        kept = editing.restore(location.path, backup_set.stamp)
    else:
        quickfix.refuse_unless_written(location.files)
        kept = restore_files(backup_set)
    return Edit(tuple(f"{path.name}: put back" for path, _ in backup_set.files), tuple(kept))
