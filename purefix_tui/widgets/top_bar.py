"""The program's first line: its name, its tabs, and the state of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Label, Static

from purefix_tui.widgets.choice_line import ChoiceLine


@dataclass
class StatusChanged(Message):
    """What a tab shows has another dialect or follow state, or is something else."""

    tab: Widget
    dialect: str
    following: bool | None
    """None: nothing is open that could be followed."""


class TopBar(Horizontal):
    """Name, tabs, dialect, follow state."""

    DEFAULT_CSS = """
    TopBar { height: 1; padding: 0 1; background: $panel; }
    TopBar > .brand { text-style: bold; margin-right: 3; }
    TopBar > #status { width: 1fr; text-align: right; text-wrap: nowrap; }
    """

    def __init__(self, tabs: Sequence[str], chosen: str) -> None:
        super().__init__()
        self._tabs = tabs
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        yield Label("PureFix", classes="brand")
        yield ChoiceLine(self._tabs, self._chosen, "The parts of the program; 1, 2 and 3 go to them", id="tabs")
        yield Static("", id="status")

    def show_tab(self, name: str) -> None:
        """Mark another tab."""
        self.query_one(ChoiceLine).show(name)

    def show_status(self, dialect: str, following: bool | None) -> None:
        """`following` None: nothing is open that could be followed."""
        pieces = [(dialect, "$muted")]
        if following is not None:
            pieces.append(("     ● following", "$success") if following else ("     ○ not following", "$muted"))
        self.query_one("#status", Static).update(Content.assemble(*pieces), layout=False)
