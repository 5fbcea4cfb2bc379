"""The PureFix app: puts the tabs together, and owns what is the same in all of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Footer

from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_tui.explore.chips import Chips
from purefix_tui.explore.detail import DetailTable
from purefix_tui.explore.filter_bar import FilterBar
from purefix_tui.explore.message_table import MessageTable
from purefix_tui.explore.pane import LogPane
from purefix_tui.explore.tab import ExploreOptions, ExploreTab
from purefix_tui.themes import DARK, LIGHT, THEMES
from purefix_tui.widgets.help_screen import HelpScreen, keys_text
from purefix_tui.widgets.line_table import LineTable
from purefix_tui.widgets.plain import visible
from purefix_tui.widgets.top_bar import TopBar

_KEY_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "question_mark": "?",
    "escape": "Esc",
    "enter": "Enter",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


_MOVING = ("table.", "messages.", "detail.", "chips.left", "chips.right", "app.palette", "app.next", "app.previous")
"""Ids of bindings that move a cursor or the focus: nobody looks for these by name."""


class PureFixApp(App[None]):
    """PureFix."""

    TITLE = "PureFix"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 (an instance variable in App)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", "help", key_display="?", id="app.keys", tooltip="Every key"),
        Binding("f1", "explain", "Explain", show=False, id="app.explain", tooltip="Explain what has the focus"),
        Binding("ctrl+p", "command_palette", "Commands", show=False, id="app.palette", tooltip="Every action by name"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="app.next_pane", tooltip="To the next pane"),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Previous pane",
            show=False,
            id="app.previous_pane",
            tooltip="To the pane before",
        ),
        Binding("T", "theme", "Light or dark", show=False, id="app.theme", tooltip="Light or dark"),
        Binding("q,ctrl+q", "quit", "Quit", show=False, id="app.quit", tooltip="Quit"),
    ]

    CSS = """
    Footer { background: $panel; }
    Input { background: $background; }
    .-wide LogView > #panes { layout: horizontal; }
    .-wide Detail { height: 1fr; width: 40%; border-top: none; border-left: solid $rule; }
    .-wide #detail-title { layout: vertical; height: 2; }
    .-wide #detail-facts { width: 100%; }
    .-narrow #detail-facts { margin-right: 2; }
    """

    def __init__(
        self,
        paths: Iterable[str | LogFile],
        *,
        state_folder: Path,
        dialects: Dialects | None = None,
        dialect: str | None = None,
        expression: str = "",
        following: bool = False,
    ) -> None:
        """`paths`: logs to open, or logs already opened. `dialects` None: the packaged registry. `dialect` forces one
        of its registrations. `expression` filters every log; `following` shows what is appended to them."""
        super().__init__()
        self._paths = list(paths)
        self._options = ExploreOptions(state_folder, dialects, dialect, expression, following)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of kinds, for themes that do not bring their own."""
        return DARK.variables

    def compose(self) -> ComposeResult:
        yield TopBar(["Explore"])
        yield ExploreTab(self._paths, self._options)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    @on(ExploreTab.StatusChanged)
    def _show_status(self, event: ExploreTab.StatusChanged) -> None:
        self.query_one(TopBar).show_status(event.dialect, event.following)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 (the signature is Textual's)
    ) -> None:
        """Notices quote logs and paths: never as markup, and with nothing in them that a terminal would obey."""
        super().notify(visible(message), title=visible(title), severity=severity, timeout=timeout, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that has a key here, under its tooltip."""
        actions = {
            binding.action: (node, binding)
            for node, binding, enabled, _ in screen.active_bindings.values()
            if enabled and binding.id and not binding.id.startswith(_MOVING)
        }
        for node, binding in actions.values():
            title = f"{binding.description[:1].upper()}{binding.description[1:]}"
            yield SystemCommand(title, binding.tooltip, partial(self.run_action, binding.action, node))
        yield SystemCommand("Theme", "Choose another theme", self.action_change_theme)

    def action_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_keys(self) -> None:
        sections = [
            ("Log", LogPane.BINDINGS),
            ("Files", ExploreTab.BINDINGS),
            ("Moving, in every table", LineTable.BINDINGS),
            ("Message table", MessageTable.BINDINGS),
            ("Detail", DetailTable.BINDINGS),
            ("Filter bar", [*FilterBar.BINDINGS, *Chips.BINDINGS]),
            ("Everywhere", self.BINDINGS),
        ]
        self.push_screen(HelpScreen("Keys", keys_text(sections, _KEY_NAMES)))

    def action_explain(self) -> None:
        focused = self.screen.focused
        nodes = focused.ancestors_with_self if focused is not None else []
        text = next((help_text for node in nodes if (help_text := getattr(node, "HELP", None))), None)
        self.push_screen(HelpScreen("What this is", Content(text or "Nothing has the focus. Tab goes to the panes.")))
