"""A few words in a line, one of them chosen: tabs, or the ways to show something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from purefix_tui.widgets.plain import visible

_GAP = 2


class ChoiceLine(Static):
    """The words; a click chooses one. Keys are for whoever owns the line."""

    DEFAULT_CSS = """
    ChoiceLine { width: auto; height: 1; }
    """

    @dataclass
    class Chosen(Message):
        """A word was clicked."""

        line: ChoiceLine
        choice: str
        place: int

        @property
        def control(self) -> ChoiceLine:
            return self.line

    def __init__(self, choices: Sequence[str], chosen: str, tooltip: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = list(choices)
        self._chosen = choices.index(chosen) if chosen in choices else 0
        self.tooltip = tooltip

    def on_mount(self) -> None:
        self._paint()

    def show(self, chosen: str) -> None:
        """Mark another choice."""
        self._chosen = self._choices.index(chosen)
        self._paint()

    def show_choices(self, choices: Sequence[str], place: int) -> None:
        """Offer other choices, of which the one at `place` is chosen."""
        self._choices = [visible(choice) for choice in choices]
        self._chosen = place
        self._paint()

    def _paint(self) -> None:
        pieces: list[tuple[str, str]] = []
        for place, choice in enumerate(self._choices):
            style = "bold underline $primary" if place == self._chosen else "$muted"
            pieces += [(" " * _GAP if place else "", ""), (choice, style)]
        self.update(Content.assemble(*pieces))

    def on_click(self, event: events.Click) -> None:
        x = 0
        for place, choice in enumerate(self._choices):
            if x <= event.x < x + cell_len(choice):
                self.post_message(self.Chosen(self, choice, place))
                return
            x += cell_len(choice) + _GAP
