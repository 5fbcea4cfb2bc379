"""Each step of a scenario, against the simulated venue."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from purefix_core.session.config import FixConfig
from purefix_core.session.scenario import (
    Outcome,
    ScenarioError,
    ScenarioResult,
    StepResult,
    read_scenario,
    run_scenario,
)
from purefix_core.session.scenario.model import Scenario
from purefix_core.session.sender import Sender
from purefix_core.session.settings import NetworkSettings
from purefix_core.session.venue.simulator import Simulator
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.wire.timestamps import utc_timestamp_text
from tests.interop.peers import free_port
from tests.session.engine_peers import acceptor_settings, engine_of, initiator_settings, on_disk
from tests.session.scenario_venue import ScenarioVenue, config_for, told

Write = Callable[..., Scenario]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*steps: str, **top: str) -> Scenario:
        lines = [f"{key}: {value}" for key, value in top.items()]
        path = tmp_path / "scenario.yaml"
        path.write_text("\n".join([*lines, "steps:", *(f"  - {step}" for step in steps), ""]))
        return read_scenario(path)

    return write


async def at_simulator(scenario: Scenario, **settings: Any) -> ScenarioResult:
    async with engine_of(acceptor_settings(), application=Simulator()) as venue:
        return await run_scenario(scenario, config_for(venue.ports[0], **settings))


LOGON = ("logon: { reset: yes }", "expect: type = Logon")


async def test_connecting_and_logging_on_are_two_steps(write: Write) -> None:
    steps = ["connect", "assert: { state: connecting, connected: true, resending: No }", *LOGON]
    result = await at_simulator(write(*steps, "assert: { state: active, nextOut: 2 }"))
    assert result.passed, told(result)


async def test_what_a_person_can_send(write: Write) -> None:
    result = await at_simulator(
        write(
            *LOGON,
            "heartbeat",
            "testRequest",
            "expect: type = Heartbeat and TestReqID",
            "testRequest: '{count}-{{a}}'",
            "expect: type = Heartbeat and TestReqID ~ '^[0-9]+-.a.$'",
            "resendRequest: { begin: 1 }",
            "expect: type = SequenceReset and seq = 1 and GapFillFlag = Y",
            "reject: { refSeqNum: 1, refTag: 35, refMsgType: A, reason: 5, text: no }",
            "sequenceReset: { newSeqNo: 20, gapFill: yes }",
            "testRequest: AFTER",
            "expect: type = Heartbeat and TestReqID = AFTER",
            "assert: { nextOut: 21 }",
        )
    )
    assert result.passed, told(result)
    sent = [line for step in result.steps for line in step.lines if line.startswith("> ")]
    assert any("|35=3|" in line and "|45=1|" in line and "|58=no|" in line for line in sent)
    assert any("|35=4|" in line and "|36=20|" in line and "|123=Y|" in line for line in sent)


async def test_numbers_are_set_and_reset(write: Write) -> None:
    result = await at_simulator(
        write(
            *LOGON,
            "assert: { nextOut: '>= 2', nextIn: '!= 1' }",
            "reset",
            "expect: type = Logon and ResetSeqNumFlag = Y and seq = 1",
            "assert: { state: active, nextOut: 2, nextIn: 2 }",
            "disconnect",
            "assert: { state: disconnected, connected: no }",
            "set: { nextOut: 7, nextIn: '{seq}' }",
            "assert: { nextOut: 7, nextIn: '<= 2' }",
        )
    )
    assert result.passed, told(result)


async def test_reconnecting_goes_on_with_the_numbers(write: Write) -> None:
    result = await at_simulator(
        write(*LOGON, "reconnect", "expect: type = Logon and seq = 2", "assert: { state: active, nextOut: 3 }")
    )
    assert result.passed, told(result)


async def test_messages_by_fields_with_meanings_and_groups(write: Write) -> None:
    result = await at_simulator(
        write(
            *LOGON,
            "remember: { id: 'it''s {{1}} | one' }",
            "send: { type: NewOrderSingle, ClOrdID: '{id}', Side: Buy, Symbol: NO, OrderQty: 5, 40: Market,"
            " TransactTime: '{now}', NoPartyIDs: [ { PartyID: A, PartyIDSource: D, PartyRole: 1 },"
            " { PartyRole: 3, PartyIDSource: D, PartyID: B } ] }",
            "{ expect: 'type = ExecutionReport and ClOrdID = {id}', remember: { report: OrderID } }",
            "expect: OrderID = {report} and OrdStatus = Filled and Symbol = NO",
        )
    )
    assert result.passed, told(result)
    (order,) = [line for line in result.steps[3].lines if line.startswith("> ")]
    assert "|453=2|448=A|447=D|452=1|448=B|447=D|452=3|" in order
    assert "|54=1|" in order
    assert "|40=1|" in order


async def test_resends_can_be_held_back(write: Write) -> None:
    result = await at_simulator(
        write(
            *LOGON,
            "hold: [resends, heartbeats]",
            "drop: { out: 1 }",
            "send: 35=H|11=A|54=1|55=X",
            "send: 35=H|11=B|54=1|55=X",
            "{ expect: type = ResendRequest, remember: { first: BeginSeqNo } }",
            "{ expectNone: type = ExecutionReport, within: 0.3 }",
            "release: resends",
            "sequenceReset: { newSeqNo: '{seq+1}' }",
            "testRequest: X",
            "expect: TestReqID = X",
        )
    )
    assert result.passed, told(result)


@pytest.mark.parametrize(
    ("skip", "passes"),
    [("", False), ("none", False), ("all", True), ("ExecType = New", True), ("ExecType = Canceled", False)],
)
async def test_what_is_passed_over(write: Write, skip: str, passes: bool) -> None:
    """The venue sends two ExecutionReports, first that the order is new."""
    option = f", skip: {skip}" if skip else ""
    order = "send: 35=D|11=A|21=1|55=X|54=1|38=5|40=1|60={now}"
    result = await at_simulator(write(*LOGON, order, f"{{ expect: OrdStatus = Filled, within: 3{option} }}"))
    assert result.passed is passes, told(result)
    if not passes:
        assert result.steps[-1].text.startswith("expected OrdStatus = Filled; received 8=FIX.4.4|")


async def test_what_was_not_expected_still_counts_as_received(write: Write) -> None:
    steps = (*LOGON, "testRequest: A", "wait: 0.2", "{ expectNone: TestReqID = A, within: 0 }")
    result = await at_simulator(write(*steps))
    assert result.steps[-1].text.startswith("expected no TestReqID = A; received ")
    result = await at_simulator(write(*steps[:-1], "{ expectNone: TestReqID = B, within: 0 }", "expect: TestReqID = A"))
    assert result.passed, told(result)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("logout", "log on first"),
        ("send: 35=D|11=A", "connect first"),
        ("{ assert: { state: active }, within: 0 }", "state: expected active, found disconnected (after 0 s)"),
        ("{ assert: { connected: yes, nextOut: '> 1' }, within: 0 }", "connected: expected yes, found no; nextOut: "),
        ("{ expect: 35, within: 0.1 }", "expected 35; none came within 0.1 s"),
        ("set: { nextOut: 0 }", "expected 1 to"),
    ],
)
async def test_steps_that_cannot_be(write: Write, step: str, text: str) -> None:
    result = await at_simulator(write(step))
    assert result.steps[0].outcome is Outcome.FAILED
    assert text in result.steps[0].text
    assert "\n" not in result.steps[0].text


async def test_a_field_that_a_message_does_not_have_cannot_be_remembered(write: Write) -> None:
    result = await at_simulator(write(LOGON[0], "{ expect: type = Logon, remember: { text: Text } }"))
    assert result.steps[1].text.startswith("remember: expected Text; received 8=FIX.4.4|")


async def test_the_end_of_the_connection_fails_a_step_at_once(write: Write) -> None:
    async with ScenarioVenue() as venue:
        result = await run_scenario(
            write(*LOGON, "set: { nextOut: 1 }", "testRequest", "expect: type = Logout", "{ expect: 35, within: 99 }"),
            config_for(venue.port),
        )
    text = result.steps[-1].text
    assert "the connection ended: the peer logs out: MsgSeqNum too low, expecting 2 but received 1" in text, told(
        result
    )


async def test_a_run_that_is_cancelled_twice_leaves_nothing_behind(write: Write, tmp_path: Path) -> None:
    is_on = asyncio.Event()

    def tell(step: StepResult) -> None:
        if step.number == len(LOGON):
            is_on.set()

    async with engine_of(acceptor_settings()) as venue:
        others = asyncio.all_tasks()
        config = config_for(venue.ports[0], **on_disk(tmp_path / "store"), logout_timeout=99)
        run = asyncio.create_task(run_scenario(write(*LOGON, "wait: 99"), config, tell))
        await is_on.wait()
        venue.by_hand("VENUE-CLIENT", lambda session, _: session.manual.drop_incoming(9, "tester"))  # our Logout
        run.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not run.done()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        FixMsgFileStore(tmp_path / "store", "CLIENT", "VENUE").close()  # it is not locked
        assert {task for task in asyncio.all_tasks() - others if "Witness" in repr(task)} == set()


async def test_nobody_listens(write: Write) -> None:
    async with ScenarioVenue() as venue:
        port = venue.port
    for step in ("logon", "connect"):
        result = await run_scenario(write(step), config_for(port))
        assert result.steps[0].text.startswith("expected a connection; ")
        assert "refused" in result.steps[0].text


async def test_an_acceptor_waits_for_its_peer(write: Write) -> None:
    scenario = write(
        "connect",
        "{ expect: type = Logon, remember: { interval: HeartBtInt } }",
        "assert: { state: active }",
        "testRequest: '{interval}'",
        "expect: type = Heartbeat and TestReqID = {interval}",
        within="20",
    )
    told_of: list[StepResult] = []
    port = free_port()
    acceptor = FixConfig.of(acceptor_settings(NetworkSettings(accept_port=port)))
    async with engine_of(initiator_settings(port)):
        result = await run_scenario(scenario, acceptor, told_of.append)
    assert result.passed, told(result)
    assert [step.number for step in told_of] == [1, 2, 3, 4, 5]


# -- before anything is connected ----------------------------------------------------------------------------------


async def refused(scenario: Scenario, **settings: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        await run_scenario(scenario, config_for(1, **settings))
    return [problem.split(": ", 1)[1] for problem in caught.value.problems]


async def test_what_the_dialect_does_not_have(write: Write) -> None:
    problems = await refused(
        write(
            "expect: ClOrdIDs = 1",
            "expect: Side = Byu",
            "{ expect: 35, skip: OrdeQty > 1 }",
            "send: { type: NewOrderSingle, ClOrdIT: 1 }",
            "send: 35=D|11={nobody}",
            "send: 11=A",
            "{ expect: 35, remember: { x: NoSuchField } }",
            "remember: { y: 1, z: '{now}' }",
            "expect: ClOrdID = {x} and OrderQty > {y} and SendingTime > {z}",
        )
    )
    assert len(problems) == 7
    for problem, word in zip(
        problems, ("ClOrdIDs", "Byu", "OrdeQty", "ClOrdIT", "{nobody}", "35", "NoSuchField"), strict=True
    ):
        assert word in problem


async def test_settings_of_a_scenario(write: Write) -> None:
    settings = "{ HeartBtInt: 7, StoreLayout: memory, ResetSeqNumFlag: Y }"
    result = await at_simulator(write("logon", "expect: HeartBtInt = 7 and ResetSeqNumFlag = Y", settings=settings))
    assert result.passed, told(result)
    wrong = "{ HeartBtInt: often, Password: abc, SocketConnectPort: 1, Nonsense: 1, SenderCompID: X, production: no }"
    problems = await refused(write("logon", settings=wrong))
    assert len(problems) == 6, problems
    assert "often" in problems[0]
    assert not any("abc" in problem for problem in problems)
    together = await refused(write("logon", settings="{ ResetSeqNumFlag: Y }"), begin_string="FIX.4.0")
    assert "ResetSeqNumFlag" in together[0]
    (lacking,) = await refused(write("logon", settings="{ EnableNextExpectedMsgSeqNum: Y }"), begin_string="FIX.4.2")
    assert lacking == "EnableNextExpectedMsgSeqNum: has no effect in FIX.4.2, which has no 789"


async def test_what_is_remembered_of_a_message_is_what_was_sent(write: Write) -> None:
    """Also a field that a list would hide, since it repeats a password; but no password itself."""
    result = await at_simulator(
        write(
            *LOGON,
            "{ send: 35=BE|923=secret-of-ours-1|924=1|553=me|554=secret-of-ours, remember: { id: 923, word: 554 } }",
            "testRequest: '{id}'",
            "{ expect: TestReqID = 'secret-of-ours-1', skip: all }",
            "testRequest: '{word}'",
            "expect: TestReqID = '***'",
        )
    )
    assert result.passed, told(result)


async def test_the_time_of_a_sent_message_is_remembered_to_the_millisecond(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the clock is a millisecond behind the one before: the time that is shown is not the one sent."""
    ticks = itertools.count(time.time_ns(), 10**6)
    monkeypatch.setattr(Sender, "stamp", lambda *_: utc_timestamp_text(next(ticks) // 10**6 * 10**6, 3).encode())
    result = await at_simulator(
        write(*LOGON, "{ send: 35=1|112=A, remember: { at: SendingTime } }", "testRequest: '{at}'")
    )
    assert result.passed, told(result)
    (sent,) = (line for line in result.steps[2].lines if "|35=1|" in line and line.startswith("> "))
    (asked,) = (line for line in result.steps[3].lines if "|35=1|" in line and line.startswith("> "))
    assert sent.split("|52=")[1].split("|")[0] == asked.split("|112=")[1].split("|")[0]


# -- secrets -------------------------------------------------------------------------------------------------------


async def test_secrets_are_masked_wherever_a_result_shows_messages(write: Write) -> None:
    scenario = write(
        *LOGON,
        "send: 35=BE|923=1|924=1|553=me|554=secret-of-ours",
        "{ expect: 35=8, within: 1 }",
    )
    result = await at_simulator(scenario, username="me", password="secret-of-ours")
    assert not result.passed
    assert any("|554=***|" in line for line in result.steps[0].lines)
    assert any("|35=BE|" in line and "|554=***|" in line for line in result.steps[2].lines)
    assert "554=***" in result.steps[2].words
    assert "secret-of-ours" not in told(result)
    assert "secret-of-ours" not in repr(result)
