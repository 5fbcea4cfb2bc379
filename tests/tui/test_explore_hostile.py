"""Text of a log, a path or a user that a careless screen would obey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import dialog, opened, pane_of, until
from textual.pilot import Pilot

from purefix_core.registry.dialects import Dialects
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.pane import LogPane

MakeApp = Callable[..., PureFixApp]

MARKUP = b"8=FIX.4.4|9=30|35=D|49=[/]|56=[@click=app.quit]x|34=1|58=a [/] b|10=000|\n"


async def indexed(pilot: Pilot[None]) -> LogPane:
    """The pane, once its log is indexed; without a dictionary there is no detail to wait for."""
    await until(pilot, lambda: pilot.app.query_one(ExploreTab).pane is not None)
    pane = pane_of(pilot)
    await until(pilot, lambda: not pane.indexing)
    await pilot.pause()
    return pane


async def test_markup_in_what_is_searched_for(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+f")
        await dialog(pilot, Prompt)
        await pilot.press("left_square_bracket", "slash", "right_square_bracket", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert any("[/]" in notice.message for notice in app._notifications)


async def test_markup_in_a_message(make_app: MakeApp, tmp_path: Path) -> None:
    path = tmp_path / "[red]x[b].log"
    path.write_bytes(MARKUP)
    app = make_app(path)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("y", "tab", "down", "down", "Y")
        await pilot.pause()
        assert len(pane.rows) == 1
        assert all(not notice.markup for notice in app._notifications)


async def test_a_dictionary_that_is_missing_is_said(make_app: MakeApp, example_log: Path, tmp_path: Path) -> None:
    (tmp_path / "TypeRegistry.json").write_text(
        '{"version": "1.0", "registrations": [{"name": "mine", "displayName": "Mine", "dictionaryPath": "none.xml",'
        ' "senderCompIds": ["*"], "targetCompIds": ["*"], "version": "FIX.4.4", "enabled": true, "isDefault": true}]}'
    )
    dialects = Dialects()
    dialects.load_from_file(tmp_path / "TypeRegistry.json")
    app = make_app(example_log, dialects=dialects)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = await indexed(pilot)
        await pilot.press("slash", *"35=8", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert pane.dialect == "no dictionary"
        assert any("none.xml" in notice.message for notice in app._notifications)


async def test_many_logs_are_followed_at_once(make_app: MakeApp, example_log: Path, tmp_path: Path) -> None:
    paths = []
    for number in range(12):
        path = tmp_path / f"{number}.log"
        path.write_bytes(MARKUP * 3)
        paths.append(path)
    app = make_app(*paths, following=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        for _ in range(200):
            await pilot.pause(0.05)
            logs = [pane.log_file for pane in app.query("LogPane")]  # type: ignore[attr-defined]
            if len(logs) == 12 and all(len(log.rows) == 3 for log in logs):
                break
        assert [len(log.rows) for log in logs] == [3] * 12
