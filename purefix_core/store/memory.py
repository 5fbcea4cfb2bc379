"""A message store that lives as long as the process: for tests, and for sessions that begin with 1 each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator
from contextlib import AbstractContextManager, nullcontext

from purefix_core.store.payload import msg_type_of, what_is_wrong
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState
from purefix_core.wire.secrets import masked_and_sealed


class FixMsgMemoryStore:
    """A FixMsgStore (protocol.py) without files. `gap_filled` holds the numbers to gap-fill instead of resend,
    such as GapFillRanges; `clock` gives nanoseconds UTC."""

    def __init__(self, gap_filled: Container[int] = (), clock: Callable[[], int] = time.time_ns) -> None:
        self._gap_filled = gap_filled
        self._clock = clock
        self._records: dict[int, FixMsgStoreRecord] = {}
        self._greatest = 0
        self._last_sent = 0
        self._last_received = 0
        self._last_received_time: int | None = None
        self._created_time = clock()

    def clear(self) -> FixMsgStoreState:
        self._records.clear()
        self._greatest = 0
        return self.get_state()

    def get_state(self) -> FixMsgStoreState:
        return FixMsgStoreState(len(self._records), self._last_sent, self._last_received, self._last_received_time)

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        seq_num = record.seq_num
        if not 1 <= seq_num <= MAX_SEQ_NUM:
            raise ValueError(f"MsgSeqNum: expected 1 to {MAX_SEQ_NUM}, found {seq_num}")
        wrong = what_is_wrong(record.encoded, seq_num)
        if wrong:
            raise ValueError(f"message {seq_num} is not one whole FIX message: {wrong}")
        encoded = masked_and_sealed(record.encoded)
        self._records[seq_num] = FixMsgStoreRecord(msg_type_of(encoded), record.timestamp, seq_num, encoded)
        self._greatest = max(self._greatest, seq_num)
        return self.get_state()

    def get(self, seq_num: int) -> FixMsgStoreRecord | None:
        return self._records.get(seq_num)

    def exists(self, seq_num: int) -> bool:
        return seq_num in self._records

    def kept_numbers(self, from_seq_num: int, to_seq_num: int) -> Iterator[int]:
        first, last = max(from_seq_num, 1), min(to_seq_num, self._greatest)
        if last - first < 2 * len(self._records):  # a session numbers without gaps: nothing has to be sorted
            return filter(self._records.__contains__, range(first, last + 1))
        return iter(sorted(number for number in self._records if first <= number <= last))

    def get_seq_num_range(self, from_seq_num: int, to_seq_num: int | None = None) -> list[FixMsgStoreRecord | None]:
        if to_seq_num is None:
            to_seq_num = self._last_sent or self._greatest
        last = min(to_seq_num, max(self._last_sent, self._greatest))
        return [self._records.get(number) for number in range(max(from_seq_num, 1), last + 1)]

    def is_gap_filled(self, seq_num: int) -> bool:
        return seq_num in self._gap_filled

    def get_last_sent_seq_num(self) -> int:
        return self._last_sent

    def get_last_received_seq_num(self) -> int:
        return self._last_received

    def get_created_time(self) -> int | None:
        return self._created_time

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        self._last_sent = _checked(seq_num)

    def set_last_received_seq_num(self, seq_num: int) -> None:
        self._last_received = _checked(seq_num)
        self._last_received_time = self._clock()

    def get_last_received_time(self) -> int | None:
        return self._last_received_time

    def set_last_received_time(self, nanos: int) -> None:
        self._last_received_time = nanos

    def reset_sequences(self) -> None:
        self.clear()
        self._gap_filled = ()
        self._last_sent = 0
        self._last_received = 0
        self._created_time = self._clock()

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """There is nothing to close."""


def _checked(seq_num: int) -> int:
    if not 0 <= seq_num <= MAX_SEQ_NUM:
        raise ValueError(f"last MsgSeqNum: expected 0 to {MAX_SEQ_NUM}, found {seq_num}")
    return seq_num
