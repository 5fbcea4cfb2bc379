"""Generates large logs for the benchmarks: a stream of orders and executions in one of four layouts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal, get_args

from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.separators import CARET_A, PIPE, SOH

Layout = Literal["soh", "pipe", "caret-a", "no-newlines"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

_SEPARATOR = {"soh": SOH, "pipe": PIPE, "caret-a": CARET_A, "no-newlines": SOH}
_SYMBOLS = (b"EURUSD", b"AAPL", b"MSFT", b"BMW.DE", b"VOD.L", b"7203.T")
_ORDER = b"35=D|49=BUYSIDE|56=BROKER|34=%d|52=%b|11=ORD%d|21=1|55=%b|54=%d|38=%d|40=2|44=%d.%02d|59=0|60=%b|"
_FILL = (
    b"35=8|49=BROKER|56=BUYSIDE|34=%d|52=%b|37=BR-%d|11=ORD%d|17=E%d|150=F|39=1|55=%b|54=1|38=1000|32=%d|31=%d.%02d|"
    b"14=%d|151=%d|6=%d.%02d|60=%b|453=2|448=DEU|447=D|452=1|448=ABC|447=D|452=3|"
)


def messages(layout: Layout) -> Iterator[bytes]:
    """Endless messages as they stand in the file, with all that the layout puts around each."""
    separator = _SEPARATOR[layout]
    for number in count(1):
        millis = number * 7 % 86_400_000
        clock = b"%02d:%02d:%02d.%03d" % (
            millis // 3_600_000,
            millis // 60_000 % 60,
            millis // 1000 % 60,
            millis % 1000,
        )
        time = b"20240102-" + clock
        symbol, cents = _SYMBOLS[number % 6], number * 13 % 100
        if number % 3:
            order, quantity = number // 3, number % 900 + 1
            body = _FILL % (
                *(number, time, order, order, number, symbol, quantity, 150, cents),
                *(quantity, 1000 - quantity, 150, cents, time),
            )
        else:
            body = _ORDER % (number, time, number // 3, symbol, number % 2 + 1, number % 5000, 150, cents, time)
        body = body.replace(b"|", separator.text)
        head = b"8=FIX.4.4%b9=%d%b%b" % (separator.text, body_length(body, separator), separator.text, body)
        message = b"%b10=%03d%b" % (head, check_sum(head, separator), separator.text)
        if layout == "pipe":
            yield b"2024-01-02 %b IN  %b\n" % (clock, message)
        else:
            yield message if layout == "no-newlines" else message + b"\n"


def big_log(layout: Layout, megabytes: int) -> Path:
    """A generated log of that size; kept in the temporary folder and made only once."""
    path = Path(tempfile.gettempdir()) / f"purefix-bench-{layout}-{megabytes}.log"
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    size = 0
    with partial.open("wb") as out:
        for message in messages(layout):
            out.write(message)
            size += len(message)
            if size >= megabytes * 1_000_000:
                break
    return partial.replace(path)
