"""The line that offers a way on where somebody's Logout said that a MsgSeqNum is too low."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from purefix_core.analysis.refusals import Refusal
from purefix_core.session.settings import SessionSettings
from purefix_tui.session.actions import refusal_title
from purefix_tui.widgets.plain import visible


class RefusalBar(Vertical):
    """What was refused and why, with a button; not shown where nothing is."""

    DEFAULT_CSS = """
    RefusalBar { height: auto; padding: 0 1; background: $panel; border-left: thick $warning; }
    RefusalBar > Static { width: 100%; height: auto; max-height: 5; }
    RefusalBar #accept { background: $rule; color: $foreground; text-style: bold; }
    RefusalBar #accept:focus { background: $primary; color: $background; }
    """

    @dataclass
    class Accepted(Message):
        """The user wants what the button says."""

        refusal: Refusal

    def __init__(self, settings: SessionSettings) -> None:
        super().__init__()
        self._settings = settings
        self._refusal: Refusal | None = None
        self._says = ""
        self.display = False

    def compose(self) -> ComposeResult:
        yield Static("", id="refused")
        yield Button("", id="accept", compact=True)

    def show(self, refusal: Refusal | None, next_out: int | None, next_in: int | None) -> None:
        """Offer the way on; None takes the offer away. The numbers are the next MsgSeqNums, where they are known."""
        says = "" if refusal is None else _said(refusal, next_out, next_in)
        if refusal is self._refusal and says == self._says:
            return
        self._refusal, self._says = refusal, says
        self.display = refusal is not None
        if refusal is not None:
            whose = "We refused" if refusal.ours else "The peer refused"
            pieces = ((f"{whose} (MsgSeqNum too low). ", "bold $warning"), says)
            self.query_one("#refused", Static).update(Content.assemble(*pieces))
            self.query_one("#accept", Button).label = Content(f"{visible(refusal_title(refusal, self._settings))} (A)")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.accept()

    def accept(self) -> None:
        """Ask for what is offered, if something is."""
        if self._refusal is not None:
            self.post_message(self.Accepted(self._refusal))


def _said(refusal: Refusal, next_out: int | None, next_in: int | None) -> str:
    """What it is about, and what taking it up means; the dialog behind it says the rest."""
    if next_out is None or next_in is None:
        return refusal.happened
    return f"{refusal.happened} {refusal.meaning(next_out, next_in)[0]}"
