"""How the screen looks where messages are written. After a wanted change: `--snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest
from compose_pilot import MakeApp, composing
from session_peers import running_engine
from textual.pilot import Pilot
from textual.widgets import TextArea

from purefix_core.session.compose.draft import Draft
from purefix_core.session.machine import FixSession
from purefix_tui.session.engine_thread import EngineThread

T = TypeVar("T")
Snapshot = Callable[..., bool]

SMALL, LARGE = (80, 24), (140, 40)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
NOW = 2_000_000_000_123_000_000
"""Later than anything that the engine has sent: SendingTime does not go back."""
ORDER = "35=D|11=ORD-{seq}|453=1|448=DEU|452=3|55=FERN|54=1|60=20260131-16:30:45|38=10x|40=2|"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineThread]:
    """Its clock stands still where it is asked what would be sent."""

    def by_hand(self: EngineThread, action: Callable[[FixSession, int], T]) -> Future[T]:
        return self.call(lambda engine: engine.by_hand(self.name, lambda session, _: action(session, NOW)))

    monkeypatch.setattr(EngineThread, "by_hand", by_hand)
    with running_engine(tmp_path) as engine:
        yield engine


@SIZES
def test_form(
    snap_compare: Snapshot, make_app: MakeApp, engine: EngineThread, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        draft = Draft.of_text(ORDER, engine.config.definitions)
        screen = await composing(pilot, engine, tmp_path, draft)
        await screen.press("down")  # to Side
        await screen.at_rest()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


def test_a_message_of_another_session_as_new(
    snap_compare: Snapshot, make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    raw = b"8=FIX.4.2|9=5|35=D|49=INORD|56=Y48|50=S|128=Y48|129=Y4801|11=A|55=A|54=1|38=1|40=Lim|109=Y|10=000|"

    async def run(pilot: Pilot[None]) -> None:
        screen = await composing(pilot, engine, tmp_path, Draft.of_message(raw, engine.config.definitions))
        await screen.shows("|109=Y|")
        await screen.at_rest()

    assert snap_compare(make_app(), terminal_size=SMALL, run_before=run)


@SIZES
def test_envelope(
    snap_compare: Snapshot, make_app: MakeApp, engine: EngineThread, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        screen = await composing(pilot, engine, tmp_path, Draft.of_text("35=0|34=7|", engine.config.definitions))
        await screen.press("ctrl+end")
        await screen.at_rest()
        await screen.shows("|34=7|")

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_text(
    snap_compare: Snapshot, make_app: MakeApp, engine: EngineThread, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        screen = await composing(pilot, engine, tmp_path, Draft.of_text(ORDER, engine.config.definitions))
        await screen.press("ctrl+r")
        screen.screen.query_one(TextArea).cursor_blink = False
        await screen.at_rest()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_choosing_a_message(
    snap_compare: Snapshot, make_app: MakeApp, engine: EngineThread, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        screen = await composing(pilot, engine, tmp_path)
        await screen.type("order")
        await screen.shows("choose a MsgType")
        for each in pilot.app.screen.query("Input"):
            each.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


def test_production(snap_compare: Snapshot, make_app: MakeApp, tmp_path: Path, engine: EngineThread) -> None:
    async def run(pilot: Pilot[None]) -> None:
        with running_engine(tmp_path, production=True) as real:
            screen = await composing(pilot, real, tmp_path, Draft("0"))
            await screen.at_rest()

    assert snap_compare(make_app(), terminal_size=SMALL, run_before=run)
