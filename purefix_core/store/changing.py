"""Edits the store at a location, whichever layout it has. All of it raises StoreError, and OSError; what changes a
store of ours raises StoreLocked where a session is running on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
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
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta
from purefix_core.wire.timestamps import NANOS, to_iso

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
    return Edit((f"{RESEND_NAME}: {_listed(changed)}",), tuple(backups), changed, changed != ranges)


def _listed(ranges: GapFillRanges) -> str:
    listed = [f"{span(first, last)}{reason and f' ({reason})'}" for first, last, reason in ranges]
    more = f" and {len(listed) - _LISTED:,} more ranges" if len(listed) > _LISTED else ""
    return f"{', '.join(listed[:_LISTED]) or 'nothing'}{more}"


# -- undoing -----------------------------------------------------------------------------------------------------------


def find_backup(location: StoreLocation, stamp: str) -> BackupSet:
    """That of a stamp, or the newest one since the sequences began. Raises StoreError where there is none, naming those
    that there are, and for one that can only do harm."""
    found = find_backups(location.paths)
    for each in found:
        if stamp == each.stamp:
            _refuse_former(location, each)
            return each
        if stamp == NEWEST:
            began = _began_after(location, each)
            if began is None:
                return each
            raise StoreError(
                f"{location.path}: nothing was changed by hand since the sequences began anew at {to_iso(began)}; "
                f"an older backup is named by its stamp, the newest is {each.stamp}"
            )
    there = ", ".join(each.stamp for each in found[:_LISTED]) + (", …" if len(found) > _LISTED else "")
    raise StoreError(f"{location.path}: has no backup {stamp}; {f'there are {there}' if there else 'there is none'}")


def _began_after(location: StoreLocation, backup_set: BackupSet) -> int | None:
    """When the sequences began anew, if that was after the backup was made: its numbers are those of other messages.
    None also where nothing says when they began."""
    created = None
    if location.files is not None:
        created = quickfix.read_numbers(location.files).created
    else:
        with suppress(StoreError, OSError):
            created = read_session_meta(location.path / META_NAME).state.created_time
    return created if created is not None and backup_set.made < created // NANOS else None


def _refuse_former(location: StoreLocation, backup_set: BackupSet) -> None:
    """Raises StoreError for a backup that only says which messages are to be resent, where those are gone."""
    alone = RESEND_NAME if location.files is None else location.files.header.name
    began = _began_after(location, backup_set) if [path.name for path, _ in backup_set.files] == [alone] else None
    if began is not None:
        raise StoreError(
            f"{location.path}: backup {backup_set.stamp} of {alone} is of messages that are gone: the sequences began "
            f"anew at {to_iso(began)}; mark with gap-fill what is not to be resent now"
        )


def restore(location: StoreLocation, backup_set: BackupSet, dry_run: bool = False) -> Edit:
    """Put the files of a backup back. What is there now is kept under new dated names."""
    _refuse_former(location, backup_set)
    done = tuple(
        _put_back(path, copy, "would be put back" if dry_run else "put back") for path, copy in backup_set.files
    )
    if dry_run:
        return Edit(done)
    if location.files is None:
        kept = editing.restore(location.path, backup_set.stamp)
    else:
        quickfix.refuse_unless_written(location.files)
        kept = restore_files(backup_set)
    return Edit(done, tuple(kept))


def _put_back(path: Path, copy: Path, deed: str) -> str:
    if path.name == RESEND_NAME:
        with suppress(StoreError):
            return f"{path.name}: {deed}; not to be resent: {_listed(GapFillRanges.load(copy))}"
    return f"{path.name}: {deed}"
