"""A dialog that says what is about to happen, and asks whether it shall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Label

from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible


class Lines(VerticalScroll):
    """What will happen. Tab reaches it where there is more than there is room for."""

    HELP = "What will happen. The arrows, Page Up and Page Down move the text."

    def allow_focus(self) -> bool:
        return self.max_scroll_y > 0


class Confirm(Dialog[bool]):
    """Dismissed with whether the user said yes."""

    HELP = """\
What is about to happen, before it does. y does it, n or Esc does not; the arrows go to the other button, and Enter
presses the one that is lit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "yes", id="confirm.yes", tooltip="Do it"),
        Binding("escape,n", "dismiss(False)", "no", id="confirm.no", tooltip="Close without doing it"),
        Binding("left,right,up,down", "other", "other button", show=False, id="confirm.other", tooltip="Other button"),
    ]

    DEFAULT_CSS = """
    Confirm { align: center middle; }
    Confirm > Vertical { width: 84; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel; }
    Confirm.-danger > Vertical { border: heavy $error; }
    Confirm .title { text-style: bold; color: $primary; width: 100%; }
    Confirm.-danger .title { color: $error; }
    Confirm Lines { height: auto; max-height: 100%; margin: 1 0; background: $panel; }
    Confirm Lines > Label { width: 100%; }
    Confirm Horizontal { height: 1; dock: bottom; }
    Confirm Button { margin-right: 2; }
    Confirm #yes, Confirm #no { background: $rule; color: $foreground; text-style: none; }
    Confirm #yes:focus, Confirm #no:focus { background: $primary; color: $background; text-style: bold; }
    Confirm.-danger #yes { color: $error; }
    Confirm.-danger #yes:focus { background: $error; color: $background; }
    """

    def __init__(self, title: str, lines: Sequence[str], yes: str, *, danger: bool = False) -> None:
        """`lines`: what will happen, a sentence each. `yes`: what the button says that does it. With `danger` the frame
        is red, and Enter alone does nothing: the focus stands on the other button at first."""
        super().__init__()
        self._heading = title
        self._lines = lines
        self._yes = yes
        self._danger = danger
        self.set_class(danger, "-danger")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            with Lines():
                for line in self._lines:
                    yield Label(visible(line), markup=False)
            with Horizontal():
                yield Button(f"{self._yes} (y)", id="yes", compact=True)
                yield Button("Cancel (Esc)", id="no", compact=True)

    def on_mount(self) -> None:
        self.query_one("#no" if self._danger else "#yes", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_other(self) -> None:
        self.focus_next(Button)
