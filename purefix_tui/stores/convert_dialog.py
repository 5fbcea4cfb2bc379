"""Asks where a store is to be written anew in the other layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from purefix_core.store.converting import warnings_before_convert
from purefix_core.store.finding import PUREFIX
from purefix_core.store.health import Health
from purefix_core.store.located import LAYOUT_TITLES
from purefix_core.store.quickfix.files import CPP
from purefix_tui.stores.keys import CONVERT_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible


@dataclass(frozen=True, slots=True)
class ConvertOrder:
    """What the user asked for."""

    folder: Path
    layout: str
    begin_string: str = ""


class ConvertDialog(Dialog[ConvertOrder | None]):
    """Dismissed with a ConvertOrder, or with None."""

    HELP = """\
Writes the same messages and numbers in the layout of the other engine, into a folder of its own. What was written is
read again and compared before it gets its name. The old store is only read."""

    BINDINGS: ClassVar[list[BindingType]] = CONVERT_KEYS

    DEFAULT_CSS = """
    ConvertDialog { align: center middle; }
    ConvertDialog > Vertical { width: 90; max-width: 96%; height: auto; padding: 1 2; background: $panel; }
    ConvertDialog .title { text-style: bold; color: $primary; }
    ConvertDialog .caption { color: $muted; margin-top: 1; width: 100%; height: auto; }
    ConvertDialog .warning { color: $warning; width: 100%; height: auto; }
    ConvertDialog .wrong { color: $error; width: 100%; height: auto; }
    """

    def __init__(self, health: Health) -> None:
        super().__init__()
        location = health.location
        self._layout = CPP if location.layout == PUREFIX else PUREFIX
        self._needs_version = self._layout == CPP and not health.begin_string
        self._warnings = warnings_before_convert(location)
        self._suggestion = location.folder.absolute().parent / f"converted-{self._layout}"

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(f"Write it anew as a store of {LAYOUT_TITLES[self._layout]}", classes="title")
            for warning in self._warnings:
                yield Label(visible(f"! {warning}"), classes="warning", markup=False)
            yield Label("below this folder, which is made where it is missing", classes="caption")
            yield Input(str(self._suggestion), id="folder", compact=True)
            if self._needs_version:
                yield Label("BeginString, which no message tells: as FIX.4.4", classes="caption")
                yield Input("", id="begin-string", compact=True, max_length=20)
            yield Label("", classes="wrong", markup=False)
            yield Label(
                "The old store is only read, and nothing that is there is overwritten. Enter writes it and says what "
                "has no place in the other layout.",
                classes="caption",
            )

    def on_mount(self) -> None:
        self.query_one("#folder", Input).focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        text = self.query_one("#folder", Input).value.strip()
        begin_string = self.query_one("#begin-string", Input).value.strip() if self._needs_version else ""
        try:
            folder = Path(text).expanduser().absolute()
            is_file = folder.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            self._say(str(error))
            return
        if not text or is_file:
            self._say("Expected the name of a folder.")
        elif self._needs_version and not begin_string.startswith("FIX"):
            self._say("Expected a BeginString, as FIX.4.4.")
        else:
            self.dismiss(ConvertOrder(folder, self._layout, begin_string))

    def _say(self, wrong: str) -> None:
        self.query_one(".wrong", Label).update(visible(wrong))
