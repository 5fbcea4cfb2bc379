"""The messages of a store one after the other, without ever holding more than a few of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord

_AT_ONCE = 512
"""So many messages are read at a time at most: a store may hold millions."""
_FIRST = 8
_LARGE = 4 * 1024 * 1024
"""Bytes of messages that are enough for a time: a message may be large."""


class Kept(NamedTuple):
    """A number that the store keeps a message of; `record` is None where that is damaged."""

    seq_num: int
    record: FixMsgStoreRecord | None


def kept_messages(store: FixMsgStore, first: int, last: int) -> Iterator[Kept]:
    """What is kept of the numbers from `first` to `last`, both included, in order. Numbers left out cost nothing."""
    numbers = store.kept_numbers(first, last)
    at_once = _FIRST
    while chunk := list(islice(numbers, at_once)):
        size = 0
        for seq_num, record in zip(chunk, _records(store, chunk), strict=True):
            size += 0 if record is None else len(record.encoded)
            yield Kept(seq_num, record)
        at_once = max(at_once // 2, 1) if size > _LARGE else min(at_once * 2, _AT_ONCE)


def _records(store: FixMsgStore, numbers: list[int]) -> Iterator[FixMsgStoreRecord | None]:
    """The messages of these numbers, which are in order."""
    first, last = numbers[0], numbers[-1]
    if last - first >= 2 * _AT_ONCE:
        return map(store.get, numbers)
    found = store.get_seq_num_range(first, last)
    return (found[number - first] for number in numbers)
