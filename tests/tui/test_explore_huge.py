"""A huge log is not indexed before the user has said which part of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import dialog, opened, until

from purefix_core.wire.timestamps import parse_utc_timestamp
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log import huge

MakeApp = Callable[..., PureFixApp]


@pytest.fixture(autouse=True)
def everything_is_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huge, "HUGE", 1000)


async def test_a_time_range_is_indexed_alone(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await dialog(pilot, Prompt)
        assert "about 2," in str(app.screen.query_one(".explanation").content)
        pane = app.query_one(ExploreTab).pane
        assert pane is not None
        assert len(pane.log_file.rows) == 0
        await pilot.press(*"noon", "enter")
        assert "Two dots" in str(app.screen.query_one(".wrong").content)
        await pilot.press(*["backspace"] * 4, *"12:00..", "enter")
        pane = await opened(pilot)
        assert 0 < len(pane.rows) < 2425
        last = pane.log_file.rows.entry(len(pane.rows) - 1)
        assert last.sending_time >= parse_utc_timestamp(b"20250311-16:30:00")
        noon = parse_utc_timestamp(b"20250311-12:00:00")
        assert any(entry.sending_time >= noon for entry in pane.log_file.rows)


async def test_enter_alone_indexes_everything(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await dialog(pilot, Prompt)
        await pilot.press("enter")
        assert len((await opened(pilot)).rows) == 2425


async def test_esc_indexes_nothing_until_asked(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await dialog(pilot, Prompt)
        await pilot.press("escape")
        pane = await opened(pilot)
        assert len(pane.rows) == 0
        await pilot.press("i")
        await until(pilot, lambda: len(pane.rows) == 2425)
