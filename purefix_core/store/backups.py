"""Dated copies that are kept beside what is about to be changed, and putting them back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from purefix_core.store.disk import Disk

BACKUP = "bak"

_STAMP = re.compile(r"\.([0-9]{8}-[0-9]{6}(?:-[0-9]+)?)\.bak")


@dataclass(frozen=True)
class BackupSet:
    """The copies that one change made."""

    stamp: str
    """When it was made, UTC: `20260131-235959`, with `-2` behind it for the second one of that second."""
    files: tuple[tuple[Path, Path], ...]
    """Each file with its copy."""


def dated(path: Path, what: str) -> Path:
    """A free name beside `path`: `session.meta.20260131-235959.bak` for `what` = `bak`. The time is UTC."""
    return dated_alike([path], what)[0]


def dated_alike(paths: Iterable[Path], what: str = BACKUP) -> list[Path]:
    """A name beside each of `paths`, all of a stamp that nothing else in their folder has. Raises OSError.

    So the backups of one change are one BackupSet, and a change of another file in the same second is another one.
    """
    paths = list(paths)
    there = [each.name for folder in {path.parent for path in paths} if folder.is_dir() for each in folder.iterdir()]
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for number in count(1):
        stamp = moment if number == 1 else f"{moment}-{number}"
        ending = f".{stamp}.{what}"
        if not any(name.endswith(ending) for name in there):
            return [path.with_name(path.name + ending) for path in paths]
    raise AssertionError


def find_backups(paths: Iterable[Path]) -> list[BackupSet]:
    """The backups beside the files of a store, the newest first. Raises OSError."""
    found: dict[str, list[tuple[Path, Path]]] = {}
    for path in paths:
        for copy in path.parent.glob(f"{_literal(path.name)}.*.{BACKUP}"):
            match = _STAMP.fullmatch(copy.name, len(path.name))
            if match is not None:
                found.setdefault(match[1], []).append((path, copy))
    order = sorted(found, key=lambda stamp: (stamp[:15], int(stamp[16:] or 1)), reverse=True)
    return [BackupSet(stamp, tuple(found[stamp])) for stamp in order]


def restore(backup_set: BackupSet, also: Iterable[Path] = (), decides: Path | None = None) -> list[Path]:
    """Put the copies back, which stay where they are. Gives the new copies of what was there before. Raises OSError.

    `also`: files that go away, for they belong to what is replaced. `decides`: the file of the set without which nobody
    uses the others; it is away until all of them are there, in case this ends half-way.
    """
    disk = Disk()
    also = [path for path in also if path.exists()]
    present = [path for path, _ in backup_set.files if path.exists()] + also
    kept = dated_alike(present)
    for path, copy in zip(present, kept, strict=True):
        disk.copy(path, copy)
    gone = also if decides is None or len(backup_set.files) == 1 else [decides, *also]
    for path in gone:
        disk.remove(path)
    if gone:
        disk.sync_folder(gone[0].parent)
    for path, copy in sorted(backup_set.files, key=lambda pair: pair[0] == decides):
        disk.copy(copy, path)
    return kept


def _literal(name: str) -> str:
    """A name in which glob finds nothing special."""
    return re.sub(r"([*?[])", r"[\1]", name)
