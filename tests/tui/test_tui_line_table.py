"""The line table: it asks its source for painted rows alone, and its cursor moves as users know it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult

from purefix_tui.themes import DARK
from purefix_tui.widgets.line_table import LineTable, Piece, left, right


class Numbers:
    """Rows that are their own number; remembers which were asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: set[int] = set()

    def __len__(self) -> int:
        return self.count

    def row(self, i: int) -> int:
        if not 0 <= i < self.count:
            raise IndexError(i)
        self.asked.add(i)
        return i


class NumberTable(LineTable[int]):
    def paint(self, index: int, top: bool, width: int) -> Iterator[Piece]:
        yield f"row {self.source.row(index)}{' top' if top else ''}", ""

    def paint_title(self, top: int, width: int) -> Iterator[Piece]:
        yield f"from {top}", ""


class TableApp(App[None]):
    CSS = "Screen { layout: vertical; }"

    def __init__(self, rows: Numbers) -> None:
        super().__init__()
        self.rows = rows
        self.moves: list[int] = []
        self.chosen: list[int] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK.variables

    def compose(self) -> ComposeResult:
        yield NumberTable(self.rows, titled=True)

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        self.moves.append(event.cursor)

    def on_line_table_chosen(self, event: LineTable.Chosen) -> None:
        self.chosen.append(event.cursor)


def lines_of(table: LineTable[int]) -> list[str]:
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


async def test_only_rows_on_screen_are_asked_for() -> None:
    rows = Numbers(10_000_000)
    app = TableApp(rows)
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        table = app.query_one(NumberTable)
        assert table.cursor == 9_999_999
        assert lines_of(table)[0] == "from 9999990"
        assert lines_of(table)[1] == "row 9999990 top"
        assert lines_of(table)[-1] == "row 9999999"
        assert len(rows.asked) < 50


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ("down down up", 1),
        ("j j j k", 2),
        ("pagedown", 9),
        ("pagedown pagedown pageup", 9),
        ("G", 99),
        ("end home", 0),
        ("G g", 0),
        ("up", 0),
        ("G down", 99),
    ],
)
async def test_keys_move_the_cursor(keys: str, cursor: int) -> None:
    app = TableApp(Numbers(100))
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.press(*keys.split())
        table = app.query_one(NumberTable)
        assert table.cursor == cursor
        assert table.scroll_offset.y <= cursor < table.scroll_offset.y + table.page_rows


async def test_a_click_moves_the_cursor_and_a_second_one_chooses() -> None:
    app = TableApp(Numbers(100))
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.click(NumberTable, offset=(3, 5))
        assert app.query_one(NumberTable).cursor == 4
        assert app.chosen == []
        await pilot.click(NumberTable, offset=(3, 5))
        await pilot.pause()
        assert app.chosen == [4]
        await pilot.click(NumberTable, offset=(3, 0))
        assert app.query_one(NumberTable).cursor == 4


async def test_the_cursor_stays_at_the_end_only_when_it_was_there() -> None:
    rows = Numbers(50)
    app = TableApp(rows)
    async with app.run_test(size=(40, 11)) as pilot:
        table = app.query_one(NumberTable)
        rows.count = 60
        table.rows_changed(tail=True)
        assert table.cursor == 0
        await pilot.press("G")
        rows.count = 70
        table.rows_changed(tail=True)
        assert table.cursor == 69
        rows.count = 80
        table.rows_changed(tail=False)
        assert table.cursor == 69
        rows.count = 5
        table.rows_changed()
        assert table.cursor == 4


async def test_other_rows_keep_the_place_on_screen() -> None:
    app = TableApp(Numbers(100))
    async with app.run_test(size=(40, 11)) as pilot:
        table = app.query_one(NumberTable)
        table.jump(50)
        await pilot.pause()
        place = table.cursor - table.scroll_offset.y
        table.show(Numbers(1000), 500)
        await pilot.pause()
        assert (table.cursor, table.cursor - table.scroll_offset.y) == (500, place)


async def test_a_resize_does_not_pull_the_view_to_a_cursor_that_was_scrolled_away() -> None:
    app = TableApp(Numbers(1000))
    async with app.run_test(size=(40, 21)) as pilot:
        table = app.query_one(NumberTable)
        table.scroll_to(y=500, animate=False, force=True)
        await pilot.pause()
        for size in ((60, 11), (60, 30), (30, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert (table.scroll_offset.y, table.cursor) == (500, 0)
        table.cursor = 512
        await pilot.resize_terminal(40, 11)
        await pilot.pause()
        assert 0 <= table.screen_line < table.page_rows


async def test_without_rows_the_placeholder_is_shown() -> None:
    app = TableApp(Numbers(0))
    async with app.run_test(size=(40, 11)) as pilot:
        table = app.query_one(NumberTable)
        table.show_placeholder("Nothing here.", "Press o.")
        await pilot.press("down", "G", "enter")
        assert [line.strip() for line in lines_of(table) if line][1:] == ["Nothing here.", "Press o."]
        assert (table.cursor, app.chosen) == (0, [])


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("日本語", 4, "日 …"),
        ("abc", 3, "abc"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_left_fills_its_cells_exactly(text: str, width: int, expected: str) -> None:
    assert left(text, width) == expected


def test_right_aligns() -> None:
    assert right("12", 4) == "  12"
    assert right("12345", 4) == "123…"
