"""Weeks of a schedule, over the changes of daylight saving: both sides begin anew at the same moments, nothing is lost
within a period, and nothing is taken outside of the hours."""

from __future__ import annotations

import os
from datetime import date

import pytest

from purefix_core.wire.timestamps import NANOS
from tests.session.simulation.hours import Hours, Weeks, daily, weekly
from tests.session.simulation.link import MILLI

RUNS = int(os.environ.get("PUREFIX_SIMULATIONS", "300")) // 150
"""Of each schedule, under each circumstance."""

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
WORKDAYS = "Monday,Tuesday,Wednesday,Thursday,Friday"

SCHEDULES = {
    "daily, March 2026": daily(BERLIN, date(2026, 3, 20), "08:00", "22:00"),
    "daily, October 2026": daily(NEW_YORK, date(2026, 10, 25), "08:00", "17:00", WORKDAYS, (0, 1, 2, 3, 4)),
    "all day, October 2026": daily(NEW_YORK, date(2026, 10, 24), "17:00", "17:00"),
    "all day, March 2027": daily(BERLIN, date(2027, 3, 19), "00:00", "00:00"),
    "over midnight, October 2026": daily(BERLIN, date(2026, 10, 18), "22:00", "06:00"),
    "over midnight, March 2027": daily(NEW_YORK, date(2027, 3, 5), "18:00", "05:00"),
    "weekly, October 2026": weekly(NEW_YORK, date(2026, 10, 19), 6, "17:00", 4, "17:00"),
    "weekly, March 2027": weekly(BERLIN, date(2027, 3, 15), 0, "00:15", 5, "23:00"),
    "all week, October 2026": weekly(BERLIN, date(2026, 10, 12), 6, "18:00", 6, "18:00"),
}


@pytest.mark.parametrize("hours", SCHEDULES.values(), ids=SCHEDULES)
def test_weeks(hours: Hours) -> None:
    for seed in range(RUNS):
        Weeks(hours, seed).run()


@pytest.mark.parametrize("hours", SCHEDULES.values(), ids=SCHEDULES)
def test_weeks_with_late_ticks(hours: Hours) -> None:
    """A machine learns of the time some milliseconds later, and it takes a while to dial."""
    for seed in range(RUNS):
        Weeks(hours, 1000 + seed, late=20 * MILLI, dial_time=3 * NANOS).run()


@pytest.mark.parametrize("name", ["daily, March 2026", "all day, October 2026", "weekly, October 2026"])
def test_weeks_in_files(name: str) -> None:
    for seed in range(max(RUNS // 2, 1)):
        Weeks(SCHEDULES[name], 2000 + seed, in_files=True).run()
