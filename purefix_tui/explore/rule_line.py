"""The rule under the filter bar; it says there what is wrong with the expression."""

from __future__ import annotations

from textual.widgets import Static

from purefix_core.logs.filter import FilterError


class RuleLine(Static):
    """A line of ─, or an error."""

    DEFAULT_CSS = """
    RuleLine { height: 1; color: $rule; text-wrap: nowrap; text-overflow: ellipsis; }
    RuleLine.-error { color: $error; text-style: bold; padding: 0 2; }
    """

    _error: FilterError | None = None

    def say(self, error: FilterError | None) -> None:
        """Show an error, or the rule again."""
        self._error = error
        self.set_class(error is not None, "-error")
        self._paint()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        self.update("─" * self.size.width if self._error is None else f"✗ {self._error}")
