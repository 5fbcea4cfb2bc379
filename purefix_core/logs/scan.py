"""Scanning with the native scanner where it was built, else with its twin in Python; both give the same results."""

from __future__ import annotations

from purefix_core.logs import scan_reference
from purefix_core.logs.index import Batch, Segment, Skipped
from purefix_core.logs.scan_reference import LOOK_BEHIND
from purefix_core.wire import native

__all__ = ["LOOK_BEHIND", "native_scan", "scan"]


def scan(window: bytes, base: int, start: int, stop: int, previous_end: int, at_end: bool) -> Batch:
    """As scan_reference.scan. The native one lets other threads run meanwhile."""
    if native.module is None:
        return scan_reference.scan(window, base, start, stop, previous_end, at_end)
    return native_scan(window, base, start, stop, previous_end, at_end)


def native_scan(window: bytes, base: int, start: int, stop: int, previous_end: int, at_end: bool) -> Batch:
    """As scan_reference.scan; only where native.module is there."""
    assert native.module is not None
    columns, values, skipped, ends = native.module.scan(window, base, start, stop, previous_end, at_end)
    rows = Segment()
    for column, content in zip(rows.columns(), columns, strict=True):
        column.frombytes(content)
    msg_types, msg_type_counts, sessions, session_counts, first_rows = values
    resume, settled, previous_end = ends
    return Batch(
        rows,
        msg_types,
        msg_type_counts,
        sessions,
        session_counts,
        first_rows,
        list(map(Skipped._make, skipped)),
        resume,
        settled,
        previous_end,
    )
