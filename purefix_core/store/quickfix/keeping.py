"""Keeps what an edit or a repair takes away, under a dated name beside the file."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from purefix_core.store.backups import dated, dated_alike
from purefix_core.store.quickfix.files import QuickFixFiles

CUT_OFF = "cut"


def backup_names(files: QuickFixFiles) -> dict[Path, Path]:
    """A free name for the backup of each file, all of one stamp, which no other backup of the store has."""
    return dict(zip(files.paths, dated_alike(files.paths), strict=True))


def keep_copy(path: Path, copy: Path) -> Path | None:
    """Copy a file, with its owner, rights and times. Returns the copy; None where there is no file. Raises OSError."""
    if not path.exists():
        return None
    try:
        _make(copy, path)
        shutil.copyfile(path, copy)
        shutil.copystat(path, copy)
    except BaseException:
        with suppress(OSError):
            copy.unlink()
        raise
    return copy


def keep_bytes(path: Path, content: bytes) -> Path:
    """Keep what is cut off a file. Returns the file that holds it. Raises OSError."""
    side = dated(path, CUT_OFF)
    _make(side, path)
    side.write_bytes(content)
    return side


def keep_under_other_name(path: Path, name: Path) -> Path | None:
    """Give a file that is about to be replaced a second name. None where there is no file. Raises OSError."""
    try:
        os.link(path, name)
    except FileNotFoundError:
        return None
    except OSError:  # a file system without hard links
        return keep_copy(path, name)
    return name


def _make(new: Path, like: Path) -> None:
    """An empty file with the owner and the rights of another one, from its first moment on."""
    status = like.stat()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with suppress(PermissionError):
            os.fchown(descriptor, status.st_uid, status.st_gid)
            os.fchmod(descriptor, status.st_mode & 0o7777)
    finally:
        os.close(descriptor)
