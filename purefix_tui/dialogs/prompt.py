"""A dialog that asks for one line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from purefix_tui.widgets.dialog import Dialog


class Prompt(Dialog[str | None]):
    """Dismissed with the text, or with None on Esc (and on nothing at all, unless the text `may_be_empty`).
    `check` raises ValueError with what is wrong with a text."""

    HELP = "Type what is asked for; Enter takes it, Esc leaves everything as it is."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="prompt.cancel", tooltip="Close without doing anything"),
    ]

    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; background: $panel; }
    Prompt .title { text-style: bold; color: $primary; }
    Prompt .explanation { color: $muted; width: 100%; height: auto; }
    Prompt .wrong { color: $error; width: 100%; height: auto; }
    Prompt Input { margin: 1 0; }
    """

    def __init__(
        self,
        title: str,
        explanation: str,
        text: str,
        check: Callable[[str], object],
        *,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__()
        self._may_be_empty = may_be_empty
        self._heading = title
        self._explanation = explanation
        self._text = text
        self._check = check

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(self._heading, classes="title")
            yield Input(self._text, compact=True)
            yield Label(self._explanation, classes="explanation", markup=False)
            yield Label("", classes="wrong", markup=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if not event.value.strip() and not self._may_be_empty:
            self.dismiss(None)
            return
        try:
            self._check(event.value)
        except ValueError as error:
            self.query_one(".wrong", Label).update(str(error))
        else:
            self.dismiss(event.value)
