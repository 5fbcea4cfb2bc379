"""Opening the app in tests, and waiting until it has nothing left to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from purefix_core.logs.log_file import LogFile
from purefix_tui.app import PureFixApp
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.pane import LogPane

SHORT = Path(__file__).resolve().parents[2] / "examples" / "logs" / "pipe.log"


@pytest.fixture(autouse=True)
def _steady_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures must not depend on when they are taken."""
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget.cursor_blink, "_default", False)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., PureFixApp]:
    """Makes an app whose state folder is the test's own."""

    def make(*paths: Path, **options: object) -> PureFixApp:
        own = {"state_folder": tmp_path / "state", "config_folder": tmp_path / "config", **options}
        return PureFixApp([str(path) for path in paths], **own)  # type: ignore[arg-type]

    return make


@pytest.fixture
def short_log(tmp_path: Path) -> Path:
    """A writable copy of the small example log."""
    copy = tmp_path / "pipe.log"
    copy.write_bytes(SHORT.read_bytes())
    return copy


def pane_of(pilot: Pilot[None]) -> LogPane:
    pane = pilot.app.query_one(ExploreTab).pane
    assert pane is not None
    return pane


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something holds; fails after `seconds`."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError("this never came to hold")


async def dialog(pilot: Pilot[None], kind: type[Screen[object]]) -> None:
    """Wait until a dialog of that kind stands on screen, complete."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and len(pilot.app.screen.query("Static, Input")) > 1)
    await pilot.pause()


async def opened(pilot: Pilot[None]) -> LogPane:
    """The pane of the first log, once all of it is indexed and the detail is painted."""
    await until(pilot, lambda: pilot.app.query_one(ExploreTab).pane is not None)
    await settled(pilot)
    return pane_of(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is indexed, filtered or searched, and the detail shows the message under the cursor."""
    pane = pane_of(pilot)

    def rests() -> bool:
        shown = pane.detail.shown.entry.row if pane.detail.shown else None
        return not pane.is_working and shown == pane.current

    await pilot.pause()
    await until(pilot, rests)
    await pilot.pause()


def index_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let indexing find everything, but not end before the event is set, unless it is cancelled."""
    go_on = threading.Event()
    index = LogFile.index_progressively

    def slowly(log: LogFile, tell: Callable[..., None], cancelled: Callable[[], bool]) -> bool:
        index(log, tell, cancelled)
        while not cancelled() and not go_on.wait(0.01):
            pass
        return not cancelled()

    monkeypatch.setattr(LogFile, "index_progressively", slowly)
    return go_on
