"""A gap in what was received: which numbers are missing, and how far they were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.session.old_versions import is_old

_OPEN_END, OPEN_END_OF_OLD = 0, 999_999
"""EndSeqNo(16) that means all there is (acceptance script 2b)."""


@dataclass
class Gap:
    last: int
    """The last number known to be missing."""
    asked_to: int
    """Up to here it was asked for; what follows is asked for when this has come."""
    moved_at: int
    """When it was last asked for, or something of it came (nanoseconds UTC)."""


def end_seq_no(begin_string: str, first: int, last: int, chunk_size: int, closed: bool) -> tuple[int, int]:
    """EndSeqNo of a request for `first` to `last`, and the number up to which that asks."""
    if chunk_size and last - first >= chunk_size:
        end = first + chunk_size - 1
        return end, end
    if closed or chunk_size:
        return last, last
    return OPEN_END_OF_OLD if is_old(begin_string) else _OPEN_END, last


def asked_for_all(end: int) -> bool:
    """Whether EndSeqNo of a peer's request means all there is. Peers mix the two forms up, so both are taken."""
    return end in (_OPEN_END, OPEN_END_OF_OLD)
