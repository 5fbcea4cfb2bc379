"""Schedules compared with a clock on the wall, and any schedule with itself."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session.schedule import SessionSchedule
from purefix_core.session.settings import ScheduleSettings
from purefix_core.wire.timestamps import NANOS

DAY = 86_400 * NANOS


def open_by_the_wall(
    wall: datetime, start: time, end: time, days: set[int] | None, week: tuple[int, int] | None
) -> bool:
    """Whether the schedule is open by what a clock on the wall shows; right where no change of the clocks matters."""
    now, day = wall.time(), wall.weekday()
    if week is not None:
        position, first, last = (day, now), (week[0], start), (week[1], end)
        return first <= position < last if first < last else position >= first or position < last
    days = set(range(7)) if days is None else days
    if start < end:
        return start <= now < end and day in days
    return (now >= start and day in days) or (now < end and (day - 1) % 7 in days)


@pytest.mark.parametrize("since", ["2026-03-02", "2026-03-23", "2026-10-19", "2026-10-26"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC"])
@pytest.mark.parametrize(
    ("start", "end", "days", "week"),
    [
        ("08:00:00", "17:30:00", None, None),
        ("22:00:00", "05:00:00", None, None),
        ("22:00:00", "05:00:00", {6, 0, 4}, None),
        ("06:00:00", "06:00:00", {0, 1, 2, 3, 4}, None),
        ("18:00:00", "17:00:00", None, (6, 4)),
        ("07:00:00", "20:00:00", None, (0, 4)),
        ("07:00:00", "06:00:00", None, (2, 2)),
    ],
)
def test_minute_by_minute(
    start: str, end: str, days: set[int] | None, week: tuple[int, int] | None, zone: str, since: str
) -> None:
    """Two weeks, with a change of the clocks in most of them."""
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    times = SessionSchedule(
        ScheduleSettings(
            start_time=start,
            end_time=end,
            time_zone=zone,
            weekdays=",".join(names[day] for day in sorted(days or [])),
            start_day=names[week[0]] if week else "",
            end_day=names[week[1]] if week else "",
        )
    )
    tz = ZoneInfo(zone)
    first, last = time.fromisoformat(start), time.fromisoformat(end)
    begin = int(datetime.fromisoformat(since).replace(tzinfo=UTC).timestamp())
    was_open: bool | None = None
    change: int | None = None
    for second in range(begin, begin + 14 * 86_400, 60):
        wall = datetime.fromtimestamp(second, tz).replace(tzinfo=None)
        expected = open_by_the_wall(wall, first, last, days, week)
        assert times.is_open(second * NANOS) == expected, wall
        if was_open is not None and expected != was_open:
            assert change == second * NANOS
        if change is None or second * NANOS >= change:
            change = times.next_change(second * NANOS)
        was_open = expected


CLOCKS = st.one_of(
    st.sampled_from(["00:00:00", "02:00:00", "02:30:00", "03:00:00", "23:59:59", "12:00:00"]),
    st.times().map(lambda moment: moment.strftime("%H:%M:%S")),
)
DAYS = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
ZONES = st.sampled_from(["", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
DAILY = st.builds(ScheduleSettings, start_time=CLOCKS, end_time=CLOCKS, time_zone=ZONES)
WEEKDAYS = st.builds(
    ScheduleSettings,
    start_time=CLOCKS,
    end_time=CLOCKS,
    time_zone=ZONES,
    weekdays=st.lists(DAYS, min_size=1, max_size=7).map(",".join),
)
WEEKLY = st.builds(ScheduleSettings, start_time=CLOCKS, end_time=CLOCKS, time_zone=ZONES, start_day=DAYS, end_day=DAYS)
YEAR = st.integers(1_767_225_600 * NANOS, 1_798_761_600 * NANOS)


@given(st.one_of(DAILY, WEEKDAYS, WEEKLY), YEAR, st.lists(st.integers(0, 10_000), max_size=6))
def test_nothing_changes_before_the_next_change(settings: ScheduleSettings, now: int, parts: list[int]) -> None:
    times = SessionSchedule(settings)
    for _ in range(20):
        change = times.next_change(now)
        assert change is not None
        assert now < change <= now + 15 * DAY
        is_open = times.is_open(now)
        for moment in (now, change - 1, *(now + (change - now) * part // 10_001 for part in parts)):
            fresh = SessionSchedule(settings)
            assert fresh.is_open(moment) == times.is_open(moment) == is_open
            assert fresh.same_session(now, moment) == times.same_session(now, moment) == is_open
            assert times.same_session(moment, now) == is_open
            assert fresh.next_change(moment) == change
        assert not times.same_session(now, change)
        assert not times.same_session(change, now)
        assert times.is_open(change) or is_open
        now = change


@given(st.one_of(DAILY, WEEKDAYS, WEEKLY), YEAR, st.lists(st.integers(0, int(timedelta(days=9).total_seconds()))))
def test_same_session_parts_time_into_periods(settings: ScheduleSettings, start: int, seconds: list[int]) -> None:
    times = SessionSchedule(settings)
    moments = [start + second * NANOS for second in seconds[:6]]
    for a in moments:
        assert times.same_session(a, a) == times.is_open(a)
        for b in moments:
            assert times.same_session(a, b) == times.same_session(b, a)
            for c in moments:
                if times.same_session(a, b) and times.same_session(b, c):
                    assert times.same_session(a, c)
