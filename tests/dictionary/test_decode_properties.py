"""Whatever the bytes: decoding does not fail, and every field is in the tree once."""

from __future__ import annotations

import json

from dictionary_samples import HEADER, message
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.decode import DecodedMessage, decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.message_json import message_to_json
from purefix_core.dictionary.nodes import fields_of
from purefix_core.dictionary.spans import section_spans
from purefix_core.dictionary.standard import STANDARD_NAMES, standard
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SEPARATORS

SEEDS = [
    message(
        "11=ORD1|453=2|448=ABC|447=D|452=1|802=1|523=x|803=1|448=DEF|447=D|452=3|55=AAPL|54=1|"
        "60=20260105-09:30:00|38=100|40=2|44=1.5|354=3|355=a\x01b|"
    ).raw,
    message("268=2|279=0|269=0|55=EURUSD|270=1.1|453=1|448=A|279=1|269=1|555=2|600=L1|600=L2|", "X").raw,
    message("98=0|108=30|1137=9|554=secret|", "A", "FIXT.1.1").raw,
    message("55=AAPL|555=2|600=A|539=1|524=X|804=1|545=Y|600=B|711=1|311=U|", "AB", "FIXT.1.1", HEADER + "1128=9|").raw,
]
TAGS = (
    "8 9 10 34 35 43 49 52 56 58 93 89 95 96 354 355 448 447 452 453 523 802 803 555 600 604 268 279 269 9999 0".split()
)
NAMES = st.sampled_from(STANDARD_NAMES)


def check(raw: bytes, name: str, separator=SEPARATORS[0]) -> DecodedMessage:
    base = standard(name)
    parsed = FixMessage.parse(raw, separator, base.data_tags)
    decoded = decode(parsed, definitions_for_message(parsed, base, None))
    nodes = [node for part in (decoded.header, decoded.body, decoded.trailer) for node in fields_of(part)]
    assert sorted((node.start, node.end, node.tag) for node in nodes) == sorted(
        (field.start, field.end, field.tag) for field in parsed.fields
    )
    for node in nodes:
        assert node.raw == raw[node.start : node.end]
        assert 0 <= node.tag_start <= node.start
    assert all(0 <= finding.start <= len(raw) for finding in decoded.findings)
    json.loads(message_to_json(decoded, offset=0, length=len(raw), dialect=name))
    assert str(section_spans(decoded))
    return decoded


@given(st.binary(max_size=300), NAMES, st.sampled_from(SEPARATORS))
def test_any_bytes(raw, name, separator):
    check(raw, name, separator)


@given(
    st.lists(st.tuples(st.sampled_from(TAGS), st.text(max_size=4) | st.integers(0, 4).map(str)), max_size=40),
    st.sampled_from("D X AE A V ZZ".split()),
    NAMES,
)
def test_any_sequence_of_fields(fields, msg_type, name):
    body = "".join(f"{tag}={value}\x01" for tag, value in fields)
    check(f"8=FIX.4.4\x019=5\x0135={msg_type}\x01{body}10=000\x01".encode(), name)


@given(st.sampled_from(SEEDS), st.data(), NAMES)
def test_mutated_messages(raw, data, name):
    pieces = raw.split(b"\x01")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        change = data.draw(st.sampled_from("drop double swap cut replace".split()))
        if change == "drop" and len(pieces) > 1:
            del pieces[at]
        elif change == "double":
            pieces.insert(data.draw(st.integers(0, len(pieces))), pieces[at])
        elif change == "swap":
            other = data.draw(st.integers(0, len(pieces) - 1))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif change == "cut":
            pieces = pieces[: at + 1]
        else:
            pieces[at] = pieces[at].split(b"=")[0] + b"=" + data.draw(st.binary(max_size=6))
    check(b"\x01".join(pieces), name)


def test_groups_opened_again_and_again():
    for body in ("453=1|448=A|802=1|523=B|" * 2000, "453=1|" * 5000, "453=9|" + "9999=x|" * 20000 + "448=A|"):
        check(message(body).raw, "FIX44")
    check(message("453=1|448=A|" + "9999=x|" * 20000).raw, "FIX44")
