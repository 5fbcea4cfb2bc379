"""UTC timestamps as nanoseconds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.wire import native
from purefix_core.wire.timestamps import NO_TIME, parse_utc_timestamp, to_datetime, to_iso


@given(st.datetimes(datetime(1700, 1, 1), datetime(2250, 1, 1)))
def test_microseconds_survive(moment: datetime) -> None:
    nanos = parse_utc_timestamp(f"{moment:%Y%m%d-%H:%M:%S.%f}".zfill(24).encode())
    assert to_datetime(nanos) == moment.replace(tzinfo=UTC)


_PIECES = st.sampled_from(
    [b"20240229", b"20230229", b"-", b"09:30:00", b"23:59:60", b".", b"123456789", b"0", b"x", b" "]
)


@pytest.mark.skipif(native.module is None, reason=f"no native module: {native.why_absent}")
@given(st.lists(_PIECES, max_size=6).map(b"".join) | st.binary(max_size=24))
def test_the_native_module_reads_the_same(text: bytes) -> None:
    assert native.module is not None
    assert native.module.parse_utc_timestamp(text) == parse_utc_timestamp(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (b"20240102-09:30:00", "2024-01-02T09:30:00Z"),
        (b"20240102-09:30:00.5", "2024-01-02T09:30:00.500Z"),
        (b"20240102-09:30:00.123", "2024-01-02T09:30:00.123Z"),
        (b"20240102-09:30:00.123456", "2024-01-02T09:30:00.123456Z"),
        (b"20240102-09:30:00.123456789", "2024-01-02T09:30:00.123456789Z"),
        (b"20240102-09:30:00.123456789123", "2024-01-02T09:30:00.123456789Z"),
        (b"20240229-00:00:00", "2024-02-29T00:00:00Z"),
        (b"20161231-23:59:60", "2017-01-01T00:00:00Z"),
        (b"19691231-23:59:59.999", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_valid(text: bytes, iso: str) -> None:
    assert to_iso(parse_utc_timestamp(text)) == iso


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"20240102",
        b"20240102 09:30:00",
        b"20240230-09:30:00",
        b"20230229-09:30:00",
        b"20241301-09:30:00",
        b"20240100-09:30:00",
        b"20240102-24:00:00",
        b"20240102-09:60:00",
        b"20240102-09:30:61",
        b"20240102-09:30:00.",
        b"20240102-09:30:00.1234567890123",
        b"00010101-00:00:00",
        b"99991231-00:00:00",
    ],
)
def test_invalid(text: bytes) -> None:
    assert parse_utc_timestamp(text) == NO_TIME
