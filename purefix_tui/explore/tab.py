"""The Explore tab: the opened logs, one shown at a time, and a welcome where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.dialogs.recent import load_recent, remember
from purefix_tui.explore.tab_names import tab_names
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.log_view import LogView
from purefix_tui.log.pane import LogPane
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.plain import visible
from purefix_tui.widgets.top_bar import StatusChanged

_MOST_FAILURES = 3
"""So many logs that could not be opened are named."""

WELCOME = """\
[bold]No log is open.[/]

[b $primary]o[/]  opens a file: type a path, pick a recent one, or walk through the folders
[b $primary]?[/]  shows every key
[b $primary]q[/]  quits

From the shell:  [b]purefix some.log[/]   or   [b]zcat some.log.gz | purefix -[/]
Any FIX log will do: SOH, | or ^A between fields, with or without a logger's own text."""


@dataclass(frozen=True)
class ExploreOptions:
    """How logs are opened. `dialects` None: the packaged registry. `state_folder` keeps the recent files."""

    state_folder: Path
    dialects: Dialects | None = None
    dialect: str | None = None
    expression: str = ""
    following: bool = False


class Welcome(Static, can_focus=True):
    """What to do where nothing is open."""

    HELP = "Nothing is open. o opens a log."
    DEFAULT_CSS = """
    Welcome { padding: 2 4; height: 1fr; color: $foreground; }
    """


class ExploreTab(Vertical):
    """Opens logs and shows one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "open", id="explore.open", tooltip="Open a log file"),
        Binding(">", "next_file(1)", "next file", show=False, id="explore.next", tooltip="Show the next opened log"),
        Binding(
            "<",
            "next_file(-1)",
            "previous file",
            show=False,
            id="explore.previous",
            tooltip="Show the opened log before",
        ),
        Binding("ctrl+w", "close", "Close", show=False, id="explore.close", tooltip="Close this log"),
    ]

    DEFAULT_CSS = """
    ExploreTab { height: 1fr; }
    ExploreTab > #files { display: none; padding: 0 1; width: 100%; background: $panel; }
    ExploreTab.-several > #files { display: block; }
    ExploreTab > #failures { height: auto; padding: 0 1; color: $error; text-wrap: nowrap; text-overflow: ellipsis; }
    ExploreTab > ContentSwitcher { height: 1fr; }
    """

    @dataclass
    class Opened(Message):
        """A worker opened a log."""

        log: LogFile
        place: int

    @dataclass
    class OpenFailed(Message):
        """A worker could not open a log, and why."""

        text: str

    def __init__(self, paths: list[str | LogFile], options: ExploreOptions) -> None:
        super().__init__()
        self._paths = paths
        self._options = options
        self._panes: list[LogPane] = []
        self._opened = 0
        self._failed: list[str] = []
        """What could not be opened, and why."""
        self._first_file = 0
        """The opened log whose name stands first in the line of files."""

    def compose(self) -> ComposeResult:
        yield ChoiceLine([], "", "The opened logs; > and < go from one to the next", id="files")
        failures = Static("", id="failures", markup=False)
        failures.display = False
        yield failures
        with ContentSwitcher(initial="welcome"):
            yield Welcome(WELCOME, id="welcome")

    def on_mount(self) -> None:
        if self._paths:
            self.query_one(Welcome).update("Opening …")
            self._open_all(self._paths)

    @property
    def pane(self) -> LogPane | None:
        """The log that is shown."""
        current = self.query_one(ContentSwitcher).current
        return next((pane for pane in self._panes if pane.id == current), None)

    def focus_inside(self) -> None:
        """Put the focus where keys are wanted first."""
        pane = self.pane
        (self.query_one(Welcome) if pane is None else pane.table).focus()

    # Opening.

    @work(thread=True, group="open")
    def _open_all(self, paths: list[str | LogFile]) -> None:
        options = self._options
        for path in paths:
            try:
                log = path if isinstance(path, LogFile) else LogFile.open(path, options.dialects, options.dialect)
            except LogError as error:
                self.post_message(self.OpenFailed(str(error)))
            else:
                self._opened += 1
                self.post_message(self.Opened(log, self._opened))

    @on(OpenFailed)
    def _open_failed(self, event: OpenFailed) -> None:
        event.stop()
        self._failed.append(event.text)
        self._show_failures()
        self.notify(event.text, title="Cannot open", severity="error", timeout=20)

    def _show_failures(self) -> None:
        """Say what could not be opened for as long as nobody opens another log."""
        lines = [f"✗ {visible(text)}" for text in self._failed[:_MOST_FAILURES]]
        if len(self._failed) > _MOST_FAILURES:
            lines.append(f"  and {len(self._failed) - _MOST_FAILURES:,} more")
        failures = self.query_one("#failures", Static)
        failures.update("\n".join(lines))
        failures.display = bool(lines)
        if self.pane is None:
            self.query_one(Welcome).update(WELCOME)

    @on(Opened)
    async def _show_opened(self, event: Opened) -> None:
        event.stop()
        pane = LogPane(event.log, FilterState(self._options.expression), self._options.following)
        pane.id = f"log-{event.place}"
        self._panes.append(pane)
        await self.query_one(ContentSwitcher).mount(pane)
        if event.log.source.in_place:
            remember(self._options.state_folder, event.log.path)
        if len(self._panes) == 1 or event.place > len(self._paths):
            self._show(pane)
        else:
            pane.display = False
            self._show_files()

    def _show(self, pane: LogPane) -> None:
        self.query_one(ContentSwitcher).current = pane.id
        if self.display:
            pane.table.focus()
        self._show_files()
        self._tell(pane)

    def on_resize(self) -> None:
        self._show_files()

    def _show_files(self) -> None:
        pane = self.pane
        self.set_class(len(self._panes) > 1, "-several")
        names = tab_names([each.log_file.path for each in self._panes])
        place = self._panes.index(pane) if pane else 0
        # More names than fit: end with the log that is shown, and say which of how many that is.
        if _cells(names) > self.size.width:
            names[place] += f" ({place + 1} of {len(names)})"
        first = 0
        while first < place and _cells(names[first : place + 1]) > self.size.width:
            first += 1
        self._first_file = first
        shown = names[first:]
        self.query_one("#files", ChoiceLine).show_choices(shown, place - self._first_file)

    @on(LogView.StatusChanged)
    def _status_changed(self, event: LogView.StatusChanged) -> None:
        event.stop()
        if event.view is self.pane:
            self._tell(event.view)

    def _tell(self, pane: LogView | None) -> None:
        dialect, following = (pane.dialect, pane.following) if pane is not None else ("", None)
        self.post_message(StatusChanged(self, dialect, following))

    # Keys.

    @work
    async def action_open(self) -> None:
        pane = self.pane
        folder = pane.log_file.path.absolute().parent if pane is not None else Path.cwd()
        path = await self.app.push_screen_wait(OpenFile(folder, load_recent(self._options.state_folder)))
        if path is not None:
            self._failed.clear()
            self._show_failures()
            self._open_all([str(path)])

    def action_next_file(self, steps: int) -> None:
        pane = self.pane
        if pane is not None:
            self._show(self._panes[(self._panes.index(pane) + steps) % len(self._panes)])

    @on(ChoiceLine.Chosen, "#files")
    def _file_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        self._show(self._panes[self._first_file + event.place])

    async def action_close(self) -> None:
        pane = self.pane
        if pane is None:
            return
        place = self._panes.index(pane)
        self._panes.remove(pane)
        switcher = self.query_one(ContentSwitcher)
        if self._panes:
            self._show(self._panes[min(place, len(self._panes) - 1)])
        else:
            welcome = self.query_one(Welcome)
            welcome.update(WELCOME)
            switcher.current = "welcome"
            welcome.focus()
            self._tell(None)
        await pane.remove()


def _cells(names: list[str]) -> int:
    """How many cells the line of files needs: one on each side, and two between names."""
    return sum(map(cell_len, names)) + 2 * len(names)
