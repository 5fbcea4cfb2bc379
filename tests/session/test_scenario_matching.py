"""Names in filter expressions, and messages as filters see them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.standard import standard
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.scenario.names import filled_expression
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

READER = Reader(standard("FIX44"))


def message(*fields: str) -> bytes:
    return sealed(b"FIX.4.4", "".join(f"{field}\x01" for field in fields).encode(), SOH)


def passes(condition: str, raw: bytes, **values: str) -> bool:
    received = READER.received(raw)
    return READER.condition(condition, values).matches(received.entry, received.message)


ORDER = message("35=D", "34=7", "49=CLIENT", "52=20260131-16:30:45.125", "56=VENUE", "11=A 1", "54=1", "38=100.0")


def test_conditions_see_what_a_log_would_have() -> None:
    for condition in (
        "type = NewOrderSingle",
        "seq = 7",
        "seq 5..9",
        "sender = CLIENT and target = VENUE and session = VENUE",
        "time = 16:30:45",
        "time >= 2026-01-31",
        "dir = in",
        "Side = Buy",
        "OrderQty = 100",
        "'11=a 1'",
        "not flag:broken and not flag:admin and not flag:possdup",
    ):
        assert passes(condition, ORDER), condition
    assert passes("flag:possdup", message("35=D", "34=7", "43=Y"))
    assert passes("flag:checksum and not flag:bodylength", ORDER[:-4] + b"999\x01")
    assert passes("flag:bodylength", ORDER.replace(b"11=A 1", b"11=A"))
    assert passes("flag:truncated", ORDER[:-7])
    assert passes("seq = 99999999999", message("35=D", "34=99999999999"))
    assert not passes("seq >= 0", message("35=D"))


def test_values_stand_for_names() -> None:
    assert passes("ClOrdID = {id}", ORDER, id="A 1")
    assert not passes("ClOrdID = {id}", ORDER, id="A")
    assert passes("ClOrdID ~ '^{id} [0-9]{1}$'", ORDER, id="A")
    assert passes("seq = {n} and OrderQty = {qty}", ORDER, n="7", qty="100")
    assert passes("Side = {side}", ORDER, side="Buy")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x01"), min_size=1, max_size=20))
def test_any_value_is_found_as_it_is(value: str) -> None:
    raw = message("35=D", f"11={value}")
    assert passes("ClOrdID = {id}", raw, id=value)
    assert passes("ClOrdID in ({id}, x)", raw, id=value)
    assert not passes("ClOrdID = {id}", message("35=D", f"11={value}!"), id=value)


def test_braces_that_are_no_names_stay() -> None:
    assert filled_expression(r"11 ~ ^\d{3}$ and 11 = {a}", {"a": "x'y"}) == r"11 ~ ^\d{3}$ and 11 = 'x''y'"
    assert filled_expression("'{a}' and \"{a}\"", {"a": "1'\""}) == "'1''\"' and \"1'\"\"\""


def test_a_message_is_shown_in_one_line_without_secrets() -> None:
    shown = READER.shown(message("35=A", "34=1", "553=me", "554=hidden\x1b", "58=\x1b[2Jhidden\x1b"))
    assert "hidden" not in shown
    assert shown.isprintable()
    assert "|553=me|554=***|" in shown
    assert len(READER.shown(message("35=B", "58=" + "x" * 100_000))) == 10_000
