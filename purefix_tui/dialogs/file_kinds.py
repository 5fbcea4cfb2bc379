"""What the dialog that opens something is asked to open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """One kind of thing that is opened."""

    title: str
    placeholder: str
    recent: str
    """The file that the ones opened last are kept in."""
    is_folder: bool = False
    """Whether a folder is what is opened, rather than a file."""


LOG = FileKind("Open a log", "path of a log, plain or .gz", "recent.json")
SESSION = FileKind("Open a session file", "path of a session file, JSON or QuickFIX's .cfg", "recent-sessions.json")
STORE = FileKind("Open a message store", "folder of a store, or of many", "recent-stores.json", is_folder=True)
SCENARIO = FileKind("Run a scenario", "path of a scenario, YAML or JSON", "recent-scenarios.json")
