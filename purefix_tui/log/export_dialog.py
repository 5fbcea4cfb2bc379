"""The dialog that asks what to write where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, RadioButton, RadioSet

from purefix_core.logs.export import FORMATS, Format
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_LABELS: dict[Format, str] = {
    "raw": "raw: the messages as they are, a line each",
    "jsonl": "JSON Lines: names, meanings and findings",
    "csv": "CSV: time, session, type and text, for a spreadsheet",
}
_SUFFIXES: dict[Format, str] = {"raw": ".fix", "jsonl": ".jsonl", "csv": ".csv"}


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What the user asked for."""

    form: Format
    target: Path
    rows: int
    """How many messages there were to write."""


class ExportDialog(Dialog[ExportOrder | None]):
    """Dismissed with an ExportOrder, or with None. An existing file is overwritten only after a second Enter."""

    HELP = """\
Writes the messages that the filter lets through into a new file. The arrows choose the form; Tab goes to the name,
which is taken in the folder named below it. Enter writes. A file that is there is overwritten only after a second
Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="export.cancel", tooltip="Close without writing anything"),
    ]

    DEFAULT_CSS = """
    ExportDialog { align: center middle; }
    ExportDialog > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; background: $panel; }
    ExportDialog .title { text-style: bold; color: $primary; }
    ExportDialog .explanation { color: $muted; width: 100%; }
    ExportDialog .wrong { color: $error; width: 100%; height: 2; margin-top: 1; }
    ExportDialog RadioButton > .toggle--button { color: $panel; background: $panel; }
    ExportDialog RadioButton.-on > .toggle--button { color: $primary; background: $panel; }
    ExportDialog RadioSet { margin: 1 0; border: none; padding: 0; background: $panel; width: 100%; }
    """

    def __init__(self, rows: int, folder: Path, stem: str) -> None:
        super().__init__()
        self._rows = rows
        self._folder = folder
        self._stem = stem
        self._confirmed: Path | None = None

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(f"Export the {self._rows:,} messages shown", classes="title")
            with RadioSet():
                for form in FORMATS:
                    yield RadioButton(_LABELS[form], value=form == FORMATS[0])
            yield Input(self._suggestion(FORMATS[0]), compact=True)
            yield Label(visible(f"into {self._folder}"), classes="explanation", markup=False)
            yield Label("Enter writes the file. Passwords stay masked.", classes="explanation")
            yield Label("", classes="wrong", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def _suggestion(self, form: Format) -> str:
        return f"{visible(self._stem)}-export{_SUFFIXES[form]}"

    @property
    def form(self) -> Format:
        return FORMATS[max(0, self.query_one(RadioSet).pressed_index)]

    @on(RadioSet.Changed)
    def _form_chosen(self) -> None:
        entry = self.query_one(Input)
        if entry.value in {self._suggestion(form) for form in FORMATS}:
            entry.value = self._suggestion(self.form)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        wrong = self.query_one(".wrong", Label)
        try:
            target = self._folder / Path(text).expanduser()
            target.exists()
        except (OSError, RuntimeError, ValueError) as error:
            wrong.update(visible(str(error)))
            return
        if target.is_dir():
            wrong.update("That is a folder; add a file name.")
        elif not target.parent.is_dir():
            wrong.update(visible(f"There is no folder {target.parent}."))
        elif target.exists() and self._confirmed != target:
            self._confirmed = target
            wrong.update("That file exists. Enter again overwrites it.")
        else:
            self.dismiss(ExportOrder(self.form, target, self._rows))
