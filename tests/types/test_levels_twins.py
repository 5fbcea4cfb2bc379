"""The levels of both implementations are the same, and those that the decoder finds, whatever the message holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from level_helpers import BOTH, NEEDS_NATIVE, ORDER, content, make_shape, shape_of_message

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.nodes import ComponentNode, GroupNode
from purefix_core.dictionary.standard import name_for_begin_string, standard
from purefix_core.types import levels_reference
from purefix_core.wire import native
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SOH

_SEPARATORS = st.sampled_from([b"\x01", b"|", b"^A", b";", b"||", b"=", b"5", b"1=", b"\x01\x80", b"\xff"])
_TAGS = (8, 35, 11, 55, 58, 10, 453, 448, 447, 452, 802, 523, 803, 78, 79, 80, 539, 524, 525, 90, 91, 9999, 70_000)
_HEADS = st.sampled_from(
    [*(b"%d=" % tag for tag in _TAGS), b"", b"=", b"0=", b"0055=", b"1234567890=", b"44", b"\xb2="]
)
_VALUES = st.sampled_from(b"0 1 2 3 4 5 11 12 999999999 9999999999 x 35=D EUR/USD 1\xff |448=P| \x01 ^A ^".split(b" "))
_FIELDS = st.lists(st.tuples(_HEADS, st.one_of(_VALUES, st.just(b""), st.binary(max_size=20))), max_size=40)


@st.composite
def _messages(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A message in bytes, some of them changed, and its separator."""
    separator = draw(_SEPARATORS)
    raw = bytearray(b"".join(head + value + separator for head, value in draw(_FIELDS)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(raw)))
        raw[at : at + draw(st.integers(0, 3))] = draw(st.one_of(st.binary(max_size=3), st.just(separator)))
    return bytes(raw[: len(raw) - draw(st.sampled_from([0, 0, 0, 1, 2, 7]))]), separator


@NEEDS_NATIVE
@given(_messages())
def test_both_find_the_same_levels(message):
    raw, separator = message
    found = []
    for levels in (levels_reference, native.module):
        level = levels.parse_level(raw, separator, make_shape(levels, ORDER, {90: 91, 55: 524}))
        assert (level.start, level.end) == (0, len(raw))
        found.append(content(level, (0, *_TAGS)))
    assert found[0] == found[1]


@NEEDS_NATIVE
@given(st.binary(max_size=80), st.binary(min_size=1, max_size=2))
def test_both_find_the_same_levels_in_any_bytes(raw, separator):
    found = [
        content(levels.parse_level(raw, separator, make_shape(levels, ORDER)), (0, *_TAGS))
        for levels in (levels_reference, native.module)
    ]
    assert found[0] == found[1]


@NEEDS_NATIVE
@given(_messages(), st.dictionaries(st.sampled_from(_TAGS), st.none() | st.binary(max_size=9), max_size=5))
def test_both_splice_alike(message, pieces):
    raw, separator = message
    found = [
        levels.parse_level(raw, separator, make_shape(levels, ORDER)).spliced(pieces)
        for levels in (levels_reference, native.module)
    ]
    assert found[0] == found[1]


def _spread(nodes):
    """The nodes of a level, those of components among them."""
    for node in nodes:
        if isinstance(node, ComponentNode):
            yield from _spread(node.children)
        else:
            yield node


def _assert_is(level, nodes) -> int:
    """Hold a level against decoded nodes; how many entries of groups were compared."""
    compared = 0
    places, seen = [], set()
    for node in _spread(nodes):
        field = node.field if isinstance(node, GroupNode) else node
        places.append((field.tag_start, field.tag))
        if field.tag in seen:
            continue
        seen.add(field.tag)
        assert level.value(field.tag) == field.raw
        entries = level.entries(field.tag)
        if isinstance(node, GroupNode):
            for entry, decoded in zip(entries, node.entries, strict=True):
                compared += 1 + _assert_is(entry, decoded.children)
        else:
            assert entries == []
    assert [(start, tag) for tag, start, _ in level.pieces()] == sorted(places)
    return compared


_MESSAGE = re.compile(rb"8=FIXT?\.\d\.\d\x019=\d+\x01.*?\x0110=\d{3}\x01", re.DOTALL)
_MISPLACED = {"out-of-place", "undefined", "malformed", "repeated"}
"""Findings of fields that the decoder, for which the message has three sections, may put elsewhere."""


@pytest.mark.parametrize("levels", BOTH)
@pytest.mark.parametrize(
    ("name", "messages", "entries"),
    [
        ("ftc_FIX.4.2-KOD-BON.messages.current.log", 2486, 0),
        ("inord_Y48_fix42_crlf.txt", 1076, 0),
        ("epam_10000_msg.fix", 9780, 7730),
        ("epam_valid_datatypes_fix44.fix", 695, 749),
        ("epam_inv_enum_44_all.fix", 1058, 916),
        ("ftc_FIXT.1.1-EXEC-BANZAI.messages.log", 91, 9),
    ],
)
def test_real_messages_have_the_levels_that_the_decoder_finds(shared, levels, name, messages, entries):
    shapes = {}
    compared = found_entries = 0
    for match in _MESSAGE.finditer((shared / "logs" / name).read_bytes()):
        version = match[0][2 : match[0].index(b"\x01")].decode()
        base = standard(name_for_begin_string(version))
        message = FixMessage.parse(match[0], data_tags=base.data_tags)
        definitions = definitions_for_message(message, base, None)
        decoded = decode(message, definitions)
        if not _MISPLACED.isdisjoint(finding.code for finding in decoded.findings):
            continue
        key = (definitions.name, decoded.msg_type)
        if key not in shapes:
            shapes[key] = shape_of_message(levels, definitions, decoded.msg_type)
        level = levels.parse_level(message.raw, SOH.text, shapes[key])
        found_entries += _assert_is(level, (*decoded.header, *decoded.body, *decoded.trailer))
        compared += 1
    assert (compared, found_entries) == (messages, entries)


_BODY_TAGS = (11, 55, 58, 453, 448, 447, 452, 802, 523, 803, 78, 79, 80, 539, 524, 525, 538, 804, 545, 9999, 95, 96)
_BODY_FIELDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(_BODY_TAGS), st.sampled_from([b"1", b"2", b"3", b"0", b"x", b"a\x01b"])),
        st.tuples(st.sampled_from([453, 802, 78, 539, 804]), st.sampled_from([b"1", b"2"])),
    ),
    max_size=40,
)


@pytest.mark.parametrize("levels", BOTH)
@given(_BODY_FIELDS)
def test_any_order_has_the_levels_that_the_decoder_finds(levels, fields):
    body = b"".join(b"%d=%b\x01" % field for field in fields)
    message = FixMessage.parse(b"8=FIX.4.4\x0135=D\x01" + body + b"10=000\x01")
    definitions = standard("FIX44")
    decoded = decode(message, definitions)
    level = levels.parse_level(message.raw, SOH.text, _order_shape(levels))
    _assert_is(level, (*decoded.header, *decoded.body, *decoded.trailer))


_SHAPES = {}


def _order_shape(levels):
    """The Shape of a NewOrderSingle, made once."""
    if levels not in _SHAPES:
        _SHAPES[levels] = shape_of_message(levels, standard("FIX44"), "D")
    return _SHAPES[levels]
