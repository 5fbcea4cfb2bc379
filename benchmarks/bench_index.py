"""Indexing speed beside `cat`, `wc -l` and `grep -c` on the same files in the same run; memory of the index.

python benchmarks/bench_index.py [MEGABYTES]      default 50
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from big_logs import LAYOUTS, big_log

from purefix_core.logs.log_file import LogFile

_PEERS = {
    "cat": ("cat",),
    "wc -l": ("wc", "-l"),
    "grep -c": ("grep", "-c", "8=FIX"),
}


def seconds(command: tuple[str, ...], path: Path) -> float:
    """The best of three runs. grep writes into a pipe: where its output is /dev/null it stops at the first match."""
    sink = subprocess.DEVNULL if command == ("cat",) else subprocess.PIPE
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*command, str(path)], stdout=sink, check=False)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    print(
        f"{'layout':<12} {'messages':>10} {'index MB/s':>11} " + " ".join(f"{name:>9}" for name in _PEERS) + "   ratio"
    )
    for layout in LAYOUTS:
        path = big_log(layout, megabytes)
        size = path.stat().st_size / 1e6
        log = LogFile.open(path)
        start = time.perf_counter()
        log.index()
        speed = size / (time.perf_counter() - start)
        peers = {name: size / seconds(command, path) for name, command in _PEERS.items()}
        shown = " ".join(f"{peer:>9,.0f}" for peer in peers.values())
        print(f"{layout:<12} {len(log.rows):>10,} {speed:>11,.1f} {shown}   {speed / peers['grep -c']:.3f} of grep -c")
        columns = sum(column.itemsize for column in log.rows.segments[0].columns())
        log.close()
    print(
        f"index: {columns} bytes a message; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )


if __name__ == "__main__":
    main()
