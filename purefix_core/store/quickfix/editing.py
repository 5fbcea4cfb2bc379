"""Edits by hand of a store of QuickFIX C++, each with a dated backup beside the file.

Files that an engine has open are changed in place, so that it goes on in the file that is seen here: it overwrites the
numbers, as the warnings of store/in_use.py say, but what it appends to the header is not lost in a replaced file.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.quickfix.files import CPP, QuickFixFiles
from purefix_core.store.quickfix.header import MAX_SIZE, read_header
from purefix_core.store.quickfix.keeping import backup_names, keep_copy, keep_under_other_name
from purefix_core.store.quickfix.numbers import pair_text, session_text
from purefix_core.store.quickfix.reading import open_to_write, read_start
from purefix_core.store.records import MAX_SEQ_NUM, StoreError

_ENTRY = re.compile(rb"([+-]?[0-9]{1,40}+),\s*+[+-]?[0-9]{1,40}+,\s*+[+-]?[0-9]{1,40}+")


def refuse_unless_written(files: QuickFixFiles) -> None:
    """Raises StoreError for the stores of the engines whose layout is not written."""
    if files.engine != CPP:
        raise StoreError(f"{files.path}: is a store of {files.title}; only the layout of QuickFIX C++ is written")


def set_numbers(files: QuickFixFiles, next_out: int, next_in: int, *, disk: Disk | None = None) -> list[Path]:
    """Let the engine send `next_out` next and expect `next_in`. Returns the backups. Raises StoreError; ValueError for
    numbers that are none."""
    refuse_unless_written(files)
    for number in (next_out, next_in):
        if not 1 <= number <= MAX_SEQ_NUM:
            raise ValueError(f"the next number is {number}, expected 1 to {MAX_SEQ_NUM}")
    disk = disk or Disk()
    try:
        backup = keep_copy(files.seqnums, backup_names(files)[files.seqnums])
        _write_numbers(disk, files, next_out, next_in)
    except OSError as error:
        raise cannot(files, error) from error
    return [backup] if backup else []


def gap_fill(
    files: QuickFixFiles, first: int, last: int, *, disk: Disk | None = None, dry_run: bool = False
) -> tuple[int, Path | None]:
    """Remove the entries of the numbers from `first` to `last` from the header, so that the engine fills the gap
    instead of sending these messages again. Returns how many numbers had one, and the backup, if there were any.

    They become blanks, which the engine skips: nothing else in the file moves. With `dry_run` nothing is changed.
    Raises StoreError.
    """
    refuse_unless_written(files)
    read_to = read_header(files).read_to
    text = read_start(files.header, min(read_to, MAX_SIZE))
    gone = {}
    removed = set()
    for match in _ENTRY.finditer(text):
        if first <= int(match[1]) <= last:
            gone[match.start()] = match.end()
            removed.add(int(match[1]))
    if dry_run or not gone:
        return len(removed), None
    start, end = min(gone), max(gone.values())
    changed = bytearray(text[start:end])
    for begin, behind in gone.items():
        changed[begin - start : behind - start] = b" " * (behind - begin)
    disk = disk or Disk()
    try:
        backup = keep_copy(files.header, backup_names(files)[files.header])
        descriptor = open_to_write(disk, files.header)
        try:
            disk.write(descriptor, bytes(changed), start)
        finally:
            disk.close(descriptor)
    except OSError as error:
        raise cannot(files, error) from error
    return len(removed), backup


def reset(files: QuickFixFiles, *, now: int | None = None, disk: Disk | None = None) -> list[Path]:
    """Begin a new session at `now` (nanoseconds UTC): both next numbers 1, no messages. Returns the backups, which are
    all of the old files. Raises StoreError.

    The numbers come last: if it ends half-way, the engine goes on with the old numbers and fills gaps.
    """
    refuse_unless_written(files)
    disk = disk or Disk()
    session = session_text(time.time_ns() if now is None else now)
    names = backup_names(files)
    kept = []
    try:
        for path, content in (
            (files.header, b""),
            (files.body, b""),
            (files.session, session),
            (files.seqnums, pair_text(1, 1)),
        ):
            kept.append(keep_under_other_name(path, names[path]))
            disk.replace(path, content)
    except OSError as error:
        raise cannot(files, error) from error
    return [path for path in kept if path]


def _write_numbers(disk: Disk, files: QuickFixFiles, next_out: int, next_in: int) -> None:
    text = pair_text(next_out, next_in)
    descriptor = open_to_write(disk, files.seqnums)
    try:
        disk.write(descriptor, text, 0)
        if os.fstat(descriptor).st_size > len(text):
            disk.truncate(descriptor, len(text))
    finally:
        disk.close(descriptor)


def cannot(files: QuickFixFiles, error: OSError) -> StoreError:
    """What the system refused, as one clear line."""
    return StoreError(f"{error.filename or files.path}: cannot be changed: {error.strerror}")
