"""Shows what is about to be changed, and asks whether it shall be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from purefix_core.store.changing import Edit
from purefix_tui.stores.keys import CHANGE_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done with a store, told before it is done."""

    title: str
    perform: Callable[[], Edit]
    """Does it, in a thread. Raises StoreError, OSError."""
    lines: tuple[str, ...] = ()
    """What will be, a sentence each."""
    difference: tuple[str, ...] = ()
    """The lines of a file before (-) and after (+)."""
    warnings: tuple[str, ...] = ()
    danger: bool = False
    """Whether Enter is not enough."""


class ChangeDialog(Dialog[bool]):
    """Dismissed with whether it shall be done."""

    HELP = """\
What is about to be changed in the store, before it is done: warnings first, then what will be, then the lines of the
file before (-) and after (+). Nothing was written yet.

It is done only if the files are still as they were described. What is replaced is kept beside them under a dated
name, and u in the store takes it back."""

    BINDINGS: ClassVar[list[BindingType]] = CHANGE_KEYS

    DEFAULT_CSS = """
    ChangeDialog { align: center middle; }
    ChangeDialog > Vertical {
        width: 100; max-width: 96%; height: auto; max-height: 94%; padding: 1 2; background: $panel;
    }
    ChangeDialog.-danger > Vertical { border-left: thick $error; }
    ChangeDialog .title { text-style: bold; color: $primary; width: 100%; }
    ChangeDialog.-danger .title { color: $error; }
    ChangeDialog VerticalScroll { height: auto; max-height: 100%; margin: 1 0; background: $panel; }
    ChangeDialog VerticalScroll { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ChangeDialog .foot { dock: bottom; color: $muted; width: 100%; }
    """

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change
        self.set_class(change.danger, "-danger")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self.change.title), classes="title", markup=False)
            with VerticalScroll():
                yield Static(change_text(self.change))
            keys = "y does it" if self.change.danger else "Enter or y does it"
            yield Label(f"{keys} (a dated backup is kept), Esc does nothing", classes="foot")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return not (action == "confirm_plain" and self.change.danger)

    def action_confirm(self) -> None:
        self.dismiss(True)

    def action_confirm_plain(self) -> None:
        self.dismiss(True)


def change_text(change: Change) -> Content:
    """Warnings first, then what will be, then the difference."""
    parts: list[tuple[str, str]] = [(f"! {visible(line)}\n", "$warning") for line in change.warnings]
    if parts and (change.lines or change.difference):
        parts.append(("\n", ""))
    parts += [(f"{visible(line)}\n", "") for line in change.lines]
    if change.lines and change.difference:
        parts.append(("\n", ""))
    for line in change.difference:
        style = "$error" if line.startswith("-") else "$success" if line.startswith("+") else "$muted"
        parts.append((f"{visible(line)}\n", style))
    if parts:
        text, style = parts[-1]
        parts[-1] = text.rstrip("\n"), style
    return Content.assemble(*parts)
