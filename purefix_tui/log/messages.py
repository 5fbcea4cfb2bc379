"""What the workers of a pane tell it. Those that may be stale carry the generation of what they belong to, or the
search itself; the one handler that owns the state drops them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from textual.message import Message

from purefix_core.logs.filter import Filter, FilterError
from purefix_core.logs.follow import Change
from purefix_core.logs.log_file import Progress
from purefix_tui.log.search import Hit, Search


@dataclass
class Indexed(Message):
    """The index has come this far."""

    progress: Progress
    reading: bool
    """Whether the log is a stream that still comes."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Indexed)


@dataclass
class IndexEnded(Message):
    """All is indexed, or it was cancelled, or the file cannot be read (`problem`)."""

    finished: bool
    problem: str = ""


@dataclass
class Matched(Message):
    """Rows that pass the filter, behind those of the messages before; every row before `scanned_to` is decided."""

    generation: int
    condition: Filter
    rows: array[int]
    scanned_to: int
    first: bool
    """These rows begin a new result."""
    done: bool


@dataclass
class FilterRefused(Message):
    """The expression is wrong; what was shown before stays."""

    generation: int
    error: FilterError


@dataclass
class FilterFailed(Message):
    """The log cannot be read (`problem`); what was found before stays."""

    generation: int
    problem: str


@dataclass
class RowFound(Message):
    """A search ended: at a row, or nowhere, or because the log cannot be read (`problem`)."""

    search: Search
    hit: Hit | None
    problem: str = ""


@dataclass
class ExportProgress(Message):
    """So many messages are written."""

    written: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ExportProgress)


@dataclass
class Exported(Message):
    """An export ended. `text` says how, in words for the user."""

    text: str
    failed: bool


@dataclass
class FileChanged(Message):
    """Something happened to the file on disk, and the index has followed."""

    generation: int
    change: Change
