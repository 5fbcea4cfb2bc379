"""Rejects by the dictionary: texts, tags and reasons of each version (scripts 14, 15, 21, 2q, ReverseRoute)."""

from __future__ import annotations

from typing import Any

import pytest

from purefix_core.session.settings import Validation
from purefix_core.session.venue.echo import Echo
from tests.session.session_bench import FIX40, FIX42, FIX43, FIX44, FIX50SP2, VERSIONS, Bench, Version, value
from tests.session.session_lines import incoming_order

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
FROM_42 = pytest.mark.parametrize(
    "version", [version for version in VERSIONS if not version.is_old], ids=lambda version: version.name
)

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
