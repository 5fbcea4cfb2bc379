"""The message as text with `|`."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label, TextArea

from purefix_tui.session.keys import COMPOSE_TEXT_FOOTER, COMPOSE_TEXT_KEYS
from purefix_tui.widgets.plain import visible

_ABOUT = (
    "tag=value, with | between the fields; 35= says the MsgType. Lengths of data, and what the session adds, are"
    " filled in. Line breaks are nothing; a whole message may be pasted, with any separator."
)


class FieldsArea(TextArea):
    """Where the text is typed."""

    FOOTER = COMPOSE_TEXT_FOOTER

    DEFAULT_CSS = """
    FieldsArea { border: none; padding: 0; height: 1fr; background: $background; }
    FieldsArea:focus { border: none; }
    FieldsArea .text-area--cursor-line { background: $background; }
    """

    def get_line(self, line_index: int) -> Text:
        """Nothing that a terminal would obey."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)


class TextView(Vertical):
    """Edits a text; whoever shows it reads the draft in it."""

    BINDINGS: ClassVar[list[BindingType]] = COMPOSE_TEXT_KEYS

    DEFAULT_CSS = """
    TextView { height: 1fr; }
    TextView > Label { color: $muted; width: 100%; height: auto; margin-bottom: 1; }
    """

    class Changed(Message):
        """Something else was typed."""

    def __init__(self) -> None:
        super().__init__()
        self._area = FieldsArea(soft_wrap=True, compact=True)
        self._shown = ""

    def compose(self) -> ComposeResult:
        yield Label(_ABOUT, markup=False)
        yield self._area

    @property
    def text(self) -> str:
        return self._area.text

    def show(self, text: str) -> None:
        self._shown = text
        self._area.load_text(text)
        self._area.move_cursor(self._area.document.end)

    def focus_inside(self) -> None:
        self.screen.set_focus(self._area)

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._area.text != self._shown:
            self._shown = self._area.text
            self.post_message(self.Changed())
