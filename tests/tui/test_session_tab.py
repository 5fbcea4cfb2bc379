"""The Session tab, driven by keys, against real peers on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import dialog, until
from session_peers import acceptor_file, port_of, session_file, wait
from session_tab_pilot import MakeApp, act, header, logged_on, notice, opened, rows, session_app, tab_of, text
from textual.widgets import Input, OptionList, Static

from purefix_core.session.states import State
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.session.buttons import ButtonRow
from purefix_tui.session.choose import ChooseSession
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.menu import ActionMenu
from purefix_tui.session.scenario_panel import ScenarioPanel


@pytest.fixture
def client(tmp_path: Path, venue: EngineThread) -> Path:
    return session_file(tmp_path / "client.json", port_of(venue))


# The start page.


async def test_without_a_session_it_says_what_to_press(make_app: MakeApp) -> None:
    app = session_app(make_app)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.tabs.session is not None and app.tabs.session.has_focus_within)
        said = " ".join(str(each.content) for each in tab_of(pilot).query(Static))
        assert "No session is open." in said
        await pilot.press("o")
        await dialog(pilot, ChooseSession)


async def test_a_session_that_was_open_before_is_one_key_away(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+w")
        await until(pilot, lambda: tab_of(pilot).pane is None)
        await pilot.pause()
        await pilot.press("enter")
        pane = await opened(pilot)
        assert pane.config.name == "CLIENT-VENUE"


async def test_a_file_that_cannot_be_used_is_told_with_all_its_problems(make_app: MakeApp, tmp_path: Path) -> None:
    wrong = session_file(tmp_path / "wrong.json", 0, HeartBtInt="often", BeginString="FIX.9")
    async with session_app(make_app, wrong).run_test(size=(80, 24)) as pilot:
        await dialog(pilot, ChooseSession)
        said = str(tab_of(pilot).query_one("#wrong", Static).content)
        assert "HeartBtInt" in said
        assert "BeginString" in said
        await pilot.press("escape")
        assert tab_of(pilot).pane is None


async def test_of_several_sessions_in_a_file_one_is_chosen(make_app: MakeApp, tmp_path: Path) -> None:
    path = session_file(
        tmp_path / "several.json",
        9876,
        TargetCompID=None,
        FileStorePath=None,
        Sessions=[{"TargetCompID": "VENUE"}, {"TargetCompID": "OTHER"}],
    )
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await dialog(pilot, ChooseSession)
        await until(pilot, lambda: isinstance(pilot.app.focused, OptionList))
        await pilot.press("down", "enter")
        pane = await opened(pilot)
        assert pane.config.name == "CLIENT-OTHER"


async def test_a_template_for_unknown_peers_cannot_be_driven(make_app: MakeApp, tmp_path: Path) -> None:
    path = session_file(
        tmp_path / "template.json",
        9876,
        ConnectionType="acceptor",
        SocketConnectHost=None,
        SocketConnectPort=None,
        SocketAcceptPort=0,
        TargetCompID="*",
        acceptUnknown=5,
    )
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: pilot.app.tabs.session is not None)  # type: ignore[attr-defined]
        await until(pilot, lambda: "acceptUnknown" in str(tab_of(pilot).query_one("#wrong", Static).content))
        assert tab_of(pilot).pane is None


async def test_an_engine_that_cannot_start_says_why(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    path = session_file(tmp_path / "client.json", 9876, SocketUseSSL="Y", SocketCAFile=str(tmp_path / "ca.pem"))
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "ENGINE ENDED" in header(pilot))
        await until(pilot, lambda: "SocketCAFile" in notice(pilot))
        await pilot.press("C")
        await until(pilot, lambda: any("SocketCAFile" in each.message for each in pilot.app._notifications))


# Logging on and off.


async def test_opening_connects_to_nothing(make_app: MakeApp, client: Path, venue: EngineThread) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
        await until(pilot, lambda: "CLIENT → VENUE" in header(pilot))
        await until(pilot, lambda: f"127.0.0.1:{port_of(venue)}" in header(pilot))
        await until(pilot, lambda: "Nothing is sent before you say so" in notice(pilot))
        assert venue.status.last_received is None


async def test_a_logon_is_shown_before_it_is_sent(make_app: MakeApp, client: Path, venue: EngineThread) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press("L")
        await dialog(pilot, DeedDialog)
        await until(pilot, lambda: "35=A|34=1|49=CLIENT" in str(pilot.app.screen.query_one("#what", Static).content))
        await pilot.press("escape")
        await pilot.pause()
        assert venue.status.last_received is None
        await act(pilot, "L")
        await until(pilot, lambda: pane.is_logged_on)


async def test_what_passes_is_in_the_table_with_the_events(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(140, 40)) as pilot:
        pane = await logged_on(pilot)
        await act(pilot, "U")
        await until(pilot, lambda: any("Heartbeat, answers" in row for row in rows(pane)))
        shown = [row for row in rows(pane) if "by hand" not in row]
        marks = ("connecting to", "→", "←", "logged on", "TestRequest", "Heartbeat, answers")
        assert [next(mark for mark in marks if mark in row) for row in shown[:2]] == ["connecting to", "→"]
        assert [any("logged on" in row for row in shown[:4]), "TestRequest" in shown[4]] == [True, True]
        assert "Heartbeat" in shown[5]
        await until(pilot, lambda: "← Heartbeat" in header(pilot))
        await until(pilot, lambda: "→ TestRequest" in header(pilot))
        await until(pilot, lambda: "heartbeat in" in header(pilot))


async def test_connecting_holds_the_logon_until_it_is_wanted(
    make_app: MakeApp, client: Path, venue: EngineThread
) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press("C")
        await until(pilot, lambda: "Our Logon is held" in notice(pilot))
        assert venue.status.last_received is None
        await act(pilot, "L")
        await until(pilot, lambda: pane.is_logged_on)


async def test_an_acceptor_listens_and_is_logged_on_to(make_app: MakeApp, tmp_path: Path) -> None:
    async with session_app(make_app, acceptor_file(tmp_path)).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await until(pilot, lambda: "C listens" in notice(pilot))
        await pilot.press("L")
        await until(pilot, lambda: "LISTENING" in header(pilot))
        await until(pilot, lambda: "CLIENT has not connected yet" in notice(pilot))
        await pilot.press("D")
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
        assert pane.engine.status.listening is None


async def test_the_actions_are_all_in_the_menu(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await logged_on(pilot)
        await pilot.press("m")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ActionMenu) and bool(pilot.app.screen.query(OptionList))
        )
        menu = pilot.app.screen.query_one(OptionList)
        menu.highlighted = menu.get_option_index("session.test_request")
        await pilot.press("enter")
        await dialog(pilot, DeedDialog)


async def test_a_click_on_an_action_does_it(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "L logon" in text(pilot, ButtonRow))
        await pilot.click(ButtonRow, offset=(text(pilot, ButtonRow).index("logon") + 1, 0))
        await dialog(pilot, DeedDialog)


async def test_what_makes_no_sense_is_answered_by_what_stands_in_the_way(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("O")
        await dialog(pilot, DeedDialog)
        await until(pilot, lambda: bool(str(pilot.app.screen.query_one(".wrong", Static).content)))


async def test_a_busy_screen_does_not_hold_up_heartbeats(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    path = session_file(tmp_path / "client.json", port_of(venue), HeartBtInt=1)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await logged_on(pilot)
        # This waits within the loop of the app, which does nothing else meanwhile.
        wait(lambda: venue.status.last_received and venue.status.last_received.msg_type == "0", "a Heartbeat")
        assert venue.status.state is State.ACTIVE


async def test_a_scenario_runs_on_a_connection_of_its_own(
    make_app: MakeApp, client: Path, tmp_path: Path, venue: EngineThread
) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("name: there and back\nsteps:\n  - logon\n  - expect: type = Logon\n  - logout\n")
    async with session_app(make_app, client).run_test(size=(140, 40)) as pilot:
        pane = await logged_on(pilot)
        await pilot.press("X")
        await dialog(pilot, OpenFile)
        pilot.app.screen.query_one(Input).value = str(scenario)
        await pilot.press("enter")
        await dialog(pilot, Confirm)  # this connection is ended first
        await pilot.press("y")
        await dialog(pilot, ScenarioPanel)
        await until(pilot, lambda: "3 passed" in str(pilot.app.screen.query_one("#sum", Static).content))
        await pilot.press("escape")
        await until(pilot, lambda: pane.engine.is_running and not pane._is_asking)
        await until(pilot, lambda: venue.status.state is State.DISCONNECTED)
        await until(pilot, lambda: len(pane.live.log_file.rows) == 8)  # twice a Logon and a Logout, both ways
        await act(pilot, "L")
        await until(pilot, lambda: pane.is_logged_on)


# Leaving.


async def test_quitting_asks_and_logs_out(make_app: MakeApp, client: Path, venue: EngineThread) -> None:
    app = session_app(make_app, client)
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await logged_on(pilot)
        await pilot.press("q")
        await dialog(pilot, Confirm)
        await pilot.press("escape")
        await pilot.pause()
        assert pane.is_logged_on
        await pilot.press("q")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: not pane.engine.is_running)
    wait(lambda: venue.status.next_in == 3, "the Logout arrived")
    assert venue.status.last_received is not None
    assert venue.status.last_received.msg_type == "5"


async def test_quitting_asks_nothing_where_nothing_is_connected(make_app: MakeApp, client: Path) -> None:
    app = session_app(make_app, client)
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press("q")
        await until(pilot, lambda: not pane.engine.is_running)
    assert app.return_code == 0


async def test_closing_a_session_logs_out(make_app: MakeApp, client: Path, venue: EngineThread) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        await logged_on(pilot)
        await pilot.press("ctrl+w")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: tab_of(pilot).pane is None)
        wait(lambda: venue.status.next_in == 3, "the Logout arrived")


# A counterparty where what is sent is real.


async def test_production_is_red_and_asks_twice(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    path = session_file(tmp_path / "client.json", port_of(venue), production=True)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        assert pane.has_class("-production")
        await until(pilot, lambda: "PRODUCTION" in header(pilot))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        await pilot.press("enter")  # the focus stands on Cancel
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog))
        await pilot.pause()
        assert venue.status.last_received is None
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: pane.is_logged_on)


# Messages from elsewhere.


async def test_a_message_to_send_waits_for_a_session(make_app: MakeApp) -> None:
    app = session_app(make_app)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.tabs.session is not None)
        tab_of(pilot).compose_from(b"8=FIX.4.4\x019=5\x0135=0\x0110=163\x01")
        await pilot.pause()
        assert any("No session is open" in each.message for each in app._notifications)
