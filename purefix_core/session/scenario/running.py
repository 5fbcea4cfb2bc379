"""Runs a scenario: one step after the other, until one fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from purefix_core.session.application import Application
from purefix_core.session.engine import FixEngine
from purefix_core.session.scenario.checking import made_ready
from purefix_core.session.scenario.doing import Stage, StepFailed
from purefix_core.session.scenario.hiding import KnownSecrets
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.scenario.model import Scenario, Step
from purefix_core.session.scenario.results import Outcome, ScenarioResult, StepResult
from purefix_core.session.scenario.witness import Witness
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects
    from purefix_core.session.config import FixConfig
    from purefix_core.session.settings import SessionId


async def run_scenario(
    scenario: Scenario,
    config: FixConfig,
    on_step: Callable[[StepResult], None] | None = None,
    registry: Dialects | None = None,
) -> ScenarioResult:
    """Run a scenario with an engine of its own, which logs out and ends with it. `on_step` is told of each step when
    it is over, also of those that are not run because one before failed.

    The session's store is used, and its numbers change. Raises ScenarioError for a scenario that does not fit the
    session, before anything is connected, and EngineError for a session that cannot run.
    """
    return await run_ready(scenario, made_ready(scenario, config), on_step, registry)


async def run_ready(
    scenario: Scenario,
    config: FixConfig,
    on_step: Callable[[StepResult], None] | None = None,
    registry: Dialects | None = None,
) -> ScenarioResult:
    """The same with a session that was `made_ready` for it. Raises EngineError."""
    session_id = config.settings.session_id
    engine = FixEngine([config], Application(), registry)
    known = KnownSecrets(config.settings)
    reader = Reader(config.definitions, known)
    witness = Witness(reader)
    watching = asyncio.create_task(witness.watch(engine.events()))
    started, clock = time.time_ns(), time.monotonic()
    steps: list[StepResult] = []
    try:
        await engine.start(connect=False)
        stage = Stage(engine, config, witness, reader, f"scenario {scenario.name}")
        for number, step in enumerate(scenario.steps, 1):
            has_failed = bool(steps) and steps[-1].outcome is not Outcome.PASSED
            result = _not_run(number, step) if has_failed else await _run(number, step, stage, witness)
            result = _without_secrets(result, known)
            steps.append(result)
            if on_step is not None:
                on_step(result)
    finally:
        await _end(engine, session_id, watching)
    return ScenarioResult(scenario, str(session_id), started, time.monotonic() - clock, tuple(steps))


async def _end(engine: FixEngine, session_id: SessionId, watching: asyncio.Task[None]) -> None:
    """Log out and close everything. Cancelled meanwhile it does not wait for the answer to our Logout, but goes on to
    the end, since the store would stay locked; then it raises CancelledError."""

    async def stop() -> None:
        await engine.stop()
        await watching

    stopping = asyncio.create_task(stop())
    cancelled: asyncio.CancelledError | None = None
    while not stopping.done():
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError as error:
            cancelled = error
            engine.by_hand(session_id, lambda session, _: session.close("stopped"))
    if cancelled is not None:
        raise cancelled


async def _run(number: int, step: Step, stage: Stage, witness: Witness) -> StepResult:
    began = time.monotonic()
    text = ""
    try:
        await stage.do(step)
    except StepFailed as error:
        text = printable(str(error))
    await witness.catch_up()
    outcome = Outcome.FAILED if text else Outcome.PASSED
    seconds = time.monotonic() - began
    return StepResult(number, step.place, step.words, outcome, seconds, text, witness.take_lines())


def _not_run(number: int, step: Step) -> StepResult:
    return StepResult(number, step.place, step.words, Outcome.NOT_RUN, 0.0, "", ())


def _without_secrets(result: StepResult, known: KnownSecrets) -> StepResult:
    """The peer may repeat a password in a Text(58), and a scenario in any of its steps."""
    return replace(
        result,
        words=known.hidden_words(result.words),
        text=known.hidden(result.text),
        lines=tuple(map(known.hidden, result.lines)),
    )
