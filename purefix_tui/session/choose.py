"""The dialog that chooses a session: a file, and where it has several one of its sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Input, Label, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_tui.dialogs.file_kinds import SESSION
from purefix_tui.dialogs.open_file import FilePicker
from purefix_tui.dialogs.recent import load_recent, remember
from purefix_tui.session.config_form import ConfigForm
from purefix_tui.session.keys import CHOOSE_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.key_line import KeyLine
from purefix_tui.widgets.plain import visible

_PLACE = re.compile(r"Sessions\[([0-9]{1,5})\]")


def recent_sessions(state_folder: Path) -> list[Path]:
    """The session files opened last, newest first, that still exist."""
    return load_recent(state_folder, SESSION)


def remember_session(state_folder: Path, path: Path) -> None:
    """Put a session file first in that list."""
    remember(state_folder, path, SESSION)


class Problems(VerticalScroll):
    """All that is wrong with a file; a line each."""

    HELP = "What keeps this file from being used. Ctrl+E edits a JSON file in the form, Esc goes back."

    DEFAULT_CSS = """
    Problems { height: 1fr; background: $panel; }
    Problems > Static { width: 100%; height: auto; }
    """

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def show(self, lines: list[str]) -> None:
        self.query_one(Static).update(Content.styled("\n".join(f"✗ {visible(line)}" for line in lines), "$error"))
        self.scroll_home(animate=False)


class ChooseSession(Dialog[FixConfig | None]):
    """Dismissed with a session, or with None. A file of one session is taken at once."""

    HELP = """Opens a session: type the path of its file, pick a recent one, or walk through the folders.

Of a file with several sessions one is chosen then. Ctrl+N fills in a form for a new file, Ctrl+E edits the JSON file
under the cursor in that form."""

    BINDINGS: ClassVar[list[BindingType]] = CHOOSE_KEYS

    DEFAULT_CSS = """
    ChooseSession { align: center middle; }
    ChooseSession > Vertical { width: 100; max-width: 96%; height: 90%; padding: 1 2 0 2; background: $panel; }
    ChooseSession ContentSwitcher { height: 1fr; }
    ChooseSession .title { text-style: bold; color: $primary; width: 100%; }
    ChooseSession #sessions { height: 1fr; border: none; padding: 0; margin: 1 0; background: $panel; }
    ChooseSession #sessions:focus { background-tint: $panel 0%; }
    ChooseSession .warnings { color: $warning; width: 100%; height: auto; max-height: 4; }
    """

    @dataclass
    class Loaded(Message):
        """A worker read a file: its sessions, or what is wrong with it."""

        path: Path
        configs: list[FixConfig]
        problems: list[str]

    def __init__(self, state_folder: Path, registry: Dialects | None, path: Path | None = None) -> None:
        """`path`: the file to begin with."""
        super().__init__()
        self._state_folder = state_folder
        self._registry = registry
        self._path = path
        """The file whose sessions or problems are shown, or that is being read."""
        self._configs: list[FixConfig] = []
        self._is_reading = False
        self._is_filling_in = False
        """Whether a form is open, or about to be: one at a time, however fast the keys come."""
        self._first_wrong = 0
        """Which of the file's `Sessions` has the first problem."""

    def compose(self) -> ComposeResult:
        folder = Path.cwd() if self._path is None else self._path.absolute().parent
        with Vertical():
            with ContentSwitcher(initial="files"):
                with Vertical(id="files"):
                    yield FilePicker(folder, recent_sessions(self._state_folder), SESSION)
                with Vertical(id="one-file"):
                    yield Label("", classes="title", markup=False)
                    yield OptionList(id="sessions", compact=True, markup=False)
                    yield Label("", classes="warnings", markup=False)
                    yield Problems()
            yield KeyLine(())

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        if self._path is not None:
            self._read(self._path)

    # -- a file

    @on(FilePicker.Picked)
    def _picked(self, event: FilePicker.Picked) -> None:
        event.stop()
        self._read(event.path)

    def _read(self, path: Path) -> None:
        self._path, self._is_reading = path, True
        self._show(visible(f"Reading {path} …"), [], [])
        self._load(path)

    @work(thread=True, exclusive=True, group="load")
    def _load(self, path: Path) -> None:
        worker = get_current_worker()
        try:
            configs, problems = load_configs(path, self._registry), []
        except FixConfigError as error:
            configs, problems = [], list(error.problems)
        if not worker.is_cancelled:
            self.post_message(self.Loaded(path, configs, problems))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        event.stop()
        if event.path != self._path:
            return
        self._is_reading = False
        if event.configs:
            remember_session(self._state_folder, event.path)
        if len(event.configs) == 1:
            self.dismiss(event.configs[0])
            return
        lines = [line.removeprefix(f"{event.path}: ") for line in event.problems]
        text = f"{len(event.configs):,} sessions in {event.path}" if event.configs else f"{event.path} cannot be used"
        places = [int(match[1]) for line in lines if (match := _PLACE.match(line))]
        self._first_wrong = places[0] if places else 0
        self._show(visible(text), event.configs, lines)

    def _show(self, title: str, configs: list[FixConfig], problems: list[str]) -> None:
        self._configs = configs
        self.query_one(ContentSwitcher).current = "one-file"
        self.query_one("#one-file > .title", Label).update(title)
        sessions, wrong = self.query_one("#sessions", OptionList), self.query_one(Problems)
        sessions.display, wrong.display = bool(configs), bool(problems)
        sessions.clear_options()
        sessions.add_options(Option(line) for line in _lines(configs))
        wrong.show(problems)
        self.query_one(".warnings", Label).update("")
        (sessions if configs else wrong).focus()
        if configs:
            sessions.highlighted = 0

    @on(OptionList.OptionHighlighted, "#sessions")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index < len(self._configs):
            lines = (line.removeprefix(f"{self._path}: ") for line in self._configs[event.option_index].warnings)
            self.query_one(".warnings", Label).update("\n".join(f"! {visible(line)}" for line in lines))

    @on(OptionList.OptionSelected, "#sessions")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._configs[event.option_index])

    # -- keys

    def action_back(self) -> None:
        if self.query_one(ContentSwitcher).current == "files":
            self.dismiss(None)
        else:
            self._show_files()

    def _show_files(self) -> None:
        self._path, self._is_reading = None, False  # whoever still reads it, reads it for nobody
        self.query_one(ContentSwitcher).current = "files"
        self.query_one(Input).focus()

    def action_new(self) -> None:
        self._fill_in(None, 0)

    def action_edit(self) -> None:
        if self.query_one(ContentSwitcher).current == "files":
            path = self.query_one(FilePicker).aimed_at
            if path is not None:
                self._fill_in(path, 0)
        elif self._path is not None:
            listed = self.query_one("#sessions", OptionList).highlighted if self._configs else self._first_wrong
            self._fill_in(self._path, listed or 0)

    def _fill_in(self, path: Path | None, place: int) -> None:
        if self._is_filling_in:
            return
        self._is_filling_in = True
        if self._is_reading:  # else it would be taken, and this dialog be gone, under the form
            self._show_files()
        self._ask(path, place)

    @work
    async def _ask(self, path: Path | None, place: int) -> None:
        try:
            saved = await self.app.push_screen_wait(ConfigForm(self._state_folder, self._registry, path, place))
        except FixConfigError as error:
            self.app.notify("\n".join(error.problems), title="Cannot edit", severity="error")
        else:
            if saved is not None:
                self._read(saved)
        finally:
            self._is_filling_in = False


def _lines(configs: list[FixConfig]) -> list[str]:
    """A line for each session, in columns."""
    rows = [
        (
            visible(f"{each.settings.session_id.sender_comp_id} → {each.settings.session_id.target_comp_id}"),
            visible(each.registration.name),
            visible(_where(each)),
        )
        for each in configs
    ]
    first, second = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    return [f"{names:<{first}}   {dialect:<{second}}   {where}" for names, dialect, where in rows]


def _where(config: FixConfig) -> str:
    network = config.settings.network
    if not config.settings.is_initiator:
        return f"accepts on port {network.accept_port}" if network.accept_port else "accepts on any free port"
    host, port = network.hosts[0] if network.hosts else ("", 0)
    return f"connects to {host}:{port}" if host else "connects to nothing: no host"
