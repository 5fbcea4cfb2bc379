"""Gives messages of a body that the header has no entry of their entries again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.in_use import who_has_open
from purefix_core.store.quickfix.body import without_entry
from purefix_core.store.quickfix.editing import cannot, refuse_unless_written
from purefix_core.store.quickfix.entries import Entries, Entry
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.quickfix.header import read_header
from purefix_core.store.quickfix.keeping import backup_names, keep_copy
from purefix_core.store.quickfix.reading import open_to_write
from purefix_core.store.records import StoreError


def list_again(
    files: QuickFixFiles, first: int, last: int, *, disk: Disk | None = None, dry_run: bool = False
) -> tuple[list[int], Path | None]:
    """Let the engine send the messages of the numbers from `first` to `last` again: those that are in the body and have
    no entry in the header get one, at its end. Returns their numbers, and the backup, if there were any.

    With `dry_run` nothing is changed. Raises StoreError.
    """
    refuse_unless_written(files)
    header = read_header(files)
    if header.read_to < header.size:
        raise StoreError(
            f"{files.header}: at offset {header.read_to} stands no entry, and QuickFIX C++ reads nothing behind it: "
            "repair the store first"
        )
    found = list(without_entry(files, header.entries).between(first, last))
    numbers = [entry.seq_num for entry in found]
    if dry_run or not found:
        return numbers, None
    disk = disk or Disk()
    try:
        backup = keep_copy(files.header, backup_names(files)[files.header])
        descriptor = open_to_write(disk, files.header)
        try:
            end = os.fstat(descriptor).st_size
            try:
                disk.write(descriptor, (b" " if header.open_end else b"") + _text(found), end)
            except BaseException:
                disk.truncate(descriptor, end)
                raise
        finally:
            disk.close(descriptor)
    except OSError as error:
        raise cannot(files, error) from error
    return numbers, backup


def repair(files: QuickFixFiles, *, disk: Disk | None = None) -> list[str]:
    """Put right what opening a store for writing puts right, and make a header that is missing anew from the body.
    Returns a line for each thing that was done. Raises StoreError.

    A header that is there is not completed: its entries may have been removed so that nothing is resent.
    """
    refuse_unless_written(files)
    disk = disk or Disk()
    done = _renew_header(files, disk)
    with closing(QuickFixFileStore(files, read_only=False, disk=disk)) as store:
        return [*done, *store.repaired]


def _renew_header(files: QuickFixFiles, disk: Disk) -> list[str]:
    if files.header.exists():
        return []
    found = without_entry(files, Entries())
    if not found:
        return []
    users = who_has_open(files.paths)
    if users:
        raise StoreError(
            f"{files.header}: is missing, and process {users[0].pid} ({users[0].name}) has the store open: stop it "
            "first"
        )
    try:
        disk.replace(files.header, _text(found))
    except OSError as error:
        raise cannot(files, error) from error
    return [f"{files.header}: was missing, and was made anew from the {len(found):,} messages of {files.body.name}"]


def _text(entries: Iterable[Entry]) -> bytes:
    return b"".join(b"%d,%d,%d " % entry for entry in entries)
