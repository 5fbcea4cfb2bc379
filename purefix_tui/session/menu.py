"""The list of everything that can be done with a session."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.session.status import SessionStatus
from purefix_tui.session.buttons import BINDINGS, why_not
from purefix_tui.session.keys import ACTION_IDS, MENU_KEYS

_KEY_CELLS = 4


class ActionMenu(ModalScreen[str | None]):
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
            yield OptionList(*map(self._option, ACTION_IDS), compact=True)

    def on_mount(self) -> None:
        """The first one that makes sense now is chosen at first."""
        makes_sense = (place for place, action in enumerate(ACTION_IDS) if not why_not(action, self._status))
        self.query_one(OptionList).highlighted = next(makes_sense, 0)

    def _option(self, action: str) -> Option:
        binding = BINDINGS[action]
        why = why_not(action, self._status)
        key = f"{self.app.get_key_display(binding):<{_KEY_CELLS}}"
        text = f"{binding.tooltip}{f' ({why})' if why else ''}"
        return Option(Content.assemble((key, "bold $primary"), (text, "$muted" if why else "")), id=action)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(BINDINGS[event.option_id or ""].action)
