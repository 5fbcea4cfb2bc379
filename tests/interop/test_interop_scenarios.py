"""The ready scenarios against an acceptor of QuickFIX C++, one that behaves and some that do not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from purefix_core.session.config import FixConfig
from purefix_core.session.scenario import ScenarioResult, read_scenario, run_scenario
from purefix_core.session.settings import NetworkSettings, SessionId, SessionSettings
from tests.conftest import REPOSITORY
from tests.interop.peers import Peer, Sides

pytest.importorskip("quickfix")

Make = Callable[..., Sides]
READY = sorted((REPOSITORY / "examples" / "scenarios").glob("*.yaml"))


def run(name: str, peer: Peer, most: float = 30) -> ScenarioResult:
    """Run one of the ready scenarios; a step waits `most` seconds."""
    scenario = read_scenario(REPOSITORY / "examples" / "scenarios" / f"{name}.yaml")
    steps = tuple(replace(step, within=min(step.within, most)) for step in scenario.steps)
    network = NetworkSettings(hosts=(("127.0.0.1", peer.port),))
    config = FixConfig.of(SessionSettings(SessionId("FIX.4.4", "CLIENT", "VENUE"), network=network))
    return asyncio.run(run_scenario(replace(scenario, steps=steps), config))


def told(result: ScenarioResult) -> str:
    return "\n".join(f"{step.words}: {step.text}\n{chr(10).join(step.lines)}" for step in result.steps)


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_ready_scenarios_pass(make: Make, path: Path) -> None:
    venue = make("initiator").acceptor.start()
    result = run(path.stem, venue)
    assert result.passed, f"{told(result)}\n{venue.told()}"


def test_every_order_of_the_gap_arrives_once(make: Make) -> None:
    venue = make("initiator").acceptor.start()
    assert run("gap-and-resend", venue).passed
    assert sorted(venue.got("D").values()) == [1, 1, 1]
    resent = Counter(words[-1] for words in venue.journal() if words[:2] == ["got", "D"])
    assert resent["Y"] >= 1


@pytest.mark.parametrize(
    ("name", "setting", "failing"),
    [
        ("sequence-too-low", {"ResetOnLogon": "Y"}, "expect type = Logout and Text ~ '(?i)too low'"),
        ("logout-handshake", {"ResetOnLogout": "Y"}, "expect type = Logon and seq = 3"),
        ("gap-and-resend", {"PersistMessages": "N"}, "expect type = ExecutionReport and ClOrdID = {third} and PossDup"),
    ],
)
def test_a_venue_that_is_set_otherwise_fails(make: Make, name: str, setting: dict[str, str], failing: str) -> None:
    sides = make("initiator")
    sides.acceptor.set(**setting)
    result = run(name, sides.acceptor.start(), 5)
    failed = result.failed_step
    assert failed is not None, told(result)
    assert failed.words.startswith(failing), told(result)


def test_a_venue_that_is_not_there(make: Make) -> None:
    result = run("logon-and-heartbeat", make("initiator").acceptor)
    failed = result.failed_step
    assert failed is not None
    assert failed.words == "logon with ResetSeqNumFlag"
    assert "refused" in failed.text
