"""Searching a message's bytes for one tag gives what splitting it into fields gives."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from purefix_core.logs.filter.raw_message import Complications, RawMessage
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SEPARATORS, SOH, Separator
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

DATA_TAGS = {**DATA_TAG_BY_LENGTH_TAG, 5000: 5001}
COMPLICATIONS = Complications(DATA_TAGS)

pieces = st.sampled_from(
    ["8=FIX", "55=A", "155=B", "5=C", "055=D", "55=", "95=4", "96=a", "5000=9", "5001=b", "=", "5", "^", "A"]
)
raws = st.tuples(st.lists(pieces, max_size=9), st.lists(st.sampled_from([s.text for s in SEPARATORS]), min_size=9)).map(
    lambda made: b"".join(piece.encode() + separator for piece, separator in zip(*made, strict=False))
)


@given(raws | raws.map(lambda raw: b"8=FIX\x01" + raw), st.sampled_from(SEPARATORS))
@example(b"95=4\x0196=\x0155=\x0155=A", SOH)
@example(b"055=A\x01", SOH)
@example(b"", SOH)
def test_one_tag_at_a_time(raw: bytes, separator: Separator) -> None:
    message = FixMessage.parse(raw, separator, DATA_TAGS)
    looked_up = RawMessage(raw, separator, COMPLICATIONS)
    for tag in (5, 55, 155, 8, 96, 5001, 7):
        assert looked_up.get_all(tag) == message.get_all(tag)


def test_what_must_be_split() -> None:
    assert not COMPLICATIONS.in_message(b"8=FIX\x0155=95=3\x011195=3\x01951=3\x0134=0=\x01", SOH)
    for piece in (b"95=3", b"5000=3", b"095=3", b"07=x"):
        assert COMPLICATIONS.in_message(b"8=FIX\x01" + piece + b"\x01", SOH)
