"""Shows a report: what verify found, what was repaired, what a conversion left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Label, Static

from purefix_tui.stores.keys import REPORT_KEYS
from purefix_tui.stores.wrapping import StyledLine, wrapped
from purefix_tui.widgets.copying import copy_text
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible


class ReportDialog(Dialog[bool]):
    """Dismissed with whether what is wrong shall be put right."""

    HELP = """\
What was found or done, a line each. ✗ is wrong; a note is what may be so, but should be known. The arrows, Page Up
and Page Down move the text."""

    BINDINGS: ClassVar[list[BindingType]] = REPORT_KEYS

    DEFAULT_CSS = """
    ReportDialog { align: center middle; }
    ReportDialog > Vertical {
        width: 110; max-width: 96%; height: auto; max-height: 94%; padding: 1 2; background: $panel;
    }
    ReportDialog .title { text-style: bold; color: $primary; width: 100%; }
    ReportDialog VerticalScroll { height: auto; max-height: 100%; margin: 1 0; background: $panel; }
    ReportDialog VerticalScroll { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ReportDialog .foot { dock: bottom; color: $muted; width: 100%; }
    """

    def __init__(self, title: str, lines: Sequence[StyledLine], *, may_repair: bool = False) -> None:
        super().__init__()
        self._heading = title
        self.lines = list(lines)
        self._may_repair = may_repair

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            with VerticalScroll():
                yield Static("", id="report")
            repair = "P puts right what can be, " if self._may_repair else ""
            yield Label(f"{repair}y copies the report, Esc closes", classes="foot")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self.query_one("#report", Static).update(
            wrapped(self.lines, self.query_one(VerticalScroll).scrollable_content_region.width)
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return self._may_repair or action != "follow_up"

    def action_follow_up(self) -> None:
        self.dismiss(True)

    def action_copy(self) -> None:
        copy_text(self.app, "\n".join([self._heading, *(text for text, _ in self.lines)]), "the report")
