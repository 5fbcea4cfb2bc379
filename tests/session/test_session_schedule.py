"""When a session may be connected, daylight saving included."""

from __future__ import annotations

import time as clock
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from purefix_core.session.schedule import ScheduleError, SessionSchedule
from purefix_core.session.settings import ScheduleSettings
from purefix_core.wire.timestamps import NANOS

DAY = 86_400 * NANOS


def schedule(**settings: object) -> SessionSchedule:
    return SessionSchedule(ScheduleSettings(**settings))  # type: ignore[arg-type]


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """Nanoseconds of `2026-03-29 02:30:00` in a zone."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone), fold=fold)
    return int(moment.timestamp()) * NANOS


def hours(times: SessionSchedule, since: str, days: int) -> list[tuple[str, str]]:
    """The periods that begin or go on within so many days, as UTC."""
    found = []
    now = at(since)
    end = now + days * DAY
    while now < end:
        change = times.next_change(now)
        assert change is not None
        assert change > now
        if times.is_open(now):
            found.append((_text(now), _text(change)))
        now = change
    return found


def _text(nanos: int) -> str:
    return f"{datetime.fromtimestamp(nanos / NANOS, UTC):%m-%d %H:%M:%S}"


class TestDaily:
    def test_within_a_day(self) -> None:
        times = schedule(start_time="08:00:00", end_time="17:30:00")
        assert not times.is_open(at("2026-01-05 07:59:59"))
        assert times.is_open(at("2026-01-05 08:00:00"))
        assert times.is_open(at("2026-01-05 17:30:00") - 1)
        assert not times.is_open(at("2026-01-05 17:30:00"))
        assert times.same_session(at("2026-01-05 08:00:00"), at("2026-01-05 17:29:59"))
        assert not times.same_session(at("2026-01-05 10:00:00"), at("2026-01-06 10:00:00"))
        assert not times.same_session(at("2026-01-05 07:00:00"), at("2026-01-05 10:00:00"))
        assert not times.same_session(at("2026-01-05 18:00:00"), at("2026-01-05 18:00:01"))
        assert times.next_change(at("2026-01-05 17:30:00")) == at("2026-01-06 08:00:00")

    def test_over_midnight(self) -> None:
        times = schedule(start_time="22:00:00", end_time="21:30:00")
        assert times.is_open(at("2026-01-05 00:00:00"))
        assert not times.is_open(at("2026-01-05 21:45:00"))
        assert times.same_session(at("2026-01-04 22:00:00"), at("2026-01-05 21:29:59"))
        assert not times.same_session(at("2026-01-05 21:00:00"), at("2026-01-05 22:00:00"))

    def test_always_open_with_a_new_session_each_day(self) -> None:
        times = schedule(start_time="05:00:00", end_time="05:00:00")
        assert times.is_open(at("2026-01-05 04:59:59"))
        assert times.is_open(at("2026-01-05 05:00:00"))
        assert times.same_session(at("2026-01-05 05:00:00"), at("2026-01-06 04:59:59"))
        assert not times.same_session(at("2026-01-05 04:59:59"), at("2026-01-05 05:00:00"))
        assert times.next_change(at("2026-01-05 05:00:00")) == at("2026-01-06 05:00:00")

    def test_weekdays(self) -> None:
        times = schedule(start_time="22:00:00", end_time="06:00:00", weekdays="Sun, monday,fri")
        assert hours(times, "2026-01-05 12:00:00", 7) == [
            ("01-05 22:00:00", "01-06 06:00:00"),
            ("01-09 22:00:00", "01-10 06:00:00"),
            ("01-11 22:00:00", "01-12 06:00:00"),
        ]


class TestWeekly:
    def test_from_sunday_to_friday(self) -> None:
        times = schedule(
            start_time="18:00:00", end_time="17:00:00", start_day="Sunday", end_day="fri", time_zone="America/New_York"
        )
        assert hours(times, "2026-03-01 00:00:00", 14) == [
            ("03-01 23:00:00", "03-06 22:00:00"),
            ("03-08 22:00:00", "03-13 21:00:00"),
        ]
        assert times.same_session(at("2026-03-02 00:00:00"), at("2026-03-06 21:59:59"))
        assert not times.same_session(at("2026-03-06 21:00:00"), at("2026-03-08 23:00:00"))

    def test_one_day_of_the_week(self) -> None:
        times = schedule(start_time="08:00:00", end_time="17:00:00", start_day="MO", end_day="Mon")
        assert hours(times, "2026-01-05 00:00:00", 8) == [
            ("01-05 08:00:00", "01-05 17:00:00"),
            ("01-12 08:00:00", "01-12 17:00:00"),
        ]

    def test_nearly_a_week(self) -> None:
        times = schedule(start_time="08:00:00", end_time="07:00:00", start_day="Mon", end_day="Mon")
        assert hours(times, "2026-01-05 08:00:00", 7) == [("01-05 08:00:00", "01-12 07:00:00")]

    def test_a_whole_week(self) -> None:
        times = schedule(start_time="08:00:00", end_time="08:00:00", start_day="Wed", end_day="Wed")
        assert hours(times, "2026-01-07 08:00:00", 14) == [
            ("01-07 08:00:00", "01-14 08:00:00"),
            ("01-14 08:00:00", "01-21 08:00:00"),
        ]


@pytest.mark.parametrize(
    "settings", [{}, {"non_stop_session": True}, {"non_stop_session": True, "start_time": "08:00:00"}]
)
def test_non_stop(settings: dict[str, object]) -> None:
    times = schedule(**settings)
    assert times.is_open(0)
    assert times.same_session(0, at("2026-01-05 00:00:00"))
    assert times.next_change(0) is None


class TestDaylightSaving:
    def test_times_follow_the_clock_on_the_wall(self) -> None:
        times = schedule(start_time="08:00:00 Europe/Berlin", end_time="17:00:00")
        assert hours(times, "2026-03-28 00:00:00", 2) == [
            ("03-28 07:00:00", "03-28 16:00:00"),
            ("03-29 06:00:00", "03-29 15:00:00"),
        ]
        assert hours(times, "2026-10-24 00:00:00", 2) == [
            ("10-24 06:00:00", "10-24 15:00:00"),
            ("10-25 07:00:00", "10-25 16:00:00"),
        ]

    def test_a_night_with_the_change_is_an_hour_shorter_or_longer(self) -> None:
        times = schedule(start_time="17:00:00", end_time="16:00:00", time_zone="America/New_York")
        assert hours(times, "2026-03-07 22:00:00", 1)[0] == ("03-07 22:00:00", "03-08 20:00:00")
        assert hours(times, "2026-10-31 21:00:00", 1)[0] == ("10-31 21:00:00", "11-01 21:00:00")

    def test_a_start_in_the_gap(self) -> None:
        """On 2026-03-29 clocks go from 02:00 to 03:00 in Berlin, which is 01:00 UTC."""
        times = schedule(start_time="02:30:00", end_time="12:00:00", time_zone="Europe/Berlin")
        assert hours(times, "2026-03-28 00:00:00", 3) == [
            ("03-28 01:30:00", "03-28 11:00:00"),
            ("03-29 01:00:00", "03-29 10:00:00"),
            ("03-30 00:30:00", "03-30 10:00:00"),
        ]

    def test_an_end_in_the_gap(self) -> None:
        times = schedule(start_time="12:00:00", end_time="02:30:00", time_zone="America/New_York")
        assert hours(times, "2026-03-07 17:00:00", 1)[0] == ("03-07 17:00:00", "03-08 07:00:00")

    def test_a_period_in_the_gap_is_left_out(self) -> None:
        times = schedule(start_time="02:10:00", end_time="02:50:00", time_zone="Europe/Berlin")
        assert hours(times, "2026-03-28 00:00:00", 3) == [
            ("03-28 01:10:00", "03-28 01:50:00"),
            ("03-30 00:10:00", "03-30 00:50:00"),
        ]

    def test_a_time_that_comes_twice_is_the_first(self) -> None:
        """On 2026-10-25 clocks go from 03:00 back to 02:00 in Berlin, which is 01:00 UTC."""
        start = schedule(start_time="02:30:00", end_time="12:00:00", time_zone="Europe/Berlin")
        assert hours(start, "2026-10-25 00:00:00", 1) == [("10-25 00:30:00", "10-25 11:00:00")]
        end = schedule(start_time="12:00:00", end_time="02:30:00", time_zone="Europe/Berlin")
        assert hours(end, "2026-10-24 10:00:00", 1) == [("10-24 10:00:00", "10-25 00:30:00")]

    def test_an_unbroken_schedule_stays_unbroken(self) -> None:
        times = schedule(start_time="02:30:00", end_time="02:30:00", time_zone="Europe/Berlin")
        for since, changes in (
            ("2026-03-28 01:30:00", ["03-29 01:00:00", "03-30 00:30:00"]),
            ("2026-10-24 00:30:00", ["10-25 00:30:00", "10-26 01:30:00"]),
        ):
            now = at(since)
            for change in changes:
                following = times.next_change(now)
                assert following is not None
                assert _text(following) == change
                assert times.is_open(following)
                now = following

    def test_a_zone_that_leaves_a_day_out(self) -> None:
        """Samoa had no 30 December 2011."""
        times = schedule(start_time="08:00:00", end_time="17:00:00", time_zone="Pacific/Apia")
        found = hours(times, "2011-12-29 12:00:00", 3)
        assert found == [
            ("12-29 18:00:00", "12-30 03:00:00"),
            ("12-30 18:00:00", "12-31 03:00:00"),
            ("12-31 18:00:00", "01-01 03:00:00"),
        ]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_machines_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    clock.tzset()
    try:
        for settings in (
            {"start_time": "08:00:00", "end_time": "17:00:00"},
            {"start_time": "02:30:00", "end_time": "02:15:00"},
        ):
            local = schedule(use_local_time=True, **settings)
            named = schedule(time_zone=zone, **settings)
            for since in ("2026-03-01 00:00:00", "2026-10-20 00:00:00"):
                assert hours(local, since, 30) == hours(named, since, 30)
    finally:
        monkeypatch.undo()
        clock.tzset()


class TestProblems:
    @pytest.mark.parametrize(
        ("settings", "problems"),
        [
            (
                {"start_time": "8:00", "end_time": "25:00:00"},
                [
                    "StartTime: expected a time such as 08:00:00 or 08:00:00 Europe/Berlin, found '8:00'",
                    "EndTime: expected a time such as 08:00:00 or 08:00:00 Europe/Berlin, found '25:00:00'",
                ],
            ),
            ({"start_time": "08:00:00"}, ["EndTime: expected a time such as 08:00:00, found nothing"]),
            (
                {"start_day": "Mon"},
                [
                    "StartTime: expected a time such as 08:00:00, since there is StartDay, found nothing",
                    "EndTime: expected a time such as 08:00:00, since there is StartDay, found nothing",
                    "EndDay: expected a day, since there is StartDay, found nothing",
                ],
            ),
            (
                {"start_time": "08:00:00", "end_time": "09:00:00", "end_day": "Funday"},
                [
                    "EndDay: expected a day such as Monday or mon, found 'Funday'",
                    "StartDay: expected a day, since there is EndDay, found nothing",
                ],
            ),
            (
                {"start_time": "08:00:00", "end_time": "09:00:00", "weekdays": "Mon,M,Tuesdays"},
                [
                    "Weekdays: expected a day such as Monday or mon, found 'M'",
                    "Weekdays: expected a day such as Monday or mon, found 'Tuesdays'",
                ],
            ),
            (
                {
                    "start_time": "08:00:00",
                    "end_time": "09:00:00",
                    "weekdays": "Mon",
                    "start_day": "Mon",
                    "end_day": "Fri",
                },
                ["Weekdays: expected nothing, since there is StartDay, found 'Mon'"],
            ),
            (
                {"start_time": "08:00:00 Europe/Berlin", "end_time": "09:00:00 UTC"},
                ["EndTime: expected the time zone that StartTime has, Europe/Berlin, found 'UTC'"],
            ),
            (
                {"start_time": "08:00:00", "end_time": "09:00:00 UTC", "use_local_time": True},
                ["EndTime: expected no time zone, since UseLocalTime is Y, found 'UTC'"],
            ),
        ],
    )
    def test_each(self, settings: dict[str, object], problems: list[str]) -> None:
        with pytest.raises(ScheduleError) as caught:
            schedule(**settings)
        assert list(caught.value.problems) == problems

    @pytest.mark.parametrize("name", ["Europe/Bonn", "Europe", "../../etc/passwd", "/etc/passwd", "x" * 400, "\0"])
    def test_zones_that_are_none(self, name: str) -> None:
        with pytest.raises(ScheduleError, match=r"^TimeZone: expected the name of a time zone .*found "):
            schedule(start_time="08:00:00", end_time="09:00:00", time_zone=name)
