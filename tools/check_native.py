"""Says, once after an installation, why the native scanner is absent. Exit code 1 if it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_MANIFEST = Path(__file__).parents[1] / "native" / "Cargo.toml"


def main() -> int:
    try:
        import purefix_core._native  # noqa: F401
    except ImportError as error:
        reason = str(error)
    else:
        return 0
    if shutil.which("cargo") is None:
        reason = "there is no cargo here; install Rust and run make again"
    else:
        build = subprocess.run(
            ["cargo", "build", "--release", "--locked", "--manifest-path", str(_MANIFEST)],
            capture_output=True,
            text=True,
            check=False,
        )
        if build.returncode:
            reason = "cargo cannot build it:\n" + build.stderr.strip()[-2_000:]
    print(f"PureFix runs without its native scanner, which is about a hundred times as fast: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
