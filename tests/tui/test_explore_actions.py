"""What keys do with an opened log: go to, find, next reject, copy, export, views, time zones, help."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import dialog, opened, settled, until
from textual.widgets import Input, Static

from purefix_core.logs.index import BROKEN
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.log.detail import View
from purefix_tui.log.export_dialog import ExportDialog
from purefix_tui.log.search import PROBLEMS
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.help_screen import HelpScreen
from purefix_tui.widgets.key_line import KeyLine

MakeApp = Callable[..., PureFixApp]


def detail_text(pane: object) -> str:
    lines = pane.detail.table.source  # type: ignore[attr-defined]
    return "\n".join("".join(text for text, _ in lines.row(i).pieces) for i in range(len(lines)))


async def test_go_to_offset_sequence_number_and_time(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        rows = pane.log_file.rows

        async def go(text: str) -> None:
            await pilot.press(":")
            await dialog(pilot, Prompt)
            await pilot.press(*text, "enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, Prompt))
            await settled(pilot)

        await go(f"@{rows.entry(1000).offset + 5}")
        assert pane.current == 1000
        await go("#530")
        entry = rows.entry(pane.current or 0)
        assert (entry.msg_seq_num, entry.row > 1000) == (530, True)
        await go("09:30")
        assert pane.table.stamp_of_row(pane.table.cursor).clock >= "09:30:00.000"
        assert pane.table.stamp_of_row(pane.table.cursor - 1).clock < "09:30:00.000"


async def test_go_to_nowhere_is_explained(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press(":", *"over there", "enter")
        assert "Not a place" in str(app.screen.query_one(".wrong").content)
        await pilot.press("escape", ":", *"#99999", "enter")
        await until(pilot, lambda: bool(app._notifications))
        assert "no message with sequence number 99,999" in next(iter(app._notifications)).message


async def test_a_number_alone_is_a_sequence_number_and_the_prompt_says_so(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press(":")
        await dialog(pilot, Prompt)
        assert "sequence number\n@565,919" in str(app.screen.query_one(".explanation").content)
        await pilot.press(*"565,919", "enter")
        await until(pilot, lambda: bool(app._notifications))
        (notice,) = app._notifications
        assert "no message with sequence number 565,919" in notice.message
        assert "@565,919 goes to that offset" in notice.message
        assert pane.current == 0
        await pilot.press(":", *"@565,919", "enter")
        await until(pilot, lambda: pane.current != 0)
        entry = pane.log_file.rows.entry(pane.current or 0)
        assert entry.offset <= 565_919 < entry.offset + entry.length + 40


async def test_enter_goes_to_the_fields_and_esc_comes_back(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        for back in ("escape", "shift+tab"):
            await pilot.press("enter")
            await until(pilot, lambda: app.focused is pane.detail.table)
            await pilot.press(back)
            await until(pilot, lambda: app.focused is pane.table)
        await pilot.click(pane.table, offset=(30, 3))
        await pilot.pause()
        assert app.focused is pane.table
        await pilot.click(pane.table, offset=(30, 3), times=2)
        await until(pilot, lambda: app.focused is pane.detail.table)


async def test_find_moves_without_hiding(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        rows = pane.log_file.rows
        holding = [row for row in range(len(rows)) if b"gbpusd" in pane.log_file.read(row).lower()]
        await pilot.press("ctrl+f", *"gbpusd", "enter")
        await until(pilot, lambda: pane.table.cursor != 0)
        await settled(pilot)
        assert pane.current == holding[0]
        assert len(pane.rows) == len(rows)
        await pilot.press("n")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert pane.current == holding[2]
        await pilot.press("N")
        await settled(pilot)
        assert pane.current == holding[1]
        await pilot.press("g")
        await settled(pilot)
        await pilot.press("N")
        await settled(pilot)
        assert pane.current == holding[-1]


async def test_brackets_go_from_reject_to_reject(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        log = pane.log_file
        problems = [e.row for e in log.rows if PROBLEMS.matches(e, log.message(e.row))]
        assert any(log.rows.entry(row).flags & BROKEN for row in problems)
        for row in problems[:4]:
            await pilot.press("]")
            await settled(pilot)
            assert pane.current == row
        await pilot.press("[")
        await settled(pilot)
        assert pane.current == problems[2]
        await pilot.press("g", "[")
        await until(pilot, lambda: pane.current == problems[-1])


async def test_broken_messages_carry_a_mark_and_a_finding(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="flag:checksum").run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert len(pane.rows) == 1
        assert "! checksum" in pane.table.render_line(1).text
        assert detail_text(pane).startswith(" ✗ ")
        assert "CheckSum" in detail_text(pane).splitlines()[0]


async def test_views_of_a_message(make_app: MakeApp, short_log: Path) -> None:
    async with make_app(short_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        assert "EncryptMethod" in detail_text(pane)
        await pilot.press("v")
        assert "35=A|" in detail_text(pane).replace("\n", "").replace(" ", "")
        await pilot.press("v")
        assert json.loads(detail_text(pane))["msgType"] == "A"
        await pilot.press("v")
        assert pane.detail.view is View.TREE


async def test_parts_fold_and_stay_folded(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log, expression="35=W").run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        table = pane.detail.table
        before = len(table.source)
        table.focus()
        assert table.line is not None
        assert table.line.path == ("Header",)
        await pilot.press("right")
        await pilot.pause()
        assert len(table.source) > before
        await pilot.press("down", "left", "left")
        await pilot.pause()
        assert len(table.source) == before
        group = next(i for i in range(before) if (field := table.source.row(i).field) and field.tag == 268)
        table.cursor = group
        await pilot.press("space")
        await pilot.pause()
        folded = len(table.source)
        assert folded < before
        pane.table.cursor += 1
        await settled(pilot)
        assert len(table.source) == folded
        assert table.line.field is not None
        assert table.line.field.tag == 268


async def test_copies_go_to_the_terminal_with_secrets_masked(
    make_app: MakeApp, example_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "")
    monkeypatch.setenv("TERM", "xterm-256color")
    app = make_app(example_log)
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        await pilot.press("y")
        assert app.clipboard.startswith("8=FIX.4.4|9=110|35=A|")
        assert "554=***|" in app.clipboard
        lines = pane.detail.table.source
        pane.detail.table.cursor = next(i for i in range(len(lines)) if (f := lines.row(i).field) and f.tag == 554)
        await pilot.press("Y")
        assert app.clipboard == "554=***"
        await pilot.press("R", "Y")
        assert app.clipboard == "554=not-a-real-password"
        await pilot.press("R", "y")
        assert "not-a-real-password" not in app.clipboard


async def test_a_terminal_that_takes_no_copies_is_named(
    make_app: MakeApp, short_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "Apple_Terminal")
    app = make_app(short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("y")
        assert app.clipboard == ""
        assert next(iter(app._notifications)).title == "Not copied"


async def test_export_writes_the_rows_shown(
    make_app: MakeApp, example_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app(example_log, expression="35=D")
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("x")
        await dialog(pilot, ExportDialog)
        app.screen.query_one(Input).value = "orders.fix"
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "orders.fix").exists())
        written = (tmp_path / "orders.fix").read_bytes().split(b"\n")
        assert written[:-1] == [pane.log_file.read(number) for number in pane.rows.all_numbers()]
        await until(pilot, lambda: bool(app._notifications))
        await pilot.press("x")
        await dialog(pilot, ExportDialog)
        app.screen.query_one(Input).value = "orders.fix"
        await pilot.press("enter")
        assert "exists" in str(app.screen.query_one(".wrong").content)


async def test_t_goes_through_the_time_zones(
    make_app: MakeApp, example_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        table = (await opened(pilot)).table
        assert "UTC" in table.render_line(0).text
        await pilot.press("t")
        assert "local" in table.render_line(0).text
        await pilot.press("t")
        assert "log" in table.render_line(0).text
        assert "08:00:00.051" in table.render_line(2).text
        await pilot.press("t")
        assert "08:00:00.047" in table.render_line(2).text


async def test_help_lists_every_key_of_the_log(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(100, 60)) as pilot:
        pane = await opened(pilot)
        await pilot.press("?")
        await dialog(pilot, HelpScreen)
        text = str(app.screen.query("VerticalScroll Static").first().content)
        for binding in [*pane.BINDINGS, *app.BINDINGS]:
            assert binding.tooltip
            assert binding.tooltip in text
        await pilot.press("escape", "f1")
        await dialog(pilot, HelpScreen)
        assert "The messages of the log" in str(app.screen.query("VerticalScroll Static").first().content)


async def test_the_palette_has_every_action(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        commands = {command.help: command for command in app.get_system_commands(app.screen)}
        assert {binding.tooltip for binding in pane.BINDINGS} - set(commands) == {
            "The next message that holds the text",
            "The message before it",
            "Go on with the index or the filter that was stopped",
            "Stop the filter that runs, else the search, the export, the index",
            "Mark no longer the messages that hold the text",
            "Hide what the header says of the file",
        }
        await commands["Hide or show heartbeats and logons; never rejects"].callback()
        await settled(pilot)
        assert 0 < len(pane.rows) < 41


async def test_every_binding_has_an_id_of_its_own(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test() as pilot:
        await opened(pilot)
        nodes = [app, *app.screen.walk_children()]
        ours = [type(node) for node in nodes if type(node).__module__.startswith("purefix_tui")]
        by_id: dict[str | None, set[str]] = {}
        for kind in ours:
            for binding in kind.__dict__.get("BINDINGS", []):
                by_id.setdefault(binding.id, set()).add(f"{kind.__name__} {binding.key}")
        assert None not in by_id
        assert all(len(uses) == 1 for uses in by_id.values())


async def test_many_warnings_are_one_line_until_unfolded(make_app: MakeApp, tmp_path: Path) -> None:
    log = tmp_path / "custom.log"
    own_tags = "".join(f"{tag}=x|" for tag in range(9001, 9007))
    log.write_text(f"8=FIX.4.4|9=5|35=0|34=1|49=A|56=B|52=20250311-08:00:00|{own_tags}10=000|\n")
    async with make_app(log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        lines = detail_text(pane).splitlines()
        assert lines[0].startswith(" ✗ ")
        assert [line.split("  ")[0] for line in lines if "warnings" in line] == [" ▸ ! 6 warnings"]
        pane.detail.table.cursor = next(i for i, line in enumerate(lines) if "warnings" in line)
        pane.detail.table.focus()
        await pilot.press("space")
        await pilot.pause()
        assert detail_text(pane).count(" ! Tag 900") == 6


async def test_without_fields_the_footer_names_no_keys_for_them(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(140, 40)) as pilot:
        pane = await opened(pilot)
        line = app.query_one(KeyLine)
        await pilot.press("enter")
        await until(pilot, lambda: "Y copy field" in str(line.content))
        await pilot.press("v")
        await until(pilot, lambda: "Y copy field" not in str(line.content) and "Esc back" in str(line.content))
        for key in ("f", "Y"):
            app.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: bool(app._notifications))
            assert [notice.message for notice in app._notifications] == ["Fields are chosen in the tree: v goes there."]
        assert app.focused is pane.detail.table


@pytest.mark.parametrize("size", [(80, 24), (200, 45)])
async def test_a_click_chooses_a_view(make_app: MakeApp, short_log: Path, size: tuple[int, int]) -> None:
    async with make_app(short_log).run_test(size=size) as pilot:
        pane = await opened(pilot)
        await pilot.press("enter")
        views = pane.detail.query_one(ChoiceLine)
        for view, x in ((View.JSON, 12), (View.RAW, 7), (View.TREE, 1)):
            await pilot.click(views, offset=(x, 0))
            await until(pilot, lambda view=view: pane.detail.view is view)


async def test_secrets_that_are_shown_are_marked_as_long_as_they_are(make_app: MakeApp, short_log: Path) -> None:
    async with make_app(short_log).run_test(size=(140, 40)) as pilot:
        pane = await opened(pilot)
        facts = pane.detail.query_one("#detail-facts", Static)
        await pilot.press("R")
        assert "secrets shown" in str(facts.content)
        await pilot.press("down")
        await settled(pilot)
        assert "secrets shown" in str(facts.content)
        await pilot.press("R")
        assert "secrets shown" not in str(facts.content)


async def test_the_palette_names_keys(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Next reject   ]", "Find   ^f", "Follow   F5"} <= titles


async def test_the_export_dialog_says_where_and_keeps_its_height(
    make_app: MakeApp, short_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app(short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await dialog(pilot, ExportDialog)
        box = app.screen.query_one("Vertical")
        assert any(str(label.content) == f"into {tmp_path}" for label in app.screen.query(".explanation"))
        height = box.size.height
        app.screen.query_one(Input).value = f"{'nowhere' * 12}/x.fix"
        await pilot.press("enter")
        await pilot.pause()
        assert "no folder" in str(app.screen.query_one(".wrong").content)
        assert box.size.height == height
