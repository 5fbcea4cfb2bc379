"""From the command to the first painted rows, beside a Textual app that shows one line; and a page at a million rows.

python benchmarks/bench_screen.py [MEGABYTES ...]      default 50 500
"""

from __future__ import annotations

import fcntl
import os
import pty
import resource
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from big_logs import big_log

from purefix_core.logs.log_file import LogFile

_TRIVIAL = """
from textual.app import App
from textual.widgets import Static
class Trivial(App):
    def compose(self):
        yield Static("READY")
Trivial().run()
"""
_LIMIT = 120.0


def seconds_until(command: list[str], marker: bytes) -> tuple[float, int]:
    """Run a command in a terminal of 140 by 40 until it has painted `marker`: seconds, and its peak memory in MB."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.execv(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    painted = b""
    while marker not in painted:
        if time.perf_counter() - start > _LIMIT:
            raise TimeoutError(f"{command}: {marker!r} did not appear in {_LIMIT} s")
        painted = painted[-len(marker) :] + os.read(terminal, 65_536)
    elapsed = time.perf_counter() - start
    peak = int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return elapsed, peak


def best(command: list[str], marker: bytes) -> tuple[float, int]:
    return min(seconds_until(command, marker) for _ in range(3))


def first_rows(megabytes: list[int]) -> None:
    python = sys.executable
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(_TRIVIAL)
        script.flush()
        trivial, peak = best([python, script.name], b"READY")
    print(f"{'trivial app':<14} {trivial:>6.2f} s {peak:>5} MB")
    for size in megabytes:
        path = big_log("soh", size)
        elapsed, peak = best([str(Path(python).with_name("purefix")), str(path)], b"NewOrder")
        print(
            f"{size:>4} MB log    {elapsed:>6.2f} s {peak:>5} MB   {elapsed - trivial:+.2f} s against the trivial app"
        )


def page() -> None:
    """Painting 40 rows that were never painted before, in the middle of a million."""
    from purefix_tui.log.row_source import MessageRows

    log = LogFile.open(big_log("soh", 232))
    log.index()
    rows = MessageRows(log)
    times = []
    for first in range(500_000, 500_800, 40):
        start = time.perf_counter()
        for row in range(first, first + 40):
            rows.message(row)
        times.append(time.perf_counter() - start)
    times.sort()
    median, worst = times[len(times) // 2] * 1000, times[-1] * 1000
    print(
        f"reading 40 rows to paint, of {len(log.rows):,}: median {median:.1f} ms, worst {worst:.1f} ms (aim: under 15)"
    )


def main() -> None:
    first_rows([int(argument) for argument in sys.argv[1:]] or [50, 500])
    page()
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
