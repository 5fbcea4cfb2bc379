"""How the dialogs of the Session tab look, and a session that is logged on. After a wanted change:
`pytest tests/tui --snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import dialog, until
from deed_pilot import asking, still_venue
from session_peers import PATIENCE, client_of, log_on, order, session_file, wait
from session_tab_pilot import act, logged_on, session_app
from textual.pilot import Pilot

from purefix_core.analysis.refusals import refusal_in
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.scenario import Outcome, StepResult, read_scenario
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session import scenario_panel
from purefix_tui.session.actions import ACTIONS, Action, refusal_action, send_action
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.scenario_panel import ScenarioPanel

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])

MakeApp = Callable[..., PureFixApp]
Snapshot = Callable[..., bool]
Size = tuple[int, int]


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """VENUE listens there, so it seems, and it is always noon."""
    with still_venue(monkeypatch, tmp_path / "venue") as port:
        yield port


@pytest.fixture
def client(tmp_path: Path, port: int) -> Iterator[EngineThread]:
    """Nothing is connected."""
    with client_of(tmp_path, port, FileStorePath=None) as client:
        yield client


@pytest.fixture
def active(client: EngineThread) -> EngineThread:
    """Both have logged on, and an order was answered."""
    log_on(client)
    client.call(lambda engine: engine.send(client.name, order("A1"))).result(PATIENCE)
    wait(lambda: client.status.next_in == 4, "the order is filled")
    return client


def shows(
    snap_compare: Snapshot,
    make_app: MakeApp,
    size: Size,
    engine: EngineThread,
    action: Action,
    **values: str,
) -> bool:
    """Whether the dialog of the action looks as it did, with these values typed."""

    async def run(pilot: Pilot[None]) -> None:
        asked = await asking(pilot, engine, action)
        await asked.type(**values)
        await asked.at_rest()

    return snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_logon(snap_compare: Snapshot, make_app: MakeApp, client: EngineThread, size: Size) -> None:
    assert shows(snap_compare, make_app, size, client, ACTIONS["logon"])


DEEDS = {
    "logout": {"text": "end of day"},
    "disconnect": {},
    "heartbeat": {},
    "test_request": {},
    "resend_request": {"begin": "1", "end": "2"},
    "sequence_reset": {"new_seq_no": "10"},
    "reject": {"ref_tag": "38", "reason": "5", "text": "no such quantity"},
    "set_numbers": {"next_out": "135"},
    "pause": {"hold_heartbeats": "yes", "drop_outgoing": "3"},
    "reset_store": {},
}


@SIZES
@pytest.mark.parametrize("name", DEEDS)
def test_deeds(snap_compare: Snapshot, make_app: MakeApp, active: EngineThread, size: Size, name: str) -> None:
    assert shows(snap_compare, make_app, size, active, ACTIONS[name], **DEEDS[name])


@SIZES
@pytest.mark.parametrize("name", ["set_numbers", "pause"])
def test_before_anything_is_typed(
    snap_compare: Snapshot, make_app: MakeApp, active: EngineThread, size: Size, name: str
) -> None:
    assert shows(snap_compare, make_app, size, active, ACTIONS[name])


@SIZES
def test_a_deed_that_cannot_be(snap_compare: Snapshot, make_app: MakeApp, client: EngineThread, size: Size) -> None:
    assert shows(snap_compare, make_app, size, client, ACTIONS["sequence_reset"])


@SIZES
def test_what_was_typed_is_wrong(snap_compare: Snapshot, make_app: MakeApp, active: EngineThread, size: Size) -> None:
    assert shows(snap_compare, make_app, size, active, ACTIONS["resend_request"], begin="0")


@SIZES
def test_a_long_message(snap_compare: Snapshot, make_app: MakeApp, active: EngineThread, size: Size) -> None:
    message = order("A2")
    long = send_action(
        "Send NewOrderSingle", lambda _seq, _now: FlatMessage("D", [*message.body, (58, b"long " * 200)])
    )
    assert shows(snap_compare, make_app, size, active, long)


@SIZES
def test_a_refusal_put_right(snap_compare: Snapshot, make_app: MakeApp, client: EngineThread, size: Size) -> None:
    raw = b"8=FIX.4.4|9=0|35=5|58=MsgSeqNum too low, expecting 135 but received 120|10=000|".replace(b"|", b"\x01")
    refusal = refusal_in(raw, False)
    assert refusal is not None
    client.by_hand(lambda session, now: session.manual.set_numbers("test", now, next_sender=122)).result(PATIENCE)
    assert shows(snap_compare, make_app, size, client, refusal_action(refusal, client.config.settings))


@SIZES
def test_the_session_went_on(snap_compare: Snapshot, make_app: MakeApp, active: EngineThread, size: Size) -> None:
    async def run(pilot: Pilot[None]) -> None:
        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        active.call(lambda engine: engine.send(active.name, order("A2"))).result(PATIENCE)
        await asked.enter()
        await asked.shows("MsgSeqNum 4")
        await asked.at_rest()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


# A production counterparty.


@pytest.fixture
def production(tmp_path: Path, port: int) -> Iterator[EngineThread]:
    with client_of(tmp_path, port, FileStorePath=None, production=True, Password="secret") as client:
        yield client


@SIZES
def test_production(snap_compare: Snapshot, make_app: MakeApp, production: EngineThread, size: Size) -> None:
    assert shows(snap_compare, make_app, size, production, ACTIONS["logon"])


@SIZES
def test_the_second_question(snap_compare: Snapshot, make_app: MakeApp, production: EngineThread, size: Size) -> None:
    async def run(pilot: Pilot[None]) -> None:
        asked = await asking(pilot, production, ACTIONS["logon"])
        await asked.enter()
        await dialog(pilot, Confirm)

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


# What is there besides.


@SIZES
def test_a_question(snap_compare: Snapshot, make_app: MakeApp, size: Size) -> None:
    async def run(pilot: Pilot[None]) -> None:
        lines = ["CLIENT-VENUE is logged on: it is logged out first.", "Its numbers stay as they are."]
        pilot.app.push_screen(Confirm("Close this session?", lines, "Log out and close"))
        await dialog(pilot, Confirm)

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_logged_on(snap_compare: Snapshot, make_app: MakeApp, port: int, tmp_path: Path, size: Size) -> None:
    path = session_file(tmp_path / "client.json", port, FileStorePath=None)

    async def run(pilot: Pilot[None]) -> None:
        pane = await logged_on(pilot)
        await act(pilot, "U")
        await until(pilot, lambda: pane.engine.status.next_in == 3)
        pane.engine.call(lambda engine: engine.send(pane.engine.name, order("A1"))).result(PATIENCE)
        await until(pilot, lambda: pane.engine.status.next_in == 5 and pane.live.rows.count == 7)
        await until(pilot, lambda: pane.live.detail.shown is not None)
        # Types that come in the same moment are in the order of their counts, others as they came.
        chips = pane.live.filter_bar.chips
        await until(pilot, lambda: sum(chips._counts.values()) == 7)
        counts = dict(sorted(chips._counts.items(), key=lambda each: (-each[1], each[0])))
        chips.show_counts({}, more=False)
        chips.show_counts(counts, more=False)
        await pilot.pause(0.3)

    assert snap_compare(session_app(make_app, path), terminal_size=size, run_before=run)


SCENARIO = """\
name: Gap and resend
about: We leave out two numbers. The counterparty must ask for them, and take what comes again as what it missed.
steps:
  - logon: { reset: yes }
  - expect: type = Logon
  - set: { nextOut: 4 }
  - testRequest: ONE
  - expect: type = ResendRequest and BeginSeqNo = 2
  - logout
"""


@SIZES
def test_a_scenario(
    snap_compare: Snapshot,
    make_app: MakeApp,
    client: EngineThread,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: Size,
) -> None:
    path = tmp_path / "gap.yaml"
    path.write_text(SCENARIO)
    scenario = read_scenario(path)
    lines = (
        "> 8=FIX.4.4|9=64|35=1|34=4|49=CLIENT|52=20260131-12:00:00.000|56=VENUE|112=ONE|10=036|",
        "< 8=FIX.4.4|9=64|35=0|34=2|49=VENUE|52=20260131-12:00:00.012|56=CLIENT|112=ONE|10=035|",
        "- by hand (scenario Gap and resend): the next number out is 4",
    )
    text = "no message came within 5 s that is type = ResendRequest and BeginSeqNo = 2; 1 other came"

    async def run_scenario(_s: object, _c: object, on_step: Callable[[StepResult], None], _r: object) -> None:
        for number, step in enumerate(scenario.steps, 1):
            result = StepResult(number, f"gap.yaml:{number + 3}", step.words, Outcome.PASSED, 0.01, "", ())
            if number == 5:
                result = replace(result, outcome=Outcome.FAILED, seconds=5.0, text=text, lines=lines)
            on_step(result if number < 6 else replace(result, outcome=Outcome.NOT_RUN))

    monkeypatch.setattr(scenario_panel, "run_scenario", run_scenario)

    async def run(pilot: Pilot[None]) -> None:
        panel = ScenarioPanel(scenario, client.config, None)
        pilot.app.push_screen(panel)
        await until(pilot, lambda: len(panel.steps) == 6 and not panel.runs)
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)
