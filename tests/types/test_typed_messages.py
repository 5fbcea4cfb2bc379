"""Typed messages made at run time: reading, setting, encoding."""

from __future__ import annotations

import copy
import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from wire_text import EXECUTION, shown, wire

from purefix_core.dictionary.json_text import json_text
from purefix_core.types import FixMessageFactory, RawText, UtcTimestamp
from purefix_core.types.runtime import RuntimeTypes
from purefix_core.wire.separators import CARET_A, PIPE


@pytest.fixture
def execution(messages: FixMessageFactory) -> Any:
    return messages.parse(wire(EXECUTION))


def test_attributes_have_the_types_of_their_fields(execution: Any) -> None:
    assert execution.ClOrdID == "ORD1"
    assert type(execution.ClOrdID) is str
    assert execution.Price == Decimal("150.25")
    assert str(execution.AvgPx) == "150.240"
    assert execution.header.MsgSeqNum == 12
    assert execution.header.SendingTime.datetime == dt.datetime(2026, 1, 5, 14, 30, 0, 123000, tzinfo=dt.UTC)
    assert execution.SettlDate == dt.date(2026, 1, 7)
    assert execution.trailer.CheckSum == wire(EXECUTION)[-4:-1].decode()
    assert execution.SettlType is None


def test_listed_values_are_enum_members_and_still_text_or_numbers(execution: Any) -> None:
    assert execution.Side.name == "BUY"
    assert execution.Side == "1"
    assert f"{execution.Side}" == "1"
    assert [each.name for each in execution.ExecInst] == ["ALL_OR_NONE", "DO_NOT_INCREASE"]
    role = execution.Parties.NoPartyIDs[0].PartyRole
    assert (role.name, role + 1) == ("EXECUTING_FIRM", 2)


def test_components_and_groups_have_the_structure_of_the_dictionary(execution: Any) -> None:
    assert execution.Instrument.Symbol == "AAPL"
    assert execution.OrderQtyData.OrderQty == 1000
    first, second = execution.Parties.NoPartyIDs
    assert (first.PartyID, second.PartyID) == ("ABC", "DEF")
    assert [each.PartySubID for each in second.PtysSubGrp.NoPartySubIDs] == ["desk"]
    assert first.PtysSubGrp.NoPartySubIDs == []
    assert not execution.CommissionData
    assert execution.Instrument


def test_text_that_is_not_valid_stays_readable(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=8|34=x1|52=20260230-10:00:00|38=1e5|54=?|64=20261301|452=1|43=J|58=|"))
    for value, text in (
        (message.header.MsgSeqNum, "x1"),
        (message.header.SendingTime, "20260230-10:00:00"),
        (message.OrderQtyData.OrderQty, "1e5"),
        (message.SettlDate, "20261301"),
        (message.header.PossDupFlag, "J"),
    ):
        assert isinstance(value, RawText)
        assert value == text
    assert message.Side == "?"
    assert message.Text == ""
    assert message.get(38) == b"1e5"


def test_second_60_is_a_time_and_keeps_its_text(messages: FixMessageFactory) -> None:
    raw = wire("35=0|34=1|52=20161231-23:59:60.5|")
    message = messages.parse(raw)
    assert message.header.SendingTime.datetime == dt.datetime(2017, 1, 1, 0, 0, 0, 500000, tzinfo=dt.UTC)
    assert message.get(52) == b"20161231-23:59:60.5"
    assert message.to_dict()["header"]["SendingTime"] == "20161231-23:59:60.5"
    message.TestReqID = "x"
    assert b"\x0152=20161231-23:59:60.5\x01" in message.to_bytes()


def test_unchanged_message_gives_the_same_bytes_however_wrong(messages: FixMessageFactory) -> None:
    for raw in (
        wire(EXECUTION),
        b"8=FIX.4.4\x019=5\x0135=8\x0155=a\x0155=b\x01nonsense\x01=\x0110=000\x01",
        b"8=FIX.4.4\x019=5\x0135=D\x0111=cut of",
    ):
        message = messages.parse(raw)
        _ = (message.header.MsgSeqNum, message.Instrument.Symbol, message.Parties.NoPartyIDs, repr(message))
        assert message.to_bytes() is raw


def test_changed_field_keeps_everything_else(execution: Any) -> None:
    execution.Price = Decimal("1.10")
    assert execution.Price == Decimal("1.10")
    assert execution.to_bytes() == wire(EXECUTION.replace("44=150.25", "44=1.10"))


def test_field_that_is_set_to_none_is_left_out(execution: Any) -> None:
    execution.Text = None
    del execution.Price
    assert execution.Text is None
    assert execution.to_bytes() == wire(EXECUTION.replace("58=partial fill|", "").replace("44=150.25|", ""))


def test_added_field_stands_where_the_dictionary_has_it(messages: FixMessageFactory) -> None:
    message = messages.parse(wire("35=D|34=1|49=A|11=1|55=X|54=1|"))
    message.Account = "ACC"
    message.header.TargetCompID = "B"
    message.trailer.Signature = b"a\x01b"
    message.set(9001, b"own")
    assert shown(message.to_bytes()) == "35=D|56=B|34=1|49=A|11=1|1=ACC|55=X|54=1|9001=own|93=3|89=a|b|"


def test_data_field_brings_its_length(messages: FixMessageFactory) -> None:
    message = messages.create("A", RawData=b"a\x01b")
    assert message.RawDataLength == 3
    again = messages.parse(message.to_bytes())
    assert again.RawData == b"a\x01b"
    again.RawData = b"longer"
    assert again.RawDataLength == 6
    assert b"\x0195=6\x0196=longer\x01" in again.to_bytes()
    again.RawData = None
    assert again.RawDataLength is None


def test_group_is_changed_through_its_list(execution: Any) -> None:
    parties = execution.Parties.NoPartyIDs
    parties.append(type(parties[0])(PartyID="NEW", PartyRole=7))
    parties[0].PartyID = "CHANGED"
    expected = EXECUTION.replace("453=2|448=ABC", "453=3|448=CHANGED") + "448=NEW|452=7|"
    assert shown(execution.to_bytes()) == expected
    parties[:] = parties[1:2]
    assert "453=1|448=DEF|447=D|452=3|802=1|523=desk|803=4|" in shown(execution.to_bytes())
    del parties[:]
    assert "453=" not in shown(execution.to_bytes())


def test_nested_entry_changes_the_message(execution: Any) -> None:
    execution.Parties.NoPartyIDs[1].PtysSubGrp.NoPartySubIDs[0].PartySubID = "floor"
    assert execution.is_changed()
    assert execution.to_bytes() == wire(EXECUTION.replace("523=desk", "523=floor"))


def test_assigned_group_takes_the_place_of_the_old_one(execution: Any) -> None:
    entry = type(execution.Parties.NoPartyIDs[0])
    execution.Parties.NoPartyIDs = [entry(PartyID="ONE")]
    assert shown(execution.to_bytes()).endswith("9001=own|453=1|448=ONE|")
    execution.Parties.NoPartyIDs = []
    assert shown(execution.to_bytes()).endswith("9001=own|")


def test_assigned_component_is_copied(messages: FixMessageFactory, execution: Any) -> None:
    order = messages.create("D", ClOrdID="2", Instrument=execution.Instrument, Parties=execution.Parties)
    order.Parties.NoPartyIDs[0].PartyID = "MINE"
    assert order.Instrument.Symbol == "AAPL"
    assert execution.Parties.NoPartyIDs[0].PartyID == "ABC"
    assert not execution.is_changed()
    instrument = order.Instrument
    order.Instrument = type(instrument)(SecurityID="US0378331005")
    assert (instrument.Symbol, instrument.SecurityID) == (None, "US0378331005")
    order.Instrument = None
    assert not instrument
    assert shown(order.to_bytes()).startswith("35=D|11=2|453=2|")


def test_header_that_is_copied_leaves_the_message_what_it_is(messages: FixMessageFactory, execution: Any) -> None:
    order = messages.create("D", header=execution.header)
    assert shown(order.to_bytes()) == "35=D|49=BROKER|56=BUYSIDE|34=12|52=20260105-14:30:00.123|"


def test_new_message_is_written_in_the_order_of_the_dictionary(messages: FixMessageFactory, of_type: Any) -> None:
    order = of_type("D")(Price=Decimal("1.50"), Side="1", ClOrdID="7")
    order.header.SenderCompID = "ME"
    order.header.SendingTime = UtcTimestamp.parse("20260105-14:30:00.100")
    raw = order.to_bytes()
    assert raw == wire("35=D|49=ME|52=20260105-14:30:00.100|11=7|54=1|44=1.50|")
    assert messages.parse(raw) == order
    assert order.Side.name == "BUY"


def test_new_message_over_fixt_says_so() -> None:
    from purefix_core.registry.dialects import Dialects

    order = Dialects.standard().create_message_factory("fix50sp2").create("D", ClOrdID="1")
    assert order.to_bytes().startswith(b"8=FIXT.1.1\x01")


@pytest.mark.parametrize(
    ("name", "value", "error", "text"),
    [
        ("Price", 1.5, TypeError, "ExecutionReport.Price: expected Decimal, found float 1.5"),
        ("Price", Decimal("NaN"), ValueError, "NaN"),
        ("Price", Decimal("1e1000000"), ValueError, "digits"),
        ("Price", "1.5", TypeError, "expected Decimal, found str '1.5'"),
        ("Text", "a\x01b", ValueError, "SOH"),
        ("Text", "", ValueError, "None leaves the field out"),
        ("Text", 5, TypeError, "expected str, found int '5'"),
        ("Text", "\ud800", ValueError, "surrogates not allowed"),
        ("TransactTime", dt.datetime(2026, 1, 5), ValueError, "has no time zone"),
        ("TransactTime", 5, TypeError, "expected UtcTimestamp"),
        ("SettlDate", "20260105", TypeError, "expected date"),
        ("ExDate", dt.datetime(2026, 1, 5), TypeError, "expected date"),
        ("ExecInst", 5, TypeError, "expected a tuple of str"),
        ("ExecInst", ("G", 5), TypeError, "expected str in the tuple"),
        ("Instrument", "AAPL", TypeError, "expected Instrument, found str"),
        ("header", "A", TypeError, "expected StandardHeader"),
    ],
)
def test_value_that_cannot_be_sent_is_refused(
    execution: Any, name: str, value: object, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=re.escape(text)):
        setattr(execution, name, value)
    assert not execution.is_changed()


def test_wrong_flags_and_numbers_are_refused(execution: Any) -> None:
    with pytest.raises(TypeError, match="expected bool"):
        execution.header.PossDupFlag = "Y"
    with pytest.raises(TypeError, match="expected int"):
        execution.header.MsgSeqNum = True
    with pytest.raises(ValueError, match="38 digits"):
        execution.header.MsgSeqNum = 10**38
    with pytest.raises(TypeError, match=r"expected entries of Parties\.NoPartyIDsEntry, found str"):
        execution.Parties.NoPartyIDs = ["ABC"]
    execution.Parties.NoPartyIDs.append("ABC")
    with pytest.raises(TypeError, match=r"expected entries of Parties\.NoPartyIDsEntry, found str"):
        execution.to_bytes()


def test_raw_text_may_be_set_for_any_field(execution: Any) -> None:
    execution.Price = RawText("cheap")
    execution.header.SendingTime = RawText("now")
    assert execution.Price == "cheap"
    assert b"\x0144=cheap\x01" in execution.to_bytes()


def test_unknown_attribute_is_refused_with_a_hint(execution: Any, of_type: Any) -> None:
    with pytest.raises(AttributeError, match=r"ExecutionReport has no member ClOrdId; did you mean ClOrdID\?"):
        execution.ClOrdId = "1"
    with pytest.raises(AttributeError, match=r"did you mean ClOrdID\?"):
        _ = execution.ClOrdId
    with pytest.raises(TypeError, match=r"did you mean ClOrdID\?"):
        of_type("8")(ClOrdId="1")


def test_fields_by_tag(execution: Any) -> None:
    assert execution.get(9001) == b"own"
    assert execution.unknown_fields == [(9001, b"own")]
    assert execution.Text == "partial fill"
    execution.set(58, b"other")
    execution.set(9001, None)
    execution.header.set(34, b"13")
    assert execution.Text == "other"
    assert execution.header.MsgSeqNum == 13
    assert execution.get(9001) is None
    assert execution.unknown_fields == []
    for tag, value in ((453, b"1"), (58, b"a\x01"), (58, b""), (0, b"x"), (10**9, b"x")):
        with pytest.raises(ValueError, match=str(tag)):
            execution.set(tag, value)


def test_views_that_were_taken_before_see_what_is_set(execution: Any) -> None:
    header, instrument = execution.header, execution.Instrument
    assert (header.SenderCompID, instrument.Symbol) == ("BROKER", "AAPL")
    execution.set(49, b"OTHER")
    execution.set(55, b"MSFT")
    assert (header.SenderCompID, instrument.Symbol) == ("OTHER", "MSFT")


def test_equality_is_that_of_values(messages: FixMessageFactory) -> None:
    one = messages.parse(wire("35=D|11=1|44=1.10|55=X|"))
    assert one == messages.parse(wire("35=D|55=X|44=1.1|11=1|"))
    assert one != messages.parse(wire("35=D|11=1|44=1.2|55=X|"))
    assert one != messages.parse(wire("35=D|11=1|44=1.10|55=X|9001=1|"))
    assert one != messages.parse(wire("35=F|11=1|55=X|"))
    assert one != "x"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_copies_go_their_own_ways(execution: Any) -> None:
    for other in (execution.copy(), copy.copy(execution), copy.deepcopy(execution)):
        assert other == execution
        other.Text = "copy"
        other.Parties.NoPartyIDs[0].PartyID = "copy"
        assert execution.Text == "partial fill"
        assert execution.Parties.NoPartyIDs[0].PartyID == "ABC"
    assert not execution.is_changed()


def test_dictionary_has_the_digits_that_were_sent(execution: Any) -> None:
    found = execution.to_dict()
    assert found["name"] == "ExecutionReport"
    assert found["header"]["MsgSeqNum"] == 12
    assert found["body"]["NoPartyIDs"][1]["NoPartySubIDs"] == [{"PartySubID": "desk", "PartySubIDType": 4}]
    assert found["body"]["9001"] == "own"
    assert '"AvgPx": 150.240' in json_text(found)
    execution.AvgPx = Decimal("0.100")
    changed = execution.to_dict()
    assert '"AvgPx": 0.100' in json_text(changed)
    assert changed["trailer"]["CheckSum"] == execution.to_bytes()[-4:-1].decode()
    assert list(changed["header"])[:3] == ["BeginString", "BodyLength", "MsgType"]


def test_secrets_are_masked_unless_asked_for(messages: FixMessageFactory) -> None:
    logon = messages.parse(wire("35=A|98=0|108=30|553=me|554=sesame|95=6|96=opened|58=password sesame is old|"))
    assert "sesame" not in repr(logon)
    assert "opened" not in repr(logon)
    assert "sesame" not in json_text(logon.to_dict())
    assert logon.to_dict()["body"]["Password"] == "***"
    assert logon.to_dict(show_secrets=True)["body"]["Password"] == "sesame"
    assert "sesame" not in repr(messages.create("A", Password="sesame"))


def test_repr_is_readable_and_bounded(execution: Any) -> None:
    assert "ClOrdID='ORD1'" in repr(execution)
    assert "Parties.NoPartyIDsEntry(PartyID='ABC'" in repr(execution)
    assert repr(execution.Instrument) == "Instrument(Symbol='AAPL')"
    assert "9001='own'" in repr(execution)
    execution.Text = "x" * 5_000
    execution.Parties.NoPartyIDs *= 1_000
    assert len(repr(execution)) < 3_000


def test_other_separators_are_read_and_written(messages: FixMessageFactory) -> None:
    raw = wire(EXECUTION)
    piped = raw.replace(b"\x01", b"|")
    message = messages.parse(piped, PIPE)
    assert message.separator is PIPE
    assert message.to_bytes() is piped
    assert message.Parties.NoPartyIDs[1].PartyID == "DEF"
    from purefix_core.wire.separators import SOH

    assert message.to_bytes(SOH) == raw
    assert messages.parse(message.to_bytes(CARET_A), CARET_A) == message
    message.Text = "a|b"
    with pytest.raises(ValueError, match=r"tag 58: the value holds the separator \|"):
        message.to_bytes()
    assert b"\x0158=a|b\x01" in message.to_bytes(SOH)


def test_body_length_keeps_its_leading_zeros(messages: FixMessageFactory) -> None:
    raw = b"8=FIX.4.4\x019=0012\x0135=0\x01112=ab\x0110=000\x01"
    message = messages.parse(raw)
    message.TestReqID = "abc"
    assert message.to_bytes().startswith(b"8=FIX.4.4\x019=0013\x0135=0\x01112=abc\x01")


def test_message_that_the_dictionary_lacks_is_kept_whole(messages: FixMessageFactory) -> None:
    raw = wire("35=UX|34=1|49=A|11=1|9001=x|")
    message = messages.parse(raw)
    assert message.header.SenderCompID == "A"
    assert message.unknown_fields == [(11, b"1"), (9001, b"x")]
    assert message.to_bytes() is raw
    assert message.to_dict()["body"] == {"11": "1", "9001": "x"}
    message.header.SenderCompID = "B"
    assert message.to_bytes() == wire("35=UX|34=1|49=B|11=1|9001=x|")


def test_parsing_says_what_is_wrong(messages: FixMessageFactory, of_type: Any) -> None:
    with pytest.raises(ValueError, match=r"no MsgType\(35\) in a message that begins with '8=FIX.4.4"):
        messages.parse(b"8=FIX.4.4\x019=5\x0110=000\x01")
    with pytest.raises(ValueError, match=r"MsgType\(35\) is '8', but that of NewOrderSingle is 'D'"):
        of_type("D").parse(wire(EXECUTION))
    with pytest.raises(TypeError, match="bytes"):
        of_type("D").parse("8=FIX.4.4")
    with pytest.raises(ValueError, match="MsgType 'ZZ' is not defined in this dialect"):
        messages.create("ZZ")


def test_msg_type_is_found_behind_a_long_header(messages: FixMessageFactory) -> None:
    raw = b"8=FIX.4.4\x019=5\x0149=" + b"X" * 100 + b"\x0135=0\x0110=000\x01"
    assert type(messages.parse(raw)).__name__ == "Heartbeat"


def test_names_that_are_no_identifiers_are_changed_in_the_class_alone(odd: RuntimeTypes) -> None:
    kind: Any = odd.get_message_type_by_msg_type("U1")
    raw = wire("35=U1|49=A|5001=one|5002=2|5003=three|5004=2|5005=x|5008=3|5009=a|b|5006=1|5007=t|")
    message = kind.parse(raw)
    assert (kind.__name__, kind.message_name) == ("odd_message", "odd message")
    assert (message.F1st_Leg, message.None_, message.to_bytes_5003) == ("one", 2, "three")
    assert (message.Grad.name, message.grad) == ("PARTIALLY_FILLED_2", "x")
    assert message.Blob == b"a\x01b"
    assert message.a_part.NoThings[0].Thing == "t"
    names = {each.value: each.name for each in type(message.Grad)}
    assert names == {
        "1": "PARTIALLY_FILLED",
        "2": "PARTIALLY_FILLED_2",
        "3": "V_30_360",
        "4": "GR_ER",
        "5": "V_5",
        "6": "CLASS",
    }
    assert list(message.to_dict()["body"])[:5] == ["1st-Leg", "None", "to_bytes", "Grad", "grad"]
    message.F1st_Leg = "changed"
    assert shown(message.to_bytes()) == shown(raw).replace("one", "changed")


def test_provider_gives_every_message_of_the_dictionary(fix44: RuntimeTypes) -> None:
    kinds = list(fix44.get_message_types())
    assert len(kinds) == len(fix44.definitions.message_names) == 93
    assert {each.msg_type for each in kinds} == set(fix44.definitions.message_names)
    assert fix44.get_message_type_by_msg_type("D") is fix44.get_message_type_by_msg_type("D")
    assert fix44.get_message_type_by_msg_type("nope") is None
    assert fix44.get_version() == "FIX.4.4"
