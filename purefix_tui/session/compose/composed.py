"""A message as it leaves the screen where it was written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.expressions import Moment, next_count
from purefix_core.session.machine import FixSession
from purefix_core.session.outgoing import FlatMessage
from purefix_core.wire import tags


@dataclass(frozen=True)
class Composed:
    """A message that was sent."""

    title: str
    message: Callable[[int, int], FlatMessage]
    """Gives it for the MsgSeqNum that it has and the time at which it is sent (nanoseconds UTC), each time the same but
    for these: `{now}` is as fresh as SendingTime. Raises ComposeError."""
    store: bool | None
    """For one with a MsgSeqNum of its own: whether it is kept in the store."""


def message_of(draft: Draft, definitions: Definitions, moment: Moment) -> Callable[[int, int], FlatMessage]:
    """The message for any MsgSeqNum and time: ids are those of `moment`."""
    return lambda seq, now: draft.to_flat(definitions, replace(moment, seq=seq, now=now), as_written=True)


def encoded(message: Callable[[int, int], FlatMessage], session: FixSession, now: int) -> bytes:
    """The bytes that the session would send now. Raises ValueError."""
    return session.manual.encoded(message(session.next_sender_seq_num, now), now).raw


class Moments:
    """Moments of one message while it is written: the time goes on, ids stay, so that what was shown is what is
    sent."""

    def __init__(self) -> None:
        self._seed = os.urandom(16)
        self._count: int | None = None
        """Taken when it is first wanted: others that do not want one leave no gap."""

    def now(self, draft: Draft) -> Moment:
        if self._count is None and "{count" in draft.to_text():
            self._count = next_count()
        return Moment(time.time_ns(), 0, self._count or 1, seed=self._seed)


def has_own_number(draft: Draft) -> bool:
    return any(item.tag == tags.MSG_SEQ_NUM for item in draft.header)
