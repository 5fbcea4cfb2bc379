"""The dialog that opens a file: a path, the recent files, or a walk through the folders."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Input, Label, OptionList
from textual.widgets.option_list import Option

from purefix_tui.widgets.plain import visible


class OpenFile(ModalScreen[Path | None]):
    """Dismissed with the path of a file, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="open.cancel", tooltip="Close without opening anything"),
    ]

    DEFAULT_CSS = """
    OpenFile { align: center middle; }
    OpenFile > Vertical { width: 100; max-width: 96%; height: 90%; padding: 1 2; background: $panel; }
    OpenFile .title { text-style: bold; color: $primary; }
    OpenFile .caption { color: $muted; margin-top: 1; }
    OpenFile .wrong { color: $error; }
    OpenFile OptionList { height: auto; max-height: 7; border: none; padding: 0; background: $panel; }
    OpenFile DirectoryTree { height: 1fr; background: $panel; }
    """

    def __init__(self, folder: Path, recent: list[Path]) -> None:
        super().__init__()
        self._folder = folder
        self._recent = recent

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Open a log", classes="title")
            yield Input(placeholder="path of a log, plain or .gz", compact=True)
            yield Label("", classes="wrong", markup=False)
            if self._recent:
                yield Label("recent", classes="caption")
                yield OptionList(*(Option(visible(str(path))) for path in self._recent), compact=True, markup=False)
            yield Label("folders", classes="caption")
            yield DirectoryTree(self._folder)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        try:
            path = Path(text).expanduser()
            path = path.resolve() if path.exists() else self._folder / path
            path.stat()
        except FileNotFoundError:
            self.query_one(".wrong", Label).update(visible(f"There is no file {path}"))
            return
        except (OSError, RuntimeError, ValueError) as error:
            self.query_one(".wrong", Label).update(visible(str(error)))
            return
        if path.is_file() or path.is_fifo():
            self.dismiss(path)
        elif path.is_dir():
            self.query_one(".wrong", Label).update("")
            self.query_one(DirectoryTree).path = path
            self.query_one(DirectoryTree).focus()
        else:
            self.query_one(".wrong", Label).update(visible(f"{path} is neither a file nor a folder"))

    @on(OptionList.OptionSelected)
    def _recent_chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._recent[event.option_index])

    @on(DirectoryTree.FileSelected)
    def _file_chosen(self, event: DirectoryTree.FileSelected) -> None:
        self.dismiss(event.path)
