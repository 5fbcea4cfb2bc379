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
    return _free(path, time.strftime("%Y%m%d-%H%M%S", time.gmtime()), what)


def dated_alike(paths: Iterable[Path]) -> list[Path]:
    """A free name beside each of `paths` for its backup, all of the same stamp, so that they are one BackupSet."""
    paths = list(paths)
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for number in count(1):
        stamp = moment if number == 1 else f"{moment}-{number}"
        names = [path.with_name(f"{path.name}.{stamp}.{BACKUP}") for path in paths]
        if not any(name.exists() for name in names):
            return names
    raise AssertionError


def _free(path: Path, moment: str, what: str) -> Path:
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        free = path.with_name(f"{path.name}.{moment}{again}.{what}")
        if not free.exists():
            return free
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


def restore(backup_set: BackupSet) -> list[Path]:
    """Put the copies back, which stay where they are. Gives the new copies of what was there before. Raises OSError.

    The last file of the set comes last: what decides, as session.meta does, must be named last in `find_backups`.
    """
    disk = Disk()
    present = [path for path, _ in backup_set.files if path.exists()]
    kept = dated_alike(present)
    for path, copy in zip(present, kept, strict=True):
        disk.copy(path, copy)
    for path, copy in backup_set.files:
        disk.copy(copy, path)
    return kept


def _literal(name: str) -> str:
    """A name in which glob finds nothing special."""
    return re.sub(r"([*?[])", r"[\1]", name)
