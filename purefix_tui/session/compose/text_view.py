"""The message as text with `|`."""

from __future__ import annotations

import re
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label, TextArea

from purefix_core.wire import tags
from purefix_core.wire.secrets import RAW_DATA_IS_SECRET_IN, is_secret
from purefix_tui.session.keys import COMPOSE_TEXT_FOOTER, COMPOSE_TEXT_KEYS
from purefix_tui.widgets.plain import visible

_ABOUT = (
    "tag=value, with | between the fields; 35= says the MsgType. Lengths of data, and what the session adds, are"
    " filled in. Line breaks are nothing; a whole message may be pasted, with any separator."
)


_SEPARATED = re.compile(r"(\x01|\^A|\||;)(?=[ \t]*[0-9]{1,9}=)")
_CHARACTER = re.compile(r"[^\r\n]")


def masked(text: str) -> str:
    """The text with a dot for each character of a secret value, which goes on to where the next field begins."""
    found = _SEPARATED.search(text)
    separator = found[1] if found else "|"
    begins = re.compile(rf"(?:\A|{re.escape(separator)}|[\r\n])[ \t]*([0-9]{{1,9}})[ \t]*=")
    fields = list(begins.finditer(text))
    ends = [*(field.start() for field in fields[1:]), len(text.rstrip().removesuffix(separator))]
    values = [(int(field[1]), field.end(), end) for field, end in zip(fields, ends, strict=False)]
    msg_types = {text[start:end].strip() for tag, start, end in values if tag == tags.MSG_TYPE}
    msg_type = next(iter(msg_types & RAW_DATA_IS_SECRET_IN), "")
    pieces: list[str] = []
    shown = 0
    for tag, start, end in values:
        if is_secret(tag, msg_type) and start < end:
            pieces += text[shown:start], _CHARACTER.sub("•", text[start:end])
            shown = end
    return "".join((*pieces, text[shown:]))


class FieldsArea(TextArea):
    """Where the text is typed."""

    FOOTER = COMPOSE_TEXT_FOOTER

    DEFAULT_CSS = """
    FieldsArea { border: none; padding: 0; height: 1fr; background: $background; }
    FieldsArea:focus { border: none; }
    FieldsArea .text-area--cursor-line { background: $background; }
    """

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, compact=True)
        self._masked = ("", [""])
        """A text, and its lines as they are shown."""

    def get_line(self, line_index: int) -> Text:
        """Nothing that a terminal would obey, and no secret."""
        text = self.text
        if self._masked[0] != text:
            self._masked = text, masked(text).split(self.document.newline)
        return Text(visible(self._masked[1][line_index]), end="", no_wrap=True)


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
        self._area = FieldsArea()
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
