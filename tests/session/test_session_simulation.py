"""Two sessions over a link that delays, loses, doubles and cuts off what they send, with processes that end at any
moment: whatever happened, they agree in the end, and nothing is lost or delivered twice without saying so."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.session.simulation.conditions import Conditions
from tests.session.simulation.link import MILLI
from tests.session.simulation.plans import random_plan, run
from tests.session.simulation.world import World

RUNS = int(os.environ.get("PUREFIX_SIMULATIONS", "300"))
"""Random runs, in parts of 50."""
_PART = 50

SIDES = st.sampled_from((0, 1))
WAITS = st.sampled_from((1, 3, 5, 7, 12, 50, 600, 3_000, 31_000, 75_000))
DOWN = st.sampled_from((10, 700, 20_000))
FEW = st.integers(0, 3)


@pytest.mark.parametrize("first", range(0, RUNS, _PART))
def test_random_runs(first: int) -> None:
    for seed in range(first, min(first + _PART, RUNS)):
        plan = random_plan(seed)
        assert run(plan) == [], f"seed {seed}: {plan}"


class TwoSessions(RuleBasedStateMachine):
    """The same, as hypothesis plays it: it finds less in the same time, but comes down to the fewest steps."""

    world: World | None = None
    quiet_by_reconnecting = True

    @initialize(
        begin_string=st.sampled_from(("FIX.4.4", "FIX.4.2", "FIXT.1.1")),
        heart_bt_int=st.sampled_from((30, 2)),
        in_files=st.booleans(),
        chunk_size=st.sampled_from((0, 2)),
        reconnect=st.booleans(),
    )
    def begin(self, begin_string: str, heart_bt_int: int, in_files: bool, chunk_size: int, reconnect: bool) -> None:
        self.world = World(Conditions(begin_string, heart_bt_int, in_files, chunk_size))
        self.quiet_by_reconnecting = reconnect
        self.world.advance(100 * MILLI)

    @property
    def _world(self) -> World:
        assert self.world is not None
        return self.world

    @rule(which=SIDES, count=st.integers(1, 4))
    def send(self, which: int, count: int) -> None:
        self._world.send(which, count)

    @rule(which=SIDES, count=st.integers(1, 3))
    def reply(self, which: int, count: int) -> None:
        self._world.reply(which, count)

    @rule(millis=WAITS)
    def time_goes_on(self, millis: int) -> None:
        self._world.advance(millis * MILLI)

    @rule(which=SIDES, passing=FEW, count=st.integers(1, 2))
    def lose(self, which: int, passing: int, count: int) -> None:
        self._world.lose(which, passing, count)

    @rule(which=SIDES, passing=FEW)
    def double(self, which: int, passing: int) -> None:
        self._world.double(which, passing, 1)

    @rule(which=SIDES, millis=st.sampled_from((0, 5, 300, 8_000, 40_000)))
    def delay(self, which: int, millis: int) -> None:
        self._world.delay(which, millis * MILLI)

    @rule(which=SIDES, size=st.sampled_from((0, 7, 70, 333)))
    def cut_in_pieces(self, which: int, size: int) -> None:
        self._world.cut_in_pieces(which, size)

    @rule(kept=st.tuples(st.integers(0, 400), st.integers(0, 400)), noticed=st.sampled_from((0, 5, 5_000, 100_000)))
    def break_connection(self, kept: tuple[int, int], noticed: int) -> None:
        self._world.break_connection(kept, (5 * MILLI, noticed * MILLI))

    @rule(which=SIDES, millis=DOWN)
    def crash(self, which: int, millis: int) -> None:
        self._world.crash(which, millis * MILLI)

    @rule(which=SIDES, steps=st.integers(0, 9), millis=DOWN)
    def crash_while_storing(self, which: int, steps: int, millis: int) -> None:
        self._world.kill_in(which, steps, millis * MILLI)

    @rule(which=SIDES, passing=FEW, taken=st.booleans(), millis=DOWN)
    def crash_with_a_message(self, which: int, passing: int, taken: bool, millis: int) -> None:
        self._world.die_with_message(which, passing, taken, millis * MILLI)

    @rule(which=SIDES, steps=FEW, times=st.integers(1, 3))
    def disk_is_full(self, which: int, steps: int, times: int) -> None:
        self._world.refuse_writes(which, steps, times)

    @precondition(lambda self: self.world is not None and self.world.are_logged_on)
    @rule(which=SIDES)
    def log_out(self, which: int) -> None:
        self._world.log_out(which)

    def teardown(self) -> None:
        if self.world is None:
            return
        try:
            self.world.settle(self.quiet_by_reconnecting)
            assert self.world.problems() == []
        finally:
            self.world.close()


TestTwoSessions: Any = TwoSessions.TestCase
_LONG = settings.get_current_profile_name() == "long"
TestTwoSessions.settings = settings(
    max_examples=10_000 if _LONG else 40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_what_the_simulation_does_not_forgive() -> None:
    """It would notice an order that is lost, given twice or out of order."""
    world = World()
    try:
        world.send(0, 3)
        world.settle(True)
        assert world.problems() == []
        server = world.sides[1]
        server.taken.remove(2)
        assert "missing {2}" in world.problems()[0]
        server.taken.insert(0, 2)
        assert world.problems() != []
        server.taken[:] = [1, 2, 3]
        assert world.problems() == []
        server.take(SimpleNamespace(ClOrdID="3", header=SimpleNamespace(PossDupFlag=None, MsgSeqNum=4)))
        assert any("again without PossDupFlag" in problem for problem in world.problems())
    finally:
        world.close()
