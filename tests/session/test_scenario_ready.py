"""The ready scenarios, against venues that do all right, and against some that do one thing wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from purefix_core.session.scenario import Outcome, read_scenario, run_scenario
from purefix_core.session.scenario.model import Scenario
from purefix_core.session.venue.simulator import Simulator
from tests.conftest import REPOSITORY
from tests.session.engine_peers import acceptor_settings, engine_of
from tests.session.scenario_venue import FAULTS, ScenarioVenue, config_for, told

READY = {path.stem: path for path in sorted((REPOSITORY / "examples" / "scenarios").glob("*.yaml"))}
_HURRIED = 3.5
"""Seconds that a step waits for what a wrong venue does not send; TestRequest and Heartbeat come within 2.4."""


def hurried(scenario: Scenario) -> Scenario:
    return replace(scenario, steps=tuple(replace(step, within=min(step.within, _HURRIED)) for step in scenario.steps))


async def passes_at_simulator(path: Path) -> None:
    async with engine_of(acceptor_settings(), application=Simulator()) as venue:
        result = await run_scenario(read_scenario(path), config_for(venue.ports[0]))
        assert result.passed, told(result)


async def test_the_ready_ones_pass_at_the_simulated_venue() -> None:
    assert len(READY) == 6
    await asyncio.gather(*map(passes_at_simulator, READY.values()))


async def passes_at_plain_venue(path: Path) -> None:
    async with ScenarioVenue() as venue:
        result = await run_scenario(read_scenario(path), config_for(venue.port))
        assert result.passed, told(result)


async def test_the_ready_ones_pass_at_a_venue_that_does_nothing_wrong() -> None:
    await asyncio.gather(*map(passes_at_plain_venue, READY.values()))


CAUGHT = {
    "sends no Logon": ("logon-and-heartbeat", "expect type = Logon"),
    "sends no Heartbeats": ("logon-and-heartbeat", "expect type = Heartbeat and not TestReqID"),
    "answers no TestRequest": ("logon-and-heartbeat", "expect type = Heartbeat and TestReqID = ARE-YOU-THERE"),
    "answers a TestRequest with another TestReqID": (
        "logon-and-heartbeat",
        "expect type = Heartbeat and TestReqID = ARE-YOU-THERE",
    ),
    "takes any number": ("sequence-too-low", "expect type = Logout and Text ~ '(?i)too low'"),
    "refuses a number without a word": ("sequence-too-low", "expect type = Logout and Text ~ '(?i)too low'"),
    "asks for nothing": ("gap-and-resend", "expect type = ResendRequest and BeginSeqNo = {lost}"),
    "answers no ResendRequest": ("gap-and-resend", "expect type = ExecutionReport and ClOrdID = {third}"),
    "resends without PossDupFlag": ("gap-and-resend", "expect type = ExecutionReport and ClOrdID = {third}"),
    "rejects orders": ("gap-and-resend", "expect type = ExecutionReport and ClOrdID = {first}"),
    "sends a Reject": ("gap-and-resend", "expect type = ExecutionReport and ClOrdID = {third}"),
    "tests nobody": ("test-request-timeout", "expect type = TestRequest"),
    "tests, and does not hang up": ("test-request-timeout", "assert state disconnected"),
    "does not reset": ("reset-on-logon", "expect type = Logon and ResetSeqNumFlag = Y and seq = 1"),
    "resets without the flag": ("reset-on-logon", "expect type = Logon and ResetSeqNumFlag = Y and seq = 1"),
    "answers no Logout": ("logout-handshake", "expect type = Logout"),
    "begins with 1 after a Logout": ("logout-handshake", "expect type = Logon and seq = 3"),
}
"""Which of the ready ones finds a fault, and with which step."""


async def catches(fault: str) -> None:
    name, failing = CAUGHT[fault]
    async with ScenarioVenue(fault) as venue:
        result = await run_scenario(hurried(read_scenario(READY[name])), config_for(venue.port))
        failed = result.failed_step
        assert failed is not None, f"{fault}: {told(result)}"
        assert failed.words.startswith(failing), f"{fault}: {told(result)}"
        assert failed.text
        outcomes = [step.outcome for step in result.steps]
        before, after = outcomes[: failed.number - 1], outcomes[failed.number :]
        assert set(before) <= {Outcome.PASSED}
        assert set(after) <= {Outcome.NOT_RUN}


async def test_each_fault_of_a_venue_is_found() -> None:
    await asyncio.gather(*map(catches, CAUGHT))
    assert set(CAUGHT) == set(FAULTS)
