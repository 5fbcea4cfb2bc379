"""What the screen says while something goes on, and of what was stopped."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import dialog, index_that_does_not_end, opened, settled, until
from textual.widgets import Input

from purefix_core.logs.filter import Filter, Matches, iter_matches
from purefix_core.logs.log_file import LogFile, Progress
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.log import search, workers
from purefix_tui.log.export_dialog import ExportDialog
from purefix_tui.log.header import Header
from purefix_tui.log.messages import Indexed
from purefix_tui.log.pane import LogPane
from purefix_tui.log.rule_line import RuleLine
from purefix_tui.log.search import PROBLEMS
from purefix_tui.widgets.key_line import KeyLine
from purefix_tui.widgets.top_bar import TopBar

MakeApp = Callable[..., PureFixApp]


class Held:
    """Lets filters and searches look at two fifths of the rows, and hold there until they may go on."""

    def __init__(self) -> None:
        self._go_on = threading.Event()

    def go_on(self) -> None:
        self._go_on.set()

    def matches(self, index: object, condition: Filter, read: object, *bounds: int) -> Iterator[Matches]:
        start = bounds[0] if bounds else 0
        if not self._go_on.is_set():
            part = len(index) * 2 // 5  # type: ignore[arg-type]
            yield from iter_matches(index, condition, read, start, part)  # type: ignore[arg-type]
            self._go_on.wait(20)
            start = max(start, part)
        yield from iter_matches(index, condition, read, start, *bounds[1:])  # type: ignore[arg-type]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(workers, "iter_matches", held.matches)
    monkeypatch.setattr(workers, "_PAUSE", -1)  # every batch is told
    yield held
    held.go_on()


def header(pane: LogPane) -> str:
    return "".join(str(each.content) for each in pane.query(Header))


def rule(pane: LogPane) -> str:
    return "".join(str(each.content) for each in pane.query(RuleLine))


def keys(app: PureFixApp) -> str:
    return str(app.query_one(KeyLine).content)


async def test_a_filter_that_runs_says_how_far_it_has_come(make_app: MakeApp, example_log: Path, held: Held) -> None:
    async with make_app(example_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("/", *"'nothing-at-all'", "enter")
        await until(pilot, lambda: not len(pane.rows))
        await until(pilot, lambda: "40% searched, Esc stops" in header(pane))
        assert "None so far, 40% searched." in pane.table.render_line(2).text
        await pilot.press("escape")
        await until(pilot, lambda: "None in the 40% that were searched; i goes on." in pane.table.render_line(2).text)
        assert "Esc stops" not in header(pane)
        held.go_on()
        await pilot.press("i")
        await settled(pilot)
        assert "No message passes this filter." in pane.table.render_line(2).text


async def test_going_on_with_the_index_takes_back_that_it_was_stopped(
    make_app: MakeApp, example_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = index_that_does_not_end(monkeypatch)
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: bool(app.query("LogPane")))
        pane = app.query_one(LogPane)
        await until(pilot, lambda: app.focused is pane.table and len(pane.rows) > 0)
        await until(pilot, lambda: "Esc stop" in keys(app))
        await pilot.press("escape")
        await until(pilot, lambda: "indexing was stopped" in header(pane))
        await until(pilot, lambda: "Esc hide notice" in keys(app))
        assert "Esc stop" not in keys(app)
        await pilot.press("i")
        assert "indexing was stopped" not in header(pane)
        go_on.set()
        await settled(pilot)
        assert "indexing was stopped" not in header(pane)
        await until(pilot, lambda: "Esc" not in keys(app))


async def test_a_stream_is_read_not_indexed_by_parts(make_app: MakeApp, short_log: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "live"
    os.mkfifo(fifo)
    app = make_app(fifo, following=True)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: bool(app.query("LogPane")))
        pane = app.query_one(LogPane)
        with fifo.open("wb", buffering=0) as stream:
            stream.write(short_log.read_bytes())
            await until(pilot, lambda: "reading, " in header(pane) and len(pane.rows) > 30)
            assert "%" not in header(pane)
        await settled(pilot)
        assert "reading" not in header(pane)
        assert "○ not following" in str(app.query_one(TopBar).query_one("#status").content)
        assert any("Only a plain file can be followed" in notice.message for notice in app._notifications)


async def test_an_empty_file_that_is_followed_says_so(make_app: MakeApp, tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.touch()
    async with make_app(empty, following=True).run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        assert any("It is followed" in line for line in pane.table.placeholder)
        await pilot.press("f5")
        assert any("F5 follows it" in line for line in pane.table.placeholder)


async def test_esc_is_named_for_what_it_does(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(140, 30)) as pilot:
        pane = await opened(pilot)
        assert "Esc" not in keys(app)
        await pilot.press("ctrl+f", *"gbpusd", "enter")
        await until(pilot, lambda: pane.table.cursor != 0)
        await until(pilot, lambda: "Esc unmark" in keys(app))
        assert "Esc stop" not in keys(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Esc" not in keys(app))
        await pilot.press("ctrl+f")
        await dialog(pilot, Prompt)
        entry = app.screen.query_one(Input)
        assert (entry.value, entry.selected_text) == ("gbpusd", "gbpusd")


async def test_searches_wait_for_each_other_and_none_is_lost(
    make_app: MakeApp, example_log: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "iter_matches", held.matches)
    async with make_app(example_log).run_test(size=(140, 30)) as pilot:
        pane = await opened(pilot)
        log = pane.log_file
        problems = [e.row for e in log.rows if PROBLEMS.matches(e, log.message(e.row))]
        monkeypatch.setattr(search, "_first", _waiting(held, search._first))
        await pilot.press("g", "]", "]", "]")
        assert "2 more to go" in rule(pane)
        assert "2 sessions   08:00:00 → 16:30:02" in header(pane)
        held.go_on()
        await settled(pilot)
        assert pane.current == problems[2]


def _waiting(held: Held, find: Callable[..., int | None]) -> Callable[..., int | None]:
    def waiting(*arguments: object) -> int | None:
        held._go_on.wait(20)
        return find(*arguments)

    return waiting


def test_the_index_reports_no_more_often_than_can_be_painted(
    example_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(0.01 * step for step in range(1000))
    monkeypatch.setattr(workers.time, "monotonic", lambda: next(now))

    def steps(_: LogFile, tell: Callable[[Progress], None], __: Callable[[], bool]) -> bool:
        for step in range(100):
            tell(Progress(step, 100, step))
        return True

    monkeypatch.setattr(LogFile, "index_progressively", steps)
    log = LogFile.open(example_log)
    said: list[object] = []
    workers.index(log, lambda message: said.append(message) is None, lambda: False)
    assert 10 < sum(isinstance(message, Indexed) for message in said) <= 30
    log.close()


async def test_an_export_says_how_far_it_has_come(
    make_app: MakeApp, short_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slowly(*_: object, on_progress: Callable[[int], None], **__: object) -> int:
        on_progress(12)
        go_on.wait(10)
        return 41

    monkeypatch.setattr(workers, "export_rows", slowly)
    monkeypatch.chdir(tmp_path)
    async with make_app(short_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("x")
        await dialog(pilot, ExportDialog)
        await pilot.press("enter")
        await until(pilot, lambda: "12 of 41 messages" in rule(pane))
        go_on.set()
        await until(pilot, lambda: "writing" not in rule(pane))
