"""Indexing speed beside `cat`, `wc -l` and `grep -c` on the same files in the same run; memory of the index.

python benchmarks/bench_index.py [MEGABYTES ...]      default 50 500

`grep -c 8=FIX` counts messages, of which every line begins with a match; `grep -c 35=8` counts executions, as people
do. The ratios are to the latter. Best of five runs each. The Python twin indexes the first 10 MB only.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from big_logs import LAYOUTS, big_log

from purefix_core.logs.index import Segment
from purefix_core.logs.log_file import LogFile
from purefix_core.wire import native

_RUNS = 5
_PEERS = {
    "cat": ("cat",),
    "wc -l": ("wc", "-l"),
    "grep 8=FIX": ("grep", "-c", "8=FIX"),
    "grep 35=8": ("grep", "-c", "35=8"),
}

_PEAK = """
import resource, sys
from purefix_core.logs.log_file import LogFile
log = LogFile.open(sys.argv[1])
log.index()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, end="")
"""


def seconds(command: tuple[str, ...], path: Path) -> float:
    """grep writes into a pipe: where its output is /dev/null it stops at the first match."""
    sink = subprocess.DEVNULL if command == ("cat",) else subprocess.PIPE
    best = float("inf")
    for _ in range(_RUNS):
        start = time.perf_counter()
        subprocess.run([*command, str(path)], stdout=sink, check=False)
        best = min(best, time.perf_counter() - start)
    return best


def indexing(path: Path, threads: int) -> float:
    best = float("inf")
    for _ in range(_RUNS):
        log = LogFile.open(path)
        start = time.perf_counter()
        log.index(threads)
        best = min(best, time.perf_counter() - start)
        log.close()
    return best


def twin_speed(path: Path) -> float:
    """MB/s without the native module."""
    module, native.module = native.module, None
    with path.open("rb") as file:
        log = LogFile.from_bytes(file.read(10_000_000))
    start = time.perf_counter()
    log.index()
    speed = log.size / 1e6 / (time.perf_counter() - start)
    native.module = module
    return speed


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [50, 500]
    print("scanner:", "native" if native.module else f"Python ({native.why_absent})", "- all figures in MB/s")
    heads = ["1 thread", "2 threads", "Python", *_PEERS]
    print(f"{'layout':<12} {'MB':>5} {'messages':>10} " + " ".join(f"{head:>10}" for head in heads))
    for megabytes in sizes:
        for layout in LAYOUTS:
            path = big_log(layout, megabytes)
            size = path.stat().st_size / 1e6
            messages = len(LogFile.open(path).index())
            one, two = size / indexing(path, 1), size / indexing(path, 2)
            peers = [size / seconds(command, path) for command in _PEERS.values()]
            figures = " ".join(f"{figure:>10,.0f}" for figure in (one, two, twin_speed(path), *peers))
            grep = peers[-1]
            print(f"{layout:<12} {megabytes:>5} {messages:>10,} {figures}   {one / grep:.2f}, {two / grep:.2f} of grep")
    columns = sum(column.itemsize for column in Segment().columns())
    peak = subprocess.run(
        [sys.executable, "-c", _PEAK, str(big_log("soh", sizes[-1]))], capture_output=True, text=True, check=True
    )
    print(f"index: {columns} bytes a message; peak memory of a process that indexes {sizes[-1]} MB: {peak.stdout} MB")


if __name__ == "__main__":
    main()
