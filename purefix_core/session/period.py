"""Which period of its schedule the numbers of a session are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


def begins_anew(session: FixSession, now: int) -> bool:
    """Whether the numbers in the store are of an earlier period than the one that `now` lies in, so that both sequences
    start with 1 again as soon as the store is used. Raises StoreError."""
    began = session.store.created
    return began is not None and session.schedule.is_open(now) and not session.schedule.same_session(began, now)


def next_numbers(session: FixSession, now: int) -> tuple[int, int]:
    """The next MsgSeqNums out and in, as they count at `now`. Raises StoreError."""
    if not session.is_connected and begins_anew(session, now):
        return 1, 1
    return session.next_sender_seq_num, session.next_target_seq_num
