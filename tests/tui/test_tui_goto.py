"""What the go-to dialog understands."""

from __future__ import annotations

import pytest

from purefix_tui.log.goto import Target, ToOffset, ToSeqNum, ToTime, parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("@12345", ToOffset(12345)),
        ("offset 12,345", ToOffset(12345)),
        ("OFFSET 0", ToOffset(0)),
        ("#123", ToSeqNum(123)),
        ("seq 1,000", ToSeqNum(1000)),
        ("34=7", ToSeqNum(7)),
        (" 42 ", ToSeqNum(42)),
        ("565,919", ToSeqNum(565919)),
        ("565_919", ToSeqNum(565919)),
        ("@565_919", ToOffset(565919)),
    ],
)
def test_offsets_and_sequence_numbers(text: str, target: Target) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    ("text", "nanos", "daily"),
    [
        ("09:30", 34_200_000_000_000, True),
        ("9:30", 34_200_000_000_000, True),
        ("09:30:15.5", 34_215_500_000_000, True),
        ("1970-01-02 00:00:01", 86_401_000_000_000, False),
    ],
)
def test_times(text: str, nanos: int, daily: bool) -> None:
    target = parse_target(text)
    assert isinstance(target, ToTime)
    assert (target.moment.begin, target.moment.daily) == (nanos, daily)


@pytest.mark.parametrize("text", ["", "here", "@", "25:00", "#-1", "@1e9", "offset", "9" * 40, "٣"])
def test_anything_else_is_explained(text: str) -> None:
    with pytest.raises(ValueError, match="Not a place"):
        parse_target(text)
