"""What tells that a file or a package was changed: the times, size and inode of each file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

Signature = tuple[int, int, int, int]
"""Times of the last change of content and of rights, both in nanoseconds, size and inode."""

PACKAGE_INIT = "__init__.py"

_MAX_FILES = 10_000
"""Files and folders of a package that are looked at."""


def signature_of(status: os.stat_result) -> Signature:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def is_file(path: Path) -> bool:
    """Whether there is a file at `path`; False too where that cannot be found out, which Path.is_file raises for."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112


def file_signature(path: Path) -> Signature | None:
    """None where nothing can be found at `path`."""
    try:
        return signature_of(path.stat())
    except (OSError, ValueError):
        return None


def package_signature(path: Path) -> int | None:
    """One number for a package or module, made of the signatures of its .py files; None where there is nothing.

    For anything that is no package it is made of the file or folder itself, which changes when it becomes one.
    """
    own = file_signature(path)
    if own is None:
        return None
    if not is_file(path / PACKAGE_INIT):
        return hash(own)
    return hash(tuple((name, *signature_of(status)) for name, status in _python_files(path)))


def newest_change(path: Path) -> float:
    """When a .py file of a package or module was last changed, in seconds since 1970."""
    if is_folder(path):
        return max((status.st_mtime for _, status in _python_files(path)), default=0.0)
    own = file_signature(path)
    return 0.0 if own is None else own[0] / 1e9


def _python_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Texts instead of Paths, for a package of FIX 5.0 SP2 has 1,500 files, and a watch looks at them every second."""
    seen = 0
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        seen += len(folders) + len(files)
        for name in sorted(files):
            if name.endswith(".py"):
                path = f"{parent}{os.sep}{name}"
                try:
                    status = os.stat(path)  # noqa: PTH116
                except OSError:  # removed since it was listed
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield path, status
        if seen > _MAX_FILES:
            return
