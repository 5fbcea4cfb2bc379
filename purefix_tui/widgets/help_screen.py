"""Help: every key of the program, and what the focused widget is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.keys import key_to_character
from textual.widgets import Static

from purefix_tui.widgets.dialog import Dialog

KeySection = tuple[str, Sequence[BindingType]]
"""A heading, and the bindings that belong to it."""

_KEY_CELLS = 18


class HelpScreen(Dialog[None]):
    """Shows text until Esc."""

    HELP = "The arrows, Page Up and Page Down move the text; Esc closes."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,?,f1", "dismiss(None)", "close", id="help.close", tooltip="Close the help"),
    ]

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical { width: 90; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; }
    HelpScreen > Vertical { background: $panel; }
    HelpScreen .title { text-style: bold; color: $primary; margin-bottom: 1; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; background: $panel; }
    HelpScreen .foot { color: $muted; margin-top: 1; dock: bottom; }
    """

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._heading = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._heading, classes="title", markup=False)
            with VerticalScroll():
                yield Static(self._text)
            yield Static("Esc closes", classes="foot")


def keys_text(sections: Sequence[KeySection], own_keys: Mapping[str, str], display: Mapping[str, str]) -> Content:
    """The keys of each section with their tooltips. `own_keys` are the user's, by id of the binding; `display` maps
    names of keys to what is printed on them."""
    pieces: list[tuple[str, str]] = []
    for heading, bindings in sections:
        pieces.append((("\n" if pieces else "") + heading + "\n", "bold $primary"))
        for binding in bindings:
            if isinstance(binding, Binding):
                names = own_keys.get(binding.id or "", binding.key).split(",")
                keys = " ".join(_printed(name.strip(), display) for name in names)
                if len(keys) > _KEY_CELLS:
                    keys += "\n" + " " * (_KEY_CELLS + 2)
                pieces += [(f"  {keys:<{_KEY_CELLS}} ", "bold"), (f"{binding.tooltip}\n", "")]
    return Content.assemble(*pieces)


def _printed(key: str, display: Mapping[str, str]) -> str:
    """What is printed on a key: `]` for right_square_bracket."""
    modifiers, plus, name = key.rpartition("+")
    return modifiers + plus + (display.get(name) or key_to_character(name) or name)


def flowing(text: str) -> str:
    """A text without the line breaks of the source inside its paragraphs; those with columns stay as they are."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(part if "  " in part else part.replace("\n", " ") for part in paragraphs)
