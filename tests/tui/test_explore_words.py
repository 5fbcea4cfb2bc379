"""What the header says of a log's time."""

from __future__ import annotations

import pytest

from purefix_core.logs.log_file import LogFile
from purefix_tui.log.times import Zone
from purefix_tui.log.words import time_span

NINE = b"8=FIX.4.4|9=5|35=0|52=20260105-09:30:00|10=000|\n"
TEN = b"8=FIX.4.4|9=5|35=0|52=20260105-10:30:00|10=000|\n"
CUT = b"8=FIX.4.4|9=5|35=0|49=A\n"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (NINE + TEN, "09:30:00 → 10:30:00"),
        (NINE + TEN + CUT, "09:30:00 → 10:30:00"),
        (CUT + NINE + CUT + TEN + CUT * 3, "09:30:00 → 10:30:00"),
        (NINE + CUT, "09:30:00 → 09:30:00"),
        (NINE + TEN + CUT * 2_000, ""),
        (CUT, ""),
        (b"", ""),
    ],
)
def test_messages_without_a_time_do_not_hide_the_span(text: bytes, span: str) -> None:
    log = LogFile.from_bytes(text)
    log.index()
    assert time_span(log, Zone.UTC) == span
