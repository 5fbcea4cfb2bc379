"""Where in `messages.dat` the newest message of each MsgSeqNum begins."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

_WIDEST_GAP = 16
"""Numbers left out that are bridged; a wider gap would cost more memory than the messages behind it."""
_NONE = -1


class Offsets:
    """Eight bytes a message as long as numbers follow each other, as they do; about a hundred for each other one."""

    def __init__(self) -> None:
        self._first = 1
        self._dense = array("q")
        self._others: dict[int, int] = {}
        self.count = 0
        """How many numbers there are."""
        self.greatest = 0
        """The greatest number there is."""

    def get(self, seq_num: int) -> int | None:
        place = seq_num - self._first
        if 0 <= place < len(self._dense):
            offset = self._dense[place]
            if offset != _NONE:
                return offset
        return self._others.get(seq_num)

    def set(self, seq_num: int, offset: int) -> None:
        if not self._dense:
            self._first = seq_num
        dense = self._dense
        place, length = seq_num - self._first, len(dense)
        if place == length:
            self.count += seq_num not in self._others
            dense.append(offset)
        elif 0 <= place < length:
            self.count += dense[place] == _NONE and seq_num not in self._others
            dense[place] = offset
        elif length < place <= length + _WIDEST_GAP:
            self.count += seq_num not in self._others
            dense.extend([_NONE] * (place - length))
            dense.append(offset)
        else:
            self.count += seq_num not in self._others
            self._others[seq_num] = offset
        if seq_num > self.greatest:
            self.greatest = seq_num

    def set_all(self, seq_nums: Sequence[int], offsets: Sequence[int]) -> None:
        """`set` for each pair in turn; a million at once where the numbers follow each other."""
        count = len(seq_nums)
        if not count:
            return
        place = seq_nums[0] - self._first
        follows = not self.count or (place == len(self._dense) and not self._others)
        if (
            follows
            and seq_nums[-1] - seq_nums[0] == count - 1
            and list(seq_nums) == list(range(seq_nums[0], seq_nums[0] + count))
        ):
            if not self.count:
                self._first = seq_nums[0]
            self._dense.extend(offsets)
            self.count += count
            self.greatest = max(self.greatest, seq_nums[-1])
            return
        for seq_num, offset in zip(seq_nums, offsets, strict=True):
            self.set(seq_num, offset)

    def between(self, first: int, last: int) -> Iterator[int]:
        """The numbers from `first` to `last` that there are, in order."""
        end = self._first + len(self._dense)
        others = sorted(number for number in self._others if first <= number <= last)
        yield from (number for number in others if number < self._first)
        for number in range(max(first, self._first), min(last + 1, end)):
            if self._dense[number - self._first] != _NONE or number in self._others:
                yield number
        yield from (number for number in others if number >= end)
