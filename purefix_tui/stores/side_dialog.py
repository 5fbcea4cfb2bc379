"""Asks whose a second store is, where the CompIDs do not tell."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.store.comparing import Side
from purefix_tui.stores.keys import SIDE_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_SIDES = {
    Side.SAME: "A copy of this one: the messages are compared byte by byte",
    Side.COUNTERPARTY: "The counterparty's: what one side sent, against how far the other one has received",
}


class SideDialog(Dialog[Side | None]):
    """Dismissed with whose it is, or with None."""

    HELP = """\
The names in both stores do not tell whether the second one is a copy of the first or the counterparty's, and the two
are compared in different ways."""

    BINDINGS: ClassVar[list[BindingType]] = SIDE_KEYS

    DEFAULT_CSS = """
    SideDialog { align: center middle; }
    SideDialog > Vertical {
        width: 100; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel;
    }
    SideDialog .title { text-style: bold; color: $primary; }
    SideDialog .why { width: 100%; margin: 1 0; }
    SideDialog OptionList { height: auto; border: none; padding: 0; background: $panel; }
    SideDialog .foot { color: $muted; width: 100%; margin-top: 1; }
    """

    def __init__(self, why: str) -> None:
        """`why`: what was found of both."""
        super().__init__()
        self._why = why

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Whose is the second store?", classes="title")
            yield Label(visible(self._why), classes="why", markup=False)
            yield OptionList(*map(Option, _SIDES.values()), compact=True, markup=False)
            yield Label("Enter compares, Esc does not", classes="foot")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(_SIDES)[event.option_index])
