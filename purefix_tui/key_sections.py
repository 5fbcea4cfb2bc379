"""Every key binding of the program, by the part of the screen where it works."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding, BindingType

from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.chips import Chips
from purefix_tui.log.detail import DetailTable
from purefix_tui.log.export_dialog import ExportDialog
from purefix_tui.log.filter_bar import ExpressionInput, FilterBar
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.pane import LogPane
from purefix_tui.widgets.help_screen import HelpScreen
from purefix_tui.widgets.line_table import LineTable

APP_KEYS: list[BindingType] = [
    Binding("?", "keys", "help", key_display="?", id="app.keys", tooltip="Every key"),
    Binding(
        "f1", "explain", "explain", show=False, key_display="F1", id="app.explain", tooltip="Explain what has the focus"
    ),
    Binding("ctrl+p", "command_palette", "Commands", show=False, id="app.palette", tooltip="Every action by name"),
    Binding("1", "show_tab('Explore')", "Explore", show=False, id="app.explore", tooltip="To the logs"),
    Binding("2", "show_tab('Session')", "Session", show=False, id="app.session", tooltip="To the session"),
    Binding("3", "show_tab('Stores')", "Stores", show=False, id="app.stores", tooltip="To the message stores"),
    Binding("T", "theme", "Light or dark", show=False, id="app.theme", tooltip="Light or dark"),
    Binding("q,ctrl+q", "quit", "Quit", show=False, id="app.quit", tooltip="Quit"),
]

SCREEN_KEYS: list[BindingType] = [
    Binding("tab", "app.focus_next", "Next pane", show=False, id="app.next_pane", tooltip="To the next pane"),
    Binding(
        "shift+tab",
        "app.focus_previous",
        "Previous pane",
        show=False,
        id="app.previous_pane",
        tooltip="To the pane before",
    ),
    Binding(
        "ctrl+c,super+c",
        "screen.copy_text",
        "Copy selected text",
        show=False,
        id="app.copy_text",
        tooltip="Copy the text that is selected with the mouse",
    ),
]

_EVERYWHERE = [*APP_KEYS, *SCREEN_KEYS]
_IN_A_LOG = [*LogPane.BINDINGS, *ExploreTab.BINDINGS, *_EVERYWHERE]
_IN_THE_BAR = [*FilterBar.BINDINGS, *_IN_A_LOG]

SECTIONS: Sequence[tuple[str, Sequence[BindingType]]] = (
    ("Log", LogPane.BINDINGS),
    ("Files", ExploreTab.BINDINGS),
    ("Moving, in every table", LineTable.BINDINGS),
    ("Message table", MessageTable.BINDINGS),
    ("Detail", DetailTable.BINDINGS),
    ("Filter bar", [*ExpressionInput.BINDINGS, *FilterBar.BINDINGS, *Chips.BINDINGS]),
    ("Everywhere", _EVERYWHERE),
    ("Dialogs", [*HelpScreen.BINDINGS, *Prompt.BINDINGS, *OpenFile.BINDINGS, *ExportDialog.BINDINGS]),
)
"""Headings, and what belongs under them."""

CHAINS: Sequence[Sequence[BindingType]] = (
    [*MessageTable.BINDINGS, *LineTable.BINDINGS, *_IN_A_LOG],
    [*DetailTable.BINDINGS, *LineTable.BINDINGS, *_IN_A_LOG],
    [*ExpressionInput.BINDINGS, *_IN_THE_BAR],
    [*Chips.BINDINGS, *_IN_THE_BAR],
    HelpScreen.BINDINGS,
    Prompt.BINDINGS,
    OpenFile.BINDINGS,
    ExportDialog.BINDINGS,
)
"""What works at the same time. Where two share a key, the one nearer to the focus comes first and wins."""
