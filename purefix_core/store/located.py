"""Reads and checks the store at a location, whichever layout it has. All of it raises StoreError, and OSError."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from purefix_core.store import quickfix
from purefix_core.store.backups import BackupSet, find_backups
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.in_use import who_has_open
from purefix_core.store.lock import lock_holder
from purefix_core.store.payload import begin_string_of
from purefix_core.store.progress import OnProgress, untold
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.quickfix.files import TITLES
from purefix_core.store.quickfix.numbers import parse_pair
from purefix_core.store.quickfix.reading import read_start
from purefix_core.store.records import MAX_SEQ_NUM, FixSessionState, StoreError
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta
from purefix_core.store.verify import Verified
from purefix_core.store.verify import verify as verify_ours

LAYOUT_TITLES: Mapping[str, str] = MappingProxyType({PUREFIX: "PureFix", **TITLES})
"""What users call each layout."""

_MOST_NUMBERS = 4096


class LocatedStore(FixMsgStore, Protocol):
    """What the stores of all layouts offer beside the protocol."""

    notices: list[str]
    """What was found odd, a line each; reading a damaged message adds one."""

    @property
    def session(self) -> FixSessionState: ...


def open_store(location: StoreLocation, on_progress: OnProgress = untold) -> LocatedStore:
    """The store, for reading. It may be in use."""
    if location.files is None:
        return FixMsgFileStore.open_folder(location.path, on_progress=on_progress)
    store = quickfix.QuickFixFileStore(location.files, on_progress=on_progress)
    if location.files.guess:
        store.notices.insert(0, f"{location.path}: {location.files.guess}")
    return store


def begin_string(location: StoreLocation, store: FixMsgStore) -> str:
    """BeginString(8) of the session; empty where nothing tells."""
    if location.files is not None:
        return location.files.begin_string
    for seq_num in store.kept_numbers(1, MAX_SEQ_NUM):
        record = store.get(seq_num)
        if record is not None:
            return begin_string_of(record.encoded)
    return ""


def unreadable_numbers(store: FixMsgStore) -> tuple[str, str]:
    """Why the number out, and the one in, is not what a file says, and what then counts; "" where it is. A store of
    ours with such numbers does not open at all."""
    return store.unreadable if isinstance(store, quickfix.QuickFixFileStore) else ("", "")


def holder_of(location: StoreLocation) -> str | None:
    """Which process uses the store; None where none does, or it cannot be found out."""
    if location.files is None:
        return lock_holder(location.path)
    processes = who_has_open(location.files.paths)
    return ", ".join(f"process {process.pid} ({process.name})" for process in processes) or None


def verify(location: StoreLocation, on_progress: OnProgress = untold) -> Verified:
    """Read everything."""
    if location.files is None:
        return verify_ours(location.path, on_progress)
    return quickfix.verify(location.files, on_progress)


def backups_of(location: StoreLocation) -> list[BackupSet]:
    """What edits kept, the newest first."""
    return find_backups(location.paths)


def numbers_in(backup_set: BackupSet) -> tuple[int, int] | None:
    """The last numbers out and in that are kept in a backup; None where it has none that can be read."""
    for path, copy in backup_set.files:
        try:
            if path.name == META_NAME:
                state = read_session_meta(copy).state
                return state.last_sent_seq_num, state.last_received_seq_num
            if path.suffix == quickfix.SEQNUMS:
                following = parse_pair(read_start(copy, _MOST_NUMBERS))
                return None if following is None else (following[0] - 1, following[1] - 1)
        except (StoreError, OSError):
            return None
    return None
