"""Dated copies that are kept beside what is about to be changed."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path


def dated(path: Path, what: str) -> Path:
    """A free name beside `path`: `session.meta.20260131-235959.bak` for `what` = `bak`. The time is UTC."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        free = path.with_name(f"{path.name}.{moment}{again}.{what}")
        if not free.exists():
            return free
    raise AssertionError
