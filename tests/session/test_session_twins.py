"""The native twins of what sessions do with each message do exactly what the Python ones do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import standard
from purefix_core.session import incoming_reference
from purefix_core.session.outgoing import ADDED
from purefix_core.session.plain_rules import PlainRulesReference
from purefix_core.session.renewing import RenewerReference
from purefix_core.session.validation_rules import rule_book
from purefix_core.wire import native
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

module = native.module
pytestmark = pytest.mark.skipif(module is None, reason=f"no native module: {native.why_absent}")

FIX44 = standard("FIX44")
FIX50SP2 = combine_fixt(standard("FIXT11"), standard("FIX50SP2"))

TAGS = st.sampled_from(
    [1, 11, 21, 34, 34, 35, 38, 40, 43, 44, 49, 52, 54, 55, 56, 58, 60, 89, 93, 95, 96, 97, 115, 122]
)
ODD_TAGS = st.sampled_from(
    ["0", "-1", "999", "5000", "627", "628", "629", "354", "355", "0034", "999999999", "1000000000"]
)
VALUES = st.one_of(
    st.sampled_from(
        [b"1", b"2", b"Y", b"N", b"", b"100.5", b"-3", b"D", b"AAPL", b"20260121-12:53:20.123", b"3", b"a=b"]
    ),
    st.binary(max_size=8).map(lambda value: value.replace(b"\x01", b"")),
)
FIELDS = st.lists(
    st.tuples(st.one_of(TAGS.map(str), ODD_TAGS).map(str.encode), VALUES).map(lambda pair: b"%b=%b\x01" % pair),
    max_size=25,
)
BODIES = FIELDS.map(lambda fields: b"35=D\x01" + b"".join(fields))
GOOD = BODIES.map(lambda body: sealed(b"FIX.4.4", body, SOH))
WITH_DATA = st.binary(max_size=6).map(
    lambda data: sealed(b"FIX.4.4", b"35=D\x0134=2\x0195=%d\x0196=%b\x0158=x\x01" % (len(data), data), SOH)
)


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A message with some bytes changed, which ends with SOH as every frame does."""
    raw = bytearray(draw(st.one_of(GOOD, WITH_DATA)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(raw) - 2))
        raw[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(raw) if raw.endswith(b"\x01") else bytes(raw) + b"\x01"


FRAMES = st.one_of(GOOD, WITH_DATA, spoiled())


def taken_apart(reader: object, raw: bytes) -> object:
    """Everything that can be asked of a message, or why it is none."""
    try:
        message = reader.parse(raw)  # type: ignore[attr-defined]
    except ValueError as error:
        return str(error)
    tags = {tag for tag, _ in message.fields} | {1, 8, 34, 58}
    asked = {tag: (message.get(tag), message.text(tag), message.is_set(tag)) for tag in tags}
    return message.raw, message.fields, message.msg_type, message.seq_num, asked


@given(FRAMES)
def test_messages_are_taken_apart_alike(raw: bytes) -> None:
    theirs = module.IncomingReader(FIX44.data_tags)  # type: ignore[union-attr]
    assert taken_apart(theirs, raw) == taken_apart(incoming_reference.IncomingReader(FIX44.data_tags), raw)


@given(
    FRAMES,
    st.lists(
        st.tuples(st.sampled_from([34, 43, 49, 52, 56, 122, 369, 627]), st.sampled_from([b"", b"7", b"Y"])), max_size=5
    ),
)
def test_messages_are_renewed_alike(raw: bytes, added: list[tuple[int, bytes]]) -> None:
    wanted = dict(added)
    arguments = sorted(FIX44.header_tags), sorted(FIX44.trailer_tags), sorted(ADDED), FIX44.data_tags
    found = []
    for renewer in (module.Renewer(*arguments), RenewerReference(*arguments)):  # type: ignore[union-attr]
        try:
            found.append(renewer.renewed(raw, b"FIX.4.4", list(wanted.items())))
        except ValueError as error:
            found.append(str(error))
    assert found[0] == found[1]


@given(GOOD, st.sampled_from([FIX44, FIX50SP2]), st.sampled_from(["D", "0", "8", "V"]))
def test_plain_messages_are_found_alike(raw: bytes, definitions: object, msg_type: str) -> None:
    book = rule_book(definitions)  # type: ignore[arg-type]
    rules = book.message(msg_type)
    assert rules is not None
    arguments = rules.book.header.plain, rules.body.plain, rules.book.trailer.plain, rules.required
    try:
        theirs = module.IncomingReader(FIX44.data_tags).parse(raw)  # type: ignore[union-attr]
    except ValueError:
        return
    ours = incoming_reference.IncomingReader(FIX44.data_tags).parse(raw)
    odd = PlainRulesReference(*arguments).odd(ours)
    assert module.PlainRules(*arguments).odd(theirs) == odd  # type: ignore[union-attr]


@given(
    st.binary(max_size=12),
    st.sampled_from(["free", "integer", "decimal", "date", "timestamp", "char", "boolean", "enum"]),
)
def test_values_are_looked_at_alike(value: bytes, kind: str) -> None:
    check_alike(value, kind)


@given(
    st.from_regex(
        rb"-?[0-9]{1,3}\.?[0-9]{0,2}|[12][0-9]{3}[01][0-9][0-3][0-9](-[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,3})?)?",
        fullmatch=True,
    ),
    st.sampled_from(["integer", "decimal", "date", "timestamp"]),
)
def test_values_that_are_nearly_good_are_looked_at_alike(value: bytes, kind: str) -> None:
    check_alike(value, kind)


def check_alike(value: bytes, kind: str) -> None:
    if b"\x01" in value:
        return
    raw = sealed(b"FIX.4.4", b"35=D\x0158=%b\x01" % value, SOH)
    arguments = {}, {58: (kind, [b"Y", b"AB", b""])}, {}, ()
    theirs = module.PlainRules(*arguments).odd(module.IncomingReader({}).parse(raw))  # type: ignore[union-attr]
    assert theirs == PlainRulesReference(*arguments).odd(incoming_reference.IncomingReader({}).parse(raw))
