"""The lines that stand on screen as long as messages, or events, are not written to their log."""

from __future__ import annotations

from textual.widgets import Static

from purefix_core.session.status import SessionStatus
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text
from purefix_tui.widgets.plain import visible

_NO_LOG = "✗ NOT LOGGED: no folder can be written to.\nMake one that can be FileLogPath, and open the session again."


class NotLoggedLines(Static):
    """Since when and why nothing is logged, and what to do; not shown where all is."""

    DEFAULT_CSS = """
    NotLoggedLines { height: auto; max-height: 6; padding: 0 1; background: $panel; color: $error; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False
        self._shown = ""

    def show(self, status: SessionStatus) -> None:
        """Show them, or take them away."""
        text = not_logged_text(status)
        if text != self._shown:
            self._shown = text
            self.update(text)
            self.display = bool(text)


def not_logged_text(status: SessionStatus) -> str:
    """Two sentences, each on a line of its own; empty where everything is logged."""
    failing = status.not_logged
    if failing is None:
        return _NO_LOG if status.log_path is None else ""
    what = "NOT LOGGED" if failing.path == status.log_path else "EVENTS ARE NOT LOGGED"
    since = utc_timestamp_text(failing.since // NANOS * NANOS, 0)[9:17]
    first = f"✗ {what} since {since}: {visible(failing.reason)}."
    return f"{first}\nMake room for it, or move it away; each message tries it again: {visible(str(failing.path))}"
