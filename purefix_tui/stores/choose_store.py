"""Asks for a second store: one of those listed, or a path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.health import Health
from purefix_core.store.records import StoreError
from purefix_tui.stores.keys import OPEN_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_LISTED = 500


class ChooseStore(Dialog[StoreLocation | None]):
    """Dismissed with the store, or with None."""

    HELP = """\
The store to compare with: a copy of this one, or the counterparty's own. Type the path of its folder, or of one of
its files; or Tab to those that are listed. Nothing of either is changed."""

    BINDINGS: ClassVar[list[BindingType]] = OPEN_KEYS

    DEFAULT_CSS = """
    ChooseStore { align: center middle; }
    ChooseStore > Vertical {
        width: 100; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel;
    }
    ChooseStore .title { text-style: bold; color: $primary; }
    ChooseStore .caption { color: $muted; margin-top: 1; width: 100%; }
    ChooseStore .wrong { color: $error; width: 100%; height: auto; max-height: 4; }
    ChooseStore OptionList { height: auto; max-height: 10; border: none; padding: 0; background: $panel; }
    """

    def __init__(self, title: str, ours: Health, known: Sequence[Health]) -> None:
        """`known`: stores to choose from; the counterparty's of `ours` and others of the same session come first."""
        super().__init__()
        self._heading = title
        others = [each for each in known if each.location.path != ours.location.path]
        self._known = sorted(others, key=lambda each: not _is_related(ours, each))[:_LISTED]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            explanation = "its folder, one of its files, or for QuickFIX the names without their ending"
            yield Label(explanation, classes="caption")
            yield Input(placeholder="path", compact=True)
            yield Label("", classes="wrong", markup=False)
            if self._known:
                yield Label("or one of these: Tab goes there, Enter takes one", classes="caption")
                lines = [f"{each.session_text}   {each.location.path}" for each in self._known]
                yield OptionList(*(Option(visible(line)) for line in lines), compact=True, markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._known[event.option_index].location)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        try:
            self.dismiss(locate(Path(text).expanduser()))
        except (StoreError, OSError, RuntimeError, ValueError) as error:
            self.query_one(".wrong", Label).update(visible(str(error)))


def _is_related(ours: Health, other: Health) -> bool:
    """Whether it is of the same session, on either side."""
    comp_ids = ours.sender_comp_id, ours.target_comp_id
    return (other.sender_comp_id, other.target_comp_id) in (comp_ids, comp_ids[::-1])
