"""Opening the app in tests, and waiting until it has nothing left to do."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytest_textual_snapshot import normalize_svg
from session_peers import client_of, listening, log_on, port_of, received, running_engine, wait
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from purefix_core.logs.log_file import LogFile
from purefix_core.session.states import State
from purefix_tui.app import PureFixApp
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.pane import LogPane
from purefix_tui.session.engine_thread import EngineThread

SHORT = Path(__file__).resolve().parents[2] / "examples" / "logs" / "pipe.log"


@pytest.fixture(autouse=True)
def _steady_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures must not depend on when they are taken."""
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget.cursor_blink, "_default", False)


@pytest.fixture
def snap_compare(snap_compare: Callable[..., bool], request: pytest.FixtureRequest) -> Callable[..., bool]:
    """Compares when the screen has come to look like the stored picture, at the latest after five seconds.

    The engine and indexing have threads of their own: on a busy machine the last of what they say may come to the
    screen long after a test has seen what it waits for.
    """
    node = request.node
    stored = node.path.parent / "__snapshots__" / node.path.stem / f"{node.name}.svg"

    def compare(app: PureFixApp, run_before: Callable[[Pilot[None]], Awaitable[None]], **options: object) -> bool:
        wanted = normalize_svg(stored.read_text()) if stored.exists() else ""

        def is_as_stored() -> bool:
            return normalize_svg(app.export_screenshot(title=app.title, simplify=True)) == wanted

        async def run(pilot: Pilot[None]) -> None:
            await run_before(pilot)
            with suppress(AssertionError):
                await until(pilot, is_as_stored, 5)

        return snap_compare(app, run_before=run, **options)

    return compare


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., PureFixApp]:
    """Makes an app whose state folder is the test's own."""

    def make(*paths: Path, **options: object) -> PureFixApp:
        own = {"state_folder": tmp_path / "state", "config_folder": tmp_path / "config", **options}
        return PureFixApp([str(path) for path in paths], **own)  # type: ignore[arg-type]

    return make


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[EngineThread]:
    """A simulated venue that listens, and must end when it is told to."""
    venue = listening(tmp_path / "venue")
    yield venue
    assert venue.stop()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineThread]:
    """An engine of CLIENT that runs, for the compose screen; it is connected to nothing."""
    with running_engine(tmp_path) as engine:
        yield engine


@pytest.fixture
def client(tmp_path: Path, venue: EngineThread) -> Iterator[EngineThread]:
    """CLIENT's engine, which logs on to the venue when told to; nothing is connected."""
    with client_of(tmp_path, port_of(venue)) as client:
        yield client


@pytest.fixture
def active(client: EngineThread, venue: EngineThread) -> EngineThread:
    """CLIENT's engine, when it and the venue have both logged on."""
    log_on(client)
    wait(lambda: venue.status.state is State.ACTIVE and received(venue), "the venue, too, is logged on")
    return client


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


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type as fast as a key repeats; `Pilot.press` waits 40 ms and more for each key."""
    driver = pilot.app._driver
    assert driver is not None
    for character in text:
        key = Key(_character_to_key(character), character)
        key.set_sender(pilot.app)
        driver.send_message(key)
    await pilot.pause()


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
