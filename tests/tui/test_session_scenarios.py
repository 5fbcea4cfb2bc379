"""The panel in which a scenario runs: what passes, what fails and why, what is stopped, and what cannot run at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import dialog, until
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from session_peers import port_of, session_file, wait
from session_tab_pilot import logged_on, opened, session_app
from textual.pilot import Pilot
from textual.widgets import Input, Label, Static

from purefix_core.session.config import load_configs
from purefix_core.session.scenario import Outcome, StepResult, read_scenario
from purefix_core.session.states import State
from purefix_core.store.file_store import FixMsgFileStore
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.scenario_panel import ScenarioPanel, step_pieces
from purefix_tui.widgets.plain import visible

MakeApp = Callable[..., PureFixApp]
SMALL = (80, 24)
LOGON = "  - logon\n  - expect: type = Logon\n"


Show = Callable[..., ScenarioPanel]


@pytest.fixture
def show(tmp_path: Path, venue: EngineThread) -> Show:
    """Puts the panel of a scenario, given by its steps, on screen."""

    def push(pilot: Pilot[None], steps: str, **settings: object) -> ScenarioPanel:
        path = tmp_path / "try.yaml"
        path.write_text(f"name: A try\nabout: What it is about.\nsteps:\n{steps}")
        config = load_configs(session_file(tmp_path / "client.json", port_of(venue), **settings))[0]
        panel = ScenarioPanel(read_scenario(path), config, None)
        pilot.app.push_screen(panel)
        return panel

    return push


def listed(panel: ScenarioPanel) -> str:
    return str(panel.query_one("#steps", Static).content)


def summed(panel: ScenarioPanel) -> str:
    return str(panel.query_one("#sum", Static).content)


async def choose(pilot: Pilot[None], path: Path) -> None:
    """Have the session that is open run a scenario."""
    await pilot.press("X")
    await dialog(pilot, OpenFile)
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def ended(pilot: Pilot[None], panel: ScenarioPanel) -> None:
    await until(pilot, lambda: bool(panel.query("#sum")) and not panel.runs)
    await pilot.pause()


async def test_a_scenario_that_passes(make_app: MakeApp, show: Show, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - testRequest: ONE\n  - expect: type = Heartbeat\n  - logout\n")
        await ended(pilot, panel)
        assert summed(panel).startswith("PASSED   5 passed")
        assert [line[:5] for line in listed(panel).splitlines()] == [f"✓   {number}" for number in range(1, 6)]
        assert venue.status.state is State.DISCONNECTED
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not panel)


async def test_a_step_that_fails_says_why_and_what_passed_meanwhile(make_app: MakeApp, show: Show) -> None:
    steps = (
        LOGON
        + "  - testRequest: ONE\n"
        + "  - { expect: type = ExecutionReport, within: 0.2, skip: none }\n  - logout\n"
    )
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, steps)
        await ended(pilot, panel)
        assert summed(panel).startswith("FAILED   3 passed, 1 failed, 1 not run")
        failed = panel.steps[3]
        assert failed.outcome is Outcome.FAILED
        shown = "".join(listed(panel).split())
        assert "".join(failed.text.split()) in shown
        assert "try.yaml:7" in shown
        assert listed(panel).splitlines()[-1].startswith("·   5   not run")
        assert all(len(line) <= panel.query_one("#steps").content_size.width for line in listed(panel).splitlines())


async def test_a_scenario_runs_once_more(make_app: MakeApp, show: Show, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - logout\n")
        await ended(pilot, panel)
        await until(pilot, lambda: venue.status.next_in == 3)
        await pilot.press("r")
        await until(pilot, lambda: venue.status.next_in == 5)
        await ended(pilot, panel)
        assert summed(panel).startswith("PASSED   3 passed")
        assert len(panel.steps) == 3


async def test_production_is_asked_about_once_more(make_app: MakeApp, show: Show, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - logout\n", production=True)
        await ended(pilot, panel)
        await until(pilot, lambda: venue.status.next_in == 3)
        await pilot.press("r")
        await dialog(pilot, Confirm)
        await pilot.press("enter")  # the focus stands on Cancel
        await until(pilot, lambda: pilot.app.screen is panel)
        assert not panel.runs
        assert venue.status.next_in == 3
        await pilot.press("r")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: venue.status.next_in == 5)
        await ended(pilot, panel)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - logon\n  - logout\nsettings: { ResetSeqNumFlag: Y }\n", "ResetSeqNumFlag."),
        ("  - logon\n  - sequenceReset: { newSeqNo: 5000 }\n", "sequenceReset to 5000."),
        ("  - connect\n  - send: 35=A|98=0|108=30|141=Y\n", "send 35=A|98=0|108=30|141=Y."),
    ],
)
async def test_numbers_are_not_changed_without_a_question(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread, steps: str, said: str
) -> None:
    (tmp_path / "try.yaml").write_text(f"steps:\n{steps}")
    async with session_app(make_app, session_file(tmp_path / "client.json", port_of(venue))).run_test(
        size=SMALL
    ) as pilot:
        await opened(pilot)
        await choose(pilot, tmp_path / "try.yaml")
        await dialog(pilot, Confirm)
        assert f"It changes sequence numbers: {said}" in [str(each.content) for each in pilot.app.screen.query(Label)]
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Confirm))
        assert not isinstance(pilot.app.screen, ScenarioPanel)
        assert venue.status.last_received is None


async def test_all_that_is_wrong_is_listed_and_the_connection_stays(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    (tmp_path / "try.yaml").write_text(
        "settings: { HeartBtInt: often, ResetOnLogon: Y }\n"
        "steps:\n  - logonn\n  - wait\n  - expect: Foo = 1\n  - send: { type: D, Bar: 1 }\n"
    )
    async with session_app(make_app, session_file(tmp_path / "client.json", port_of(venue))).run_test(
        size=(140, 40)
    ) as pilot:
        pane = await logged_on(pilot)
        await choose(pilot, tmp_path / "try.yaml")
        await dialog(pilot, ScenarioPanel)
        panel = pilot.app.screen
        assert isinstance(panel, ScenarioPanel)
        await ended(pilot, panel)
        assert summed(panel).startswith("NOT RUN")
        told = " ".join(listed(panel).split())  # a long path moves the ends of the lines
        for words in ("often", "logonn", "wait: expected seconds", "'Foo'", "'Bar'"):
            assert words in told
        await pilot.press("r")  # the same once more
        await ended(pilot, panel)
        assert summed(panel).startswith("NOT RUN")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not panel)
        assert pane.is_logged_on


async def test_messages_that_the_dialect_finds_wrong_are_told_and_sent(make_app: MakeApp, show: Show) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - send: 35=H|11=A|55=X|54=1|4999=3\n  - expect: type = Reject\n")
        await ended(pilot, panel)
        assert summed(panel).startswith("PASSED   4 passed")
        first = "".join(listed(panel).partition("✓")[0].split())
        assert first.startswith("!")
        assert "try.yaml:6:" in first
        assert "4999" in first
        await pilot.press("y")
        await until(pilot, lambda: "! " in pilot.app.clipboard)


async def test_the_step_that_runs_shows_no_password(make_app: MakeApp, show: Show) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        step = "  - { expect: Text ~ 'secret-of-ours', within: 600 }\n"
        panel = show(pilot, LOGON + step, Username="me", Password="secret-of-ours")
        await until(pilot, lambda: len(panel.steps) == 2 and "▸   3" in listed(panel))
        assert "▸   3  expect Text ~ '***' …" in listed(panel)
        await pilot.press("escape")
        await ended(pilot, panel)


async def test_a_second_esc_does_not_cut_the_logout_short(make_app: MakeApp, show: Show, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - wait: 600\n")
        await until(pilot, lambda: len(panel.steps) == 2)
        panel.action_stop()
        panel.action_stop()
        await ended(pilot, panel)
        wait(lambda: venue.status.next_in == 3, "the Logout came")
        assert summed(panel).startswith("STOPPED")


async def test_esc_stops_it_and_logs_out(make_app: MakeApp, show: Show, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - wait: 600\n  - logout\n")
        await until(pilot, lambda: len(panel.steps) == 2 and "▸   3" in listed(panel))
        assert "Esc stops it" in summed(panel)
        await pilot.press("escape")
        await ended(pilot, panel)
        assert pilot.app.screen is panel
        assert summed(panel).startswith("STOPPED   2 passed")
        wait(lambda: venue.status.last_received and venue.status.last_received.msg_type == "5", "the Logout came")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not panel)


async def test_one_that_does_not_fit_the_session_sends_nothing(
    make_app: MakeApp, show: Show, venue: EngineThread
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, LOGON + "  - expect: NoSuchField = 1\n")
        await ended(pilot, panel)
        assert "NoSuchField" in listed(panel)
        assert summed(panel).startswith("NOT RUN")
        assert venue.status.last_received is None


async def test_a_store_in_use_is_told(make_app: MakeApp, show: Show, tmp_path: Path) -> None:
    store = FixMsgFileStore(tmp_path / "store", "CLIENT", "VENUE", begin_string="FIX.4.4")
    try:
        async with make_app().run_test(size=SMALL) as pilot:
            panel = show(pilot, LOGON)
            await ended(pilot, panel)
            assert "in use" in " ".join(listed(panel).split())
            assert summed(panel).startswith(("FAILED", "NOT RUN"))
    finally:
        store.close()


async def test_the_list_is_copied_unfolded(make_app: MakeApp, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        panel = show(pilot, "  - { expect: type = Logon, within: 0.1 }\n")
        await ended(pilot, panel)
        await pilot.press("y")
        await until(pilot, lambda: panel.steps[0].text in pilot.app.clipboard)


FIELDS = "> 8=FIX.4.4|9=64|35=1|34=4|49=CLIENT|52=20260131-12:00:00.000|56=VENUE|58=some words|112=ONE|10=036|"


@given(st.integers(40, 200), st.text(st.characters(codec="utf-8"), max_size=200))
def test_lines_fit_and_nothing_of_them_is_lost(width: int, why: str) -> None:
    step = StepResult(5, "try.yaml:7", "expect type = Logon", Outcome.FAILED, 1.5, why, (FIELDS, "- disconnected"))
    text = "".join(text for text, _ in step_pieces(step, width))
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert "".join(visible(why).split()) in "".join(text.split())
    assert "→ 8=FIX.4.4|9=64|" in text
    fields = "".join(text.split())
    assert "→" + FIELDS[2:].replace(" ", "") in fields
    assert all(not line.endswith(("52", "49=", "=")) for line in text[text.index("→") :].split("\n"))
