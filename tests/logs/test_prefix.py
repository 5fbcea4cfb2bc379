"""What stands before a message: log times and directions as loggers write them."""

from __future__ import annotations

import pytest

from purefix_core.logs.prefix import PrefixReader, find_direction, find_log_time
from purefix_core.wire.timestamps import NO_TIME, to_iso


@pytest.mark.parametrize(
    ("prefix", "iso"),
    [
        (b"20240102-09:30:00.123 : ", "2024-01-02T09:30:00.123Z"),
        (b"2024/01/02 09:30:00.123456 ", "2024-01-02T09:30:00.123456Z"),
        (b"2024/01/02-09:30:00,123 INFO :: Incoming[X]: ", "2024-01-02T09:30:00.123Z"),
        (b"2024-01-02T09:30:00.123Z DEBUG ", "2024-01-02T09:30:00.123Z"),
        (b"2024-01-02 09:30:00,123 [main] INFO  fix.in - ", "2024-01-02T09:30:00.123Z"),
        (b"[2024-01-02T09:30:00+01:00] ", "2024-01-02T09:30:00Z"),
        (b"01/02/24 09:30:00\tlog\t", "2024-01-02T09:30:00Z"),
        (b"13/02/2024 09:30:00 ", "2024-02-13T09:30:00Z"),
        (b"09:30:00.5 YSFIXDRV ", "1970-01-01T09:30:00.500Z"),
        (b"12345678 09:30:00.5 IN ", "1970-01-01T09:30:00.500Z"),
        (b"Jan  2 09:30:00 host fix[12]: ", "1970-01-01T09:30:00Z"),
        (b"<20240102-09:30:00, FIX.4.4:A->B, incoming>\n  (", "2024-01-02T09:30:00Z"),
    ],
)
def test_log_time(prefix: bytes, iso: str) -> None:
    assert to_iso(find_log_time(prefix)) == iso
    reader = PrefixReader()
    assert [to_iso(reader.read(prefix)[0]) for _ in range(2)] == [iso, iso]


@pytest.mark.parametrize("prefix", [b"", b"INFO ", b"12:30 ", b"2024-01-02 ", b"99:99:99 "])
def test_no_log_time(prefix: bytes) -> None:
    assert find_log_time(prefix) == NO_TIME


@pytest.mark.parametrize(
    ("prefix", "direction"),
    [
        (b"09:30:00 IN  ", "in"),
        (b"09:30:00 OUT ", "out"),
        (b"09:30:00 < ", "in"),
        (b"09:30:00 > ", "out"),
        (b"09:30:00 <-- ", "in"),
        (b"09:30:00 --> ", "out"),
        (b"INFO :: TracingIncomingMessage[X]: ", "in"),
        (b"INFO :: TracingOutgoingMessage[X]: ", "out"),
        (b"<20240102-09:30:00, FIX.4.4:A->B, incoming>\n  (", "in"),
        (b"<20240102-09:30:00, FIX.4.4:A->B, outgoing> (", "out"),
        (b"Sending  ", "out"),
        (b"Received ", "in"),
        (b"10:00:00.1 drv Detail Receiving ", "in"),
        (b"Out: ", "out"),
        (b"fromApp: ", "in"),
        (b"toAdmin: ", "out"),
        (b"session A->B : ", None),
        (b"INFO main begin ", None),
        (b"20240102-09:30:00.123 : ", None),
    ],
)
def test_direction(prefix: bytes, direction: str | None) -> None:
    assert find_direction(prefix) == direction


def test_prefixes_that_differ_in_digits_only_share_their_direction() -> None:
    reader = PrefixReader()
    assert reader.read(b"09:30:00 IN  ")[1] == "in"
    assert reader.read(b"10:00:01 IN  ")[1] == "in"
    assert reader.read(b"10:00:01 OUT ")[1] == "out"
