"""The JSON of a message: its shape, its numbers, and that nothing is lost or given away."""

from __future__ import annotations

import json
from decimal import Decimal

from dictionary_samples import ORDER, decoded, message, raw_message

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.message_json import message_to_dict, message_to_json
from purefix_core.dictionary.standard import standard


def body(text, msg_type="D", **options):
    return message_to_dict(decoded(text, msg_type), offset=0, length=1, dialect="fix44", **options)["body"]


def test_the_whole_shape():
    raw = message("11=ORD1|453=1|448=ABC|447=D|452=1|55=AAPL|54=1|60=20260105-09:30:00|38=100|40=2|44=1.10|114=Y|")
    result = decode(raw, standard("FIX44"))
    text = message_to_json(result, offset=812, length=len(raw.raw), dialect="fix44")
    assert '"Price": 1.10,' in text
    assert json.loads(text, parse_float=Decimal) == {
        "offset": 812,
        "length": len(raw.raw),
        "msgType": "D",
        "name": "NewOrderSingle",
        "dialect": "fix44",
        "header": {
            "BeginString": "FIX.4.4",
            "BodyLength": int(raw.text(9)),
            "MsgType": "D",
            "SenderCompID": "BUY",
            "TargetCompID": "SELL",
            "MsgSeqNum": 2,
            "SendingTime": "20260105-09:30:00.000",
        },
        "body": {
            "ClOrdID": "ORD1",
            "NoPartyIDs": [{"PartyID": "ABC", "PartyIDSource": "D", "PartyRole": 1}],
            "Symbol": "AAPL",
            "Side": "1",
            "TransactTime": "20260105-09:30:00",
            "OrderQty": 100,
            "OrdType": "2",
            "Price": Decimal("1.10"),
            "LocateReqd": True,
        },
        "trailer": {"CheckSum": raw.text(10)},
        "findings": [],
    }


def test_findings():
    result = decoded(ORDER + "9999=x|")
    (finding,) = message_to_dict(result, offset=0, length=1, dialect="x")["findings"]
    assert finding == {
        "severity": "warning",
        "code": "undefined",
        "tag": 9999,
        "start": result.findings[0].start,
        "text": "Tag 9999 is not defined for NewOrderSingle",
    }


def test_unknown_and_malformed_pieces():
    assert body(ORDER + "9999=x|garbage|more|") | {"9999": "x", "malformed": ["garbage", "more"]} == body(
        ORDER + "9999=x|garbage|more|"
    )


def test_repeated_tags_are_arrays():
    found = body(ORDER + "58=a|58=b|9999=1|9999=2|9999=3|")
    assert found["Text"] == ["a", "b"]
    assert found["9999"] == ["1", "2", "3"]


def test_a_group_is_an_array_whatever_it_holds():
    assert body(ORDER + "453=0|")["NoPartyIDs"] == []
    assert body(ORDER + "453=1|448=A|")["NoPartyIDs"] == [{"PartyID": "A"}]
    assert body(ORDER + "453=1|448=A|453=1|448=B|")["NoPartyIDs"] == [{"PartyID": "A"}, {"PartyID": "B"}]
    nested = body(ORDER + "453=1|448=A|802=2|523=x|523=y|")["NoPartyIDs"]
    assert nested == [{"PartyID": "A", "NoPartySubIDs": [{"PartySubID": "x"}, {"PartySubID": "y"}]}]


def test_an_undefined_message_has_no_name():
    result = message_to_dict(decoded(ORDER, "zz"), offset=0, length=1, dialect="x")
    assert (result["msgType"], result["name"]) == ("zz", None)
    assert json.loads(message_to_json(decode(raw_message(""), standard("FIX44")), offset=0, length=0, dialect=""))


def test_secrets_are_masked_unless_asked_for():
    logon = "98=0|108=30|553=user|554=hunter2|925=hunter3|95=3|96=abc|"
    found = body(logon, "A")
    assert (found["Username"], found["Password"], found["NewPassword"], found["RawData"]) == (
        "user",
        "***",
        "***",
        "***",
    )
    assert found["RawDataLength"] == 3
    assert message_to_dict(decoded(logon, "A", "FIX42"), offset=0, length=1, dialect="x")["body"]["554"] == "***"
    assert body(logon, "A", show_secrets=True)["Password"] == "hunter2"
    assert body(logon, "A", show_secrets=True)["RawData"] == "abc"
    assert "hunter" not in message_to_json(decoded(logon, "A"), offset=0, length=1, dialect="x")


def test_bytes_that_are_no_utf8_stay_visible():
    raw = message(ORDER + "58=?|").raw.replace(b"58=?", b"58=\xfcber")
    result = decode(type(message("")).parse(raw), standard("FIX44"))
    assert json.loads(message_to_json(result, offset=0, length=1, dialect="x"))["body"]["Text"] == "über"
