"""The messages of a store one after the other, without ever holding more than a few of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord

_AT_ONCE = 500
"""So many numbers are read at a time: a message may be large, and a store may hold millions."""


class Kept(NamedTuple):
    """A number that the store keeps a message of; `record` is None where that is damaged."""

    seq_num: int
    record: FixMsgStoreRecord | None


def kept_messages(store: FixMsgStore, first: int, last: int) -> Iterator[Kept]:
    """What is kept of the numbers from `first` to `last`, both included, in order.

    It ends early when all that the store keeps was seen, so that numbers set far ahead by hand cost nothing.
    """
    unseen = store.get_state().messages
    for start in range(max(first, 1), last + 1, _AT_ONCE):
        if not unseen:
            return
        found = store.get_seq_num_range(start, min(start + _AT_ONCE - 1, last))
        if not found:  # beyond the greatest number that the store knows
            return
        for seq_num, record in enumerate(found, start):
            if record is not None or store.exists(seq_num):
                unseen -= 1
                yield Kept(seq_num, record)
