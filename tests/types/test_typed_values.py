"""Text to Python values and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.datatypes import DATA_TYPES, canonical_type, is_valid
from purefix_core.types.names import attribute_names, identifier, member_names, module_name
from purefix_core.types.values import RawText, UtcTimestamp, enum_for, reader, writer

KINDS = [
    "INT LENGTH SEQNUM NUMINGROUP PRICE QTY FLOAT BOOLEAN CHAR STRING UTCTIMESTAMP UTCDATEONLY LOCALMKTDATE MONTHYEAR "
    "UTCTIMEONLY DATA MULTIPLEVALUESTRING MULTIPLECHARVALUE CURRENCY TZTIMESTAMP"
][0].split()
TYPICAL = st.sampled_from(
    "1 0 -5 007 1.10 -.5 5. Y N y A 20260105 20260230 20260105-14:30:00 20261231-23:59:60.123456789012 A,B EUR "
    "99999999999999999999999999999999999999 1e5 NaN +1 １".split(" ")
)


@given(st.sampled_from(KINDS), st.one_of(TYPICAL.map(str.encode), st.binary(max_size=20)))
def test_reading_never_fails_and_what_is_valid_has_its_type(kind: str, raw: bytes) -> None:
    value = reader(kind, None)(raw)
    text = raw.decode("utf-8", "replace")
    if isinstance(value, RawText):
        assert not is_valid(kind, text) or len(raw) > 38 or kind == "UTCTIMESTAMP" or "\ufffd" in text
    elif kind in ("INT", "PRICE", "BOOLEAN", "UTCTIMESTAMP", "LOCALMKTDATE"):
        assert is_valid(kind, text)


@given(st.sampled_from(KINDS), st.one_of(TYPICAL.map(str.encode), st.binary(min_size=1, max_size=20)))
def test_what_was_read_can_be_written_and_is_read_alike(kind: str, raw: bytes) -> None:
    value = reader(kind, None)(raw)
    if b"\x01" in raw and kind not in DATA_TYPES:
        with pytest.raises(ValueError, match="SOH"):
            writer(kind)(value)
    else:
        assert reader(kind, None)(writer(kind)(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**15), max_value=10**15))
def test_decimals_keep_their_digits(value: Decimal) -> None:
    raw = writer("PRICE")(value)
    assert b"E" not in raw
    back = reader("PRICE", None)(raw)
    assert isinstance(back, Decimal)
    assert back.as_tuple().digits == value.as_tuple().digits or value == 0
    assert back == value


@given(st.integers(-(10**18), 4 * 10**18))
def test_timestamps_keep_their_nanoseconds(nanos: int) -> None:
    value = UtcTimestamp(nanos)
    assert UtcTimestamp.parse(str(value)) == value
    assert reader("UTCTIMESTAMP", None)(writer("UTCTIMESTAMP")(value)) == value
    assert abs(value.datetime.timestamp() - nanos / 1e9) < 0.001


def test_timestamps_from_other_times() -> None:
    moment = dt.datetime(2026, 1, 5, 15, 30, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert str(UtcTimestamp.from_datetime(moment)) == "20260105-14:30:00.123456"
    assert str(UtcTimestamp.parse(b"20260105-14:30:00.120")) == "20260105-14:30:00.120"
    assert str(UtcTimestamp.parse("20260105-14:30:00")) == "20260105-14:30:00.000"
    assert UtcTimestamp.parse("20260105-14:30:00.000").text(0) == "20260105-14:30:00"
    assert writer("TIME")(UtcTimestamp.parse("20260105-14:30:00")) == b"20260105-14:30:00"
    assert writer("UTCTIMESTAMP")(UtcTimestamp.parse("20260105-14:30:00")) == b"20260105-14:30:00.000"
    assert repr(UtcTimestamp.parse("20260105-14:30:00")) == "UtcTimestamp.parse('20260105-14:30:00.000')"
    assert UtcTimestamp.now() % 1_000_000 == 0
    assert UtcTimestamp.now(0) % 1_000_000_000 == 0
    with pytest.raises(ValueError, match="'yesterday' is no UTCTimestamp"):
        UtcTimestamp.parse("yesterday")


def test_enum_of_numbers_and_of_text() -> None:
    numbers = enum_for("Role", "INT", {"1": "EXECUTING_FIRM", "-2": "OTHER"})
    assert numbers(1).name == "EXECUTING_FIRM"
    assert numbers(-2) == -2
    text = enum_for("Code", "INT", {"1": "ONE", "01": "ALSO_ONE"})
    assert [each.value for each in text] == ["1", "01"]
    assert reader("INT", text)(b"01") is text("01")
    assert reader("INT", text)(b"2") == 2
    assert reader("MULTIPLECHARVALUE", enum_for("Inst", "MULTIPLECHARVALUE", {"G": "AON"}))(b"G x") == ("G", "x")


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=12), min_size=1, max_size=30))
def test_every_value_has_a_member_of_its_own(meanings: dict[str, str]) -> None:
    names = member_names(meanings)
    assert list(names) == list(meanings)
    assert len(set(names.values())) == len(meanings)
    enum = enum_for("Any", "STRING", meanings)
    assert {each.value: each.name for each in enum} == names
    assert all(name.isidentifier() and name.isascii() for name in names.values())


@given(st.lists(st.text(max_size=12), max_size=20))
def test_attributes_are_identifiers_and_unique(names: list[str]) -> None:
    pairs = attribute_names([(name, str(5000 + tag)) for tag, name in enumerate(names)], {"parse", "header"})
    found = [each for pair in pairs for each in pair]
    assert len(set(found)) == 2 * len(names)
    assert not {"parse", "header"} & set(found)
    assert all(name.isidentifier() and name.isascii() and not name.startswith("_") for name in found)


@pytest.mark.parametrize(
    ("name", "attribute", "module"),
    [
        ("NewOrderSingle", "NewOrderSingle", "new_order_single"),
        ("XMLnonFIX", "XMLnonFIX", "xm_lnon_fix"),
        ("IOI", "IOI", "ioi"),
        ("class", "class_", "class_"),
        ("__init__", "init", "init"),
        ("", "F", "f"),
        ("2nd", "F2nd", "f2nd"),
        ("a b-c", "a_b_c", "a_b_c"),
        ("Zürich", "Z_rich", "z_rich"),
    ],
)
def test_identifiers(name: str, attribute: str, module: str) -> None:
    assert (identifier(name), module_name(name)) == (attribute, module)


def test_every_type_that_dictionaries_use_has_both_ways() -> None:
    for kind in KINDS:
        assert canonical_type(kind) == kind
        assert writer(kind)(reader(kind, None)(b"Y")) == b"Y"
