"""Every key binding of the program, by the part of the screen where it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.binding import Binding, BindingType

from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.chips import Chips
from purefix_tui.log.detail import DetailTable
from purefix_tui.log.export_dialog import ExportDialog
from purefix_tui.log.filter_bar import ExpressionInput, FilterBar
from purefix_tui.log.keys import LIVE_KEYS
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.pane import LogPane
from purefix_tui.session import keys as session_keys
from purefix_tui.stores import keys as store_keys
from purefix_tui.tabs import EXPLORE, SESSION, STORES
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
    Binding(
        "ctrl+pagedown,f6",
        "next_tab(1)",
        "next tab",
        show=False,
        id="app.next_tab",
        tooltip="To the next tab, from text fields too",
    ),
    Binding(
        "ctrl+pageup", "next_tab(-1)", "tab before", show=False, id="app.previous_tab", tooltip="To the tab before"
    ),
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

Section = tuple[str, Sequence[BindingType]]
"""A heading, and what belongs under it."""

_EVERYWHERE = [*APP_KEYS, *SCREEN_KEYS]

_ONE_LOG: Sequence[Section] = (
    ("Log", LogPane.BINDINGS),
    ("Moving, in every table", LineTable.BINDINGS),
    ("Message table", MessageTable.BINDINGS),
    ("Detail", DetailTable.BINDINGS),
    ("Filter bar", [*ExpressionInput.BINDINGS, *FilterBar.BINDINGS, *Chips.BINDINGS]),
)
_EXPLORE: Sequence[Section] = (("Files", ExploreTab.BINDINGS), ("Dialog of an export", ExportDialog.BINDINGS))
_SESSION: Sequence[Section] = (
    ("Session", [*session_keys.PANE_KEYS, *session_keys.TAB_KEYS, *session_keys.START_KEYS, *LIVE_KEYS]),
    ("Dialogs of a session", [*session_keys.DEED_KEYS, *session_keys.MENU_KEYS, *session_keys.SCENARIO_KEYS]),
    (
        "Writing a message",
        [
            *session_keys.COMPOSE_KEYS,
            *session_keys.COMPOSE_FORM_KEYS,
            *session_keys.COMPOSE_VALUE_KEYS,
            *session_keys.COMPOSE_TEXT_KEYS,
            *session_keys.FINDER_KEYS,
            *session_keys.TEMPLATE_KEYS,
        ],
    ),
    (
        "Session files and their form",
        [*session_keys.CHOOSE_KEYS, *session_keys.CONFIG_FORM_KEYS, *session_keys.CHOICE_KEYS],
    ),
)
_STORE_DIALOGS: Sequence[Sequence[BindingType]] = (
    store_keys.CHANGE_KEYS,
    store_keys.BUSY_KEYS,
    store_keys.REPORT_KEYS,
    store_keys.OPEN_KEYS,
    store_keys.RAW_KEYS,
    store_keys.RANGES_KEYS,
    store_keys.BACKUPS_KEYS,
    store_keys.SIDE_KEYS,
    store_keys.COMPARE_KEYS,
    store_keys.CONVERT_KEYS,
)
_STORES: Sequence[Section] = (
    ("Stores", [*store_keys.PANE_KEYS, *store_keys.TAB_KEYS, *store_keys.FIELD_KEYS]),
    ("Dialogs of a store", [binding for bindings in _STORE_DIALOGS for binding in bindings]),
)
_ANYWHERE: Sequence[Section] = (
    ("Everywhere", _EVERYWHERE),
    ("Dialogs", [*HelpScreen.BINDINGS, *Prompt.BINDINGS, *Confirm.BINDINGS, *OpenFile.BINDINGS]),
)

SECTIONS: Sequence[Section] = (*_ONE_LOG, *_EXPLORE, *_SESSION, *_STORES, *_ANYWHERE)
"""All of them."""

SECTIONS_OF_TABS: Mapping[str, Sequence[Section]] = {
    EXPLORE: (*_ONE_LOG, *_EXPLORE, *_ANYWHERE),
    SESSION: (*_SESSION, *_ONE_LOG, *_ANYWHERE),
    STORES: (*_STORES, *_ONE_LOG, *_ANYWHERE),
}
"""What works in each tab, what is its own first."""


def _chains(tab: Sequence[BindingType]) -> Sequence[Sequence[BindingType]]:
    """What works at the same time in each part of a log, in a tab with keys of its own."""
    in_a_log = [*LogPane.BINDINGS, *tab, *_EVERYWHERE]
    in_the_bar = [*FilterBar.BINDINGS, *in_a_log]
    return (
        [*MessageTable.BINDINGS, *LineTable.BINDINGS, *in_a_log],
        [*DetailTable.BINDINGS, *LineTable.BINDINGS, *in_a_log],
        [*ExpressionInput.BINDINGS, *in_the_bar],
        [*Chips.BINDINGS, *in_the_bar],
    )


CHAINS: Sequence[Sequence[BindingType]] = (
    *_chains(ExploreTab.BINDINGS),
    *_chains([*LIVE_KEYS, *session_keys.PANE_KEYS, *session_keys.TAB_KEYS]),
    [*session_keys.START_KEYS, *session_keys.TAB_KEYS, *_EVERYWHERE],
    *_chains([*store_keys.PANE_KEYS, *store_keys.TAB_KEYS]),
    [*store_keys.FIELD_KEYS, *store_keys.PANE_KEYS, *store_keys.TAB_KEYS, *_EVERYWHERE],
    HelpScreen.BINDINGS,
    Prompt.BINDINGS,
    Confirm.BINDINGS,
    OpenFile.BINDINGS,
    ExportDialog.BINDINGS,
    [*session_keys.CHOICE_KEYS, *session_keys.DEED_KEYS],
    session_keys.MENU_KEYS,
    session_keys.SCENARIO_KEYS,
    session_keys.CHOOSE_KEYS,
    [*session_keys.CHOICE_KEYS, *session_keys.CONFIG_FORM_KEYS],
    [*session_keys.COMPOSE_VALUE_KEYS, *session_keys.COMPOSE_FORM_KEYS, *session_keys.COMPOSE_KEYS],
    [*session_keys.COMPOSE_TEXT_KEYS, *session_keys.COMPOSE_KEYS],
    [*session_keys.TEMPLATE_KEYS, *session_keys.FINDER_KEYS],
    [*session_keys.MESSAGE_FINDER_KEYS, *session_keys.FINDER_KEYS],
    *_STORE_DIALOGS,
)
"""What works at the same time. Where two share a key, the one nearer to the focus comes first and wins."""
