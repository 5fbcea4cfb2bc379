"""Opening logs on screen: what is shown first, several files, and files that hold nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from conftest import dialog, opened, pane_of, settled, until
from textual.widgets import Input, Static

from purefix_tui.app import PureFixApp
from purefix_tui.cli import screen
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.explore.tab import ExploreTab, Welcome
from purefix_tui.log.header import Header
from purefix_tui.widgets.top_bar import TopBar

MakeApp = Callable[..., PureFixApp]


async def test_a_log_opens_with_its_facts(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert len(pane.rows) == len(pane.log_file.rows) > 2000
        header = str(pane.query_one(Header).content)
        assert "trading-day.log" in header
        assert f"{len(pane.rows):,} messages   2 sessions   08:00:00 → 16:30:02" in header
        assert "FIX.4.4 · fix44" in str(app.query_one(TopBar).query_one("#status").content)
        assert app.focused is pane.table


async def test_the_first_row_is_painted_in_words(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(140, 30)) as pilot:
        table = (await opened(pilot)).table
        title, first, second = (table.render_line(y).text for y in range(3))
        assert title.split()[:2] == ["2025-03-11", "UTC"]
        assert first.startswith("▌11 Mar 08:00:00.000 ›  BUYSIDE–BROKER ")
        assert "Logon, heartbeat every 90 s" in first
        assert second.startswith("        08:00:00.047 ‹   ")


async def test_the_detail_follows_the_cursor(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        for key, name in (("down", "Logon"), ("G", "Logout"), ("g", "Logon")):
            await pilot.press(key)
            await settled(pilot)
            assert pane.detail.shown is not None
            assert pane.detail.shown.entry.row == pane.table.cursor
            assert pane.detail.shown.decoded.name == name


async def test_held_down_keys_end_on_the_right_detail(make_app: MakeApp, example_log: Path) -> None:
    async with make_app(example_log).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press(*["down"] * 25)
        await settled(pilot)
        assert pane.table.cursor == 25
        assert pane.detail.shown is not None
        assert pane.detail.shown.entry.row == 25


async def test_several_files_open_as_tabs(make_app: MakeApp, example_log: Path, short_log: Path) -> None:
    app = make_app(example_log, short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        tab = app.query_one(ExploreTab)
        await until(pilot, lambda: len(tab.query("LogPane")) == 2)
        assert pane_of(pilot).log_file.name == "trading-day.log"
        await pilot.press(">")
        await settled(pilot)
        assert pane_of(pilot).log_file.name == "pipe.log"
        assert len(pane_of(pilot).rows) == 41
        await pilot.press("<")
        await settled(pilot)
        assert pane_of(pilot).log_file.name == "trading-day.log"
        await pilot.press("ctrl+w")
        await until(pilot, lambda: pane_of(pilot).log_file.name == "pipe.log")
        await pilot.press("ctrl+w")
        await until(pilot, lambda: tab.pane is None)
        assert isinstance(app.focused, Welcome)


async def test_the_open_dialog_takes_a_path(make_app: MakeApp, short_log: Path) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("o")
        await dialog(pilot, OpenFile)
        app.screen.query_one(Input).value = str(short_log.with_name("missing.log"))
        await pilot.press("enter")
        assert "There is no file" in str(app.screen.query_one(".wrong").content)
        app.screen.query_one(Input).value = str(short_log)
        await pilot.press("enter")
        pane = await opened(pilot)
        assert pane.log_file.path == short_log


async def test_recent_files_are_offered(make_app: MakeApp, short_log: Path) -> None:
    async with make_app(short_log).run_test() as pilot:
        await opened(pilot)
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("o")
        await dialog(pilot, OpenFile)
        await pilot.press("tab", "enter")
        assert (await opened(pilot)).log_file.path == short_log


async def test_a_missing_file_is_said_and_the_welcome_stays(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(tmp_path / "missing.log")
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app._notifications))
        assert "no such file" in next(iter(app._notifications)).message
        assert app.query_one(ExploreTab).pane is None


async def test_empty_files_and_other_text_explain_themselves(make_app: MakeApp, tmp_path: Path) -> None:
    empty, prose = tmp_path / "empty.log", tmp_path / "prose.log"
    empty.touch()
    prose.write_text("nothing of the kind\n")
    for path, words in ((empty, "is empty"), (prose, "holds no FIX message")):
        async with make_app(path).run_test(size=(100, 30)) as pilot:
            pane = await opened(pilot)
            assert words in pane.table.placeholder[0]
            assert words in pane.table.render_line(2).text
            await pilot.press("down", "G", "y", "Y", "f", "]", "v", "x", "n")
            await pilot.pause(0.1)


async def test_real_logs_open(make_app: MakeApp, shared: Path) -> None:
    for name in ("virtu_kls_fix40.log", "qflogviewer_caretA.log", "epam_inv_enum_44_all.fix"):
        async with make_app(shared / "logs" / name).run_test(size=(80, 24)) as pilot:
            pane = await opened(pilot)
            for key in ("pagedown", "G", "]", "v", "v", "v", "a", "a"):
                await pilot.press(key)
                await settled(pilot)
            assert len(pane.rows) == len(pane.log_file.rows) > 0


async def test_what_cannot_be_opened_stays_said_beside_what_can(
    make_app: MakeApp, short_log: Path, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "nope", short_log)
    async with app.run_test(size=(100, 30)) as pilot:
        assert (await opened(pilot)).log_file.path == short_log
        failures = app.query_one("#failures", Static)
        await until(pilot, lambda: failures.display)
        app.clear_notifications()
        await pilot.press("down")
        assert "nope: no such file" in str(failures.content)
        assert failures.display
        await pilot.press("o")
        await dialog(pilot, OpenFile)
        app.screen.query_one(Input).value = str(short_log)
        await pilot.press("enter")
        await until(pilot, lambda: not failures.display)


async def test_the_log_that_is_shown_has_its_name_in_view(make_app: MakeApp, tmp_path: Path) -> None:
    paths = [tmp_path / f"folder-{number}" / "engine.log" for number in range(12)]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    app = make_app(*paths)
    async with app.run_test(size=(60, 30)) as pilot:
        await opened(pilot)
        tab = app.query_one(ExploreTab)
        await until(pilot, lambda: len(tab.query("LogPane")) == 12)
        for number in range(12):
            name = f"folder-{number}/engine.log ({number + 1} of 12)"
            await until(pilot, lambda name=name: name in str(tab.query_one("#files").render())[:58])
            await pilot.press(">")


def run_screen(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(screen, arguments)
    return result.exit_code, result.output


def test_a_dialect_that_is_not_registered_ends_the_command(short_log: Path) -> None:
    code, said = run_screen("-d", "xx", str(short_log))
    assert code == 2
    assert "dialect 'xx' is not registered" in said


def test_only_where_no_path_can_be_opened_the_command_ends(short_log: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "nope")
    assert "no such file" in run_screen(missing, str(tmp_path))[1]
    assert "is a directory" in run_screen(missing, str(tmp_path))[1]
    assert "the screen needs a terminal" in run_screen(missing, str(short_log))[1]
