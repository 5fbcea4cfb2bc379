"""A process that converts a store and may be killed on the way.

`python -m tests.store.convert_writer DIR NEWDIR LAYOUT`. It says when it begins, so that starting Python does not
count.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from purefix_core.store.converting import convert
from purefix_core.store.finding import locate


def main() -> None:
    location = locate(Path(sys.argv[1]))
    os.write(1, b"begins\n")
    convert(location, Path(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    main()
