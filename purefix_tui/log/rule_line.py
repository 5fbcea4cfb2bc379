"""The rule under the filter bar: it says there what is wrong with the expression, or what the user waits for."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from purefix_tui.widgets.plain import visible


@dataclass(frozen=True, slots=True)
class Saying:
    """What there is to say; nothing leaves the rule."""

    error: str = ""
    showing: str = ""
    """What the rows shown passed, where that is not what stands in the bar."""
    note: str = ""
    """What to know about the filter."""
    busy: str = ""
    """What the user waits for."""


class RuleLine(Static):
    """A line of ─ with what there is to say in it; an error takes as many as three lines."""

    DEFAULT_CSS = """
    RuleLine { height: auto; max-height: 3; color: $rule; text-wrap: nowrap; text-overflow: ellipsis; }
    RuleLine.-error { color: $error; padding: 0 2; text-wrap: wrap; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.saying = Saying()

    def say(self, saying: Saying) -> None:
        if saying != self.saying:
            self.saying = saying
            self.set_class(bool(saying.error), "-error")
            self._paint()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        said = self.saying
        if said.error:
            showing = f"  showing: {visible(said.showing)}" if said.showing else ""
            text = Content.assemble((f"✗ {visible(said.error)}", "bold"), (showing, "$muted"))
        else:
            words = " · ".join(visible(part) for part in (said.busy, said.note) if part)
            words = f" {words} " if words else ""
            rest = "─" * (self.outer_size.width - cell_len(words) - 2)
            text = Content.assemble("──", (words, "$primary" if said.busy else "$muted"), rest)
        self.update(text)
