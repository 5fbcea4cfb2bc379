"""The dialog that opens a file or a folder: a path, the recent ones, or a walk through the folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text, TextType
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DirectoryTree, Input, Label, OptionList
from textual.widgets.option_list import Option

from purefix_tui.dialogs.file_kinds import LOG, FileKind
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible


class Folders(DirectoryTree):
    """The folders, with nothing in their names that a terminal would obey."""

    def process_label(self, label: TextType) -> Text:
        return Text(visible(label)) if isinstance(label, str) else label


class FilePicker(Vertical):
    """The contents of the dialog, for any screen."""

    DEFAULT_CSS = """
    FilePicker .title { text-style: bold; color: $primary; }
    FilePicker .caption { color: $muted; margin-top: 1; }
    FilePicker .wrong { color: $error; width: 100%; }
    FilePicker OptionList { height: auto; max-height: 7; border: none; padding: 0; background: $panel; }
    FilePicker DirectoryTree { height: 1fr; background: $panel; }
    """

    @dataclass
    class Picked(Message):
        """A file was chosen, or a folder where folders are opened."""

        path: Path

    def __init__(self, folder: Path, recent: list[Path], kind: FileKind = LOG) -> None:
        super().__init__()
        self._folder = folder
        self._recent = recent
        self._kind = kind

    def compose(self) -> ComposeResult:
        yield Label(self._kind.title, classes="title")
        yield Input(placeholder=self._kind.placeholder, compact=True)
        yield Label("", classes="wrong", markup=False)
        if self._recent:
            yield Label("recent", classes="caption")
            yield OptionList(*(Option(visible(str(path))) for path in self._recent), compact=True, markup=False)
        yield Label(
            "folders: Enter takes one, Space unfolds it" if self._kind.is_folder else "folders", classes="caption"
        )
        tree = Folders(self._folder)
        tree.auto_expand = not self._kind.is_folder
        yield tree

    @property
    def aimed_at(self) -> Path | None:
        """The file that Enter would take where the focus is; None where it would take none."""
        focused = self.screen.focused
        if isinstance(focused, Input):
            text = focused.value.strip()
            return self._path(text) if text else None
        if isinstance(focused, OptionList):
            return None if focused.highlighted is None else self._recent[focused.highlighted]
        node = self.query_one(Folders).cursor_node if isinstance(focused, Folders) else None
        return None if node is None or node.data is None or node.allow_expand else node.data.path

    def say(self, wrong: str) -> None:
        """What is wrong with what was chosen; "" for nothing."""
        self.query_one(".wrong", Label).update(visible(wrong))

    def _path(self, text: str) -> Path | None:
        """The path that was typed; None, and said, where nothing is there."""
        try:
            path = Path(text).expanduser()
            path = path.resolve() if path.exists() else self._folder / path
            path.stat()
        except FileNotFoundError:
            self.say(f"There is no {'folder' if self._kind.is_folder else 'file'} {path}")
        except (OSError, RuntimeError, ValueError) as error:
            self.say(str(error))
        else:
            return path
        return None

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        path = self._path(text) if text else None
        if path is None:
            return
        if path.is_dir() if self._kind.is_folder else path.is_file() or path.is_fifo():
            self.post_message(self.Picked(path))
        elif path.is_dir():
            self.say("")
            self.query_one(Folders).path = path
            self.query_one(Folders).focus()
        else:
            wanted = "is not a folder" if self._kind.is_folder else "is neither a file nor a folder"
            self.say(f"{path} {wanted}")

    @on(OptionList.OptionSelected)
    def _recent_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(self._recent[event.option_index]))

    @on(DirectoryTree.FileSelected)
    def _file_chosen(self, event: DirectoryTree.FileSelected) -> None:
        event.stop()
        self.post_message(self.Picked(event.path.parent if self._kind.is_folder else event.path))

    @on(DirectoryTree.DirectorySelected)
    def _folder_chosen(self, event: DirectoryTree.DirectorySelected) -> None:
        event.stop()
        if self._kind.is_folder:
            self.post_message(self.Picked(event.path))


class OpenFile(Dialog[Path | None]):
    """Dismissed with the path of a file, of a folder where the kind is one, or with None."""

    HELP = """\
Type a path and press Enter, or Tab to the recent ones and to the folders below; Enter takes the one under the cursor. A
path that does not begin with / counts from where the program was started, and from the folder shown below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="open.cancel", tooltip="Close without opening anything"),
    ]

    DEFAULT_CSS = """
    OpenFile { align: center middle; }
    OpenFile > FilePicker { width: 100; max-width: 96%; height: 90%; padding: 1 2; background: $panel; }
    """

    def __init__(self, folder: Path, recent: list[Path], kind: FileKind = LOG) -> None:
        super().__init__()
        self._arguments = folder, recent, kind

    def compose(self) -> ComposeResult:
        yield FilePicker(*self._arguments)

    @on(FilePicker.Picked)
    def _picked(self, event: FilePicker.Picked) -> None:
        self.dismiss(event.path)
