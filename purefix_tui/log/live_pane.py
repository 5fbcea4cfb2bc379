"""A log that is being written: what is written from now on, and between the messages what happened besides."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.event_lines import EventLine
from purefix_tui.log.filtered_table import FilteredTable
from purefix_tui.log.following import Follower
from purefix_tui.log.keys import LIVE_KEYS
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.pane import LogPane
from purefix_tui.log.row_source import Remark, no_remark
from purefix_tui.log.words import Extent

__all__ = ["EventLine", "LivePane", "live_log"]

_HELP = """\


Dim lines are what happened between the messages; ! warns, ✗ went wrong. e hides or shows them.
The table follows what is written as long as the cursor is on its last line; End goes back there."""


_SETTLED_SECONDS = 1.0
"""After the first messages: by then styles and dictionaries are loaded."""


_YOUNG, _MIDDLE, _OLD = gc.get_threshold()
_SELDOM = 20
"""Collections of the middle generation between two of the old one. More make each of them longer."""


def _spare_pauses() -> None:
    """Have the garbage collector pass over what is there now, and look through all the rest more seldom. To look
    through everything, above all styles and dictionaries, takes 50 ms, and while messages come it would do so every
    second; through what came since 10 ms."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _SELDOM)


def live_log(
    path: Path, dialects: Dialects | None = None, dialect: str | None = None, own_comp_id: str | None = None
) -> LogFile:
    """The log at `path` with nothing but what is written to it from now on; it is made where there is none. The rest
    as for `LogFile.open`. Raises LogError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o666))
    except OSError as error:
        raise LogError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    log = LogFile.open(path, dialects, dialect, own_comp_id)
    log.restrict(log.size, None)
    return log


class LiveTable(FilteredTable):
    """The messages and the events."""

    HELP = MessageTable.HELP + _HELP


class LivePane(LogPane):
    """A log while someone in this program writes it, with events between its messages."""

    BINDINGS: ClassVar[list[BindingType]] = LIVE_KEYS

    TABLE = LiveTable

    def __init__(self, log: LogFile, following: bool = True, remark: Remark = no_remark) -> None:
        """`log` as `live_log` gives it. `following` as F5 does; the cursor keeps to the last line while it is there."""
        super().__init__(log, FilterState(), following, remark)
        self._pokes = threading.Event()
        self._follower = Follower(log, self.post_message, self._pokes)

    @property
    def may_be_huge(self) -> bool:
        """Never: only what is written from now on is indexed."""
        return False

    def first_rows(self) -> None:
        super().first_rows()
        self.set_timer(_SETTLED_SECONDS, _spare_pauses)

    def on_unmount(self) -> None:
        gc.unfreeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)

    def add_events(self, lines: Sequence[EventLine]) -> None:
        """Show events at their places between the messages, now or as soon as those messages are indexed. To be called
        in the app's thread."""
        if lines:
            self.table.add_events(lines)

    def poke(self) -> None:
        """The log was written to: show it at once. May be called from any thread, and as often as one likes."""
        self._pokes.set()

    def why_no_rows(self, extent: Extent) -> tuple[str, ...]:
        if len(self.log_file.rows):
            return super().why_no_rows(extent)
        return ("No message yet.", "", "Messages appear here as they are sent and received.")

    def action_toggle_events(self) -> None:
        """Hide or show the events."""
        hidden = not self.table.events.hidden
        self.table.hide_events(hidden)
        self.notify("Events are hidden; e shows them again." if hidden else "Events are shown.")
