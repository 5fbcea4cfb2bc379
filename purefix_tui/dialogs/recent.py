"""The files opened last, kept in the user's state folder: a list for each kind."""

from __future__ import annotations

import json
from pathlib import Path

from purefix_tui.dialogs.file_kinds import LOG, FileKind

_KEPT = 20


def load_recent(folder: Path, kind: FileKind = LOG) -> list[Path]:
    """Those of that kind that were opened last, newest first, and still exist. An unreadable list counts as empty."""
    try:
        paths = json.loads((folder / kind.recent).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(paths, list):
        return []
    return [Path(path) for path in paths if isinstance(path, str) and _exists(Path(path), kind)]


def remember(folder: Path, path: Path, kind: FileKind = LOG) -> None:
    """Put `path` first in the list. A folder that cannot be written to is no reason to disturb the user."""
    path = path.absolute()
    paths = [path, *(known for known in load_recent(folder, kind) if known != path)][:_KEPT]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / kind.recent).write_text(json.dumps([str(p) for p in paths], indent=1), encoding="utf-8")
    except OSError:
        return


def _exists(path: Path, kind: FileKind) -> bool:
    try:
        return path.is_dir() if kind.is_folder else path.is_file()
    except ValueError:  # a NUL in the path
        return False
