"""How fast filters are: python benchmarks/bench_filter.py [messages, by default 1,000,000].

Makes a log of orders, executions and market data in a temporary file, indexes it, and times each filter once the
file is in the page cache; `rg -c` or `grep -c` for the same bytes stands beside it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from purefix_core.logs.filter import Names, compile_filter, iter_matches, msg_type_filter
from purefix_core.logs.log_file import LogFile

SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "EURGBP", "USDCHF", "NZDUSD", "USDCAD", "EURJPY", "XAUUSD")
MSG_TYPES = ("8", "D", "8", "W", "W", "0", "8", "F", "8", "W")
PATTERN = 1_000

COLUMN_FILTERS = (
    "MsgType = 8",
    "not MsgType in (0, A)",
    "sender = BROKER and not flag:broken",
    "seq 100..200",
    "time >= 09:30",
    "time 2024-01-02T10:00..2024-01-02T11:00",
)
TAG_FILTERS = (
    ("55=NOSUCH", b"\x0155=NOSUCH\x01"),
    ("55=XAUUSD", b"\x0155=XAUUSD\x01"),
    ("35=8 and 55=EURUSD", b"\x0135=8\x01.*\x0155=EURUSD\x01"),
    ("38 > 1000", b"\x0138="),
    ("flag:reject", b"\x01(39|150)=8\x01"),
    ("'limit exceeded'", b"limit exceeded"),
)


def pattern_message(number: int) -> bytes:
    """One message of the repeated pattern."""
    msg_type = MSG_TYPES[number % 10]
    symbol = SYMBOLS[number // 10 % 10]
    sender, target = ("CLIENT", "BROKER") if msg_type in "DF" else ("BROKER", "CLIENT")
    head = f"35={msg_type}|34={number:07d}|49={sender}|52=20240102-09:30:00.000|56={target}|"
    if msg_type == "W":
        body = f"262=R1|55={symbol}|268=2|269=0|270=1.0853|271=1000000|269=1|270=1.0855|271=1500000|"
    elif msg_type == "0":
        body = ""
    else:
        body = (
            f"1=ACC-{number % 7}|11=ORD-{number:07d}|17=EX-{number:07d}|37=OID-{number:07d}|38={number % 40 * 100}|"
            f"39=0|40=2|44=1.08{number % 100:02d}|54={1 + number % 2}|55={symbol}|"
            f"60=20240102-09:30:00.000|150=0|151=0|14=0|6=0|"
        )
        if number == 500:
            body = body.replace("|39=0|", "|39=8|") + "58=Limit exceeded|"
    text = f"8=FIX.4.4|9={len(head) + len(body):04d}|{head}{body}10=000|"
    return text.replace("|", "\x01").encode() + b"\n"


def make_log(path: Path, messages: int) -> None:
    made = b"".join(map(pattern_message, range(PATTERN)))
    path.write_bytes(made * (messages // PATTERN))


def seconds_of(command: list[str | bytes]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.PIPE, check=False)  # grep counts nothing for /dev/null
    return time.perf_counter() - started


def main() -> None:
    messages = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    grep = shutil.which("rg") or shutil.which("grep")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.log"
        make_log(path, messages)
        log = LogFile.open(path)
        index = log.index()
        size = log.size
        print(f"{len(index):,} messages, {size / 1e6:,.0f} MB; best of three")

        def run(text: str) -> tuple[float, int]:
            condition = msg_type_filter(text) if text.startswith("^") else compile_filter(text, Names())
            best, found = float("inf"), 0
            for _ in range(3):
                started = time.perf_counter()
                found = sum(len(batch.rows) for batch in iter_matches(index, condition, log.source.read))
                best = min(best, time.perf_counter() - started)
            return best, found

        for text in ("^8$", *COLUMN_FILTERS):
            seconds, found = run(text)
            print(f"{text:45} {found:>9,} rows {seconds * 1e3:8.1f} ms")
        for text, pattern in TAG_FILTERS:
            seconds, found = run(text)
            line = f"{text:45} {found:>9,} rows {seconds * 1e3:8.1f} ms {size / seconds / 1e6:8,.0f} MB/s"
            if grep is not None:
                options: list[str | bytes] = ["-c"] if grep.endswith("rg") else ["-caE"]
                beside = min(seconds_of([grep, *options, pattern, str(path)]) for _ in range(3))
                line += f"   {Path(grep).name} -c {size / beside / 1e6:8,.0f} MB/s"
            print(line)
        log.close()


if __name__ == "__main__":
    main()
