"""Weeks of a schedule: what happens in each of its periods, and what must hold at the end of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from purefix_core.session.machine import SessionNotOpen
from purefix_core.session.settings import ScheduleSettings
from purefix_core.wire.timestamps import NANOS
from tests.session.simulation.conditions import ACCEPTOR, INITIATOR, Conditions
from tests.session.simulation.link import MILLI
from tests.session.simulation.side import order
from tests.session.simulation.world import World

_MINUTE = 60 * NANOS
_HEART_BT_INT = 1200
_LAST_MINUTES = 15 * _MINUTE


@dataclass(frozen=True)
class Hours:
    """A schedule, and the weeks in which it is simulated."""

    settings: ScheduleSettings
    first_day: date
    opens: time
    closes: time
    start_days: tuple[int, ...]
    days_long: int
    """From the day of the start to that of the end."""
    days: int = 21

    def periods(self) -> Iterator[tuple[int, int]]:
        """Begin and end of each, in nanoseconds UTC, worked out without the code under test."""
        zone = ZoneInfo(self.settings.time_zone)
        for number in range(self.days):
            day = self.first_day + timedelta(days=number)
            if day.weekday() in self.start_days:
                start = datetime.combine(day, self.opens, zone)
                end = datetime.combine(day + timedelta(days=self.days_long), self.closes, zone)
                yield int(start.timestamp()) * NANOS, int(end.timestamp()) * NANOS


EVERY_DAY = tuple(range(7))


def daily(
    zone: str, first_day: date, opens: str, closes: str, weekdays: str = "", start_days: tuple[int, ...] = EVERY_DAY
) -> Hours:
    settings = ScheduleSettings(f"{opens}:00", f"{closes}:00", time_zone=zone, weekdays=weekdays)
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    return Hours(settings, first_day, start, end, start_days, int(end <= start))


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekly(zone: str, first_day: date, start_day: int, opens: str, end_day: int, closes: str) -> Hours:
    settings = ScheduleSettings(f"{opens}:00", f"{closes}:00", _DAYS[start_day], _DAYS[end_day], time_zone=zone)
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    long = (end_day - start_day) % 7
    if not long and end <= start:
        long = 7
    return Hours(settings, first_day, start, end, (start_day,), long, 35)


class Weeks:
    """One run through the hours of a schedule."""

    def __init__(self, hours: Hours, seed: int, in_files: bool = False, late: int = 0, dial_time: int = 0) -> None:
        self._random = Random(seed)
        self._periods = list(hours.periods())
        (first, end), (second, _), *_ = self._periods
        conditions = Conditions(
            heart_bt_int=_HEART_BT_INT,
            schedule=hours.settings,
            start=first if end == second else first - 90 * _MINUTE,
            redial=_MINUTE,
            in_files=in_files,
            late=late,
            dial_time=dial_time,
        )
        self.world = World(conditions)

    def run(self) -> None:
        """Raises AssertionError for what must not be."""
        world = self.world
        before = world.now
        try:
            for start, end in self._periods:
                if before < start:
                    self._closed(start)
                self._opens(start)
                self._period(end - _LAST_MINUTES - 4 * _HEART_BT_INT * NANOS)
                self._quiet(start)
                self._last_minutes(end)
                before = end
        finally:
            world.close()

    def _until(self, moment: int) -> None:
        self.world.advance(max(moment - self.world.now, 0))

    def _closed(self, start: int) -> None:
        """Nobody is connected, and nothing is taken, until it opens."""
        world = self.world
        if self._random.random() < 0.3:
            world.crash(self._random.randrange(2), NANOS)
        world.advance(world.conditions.late + 1)
        closed_for = start - world.now
        sent = [side.stored()[0] for side in world.sides]
        for part in (0.0, self._random.random(), 1.0):
            self._until(start - closed_for + int(part * (closed_for - NANOS)))
            if part:
                assert not world.are_logged_on, self._where("they are logged on outside of the hours")
            for side in world.sides:
                if side.machine is not None:
                    try:
                        side.machine.send(order(0))
                    except SessionNotOpen:
                        continue
                    raise AssertionError(self._where(f"{side.name} takes a message outside of the hours"))
        for side, last in zip(world.sides, sent, strict=True):
            assert side.stored()[0] <= last, self._where(f"{side.name} sends something outside of the hours")

    def _opens(self, start: int) -> None:
        """What was sent in the period before, and did not arrive, is gone with it."""
        self._until(start)
        for side in self.world.sides:
            side.new_period()
        if self._random.random() < 0.5:  # before those that are late have noticed
            self.world.advance(self.world.conditions.late // 2)
            self.world.send(self._random.randrange(2), 2)

    def _period(self, until: int) -> None:
        world, random = self.world, self._random
        for _ in range(random.randrange(3)):
            world.send(random.randrange(2), random.randrange(1, 4))
        for moment in sorted(random.randrange(world.now, until) for _ in range(random.randrange(2, 12))):
            self._until(moment)
            self._something()
        self._until(until)

    def _something(self) -> None:
        world, random = self.world, self._random
        which = random.randrange(2)
        kind = random.randrange(10)
        if kind < 4:
            world.send(which, random.randrange(1, 6))
        elif kind == 4:
            world.break_connection((0, 0), (0, 0))
        elif kind == 5:
            world.break_connection((random.randrange(500), 0), (MILLI, 3 * _MINUTE))
        elif kind == 6:
            world.crash(which, random.randrange(1, 40) * _MINUTE)
        elif kind == 7:
            world.lose(which, random.randrange(3), 1)
        elif kind == 8:
            world.refuse_writes(which, random.randrange(4), 1)
        else:
            world.log_out(which)

    def _quiet(self, start: int) -> None:
        world = self.world
        world.send(INITIATOR, 15)
        world.send(ACCEPTOR, 15)
        world.settle(True)
        problems = world.problems()
        assert not problems, self._where("; ".join(problems))
        for side in world.sides:
            first = side.keeper.look().get(1)
            assert first is not None, self._where(f"{side.name} has no message 1")
            assert first.timestamp >= start, self._where(f"{side.name} goes on with the numbers of an earlier period")

    def _last_minutes(self, end: int) -> None:
        """Up to the end anything may happen, at it too; what does not arrive any more is lost with the period."""
        world, random = self.world, self._random
        self._until(end - _LAST_MINUTES)
        conditions = world.conditions
        kind = random.randrange(6)
        if kind == 1:
            self._until(end - random.choice((1, 4, 10, 100)) * MILLI)
            world.send(random.randrange(2), 3)
        elif kind == 2:
            self._until(end - random.choice((1, 2_000, 60_000, 120_000)) * MILLI)
            self._something()
        elif kind == 3:
            self._until(end - 2 * NANOS)
            world.crash(random.randrange(2), random.choice((1, 3, 100, 40_000)) * NANOS)
        elif kind == 4:
            world.kill_in(random.randrange(2), random.randrange(12), NANOS)
        elif kind == 5:  # the connection is made just as the period ends
            self._until(end - conditions.redial - conditions.dial_time // 2 - 1)
            world.break_connection((0, 0), (0, 0))
        stands = [side.stored() for side in world.sides]
        self._until(end - 1)
        for side, (sent, received) in zip(world.sides, stands, strict=True):
            now_sent, now_received = side.stored()
            assert now_sent >= sent, self._where(f"{side.name} begins anew too early")
            assert now_received >= received, self._where(f"{side.name} begins anew too early")
        self._until(end)

    def _where(self, text: str) -> str:
        return f"{datetime.fromtimestamp(self.world.now / NANOS, ZoneInfo('UTC')):%a %d %b %Y %H:%M:%S} UTC: {text}"
