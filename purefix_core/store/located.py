"""Reads, checks and edits the store at a location, whichever layout it has. All of it raises StoreError, and
OSError; what changes a store of ours raises StoreLocked where a session is running on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from purefix_core.store import editing, quickfix
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.in_use import edit_warnings, who_has_open
from purefix_core.store.kept import kept_messages
from purefix_core.store.lock import lock_holder
from purefix_core.store.payload import begin_string_of
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.quickfix.files import TITLES
from purefix_core.store.records import MAX_SEQ_NUM, FixSessionState, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.verify import verify as verify_ours

LAYOUT_TITLES: Mapping[str, str] = MappingProxyType({PUREFIX: "PureFix", **TITLES})
"""What users call each layout."""

_LISTED = 5


class LocatedStore(FixMsgStore, Protocol):
    """What the stores of all layouts offer beside the protocol."""

    notices: list[str]
    """What was found odd, a line each; reading a damaged message adds one."""

    @property
    def session(self) -> FixSessionState: ...


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change did."""

    done: tuple[str, ...] = ()
    """A line each."""
    backups: tuple[Path, ...] = ()
    """Where what was there before is kept."""


# -- reading ---------------------------------------------------------------------------------------------------------


def open_store(location: StoreLocation) -> LocatedStore:
    """The store, for reading. It may be in use."""
    if location.files is None:
        return FixMsgFileStore.open_folder(location.path)
    store = quickfix.QuickFixFileStore(location.files)
    if location.files.guess:
        store.notices.insert(0, f"{location.path}: {location.files.guess}")
    return store


def begin_string(location: StoreLocation, store: FixMsgStore) -> str:
    """BeginString(8) of the session; empty where nothing tells."""
    if location.files is not None:
        return location.files.begin_string
    for kept in kept_messages(store, 1, MAX_SEQ_NUM):
        if kept.record is not None:
            return begin_string_of(kept.record.encoded)
    return ""


def holder_of(location: StoreLocation) -> str | None:
    """Which process uses the store; None where none does, or it cannot be found out."""
    if location.files is None:
        return lock_holder(location.path)
    processes = who_has_open(location.files.paths)
    return ", ".join(f"process {process.pid} ({process.name})" for process in processes) or None


def verify(location: StoreLocation) -> list[str]:
    """Read everything; a line for each thing that is wrong."""
    if location.files is None:
        return verify_ours(location.path)
    return quickfix.verify(location.files)


# -- changing --------------------------------------------------------------------------------------------------------


def warnings_before_edit(location: StoreLocation) -> list[str]:
    """What speaks against an edit, a line each. Our own stores have a lock instead."""
    return [] if location.files is None else edit_warnings(location.files.paths, time.time_ns())


def set_numbers(location: StoreLocation, last_sent: int, last_received: int) -> Edit:
    """Both last numbers; the messages stay. A session.meta that is missing or damaged is written anew."""
    if location.files is None:
        return Edit(backups=tuple(editing.set_numbers(location.path, last_sent, last_received)))
    if MAX_SEQ_NUM in (last_sent, last_received):
        raise StoreError(f"{location.path}: QuickFIX keeps the next number, which can be {MAX_SEQ_NUM} at most")
    return Edit(backups=tuple(quickfix.set_numbers(location.files, last_sent + 1, last_received + 1)))


def reset(location: StoreLocation) -> Edit:
    """Both sequences begin with 1 again, and all messages are forgotten."""
    if location.files is None:
        return Edit(backups=tuple(editing.reset(location.path)))
    return Edit(backups=tuple(quickfix.reset(location.files)))


def repair(location: StoreLocation) -> Edit:
    """Put right what opening for writing puts right."""
    if location.files is None:
        return Edit(tuple(editing.repair(location.path)))
    with closing(quickfix.QuickFixFileStore(location.files, read_only=False)) as store:
        return Edit(tuple(store.notices))


def gap_fill(location: StoreLocation, first: int, last: int, reason: str) -> Edit:
    """The messages of these numbers are not to be resent. QuickFIX has no place for the reason."""
    if location.files is None:
        return _with_ranges(location.path, lambda ranges: ranges.with_range(first, last, reason))
    header = location.files.header
    removed, backup = quickfix.gap_fill(location.files, first, last)
    done = f"{header.name}: {removed:,} {'entry was' if removed == 1 else 'entries were'} removed"
    return Edit((done,), () if backup is None else (backup,))


def resend_again(location: StoreLocation, first: int, last: int) -> Edit:
    """The messages of these numbers may be resent again."""
    if location.files is None:
        return _with_ranges(location.path, lambda ranges: ranges.without(first, last))
    raise StoreError(
        f"{location.path}: what was removed from {location.files.header.name} comes back only by putting its dated "
        "copy in its place"
    )


def _with_ranges(folder: Path, change: Callable[[GapFillRanges], GapFillRanges]) -> Edit:
    path = folder / RESEND_NAME
    ranges = GapFillRanges.load(path)
    try:
        changed = change(ranges)
    except ValueError as error:
        raise StoreError(f"{path}: {error}") from None
    backups = [] if changed == ranges else editing.gap_fill(folder, changed)
    listed = [f"{first}-{last}{reason and f' ({reason})'}" for first, last, reason in changed]
    more = f" and {len(listed) - _LISTED:,} more ranges" if len(listed) > _LISTED else ""
    return Edit((f"{RESEND_NAME}: {', '.join(listed[:_LISTED]) or 'nothing'}{more}",), tuple(backups))
