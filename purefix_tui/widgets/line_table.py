"""A table that paints only the lines on screen, over a source that may hold any number of rows.

It keeps nothing per row: a line is asked from the source when it is painted. Subclasses say how a row looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Row = TypeVar("Row", covariant=True)
Piece = tuple[str, str]
"""Text and the name of the component class that styles it ("" for the table's own style)."""


class RowSource(Protocol[Row]):
    """Rows numbered from 0. `row` is called for painted rows alone and must take well under a millisecond."""

    def __len__(self) -> int: ...

    def row(self, i: int) -> Row: ...


class LineTable(ScrollView, Generic[Row], can_focus=True):
    """Lines with a cursor: arrows, vim keys, page keys, mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", show=False, id="table.up", tooltip="One row up"),
        Binding("down,j", "cursor(1)", "Down", show=False, id="table.down", tooltip="One row down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="table.page_up", tooltip="One page up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="table.page_down", tooltip="One page down"),
        Binding("home,g", "first", "First", show=False, id="table.first", tooltip="To the first row"),
        Binding("end,G", "last", "Last", show=False, id="table.last", tooltip="To the last row; stays there"),
        Binding("enter", "choose", "Choose", show=False, id="table.choose", tooltip="Choose the row under the cursor"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-table--cursor", "line-table--title", "line-table--marker"}

    DEFAULT_CSS = """
    LineTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $rule;
        & > .line-table--title { color: $muted; }
        & > .line-table--marker { color: $muted; }
        & > .line-table--cursor { background: $cursor-blurred; }
        &:focus > .line-table--marker { color: $primary; text-style: bold; }
        &:focus > .line-table--cursor { background: $cursor-focused; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row under the cursor, counted from 0; 0 where there are no rows."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or other rows stand under it."""

        table: LineTable[object]
        cursor: int

        @property
        def control(self) -> LineTable[object]:
            return self.table

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a row, or the row under the cursor was clicked."""

        table: LineTable[object]
        cursor: int

        @property
        def control(self) -> LineTable[object]:
            return self.table

    def __init__(self, source: RowSource[Row], *, titled: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.source = source
        self.placeholder: tuple[str, ...] = ()
        """Lines to show where there are no rows."""
        self._title_lines = 1 if titled else 0
        self._rows = len(source)
        self._base_style = Style.null()
        self._combined: dict[tuple[Style, str], Style] = {}
        """Of the lines that are being painted."""
        self._page_rows: int | None = None
        """How many rows fitted on screen before it was resized."""

    # What a subclass says.

    def paint(self, index: int, top: bool, width: int) -> Iterable[Piece]:
        """The pieces of row `index`; `top` tells that it is the first row on screen. Longer lines are cropped."""
        raise NotImplementedError

    def paint_title(self, top: int, width: int) -> Iterable[Piece]:  # noqa: ARG002
        """The pieces of the title line; `top` is the first row on screen."""
        return ()

    # Rows.

    def on_mount(self) -> None:
        self._resize_content()

    @property
    def screen_line(self) -> int:
        """The line on screen that the cursor stands on, counted from the first row; it may be out of view."""
        return self.cursor - self.scroll_offset.y

    def show(self, source: RowSource[Row], cursor: int = 0, line: int | None = None) -> None:
        """Show other rows, with the cursor on row `cursor`. It stands on that line of the screen, by default on the
        same one as before, where that is possible."""
        line = self.screen_line if line is None else line
        self.source = source
        self._rows = len(source)
        self._resize_content()
        cursor = max(0, min(cursor, self._rows - 1))
        self.set_reactive(LineTable.cursor, cursor)
        self._scroll_to_line(line)
        self.refresh()
        self.post_message(self.Moved(self, cursor))

    def _scroll_to_line(self, line: int) -> None:
        """Scroll so that the cursor stands on that line of the screen, or the nearest one that there is."""
        self.scroll_to(y=max(0, self.cursor - max(0, min(line, self.page_rows - 1))), animate=False, force=True)
        self._scroll_to_cursor()

    def show_placeholder(self, *lines: str) -> None:
        """What to show instead of rows where there are none."""
        if lines != self.placeholder:
            self.placeholder = lines
            self.refresh()

    @property
    def is_in_view(self) -> bool:
        """Whether the cursor is on screen, and not scrolled out of view."""
        return 0 <= self.screen_line < self.page_rows

    def rows_changed(
        self, tail: bool = False, cursor: int | None = None, top: int | None = None, repaint: bool = True
    ) -> None:
        """The source has grown or shrunk. `cursor` and `top`: where the row under the cursor and the first one on
        screen are now, if not where they were; they stay where they are on screen. Without `repaint` the rows on screen
        are what they were.

        With `tail` a cursor that is seen on the last row moves on to the new last row.
        """
        was_in_view, scrolled = self.is_in_view, self.scroll_offset.y
        at_end = was_in_view and self.cursor >= self._rows - 1
        before, self._rows = self._rows, len(self.source)
        self._resize_content()
        cursor = self.cursor if cursor is None else cursor
        moved = cursor - self.cursor if was_in_view or top is None else top - scrolled
        if (tail and at_end and self._rows > before) or cursor >= self._rows:
            self.cursor = max(0, self._rows - 1)
        elif cursor != self.cursor or moved:
            self.set_reactive(LineTable.cursor, cursor)
            self.scroll_to(y=scrolled + moved, animate=False, force=True)
            if was_in_view:
                self._scroll_to_cursor()
        elif not before and self._rows:
            self.post_message(self.Moved(self, self.cursor))
        if repaint:
            self.refresh()

    def _resize_content(self) -> None:
        """Say how many lines there are. While that is more than fit on screen only the scroll bar changes; to let
        Textual arrange and paint the whole screen anew, as it does for another size, costs some 20 ms."""
        size, fitting = Size(1, self._rows + self._title_lines), self.size.height
        if self.show_vertical_scrollbar and min(size.height, self.virtual_size.height) > fitting > 0:
            self.set_reactive(LineTable.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        else:
            self.virtual_size = size

    @property
    def page_rows(self) -> int:
        """How many rows fit on screen, at least 1. While another tab is shown, as many as before."""
        height = self.size.height
        return max(1, height - self._title_lines) if height else self._page_rows or 1

    @property
    def rows_below(self) -> int:
        """How many rows stand below the last one on screen."""
        return max(0, self._rows - self.scroll_offset.y - self.page_rows)

    # Cursor.

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self._rows - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        self._refresh_row(before)
        self._refresh_row(cursor)
        self._scroll_to_cursor()
        self.post_message(self.Moved(self, cursor))

    def _refresh_row(self, row: int) -> None:
        self.refresh_line(row + self._title_lines)

    # Scrolling is forced: where all rows fitted so far there is no scroll bar yet, and Textual would refuse.

    def _scroll_to_cursor(self) -> None:
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self.page_rows:
            self.scroll_to(y=self.cursor - self.page_rows + 1, animate=False, force=True)

    def jump(self, row: int, line: int | None = None) -> None:
        """Move the cursor to `row`, on that line of the screen. By default a row that is not on screen comes to stand
        a third down from the top."""
        top = self.scroll_offset.y
        if line is None and not top <= row < top + self.page_rows:
            self.scroll_to(y=max(0, row - self.page_rows // 3), animate=False, force=True)
        self.cursor = row
        if line is not None:
            self._scroll_to_line(line)

    def on_resize(self) -> None:
        """A cursor that was in view stays there; one that was scrolled out of view does not pull the view along."""
        before, self._page_rows = self._page_rows, self.page_rows
        if before is None or 0 <= self.screen_line < before:
            self._scroll_to_cursor()

    def action_cursor(self, rows: int) -> None:
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        step = pages * max(1, self.page_rows - 1)
        self.scroll_to(y=self.scroll_offset.y + step, animate=False, force=True)
        self.cursor += step

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = self._rows - 1

    def action_choose(self) -> None:
        if self._rows:
            self.post_message(self.Chosen(self, self.cursor))

    def row_at(self, event: events.MouseEvent) -> int | None:
        """The row under the mouse."""
        if event.y < self._title_lines:
            return None
        row = event.y - self._title_lines + self.scroll_offset.y
        return row if row < self._rows else None

    def on_click(self, event: events.Click) -> None:
        row = self.row_at(event)
        if row is None:
            return
        if row == self.cursor:
            self.action_choose()
        else:
            self.cursor = row

    # Painting.

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True) if name else Style.null()

    def render_lines(self, crop: Region) -> list[Strip]:
        self._base_style = self.rich_style  # once for all lines: to work it out takes as long as to paint a line
        self._combined.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self._base_style
        top = self.scroll_offset.y
        if y < self._title_lines:
            style = base + self._style("line-table--title")
            return self._strip(self.paint_title(top, width), style, width)
        row = top + y - self._title_lines
        if row >= self._rows:
            line = y - self._title_lines - 1
            if not self._rows and 0 <= line < len(self.placeholder):
                return self._strip([(f"  {self.placeholder[line]}", "line-table--title")], base, width)
            return Strip.blank(width, base)
        if row == self.cursor:
            base = base + self._style("line-table--cursor")
        return self._strip(self.paint(row, row == top, width), base, width)

    def _combine(self, base: Style, name: str) -> Style:
        style = self._combined.get((base, name))
        if style is None:
            style = self._combined[base, name] = base + self._style(name)
        return style

    def _strip(self, pieces: Iterable[Piece], base: Style, width: int) -> Strip:
        segments = [Segment(text, self._combine(base, style)) for text, style in pieces]
        return Strip(segments).adjust_cell_length(width, base)


def left(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut with … where it is longer."""
    if width <= 0:
        return ""
    if len(text) == width and text.isascii():
        return text
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def right(text: str, width: int) -> str:
    """`text` right-aligned in exactly `width` cells, cut with … where it is longer."""
    return left(text, width) if cell_len(text) >= width else " " * (width - cell_len(text)) + text


def joined(pieces: Sequence[Piece]) -> str:
    """The text of the pieces."""
    return "".join(text for text, _ in pieces)
