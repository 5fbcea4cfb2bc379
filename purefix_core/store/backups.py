"""Dated copies that are kept beside what is about to be changed, and putting them back."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from purefix_core.store.disk import Disk

BACKUP = "bak"

REPLACED = "old"
"""Ends the name of what was wrong and was made anew: it is kept to be looked at, and never put back."""

_STAMP = re.compile(r"\.([0-9]{8}-[0-9]{6}(?:-[0-9]+)?)\.([a-z]+)\Z")


@dataclass(frozen=True)
class BackupSet:
    """The copies that one change made."""

    stamp: str
    """When it was made, UTC: `20260131-235959`, with `-2` behind it for the second one of that second."""
    files: tuple[tuple[Path, Path], ...]
    """Each file with its copy."""

    @property
    def made(self) -> int:
        """The time of the stamp in seconds since 1970; 0 for what nobody's clock shows."""
        try:
            return calendar.timegm(time.strptime(self.stamp[:15], "%Y%m%d-%H%M%S"))
        except ValueError:
            return 0


def dated(path: Path, what: str) -> Path:
    """A free name beside `path`: `session.meta.20260131-235959.bak` for `what` = `bak`. The time is UTC."""
    return dated_alike([path], what)[0]


def dated_alike(paths: Iterable[Path], what: str = BACKUP) -> list[Path]:
    """A name beside each of `paths`, all of a stamp that is later than all others in their folder. Raises OSError.

    So the backups of one change are one BackupSet, and that of the newest change is the newest, also where two changes
    are made in one second, or the clock was set back.
    """
    paths = list(paths)
    folders = {path.parent for path in paths}
    found = (_STAMP.search(each.name) for folder in folders if folder.is_dir() for each in folder.iterdir())
    newest = max((match[1] for match in found if match is not None and match[2] == what), key=_order, default="")
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    if newest and _order(newest) >= _order(stamp):
        moment, number = _order(newest)
        stamp = f"{moment}-{number + 1}"
    return [path.with_name(f"{path.name}.{stamp}.{what}") for path in paths]


def find_backups(paths: Iterable[Path]) -> list[BackupSet]:
    """The backups beside the files of a store, the newest first. Raises OSError."""
    found: dict[str, list[tuple[Path, Path]]] = {}
    for path in paths:
        for copy in path.parent.glob(f"{_literal(path.name)}.*.{BACKUP}"):
            match = _STAMP.match(copy.name, len(path.name))
            if match is not None and match[2] == BACKUP:
                found.setdefault(match[1], []).append((path, copy))
    return [BackupSet(stamp, tuple(found[stamp])) for stamp in sorted(found, key=_order, reverse=True)]


def _order(stamp: str) -> tuple[str, int]:
    """`-2` comes before `-10`."""
    return stamp[:15], int(stamp[16:] or 1)


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
