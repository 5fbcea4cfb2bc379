"""What is told of a draft before it is sent."""

from __future__ import annotations

import pytest

from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.checking import Problem, field_problem, problems_of
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup
from purefix_core.session.compose.form import form_of

FIX44 = standard("FIX44")
ORDER = "35=D|11=A|55=SAP|54=1|60={now}|40=1|"


def told(text: str) -> list[tuple[str, str]]:
    return [(each.severity, each.text) for each in problems_of(Draft.of_text(text, FIX44), FIX44)]


def test_an_order_that_is_right():
    assert told(ORDER) == []


@pytest.mark.parametrize(
    ("more", "severity", "text"),
    [
        ("38=abc", "error", "OrderQty (38): 'abc' is not a valid QTY"),
        ("44=1,5", "error", "Price (44): '1,5' is not a valid PRICE"),
        ("126=2025", "error", "ExpireTime (126): '2025' is not a valid UTCTIMESTAMP"),
        ("114=yes", "error", "LocateReqd (114): 'yes' is no value; it may mean Y (YES)"),
        ("59=x", "error", "TimeInForce (59): 'x' is not one of its 8 values"),
        ("15=USDT", "warning", "Currency (15): 'USDT' is not a valid CURRENCY"),
        ("58=", "error", "Text (58) has no value"),
        ("58={nwo}", "error", "Text (58): {nwo} is no expression"),
        ("58={", "error", "Text (58): a single { belongs to no expression"),
        ("58=a{byte:01}b", "error", "Text (58): the value holds SOH (byte 1), which ends a field"),
        ("9999=x", "warning", "Tag 9999 is not defined for NewOrderSingle"),
        ("9999=", "error", "Tag 9999 has no value"),
        ("3999=x", "error", "Tag 3999 is not defined for NewOrderSingle"),
        ("150=0", "error", "ExecType (150) is not defined for NewOrderSingle"),
        ("447=D", "error", "PartyIDSource (447) is out of place: it belongs to the group NoPartyIDs (453)"),
        ("58=a|58=b", "error", "Text (58) appears twice"),
        ("58=a|58=b|58=c", "error", "Text (58) appears 3 times"),
        ("354=9|355=abc", "warning", "EncodedTextLen (354) says 9, EncodedText (355) has 3 bytes"),
        ("453=2|448=X", "warning", "NoPartyIDs (453) says 2, there is 1 entry"),
        ("453=9|448=X|448=Y", "warning", "NoPartyIDs (453) says 9, there are 2 entries"),
        ("453=1|447=D", "error", "Entry 1 of NoPartyIDs (453) must begin with PartyID (448)"),
        ("453=1|448=X|447=é!", "error", "PartyIDSource (447): 'é!' is not a valid CHAR"),
        ("34=x", "error", "MsgSeqNum (34): 'x' is not a valid SEQNUM"),
    ],
)
def test_what_is_wrong_is_told(more, severity, text):
    assert [kind for kind, said in told(f"{ORDER}{more}|") if said.startswith(text)] == [severity]


@pytest.mark.parametrize("more", ["38={seq}", "59={uuid}", "126={now+1h}", "355={byte:01}", "58={{x}}", "34={seq-1}"])
def test_expressions_are_taken_for_right(more):
    assert told(f"{ORDER}{more}|") == []


def test_names_of_a_scenario_are_expressions():
    draft = Draft.of_text(f"{ORDER}38={{order.38}}|", FIX44)
    assert [each.tag for each in problems_of(draft, FIX44)] == [38]
    assert problems_of(draft, FIX44, {"order.38"}) == []
    assert field_problem(FIX44.field(38), "{order.38}", {"order.38"}) == ""


def test_what_is_missing_is_a_warning():
    assert told("35=D|") == [
        ("warning", "Required field missing: ClOrdID (11)"),
        ("warning", "Required field missing: Side (54)"),
        ("warning", "Required field missing: TransactTime (60)"),
        ("warning", "Required field missing: OrdType (40)"),
    ]
    assert told("35=0|") == []


def test_the_length_of_data_is_not_missing():
    fix42 = standard("FIX42")
    logon = fix42.message("A")
    assert {95, 96} <= set(logon.level.slots)
    assert told("35=A|98=0|108=30|96=abc|") == []


DICTIONARY = """<fix type="FIX" major="4" minor="4"><header><field name="BeginString" required="Y"/></header>
<trailer><field name="CheckSum" required="Y"/></trailer>
<messages><message name="Note" msgtype="U1" msgcat="app"><component name="Optional" required="N"/>
<component name="Always" required="Y"/></message></messages>
<components><component name="Optional"><field name="One" required="Y"/><field name="Two" required="N"/></component>
<component name="Always"><field name="Three" required="Y"/></component></components>
<fields><field number="8" name="BeginString" type="STRING"/><field number="10" name="CheckSum" type="STRING"/>
<field number="6001" name="One" type="INT"/><field number="6002" name="Two" type="INT"/>
<field number="6003" name="Three" type="INT"/></fields></fix>"""


def test_what_is_required_in_a_component_is_missing_where_the_component_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "sample.xml").write_text(DICTIONARY)
    definitions = load_dictionary(tmp_path / "sample.xml")
    form = form_of(definitions, "U1")
    assert [(member.name, member.required) for member in form.members] == [
        ("Three", True),
        ("One", False),
        ("Two", False),
    ]

    def missing(text: str) -> list[int]:
        return [each.tag for each in problems_of(Draft.of_text(text, definitions), definitions)]

    assert missing("35=U1|") == [6003]
    assert missing("35=U1|6003=1|") == []
    assert missing("35=U1|6002=1|") == [6001, 6003]


def test_a_problem_says_where_it_is():
    parties = DraftGroup(453, ((DraftField(448, "X"),), (DraftField(448, "Y"), DraftField(452, "z")), ()))
    draft = Draft("D", body=(*Draft.of_text(ORDER, FIX44).body, parties))
    assert problems_of(draft, FIX44) == [
        Problem((453, 1, 452), 452, "PartyRole (452): 'z' is not a valid INT", "error"),
        Problem((453, 2), 453, "Entry 3 of NoPartyIDs (453) has no field", "error"),
    ]


def test_a_group_written_as_a_field_is_told():
    draft = Draft("D", body=(*Draft.of_text(ORDER, FIX44).body, DraftField(453, "2")))
    assert [each.text for each in problems_of(draft, FIX44)] == [
        "NoPartyIDs (453) counts the entries of a group; add entries to it"
    ]


def test_a_field_of_the_header_in_the_body_is_told():
    draft = Draft("0", body=(DraftField(34, "5"), DraftField(10, "000"), DraftField(97, "Y")))
    assert [each.text for each in problems_of(draft, FIX44)] == [
        "MsgSeqNum (34) is out of place: it belongs to the header",
        "CheckSum (10) is out of place: it belongs to the trailer",
        "PossResend (97) is out of place: it belongs to the header",
    ]


def test_a_message_type_that_is_not_defined_is_told_once():
    assert told("35=UZ|54=1|9999=x|453=1|") == [("warning", "MsgType 'UZ' is not defined in FIX44")]
    assert told("35=UZ|54=Z|") == [
        ("warning", "MsgType 'UZ' is not defined in FIX44"),
        ("error", "Side (54): 'Z' is not one of its 16 values"),
    ]


def test_the_mask_of_a_password_is_told():
    assert told("35=A|98=0|108=30|554=***|") == [
        ("warning", "Password (554): *** stands for what is not shown; write the value itself")
    ]


def test_a_group_that_a_dictionary_has_as_plain_fields_is_right():
    fix40 = standard("FIX40")
    draft = Draft.of_text("35=B|33=2|58=a|58=b|", fix40)
    assert problems_of(draft, fix40) == []


def test_values_of_secrets_are_not_told():
    assert told("35=A|98=0|108=30|95=hunter2|554={hunter2}|") == [
        ("error", "RawDataLength (95): 'hunter2' is not a valid LENGTH"),
        ("error", "Password (554): an expression is wrong"),
    ]


def test_many_problems_are_not_all_told():
    text = "35=D|" + "58=|" * 5000
    assert len(told(text)) == 500


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        (38, "10", ""),
        (38, "", "OrderQty (38) has no value"),
        (38, "x{seq}", ""),
        (38, "1{{", "OrderQty (38): '1{' is not a valid QTY"),
        (60, "{now", "TransactTime (60): a single { belongs to no expression; write {{ for a brace"),
        (58, "a\ud800", "Text (58): the value holds a character that UTF-8 does not have"),
        (58, "a{byte:FF}", ""),
        (554, "{x", "Password (554): an expression is wrong"),
    ],
)
def test_a_field_alone(tag, text, said):
    assert field_problem(FIX44.field(tag), text) == said
