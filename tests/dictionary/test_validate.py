"""Findings about the message as a whole and about single values, in the words that users read."""

from __future__ import annotations

import pytest
from dictionary_samples import HEADER, ORDER, decoded, load_sample, message, raw_message, texts

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.standard import standard
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import CARET_A, PIPE

FIX44 = standard("FIX44")


def test_a_healthy_message_has_no_findings():
    assert decode(message(ORDER), FIX44).findings == ()


def test_body_length_and_checksum():
    raw = message(ORDER).raw
    wrong = raw.replace(b"\x019=118\x01", b"\x019=115\x01")
    assert wrong != raw
    assert texts(decode(FixMessage.parse(wrong), FIX44)) == [
        "BodyLength (9) says 115, the message has 118 bytes",
        f"CheckSum (10) says {raw[-4:-1].decode()}, computed {(int(raw[-4:-1]) - 3) % 256:03d}",
    ]
    computed = raw[-4:-1].decode()
    changed = FixMessage.parse(raw[:-4] + b"7\x01")
    assert texts(decode(changed, FIX44)) == [f"CheckSum (10) says 7, computed {computed}"]


@pytest.mark.parametrize("separator", [PIPE, CARET_A])
def test_printed_separators_count_as_on_the_wire(separator):
    printed = message(ORDER).raw.replace(b"\x01", separator.text)
    assert decode(FixMessage.parse(printed, separator), FIX44).findings == ()


def test_a_message_without_its_trailer():
    raw = message(ORDER).raw
    cut = FixMessage.parse(raw[: raw.index(b"10=")])
    (finding,) = decode(cut, FIX44).findings
    assert (finding.severity, finding.code, finding.tag) == ("error", "truncated", 10)
    assert finding.text == "The message ends without CheckSum (10): it is cut off"
    assert finding.start == len(cut.raw)


def cut_texts(text):
    return texts(decode(FixMessage.parse(text.replace("|", "\x01").encode()), FIX44))


CUT_OFF = "The message ends without CheckSum (10): it is cut off"
CUT_ORDER = "8=FIX.4.4|9=5|35=D|34=1|49=A|56=B|52=20260105-09:30:00|11=ORD1|"


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "55=AAPL|",
        "5",
        "54=",
        "60=2026010",
        "453=2|448=A|447=D|452=1|",
        "453=2|448=A|447=D|452=1|448",
        "453=1|448=A|802=2|523=X|",
        "453=2|",
        "354=20|355=half of",
    ],
)
def test_what_is_only_cut_off_is_not_found_missing(rest):
    assert cut_texts(CUT_ORDER + rest) == [CUT_OFF]


def test_a_message_that_is_cut_off_in_its_header():
    assert cut_texts("8=FIX.4.4|9=5|35=D|34=1|") == [CUT_OFF]


def test_that_it_is_cut_off_is_said_before_what_is_wrong_all_the_same():
    assert cut_texts(CUT_ORDER + "54=ABC|453=1|448=A|447=D|452=1|448=B|447=D|452=1|55=AAPL|") == [
        CUT_OFF,
        "Side (54): 'ABC' is not a valid CHAR",
        "NoPartyIDs (453) says 1, 2 entries follow",
    ]
    assert cut_texts(CUT_ORDER + "453=3|448=A|447=D|452=1|55=AAPL|")[1:] == ["NoPartyIDs (453) says 3, 1 entry follows"]


def test_the_first_three_fields():
    found = texts(decode(raw_message("8=FIX.4.4|35=0|9=5|10=000|"), FIX44))
    assert found[0] == "The message must begin with tags 8, 9, 35, it begins with 8, 35, 9"
    assert texts(decode(raw_message(""), FIX44))[1].endswith("it begins with nothing")


def test_required_fields():
    result = decoded("11=ORD1|55=AAPL|60=20260105-09:30:00|38=1|40=2|")
    (finding,) = result.findings
    assert (finding.code, finding.tag, finding.text) == ("required", 54, "Required field missing: Side (54)")
    header = decode(message(ORDER, header=HEADER.replace("34=2|", "")), FIX44)
    assert texts(header) == ["Required field missing: MsgSeqNum (34)"]


def test_required_fields_of_an_optional_component_count_once_it_is_there(tmp_path):
    fields = (
        "<field number='35' name='MsgType' type='STRING'/>"
        "<field number='600' name='A' type='INT'/><field number='601' name='B' type='INT'/>"
    )
    definitions = load_sample(
        tmp_path,
        fields,
        "<message name='M' msgtype='U1' msgcat='app'><component name='C' required='N'/></message>",
        "<component name='C'><field name='A' required='Y'/><field name='B' required='N'/></component>",
    )

    def required(text):
        return [f.text for f in decode(raw_message(text), definitions).findings if f.code == "required"]

    assert "Required field missing: A (600)" in required("8=x|35=U1|601=1|10=000|")
    assert required("8=x|35=U1|10=000|") == []


@pytest.mark.parametrize(
    ("field", "severity", "text"),
    [
        ("54=Z", "error", "Side (54): 'Z' is not one of its 16 values"),
        ("54=ZZ", "error", "Side (54): 'ZZ' is not a valid CHAR"),
        ("38=abc", "error", "OrderQty (38): 'abc' is not a valid QTY"),
        ("58=", "error", "Text (58) has no value"),
        ("18=G ?", "error", "ExecInst (18): '?' is not one of its 40 values"),
        ("114=y", "error", "LocateReqd (114): 'y' is not a valid BOOLEAN"),
        ("126=20260230-00:00:00", "error", "ExpireTime (126): '20260230-00:00:00' is not a valid UTCTIMESTAMP"),
        ("15=USDT", "warning", "Currency (15): 'USDT' is not a valid CURRENCY"),
        ("847=1000", "warning", "TargetStrategy (847): '1000' is not one of its 3 values"),
        ("847=7", "error", "TargetStrategy (847): '7' is not one of its 3 values"),
        ("18=" + "x" * 99, "error", "ExecInst (18): '" + "x" * 39 + "…' is not one of its 40 values"),
    ],
)
def test_values(field, severity, text):
    tag = field.split("=")[0]
    kept = "".join(f"{piece}|" for piece in ORDER.split("|")[:-1] if not piece.startswith(f"{tag}="))
    (finding,) = decoded(kept + field + "|").findings
    assert (finding.severity, finding.text, finding.tag) == (severity, text, int(tag))


def test_values_that_only_look_wrong():
    assert decoded("23=I|28=N|55=A|54=1|27=2500|", "6").findings == ()  # a number of shares beside S, M and L
    assert decoded(ORDER + "18=G 9|59=0|").findings == ()
    assert decoded(ORDER + "847=01|").findings == ()  # leading zeros are allowed


def test_char_was_free_text_before_fix42():
    order = "11=long id|21=1|55=AAPL|54=1|38=100|40=1|18=1 9|109=ACME|"
    assert decoded(order, "D", "FIX40").findings == ()
    assert texts(decoded(order.replace("54=1", "54=77"), "D", "FIX40")) == [
        "Side (54): '77' is not one of its 6 values"
    ]
    (finding,) = decoded("11=1|21=22|55=A|54=1|60=20260105-09:30:00|38=1|40=1|", "D", "FIX42").findings
    assert finding.text == "HandlInst (21): '22' is not a valid CHAR"


def test_lists_that_the_dictionary_calls_open(tmp_path):
    fields = (
        "<field number='35' name='MsgType' type='STRING'/>"
        "<field number='600' name='Open' type='STRING' allowOtherValues='Y'><value enum='A' description='X'/></field>"
        "<field number='6001' name='Own' type='STRING'><value enum='A' description='X'/></field>"
    )
    body = "<field name='Open' required='N'/><field name='Own' required='N'/>"
    definitions = load_sample(tmp_path, fields, f"<message name='M' msgtype='U1' msgcat='app'>{body}</message>")
    found = [f for f in decode(raw_message("8=x|35=U1|600=B|6001=B|10=000|"), definitions).findings if f.code == "enum"]
    assert [(f.severity, f.text) for f in found] == [("warning", "Own (6001): 'B' is not 'A'")]


def test_the_length_of_a_data_field():
    assert texts(decoded(ORDER + "354=5|355=abc|")) == ["EncodedTextLen (354) says 5, EncodedText (355) has 3 bytes"]
    assert texts(decoded(ORDER + "354=003|355=abc|")) == []


def test_secrets_do_not_appear_in_findings(tmp_path):
    fields = (
        "<field number='35' name='MsgType' type='STRING'/><field number='554' name='Password' type='INT'/>"
        "<field number='925' name='NewPassword' type='STRING'><value enum='x' description='X'/></field>"
    )
    body = "<field name='Password' required='N'/><field name='NewPassword' required='N'/>"
    definitions = load_sample(tmp_path, fields, f"<message name='Logon' msgtype='A' msgcat='admin'>{body}</message>")
    found = " ".join(texts(decode(raw_message("8=x|35=A|554=hunter2|925=hunter3|10=000|"), definitions)))
    assert "hunter" not in found
    assert "Password (554): '***' is not a valid INT" in found


def test_findings_stand_in_the_order_of_the_message():
    starts = [finding.start for finding in decoded("54=Z|38=x|9999=1|40=2|55=|").findings]
    assert starts == sorted(starts)
    assert len(starts) > 4


def test_nobody_reads_a_million_findings():
    result = decoded("".join(f"{tag}=1|" for tag in range(20_000, 23_000)))
    assert len(result.findings) == 501
    assert result.findings[-1].text.endswith("more findings")
