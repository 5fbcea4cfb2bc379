"""The form of what goes out: order of fields, digits of times, groups and data, and the hours of a session."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.machine import SessionNotOpen
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import ScheduleSettings, SessionId
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX40, FIX41, FIX44, FIX50SP2, NOON, VERSIONS, Bench, Version, fields, value
from tests.session.session_lines import order

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
FRACTION = 123_456_789


@ALL
def test_times_have_seconds_before_42_and_milliseconds_from_then_on(version: Version) -> None:
    bench = Bench(version)
    bench.now += FRACTION
    bench.log_on()
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=1|")
    (fill,) = bench.take()
    wanted = "20260105-12:00:00" if version.is_old else "20260105-12:00:00.123"
    assert value(fill, 52) == value(fill, 122) == wanted


@pytest.mark.parametrize(
    ("digits", "wanted"), [(0, ""), (3, ".123"), (6, ".123456"), (9, ".123456789")], ids=lambda each: str(each)
)
def test_timestamp_precision(digits: int, wanted: str) -> None:
    bench = Bench(FIX44, timestamp_precision=digits)
    bench.now += FRACTION
    bench.log_on()
    bench.session.send(order("A"), bench.now)
    (sent,) = bench.take()
    assert value(sent, 52) == "20260105-12:00:00" + wanted
    bench.now += 7 * NANOS
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=0|")
    (again,) = bench.take()
    assert (value(again, 52), value(again, 122)) == ("20260105-12:00:07" + wanted, "20260105-12:00:00" + wanted)


@pytest.mark.parametrize("version", [FIX40, FIX41], ids=lambda version: version.name)
def test_old_versions_have_seconds_whatever_is_set(version: Version) -> None:
    bench = Bench(version, timestamp_precision=9)
    bench.now += FRACTION
    bench.log_on()
    bench.is_alive(2, 2)


@pytest.mark.parametrize("fraction", ["", ".1", ".123", ".123456", ".123456789", ".123456789012"])
def test_times_of_the_peer_may_have_any_digits(fraction: str) -> None:
    """As QuickFIX/J's scripts have it, for 6 and 9."""
    bench = Bench(FIX44).log_on()
    bench.feed(f"35=0|34=2|49=PEER|52=20260105-12:00:00{fraction}|56=WE|")
    if fraction in ("", ".123", ".123456", ".123456789"):
        bench.expect()
        assert bench.numbers == (2, 3)


@ALL
def test_header_fields_ascend(version: Version) -> None:
    session_id = SessionId(version.begin_string, "WE", "PEER", sender_sub_id="S", target_sub_id="T")
    bench = Bench(version, session_id=session_id)
    bench.connect()
    bench.feed(f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
    bench.take()
    message = order("A")
    message.header = [(129, b"D"), (97, b"Y"), (115, b"B"), (128, b"E"), (116, b"C")]
    bench.session.send(message, bench.now)
    (sent,) = bench.take()
    assert [tag for tag, _ in fields(sent)][:14] == [8, 9, 35, 34, 49, 50, 52, 56, 57, 97, 115, 116, 128, 129]
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=2|")
    (again,) = bench.take()
    tags = [tag for tag, _ in fields(again)]
    assert tags[:16] == [8, 9, 35, 34, 43, 49, 50, 52, 56, 57, 97, 115, 116, 122, 128, 129]


def test_typed_message_has_its_groups_in_the_order_of_the_dictionary() -> None:
    """Whatever order the members were set in."""
    bench = Bench(FIX44).log_on()
    message = bench.session.config.message_factory.parse(
        bench.incoming("35=D|34=9|49=PEER|52=<TIME>|56=WE|11=ID|21=1|38=1|40=1|54=1|55=A|60=<TIME>|")
    )
    entry = type(message.Parties).NoPartyIDsEntry
    message.Parties.NoPartyIDs = [
        entry(PartyRole=1, PartyIDSource="D", PartyID="P"),
        entry(PartyRole=3, PartyID="Q"),
    ]
    bench.session.send(message, bench.now)
    (sent,) = bench.take()
    assert b"\x01453=2\x01448=P\x01447=D\x01452=1\x01448=Q\x01452=3\x01" in sent


def test_data_behind_its_length_in_a_typed_message() -> None:
    bench = Bench(FIX44).log_on()
    message = bench.session.config.message_factory.parse(
        bench.incoming("35=B|34=9|49=PEER|52=<TIME>|56=WE|148=h|33=1|58=x|")
    )
    message.RawData = b"a\x01b"
    bench.session.send(message, bench.now)
    sent = bench.session.take().data
    assert b"\x0195=3\x0196=a\x01b\x01" in sent


def test_data_of_the_peer_may_hold_anything() -> None:
    bench = Bench(FIX44).log_on()
    data = "8=FIX.4.4\x019=5\x0135=0\x0110=000\x01"
    bench.feed(f"35=B|34=2|49=PEER|52=<TIME>|56=WE|148=h|33=1|58=x|95={len(data)}|96={data}|")
    bench.take()
    assert bench.numbers[1] == 3
    bench.is_alive(3, bench.numbers[0])


def test_values_go_out_as_they_are_given() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.send(FlatMessage("D", [(38, b"002000.00"), (11, b" x "), (58, "é".encode())]), bench.now)
    raw = bench.session.take().data
    assert b"\x0138=002000.00\x0111= x \x0158=\xc3\xa9\x01" in raw


def test_trailer_fields_stand_at_the_end() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.send(FlatMessage("D", [(11, b"x")], trailer=[(93, b"3"), (89, b"a=b")]), bench.now)
    (sent,) = bench.take()
    assert [tag for tag, _ in fields(sent)][-4:] == [11, 93, 89, 10]


# -- hours ------------------------------------------------------------------------------------------------------------

OFFICE = {"schedule": ScheduleSettings(start_time="09:00:00", end_time="17:00:00")}
EVENING = NOON + 6 * 3600 * NANOS
END = NOON + 5 * 3600 * NANOS


def test_outside_of_the_hours() -> None:
    bench = Bench(FIX44, schedule_clock=EVENING, **OFFICE)
    assert "hours" in bench.session.may_connect(bench.now)
    with pytest.raises(SessionNotOpen):
        bench.session.send(order("A"), bench.now)
    bench = Bench(FIX44, **OFFICE)
    assert bench.session.may_connect(bench.now) == ""


@pytest.mark.parametrize("initiator", [True, False])
def test_end_of_the_hours(initiator: bool) -> None:
    """Logout, and the numbers begin anew for the next day."""
    bench = Bench(FIX44, initiator=initiator, schedule_clock=END - 10 * NANOS, **OFFICE).log_on(heart_bt_int=30)
    assert bench.wait(9.9) == []
    ((_, logout),) = bench.wait(0.1)
    assert (value(logout, 35), value(logout, 34)) == ("5", "2")
    bench.receive("35=5|34=2|49=PEER|52=<TIME>|56=WE|", closes=True)
    bench.disconnect()
    assert bench.numbers == (1, 1)
    assert "hours" in bench.session.may_connect(bench.now)
    bench.now += 16 * 3600 * NANOS
    assert bench.session.may_connect(bench.now) == ""
    bench.log_on()


def test_new_day_begins_with_one() -> None:
    """Nobody was connected at the end of the hours."""
    bench = Bench(FIX44, **OFFICE).log_on()
    bench.is_alive(2, 2)
    bench.disconnect()
    bench.now += 24 * 3600 * NANOS
    bench.log_on()
    assert bench.numbers == (2, 2)


def test_same_day_goes_on() -> None:
    bench = Bench(FIX44, **OFFICE).log_on()
    bench.disconnect()
    bench.now += 3600 * NANOS
    bench.log_on(2, first=2)


def test_session_without_a_stop_never_begins_anew() -> None:
    settings: dict[str, Any] = {"schedule": ScheduleSettings(non_stop_session=True)}
    bench = Bench(FIX50SP2, **settings).log_on()
    bench.disconnect()
    bench.now += 400 * 24 * 3600 * NANOS
    bench.log_on(2, first=2)
