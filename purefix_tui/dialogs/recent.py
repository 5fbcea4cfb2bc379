"""The files opened last, kept in the user's state folder."""

from __future__ import annotations

import json
from pathlib import Path

_KEPT = 20


def load_recent(folder: Path) -> list[Path]:
    """The files opened last, newest first, that still exist. An unreadable list counts as empty."""
    try:
        paths = json.loads((folder / "recent.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(paths, list):
        return []
    return [Path(path) for path in paths if isinstance(path, str) and Path(path).is_file()]


def remember(folder: Path, path: Path) -> None:
    """Put `path` first in the list. A folder that cannot be written to is no reason to disturb the user."""
    path = path.absolute()
    paths = [path, *(known for known in load_recent(folder) if known != path)][:_KEPT]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "recent.json").write_text(json.dumps([str(p) for p in paths], indent=1), encoding="utf-8")
    except OSError:
        return
