"""MsgType chips: each type with its count, in one line; a chip switches its type off and on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from purefix_tui.widgets.plain import visible

_GAP = " "
_AROUND = 2 + len(_GAP)
"""Cells of a chip besides its texts: one on each side, which brackets take where the type is hidden, and the gap."""
_SHORTEST_NAMED = 10
"""Fewer cells than a chip with a name ever takes."""


@dataclass(frozen=True, slots=True)
class Chip:
    """What stands on a chip: the MsgType, its name where there is room, and how many messages there are."""

    code: str
    name: str
    count: str

    @property
    def cells(self) -> int:
        return cell_len(self.code) + (1 + cell_len(self.name) if self.name else 0) + 1 + len(self.count) + _AROUND


class Chips(Widget, can_focus=True):
    """`D ×1,204  8 ×3,377  [0 ×912]  +14`: a type in brackets is hidden; there is no room for 14 more.

    A log can hold thousands of types: only the chips on screen are put together.
    """

    HELP = """\
Every MsgType of the log with its number of messages: D ×1,204. A type in [brackets] is hidden.
+14 says that there are 14 more on that side: left and right go there.

Left and right choose a type, space hides or shows it, Enter shows it alone (and again: all types).
A click hides or shows a type too."""

    FOOTER = ("chips.toggle", "chips.only", "filter.restore", "app.keys")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Previous type", show=False, id="chips.left", tooltip="Previous MsgType"),
        Binding("right,l", "move(1)", "Next type", show=False, id="chips.right", tooltip="Next MsgType"),
        Binding("space", "switch", "hide or show type", id="chips.toggle", tooltip="Hide or show this MsgType"),
        Binding(
            "enter",
            "only",
            "only this type",
            key_display="↵",
            id="chips.only",
            tooltip="Show this MsgType alone, or all again",
        ),
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
        self._codes: list[str] = []
        self._more = False
        self._names: dict[str, str] = {}
        """The name of each type, where there is room for all of them."""
        self._cells: list[int] = []
        """How wide each chip is, where the cursor is elsewhere."""
        self._first = 0
        """The first chip that is shown."""
        self._shown: list[tuple[int, int]] = []
        """From which column to which one each of the chips shown stands."""
        self._cursor = 0
        self.hidden: frozenset[str] = frozenset()

    def show_counts(self, counts: Mapping[str, int], more: bool) -> None:
        """Counts by MsgType, highest first. `more`: counting goes on. Chips change places only when it ends."""
        if more == self._more and counts == self._counts:
            return
        ended = self._more and not more
        known = {} if ended else {code: counts[code] for code in self._counts if code in counts}
        self._counts = known | dict(counts)
        self._codes = list(self._counts)
        self._more = more
        self._cursor = min(self._cursor, max(0, len(self._codes) - 1))
        self._lay_out()

    def show_hidden(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Measure the chips: 5 ms for 4,000 of them, and only where counts or the width have changed."""
        few = not self._more and len(self._codes) * _SHORTEST_NAMED <= self.size.width
        self._names = {code: self._name_of(code) for code in self._codes} if few else {}
        self._cells = self._measured()
        if self._names and sum(self._cells) > self.size.width:
            self._names = {}
            self._cells = self._measured()
        self._place()

    def _measured(self) -> list[int]:
        return [self._chip(at, False).cells for at in range(len(self._codes))]

    def _place(self) -> None:
        """Say which chips are shown: the one under the cursor, and as many others as there is room for."""
        cells = self._cells.copy()
        if self.has_focus and cells:
            cells[self._cursor] = self._chip(self._cursor, True).cells
        begins = list(accumulate(cells, initial=0))
        last = len(cells) - 1

        def fits(first: int, end: int) -> bool:
            """Whether there is room for the chips from `first` to `end`, and for the marks of the others."""
            marks = _cells_of_mark(first) + _cells_of_mark(last - end)
            return begins[end + 1] - begins[first] - len(_GAP) + marks <= self.size.width

        first = min(self._first, max(0, last))
        if self.has_focus and cells:
            first = min(first, self._cursor)
            while first < self._cursor and not fits(first, self._cursor):
                first += 1
        while first and fits(first - 1, last):
            first -= 1
        end = first
        while end < last and fits(first, end + 1):
            end += 1
        self._first, self._shown = first, []
        left = _cells_of_mark(first) - begins[first]
        if cells:
            self._shown = [(begins[at] + left, begins[at + 1] - len(_GAP) + left) for at in range(first, end + 1)]
        self.refresh()

    def _chip(self, at: int, under_cursor: bool) -> Chip:
        """The chip at a place; the one under the cursor shows its name in any case."""
        code = self._codes[at]
        name = self._name_of(code) if under_cursor else self._names.get(code, code)
        count = f"×{'>' if self._more else ''}{self._counts[code]:,}"
        return Chip(visible(code), "" if name == code else visible(name), count)

    def _hide(self, hidden: frozenset[str]) -> None:
        self.show_hidden(hidden)
        self.post_message(self.Changed(hidden))

    def action_move(self, steps: int) -> None:
        self._cursor = max(0, min(self._cursor + steps, len(self._codes) - 1))
        self._place()

    def action_switch(self) -> None:
        if self._codes:
            self._hide(self.hidden ^ {self._codes[self._cursor]})

    def action_only(self) -> None:
        if self._codes:
            others = frozenset(self._codes) - {self._codes[self._cursor]}
            self._hide(frozenset() if self.hidden == others else others)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Not in the handlers of Focus and Blur: these come before `has_focus` is set."""
        super().watch_has_focus(has_focus)
        self._place()

    def on_click(self, event: events.Click) -> None:
        at = self._chip_at(event.x)
        if at is not None:
            self._cursor = at
            self._place()
            self.action_switch()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        at = self._chip_at(event.x)
        self.tooltip = None if at is None else Content(visible(self._name_of(self._codes[at])))

    def _chip_at(self, x: int) -> int | None:
        """The chip at a column; None between chips and behind the last one."""
        return next((self._first + at for at, (begin, end) in enumerate(self._shown) if begin <= x < end), None)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (Textual's signature)
        width, base = self.size.width, self.rich_style
        before, behind = self._first, len(self._codes) - self._first - len(self._shown)
        segments = [Segment(f"+{before} ", base + self._style("chips--count"))] if before else []
        for at in range(self._first, self._first + len(self._shown)):
            segments += self._painted(at, base)
        if not behind:
            return Strip(segments).adjust_cell_length(width, base)
        mark = Segment(f"+{behind}", base + self._style("chips--count"))
        chips = Strip(segments).adjust_cell_length(max(0, width - len(mark.text)), base)
        return Strip([*chips, mark]).adjust_cell_length(width, base)

    def _painted(self, at: int, base: Style) -> list[Segment]:
        under_cursor, hidden = self.has_focus and at == self._cursor, self._codes[at] in self.hidden
        chip = self._chip(at, under_cursor)
        pieces = [
            ("[" if hidden else " ", ""),
            (chip.code, "chips--hidden" if hidden else "chips--code"),
            (f" {chip.name}" if chip.name else "", "chips--hidden" if hidden else ""),
            (f" {chip.count}", "chips--count"),
            ("]" if hidden else " ", ""),
        ]
        over = self._style("chips--cursor") if under_cursor else Style.null()
        return [*(Segment(text, base + self._style(style) + over) for text, style in pieces), Segment(_GAP, base)]

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True) if name else Style.null()


def _cells_of_mark(others: int) -> int:
    """The room for `+14` beside the chips, which says how many there are on that side."""
    return len(f"+{others} ") if others else 0
