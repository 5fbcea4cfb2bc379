"""How the screen looks, on the example log. After a wanted change: `pytest tests/tui --snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import dialog, opened, settled, until
from textual.pilot import Pilot
from textual.widgets import Input

from purefix_tui.app import PureFixApp
from purefix_tui.log.export_dialog import ExportDialog
from purefix_tui.log.rule_line import RuleLine
from purefix_tui.widgets.help_screen import HelpScreen

SMALL, LARGE, WIDE = (80, 24), (140, 40), (200, 45)

MakeApp = Callable[..., PureFixApp]
Snapshot = Callable[..., bool]


@pytest.mark.parametrize("size", [SMALL, LARGE, WIDE], ids=["80x24", "140x40", "200x45"])
def test_opened(snap_compare: Snapshot, make_app: MakeApp, example_log: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)

    assert snap_compare(make_app(example_log), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
def test_a_reject_without_admin_messages(
    snap_compare: Snapshot, make_app: MakeApp, example_log: Path, size: tuple[int, int]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        for key in ("a", "]", "]"):
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(make_app(example_log), terminal_size=size, run_before=run)


def test_a_broken_message_in_the_light_theme(snap_compare: Snapshot, make_app: MakeApp, example_log: Path) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        pane.table.jump(next(entry.row for entry in pane.log_file.rows if entry.flags & 4))
        await pilot.press("T")
        await settled(pilot)

    assert snap_compare(make_app(example_log), terminal_size=LARGE, run_before=run)


def test_a_wrong_filter(snap_compare: Snapshot, make_app: MakeApp, example_log: Path) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        pane.filter_bar.expression.cursor_blink = False
        await pilot.press("/")
        pane.filter_bar.expression.value = "Side = Buy and Symbl = SAP"  # at once: no preview of a shorter one
        await until(pilot, lambda: "did you mean" in str(pane.query_one(RuleLine).content))
        await settled(pilot)

    assert snap_compare(make_app(example_log), terminal_size=SMALL, run_before=run)


def test_raw_view_beside_the_table(snap_compare: Snapshot, make_app: MakeApp, example_log: Path) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("v", "tab")
        await settled(pilot)

    assert snap_compare(make_app(example_log), terminal_size=WIDE, run_before=run)


def test_keys(snap_compare: Snapshot, make_app: MakeApp, example_log: Path) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("?")
        await dialog(pilot, HelpScreen)
        await pilot.pause()

    config = Path("/home/someone/.config/purefix")  # it is shown, and a longer one would change the scrollbar
    assert snap_compare(make_app(example_log, config_folder=config), terminal_size=LARGE, run_before=run)


def test_export_dialog(
    snap_compare: Snapshot, make_app: MakeApp, example_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # the dialog names the folder

    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("x")
        await dialog(pilot, ExportDialog)
        pilot.app.screen.query_one(Input).cursor_blink = False
        await pilot.pause()

    assert snap_compare(make_app(example_log), terminal_size=SMALL, run_before=run)


def test_nothing_open(snap_compare: Snapshot, make_app: MakeApp) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=SMALL, run_before=run)
