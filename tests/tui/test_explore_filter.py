"""Filtering on screen: live preview, Esc, errors, chips, admin messages, fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import opened, settled, until

from purefix_core.logs.filter import Names, compile_filter, iter_matches
from purefix_core.wire.tags import ADMIN_MSG_TYPES
from purefix_tui.app import PureFixApp
from purefix_tui.explore.chips import Chips
from purefix_tui.explore.header import Header
from purefix_tui.explore.pane import LogPane
from purefix_tui.explore.rule_line import RuleLine

MakeApp = Callable[..., PureFixApp]


def matching(pane: LogPane, expression: str) -> list[int]:
    log = pane.log_file
    condition = compile_filter(expression, Names(log.definitions()))
    return [row for batch in iter_matches(log.rows, condition, log.source.read) for row in batch.rows]


def shown(pane: LogPane) -> list[int]:
    return [pane.rows.number(place) for place in range(len(pane.rows))]


async def test_the_table_follows_the_typing_and_esc_restores(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        everything = len(pane.rows)
        await pilot.press("/", *"35=D")
        await until(pilot, lambda: len(pane.rows) < everything)
        await settled(pilot)
        assert shown(pane) == matching(pane, "35=D")
        assert app.focused is pane.filter_bar.expression
        await pilot.press("escape")
        await settled(pilot)
        assert len(pane.rows) == everything
        assert pane.filter_bar.expression.value == ""
        assert app.focused is pane.table


async def test_enter_keeps_the_filter_and_esc_later_restores_that_one(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("/", *"35=D", "enter")
        await settled(pilot)
        orders = matching(pane, "35=D")
        assert shown(pane) == orders
        await pilot.press("/", *" and 54=1")
        await until(pilot, lambda: len(pane.rows) < len(orders))
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert shown(pane) == orders
        assert f"{len(orders):,} of {len(pane.log_file.rows):,} messages" in str(pane.query_one(Header).content)


async def test_names_of_the_dictionary_work(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="Symbol ~ ^EUR and Side = Buy").run_test() as pilot:
        pane = await opened(pilot)
        assert shown(pane) == matching(pane, "55 ~ ^EUR and 54 = 1") != []


async def test_a_wrong_expression_is_said_and_the_rows_stay(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        everything = len(pane.rows)
        await pilot.press("/", *"Symbl = X")
        rule = pane.query_one(RuleLine)
        await until(pilot, lambda: "did you mean Symbol" in str(rule.content))
        assert len(pane.rows) == everything
        await pilot.press("escape")
        await settled(pilot)
        assert "Symbol" not in str(rule.content)


async def test_the_cursor_stays_on_its_message(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        number = matching(pane, "35=D")[40]
        pane.table.jump(number)
        await settled(pilot)
        await pilot.press("/", *"35=D", "enter")
        await settled(pilot)
        assert pane.current == number
        await pilot.press("/", "escape")
        await settled(pilot)
        assert pane.current == number


async def test_a_hides_and_shows_admin_messages(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        everything = len(pane.rows)
        await pilot.press("a")
        await settled(pilot)
        types = {pane.log_file.rows.entry(number).msg_type for number in shown(pane)}
        assert types & ADMIN_MSG_TYPES == {"3"}
        assert "[0 845]" in pane.filter_bar.chips.render_line(0).text
        await pilot.press("a")
        await settled(pilot)
        assert len(pane.rows) == everything


async def test_chips_switch_types_by_key_and_click(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        everything = len(pane.rows)
        chips = pane.query_one(Chips)
        chips.focus()
        await pilot.press("space")
        await settled(pilot)
        assert shown(pane) == matching(pane, "not 35=8")
        await pilot.press("space", "right", "enter")
        await settled(pilot)
        assert shown(pane) == matching(pane, "35=0")
        await pilot.press("enter")
        await settled(pilot)
        assert len(pane.rows) == everything
        pane.table.focus()
        await pilot.pause()
        await pilot.click(Chips, offset=(2, 0))
        await settled(pilot)
        assert shown(pane) == matching(pane, "not 35=8")


async def test_f_filters_to_a_field_and_away_from_it(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="35=D").run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        lines = pane.detail.table.source
        place = next(i for i in range(len(lines)) if (field := lines.row(i).field) and field.tag == 55)
        pane.detail.table.cursor = place
        symbol = lines.row(place).field.text
        await pilot.press("f")
        await settled(pilot)
        assert pane.filter_bar.expression.value == f"35=D and 55={symbol}"
        assert shown(pane) == matching(pane, f"35=D and 55={symbol}") != []
        pane.show_filtered(type(pane.filter_state)("35=D"))
        await settled(pilot)
        await pilot.press("F")
        await settled(pilot)
        assert shown(pane) == matching(pane, f"35=D and not 55={symbol}") != []


async def test_a_filter_that_nothing_passes_says_what_to_do(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="55=NOSUCH").run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        assert len(pane.rows) == 0
        assert "No message passes this filter" in pane.table.render_line(2).text
        assert pane.detail.shown is None
