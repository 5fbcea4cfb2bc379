"""Which text is valid for each FIX type, and what it becomes in JSON."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.datatypes import DECIMAL_TYPES, INTEGER_TYPES, canonical_type, is_valid, typed_value
from purefix_core.dictionary.json_text import json_text

VALID = {
    "INT": ["0", "-7", "007", "12345678901234567890"],
    "SEQNUM": ["1", "0002"],
    "LENGTH": ["12"],
    "DAYOFMONTH": ["1", "31", "09"],
    "PRICE": ["1.10", "-3", "5.", ".5", "00023.230", "-.5"],
    "QTY": ["100", "0.001"],
    "CHAR": ["A", " ", "é"],
    "BOOLEAN": ["Y", "N"],
    "STRING": ["anything at all"],
    "MULTIPLECHARVALUE": ["A", "A B 1"],
    "MULTIPLEVALUESTRING": ["AV AN A", "x"],
    "CURRENCY": ["EUR"],
    "COUNTRY": ["DE"],
    "EXCHANGE": ["N", "XETR"],
    "MONTHYEAR": ["202601", "20260131", "202601w2", "202601W5"],
    "UTCDATE": ["20240229"],
    "LOCALMKTDATE": ["20260105"],
    "DATE": ["20260105"],
    "UTCTIMEONLY": ["23:59:60", "09:30:00.123456789"],
    "LOCALMKTTIME": ["09:30:00"],
    "UTCTIMESTAMP": ["20260105-09:30:00", "20260105-09:30:00.123", "00010101-00:00:00.000000000001"],
    "TIME": ["20091224-00:04:31"],
    "TZTIMEONLY": ["07:39Z", "02:39-05", "15:39:00+08", "13:09+05:30", "07:39:12.5"],
    "TZTIMESTAMP": ["20060901-07:39Z", "20060901-02:39-05", "20060901-13:09:00.5+05:30"],
    "TENOR": ["D5", "M3", "W13", "Y1"],
    "XMLDATA": ["<a/>"],
    "SOMETHINGELSE": ["free"],
}
INVALID = {
    "INT": ["", "1.0", "+1", "a", "--1", "١", "1 "],
    "SEQNUM": ["-1", "²"],
    "DAYOFMONTH": ["0", "32", "001"],
    "PRICE": [".", "-", "1e5", "1,000", "NaN", "Infinity", "1.2.3", "+1"],
    "CHAR": ["AB"],
    "BOOLEAN": ["y", "1", "YES"],
    "MULTIPLECHARVALUE": ["AB", "A  B", "A "],
    "MULTIPLEVALUESTRING": ["A  B", " A"],
    "CURRENCY": ["EURO", "E1R"],
    "COUNTRY": ["DEU"],
    "MONTHYEAR": ["2026", "202613", "20260132", "202601w6", "202601x1", "202613w1"],
    "UTCDATE": ["20230229", "20261301", "2026-01-05", "00000101"],
    "UTCTIMEONLY": ["24:00:00", "09:60:00", "9:30:00", "09:30", "09:30:00."],
    "UTCTIMESTAMP": ["20260105", "20260105 09:30:00", "20260230-00:00:00", "20260105-09:30:61", "20260105-09:30:00Z"],
    "TIME": ["09:30:00"],
    "TZTIMEONLY": ["07:39ZZ", "25:00Z", "07:39+15", "07:39+05:60"],
    "TZTIMESTAMP": ["20060931-07:39Z", "20060901"],
    "TENOR": ["5D", "M0"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in VALID.items() for text in texts])
def test_valid(kind, text):
    assert is_valid(kind, text)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in INVALID.items() for text in texts])
def test_invalid(kind, text):
    assert not is_valid(kind, text)


def test_canonical_type():
    assert canonical_type(" char ") == "CHAR"
    assert canonical_type("Quantity") == "QTY"
    assert canonical_type("MONTH-YEAR") == "MONTHYEAR"
    assert canonical_type("MultipleStringValue") == "MULTIPLESTRINGVALUE"
    assert canonical_type("blob") is None


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("PRICE", "1.10", "1.10"),
        ("PRICE", "150.2500000", "150.2500000"),
        ("PRICE", "00023.23", "23.23"),
        ("PRICE", ".5", "0.5"),
        ("PRICE", "5.", "5"),
        ("PRICE", "-0.0", "-0.0"),
        ("QTY", "0.0000001", "0.0000001"),
        ("QTY", "123456789012345678901234567890", "123456789012345678901234567890"),
        ("QTY", "9" * 5000, '"' + "9" * 5000 + '"'),
        ("INT", "9" * 5000, '"' + "9" * 5000 + '"'),
        ("INT", "007", "7"),
        ("INT", "-5", "-5"),
        ("INT", "5a", '"5a"'),
        ("PRICE", "1e5", '"1e5"'),
        ("BOOLEAN", "Y", "true"),
        ("BOOLEAN", "N", "false"),
        ("BOOLEAN", "y", '"y"'),
        ("STRING", "12", '"12"'),
        ("CHAR", "1", '"1"'),
        ("STRING", 'quote " and \x01', '"quote \\" and \\u0001"'),
    ],
)
def test_json_of_a_value(kind, text, expected):
    assert json_text(typed_value(kind, text)) == expected
    json.loads(expected)


@given(st.sampled_from(sorted(DECIMAL_TYPES | INTEGER_TYPES | {"BOOLEAN", "STRING"})), st.text())
def test_every_text_becomes_json_and_never_another_number(kind, text):
    value = typed_value(kind, text)
    back = json.loads(json_text(value), parse_float=Decimal, parse_int=Decimal)
    if isinstance(value, str):
        assert back == text
    elif isinstance(value, bool):
        assert back is (text == "Y")
    else:
        assert is_valid("PRICE", text)
        assert back == Decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_keep_their_digits(number):
    assert json_text(typed_value("PRICE", format(number, "f"))) in (format(number, "f"), f'"{number:f}"')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_text_says_what_the_json_module_reads(value):
    assert json.loads(json_text(value)) == value


@given(st.sampled_from(sorted(VALID)), st.text())
def test_no_text_breaks_a_check(kind, text):
    assert is_valid(kind, text) in (True, False)
