"""Filtering on screen: live preview, Esc, errors, chips, admin messages, fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import opened, settled, until

from purefix_core.logs.filter import Names, compile_filter, iter_matches
from purefix_core.wire.tags import ADMIN_MSG_TYPES
from purefix_tui.app import PureFixApp
from purefix_tui.log.chips import Chips
from purefix_tui.log.header import Header
from purefix_tui.log.pane import LogPane
from purefix_tui.log.rule_line import RuleLine

MakeApp = Callable[..., PureFixApp]


def matching(pane: LogPane, expression: str) -> list[int]:
    log = pane.log_file
    condition = compile_filter(expression, Names(log.definitions()))
    return [row for batch in iter_matches(log.rows, condition, log.source.read) for row in batch.rows]


def shown(pane: LogPane) -> list[int]:
    return list(pane.rows.all_numbers())


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


async def test_esc_brings_back_the_message_and_its_place(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        pane.table.jump(1000)
        pane.table.scroll_to(y=995, animate=False, force=True)
        await settled(pilot)
        await pilot.press("/", *"35=A")
        await until(pilot, lambda: len(pane.rows) == 12)
        await settled(pilot)
        assert pane.current != 1000
        await pilot.press("escape")
        await settled(pilot)
        assert (pane.current, pane.table.screen_line) == (1000, 5)
        await pilot.press("/", *"35=A")
        await until(pilot, lambda: len(pane.rows) == 12)
        await pilot.press(*["backspace"] * 4)
        await until(pilot, lambda: len(pane.rows) == 2425)
        await pilot.press("escape")
        await settled(pilot)
        assert (pane.current, pane.table.screen_line) == (1000, 5)


async def test_esc_brings_back_the_message_of_a_filter(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="not 35=A").run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        pane.table.jump(1000)
        pane.table.scroll_to(y=995, animate=False, force=True)
        await settled(pilot)
        number = pane.current
        await pilot.press("/", *" and 35=5")
        await until(pilot, lambda: len(pane.rows) == 4)
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert (pane.current, pane.table.screen_line) == (number, 5)


async def test_a_hides_and_shows_admin_messages(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        everything = len(pane.rows)
        await pilot.press("a")
        await settled(pilot)
        types = {pane.log_file.rows.entry(number).msg_type for number in shown(pane)}
        assert types & ADMIN_MSG_TYPES == {"3"}
        assert "[0 ×845]" in pane.filter_bar.chips.render_line(0).text
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


async def test_thousands_of_types_can_be_hidden_at_once(make_app: MakeApp, tmp_path: Path) -> None:
    types = [f"U{number}" for number in range(4000)]
    log = tmp_path / "types.log"
    log.write_text("".join(f"8=FIX.4.4|9=5|35={t}|34=1|49=A|56=B|58=x|10=000|\n" for t in [*types, "U7"]))
    async with make_app(log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        chips = pane.query_one(Chips)
        assert chips.render_line(0).text.startswith(" U7 ×2   U0 ×1 ")
        chips.focus()
        await pilot.press("enter")
        await settled(pilot)
        assert len(pane.filter_state.hidden) == 3999
        assert shown(pane) == [7, 4000]
        await pilot.press("enter", "right", "space")
        await settled(pilot)
        assert len(pane.rows) == 4000
        pane.filter_bar.expression.focus()
        await pilot.press(*"34=1", "enter")
        await settled(pilot)
        assert len(pane.rows) == 4000


async def test_only_chips_on_screen_are_put_together(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "types.log"
    log.write_text("".join(f"8=FIX.4.4|9=5|35=U{number}|34=1|49=A|56=B|10=000|\n" for number in range(4000)))
    async with make_app(log).run_test(size=(120, 30)) as pilot:
        chips = (await opened(pilot)).query_one(Chips)
        chips.focus()
        await pilot.pause()
        put_together: list[int] = []
        chip = Chips._chip

        def counted(self: Chips, at: int, under_cursor: bool) -> object:
            put_together.append(at)
            return chip(self, at, under_cursor)

        monkeypatch.setattr(Chips, "_chip", counted)
        chips.render_line(0)
        chips.action_move(3999)
        assert chips.render_line(0).text.rstrip().endswith("U3999 ×1")
        chips.action_move(-1)
        assert "U3998 ×1" in chips.render_line(0).text
        assert len(put_together) < 60


async def test_chips_have_names_where_there_is_room(make_app: MakeApp, tmp_path: Path) -> None:
    log = tmp_path / "three.log"
    log.write_text("".join(f"8=FIX.4.4|9=5|35={code}|34=1|49=A|56=B|10=000|\n" for code in ("9", "9", "D", "zz")))
    async with make_app(log).run_test(size=(120, 30)) as pilot:
        chips = (await opened(pilot)).query_one(Chips)
        assert chips.render_line(0).text.rstrip() == " 9 OrderCancelReject ×2   D NewOrderSingle ×1   zz ×1"
        await pilot.resize_terminal(80, 30)
        await pilot.pause()
        text = chips.render_line(0).text
        assert text.rstrip() == " 9 ×2   D ×1   zz ×1"
        assert [chips._chip_at(text.index(code)) for code in ("9", "D", "zz")] == [0, 1, 2]


async def test_enter_on_a_wrong_filter_stays_in_the_bar(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log, expression="Side = Buy")
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        buys = shown(pane)
        await pilot.press("/", *" and 3 >", "enter", "R")
        await pilot.pause()
        assert app.focused is pane.filter_bar.expression
        assert not pane.detail.show_secrets
        await pilot.press("backspace", "enter")
        rule = pane.query_one(RuleLine)
        await until(pilot, lambda: "✗" in str(rule.content) and "showing: Side = Buy" in str(rule.content))
        await pilot.press("tab", "tab")  # away from the bar, with the wrong filter in it
        await until(pilot, lambda: app.focused is pane.table)
        await pilot.press("/", "escape")
        await settled(pilot)
        assert pane.filter_bar.expression.value == "Side = Buy"
        assert shown(pane) == buys
        assert "✗" not in str(rule.content)


async def test_esc_takes_back_a_wrong_filter_of_the_command_line(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="Symbl = X").run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("/", "escape")
        await settled(pilot)
        assert pane.filter_bar.expression.value == ""
        assert pane.table.filtering.error is None


async def test_a_long_error_takes_more_lines(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression=f"{'Symbl' * 20} = X").run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        rule = pane.query_one(RuleLine)
        await until(pilot, lambda: rule.size.height == 3)
        await pilot.press("c")
        await until(pilot, lambda: rule.size.height == 1)
        assert str(rule.content) == "─" * 80


async def test_times_in_filters_are_said_to_be_utc_where_others_are_shown(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="time > 09:30").run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        rule = pane.query_one(RuleLine)
        assert "UTC" not in str(rule.content)
        await pilot.press("t")
        assert "times in filters are UTC" in str(rule.content)
        await pilot.press("c")
        await settled(pilot)
        assert "UTC" not in str(rule.content)


async def test_chips_say_how_many_have_no_room_and_keep_their_room(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(140, 30)) as pilot:
        pane = await opened(pilot)
        chips = pane.filter_bar.chips
        before = chips.render_line(0).text
        types = len(pane.log_file.rows.counts()[0])
        assert before.endswith(f"+{types - before.count('×')}")
        await pilot.press("/", "tab", "right", "right", "escape")
        await until(pilot, lambda: app.focused is pane.table)
        await pilot.pause()
        assert chips.render_line(0).text == before
        for _ in range(2):
            await pilot.click(Chips, offset=(2, 0))
            await settled(pilot)
        pane.table.focus()
        await pilot.pause()
        assert chips.render_line(0).text == before
        chips.focus()
        await pilot.press(*["right"] * types)
        text = chips.render_line(0).text
        assert text.startswith(f"+{types - text.count('×')} ")
        assert chips._chip_at(chips.size.width - 2) is not None or text.endswith(" ")
