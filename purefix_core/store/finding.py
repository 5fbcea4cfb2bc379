"""Finds message stores: below a folder, or behind a path that somebody typed."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from purefix_core.store.editing import FILES
from purefix_core.store.lock import FILE_NAME as LOCK_NAME
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.quickfix.recognising import recognise, recognise_one
from purefix_core.store.records import StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.session_meta import FILE_NAME as META_NAME

PUREFIX = "purefix"
"""The layout of our own stores; those of QuickFIX's engines are named in quickfix/files.py."""

_STORE_FILES = (META_NAME, DATA_NAME, INDEX_NAME)
"""One of them makes a folder a store of ours; without session.meta it is a damaged one."""
_OTHER_FILES = (LOCK_NAME, RESEND_NAME)

_DATED = re.compile(r"(?P<file>.+)\.(?P<stamp>[0-9]{8}-[0-9]{6}(?:-[0-9]+)?)\.(?P<what>bak|cut|old|edited)")
_DATED_WHAT = MappingProxyType(
    {"cut": "what was cut off", "old": "a former", "edited": "an edit, made while a session ran, of"}
)

UNFINISHED = ".converting"
"""Ends the name of a folder, beginning with a dot, in which a store is being made; what a conversion that was killed
leaves is no store."""

_DEEPEST = 16
"""Folders below the one that is searched."""
_MOST_FOLDERS = 100_000
_MOST_STORES = 10_000
_LISTED = 10


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """Where a store lies."""

    path: Path
    """The folder of a store of ours; for QuickFIX's the folder and the beginning of the names of its files."""
    layout: str
    """PUREFIX, or the engine of `files`."""
    files: QuickFixFiles | None = None
    """What is known of a QuickFIX store."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that there may be, that of the numbers last."""
        if self.files is not None:
            return self.files.paths
        return tuple(self.path / name for name in FILES)

    @property
    def folder(self) -> Path:
        return self.path if self.files is None else self.files.folder


@dataclass(slots=True)
class FoundStores:
    """What a search found."""

    stores: list[StoreLocation] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """Folders that could not be read, and where the search ended early."""
    unreadable: bool = False
    """Whether a folder, or a file in one, could not be read."""

    def cannot_read(self, notice: str) -> None:
        self.notices.append(notice)
        self.unreadable = True


def find_stores(root: Path) -> FoundStores:
    """The stores in a folder and below it, in the order of their names. Symbolic links are not followed.

    Raises StoreError where `root` is no folder that can be read.
    """
    if not root.is_dir():
        raise StoreError(f"{root}: {'is not a folder' if root.exists() else 'no such file or folder'}")
    found = FoundStores()
    for folders, folder in enumerate(_folders(root, found), 1):
        found.stores += _stores_in(folder, found)
        if len(found.stores) > _MOST_STORES:
            del found.stores[_MOST_STORES:]
            found.notices.append(f"{root}: holds more than {_MOST_STORES:,} stores; only these are listed")
            break
        if folders == _MOST_FOLDERS:
            found.notices.append(f"{root}: only its first {_MOST_FOLDERS:,} folders were searched")
            break
    return found


def locate(path: Path) -> StoreLocation:
    """The store that a path means: its folder, one of its files, QuickFIX's names without their ending, or a folder in
    or below which there is exactly one store.

    Raises StoreError, naming what is there instead, also for a dated copy of a file of a store.
    """
    try:
        if path.is_dir():
            return StoreLocation(path, PUREFIX) if _is_ours(path) else _the_only_one(path)
        is_there = path.is_file()
        if is_there:
            _refuse_dated(path)
            if _belongs_to_ours(path.name) and _is_ours(path.parent):
                return StoreLocation(path.parent, PUREFIX)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return _quickfix(recognise_one(path))
    except StoreError as error:
        if is_there or not path.name:
            raise
        raise StoreError(f"{path}: no such file or folder{_beside(path)}") from error


def locate_all(path: Path) -> FoundStores:
    """The stores in and below a folder, at least one, or the one store that another path means.

    Raises StoreError as `locate` does.
    """
    if not path.is_dir():
        return FoundStores([locate(path)])
    found = find_stores(path)
    if not found.stores:
        raise _none_in(path, found)
    return found


def _refuse_dated(path: Path) -> None:
    """Whoever names a copy means the copy, not the store that it is of."""
    match = _DATED.fullmatch(path.name)
    if match is None:
        return
    of = path.with_name(match["file"])
    if _belongs_to_ours(of.name):
        store = path.parent
    else:
        try:
            store = recognise_one(of).path
        except StoreError:  # of a file that has nothing to do with stores
            return
    if match["what"] == "bak":
        back = f"purefix store restore {shlex.quote(str(store))} {match['stamp']} puts it back"
        raise StoreError(f"{path}: is a backup of {of.name}; {back}")
    raise StoreError(f"{path}: is {_DATED_WHAT[match['what']]} {of.name}, which nothing reads; the store is {store}")


def _beside(path: Path) -> str:
    """The QuickFIX stores of the folder that a mistyped path would lie in."""
    try:
        found = recognise(path.parent)
    except StoreError:
        return ""
    names = [each.prefix for each in found[:_LISTED]]
    if len(found) > _LISTED:
        names.append(f"{len(found) - _LISTED:,} more")
    return f"; its folder has the stores {', '.join(names)}" if names else ""


def _folders(root: Path, found: FoundStores) -> Iterator[Path]:
    """`root` and the folders below it."""
    waiting = [(root, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                below = sorted(entry.name for entry in entries if _is_searched(entry))
        except OSError as error:
            found.cannot_read(f"{folder}: cannot be read: {error.strerror}")
            continue
        yield folder
        if below and depth == _DEEPEST:
            found.notices.append(f"{folder}: not searched: more than {_DEEPEST} folders deep")
            continue
        waiting += [(folder / name, depth + 1) for name in reversed(below)]


def _is_searched(entry: os.DirEntry[str]) -> bool:
    # The folder of a session never begins with a dot, though a CompID may be `converting`.
    is_unfinished = entry.name.startswith(".") and entry.name.endswith(UNFINISHED)
    return entry.is_dir(follow_symlinks=False) and not is_unfinished


def _stores_in(folder: Path, found: FoundStores) -> list[StoreLocation]:
    """The stores directly in a folder."""
    try:
        ours = [StoreLocation(folder, PUREFIX)] if _is_ours(folder) else []
        return ours + [_quickfix(files) for files in recognise(folder)]
    except OSError as error:
        found.cannot_read(f"{folder}: cannot be read: {error.strerror}")
    except StoreError as error:
        found.cannot_read(str(error))
    return []


def _the_only_one(folder: Path) -> StoreLocation:
    found = find_stores(folder)
    if not found.stores:
        raise _none_in(folder, found)
    if len(found.stores) > 1:
        names = [str(store.path) for store in found.stores[:_LISTED]]
        if len(found.stores) > _LISTED:
            names.append(f"{len(found.stores) - _LISTED:,} more")
        raise StoreError(f"{folder}: holds {len(found.stores):,} stores; name one of them: {', '.join(names)}")
    return found.stores[0]


def _none_in(folder: Path, found: FoundStores) -> StoreError:
    unread = f" ({found.notices[0]})" if found.notices else ""
    return StoreError(f"{folder}: holds no message store{unread}")


def _is_ours(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _STORE_FILES)


def _belongs_to_ours(name: str) -> bool:
    return name in _STORE_FILES or name in _OTHER_FILES


def _quickfix(files: QuickFixFiles) -> StoreLocation:
    return StoreLocation(files.path, files.engine, files)
