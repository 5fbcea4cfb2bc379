"""The tree of a message: sections, components, groups, and the marks of what does not belong."""

from __future__ import annotations

import pytest
from dictionary_samples import HEADER, ORDER, decoded, load_sample, message, outline, raw_message, texts

from purefix_core.dictionary.decode import FieldNode, decode
from purefix_core.dictionary.nodes import fields_of
from purefix_core.dictionary.standard import standard


def node(result, tag):
    return next(
        field for part in (result.header, result.body, result.trailer) for field in fields_of(part) if field.tag == tag
    )


def test_sections_components_and_groups():
    result = decoded(
        "11=ORD1|453=2|448=ABC|447=D|452=1|448=DEF|447=D|452=3|802=2|523=x|803=1|523=y|803=2|"
        "55=AAPL|54=1|60=20260105-09:30:00|38=100|40=2|44=1.5|"
    )
    assert (result.msg_type, result.name, result.findings) == ("D", "NewOrderSingle", ())
    assert outline(result.header) == [8, 9, 35, 49, 56, 34, 52]
    assert outline(result.body) == [
        11,
        (
            "Parties",
            [(453, [[448, 447, 452], [448, 447, 452, ("PtysSubGrp", [(802, [[523, 803], [523, 803]])])]])],
        ),
        ("Instrument", [55]),
        54,
        60,
        ("OrderQtyData", [38]),
        40,
        44,
    ]
    assert outline(result.trailer) == [10]


def test_a_field_node_says_all_about_its_field():
    order = message(ORDER)
    side = node(decode(order, standard("FIX44")), 54)
    assert (side.tag, side.name, side.raw, side.text, side.meaning, side.type) == (54, "Side", b"1", "1", "BUY", "CHAR")
    assert order.raw[side.tag_start : side.end] == b"54=1"
    assert order.raw[side.start : side.end] == b"1"
    assert side.marks == ()


def test_scattered_fields_of_a_component_are_gathered_where_the_first_stood():
    result = decoded("11=ORD1|38=100|40=2|44=1|48=ID|54=1|55=AAPL|60=20260105-09:30:00|207=N|")
    assert outline(result.body) == [11, ("OrderQtyData", [38]), 40, 44, ("Instrument", [48, 55, 207]), 54, 60]
    assert result.findings == ()


def test_several_values_have_several_meanings():
    assert node(decoded(ORDER + "18=G 9 ?|"), 18).meaning == "ALL_OR_NONE, STAY_ON_BID_SIDE, ?"
    assert node(decoded(ORDER + "18=nonsense|"), 18).meaning is None


def test_unknown_tags_stay_where_they_stood():
    result = decoded("11=ORD1|9999=x|" + ORDER[8:] + "4999=y|")
    assert outline(result.body)[:2] == [11, 9999]
    unknown = node(result, 9999)
    assert (unknown.name, unknown.type, unknown.meaning, unknown.marks) == ("", "", None, ("unknown",))
    assert [(finding.severity, finding.tag, finding.text) for finding in result.findings] == [
        ("warning", 9999, "Tag 9999 is not defined for NewOrderSingle"),
        ("error", 4999, "Tag 4999 is not defined for NewOrderSingle"),
    ]


def test_a_tag_of_another_message():
    result = decoded(ORDER + "150=F|")
    assert node(result, 150).marks == ("not defined here",)
    assert texts(result) == ["Tag 150 (ExecType) is not defined for NewOrderSingle"]


def test_unknown_tags_behind_the_header_are_the_body_s():
    result = decoded("9001=x|" + ORDER)
    assert outline(result.body)[0] == 9001
    assert outline(decoded(ORDER, "D").header)[-1] == 52


def test_unknown_tags_inside_the_header_are_the_header_s():
    result = decode(message(ORDER, header="49=BUY|9001=x|56=SELL|34=2|52=20260105-09:30:00|"), standard("FIX44"))
    assert outline(result.header) == [8, 9, 35, 49, 9001, 56, 34, 52]


def test_groups_of_the_header_and_a_signed_trailer():
    signed = raw_message(f"8=FIX.4.4|9=5|35=0|{HEADER}627=2|628=A|629=20260105-09:30:00|628=B|112=T|93=2|89=x|10=0|")
    result = decode(signed, standard("FIX44"))
    assert outline(result.header)[-1] == (627, [[628, 629], [628]])
    assert outline(result.body) == [112]
    assert outline(result.trailer) == [93, 89, 10]
    assert [finding.code for finding in result.findings] == ["body-length", "data-length", "checksum"]


def test_counters_were_int_before_fix43():
    order = "11=1|21=1|55=A|54=1|60=20260105-09:30:00|40=1|38=1|78=2|79=ACC1|80=10|79=ACC2|80=20|"
    result = decoded(order, "D", "FIX42")
    assert outline(result.body)[-1] == (78, [[79, 80], [79, 80]])
    assert result.findings == ()


def test_header_and_trailer_fields_in_the_body_are_out_of_place():
    result = decoded("11=ORD1|50=DESK|93=1|89=x|" + ORDER[8:])
    assert node(result, 50).marks == ("out of place",)
    assert texts(result) == [
        "SenderSubID (50) is out of place: it belongs to the header",
        "SignatureLength (93) is out of place: it belongs to the trailer",
        "Signature (89) is out of place: it belongs to the trailer",
    ]


def test_a_required_header_field_in_the_body_is_misplaced_and_not_missing():
    result = decode(message("11=1|49=BUY|" + ORDER[8:], header=HEADER.replace("49=BUY|", "")), standard("FIX44"))
    assert texts(result) == ["SenderCompID (49) is out of place: it belongs to the header"]


def test_a_group_field_outside_its_group():
    result = decoded(ORDER + "452=1|")
    assert node(result, 452).marks == ("out of place",)
    assert texts(result) == ["PartyRole (452) is out of place: it belongs to the group NoPartyIDs (453)"]


def test_repeated_tags_stay_and_are_marked():
    result = decoded(ORDER + "55=MSFT|58=a|58=b|58=c|")
    assert outline(result.body)[1] == ("Instrument", [55, 55])
    marks = [field.marks for field in fields_of(result.body) if field.tag == 55]
    assert marks == [(), ("repeated",)]
    assert texts(result) == ["Symbol (55) appears twice", "Text (58) appears 3 times"]


def test_repeated_tags_of_the_parties_own_may_be_a_group():
    found = decoded(ORDER + "9001=a|9002=b|9001=c|9002=d|").findings
    assert [(f.severity, f.text) for f in found if f.code == "repeated"] == [
        ("warning", "Tag 9001 appears twice"),
        ("warning", "Tag 9002 appears twice"),
    ]
    assert decoded(ORDER + "58=a|58=b|").findings[0].severity == "error"


def test_lines_of_text_of_fix40_are_a_group_in_all_but_name():
    result = decoded("94=0|33=3|58=a|58=b|58=c|", "C", "FIX40")
    assert [field.marks for field in fields_of(result.body) if field.tag == 58] == [(), ("repeated",), ("repeated",)]
    assert result.findings == ()


def test_malformed_pieces_are_kept():
    order = message(ORDER + "garbage||x=1|")
    result = decode(order, standard("FIX44"))
    pieces = [field.raw for field in fields_of(result.body) if field.marks == ("malformed",)]
    assert pieces == [b"garbage", b"", b"x=1"]
    assert [finding.code for finding in result.findings] == ["malformed"] * 3


class TestGroups:
    def test_a_custom_tag_inside_an_entry_stays_there(self):
        result = decoded(ORDER + "453=2|448=A|447=D|9001=x|452=1|448=B|447=D|452=3|9002=y|58=t|")
        parties = outline(result.body)[-3]
        assert parties == ("Parties", [(453, [[448, 447, 9001, 452], [448, 447, 452]])])
        assert outline(result.body)[-2:] == [9002, 58]

    @pytest.mark.parametrize(
        ("count", "text"),
        [("3", "says 3, 2 entries follow"), ("1", "says 1, 2 entries follow"), ("0", "says 0, 2 entries follow")],
    )
    def test_wrong_count(self, count, text):
        result = decoded(ORDER + f"453={count}|448=A|447=D|452=1|448=B|447=D|452=3|")
        assert outline(result.body)[-1] == ("Parties", [(453, [[448, 447, 452], [448, 447, 452]])])
        assert texts(result) == [f"NoPartyIDs (453) {text}"]

    def test_one_and_no_entry(self):
        assert texts(decoded(ORDER + "453=2|448=A|")) == ["NoPartyIDs (453) says 2, 1 entry follows"]
        assert texts(decoded(ORDER + "453=2|58=x|")) == ["NoPartyIDs (453) says 2, no entries follow"]
        assert texts(decoded(ORDER + "453=0|58=x|")) == []

    @pytest.mark.parametrize("count", ["abc", "-1", "1.5", "²"])
    def test_a_count_that_is_no_number(self, count):
        result = decoded(ORDER + f"453={count}|448=A|448=B|")
        assert len(outline(result.body)[-1][1][0][1]) == 2
        assert texts(result) == [f"NoPartyIDs (453): '{count}' is not a valid NUMINGROUP"]

    def test_wrong_first_field(self):
        result = decoded(ORDER + "453=2|452=1|448=A|447=D|452=3|448=B|447=D|")
        assert outline(result.body)[-1] == ("Parties", [(453, [[452, 448, 447], [452, 448, 447]])])
        assert texts(result) == ["NoPartyIDs (453): entry must begin with PartyID (448), found 452"]

    def test_an_entry_without_its_first_field(self):
        result = decoded(ORDER + "453=2|448=A|447=D|452=3|447=D|452=1|")
        assert outline(result.body)[-1] == ("Parties", [(453, [[448, 447, 452], [447, 452]])])
        assert texts(result) == ["NoPartyIDs (453): entry must begin with PartyID (448), found 447"]

    def test_a_tag_that_repeats_at_once_is_a_repetition(self):
        result = decoded(ORDER + "453=1|448=A|447=D|447=D|452=3|")
        assert outline(result.body)[-1] == ("Parties", [(453, [[448, 447, 447, 452]])])
        assert texts(result) == ["PartyIDSource (447) appears twice in entry 1 of NoPartyIDs"]

    def test_a_counter_that_repeats_has_its_own_entries(self):
        result = decoded(ORDER + "453=1|448=A|453=1|448=B|")
        assert outline(result.body)[-1] == ("Parties", [(453, [[448]]), (453, [[448]])])
        assert texts(result) == ["NoPartyIDs (453) appears twice"]

    def test_a_required_field_of_an_entry(self):
        result = decoded("262=1|263=1|264=0|267=1|269=0|146=2|55=A|55=B|", "V")
        assert result.findings == ()
        result = decoded("131=Q|146=2|55=A|54=1|55=B|", "R")
        assert outline(result.body)[-1][0] == "QuotReqGrp"
        assert result.findings == ()
        missing = decoded("117=Q|296=1|302=S|295=1|299=E|", "i")
        assert texts(missing) == ["Required field missing: TotNoQuoteEntries (304) in entry 1 of NoQuoteSets"]

    def test_a_group_that_begins_with_a_group(self, tmp_path):
        fields = "".join(
            f"<field number='{number}' name='F{number}' type='{kind}'/>"
            for number, kind in ((35, "STRING"), (600, "NUMINGROUP"), (601, "NUMINGROUP"), (602, "INT"), (603, "INT"))
        )
        nested = (
            "<message name='M' msgtype='U1' msgcat='app'><group name='F600' required='N'><group name='F601'"
            " required='N'><field name='F602' required='Y'/></group><field name='F603' required='N'/></group></message>"
        )
        definitions = load_sample(tmp_path, fields, nested)
        result = decode(raw_message("35=U1|600=2|601=2|602=1|602=2|603=9|601=1|602=3|"), definitions)
        assert outline(result.body)[1:] == [(600, [[(601, [[602], [602]]), 603], [(601, [[602]])]])]

    def test_a_tag_of_group_and_body_is_the_body_s_once_all_entries_are_there(self, tmp_path):
        fields = "".join(
            f"<field number='{number}' name='F{number}' type='{kind}'/>"
            for number, kind in ((35, "STRING"), (600, "NUMINGROUP"), (601, "INT"), (602, "INT"))
        )
        body = (
            "<group name='F600' required='N'><field name='F601' required='Y'/><field name='F602' required='N'/></group>"
            "<field name='F601' required='N'/><field name='F602' required='N'/>"
        )
        definitions = load_sample(tmp_path, fields, f"<message name='M' msgtype='U1' msgcat='app'>{body}</message>")

        def tree(text):
            return outline(decode(raw_message(f"35=U1|{text}"), definitions).body)[1:]

        assert tree("600=1|601=1|602=2|602=3|") == [(600, [[601, 602]]), 602]
        assert tree("600=2|601=1|602=2|601=3|602=3|601=4|602=5|") == [(600, [[601, 602], [601, 602]]), 601, 602]
        assert tree("600=1|601=1|602=2|") == [(600, [[601, 602]])]
        assert tree("600=0|601=1|") == [(600, []), 601]

    def test_a_huge_count_costs_nothing(self):
        result = decoded(ORDER + f"453={'9' * 9}|448=A|")
        assert texts(result) == ["NoPartyIDs (453) says 999999999, 1 entry follows"]
        assert texts(decoded(ORDER + f"453={'9' * 5000}|448=A|")) == []


def test_an_undefined_message_keeps_all_its_fields():
    result = decoded(ORDER + "9999=x|", "UX")
    assert (result.msg_type, result.name) == ("UX", "")
    assert outline(result.body) == [11, 55, 54, 60, 38, 40, 44, 9999]
    assert [(finding.severity, finding.text) for finding in result.findings] == [
        ("warning", "MsgType (35): 'UX' is not defined in FIX44")
    ]
    assert decoded(ORDER, "zz").findings[0].severity == "error"


def test_secrets_are_flagged_and_not_told():
    result = decoded("98=x|108=30|553=user|554=|925=new|95=3|96=abc|", "A")
    assert [field.tag for field in fields_of(result.body) if field.is_secret] == [554, 925, 96]
    definitions = standard("FIX44")
    assert not node(decode(message(ORDER + "95=3|96=abc|"), definitions), 96).is_secret


def test_the_header_of_an_undefined_message_ends_where_its_fields_begin():
    result = decoded("11=ORD1|50=DESK|", "UX")
    assert outline(result.body) == [11, 50]
    assert node(result, 50).marks == ("out of place",)


def test_a_trailer_field_before_the_end_is_out_of_place():
    result = decode(raw_message(f"8=FIX.4.4|9=5|35=D|{HEADER}11=1|10=000|55=A|"), standard("FIX44"))
    assert outline(result.body) == [11, 10, ("Instrument", [55])]
    assert result.trailer == ()
    assert "CheckSum (10) is out of place: it belongs to the trailer" in texts(result)


@pytest.mark.parametrize("text", ["", "|", "8=FIX.4.4|", "10=000|", "35=D|", "garbage", "0=1|", "35=|"])
def test_stumps_of_messages(text):
    stump = raw_message(text)
    result = decode(stump, standard("FIX44"))
    kept = [(n.tag, n.start, n.end) for part in (result.header, result.body, result.trailer) for n in fields_of(part)]
    assert kept == list(stump.fields)


def test_data_with_the_separator_inside_is_one_field():
    result = decoded(ORDER + "354=9|355=a|b=c|d=e|")
    assert node(result, 355) == FieldNode(
        355,
        "EncodedText",
        b"a\x01b=c\x01d=e",
        "a\x01b=c\x01d=e",
        None,
        "DATA",
        *(node(result, 355).tag_start, node(result, 355).start, node(result, 355).end),
    )
    assert result.findings == ()
