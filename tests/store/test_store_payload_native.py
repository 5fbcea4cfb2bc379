"""The native module finds sound only what the check in Python finds sound, and all that is usual."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from purefix_core.store.payload import msg_type_of, what_is_wrong, what_is_wrong_reference, whole_msg_type
from purefix_core.wire import native
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

pytestmark = pytest.mark.skipif(native.module is None, reason=f"no native module: {native.why_absent}")

_TAGS = st.sampled_from(["8", "9", "10", "34", "034", "43", "49", "52", "56", "58", "95", "96", "115", "1128", "1156"])
_VALUES = st.sampled_from(["", "1", "7", "007", "12", "0000000007", "00000000007", "x", "7 ", "+7", "é", "7=8"])
_FIELDS = st.tuples(_TAGS, _VALUES).map("=".join)
_TYPES = st.sampled_from(["35=D", "35=AE", "35=", "35", "35=é", "35=A", "035=D"])


def sealed_message(msg_type: str, fields: list[str], begin: str) -> bytes:
    body = "".join(f"{field}\x01" for field in (msg_type, *fields))
    return sealed(begin.encode(), body.encode(), SOH)


_SEALED = st.builds(sealed_message, _TYPES, st.lists(_FIELDS, max_size=5), st.sampled_from(["FIX.4.4", "FIX", "x"]))
_BROKEN = st.tuples(_SEALED, st.integers(0, 80), st.integers(0, 3), st.binary(max_size=3)).map(
    lambda given: given[0][: given[1]] + given[3] + given[0][given[1] + given[2] :]
)
_NUMBERS = st.sampled_from([7, 7, 7, 1, 12, 0, -7, 2**70])


@given(_SEALED | _BROKEN | st.binary(max_size=60), _NUMBERS)
@example(b"8=FIX\x019=5\x0135=A\x0110=163\x01", 7)
@example(sealed_message("35=D", ["34=7"], "FIX.4.4")[:-1], 7)
@example(b"10=000\x01", 7)
def test_it_says_the_same(encoded: bytes, seq_num: int) -> None:
    assert native.module is not None
    wrong = what_is_wrong_reference(encoded, seq_num)
    assert native.module.whole_msg_type(encoded, seq_num) in (None, "" if wrong else msg_type_of(encoded))
    assert what_is_wrong(encoded, seq_num) == wrong
    assert whole_msg_type(encoded, seq_num) == (None if wrong else msg_type_of(encoded))


@given(
    st.sampled_from(["0", "D", "AE", "U10"]),
    st.lists(st.sampled_from(["43=Y", "49=A", "52=", "56=B", "97=N", "122=x", "1128=9"]), max_size=8),
    st.integers(1, 2**31 - 1),
    st.binary(max_size=400),
)
def test_it_knows_the_usual_ones(msg_type: str, header: list[str], seq_num: int, text: bytes) -> None:
    assert native.module is not None
    fields = "".join(f"{field}\x01" for field in (f"35={msg_type}", *header, f"34={seq_num}", "52=now"))
    encoded = sealed(b"FIX.4.4", b"%b58=%b\x01" % (fields.encode(), text), SOH)
    assert native.module.whole_msg_type(encoded, seq_num) == msg_type
    assert native.module.whole_msg_type(encoded, seq_num + 1) is None


def test_without_it_the_same_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = sealed_message("35=AE", ["34=7"], "FIX.4.4")
    monkeypatch.setattr(native, "module", None)
    assert whole_msg_type(encoded, 7) == "AE"
    assert whole_msg_type(encoded, 8) is None
    assert what_is_wrong(encoded, 8) == "MsgSeqNum is 7, expected 8"
