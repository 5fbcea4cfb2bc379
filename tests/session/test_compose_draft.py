"""Drafts from text, from messages and from JSON, and what they are sent as."""

from __future__ import annotations

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup
from purefix_core.session.compose.expressions import ComposeError, Moment
from purefix_core.session.outgoing import encoded_as_given

FIX44 = standard("FIX44")
FIX42 = standard("FIX42")
MOMENT = Moment(1_700_000_000_000_000_000, 7, seed=b"seed")
ORDER = Draft(
    "D",
    body=(
        DraftField(11, "{count}"),
        DraftGroup(453, ((DraftField(448, "X"), DraftField(452, "1")), (DraftField(448, "Y"), DraftField(452, "3")))),
        DraftField(55, "SAP"),
        DraftField(54, "1"),
    ),
)


def body(draft: Draft, definitions=FIX44, **how) -> str:
    return " ".join(f"{tag}={value.decode()}" for tag, value in draft.to_flat(definitions, MOMENT, **how).body)


@pytest.mark.parametrize(
    "text",
    [
        "35=D|11={count}|453=2|448=X|452=1|448=Y|452=3|55=SAP|54=1|",
        "35=D|11={count}|453=2|448=X|452=1|448=Y|452=3|55=SAP|54=1",
        "11={count}|453=2|448=X|452=1|448=Y|452=3|35=D|55=SAP|54=1",
        "35=D;11={count};453=2;448=X;452=1;448=Y;452=3;55=SAP;54=1;",
        "35=D^A11={count}^A453=2^A448=X^A452=1^A448=Y^A452=3^A55=SAP^A54=1^A",
        "35=D\x0111={count}\x01453=2\x01448=X\x01452=1\x01448=Y\x01452=3\x0155=SAP\x0154=1\x01",
        "35=D | 11={count} | 453=2 | 448=X | 452=1 | 448=Y | 452=3 | 55=SAP | 54=1 |",
        "35=D|11={count}|453=2|448=X|45\n2=1|448=Y|452=3|55=S\r\nAP|54=1|",
        "35=D|\n11={count}|\n453=2|448=X|452=1|\n  448=Y|452=3|\n55=SAP|54=1\n",
        "35=D|11={count}\n453=2|448=X|452=1|448=Y|452=3|55=SAP\n54=1|",
        "35=D\n11={count}\n453=2\n448=X\n452=1\n448=Y\n452=3\n55=SAP\n54=1\n",
        "35=D||11={count}|453=2|448=X|452=1|448=Y|452=3|55=SAP|54=1||",
    ],
)
def test_text_in_every_spelling(text):
    assert Draft.of_text(text, FIX44) == ORDER


def test_the_text_of_a_draft():
    text = "35=D|11={count}|453=2|448=X|452=1|448=Y|452=3|55=SAP|54=1|"
    assert ORDER.to_text() == text
    assert Draft("0").to_text() == "35=0|"
    assert Draft.of_text("35=0|", FIX44) == Draft.of_text("35=0", FIX44) == Draft("0")


def test_a_blank_belongs_to_a_value_that_ends_with_it():
    draft = Draft.of_text("35=B|148=Late |58= two |33=0|", FIX44)
    assert draft.body[:2] == (DraftField(148, "Late "), DraftField(58, " two "))


def test_a_log_line_is_read_from_where_the_message_begins():
    line = "20250311-08:00:00.000 : 8=FIX.4.4|9=40|35=0|34=2|49=A|56=B|52=20250311-08:00:00.000|10=000|"
    draft = Draft.of_text(line, FIX44)
    assert [item.tag for item in draft.header] == [8, 9, 34, 49, 56, 52]
    assert draft.trailer == (DraftField(10, "000"),)
    assert draft.as_new() == Draft("0")
    assert draft.as_new(kept={34}) == Draft("0", (DraftField(34, "2"),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "MsgType(35) is missing"),
        ("54=1|11=x", "MsgType(35) is missing"),
        ("35=D|35=8|", "MsgType(35) stands twice"),
        ("35=|11=x", "MsgType(35): expected some letters and digits, found ''"),
        ("35=a b|11=x", "MsgType(35): expected"),
        ("hello", "'hello' is no field: write tag=value"),
        ("35=D|hello|", "'hello' is no field: write tag=value, or {byte:7C} for a | in a value"),
        ("35=D|Side=1|", "'Side=1' is no field"),
        ("35=D|54|", "'54' is no field"),
        ("35=D|-1=5|", "'-1=5' is no field"),
        ("35=D|1234567890=5|", "'1234567890=5' is no field"),
        ("35=D|58=\ud800|", "character 9 of the text is none that UTF-8 has"),
        ("35=D|58=" + "x" * 1_000_000, "1,000,000 characters are too many"),
        ("35=D|\x1b[2J|", "'\\x1b[2J' is no field"),
    ],
)
def test_text_that_is_no_message_is_told(text, said):
    with pytest.raises(ComposeError) as caught:
        Draft.of_text(text, FIX44)
    assert said in str(caught.value)


def test_a_password_with_a_separator_in_it_is_not_told():
    with pytest.raises(ComposeError) as caught:
        Draft.of_text("35=A|98=0|108=30|554=abc|def|", FIX44)
    assert str(caught.value) == "what stands behind 554= holds the separator: write {byte:7C} for a | in a value"


def test_a_pipe_in_a_value_is_written_as_an_expression():
    draft = Draft("B", body=(DraftField(148, "a|b{{byte:7C}}"),))
    text = draft.to_text()
    assert text == "35=B|148=a{byte:7C}b{{byte:7C}}|"
    assert Draft.of_text(text, FIX44) == draft
    assert body(draft) == "148=a|b{byte:7C}"


def test_the_body_is_sent_in_the_order_of_the_dictionary():
    draft = Draft.of_text("35=D|54=1|453=1|452=1|447=D|448=X|60={now:seconds}|11=A|5001=u|", FIX44)
    assert body(draft) == "11=A 5001=u 453=1 448=X 447=D 452=1 54=1 60=20231114-22:13:20"
    assert body(draft, as_written=True) == "54=1 453=1 452=1 447=D 448=X 60=20231114-22:13:20 11=A 5001=u"


def test_a_group_that_the_dictionary_does_not_know_stays_as_it_is():
    draft = Draft.of_text("35=D|54=1|9001=2|55=A|9002=x|55=B|9002=y|11=A|", FIX44)
    assert body(draft) == "54=1 9001=2 55=A 9002=x 55=B 9002=y 11=A"


def test_a_message_type_that_the_dictionary_does_not_know():
    draft = Draft.of_text("35=UZ|54=1|11=A|34=3|10=000|", FIX44)
    flat = draft.to_flat(FIX44, MOMENT)
    assert (flat.msg_type, flat.body) == ("UZ", [(54, b"1"), (11, b"A")])
    assert (flat.header, flat.trailer) == ([(34, b"3")], [(10, b"000")])


def test_a_group_in_a_group_is_counted():
    legs = DraftGroup(539, ((DraftField(524, "P"), DraftField(538, "1")),))
    draft = Draft("AB", body=(DraftGroup(555, ((DraftField(600, "L"), legs), (DraftField(600, "M"),))),))
    assert body(draft) == "555=2 600=L 539=1 524=P 538=1 600=M"
    assert Draft.of_text(draft.to_text(), FIX44) == draft


def test_a_count_that_is_wrong_on_purpose_stays():
    draft = Draft.of_text("35=D|453=3|448=X|448=Y|", FIX44)
    assert draft.body == (DraftGroup(453, ((DraftField(448, "X"),), (DraftField(448, "Y"),)), "3"),)
    assert body(draft) == "453=3 448=X 448=Y"
    assert Draft.of_json(draft.to_json()) == draft


@pytest.mark.parametrize(("text", "sent"), [("ab|c", "4"), ("é", "2"), ("{seq}", "1"), ("a{byte:01}b", "3")])
def test_the_length_of_data_is_counted(text, sent):
    draft = Draft("B", body=(DraftField(148, "h"), DraftField(355, text)))
    flat = draft.to_flat(FIX44, MOMENT)
    assert flat.body[1] == (354, sent.encode())
    assert "354=" not in draft.to_text()
    assert Draft.of_text(draft.to_text(), FIX44).to_flat(FIX44, MOMENT) == flat


def test_a_length_that_is_wrong_on_purpose_stays():
    draft = Draft.of_text("35=B|148=h|354=9|355=abc|33=0|", FIX44)
    assert DraftField(354, "9") in draft.body
    assert "354=9 355=abc" in body(draft)
    right = Draft.of_text("35=B|148=h|354=3|355=abc|", FIX44)
    assert right.body == (DraftField(148, "h"), DraftField(355, "abc"))


def test_data_in_a_pasted_message_may_hold_the_separator():
    draft = Draft.of_text("8=FIX.4.4|35=B|148=h|354=7|355=a|54=1b|58=x|", FIX44)
    assert draft.body == (DraftField(148, "h"), DraftField(355, "a|54=1b"), DraftField(58, "x"))


RAW = (
    b"8=FIX.4.4\x019=5\x0135=D\x0134=12\x0143=Y\x0149=US\x0150=desk\x0152=20250311-08:00:00\x0156=THEM\x0197=Y\x01"
    b"122=20250311-07:00:00\x01128=END\x0111=A{1}\x0158=na\xefve\x0155=SAP\x0154=1\x0110=123\x01"
)


def test_a_message_to_be_sent_again_is_without_what_belonged_to_its_sending():
    draft = Draft.of_message(RAW, FIX44)
    assert draft.header == (DraftField(128, "END"),)
    assert draft.body[:2] == (DraftField(11, "A{{1}}"), DraftField(58, "na{byte:EF}ve"))
    assert draft.trailer == ()
    flat = draft.to_flat(FIX44, MOMENT)
    assert (11, b"A{1}") in flat.body
    assert (58, b"na\xefve") in flat.body


def test_what_is_to_be_kept_of_a_message_is_kept():
    draft = Draft.of_message(RAW, FIX44, kept={43, 122, 34, 10})
    assert [item.tag for item in draft.header] == [34, 43, 122, 128]
    assert draft.trailer == (DraftField(10, "123"),)


@pytest.mark.parametrize("separator", [b"|", b"^A", b";", b"#", b"^"])
def test_a_message_of_a_log_may_have_any_separator(separator):
    assert Draft.of_message(RAW.replace(b"\x01", separator), FIX44) == Draft.of_message(RAW, FIX44)


def test_a_value_with_the_separator_of_its_log_stays_whole():
    draft = Draft.of_message(b"8=FIX.4.4|9=5|35=B|34=1|148=a|b|c|58=x|10=000|", FIX44)
    assert draft.body == (DraftField(148, "a|b|c"), DraftField(58, "x"))


def test_a_message_type_of_control_characters_is_told():
    with pytest.raises(ComposeError, match=r"MsgType\(35\): expected some letters and digits, found '\{byte:02\}'"):
        Draft.of_message(b"8=FIX.4.4\x019=5\x0135=\x02\x0110=000\x01", FIX44)


@pytest.mark.parametrize("raw", [b"", b"hello", b"8=FIX.4.4\x019=5\x0110=000\x01", b"\x00\xff=", b"0=x"])
def test_what_is_no_message_is_told(raw):
    with pytest.raises(ComposeError, match=r"MsgType\(35\) is missing|is no field"):
        Draft.of_message(raw, FIX44)


def test_the_header_is_in_place_of_what_the_session_would_write():
    draft = Draft.of_text("35=0|8=FIX.9.9|9=7|34={seq-1}|49=ME|112=x|10=000|", FIX44)
    flat = draft.to_flat(FIX44, MOMENT)
    raw = encoded_as_given(b"FIX.4.4", flat, {34: b"7", 49: b"US", 56: b"THEM"})
    assert raw == b"8=FIX.9.9\x019=7\x0135=0\x0134=6\x0149=ME\x0156=THEM\x01112=x\x0110=000\x01"


def test_a_field_of_the_header_is_found_wherever_it_stands():
    draft = Draft.of_text("35=D|453=1|448=X|34=9|447=D|93=3|54=1|89=abc|115=ON|", FIX44)
    assert draft.header == (DraftField(34, "9"), DraftField(115, "ON"))
    assert draft.body == (DraftGroup(453, ((DraftField(448, "X"), DraftField(447, "D")),)), DraftField(54, "1"))
    assert draft.trailer == (DraftField(89, "abc"),)


def test_the_hops_of_a_header_are_a_group():
    draft = Draft.of_text("35=0|627=2|628=A|629=20250311-08:00:00|628=B|", FIX44)
    assert draft.header == (
        DraftGroup(627, ((DraftField(628, "A"), DraftField(629, "20250311-08:00:00")), (DraftField(628, "B"),))),
    )


def test_an_expression_that_is_wrong_is_told_with_its_field():
    with pytest.raises(ComposeError, match=r"^ClOrdID \(11\): \{nwo\} is no expression"):
        Draft.of_text("35=D|11={nwo}|", FIX44).to_flat(FIX44, MOMENT)
    with pytest.raises(ComposeError, match=r"^Password \(554\): an expression is wrong$"):
        Draft.of_text("35=A|554={my-secret}|", FIX44).to_flat(FIX44, MOMENT)
    with pytest.raises(ComposeError, match="a character that UTF-8 does not have"):
        Draft("D", body=(DraftField(58, "\ud800"),)).to_flat(FIX44, MOMENT)


def test_secrets_are_in_no_repr():
    draft = Draft.of_text("35=A|98=0|108=30|95=6|96=secret|553=me|554=secret|925=secret|", FIX44)
    assert "secret" not in repr(draft)
    assert "'me'" in repr(draft)


def test_the_json_of_a_draft():
    value = {
        "msgType": "D",
        "header": [{"tag": 34, "text": "{seq}"}],
        "body": [{"tag": 453, "entries": [[{"tag": 448, "text": "X"}]], "count": "2"}],
    }
    draft = Draft("D", (DraftField(34, "{seq}"),), (DraftGroup(453, ((DraftField(448, "X"),),), "2"),))
    assert draft.to_json() == value
    assert Draft.of_json(value) == draft


DEEP: dict[str, object] = {"tag": 1, "text": "x"}
for _ in range(40):
    DEEP = {"tag": 453, "entries": [[DEEP]]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "expected an object with msgType and body"),
        ([], "expected an object"),
        ({}, "msgType: expected text"),
        ({"msgType": 5}, "msgType: expected text"),
        ({"msgType": "a\x01b"}, "MsgType(35): expected some letters and digits, found 'a\\x01b'"),
        ({"msgType": "D", "body": {}}, "body: expected a list"),
        ({"msgType": "D", "body": [5]}, "body[0]: expected an object with tag and text"),
        ({"msgType": "D", "body": [{"tag": "11", "text": "x"}]}, 'body[0].tag: expected a tag number, found "11"'),
        ({"msgType": "D", "body": [{"tag": True, "text": "x"}]}, "body[0].tag: expected a tag number, found true"),
        ({"msgType": "D", "body": [{"tag": 0, "text": "x"}]}, "body[0].tag: expected a tag number, found 0"),
        ({"msgType": "D", "body": [{"tag": 10**9, "text": "x"}]}, "body[0].tag: expected a tag number"),
        ({"msgType": "D", "header": [{"tag": 11}]}, "header[0].text: expected text"),
        ({"msgType": "D", "body": [{"tag": 11, "text": "x" * 1_000_001}]}, "body[0].text: expected text of at most"),
        ({"msgType": "D", "body": [{"tag": 453, "entries": 2}]}, "body[0].entries: expected a list"),
        ({"msgType": "D", "body": [{"tag": 453, "entries": [5]}]}, "body[0].entries[0]: expected a list"),
        ({"msgType": "D", "body": [{"tag": 453, "entries": [], "count": 2}]}, "body[0].count: expected text"),
        ({"msgType": "D", "body": [DEEP]}, "groups are nested more than 16 deep"),
    ],
)
def test_json_that_is_no_draft_is_told(value, said):
    with pytest.raises(ComposeError) as caught:
        Draft.of_json(value)
    assert said in str(caught.value)


def test_a_dictionary_decides_what_is_a_group():
    text = "35=D|453=1|448=X|54=1|"
    assert Draft.of_text(text, FIX42).body == tuple(
        DraftField(tag, value) for tag, value in ((453, "1"), (448, "X"), (54, "1"))
    )
