"""The messages of a store one after the other, without ever holding more than a few of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord

_AT_ONCE = 500
"""So many messages are read at a time: a message may be large, and a store may hold millions."""


class Kept(NamedTuple):
    """A number that the store keeps a message of; `record` is None where that is damaged."""

    seq_num: int
    record: FixMsgStoreRecord | None


def kept_messages(store: FixMsgStore, first: int, last: int) -> Iterator[Kept]:
    """What is kept of the numbers from `first` to `last`, both included, in order. Numbers left out cost nothing."""
    numbers = store.kept_numbers(first, last)
    while chunk := list(islice(numbers, _AT_ONCE)):
        if chunk[-1] - chunk[0] < 2 * _AT_ONCE:
            found = store.get_seq_num_range(chunk[0], chunk[-1])
            yield from (Kept(number, found[number - chunk[0]]) for number in chunk)
        else:
            yield from (Kept(number, store.get(number)) for number in chunk)
