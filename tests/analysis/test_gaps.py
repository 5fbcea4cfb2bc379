"""Sequence numbers that are missing before a message."""

from __future__ import annotations

import pytest

from purefix_core.analysis.gaps import gap_before
from purefix_core.logs.log_file import LogFile


def log_of(*messages: str) -> LogFile:
    """Messages of the session A to B, unless they say otherwise."""
    lines = []
    for message in messages:
        parties = "" if "49=" in message else "49=A|56=B|"
        body = f"{message.partition('|')[0]}|{parties}{message.partition('|')[2]}"
        lines.append(f"8=FIX.4.4|9={len(body)}|{body}10=000|\n")
    log = LogFile.from_bytes("".join(lines).encode())
    log.index()
    return log


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (["35=0|34=118|", "35=0|34=124|"], "follows 118; 119 to 123 are missing"),
        (["35=0|34=118|", "35=0|34=120|"], "follows 118; 119 is missing"),
        (["35=0|34=1000|", "35=0|34=3000|"], "follows 1,000; 1,001 to 2,999 are missing"),
        (["35=0|34=118|", "35=0|34=119|"], ""),
        (["35=0|34=118|", "35=A|34=1|"], ""),
        (["35=0|34=118|"], ""),
        (["35=0|34=118|", "35=0|34=x|"], ""),
        (["35=0|34=118|", "35=0|34=124|43=Y|"], ""),
        (["35=0|34=118|", "35=0|34=5|43=Y|", "35=0|34=119|"], ""),
        (["35=0|34=118|", "35=0|49=B|56=A|34=7|", "35=0|34=119|"], ""),
        (["35=0|34=118|", "35=0|49=B|56=A|34=7|", "35=0|34=121|"], "follows 118; 119 to 120 are missing"),
        (["35=0|34=2|", "35=4|34=3|123=Y|36=20|", "35=0|34=20|"], ""),
        (["35=0|34=2|", "35=4|34=3|123=Y|36=20|", "35=0|34=22|"], "follows a gap fill to 20; 20 to 21 are missing"),
        (["35=0|34=118|", "35=4|34=3|123=Y|36=20|", "35=0|34=119|"], ""),
        (["35=0|34=2|", "35=4|34=3|36=500|", "35=0|34=502|"], "follows a reset to 500; 500 to 501 are missing"),
        (["35=0|34=2|", "35=4|34=3|36=x|", "35=0|34=502|"], ""),
    ],
)
def test_gaps(messages: list[str], said: str) -> None:
    log = log_of(*messages)
    assert gap_before(log, len(messages) - 1) == said


def test_a_predecessor_far_above_is_not_looked_for() -> None:
    others = [f"35=0|49=C|56=D|34={number}|" for number in range(1, 1_200)]
    log = log_of("35=0|34=1|", *others, "35=0|34=9|")
    assert gap_before(log, len(log.rows) - 1) == ""
