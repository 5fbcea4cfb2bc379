"""The list of everything that can be done with a session."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.session.status import SessionStatus
from purefix_tui.session.buttons import BINDINGS, key_of, why_not
from purefix_tui.session.keys import ACTION_IDS, MENU_KEYS
from purefix_tui.widgets.dialog import Dialog

_LEAST_KEY_CELLS = 4


class ActionMenu(Dialog[str | None]):
    """Dismissed with the action that was chosen, as it stands in its binding, or with None."""

    HELP = "Everything that can be done with the session. Enter does what is chosen; what makes no sense now is dim."

    BINDINGS: ClassVar[list[BindingType]] = MENU_KEYS

    DEFAULT_CSS = """
    ActionMenu { align: center middle; }
    ActionMenu > Vertical { width: 74; max-width: 96%; height: auto; max-height: 96%; padding: 1 2; }
    ActionMenu > Vertical { background: $panel; }
    ActionMenu .title { text-style: bold; color: $primary; margin-bottom: 1; }
    ActionMenu OptionList { height: auto; max-height: 100%; border: none; padding: 0; background: $panel; }
    ActionMenu OptionList:focus > .option-list--option-highlighted { background: $cursor-focused; color: $foreground; }
    """

    def __init__(self, status: SessionStatus) -> None:
        super().__init__()
        self._status = status

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Actions", classes="title")
            keys = {action: key_of(self.app, BINDINGS[action]) for action in ACTION_IDS}
            cells = max(_LEAST_KEY_CELLS, *(cell_len(key) + 1 for key in keys.values()))
            yield OptionList(*(self._option(action, f"{key:<{cells}}") for action, key in keys.items()), compact=True)

    def on_mount(self) -> None:
        """The first one that makes sense now is chosen at first."""
        makes_sense = (place for place, action in enumerate(ACTION_IDS) if not why_not(action, self._status))
        self.query_one(OptionList).highlighted = next(makes_sense, 0)

    def _option(self, action: str, key: str) -> Option:
        binding = BINDINGS[action]
        why = why_not(action, self._status)
        text = f"{binding.tooltip}{f' ({why})' if why else ''}"
        return Option(Content.assemble((key, "bold $primary"), (text, "$muted" if why else "")), id=action)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(BINDINGS[event.option_id or ""].action)
