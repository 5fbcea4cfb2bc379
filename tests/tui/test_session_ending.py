"""How a session begins and ends on screen, where somebody is faster than it, and what a production session asks."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import dialog, until
from session_peers import PATIENCE, acceptor_file, port_of, session_file, wait
from session_tab_pilot import header, logged_on, opened, session_app, tab_of
from textual.pilot import Pilot
from textual.widgets import Button, Input, Label, OptionList, Static

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, load_configs
from purefix_core.session.engine import FixEngine
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.session import tab as tab_module
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.menu import ActionMenu
from purefix_tui.session.pane import SessionPane
from purefix_tui.session.scenario_panel import ScenarioPanel

MakeApp = Callable[..., PureFixApp]
SMALL = (80, 24)


def peer_of(pane: SessionPane, folder: Path) -> EngineThread:
    """CLIENT, about to log on to the acceptor that is open."""
    folder.mkdir()
    config = load_configs(session_file(folder / "client.json", pane.engine.status.listening or 0))[0]
    client = EngineThread(config, None, folder)
    client.start().result(PATIENCE)
    client.connect().result(PATIENCE)
    return client


def asked(pilot: Pilot[None]) -> str:
    """What the question on screen says."""
    screen = pilot.app.screen
    assert isinstance(screen, Confirm)
    return " ".join(str(each.content) for each in screen.query(Label)) + str(screen.query_one("#yes", Button).label)


def notices(pilot: Pilot[None]) -> list[str]:
    return [each.message for each in pilot.app._notifications]


async def shown_deed(pilot: Pilot[None]) -> str:
    await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
    return str(pilot.app.screen.query_one("#what", Static).content)


# Beginning.


async def test_a_key_pressed_before_the_engine_is_up_waits_for_it(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, start = threading.Event(), FixEngine.start

    async def slowly(engine: FixEngine, *args: Any, **options: Any) -> None:
        await asyncio.to_thread(go_on.wait, PATIENCE)
        await start(engine, *args, **options)

    monkeypatch.setattr(FixEngine, "start", slowly)
    async with session_app(make_app, session_file(tmp_path / "client.json", 9876)).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: pilot.app.tabs.session is not None and tab_of(pilot).pane is not None)  # type: ignore[attr-defined]
        pane = tab_of(pilot).pane
        assert pane is not None
        engine = pane.engine
        await until(pilot, lambda: pane.has_focus_within)
        await pilot.press("L")
        await until(pilot, lambda: pane._is_asking)
        go_on.set()
        assert "Logon" in await shown_deed(pilot)
        assert pane.engine is engine
        await pilot.press("escape")


async def test_opening_that_is_given_up_says_so_no_longer(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slowly(path: Path, registry: Dialects | None) -> list[FixConfig]:
        go_on.wait(PATIENCE)
        return load_configs(path, registry)

    monkeypatch.setattr(tab_module, "load_configs", slowly)
    async with session_app(make_app, session_file(tmp_path / "client.json", 9876)).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: pilot.app.tabs.session is not None)  # type: ignore[attr-defined]
        line = tab_of(pilot).query_one("#wrong", Static)
        await until(pilot, lambda: line.display and "Opening" in str(line.content))
        await until(pilot, lambda: tab_of(pilot).has_focus_within)
        await pilot.press("ctrl+w")
        await until(pilot, lambda: not line.display)
        go_on.set()


# Ending.


@pytest.fixture
def slow_stop(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The end of an engine takes until this is set."""
    go_on, stop = threading.Event(), EngineThread.stop

    def slowly(engine: EngineThread, timeout: float | None = None) -> bool:
        go_on.wait(PATIENCE)
        return stop(engine, timeout)

    monkeypatch.setattr(EngineThread, "stop", slowly)
    yield go_on
    go_on.set()


async def test_what_is_pressed_while_it_logs_out_changes_nothing(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread, slow_stop: threading.Event
) -> None:
    client = session_file(tmp_path / "client.json", port_of(venue))
    async with session_app(make_app, client).run_test(size=SMALL) as pilot:
        pane = await logged_on(pilot)
        await pilot.press("ctrl+w")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: pane.is_ending)
        await pilot.press("ctrl+w", "o", "L", "C")
        assert tab_of(pilot).pane is pane
        assert len(pilot.app.screen_stack) == 1
        assert "Logging out …" in notices(pilot)
        slow_stop.set()
        await until(pilot, lambda: tab_of(pilot).pane is None)
        assert not tab_of(pilot).query(SessionPane)
        assert not pane.engine.is_running


async def test_quitting_while_it_logs_out_waits_and_asks_nothing(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread, slow_stop: threading.Event
) -> None:
    app = session_app(make_app, session_file(tmp_path / "client.json", port_of(venue)))
    async with app.run_test(size=SMALL) as pilot:
        pane = await logged_on(pilot)
        await pilot.press("ctrl+w")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: pane.is_ending)
        await pilot.press("q")
        assert not app._exit
        slow_stop.set()
        await until(pilot, lambda: app._exit)
    assert app.return_code == 0
    wait(lambda: venue.status.last_received and venue.status.last_received.msg_type == "5", "the Logout came")


async def test_the_question_is_asked_again_where_somebody_logs_on_meanwhile(make_app: MakeApp, tmp_path: Path) -> None:
    async with session_app(make_app, acceptor_file(tmp_path)).run_test(size=SMALL) as pilot:
        pane = await opened(pilot)
        await pilot.press("C")
        await until(pilot, lambda: pane.engine.status.listening is not None)
        await pilot.press("ctrl+w")
        await dialog(pilot, Confirm)
        assert "Disconnect and close" in asked(pilot)
        client = peer_of(pane, tmp_path / "peer")
        try:
            await until(pilot, lambda: pane.is_logged_on)
            first = pilot.app.screen
            await pilot.press("y")
            await until(pilot, lambda: pilot.app.screen is not first)
            await dialog(pilot, Confirm)
            assert "A Logout is sent first" in asked(pilot)
            assert "Log out and close" in asked(pilot)
            await pilot.press("escape")
            await pilot.pause()
            assert pane.is_logged_on
        finally:
            assert client.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_a_scenario_by_a_logout(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    was_over: list[bool] = []
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("name: long\nsteps:\n  - logon\n  - expect: type = Logon\n  - wait: 600\n")
    app = session_app(make_app, session_file(tmp_path / "client.json", port_of(venue)))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("X")
        await dialog(pilot, OpenFile)
        pilot.app.screen.query_one(Input).value = str(scenario)
        await pilot.press("enter")
        await dialog(pilot, ScenarioPanel)
        panel = pilot.app.screen
        assert isinstance(panel, ScenarioPanel)
        await until(pilot, lambda: len(panel.steps) == 2)
        worker = panel._worker
        assert worker is not None
        for module, name in ((os, "_exit"), (app, "exit")):
            monkeypatch.setattr(module, name, lambda *_: was_over.append(worker.is_finished))
        os.kill(os.getpid(), number)
        await until(pilot, lambda: bool(was_over))
        assert was_over[0]
        wait(lambda: venue.status.last_received and venue.status.last_received.msg_type == "5", "the Logout came")
        monkeypatch.undo()


# What a production session asks.


@pytest.mark.parametrize("key", ["C", "L"])
async def test_a_production_acceptor_asks_before_it_listens(make_app: MakeApp, tmp_path: Path, key: str) -> None:
    async with session_app(make_app, acceptor_file(tmp_path, production=True)).run_test(size=SMALL) as pilot:
        pane = await opened(pilot)
        await pilot.press(key)
        assert "A Logon of CLIENT is answered" in await shown_deed(pilot)
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        assert pane.engine.status.listening is None
        await pilot.press("y")
        await until(pilot, lambda: "LISTENING" in header(pilot))


async def test_a_connection_that_came_up_just_now_is_asked_about(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    client = session_file(tmp_path / "client.json", port_of(venue), production=True)
    async with session_app(make_app, client).run_test(size=SMALL) as pilot:
        pane = await opened(pilot)
        before = pane.engine.status
        await pilot.press("C")
        await until(pilot, lambda: pane.engine.status.is_connected)
        pane.engine.status = before  # what the screen still shows
        await pilot.press("D")
        assert "Ends the connection to" in await shown_deed(pilot)
        assert pane.engine.status.is_connected
        await pilot.press("escape")


async def test_dialing_ends_unasked(make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("purefix_core.session.engine.initiator.Initiator._dial", never)
    client = session_file(tmp_path / "client.json", 9876, production=True)
    async with session_app(make_app, client).run_test(size=SMALL) as pilot:
        pane = await opened(pilot)
        await pilot.press("C")
        await until(pilot, lambda: "CONNECTING" in header(pilot))
        await pilot.press("D")
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
        assert len(pilot.app.screen_stack) == 1
        assert not pane.is_busy


# What cannot be done.


async def test_keys_that_have_nothing_to_do_say_so(make_app: MakeApp, tmp_path: Path) -> None:
    async with session_app(make_app, session_file(tmp_path / "client.json", 9876)).run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("D")
        await until(pilot, lambda: "There is no connection to end." in notices(pilot))
        await pilot.press("A")
        await until(pilot, lambda: any("Nothing is offered" in text for text in notices(pilot)))


async def test_the_menu_shows_keys_of_ones_own(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keymap.json").write_text('{"session.logon": "ctrl+f7"}')
    async with session_app(make_app, session_file(tmp_path / "client.json", 9876)).run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ActionMenu))
        await until(pilot, lambda: bool(pilot.app.screen.query(OptionList)))
        prompt = pilot.app.screen.query_one(OptionList).get_option("session.logon").prompt
        assert str(prompt).startswith(("^f7 ", "ctrl+f7 "))
        await pilot.press("escape")
