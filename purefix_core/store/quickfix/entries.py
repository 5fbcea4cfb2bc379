"""Where in the body each message stands: the entries of a header, in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import add, lt
from typing import NamedTuple

from purefix_core.store.records import MAX_SEQ_NUM


class Entry(NamedTuple):
    seq_num: int
    offset: int
    size: int


class Entries:
    """The last entry of each number, in order: 24 bytes a message. Those that come last count, as in the engines."""

    def __init__(self) -> None:
        self._seq_nums = array("q")
        self._offsets = array("q")
        self._sizes = array("q")
        self.superseded = 0
        """How many entries a later one of the same number replaced."""

    def __len__(self) -> int:
        return len(self._seq_nums)

    def __iter__(self) -> Iterator[Entry]:
        return map(Entry, self._seq_nums, self._offsets, self._sizes)

    @property
    def greatest(self) -> int:
        """The greatest number there is, or 0."""
        return self._seq_nums[-1] if self._seq_nums else 0

    @property
    def least(self) -> int:
        """The least number there is, or 0."""
        return self._seq_nums[0] if self._seq_nums else 0

    @property
    def size(self) -> int:
        """Bytes of all the messages, by what the entries say."""
        return sum(self._sizes)

    def find(self, seq_num: int) -> Entry | None:
        place = bisect_left(self._seq_nums, seq_num)
        if place == len(self._seq_nums) or self._seq_nums[place] != seq_num:
            return None
        return Entry(seq_num, self._offsets[place], self._sizes[place])

    def between(self, first: int, last: int) -> Iterator[Entry]:
        """Those of the numbers from `first` to `last`, in order."""
        rows = slice(bisect_left(self._seq_nums, first), bisect_right(self._seq_nums, last))
        return map(Entry, self._seq_nums[rows], self._offsets[rows], self._sizes[rows])

    def put(self, entry: Entry) -> None:
        """Add one; it replaces an older one of its number."""
        place = bisect_left(self._seq_nums, entry.seq_num)
        if place < len(self._seq_nums) and self._seq_nums[place] == entry.seq_num:
            self._offsets[place], self._sizes[place] = entry.offset, entry.size
            self.superseded += 1
            return
        self._seq_nums.insert(place, entry.seq_num)
        self._offsets.insert(place, entry.offset)
        self._sizes.insert(place, entry.size)

    def extend(self, seq_nums: Iterable[int], offsets: Iterable[int], sizes: Iterable[int]) -> None:
        """Add many in the order of the file. `settle` must follow before anything is looked for."""
        self._seq_nums.extend(seq_nums)
        self._offsets.extend(offsets)
        self._sizes.extend(sizes)

    def settle(self) -> int:
        """Bring them in order and drop what is superseded, and entries whose number no message can have. Returns how
        many of those there were."""
        seq_nums = self._seq_nums
        if not seq_nums or (
            all(map(lt, seq_nums, islice(seq_nums, 1, None))) and seq_nums[0] >= 1 and seq_nums[-1] <= MAX_SEQ_NUM
        ):
            return 0
        # Sorting is stable: of the entries of one number the last one stays last.
        order = sorted(range(len(seq_nums)), key=seq_nums.__getitem__)
        numbers = [seq_nums[row] for row in order]
        first, end = bisect_left(numbers, 1), bisect_right(numbers, MAX_SEQ_NUM)
        kept = [
            row
            for place, row in enumerate(order[first:end], first)
            if place + 1 == end or numbers[place + 1] != numbers[place]
        ]
        impossible = len(order) - (end - first)
        self.superseded += end - first - len(kept)
        self._seq_nums = array("q", [seq_nums[row] for row in kept])
        self._offsets = array("q", [self._offsets[row] for row in kept])
        self._sizes = array("q", [self._sizes[row] for row in kept])
        return impossible

    def end(self) -> int:
        """Where the last message ends, by what the entries say: below 0 for damaged ones."""
        return max(map(add, self._offsets, self._sizes), default=0)

    def beyond(self, body_size: int) -> tuple[int, int]:
        """How many entries cannot be read from a body of that size, and the least number of those (0: none)."""
        if not self or (self.end() <= body_size and min(self._offsets) >= 0 and min(self._sizes) > 0):
            return 0, 0
        wrong = [entry.seq_num for entry in self if not fits(entry, body_size)]
        return len(wrong), wrong[0] if wrong else 0


def fits(entry: Entry, body_size: int) -> bool:
    """Whether a body of that size can hold what the entry points at."""
    return entry.offset >= 0 and entry.size > 0 and entry.offset + entry.size <= body_size
