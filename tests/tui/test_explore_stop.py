"""Esc stops one thing at a time and says so; what was stopped can go on."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import index_that_does_not_end, opened, settled, until
from textual.worker import get_current_worker

from purefix_core.logs.filter import Filter, Matches, iter_matches
from purefix_tui.app import PureFixApp
from purefix_tui.log import search, workers
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.header import Header
from purefix_tui.log.pane import LogPane
from purefix_tui.log.rule_line import RuleLine
from purefix_tui.widgets.key_line import KeyLine

MakeApp = Callable[..., PureFixApp]


class Gate:
    """Lets filters and searches look at the first rows alone, until it is opened."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def matches(self, index: object, condition: Filter, read: object, *bounds: int) -> Iterator[Matches]:
        for batch in iter_matches(index, condition, read, *bounds):  # type: ignore[arg-type]
            if not self._opened.is_set() and 0 < self.rows <= len(batch.rows):
                yield Matches(array("I", batch.rows[: self.rows]), batch.rows[self.rows - 1] + 1)
            waited = not self._opened.is_set()
            worker = get_current_worker()
            while not (self._opened.wait(0.02) or worker.is_cancelled):
                pass
            if waited:  # whoever waited here was stopped: it only has to see that
                yield Matches(array("I"), batch.scanned_to)
                return
            yield batch


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(150)
    monkeypatch.setattr(workers, "iter_matches", gate.matches)
    monkeypatch.setattr(search, "iter_matches", gate.matches)
    yield gate
    gate.open()


def header(pane: LogPane) -> str:
    return str(pane.query_one(Header).content)


def rule(pane: LogPane) -> str:
    return str(pane.query_one(RuleLine).content)


def notices(app: PureFixApp) -> list[str]:
    return [notice.title for notice in app._notifications]


async def test_a_stopped_filter_keeps_what_it_found_and_can_go_on(
    make_app: MakeApp, example_log: Path, gate: Gate
) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("/", *"35=8", "enter")
        await until(pilot, lambda: len(pane.rows) == 150)
        assert "Esc stop" in str(app.query_one(KeyLine).content)
        await pilot.press("escape")
        assert not pane.is_working
        await until(pilot, lambda: notices(app) == ["Filter stopped"])
        assert ">150 of 2,425 messages" in header(pane)
        assert pane.filter_bar.expression.value == "35=8"
        gate.open()
        await settled(pilot)
        assert len(pane.rows) == 150
        assert "i go on" in str(app.query_one(KeyLine).content)
        await pilot.press("i")
        await settled(pilot)
        assert "   857 of 2,425 messages" in header(pane)
        assert list(pane.rows.all_numbers()) == [entry.row for entry in pane.log_file.rows if entry.msg_type == "8"]
        assert "i go on" not in str(app.query_one(KeyLine).content)


async def test_a_filter_without_a_result_yet_leaves_what_was_shown(
    make_app: MakeApp, example_log: Path, gate: Gate
) -> None:
    gate.rows = 0
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("/", *"35=8", "enter")
        await until(pilot, lambda: pane.filter_runs)
        await pilot.press("escape")
        await settled(pilot)
        assert len(pane.rows) == 2425
        assert pane.filter_bar.expression.value == ""
        assert pane.filter_state == FilterState()
        assert " 2,425 messages" in header(pane)
        assert ">" not in header(pane)


async def test_one_esc_stops_one_thing(make_app: MakeApp, example_log: Path, gate: Gate) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        await pilot.press("]")
        await until(pilot, lambda: "looking for" in rule(pane))
        pane.show_filtered(FilterState("35=8"))
        await until(pilot, lambda: len(pane.rows) == 150)
        await pilot.press("escape")
        assert (pane.filter_runs, "looking for" in rule(pane)) == (False, True)
        await pilot.press("escape")
        assert "looking for" not in rule(pane)
        await pilot.pause()
        assert notices(app) == ["Filter stopped", "Search"]
        cursor = pane.table.cursor
        gate.open()
        await app.workers.wait_for_complete()
        await settled(pilot)
        assert pane.table.cursor == cursor


async def test_esc_stops_the_filter_before_the_index_behind_it(
    make_app: MakeApp, example_log: Path, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    go_on = index_that_does_not_end(monkeypatch)
    app = make_app(example_log, expression="35=8")
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: bool(app.query("LogPane")))
        pane = app.query_one(LogPane)
        await until(pilot, lambda: len(pane.rows) == 150)
        await pilot.press("escape")
        assert (pane.filter_runs, pane.indexing) == (False, True)
        await pilot.press("escape")
        await until(pilot, lambda: not pane.indexing)
        assert pane.stopped
        go_on.set()


async def test_esc_leaves_the_detail_and_stops_nothing(make_app: MakeApp, example_log: Path, gate: Gate) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        pane.show_filtered(FilterState("35=8"))
        await until(pilot, lambda: len(pane.rows) == 150)
        await pilot.press("tab", "escape")
        await pilot.pause()
        assert app.focused is pane.table
        assert pane.filter_runs
