"""What the Session tab shows where no session is open: what to press, and the session files opened last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from purefix_tui.dialogs.file_kinds import SESSION
from purefix_tui.dialogs.recent import load_recent
from purefix_tui.session.keys import START_FOOTER, START_KEYS
from purefix_tui.widgets.plain import visible

_TEXT = """\
[bold]No session is open.[/]

[b $primary]o[/]  opens a session file: JSON, or QuickFIX's .cfg
[b $primary]n[/]  fills in a form for a new one

Opening connects to nothing. Then [b]L[/] connects and logs on, and shows what it sends before it sends it.
From the shell:  [b]purefix session client.json[/]"""

_HELP = "No session is open. o opens a session file, n makes a new one."


class Welcome(Static, can_focus=True):
    """What to press."""

    HELP = _HELP
    FOOTER = START_FOOTER


class Recent(OptionList):
    """The session files opened last."""

    HELP = _HELP + " Enter opens the recent one that is chosen."
    FOOTER = START_FOOTER


class StartPage(Vertical):
    """The text, and the recent files."""

    BINDINGS: ClassVar[list[BindingType]] = START_KEYS

    DEFAULT_CSS = """
    StartPage { padding: 2 4; height: 1fr; }
    StartPage > Welcome { height: auto; }
    StartPage > .caption { color: $muted; margin-top: 1; height: 1; }
    StartPage > Recent { height: auto; max-height: 1fr; border: none; padding: 0; background: $background; }
    StartPage > Recent:focus > .option-list--option-highlighted { background: $cursor-focused; color: $foreground; }
    """

    @dataclass
    class Opened(Message):
        """A recent file was chosen."""

        path: Path

    class NewWanted(Message):
        """The user wants to make a session."""

    def __init__(self, state_folder: Path) -> None:
        super().__init__()
        self._state_folder = state_folder
        self._recent: list[Path] = []

    def compose(self) -> ComposeResult:
        yield Welcome(_TEXT)
        yield Static("recent: Enter opens one", classes="caption")
        yield Recent(compact=True, markup=False)

    def on_mount(self) -> None:
        self.show_recent()

    def show_recent(self) -> None:
        """Read the list of recent files again."""
        self._recent = load_recent(self._state_folder, SESSION)
        recent = self.query_one(Recent)
        recent.clear_options()
        recent.add_options(Option(visible(str(path))) for path in self._recent)
        recent.highlighted = 0 if self._recent else None
        recent.display = self.query_one(".caption").display = bool(self._recent)

    def focus_inside(self) -> None:
        """Put the focus where keys are wanted."""
        (self.query_one(Recent) if self._recent else self.query_one(Welcome)).focus()

    def action_new(self) -> None:
        self.post_message(self.NewWanted())

    @on(OptionList.OptionSelected)
    def _recent_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Opened(self._recent[event.option_index]))
