"""What is checked beside the dictionary: CompIDs, times, BeginString, framing; and the switches."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.settings import Validation
from purefix_core.session.states import State
from purefix_core.session.venue.echo import Echo
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX41, FIX44, FIX50SP2, VERSIONS, Bench, Version, value
from tests.session.session_lines import incoming_order

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)

INVALID_TAG = "Invalid tag number"


def echo(version: Version, **settings: Any) -> Bench:
    return Bench(version, Echo(ascending=True), **settings).log_on()


# -- the dictionary comes before CompIDs, time and number -------------------------------------------------------------


@ALL
def test_dictionary_before_everything_else(version: Version) -> None:
    bench = echo(version)
    bench.receive("35=0|34=2|49=X|52=<TIME-500>|56=Y|999=HI|", version.reject(2, 2, "0", 0, INVALID_TAG, 999))
    bench.is_alive(3, 3)


@ALL
def test_bad_message_that_is_too_high_does_not_count(version: Version) -> None:
    bench = echo(version)
    bench.receive("35=0|34=7|49=PEER|52=<TIME>|56=WE|999=HI|", version.reject(2, 7, "0", 0, INVALID_TAG, 999))
    assert bench.numbers == (3, 2)
    bench.is_alive(2, 3)


@ALL
def test_bad_message_that_is_too_low_is_rejected_all_the_same(version: Version) -> None:
    bench = echo(version)
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|999=HI|", version.reject(2, 2, "0", 0, INVALID_TAG, 999))
    bench.is_alive(3, 3)


# -- CompIDs, time, BeginString ---------------------------------------------------------------------------------------


@ALL
@pytest.mark.parametrize(("sender", "target"), [("WT", "WE"), ("PEER", "EW"), ("WT", "EW")])
def test_comp_ids_within_the_session(version: Version, sender: str, target: str) -> None:
    """2k: Reject, Logout without text; the peer's Logout is awaited and not answered."""
    bench = echo(version)
    bench.receive(
        incoming_order(version, 2).replace("49=PEER", f"49={sender}").replace("56=WE", f"56={target}"),
        version.reject(2, 2, "D", 9, "CompID problem"),
        "35=5|34=3|49=WE|52=<TIME>|56=PEER|",
    )
    assert bench.state is State.LOGOUT_SENT
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", closes=True)
    assert bench.numbers == (4, 4)


@ALL
@pytest.mark.parametrize("off", ["+121", "-121"])
def test_sending_time_within_the_session(version: Version, off: str) -> None:
    """2o"""
    bench = echo(version)
    bench.receive(
        f"35=0|34=2|49=PEER|52=<TIME{off}>|56=WE|",
        version.reject(2, 2, "0", 10, "SendingTime accuracy problem"),
        "35=5|34=3|49=WE|52=<TIME>|56=PEER|",
    )
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", closes=True)


@ALL
@pytest.mark.parametrize("off", ["+120", "-120"])
def test_sending_time_within_the_limit(version: Version, off: str) -> None:
    bench = echo(version)
    bench.receive(f"35=0|34=2|49=PEER|52=<TIME{off}>|56=WE|")
    bench.is_alive(3, 2)


def test_latency_limit_of_ones_own() -> None:
    bench = Bench(FIX44, max_latency=5).log_on()
    bench.receive("35=0|34=2|49=PEER|52=<TIME-5>|56=WE|")
    bench.feed("35=0|34=3|49=PEER|52=<TIME-6>|56=WE|")
    assert [value(each, 35) for each in bench.take()] == ["3", "5"]


@ALL
def test_resent_message_has_a_time_of_now(version: Version) -> None:
    """MaxLatency is about 52, not about 122."""
    bench = echo(version)
    bench.receive("35=0|34=2|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME-5000>|")
    bench.is_alive(3, 2)


@ALL
def test_other_begin_string_within_the_session(version: Version) -> None:
    """2i: inbound counts; closed at the peer's Logout."""
    other = "FIX.4.2" if version.begin_string == "FIX.4.1" else "FIX.4.1"
    bench = echo(version)
    bench.receive(
        f"8={other}|35=1|34=2|49=PEER|52=<TIME>|56=WE|112=id|",
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=Incorrect BeginString|",
    )
    assert bench.numbers == (3, 3)
    bench.receive("35=5|34=3|49=PEER|52=<TIME>|56=WE|", closes=True)


@ALL
def test_other_begin_string_and_no_answer(version: Version) -> None:
    """2i: closed after the logout time-out."""
    other = "FIX.4.2" if version.begin_string == "FIX.4.1" else "FIX.4.1"
    bench = echo(version, logout_timeout=2)
    bench.feed(f"8={other}|35=1|34=2|49=PEER|52=<TIME>|56=WE|112=id|")
    bench.take()
    assert bench.wait(1.9) == []
    assert not bench.closed
    bench.wait(0.1)
    assert bench.closed


# -- framing ----------------------------------------------------------------------------------------------------------


@ALL
@pytest.mark.parametrize(
    "garbled",
    [
        "8=BEGIN|9=30|35=0|34=2|49=PEER|52=<TIME>|56=WE|",
        "8=BEGIN|35=0|34=2|49=PEER|52=<TIME>|56=WE|10=000|",
        "8=BEGIN|35=0|34=2|4garbled9=TW|52=<TIME>|56=WE|",
        "8=BEGIN|35=D|34=2|49garbled=TW|52=<TIME>|56=WE|11=ID|21=3|40=1|54=1|55=INTC|",
        "8=BEGIN|34=2|35=0|49=PEER|52=<TIME>|56=WE|",
        "35=0|8=BEGIN|9=29|34=2|49=PEER|52=20260105-12:00:00|56=WE|10=121|",
        "8=BEGIN|35=0|34=2|49=PEER|no field|52=<TIME>|56=WE|",
        "8=BEGIN|35=0|34=2|=PEER|52=<TIME>|56=WE|",
    ],
    ids=["length", "checksum", "tag", "tag 2", "third", "first", "no equals", "no tag"],
)
def test_garbled_message_is_ignored(version: Version, garbled: str) -> None:
    """2d, 2t, 3b, 3c: no answer, no number is used, the session goes on."""
    bench = echo(version)
    if garbled.startswith("35="):
        bench.session.receive(garbled.replace("BEGIN", version.begin_string).replace("|", "\x01").encode(), bench.now)
        bench.expect()
    else:
        bench.receive(garbled.replace("BEGIN", version.begin_string))
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


@ALL
def test_number_of_a_garbled_message_is_missing(version: Version) -> None:
    """3c"""
    bench = echo(version)
    bench.receive(f"8={version.begin_string}|35=D|34=2|49garbled=TW|52=<TIME>|56=WE|")
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|", f"35=2|34=2|49=WE|52=<TIME>|56=PEER|7=2|16={version.open_end}|")
    bench.feed(incoming_order(version, 2, "ID", "122=<TIME>|"))
    (back,) = bench.take()
    assert (value(back, 34), value(back, 11), value(back, 122)) == ("3", "ID", None)
    bench.log_out(4, 4)


@ALL
def test_body_length_too_large_swallows_the_next_message(version: Version) -> None:
    """2m"""
    bench = echo(version)
    line = "35=0|34=2|49=PEER|52=<TIME>|56=WE|"
    length = len(bench.incoming(line)) - len(f"8={version.begin_string}|9=00|10=000|") + 10
    bench.receive(f"8={version.begin_string}|9={length}|{line}")
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|")
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


@ALL
def test_body_length_too_small_is_one_garbled_message(version: Version) -> None:
    """2m"""
    bench = echo(version)
    bench.receive(f"8={version.begin_string}|9=30|35=0|34=2|49=PEER|52=<TIME>|56=WE|")
    bench.receive("35=0|34=3|49=PEER|52=<TIME>|56=WE|", f"35=2|34=2|49=WE|52=<TIME>|56=PEER|7=2|16={version.open_end}|")


@ALL
def test_many_messages_in_one_piece_and_one_in_many(version: Version) -> None:
    bench = echo(version)
    bench.feed(*[f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|" for number in range(2, 6)])
    assert bench.numbers == (2, 6)
    for byte in bench.incoming("35=1|34=6|49=PEER|52=<TIME>|56=WE|112=X|"):
        bench.session.receive(bytes([byte]), bench.now)
    bench.expect("35=0|34=2|49=WE|52=<TIME>|56=PEER|112=X|")


def test_garbled_message_is_rejected_where_that_is_wanted() -> None:
    """RejectGarbledMessage, as QuickFIX/J has it."""
    bench = Bench(FIX44, reject_garbled_message=True).log_on()
    bench.feed("8=FIX.4.4|35=0|34=2|49=PEER|52=<TIME>|56=WE|10=000|")
    (reject,) = bench.take()
    assert value(reject, 35) == "3"
    assert value(reject, 373) == "99"
    assert bench.session.is_logged_on


def test_too_large_a_message_ends_the_connection() -> None:
    bench = Bench(FIX44, max_message_size=1000).log_on()
    bench.session.receive(b"8=FIX.4.4\x019=5000\x0135=0\x01", bench.now)
    bench.expect(closes=True)


# -- switches ---------------------------------------------------------------------------------------------------------


def test_without_a_dictionary_anything_passes() -> None:
    bench = echo(FIX44, validation=Validation(use_data_dictionary=False))
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|999=HI|5000=X|55=Y|")
    bench.is_alive(3, 2)


def test_without_a_dictionary_nothing_crashes() -> None:
    bench = echo(FIX44, validation=Validation(use_data_dictionary=False))
    for number, line in enumerate(
        (
            "35=2|34=2|49=PEER|52=<TIME>|56=WE|",
            "35=4|34=3|49=PEER|52=<TIME>|56=WE|",
            "35=1|34=4|49=PEER|52=<TIME>|56=WE|",
            "35=0|34=5|49=PEER|56=WE|",
            "35=3|34=6|49=PEER|52=<TIME>|56=WE|",
        )
    ):
        bench.feed(line)
        bench.take()
        assert number >= 0


def test_user_defined_fields_unchecked() -> None:
    bench = echo(FIX44, validation=Validation(user_defined_fields=False))
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=WE|5000=X|")
    bench.feed("35=0|34=3|49=PEER|52=<TIME>|56=WE|999=X|")
    assert [value(each, 35) for each in bench.take()] == ["3"]


@pytest.mark.parametrize("version", [FIX41, FIX44, FIX50SP2], ids=lambda version: version.name)
def test_rejects_of_a_whole_run_keep_the_numbers(version: Version) -> None:
    bench = echo(version)
    for number in range(2, 40):
        bench.feed(f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|999=X|")
        (reject,) = bench.take()
        assert (value(reject, 34), value(reject, 45)) == (str(number), str(number))
        bench.now += NANOS
    assert bench.numbers == (40, 40)
