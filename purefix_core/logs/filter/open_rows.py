"""Rows that the columns of an index leave open: their messages must be read."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from purefix_core.logs.index import LogIndex, Segment

ReadBytes: TypeAlias = Callable[[int, int], bytes]
"""Takes an offset and a length in bytes; may give fewer, if the file was cut."""

_SPARSE = 16


@dataclass(frozen=True, slots=True)
class OpenRows:
    """A copy, since the rows of the index may change."""

    index: LogIndex
    rows: Segment
    places: array[int]
    """Where they stand among the rows that were looked at."""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offset of the messages first..last-1, and how many bytes of the file they span."""
        offset = self.rows.offset[first]
        return offset, self.rows.offset[last - 1] + self.rows.length[last - 1] - offset

    def are_sparse(self, first: int, last: int) -> bool:
        """Whether the messages first..last-1 make up so little of their span that each is better read alone."""
        return sum(self.rows.length[first:last]) * _SPARSE < self.span(first, last)[1]


Choose: TypeAlias = Callable[[int, int], Iterable[int]]
"""Which of the open rows from first to before last pass."""
