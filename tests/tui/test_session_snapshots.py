"""How the Session tab looks. After a wanted change: `pytest tests/tui --snapshot-update`, and look."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import until
from session_peers import PATIENCE, session_file
from session_tab_pilot import header, notice, opened, session_app
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from purefix_core.analysis.refusals import refusal_in
from purefix_core.session.events import Level
from purefix_core.session.machine import FixSession
from purefix_core.session.states import State
from purefix_tui.app import PureFixApp
from purefix_tui.log.live_pane import EventLine
from purefix_tui.session.menu import ActionMenu
from purefix_tui.session.pane import SessionPane
from purefix_tui.widgets.key_line import KeyLine

SMALL, LARGE = (80, 24), (140, 40)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])

MakeApp = Callable[..., PureFixApp]
Snapshot = Callable[..., bool]


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A session whose numbers are in memory: the header would show the folder of this test."""
    return session_file(tmp_path / "client.json", 9876, FileStorePath=None)


@SIZES
def test_no_session(snap_compare: Snapshot, make_app: MakeApp, size: tuple[int, int]) -> None:
    app = session_app(make_app)

    async def run(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.tabs.session is not None and app.tabs.session.has_focus_within)

    assert snap_compare(app, terminal_size=size, run_before=run)


@SIZES
def test_not_connected(snap_compare: Snapshot, make_app: MakeApp, client: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
        await until(pilot, lambda: not pane.live.is_working and "No message yet." in pane.live.table.placeholder)
        await until(pilot, lambda: "/ filter" in str(pilot.app.query_one(KeyLine).content))
        await pilot.pause()

    assert snap_compare(session_app(make_app, client), terminal_size=size, run_before=run)


@SIZES
def test_logged_on_to_production(
    snap_compare: Snapshot, make_app: MakeApp, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = session_file(tmp_path / "client.json", 9876, FileStorePath=None, production=True, SocketUseSSL="Y")

    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        _freeze(pane)
        pane.engine.status = replace(
            pane.engine.status,
            state=State.ACTIVE,
            is_connected=True,
            next_out=1_235,
            next_in=5_679,
            awaiting=(5_670, 5_678),
            holds_heartbeats=True,
        )
        await until(pilot, lambda: "LOGGED ON" in header(pilot))

    assert snap_compare(session_app(make_app, path), terminal_size=size, run_before=run)


@SIZES
def test_a_trouble(snap_compare: Snapshot, make_app: MakeApp, client: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        text = "disconnected: 127.0.0.1 port 9876: Connection refused"
        pane._trouble.heard(EventLine(time.time_ns(), text, Level.INFO, 0))
        await until(pilot, lambda: "refused" in notice(pilot))

    assert snap_compare(session_app(make_app, client), terminal_size=size, run_before=run)


@SIZES
def test_a_refusal(snap_compare: Snapshot, make_app: MakeApp, client: Path, size: tuple[int, int]) -> None:
    raw = b"8=FIX.4.4|9=0|35=5|58=MsgSeqNum too low, expecting 135 but received 120|10=000|".replace(b"|", b"\x01")

    async def run(pilot: Pilot[None]) -> None:
        pane = await opened(pilot)
        pane.engine.by_hand(_has_sent_121).result(PATIENCE)
        pane.engine.refusal = refusal_in(raw, False)
        await until(pilot, lambda: "122 to 134" in str(pane.query_one("#refused", Static).content))

    assert snap_compare(session_app(make_app, client), terminal_size=size, run_before=run)


@SIZES
def test_the_menu(snap_compare: Snapshot, make_app: MakeApp, client: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ActionMenu))
        await until(pilot, lambda: pilot.app.screen.query_one(OptionList).highlighted is not None)

    assert snap_compare(session_app(make_app, client), terminal_size=size, run_before=run)


def _has_sent_121(session: FixSession, now: int) -> None:
    """Told to nobody, since a line of the event log has the time."""
    session.store.open_for_a_while(now, session.warn)
    session.store.get().set_last_sent_seq_num(121)


def _freeze(pane: SessionPane) -> None:
    """Let the engine say nothing any more, so that a status stays."""
    assert pane.engine.stop()
    pane.engine.failure = ""
