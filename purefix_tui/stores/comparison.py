"""Two stores compared, number by number: a line for each range of numbers of which the same can be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Label, Static

from purefix_core.store.comparing import ComparedRange, Comparison, Side, compare
from purefix_core.store.finding import StoreLocation
from purefix_core.store.next_logon import span
from purefix_core.store.progress import OnProgress
from purefix_tui.stores.keys import COMPARE_KEYS
from purefix_tui.stores.wrapping import wrapped
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.line_table import LineTable, Piece, left, right
from purefix_tui.widgets.plain import visible

_MOST_RANGES = 200_000
"""So many lines are kept; stores of which more can be said have little in common."""
_TOGETHER = 28
"""Cells of the longest words for how two stores go together."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the ranges that were read."""

    comparison: Comparison
    ranges: list[ComparedRange]
    complete: bool
    """Whether these are all."""

    @property
    def differing(self) -> int:
        """How many numbers differ."""
        return sum(each.size for each in self.ranges if not each.agrees)


def compare_all(ours: StoreLocation, theirs: StoreLocation, side: Side | None, on_progress: OnProgress) -> Compared:
    """Compare, and read every message. Raises StoreError, and OSError, and what `on_progress` raises."""
    comparison = compare(ours, theirs, side)
    ranges: list[ComparedRange] = []
    for each in comparison.ranges(on_progress):
        if len(ranges) == _MOST_RANGES:
            return Compared(comparison, ranges, False)
        ranges.append(each)
    return Compared(comparison, ranges, True)


@dataclass(slots=True)
class RangeRows:
    """A row source over the ranges."""

    ranges: list[ComparedRange] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ranges)

    def row(self, i: int) -> ComparedRange:
        return self.ranges[i]


class RangeTable(LineTable[ComparedRange]):
    """The ranges: direction, numbers, what either store says, and how that goes together."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"range-table--good", "range-table--bad", "range-table--dim"}

    DEFAULT_CSS = """
    RangeTable {
        & > .range-table--good { color: $success; }
        & > .range-table--bad { color: $error; text-style: bold; }
        & > .range-table--dim { color: $muted; }
    }
    """

    def __init__(self, ranges: list[ComparedRange]) -> None:
        self.rows = RangeRows(ranges)
        super().__init__(self.rows, titled=True)

    def paint_title(self, top: int, width: int) -> Iterator[Piece]:  # noqa: ARG002
        numbers, standing = _columns(width)
        yield f" {left('', 4)} {left('MsgSeqNum', numbers)} {right('count', 9)}  ", ""
        yield f"{left('together', _TOGETHER)} {left('this store', standing)} the other", ""

    def paint(self, index: int, top: bool, width: int) -> Iterator[Piece]:  # noqa: ARG002
        each = self.rows.ranges[index]
        numbers, standing = _columns(width)
        yield ("▌" if index == self.cursor else " "), "line-table--marker"
        yield f"{each.direction:<4} ", "range-table--dim"
        yield f"{left(span(each.first, each.last), numbers)} {right(f'{each.size:,}', 9)}  ", ""
        mark, style = ("✓", "good") if each.agrees else ("✗", "bad")
        yield left(f"{mark} {each.verdict.value}", _TOGETHER) + " ", f"range-table--{style}"
        yield f"{left(each.ours.value, standing)} {each.theirs.value}", "range-table--dim"


def _columns(width: int) -> tuple[int, int]:
    """Cells of the numbers, and of what one store says of them."""
    return (13, 12) if width < 100 else (21, 22)


class ComparisonScreen(Dialog[None]):
    """Shows what was compared."""

    HELP = """\
Two stores, number by number. Each line is a range of numbers of which the same can be said: what both have of it
together, then what this store has, and the other one. ✗ marks what does not go together. What it means for the next
Logon stands above."""

    BINDINGS: ClassVar[list[BindingType]] = COMPARE_KEYS

    DEFAULT_CSS = """
    ComparisonScreen { align: center middle; }
    ComparisonScreen > Vertical { width: 130; max-width: 98%; height: 94%; padding: 1 2; background: $panel; }
    ComparisonScreen .title { text-style: bold; color: $primary; width: 100%; }
    ComparisonScreen .caption { color: $muted; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    ComparisonScreen VerticalScroll { height: auto; max-height: 40%; margin: 1 0; background: $panel; }
    ComparisonScreen VerticalScroll { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ComparisonScreen RangeTable { background: $panel; }
    """

    def __init__(self, compared: Compared) -> None:
        super().__init__()
        self.compared = compared
        self._only = False
        self.table = RangeTable(compared.ranges)

    def compose(self) -> ComposeResult:
        comparison = self.compared.comparison
        with Vertical():
            whose = "the counterparty's" if comparison.side is Side.COUNTERPARTY else "a copy of the same session"
            yield Label(f"Compared with {whose}", classes="title")
            yield Label(visible(f"this store  {_shown(comparison.ours.path)}"), classes="caption", markup=False)
            yield Label(visible(f"the other   {_shown(comparison.theirs.path)}"), classes="caption", markup=False)
            with VerticalScroll():
                yield Static("", id="sentences")
            yield self.table
            keys = "] and [ go to what differs, d hides what agrees, Esc closes"
            yield Label(keys, classes="caption")

    def on_mount(self) -> None:
        self.table.focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        comparison = self.compared.comparison
        lines = [(sentence, "") for sentence in comparison.sentences]
        lines += [(f"! {notice}", "$warning") for notice in comparison.notices]
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        self.query_one("#sentences", Static).update(wrapped([self._counted, *lines], width))

    @property
    def _counted(self) -> tuple[str, str]:
        compared = self.compared
        more = "" if compared.complete else " (only a part was compared)"
        if not compared.differing and not compared.comparison.numbers_known:
            return f"! no message differs, but a number cannot be read{more}", "bold $warning"
        if not compared.differing:
            return f"✓ every number agrees{more}", "$success"
        numbers = f"{compared.differing:,} number{'' if compared.differing == 1 else 's'}"
        return f"✗ {numbers} of both directions do not agree{more}", "bold $error"

    def action_next_difference(self, forward: bool) -> None:
        rows, cursor = self.table.rows.ranges, self.table.cursor
        places = range(cursor + 1, len(rows)) if forward else range(cursor - 1, -1, -1)
        place = next((place for place in places if not rows[place].agrees), None)
        if place is None:
            self.notify("Nothing that differs stands there.", title="Compare")
        else:
            self.table.jump(place)

    def action_only_differences(self) -> None:
        self._only = not self._only
        shown = [each for each in self.compared.ranges if not (self._only and each.agrees)]
        self.table.rows = RangeRows(shown)
        self.table.show_placeholder("Every number agrees.")
        self.table.show(self.table.rows)


def _shown(path: Path) -> str:
    """The end of a long path, which tells stores apart."""
    text = str(path)
    return text if len(text) <= 110 else f"…{text[-109:]}"
