"""CheckSum and BodyLength, whatever separator a log shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.wire.checksum import body_length, byte_sum, check_sum, sealed, sealed_reference
from purefix_core.wire.separators import SEPARATORS, SOH, Separator

_HEARTBEAT = b"8=FIX.4.4\x019=10\x0135=0\x0134=7\x01"


@given(st.binary(max_size=2000))
def test_byte_sum_is_the_sum(text: bytes) -> None:
    assert byte_sum(text) == sum(text)


def test_byte_sum_of_many_large_bytes() -> None:
    assert byte_sum(b"\xff" * 100_001) == 255 * 100_001


@pytest.mark.parametrize("separator", SEPARATORS, ids=lambda separator: separator.name)
def test_every_separator_counts_as_soh(separator: Separator) -> None:
    shown = _HEARTBEAT.replace(b"\x01", separator.text)
    assert check_sum(shown, separator) == sum(_HEARTBEAT) % 256
    assert body_length(shown, separator) == len(_HEARTBEAT)


def test_soh_messages_are_summed_as_they_are() -> None:
    assert check_sum(_HEARTBEAT, SOH) == 171


@given(
    st.binary(max_size=12), st.binary(max_size=600), st.sampled_from(SEPARATORS), st.integers(min_value=1, max_value=9)
)
def test_sealed_messages_are_the_same_however_they_are_made(
    begin: bytes, body: bytes, separator: Separator, digits: int
) -> None:
    message = sealed(begin, body, separator, digits)
    assert message == sealed_reference(begin, body, separator, digits)
    end = len(message) - 6 - len(separator.text)
    assert message[end:] == b"10=%03d%b" % (check_sum(message[:end], separator), separator.text)
