"""What concerns the engine and none of its sessions: refused connections, above all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from purefix_core.session.engine.driver import Report, now
from purefix_core.session.engine.log_files import OpenFiles
from purefix_core.session.engine.message_log import MessageLog
from purefix_core.session.events import Event, Level, Note

_NAME = "GLOBAL"
"""As QuickFIX calls the log of what has no session."""
_MOST_REFUSALS = 60
_MINUTE = 60.0


class EngineLog:
    """Tells listeners, and writes `GLOBAL.event.current.log` where a folder is given.

    Whoever can reach the port could fill the disk with lines: of refusals 60 a minute are written, the rest counted.
    """

    def __init__(self, folder: Path | None, report: Report, files: OpenFiles) -> None:
        self._report = report
        self._log = None if folder is None else MessageLog(folder, _NAME, files)
        self._minute_ends = 0.0
        self._refusals = 0

    def note(self, text: str, level: Level = Level.INFO) -> None:
        notes: Sequence[Event] = [Note(now(), text, level)]
        if self._log is not None:
            notes = self._log.write(notes)
        self._report(None, notes)

    def refused(self, text: str) -> None:
        """A connection was not taken."""
        moment = time.monotonic()
        if moment >= self._minute_ends:
            self._say_uncounted()
            self._minute_ends = moment + _MINUTE
        self._refusals += 1
        if self._refusals <= _MOST_REFUSALS:
            self.note(text, Level.WARNING)

    def close(self) -> None:
        self._say_uncounted()
        if self._log is not None:
            self._log.close()

    def _say_uncounted(self) -> None:
        more = self._refusals - _MOST_REFUSALS
        self._refusals = 0
        if more > 0:
            self.note(f"{more:,} further connections were refused", Level.WARNING)
