"""MsgType chips: each type with its count, in one line; a chip switches its type off and on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from purefix_tui.widgets.plain import visible

_GAP = " "


class Chips(Widget, can_focus=True):
    """`D 1,204  8 3,377  [0 912]`: a type in brackets is hidden."""

    HELP = """\
Every MsgType of the log with its number of messages. A type in [brackets] is hidden.

Left and right choose a type, space hides or shows it, Enter shows it alone (and again: all types).
A click hides or shows a type too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Previous type", show=False, id="chips.left", tooltip="Previous MsgType"),
        Binding("right,l", "move(1)", "Next type", show=False, id="chips.right", tooltip="Next MsgType"),
        Binding("space", "switch", "hide or show type", id="chips.toggle", tooltip="Hide or show this MsgType"),
        Binding("enter", "only", "only this type", id="chips.only", tooltip="Show this MsgType alone, or all again"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--code", "chips--count", "chips--hidden", "chips--cursor"}

    DEFAULT_CSS = """
    Chips {
        height: 1;
        & > .chips--code { text-style: bold; }
        & > .chips--count { color: $muted; }
        & > .chips--hidden { color: $muted; }
        & > .chips--cursor { background: $cursor-focused; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user switched types off or on."""

        hidden: frozenset[str]

    def __init__(self, name_of: Callable[[str], str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._name_of = name_of
        self._counts: dict[str, int] = {}
        self._more = False
        self._cursor = 0
        self._left = 0
        self.hidden: frozenset[str] = frozenset()

    def show_counts(self, counts: Mapping[str, int], more: bool) -> None:
        """Counts by MsgType, highest first. `more`: counting goes on. Chips change places only when it ends."""
        ended = self._more and not more
        known = {} if ended else {code: counts[code] for code in self._counts if code in counts}
        self._counts = known | dict(counts)
        self._more = more
        self._cursor = min(self._cursor, max(0, len(self._counts) - 1))
        self.refresh()

    def show_hidden(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        self.refresh()

    def _hide(self, hidden: frozenset[str]) -> None:
        self.show_hidden(hidden)
        self.post_message(self.Changed(hidden))

    def action_move(self, steps: int) -> None:
        self._cursor = max(0, min(self._cursor + steps, len(self._counts) - 1))
        self.refresh()

    def action_switch(self) -> None:
        if self._counts:
            self._hide(self.hidden ^ {list(self._counts)[self._cursor]})

    def action_only(self) -> None:
        if self._counts:
            others = frozenset(self._counts) - {list(self._counts)[self._cursor]}
            self._hide(frozenset() if self.hidden == others else others)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        at = self._chip_at(event.x)
        if at is not None:
            self._cursor = at
            self.action_switch()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        at = self._chip_at(event.x)
        self.tooltip = None if at is None else self._name_of(list(self._counts)[at])

    def _chip_at(self, x: int) -> int | None:
        for at, (begin, end) in enumerate(self._places()):
            if begin <= x + self._left < end:
                return at
        return None

    def _texts(self) -> list[tuple[str, str, bool]]:
        texts = []
        for at, (code, count) in enumerate(self._counts.items()):
            label = visible(code)
            if self.has_focus and at == self._cursor:
                label = f"{label} {visible(self._name_of(code))}"
            texts.append((label, f"{'>' if self._more else ''}{count:,}", code in self.hidden))
        return texts

    def _places(self) -> list[tuple[int, int]]:
        """Where each chip begins and ends, in cells from the beginning of the whole line."""
        places, x = [], 0
        for label, count, _ in self._texts():
            end = x + cell_len(label) + len(count) + 3
            places.append((x, end))
            x = end + len(_GAP)
        return places

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (Textual's signature)
        width, base = self.size.width, self.rich_style
        places = self._places()
        if self.has_focus and places:
            begin, end = places[self._cursor]
            self._left = max(0, min(begin, max(self._left, end - width)))
        code_style = base + self.get_component_rich_style("chips--code", partial=True)
        count_style = base + self.get_component_rich_style("chips--count", partial=True)
        hidden_style = base + self.get_component_rich_style("chips--hidden", partial=True)
        cursor_style = self.get_component_rich_style("chips--cursor", partial=True)
        segments = []
        for at, (label, count, hidden) in enumerate(self._texts()):
            over = cursor_style if self.has_focus and at == self._cursor else None
            before, after = ("[", "]") if hidden else (" ", " ")
            pieces = (
                [(before, base), (f"{label} {count}", hidden_style), (after, base)]
                if hidden
                else [(before, base), (label, code_style), (f" {count}", count_style), (after, base)]
            )
            segments += [Segment(text, style if over is None else style + over) for text, style in pieces]
            segments.append(Segment(_GAP, base))
        return Strip(segments).crop_extend(self._left, self._left + width, base)
