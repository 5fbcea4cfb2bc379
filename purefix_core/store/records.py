"""What a message store holds (spec: Persistent Message Store)."""

from __future__ import annotations

from typing import NamedTuple

MAX_SEQ_NUM = 2**31 - 1
"""The greatest MsgSeqNum that the files can hold."""


class StoreError(Exception):
    """A store cannot be used as asked, and nothing was changed. The text names the file, what is wrong, what to do."""


class FixMsgStoreRecord(NamedTuple):
    """One message that was sent."""

    msg_type: str
    """MsgType(35)."""
    timestamp: int
    """When it was stored, in nanoseconds UTC since 1970 (wire/timestamps.py). Files keep units of 100 ns."""
    seq_num: int
    """MsgSeqNum(34)."""
    encoded: bytes
    """The message from `8=` to the SOH behind its CheckSum; passwords of a Logon are masked."""


class FixMsgStoreState(NamedTuple):
    """Where a store stands."""

    messages: int
    """How many messages are kept."""
    last_sent_seq_num: int
    last_received_seq_num: int
    last_received_time: int | None
    """In nanoseconds UTC; None before anything was received."""


class FixSessionState(NamedTuple):
    """What `session.meta` says. Times are nanoseconds UTC, None where the file says null or nothing."""

    sender_comp_id: str
    """Our own CompID: 49 of what we send, 56 of the peer's Logon."""
    target_comp_id: str
    last_sent_seq_num: int = 0
    last_received_seq_num: int = 0
    last_received_time: int | None = None
    created_time: int | None = None
    last_modified_time: int | None = None
