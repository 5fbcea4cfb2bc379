"""Runs made of a random number: what happens to the two, one thing after the other."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from tests.session.simulation.conditions import Conditions
from tests.session.simulation.link import MILLI
from tests.session.simulation.world import World

Step = tuple[Any, ...]
"""The name of a method of World, and what it is called with."""

_WAITS = (0, 1, 2, 3, 5, 7, 12, 20, 50, 200, 600, 1_000, 3_000, 10_000, 31_000, 75_000)
_DELAYS = (0, 1, 5, 5, 40, 300, 900, 2_500, 8_000, 40_000)
_DOWN = (0, 10, 700, 3_000, 20_000, 90_000)
_NOTICED = (0, 0, 5, 5, 300, 5_000, 100_000)
_BYTES = (0, 0, 1, 30, 80, 150, 200, 300, 700, 5_000)


class Plan(NamedTuple):
    conditions: Conditions
    steps: tuple[Step, ...]
    reconnect: bool


def random_conditions(random: Random) -> Conditions:
    begin_string = random.choice(("FIX.4.4", "FIX.4.4", "FIX.4.2", "FIXT.1.1"))
    most_early = random.choice((10_000, 10_000, 10_000, 1, 3))
    return Conditions(
        begin_string=begin_string,
        heart_bt_int=random.choice((1, 2, 5, 30, 30)),
        in_files=random.random() < 0.4,
        # One at a time, and no room for the peer's own requests: neither would ever see the end of it.
        chunk_size=random.choice((0, 0, 0, 1 if most_early > 3 else 3, 2, 5)),
        closed_interval=random.random() < 0.2,
        next_expected=random.random() < 0.2 and begin_string != "FIX.4.2",  # it has no 789
        redundant_requests=random.random() < 0.1,
        last_processed=random.random() < 0.1,
        most_early=most_early,
    )


def random_step(random: Random) -> Step:
    which = random.randrange(2)
    down = random.choice(_DOWN) * MILLI
    kind = random.choices(_KINDS, _WEIGHTS)[0]
    values: dict[str, tuple[Any, ...]] = {
        "send": (which, random.choice((1, 1, 1, 2, 3, 5))),
        "reply": (which, random.choice((1, 2, 5))),
        "advance": (random.choice(_WAITS) * MILLI,),
        "lose": (which, random.randrange(4), random.choice((1, 1, 2, 3))),
        "double": (which, random.randrange(4), random.choice((1, 1, 2))),
        "delay": (which, random.choice(_DELAYS) * MILLI),
        "cut_in_pieces": (which, random.choice((0, 0, 7, 10, 70, 100, 333))),
        "break_connection": (
            (random.choice(_BYTES), random.choice(_BYTES)),
            (random.choice(_NOTICED) * MILLI, random.choice(_NOTICED) * MILLI),
        ),
        "crash": (which, down),
        "kill_in": (which, random.randrange(12), down),
        "die_with_message": (which, random.randrange(3), random.random() < 0.6, down),
        "refuse_writes": (which, random.randrange(6), random.choice((1, 1, 2, 5))),
        "log_out": (which,),
    }
    return kind, *values[kind]


_KINDS, _WEIGHTS = zip(
    *{
        "send": 30,
        "reply": 5,
        "advance": 40,
        "lose": 6,
        "double": 2,
        "delay": 4,
        "cut_in_pieces": 2,
        "break_connection": 6,
        "crash": 3,
        "kill_in": 4,
        "die_with_message": 3,
        "refuse_writes": 2,
        "log_out": 2,
    }.items(),
    strict=True,
)


def random_plan(seed: int) -> Plan:
    random = Random(seed)
    conditions = random_conditions(random)
    steps = tuple(random_step(random) for _ in range(random.choice((5, 10, 20, 40, 80))))
    return Plan(conditions, (("advance", 100 * MILLI), *steps), random.random() < 0.7)


def run(plan: Plan, trace: list[str] | None = None) -> list[str]:
    """What is wrong after it."""
    world = World(plan.conditions)
    world.trace = trace
    try:
        for name, *values in plan.steps:
            if trace is not None:
                trace.append(f"-- {name} {values}")
            getattr(world, name)(*values)
        if trace is not None:
            trace.append("-- quiet")
        world.settle(plan.reconnect)
        return world.problems()
    finally:
        world.close()
