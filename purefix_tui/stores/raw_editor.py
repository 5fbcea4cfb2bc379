"""`session.meta` as text, checked as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, Static, TextArea

from purefix_core.store.meta_edit import problems_of_text
from purefix_core.store.session_meta import LARGEST_FILE
from purefix_tui.stores.keys import RAW_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_MOST_PROBLEMS = 4


class RawEditor(Dialog[str | None]):
    """Dismissed with the text that shall be saved, or with None."""

    HELP = """\
session.meta as it stands in the folder of the store. What is wrong with it is said below while you type, and nothing
is saved before the difference was shown and confirmed."""

    BINDINGS: ClassVar[list[BindingType]] = RAW_KEYS

    DEFAULT_CSS = """
    RawEditor { align: center middle; }
    RawEditor > Vertical { width: 100; max-width: 96%; height: 90%; padding: 1 2; background: $panel; }
    RawEditor .title { text-style: bold; color: $primary; width: 100%; }
    RawEditor TextArea { height: 1fr; border: none; background: $background; padding: 0 1; }
    RawEditor #problems { height: auto; max-height: 6; color: $error; width: 100%; }
    RawEditor #problems.-none { color: $success; }
    RawEditor .foot { color: $muted; }
    """

    def __init__(self, path: Path, before: str, text: str | None = None) -> None:
        """`before`: what the file holds. `text`: what was typed already, if anything."""
        super().__init__()
        self._path = path
        self._before = before
        self._text = before if text is None else text
        self._wants_to_leave = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._path.name), classes="title", markup=False)
            yield TextArea(self._text, show_line_numbers=True, compact=True)
            yield Static("", id="problems")
            yield Label("ctrl+s shows the difference and saves, Esc leaves the file as it is", classes="foot")

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()
        self._check()

    @property
    def text(self) -> str:
        return self.query_one(TextArea).text

    @on(TextArea.Changed)
    def _check(self) -> None:
        self._wants_to_leave = False
        problems = self._problems()
        shown = [f"✗ {visible(each)}" for each in problems[:_MOST_PROBLEMS]]
        if len(problems) > _MOST_PROBLEMS:
            shown.append(f"  and {len(problems) - _MOST_PROBLEMS:,} more")
        said = self.query_one("#problems", Static)
        said.set_class(not problems, "-none")
        unchanged = "as the file is" if self.text == self._before else "✓ it can be saved"
        said.update(Content("\n".join(shown) if shown else unchanged))

    def _problems(self) -> list[str]:
        if len(self.text) > LARGEST_FILE:
            return [f"expected at most {LARGEST_FILE:,} bytes"]
        start = f"{self._path}: "
        return [each.removeprefix(start) for each in problems_of_text(self._path, self.text)]

    def action_save(self) -> None:
        if self.text == self._before:
            self.dismiss(None)
        elif not self._problems():
            self.dismiss(self.text)
        else:
            self.notify("It is not saved as long as something is wrong.", title="Not saved", severity="warning")

    def action_leave(self) -> None:
        """What was typed is not lost by one key."""
        if self.text == self._before or self._wants_to_leave:
            self.dismiss(None)
        else:
            self._wants_to_leave = True
            self.notify("Esc again forgets what was typed.", title="Not saved", severity="warning")
