"""Lists the backups of a store, one of which can be put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.store.backups import BackupSet
from purefix_core.store.located import numbers_in
from purefix_tui.stores.keys import BACKUPS_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_LISTED = 1000


class BackupsDialog(Dialog[BackupSet | None]):
    """Dismissed with the backup that shall be put back, or with None."""

    HELP = """\
What every change by hand has kept, with the numbers that were then next. Enter shows what putting one back would
change, and asks; what is there now is kept as well."""

    BINDINGS: ClassVar[list[BindingType]] = BACKUPS_KEYS

    DEFAULT_CSS = """
    BackupsDialog { align: center middle; }
    BackupsDialog > Vertical {
        width: 90; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel;
    }
    BackupsDialog .title { text-style: bold; color: $primary; }
    BackupsDialog .caption { color: $muted; width: 100%; }
    BackupsDialog OptionList { height: auto; max-height: 100%; border: none; padding: 0; background: $panel; }
    """

    def __init__(self, backups: Sequence[BackupSet]) -> None:
        super().__init__()
        self._backups = backups[:_LISTED]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Backups, the newest first (UTC)", classes="title")
            yield Label(f"{'stamp':<20}{'next out':>10}{'next in':>10}   files", classes="caption")
            yield OptionList(*(Option(_line(each)) for each in self._backups), compact=True, markup=False)
            yield Label("Enter shows what putting it back would change. Esc closes.", classes="caption")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._backups[event.option_index])


def _line(backup: BackupSet) -> str:
    last = numbers_in(backup)
    out, into = ("", "") if last is None else (f"{last[0] + 1:,}", f"{last[1] + 1:,}")
    files = ", ".join(path.name for path, _ in backup.files)
    return visible(f"{backup.stamp:<20}{out:>10}{into:>10}   {files}")
