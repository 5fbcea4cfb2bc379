"""Rejects: texts, tags and reasons of each version; framing; CompIDs, times and BeginString within the session."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.settings import Validation
from purefix_core.session.states import State
from purefix_core.session.venue.echo import Echo
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import (
    FIX40,
    FIX41,
    FIX42,
    FIX43,
    FIX44,
    FIX50SP2,
    VERSIONS,
    Bench,
    Version,
    incoming_order,
    value,
)

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
FROM_42 = pytest.mark.parametrize(
    "version", [version for version in VERSIONS if not version.is_old], ids=lambda version: version.name
)
WITH_APPLICATION = {"heart_bt_int": 30}

INVALID_TAG = "Invalid tag number"
MISSING = "Required tag missing"
NOT_DEFINED = "Tag not defined for this message type"
NO_VALUE = "Tag specified without a value"
OUT_OF_RANGE = "Value is incorrect (out of range) for this tag"
WRONG_FORMAT = "Incorrect data format for value"
WRONG_ORDER = "Tag specified out of required order"
REPEATED = "Tag appears more than once"
WRONG_COUNT = "Incorrect NumInGroup count for repeating group"
GROUP_ORDER = "Repeating group fields out of order"


def echo(version: Version, **settings: Any) -> Bench:
    return Bench(version, Echo(ascending=True), **settings).log_on()


def order_of(version: Version, number: int, body: str, more: str = "") -> str:
    """An order with just this body, which has what its version requires but TransactTime(60)."""
    time = "" if version.is_old else "60=<TIME>|"
    return f"35=D|34={number}|49=PEER|52=<TIME>|56=WE|{more}{body}{time}"


@ALL
@pytest.mark.parametrize("tag", [999, 0, -1, 5000])
def test_bad_tag(version: Version, tag: int) -> None:
    """14a"""
    bench = echo(version)
    bench.receive(f"35=0|34=2|49=PEER|52=<TIME>|56=WE|{tag}=HI|", version.reject(2, 2, "0", 0, INVALID_TAG, tag))
    bench.is_alive(3, 3)


@ALL
def test_required_tag_of_the_header(version: Version) -> None:
    """14b"""
    bench = echo(version)
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|", version.reject(2, 2, "0", 1, MISSING, 56))
    bench.is_alive(3, 3)


@ALL
@pytest.mark.parametrize("tag", [49, 52])
def test_other_required_tags_of_the_header(version: Version, tag: int) -> None:
    """CompIDs and time are looked at after the dictionary."""
    fields = {49: "49=PEER|", 52: "52=<TIME>|", 56: "56=WE|"}
    del fields[tag]
    bench = echo(version)
    bench.receive("35=0|34=2|" + "".join(fields.values()), version.reject(2, 2, "0", 1, MISSING, tag))
    bench.is_alive(3, 3)


@ALL
def test_required_tag_of_the_body(version: Version) -> None:
    """14b: 55 in FIX.4.0 to 4.2, 11 in 4.3 and 4.4, 54 over FIXT."""
    time = "" if version.is_old else "60=<TIME>|"
    line = f"35=D|49=PEER|34=2|56=WE|52=<TIME>|40=1|{time}"
    if version.name in ("FIX40", "FIX41", "FIX42"):
        line, tag = line + "54=1|21=3|11=ID|38=100|", 55
    elif version.name in ("FIX43", "FIX44"):
        line, tag = line + "54=1|21=3|", 11
    else:
        line, tag = line + "11=ID|", 54
    bench = echo(version)
    bench.receive(line, version.reject(2, 2, "D", 1, MISSING, tag))
    bench.is_alive(3, 3)


@ALL
def test_tag_of_another_message(version: Version) -> None:
    """14c: 55, over FIXT 58, in a Heartbeat."""
    tag = 58 if version.is_fixt else 55
    bench = echo(version)
    bench.receive(f"35=0|34=2|49=PEER|52=<TIME>|56=WE|{tag}=MSFT|", version.reject(2, 2, "0", 2, NOT_DEFINED, tag))
    bench.is_alive(3, 3)


@ALL
def test_tag_without_a_value(version: Version) -> None:
    """14d: not a CompID problem."""
    bench = echo(version)
    bench.receive("35=0|34=2|49=PEER|52=<TIME>|56=|", version.reject(2, 2, "0", 4, NO_VALUE, 56))
    bench.is_alive(3, 3)


@ALL
def test_test_request_without_a_value(version: Version) -> None:
    """validate/"""
    bench = echo(version)
    bench.receive("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=|", version.reject(2, 2, "1", 4, NO_VALUE, 112))
    bench.is_alive(3, 3)


@ALL
def test_test_request_without_a_value_where_none_is_needed(version: Version) -> None:
    """validate/ on NO_CHECK_FIELDS_HAVE_VALUES"""
    bench = echo(version, validation=Validation(fields_have_values=False))
    bench.receive("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=|", "35=0|34=2|49=WE|52=<TIME>|56=PEER|112=|")


@ALL
def test_enum_of_handl_inst(version: Version) -> None:
    """14e"""
    quantity = "38=2000|" if version.is_old else "38=002000.00|"
    bench = echo(version)
    bench.receive(
        order_of(version, 2, f"11=ID|21=4|40=1|54=1|{quantity}55=INTC|"),
        version.reject(2, 2, "D", 5, OUT_OF_RANGE, 21),
    )
    bench.is_alive(3, 3)


@FROM_42
def test_enum_of_security_type(version: Version) -> None:
    """14e"""
    bench = echo(version)
    good = "FUT" if version == FIX42 else "CS"
    body = "11=ID|21=1|40=1|54=1|38=002000.00|55=INTC|"
    bench.receive(
        order_of(version, 2, body) + "167=BOO|",
        version.reject(2, 2, "D", 5, OUT_OF_RANGE, 167),
    )
    bench.feed(order_of(version, 3, body) + f"167={good}|")
    (back,) = bench.take()
    assert (value(back, 35), value(back, 38), value(back, 167)) == ("D", "002000.00", good)


@ALL
def test_number_with_a_plus(version: Version) -> None:
    """14f"""
    bench = echo(version)
    bench.receive(
        order_of(version, 2, "11=ID|21=1|40=1|54=1|38=+200.00|55=INTC|"),
        version.reject(2, 2, "D", 6, WRONG_FORMAT, 38),
    )
    bench.is_alive(3, 3)


@ALL
def test_header_tag_behind_a_body_tag(version: Version) -> None:
    """14g: the 34 found there still counts."""
    time = "" if version.is_old else "60=<TIME>|"
    bench = echo(version)
    bench.receive(
        f"35=D|11=id|21=3|40=1|54=1|38=1|55=MSFT|{time}34=2|49=PEER|52=<TIME>|56=WE|",
        version.reject(2, 2, "D", 14, WRONG_ORDER, 34),
    )
    bench.receive(
        f"35=D|55=MSFT|34=3|49=PEER|52=<TIME>|56=WE|11=id|21=3|40=1|54=1|38=1|{time}",
        version.reject(3, 3, "D", 14, WRONG_ORDER, 34),
    )
    bench.is_alive(4, 4)


@ALL
def test_repeated_tag(version: Version) -> None:
    """14h"""
    bench = echo(version)
    bench.receive(
        order_of(version, 2, "11=ID|21=1|40=1|40=2|54=1|38=200|55=INTC|"),
        version.reject(2, 2, "D", 13, REPEATED, 40),
    )
    bench.is_alive(3, 3)


@FROM_42
def test_group_with_a_wrong_count(version: Version) -> None:
    """14i"""
    bench = echo(version)
    sessions = "336=1|336=2|" if version.is_fixt else "336=PRE-OPEN|336=AFTER-HOURS|"
    bench.receive(
        f"35=D|34=2|49=PEER|52=<TIME>|56=WE|11=ID|21=1|40=1|54=1|38=200.00|55=INTC|386=3|{sessions}60=<TIME>|",
        version.reject(2, 2, "D", 16, WRONG_COUNT, 386),
    )
    bench.is_alive(3, 3)


@pytest.mark.parametrize("version", [FIX43, FIX44, FIX50SP2], ids=lambda version: version.name)
def test_group_members_out_of_order(version: Version) -> None:
    """As QuickFIX/J's scripts have it: 373=15."""
    bench = echo(version)
    bench.feed(order_of(version, 2, "11=ID|21=1|40=1|54=1|38=200.00|55=INTC|453=1|448=P|452=1|447=D|"))
    (reject,) = bench.take()
    assert (value(reject, 35), value(reject, 373), value(reject, 58)) == ("3", "15", GROUP_ORDER)
    bench.is_alive(3, 3)


@pytest.mark.parametrize("version", [FIX43, FIX44, FIX50SP2], ids=lambda version: version.name)
def test_group_without_its_delimiter(version: Version) -> None:
    bench = echo(version)
    bench.feed(order_of(version, 2, "11=ID|21=1|40=1|54=1|38=200.00|55=INTC|453=1|447=D|452=1|"))
    (reject,) = bench.take()
    assert (value(reject, 35), value(reject, 373), value(reject, 371)) == ("3", "15", "448")
    bench.is_alive(3, 3)


@ALL
def test_header_and_body_in_any_order(version: Version) -> None:
    """15"""
    time = "" if version.is_old else "60=<TIME>|"
    bench = echo(version)
    bench.feed(f"35=D|49=PEER|34=2|56=WE|52=<TIME>|40=1|55=MSFT|{time}54=1|38=1|21=3|11=id|")
    (back,) = bench.take()
    assert value(back, 35) == "D"
    bench.is_alive(3, 3)


@FROM_42
def test_group_count_of_zero(version: Version) -> None:
    """21: accepted, and kept in what comes back."""
    bench = echo(version)
    line, count = {
        "FIX42": ("320=JCD1091|322=1034356488676|323=4|55=TBS|393=0|146=0|", 393),
        "FIX43": ("320=JCD1091|322=1034356488676|323=4|55=TBS|454=0|", 454),
    }.get(version.name, ("320=JCD1091|322=1034356488676|323=6|55=TBS|454=0|", 454))
    bench.feed(f"35=d|34=2|49=PEER|56=WE|52=<TIME>|{line}")
    (back,) = bench.take()
    assert value(back, 35) == "d", back
    assert value(back, count) == "0"
    bench.is_alive(3, 3)


@ALL
def test_unknown_msg_type(version: Version) -> None:
    """2q"""
    bench = echo(version)
    bench.receive("35=*|34=2|49=PEER|52=<TIME>|56=WE|", version.reject(2, 2, "*", 11, "Invalid MsgType"))
    bench.is_alive(3, 3)


ROUTES = [
    ("115=JCD|", "128=JCD|"),
    ("128=JCD|", "115=JCD|"),
    ("115=JCD|116=CS|", "128=JCD|129=CS|"),
    ("128=JCD|129=CS|", "115=JCD|116=CS|"),
    ("115=JCD|116=CS|128=ABC|129=DE|", "115=ABC|116=DE|128=JCD|129=CS|"),
]
LOCATIONS = [
    ("115=JCD|116=CS|144=CHI|", "128=JCD|129=CS|145=CHI|"),
    ("128=JCD|129=CS|145=CHI|", "115=JCD|116=CS|144=CHI|"),
]


@ALL
@pytest.mark.parametrize(("came", "goes"), ROUTES + LOCATIONS)
def test_routing_is_reversed(version: Version, came: str, goes: str) -> None:
    """ReverseRoute; 144 and 145 are from FIX.4.1 on, FIX.4.0 does not know the tag."""
    bench = echo(version)
    line = order_of(version, 2, "11=ID|21=3|38=100|40=w|54=1|55=INTC|", came)
    bench.feed(line)
    (reject,) = bench.take()
    if version == FIX40 and "CHI" in came:
        tag = 144 if "144=" in came else 145
        goes = goes.replace("145=CHI|", "").replace("144=CHI|", "")
        assert reject == bench.outgoing(version.reject(2, 2, "D", 0, INVALID_TAG, tag, goes))
    else:
        assert reject == bench.outgoing(version.reject(2, 2, "D", 5, OUT_OF_RANGE, 40, goes))


@ALL
@pytest.mark.parametrize(
    ("came", "goes", "tag"),
    [
        ("115=|", "", 115),
        ("128=|", "", 128),
        ("115=JCD|116=|", "128=JCD|", 116),
        ("128=JCD|129=|", "115=JCD|", 129),
        ("115=JCD|116=CS|144=|", "128=JCD|129=CS|", 144),
        ("128=JCD|129=CS|145=|", "115=JCD|116=CS|", 145),
    ],
)
def test_empty_routing_is_left_out(version: Version, came: str, goes: str, tag: int) -> None:
    if version == FIX40 and tag > 129:
        return
    bench = echo(version)
    bench.receive(
        order_of(version, 2, "11=ID|21=3|38=100|40=1|54=1|55=INTC|", came),
        version.reject(2, 2, "D", 4, NO_VALUE, tag, goes),
    )
    bench.is_alive(3, 3)


@ALL
def test_wrong_routing_of_a_good_message_is_kept_by_the_echo(version: Version) -> None:
    bench = echo(version)
    bench.feed(incoming_order(version, 2, "ID", "115=JCD|"))
    (back,) = bench.take()
    assert value(back, 115) == "JCD"


# -- the dictionary comes before CompIDs, time and number ---------------------------------------------------------------


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


# -- CompIDs, time, BeginString ------------------------------------------------------------------------------------------


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


# -- framing -------------------------------------------------------------------------------------------------------------


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


# -- switches ------------------------------------------------------------------------------------------------------------


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
