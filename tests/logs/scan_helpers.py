"""Scans whole byte strings and windows of them, for the tests of the scanners."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from purefix_core.logs import scan_reference
from purefix_core.logs.index import Batch, LogIndex
from purefix_core.logs.scan import native_scan
from purefix_core.logs.scan_reference import LOOK_BEHIND
from purefix_core.wire import native

Scan = Callable[[bytes, int, int, int, int, bool], Batch]

NEEDS_NATIVE = pytest.mark.skipif(native.module is None, reason=f"no native module: {native.why_absent}")
BOTH_SCANS = [
    pytest.param(scan_reference.scan, id="python"),
    pytest.param(native_scan, id="native", marks=NEEDS_NATIVE),
]


def scan_at_once(data: bytes, scan: Scan = scan_reference.scan) -> tuple[LogIndex, int]:
    """The index of `data`, and the offset up to which it is settled."""
    index = LogIndex()
    batch = scan(data, 0, 0, len(data), 0, True)
    index.append(batch)
    return index, batch.settled


def scan_in_windows(data: bytes, step: int, scan: Scan = scan_reference.scan) -> LogIndex:
    """The index of `data`, scanned as a reader does that gets `step` more bytes each time."""
    index = LogIndex()
    resume, end, previous_end = 0, 0, 0
    while True:
        end = min(len(data), end + step)
        base = max(0, resume - LOOK_BEHIND)
        batch = scan(data[base:end], base, resume, end, previous_end, end == len(data))
        index.append(batch)
        resume, previous_end = batch.resume, batch.previous_end
        if end == len(data):
            return index


def content(index: LogIndex) -> tuple[list[object], list[object]]:
    """Everything in an index, for comparison."""
    return list(index), list(index.skipped)
