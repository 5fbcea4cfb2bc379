"""A log that can no longer be read: what was asked for ends with a notice, and the program goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import dialog, opened, until
from textual.pilot import Pilot

from purefix_core.logs.log_file import LogError, LogFile
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.header import Header
from purefix_tui.log.pane import LogPane
from purefix_tui.log.rule_line import RuleLine

MakeApp = Callable[..., PureFixApp]

FAILURES = [
    (OSError(5, "Input/output error"), "pipe.log: input/output error"),
    (LogError("pipe.log: cannot be read at offset 0"), "pipe.log: cannot be read at offset 0"),
]


def fails(error: Exception) -> Callable[..., bytes]:
    def read(*_: object) -> bytes:
        raise error

    return read


async def errors(pilot: Pilot[None]) -> list[tuple[str, str]]:
    """The errors that are said, once there is one."""
    app = pilot.app
    await until(pilot, lambda: any(notice.severity == "error" for notice in app._notifications))
    return [(notice.title, notice.message) for notice in app._notifications if notice.severity == "error"]


def header(pane: LogPane) -> str:
    return str(pane.query_one(Header).content)


@pytest.mark.parametrize(("error", "said"), FAILURES)
async def test_a_search_ends_with_a_notice(
    make_app: MakeApp, short_log: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        with monkeypatch.context() as broken:
            broken.setattr(pane.log_file.source, "read", fails(error))
            await pilot.press("ctrl+f")
            await dialog(pilot, Prompt)
            await pilot.press(*"EUR", "enter")
            assert await errors(pilot) == [("Search", said)]
        assert "looking for" not in str(pane.query_one(RuleLine).content)
        assert pane.current == 0
        await pilot.press("n")
        await until(pilot, lambda: pane.current != 0)


@pytest.mark.parametrize(("error", "said"), FAILURES)
async def test_a_filter_ends_with_a_notice_and_can_go_on(
    make_app: MakeApp, short_log: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    app = make_app(short_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        with monkeypatch.context() as broken:
            broken.setattr(pane.log_file.source, "read", fails(error))
            pane.show_filtered(FilterState("55=EURUSD"))
            assert await errors(pilot) == [("Filter stopped", said)]
        assert (len(pane.rows), pane.is_working) == (41, False)
        assert pane.filter_bar.expression.value == ""
        pane.show_filtered(FilterState("55=EURUSD"))
        await until(pilot, lambda: 0 < len(pane.rows) < 41)


@pytest.mark.parametrize(("error", "said"), FAILURES)
async def test_an_index_ends_with_a_notice(
    make_app: MakeApp, short_log: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def unreadable(*_: object) -> bool:
        raise error

    monkeypatch.setattr(LogFile, "index_progressively", unreadable)
    async with make_app(short_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert pane.stopped
        assert f"! {said}" in header(pane)
