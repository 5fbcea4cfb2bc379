"""What importing costs over a bare interpreter, in fresh processes."""

from __future__ import annotations

import subprocess
import sys
import time

_IMPORTS = {
    "import purefix_core": 60.0,
    "import purefix_core.logs.log_file": None,
    "import purefix_core.cli.grep": None,
    "import purefix_tui.app": None,
    "import textual.app": None,
}
"""Each with its limit in milliseconds, if it has one."""


def milliseconds(code: str) -> float:
    """The best of seven runs."""
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        best = min(best, time.perf_counter() - start)
    return best * 1000


def main() -> None:
    bare = milliseconds("pass")
    print(f"{'bare interpreter':<36} {bare:>6.0f} ms")
    for code, limit in _IMPORTS.items():
        cost = milliseconds(code) - bare
        print(f"{code:<36} {cost:>+6.0f} ms" + (f"   limit {limit:.0f}" if limit else ""))


if __name__ == "__main__":
    main()
