"""Scans whole byte strings and windows of them, for the tests of the scanner."""

from __future__ import annotations

from purefix_core.logs.index import LogIndex, Segment
from purefix_core.logs.scan_reference import LOOK_BEHIND, Scanner


def scan_at_once(data: bytes) -> tuple[LogIndex, int]:
    """The index of `data`, and the offset up to which it is settled."""
    index, rows = LogIndex(), Segment()
    scanned = Scanner(index).scan(data, 0, 0, True, rows)
    index.append(rows)
    return index, scanned.settled


def scan_in_windows(data: bytes, step: int) -> LogIndex:
    """The index of `data`, scanned as a reader does that gets `step` more bytes each time."""
    index = LogIndex()
    scanner = Scanner(index)
    resume, end = 0, 0
    while True:
        end = min(len(data), end + step)
        base = max(0, resume - LOOK_BEHIND)
        rows = Segment()
        scanned = scanner.scan(data[base:end], resume - base, base, end == len(data), rows)
        index.append(rows)
        resume = base + scanned.resume
        if end == len(data):
            return index


def content(index: LogIndex) -> tuple[list[object], list[object]]:
    """Everything in an index, for comparison."""
    return list(index), list(index.skipped)
