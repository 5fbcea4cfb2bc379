"""The interface of every message store (spec: IFixMsgStore). The session engine knows a store by this alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from purefix_core.store.records import FixMsgStoreRecord, FixMsgStoreState


class FixMsgStore(Protocol):
    """Numbers and sent messages of one session. Methods return when what they did is as safe as the store's level says.

    They raise StoreError where a file cannot be written; the store is then as it was before.
    """

    def clear(self) -> FixMsgStoreState:
        """Forget all messages; the numbers stay."""

    def get_state(self) -> FixMsgStoreState: ...

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        """Keep a message that is about to be sent; it supersedes one of the same number.

        Secrets of a Logon are masked. Raises ValueError unless `encoded` is one whole FIX message of that number, with
        the BodyLength and CheckSum that it should have: everything else would be taken for damage when it is read.
        """

    def get(self, seq_num: int) -> FixMsgStoreRecord | None:
        """The newest message of that number, also one above the last number sent. None where there is none or where it
        is damaged, which is then said."""

    def exists(self, seq_num: int) -> bool:
        """Whether a message of that number is kept, damaged or not."""

    def kept_numbers(self, from_seq_num: int, to_seq_num: int) -> Iterator[int]:
        """The numbers from `from_seq_num` to `to_seq_num`, both included, for which `exists` says yes, in order."""

    def get_seq_num_range(self, from_seq_num: int, to_seq_num: int | None = None) -> list[FixMsgStoreRecord | None]:
        """What `get` gives for each number from `from_seq_num` to `to_seq_num`, both included.

        Numbers below 1 and above the greatest known one are left out. Without `to_seq_num` it ends with the last number
        sent; before any was, with the greatest kept.
        """

    def is_gap_filled(self, seq_num: int) -> bool:
        """Whether somebody said that the message of that number is to be gap-filled instead of resent."""

    def get_last_sent_seq_num(self) -> int: ...

    def get_last_received_seq_num(self) -> int: ...

    def set_last_sent_seq_num(self, seq_num: int) -> None: ...

    def set_last_received_seq_num(self, seq_num: int) -> None:
        """It was received just now: sets the last received time as well (spec: SetLastReceivedSeqNum)."""

    def get_last_received_time(self) -> int | None:
        """Nanoseconds UTC."""

    def set_last_received_time(self, nanos: int) -> None: ...

    def get_created_time(self) -> int | None:
        """When both sequences began: the store was made, or they were last reset. Nanoseconds UTC; None where nobody
        knows. A session with hours tells by it whether the numbers are those of the present period."""

    def reset_sequences(self) -> None:
        """Forget all messages and what was said to be gap-filled, and begin both sequences with 1 again.

        The last received time stays."""

    def batch(self) -> AbstractContextManager[None]:
        """Inside of `with store.batch():` what is done becomes safe together, when the block ends."""

    def close(self) -> None:
        """Nothing else may be called afterwards."""
