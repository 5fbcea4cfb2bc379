"""Typed messages where dictionaries, peers or programs are odd."""

from __future__ import annotations

import pickle
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wire_text import EXECUTION, shown, wire

from purefix_core.dictionary.json_text import json_text
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.types import FixMessageFactory, Message, UtcTimestamp, field
from purefix_core.types.runtime import RuntimeTypes
from purefix_core.wire.separators import PIPE, SOH, Separator

HEADER = "<header><field name='BeginString'/><field name='BodyLength'/><field name='MsgType'/>{header}</header>"
DICTIONARY = (
    "<fix type='FIX' major='4' minor='4'>" + HEADER + "<trailer><field name='CheckSum'/></trailer>"
    "<messages><message name='Odd' msgtype='U1' msgcat='app'>{body}</message></messages>"
    "<components>{components}</components><fields>"
    "<field number='8' name='BeginString' type='STRING'/><field number='9' name='BodyLength' type='LENGTH'/>"
    "<field number='10' name='CheckSum' type='STRING'/><field number='35' name='MsgType' type='STRING'/>"
    "<field number='5001' name='One' type='STRING'/><field number='5002' name='Two' type='STRING'/>"
    "<field number='5003' name='NoThings' type='NUMINGROUP'/><field number='5004' name='NoThingsEntry' type='STRING'/>"
    "<field number='5005' name='BlobLen' type='LENGTH'/><field number='5006' name='Blob' type='DATA'/>"
    "<field number='5007' name='Code' type='INT'><value enum='1' description='A'/><value enum='01' description='B'/>"
    "</field><field number='5008' name='Size' type='QTY'><value enum='100' description='LOT'/></field>"
    "<field number='5009' name='self' type='STRING'/><field number='5010' name='GroupEntry' type='STRING'/>"
    "</fields></fix>"
)


@pytest.fixture
def odd_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the class of a message with those members."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def make(body: str, header: str = "", components: str = "") -> Any:
        path = tmp_path / "odd.xml"
        path.write_text(DICTIONARY.format(body=body, header=header, components=components))
        return RuntimeTypes(load_dictionary(path)).get_message_type_by_msg_type("U1")

    return make


def fields(*names: str) -> str:
    return "".join(f"<field name='{name}' required='N'/>" for name in names)


GROUP = "<group name='NoThings' required='N'>{}</group>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35=A|49=S|98=0|95=3|108=30|", "35=A|49=S|98=0|108=30|95=3|96=a|b|"),
        ("35=A|96=x|49=S|95=1|", "35=A|95=3|96=a|b|49=S|"),
        ("35=A|95=1|9001=u|96=x|108=30|", "35=A|9001=u|95=3|96=a|b|108=30|"),
        ("35=A|95=1|96=x|95=1|", "35=A|95=3|96=a|b|"),
        ("35=A|", "35=A|95=3|96=a|b|"),
    ],
)
def test_data_stands_directly_behind_its_length(messages: FixMessageFactory, text: str, expected: str) -> None:
    logon = messages.parse(wire(text))
    logon.RawData = b"a\x01b"
    assert shown(logon.to_bytes()) == expected
    again = messages.parse(logon.to_bytes())
    assert (again.RawData, again.RawDataLength) == (b"a\x01b", 3)
    assert again == logon
    assert messages.parse(logon.to_bytes(PIPE), PIPE).RawData == b"a\x01b"


def test_length_that_is_set_counts_for_nothing_beside_its_data(messages: FixMessageFactory) -> None:
    logon = messages.create("A", RawData=b"a\x01b", RawDataLength=1)
    assert shown(logon.to_bytes()) == "35=A|95=3|96=a|b|"
    logon.RawDataLength = None
    assert shown(logon.to_bytes()) == "35=A|95=3|96=a|b|"
    parsed = messages.parse(logon.to_bytes())
    parsed.RawDataLength = 1
    assert shown(parsed.to_bytes()) == "35=A|95=3|96=a|b|"
    parsed.set(96, b"\x01\x01")
    assert shown(parsed.to_bytes()) == "35=A|95=2|96=|||"


def test_data_without_a_place_for_its_length_brings_it(odd_kind: Any) -> None:
    kind = odd_kind(fields("Blob", "One"))
    message = kind(Blob=b"a\x0110=000\x01", One="1")
    assert shown(message.to_bytes()) == "35=U1|5005=9|5006=a|10=000||5001=1|"
    assert kind.parse(message.to_bytes()).Blob == b"a\x0110=000\x01"
    part = odd_kind(
        "<component name='P'/>" + fields("One"), components=f"<component name='P'>{fields('Blob')}</component>"
    )
    other = part(P=type(part().P)(Blob=b"\x01"))
    assert shown(other.copy().to_bytes()) == "35=U1|5005=1|5006=||"


def test_tag_with_several_places_has_one_value(odd_kind: Any) -> None:
    inner = f"<component name='C'>{fields('Two')}{GROUP.format(fields('One'))}</component>"
    components = inner + "".join(f"<component name='{name}'><component name='C'/></component>" for name in "AB")
    body = fields("One") + "<component name='A'/><component name='B'/>"
    message = odd_kind(body, header=fields("One"), components=components)(One="1")
    assert (message.header.One, message.One) == ("1", "1")
    message.header.One = "2"
    assert (message.header.One, message.One) == ("2", "2")
    message.set(5001, b"3")
    assert (message.header.One, message.One) == ("3", "3")
    assert (message.A.C.Two, message.B.C.Two) == (None, None)
    message.A.C.Two = "x"
    assert message.B.C.Two == "x"
    things = message.A.C.NoThings
    message.B.C.NoThings = [type(message.A.C).NoThingsEntry(One="e")]
    message.A.C.NoThings.append(type(message.A.C).NoThingsEntry(One="f"))
    assert things == []
    assert shown(message.to_bytes()) == "35=U1|5001=3|5002=x|5003=2|5001=e|5001=f|"


def test_group_with_several_places_has_one_class_of_entries(odd_kind: Any) -> None:
    components = f"<component name='C'>{GROUP.format(fields('Two'))}</component>"
    kind = odd_kind(GROUP.format(fields("One", "Two")) + "<component name='C'/>", components=components)
    message = kind.parse(wire("35=U1|5003=1|5001=a|5002=b|"))
    message.C.NoThings[0].Two = "c"
    assert shown(message.to_bytes()) == "35=U1|5003=1|5001=a|5002=c|"


def test_field_called_as_the_entries_of_a_group(odd_kind: Any) -> None:
    kind = odd_kind(GROUP.format(fields("One")) + fields("NoThingsEntry", "self", "GroupEntry"))
    message = kind(NoThingsEntry="x", self_5009="y", GroupEntry_5010="z", NoThings=[kind.NoThingsEntry_2(One="1")])
    assert shown(message.to_bytes()) == "35=U1|5003=1|5001=1|5004=x|5009=y|5010=z|"


def test_listed_values_of_every_type_can_be_set_again(odd_kind: Any) -> None:
    message = odd_kind(fields("Code", "Size")).parse(wire("35=U1|5007=01|5008=100|"))
    assert message.Code.name == "B"
    assert message.Size == Decimal(100)
    message.Code, message.Size = message.Code, message.Size
    assert shown(message.to_bytes()) == "35=U1|5007=01|5008=100|"


def test_components_inside_each_other_many_times_are_shown_once(odd_kind: Any) -> None:
    parts = "".join(
        f"<component name='C{n}'><component name='D{n}'/><component name='E{n}'/></component>"
        f"<component name='D{n}'><component name='C{n + 1}'/></component>"
        f"<component name='E{n}'><component name='C{n + 1}'/></component>"
        for n in range(10)
    )
    components = parts + f"<component name='C10'>{fields('One')}</component>"
    message = odd_kind("<component name='C0'/>", components=components)()
    message.set(5001, b"1")
    begun = time.process_time()
    text = repr(message)
    assert text.count("One='1'") == 1
    assert time.process_time() - begun < 20  # it took 2 ** 10 times as long


def test_entries_that_no_reader_could_tell_apart_are_refused(messages: FixMessageFactory) -> None:
    message = messages.create("D")
    entry = type(message.Parties).NoPartyIDsEntry
    for entries, text in (
        ([entry()], "entry 1 has no field"),
        ([entry(PartyID="a"), entry()], "entry 2 has no field"),
        ([entry(PartyID="a"), entry(PartyRole=1)], "2 entries would be read as 1; each must begin with the same field"),
    ):
        message.Parties.NoPartyIDs = entries
        with pytest.raises(ValueError, match=rf"NoPartyIDs\(453\): {text}"):
            message.to_bytes()


def test_odd_entries_of_a_peer_can_be_written(messages: FixMessageFactory) -> None:
    raw = wire("35=D|453=3|448=a|452=1|447=D|452=3|448=b|")
    message = messages.parse(raw)
    assert messages.parse(message.to_bytes(PIPE), PIPE) == message
    message.Parties.NoPartyIDs[0].PartyRole = 7
    assert shown(message.to_bytes()) == "35=D|453=3|448=a|452=7|447=D|452=3|448=b|"
    message.Parties.NoPartyIDs[0].PartyID = None
    with pytest.raises(ValueError, match="3 entries would be read as 2"):
        message.to_bytes()


def test_group_that_counts_wrong_stays_so_until_it_is_changed(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=D|11=1|453=5|448=a|"))
    assert message.to_bytes(PIPE).count(b"453=5|") == 1
    message.Parties.NoPartyIDs[0].PartyID = "b"
    assert (message.get(453), message.to_bytes(PIPE).count(b"453=1|")) == (b"1", 1)


def test_what_was_read_makes_no_difference(messages: FixMessageFactory) -> None:
    raw = wire("35=D|11=1|453=0|")
    one, other = messages.parse(raw), messages.parse(raw)
    assert one.Parties.NoPartyIDs == []
    assert one == other
    assert repr(one) == repr(other)
    assert one.to_bytes() is raw


def test_every_field_of_a_tag_is_taken_away(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=D|11=1|58=a|58=b|9001=c|9001=d|"))
    assert message.unknown_fields == [(58, b"b"), (9001, b"c"), (9001, b"d")]
    assert message != messages.parse(wire("35=D|11=1|58=a|9001=c|9001=d|"))
    message.Text = None
    message.set(9001, None)
    assert shown(message.to_bytes()) == "35=D|11=1|"


def test_fields_that_were_added_keep_their_order(messages: FixMessageFactory) -> None:
    message = messages.create("D", ClOrdID="1")
    for tag in (9003, 9001, 9002):
        message.set(tag, b"x")
    assert message.unknown_fields == [(9003, b"x"), (9001, b"x"), (9002, b"x")]
    assert messages.parse(message.to_bytes()) == message
    parsed = messages.parse(wire("35=D|11=1|"))
    for tag in (9003, 9001, 9002):
        parsed.set(tag, b"x")
    assert shown(parsed.to_bytes()) == "35=D|11=1|9003=x|9001=x|9002=x|"


@pytest.mark.parametrize(
    "text",
    [
        "35=A|554=hun|ter2secret|",
        "35=A| 554=ter2secret|",
        "35=A|554=secret0|58=secret0|554=ter2secret|58=ter2secret|",
        "35=D|453=1|448=a|554=ter2secret|58=my ter2secret|",
        "35=A|95=10|96=ter2secret|58=ter2secret|",
    ],
)
def test_secrets_are_masked_wherever_they_stand(messages: FixMessageFactory, text: str) -> None:
    message = messages.parse(wire(text))
    assert "ter2secret" not in repr(message)
    assert "ter2secret" not in json_text(message.to_dict())
    assert "ter2secret" in json_text(message.to_dict(show_secrets=True))
    message.set(9001, b"x")
    assert "ter2secret" not in repr(message) + json_text(message.to_dict())


def test_no_error_tells_a_secret(messages: FixMessageFactory) -> None:
    for name, value in (("Password", b"hunter2"), ("RawData", "hunter2"), ("NewPassword", "hunter2\x01")):
        with pytest.raises((TypeError, ValueError)) as caught:
            messages.create("A", **{name: value}) if name != "NewPassword" else messages.create("BE", **{name: value})
        assert "hunter2" not in str(caught.value)


def test_changed_message_of_a_log_is_shown(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=D|11=1|").replace(b"\x01", b"|"), PIPE)
    message.Text = "a|b"
    found = message.to_dict()
    assert found["body"] == {"ClOrdID": "1", "Text": "a|b"}
    assert found["trailer"]["CheckSum"] == message.to_bytes(SOH)[-4:-1].decode()


def test_pieces_that_are_no_fields_are_kept_with_any_separator(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=D|11=1|garbage|"))
    assert b"|garbage|" in message.to_bytes(PIPE)
    assert message.unknown_fields == [(0, b"garbage")]
    own = Separator("~", b"~", -1)
    other = messages.parse(message.to_bytes(own), own)
    assert other.separator.text == b"~"
    assert other.to_bytes() == message.to_bytes(own)


def test_msg_type_is_taken_from_its_own_field(messages: FixMessageFactory) -> None:
    inside = wire("95=5|96=|35=8|35=D|11=1|")
    assert type(messages.parse(inside)).__name__ == "NewOrderSingle"
    assert messages.parse(b"8=FIX.4.4\x019=5\x0135=\x0110=000\x01").msg_type == ""
    for raw in (b"", b"nonsense"):
        with pytest.raises(ValueError, match=r"no MsgType\(35\)"):
            messages.parse(raw)
    message = messages.create("D")
    message.header.MsgType = None
    with pytest.raises(ValueError, match=r"a message needs its MsgType\(35\)"):
        message.to_bytes()


def test_arguments_of_other_types_are_refused(messages: FixMessageFactory) -> None:
    message: Any = messages.create("D", ClOrdID="1")
    for raw in (bytearray(wire(EXECUTION)), memoryview(wire(EXECUTION)), "8=FIX"):
        with pytest.raises(TypeError, match="expected bytes, found"):
            messages.parse(raw)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a Separator"):
        message.to_bytes("|")
    for tag in ("58", True, 8.5):
        with pytest.raises(ValueError, match="is no tag"):
            message.set(tag, b"x")
    with pytest.raises(TypeError, match="58: expected bytes, found str"):
        message.set(58, "x")
    with pytest.raises(TypeError, match="cannot be pickled: keep the bytes"):
        pickle.dumps(message)
    with pytest.raises(ValueError, match="'PRIZE' is no FIX type"):
        field(44, "PRIZE")


def test_list_of_a_group_may_hold_anything_until_it_is_written(messages: FixMessageFactory) -> None:
    message = messages.create("D", ClOrdID="1")
    message.Parties.NoPartyIDs.append("stranger")
    assert "'stranger'" in repr(message)
    assert message.copy().Parties.NoPartyIDs == ["stranger"]
    with pytest.raises(TypeError, match=r"expected entries of Parties\.NoPartyIDsEntry, found str"):
        message.to_bytes()


def test_values_that_could_not_be_read_again_are_refused(messages: FixMessageFactory) -> None:
    message = messages.create("D")
    for price in ("1E+60", "1E-60", "-1E+37", "0." + "1" * 40):
        with pytest.raises(ValueError, match="digits"):
            message.Price = Decimal(price)
    with pytest.raises(ValueError, match="no time between"):
        message.TransactTime = UtcTimestamp(10**26)
    assert repr(UtcTimestamp(10**26)) == f"UtcTimestamp({10**26})"
    with pytest.raises(ValueError, match="0 to 9 digits"):
        UtcTimestamp.now(12)
    message.Price = Decimal("1" * 38)
    assert messages.parse(message.to_bytes()).Price == Decimal("1" * 38)


def test_class_without_header_is_equal_to_what_it_sends() -> None:
    class Ping(Message):
        msg_type = "UP"
        begin_string = "FIX.4.4"
        Note: str | None = field(58, "STRING", default=None)

    message = Ping(Note="x")
    assert Ping.parse(message.to_bytes()) == message
    assert Ping.parse(message.to_bytes()).unknown_fields == []
    assert repr(message).endswith("Ping(Note='x')")


def test_hints_lead_to_components_and_separators(messages: FixMessageFactory) -> None:
    order = messages.create("D")
    for name, path in (
        ("Symbol", "Instrument.Symbol"),
        ("OrderQty", "OrderQtyData.OrderQty"),
        ("SenderCompID", "header.SenderCompID"),
        ("NoPartyIDs", "Parties.NoPartyIDs"),
    ):
        with pytest.raises(AttributeError, match=f"has no member {name}; it is in a component: {path}$"):
            getattr(order, name)
    with pytest.raises(ValueError, match=r"its fields seem to be separated by \|, which can be given as separator"):
        messages.parse(wire("35=D|11=1|").replace(b"\x01", b"|"))
    with pytest.raises(ValueError, match="'58' is no tag"):
        order.get("58")
