"""Answers to ResendRequests: application messages once more, gap fills for everything else (FIX session protocol,
ResendRequest; acceptance scripts 8).

They are sent in pieces, so that a request for a million messages neither takes the memory nor holds up heartbeats.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from purefix_core.session.events import Level
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.renewing import renewer
from purefix_core.store.payload import sending_time_text
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.wire import tags
from purefix_core.wire.timestamps import NANOS

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession
    from purefix_core.session.sender import Sender

_REPLACED = frozenset({tags.POSS_DUP_FLAG, tags.SENDING_TIME, tags.ORIG_SENDING_TIME, tags.LAST_MSG_SEQ_NUM_PROCESSED})
_AT_ONCE = 200
"""Kept messages that are looked at in one step: some milliseconds."""
_READ_AT_ONCE = 16
_MOST_BYTES = 256 * 1024
"""A step ends behind so many bytes, since messages may be large."""
_MOST_WAITING = 16
"""Requests that wait; a peer that sends more of them gets no answer to these."""


@dataclass
class _Range:
    next: int
    """Where to go on."""
    last: int
    gap_from: int
    """Where the gap begins that is not yet filled: so that a run of any length is one gap fill."""


class Resends:
    """The requests of one connection that are being answered, one after the other."""

    def __init__(self, session: FixSession, sender: Sender) -> None:
        self._session = session
        self._sender = sender
        self._renewer = renewer(session.config.definitions, _REPLACED)
        self._waiting: deque[_Range] = deque()
        self._age = int(session.settings.resend_max_age * NANOS)
        self._only_gap_fills = session.settings.resend_gap_fill_only or not session.settings.persist_messages

    @property
    def are_pending(self) -> bool:
        return bool(self._waiting)

    @property
    def next_range(self) -> tuple[int, int] | None:
        """What is still to be sent of the request at hand: the next number, and the last."""
        return (self._waiting[0].next, self._waiting[0].last) if self._waiting else None

    def clear(self) -> None:
        self._waiting.clear()

    def add(self, first: int, last: int) -> None:
        """Answer a request; a short one at once, unless there is much to be written already. One that waits for the
        same messages is begun again."""
        again = [each for each in self._waiting if first <= each.next and each.last <= last]
        for each in again:
            self._waiting.remove(each)
        if len(self._waiting) == _MOST_WAITING:
            self._session.note("a ResendRequest is ignored: too many are waiting", Level.WARNING)
            return
        self._waiting.append(_Range(first, last, first))
        if len(self._waiting) == 1 and self._sender.pending_bytes < _MOST_BYTES:
            self.step()

    def step(self) -> None:
        """Send the next piece."""
        if not self._waiting:
            return
        wanted = self._waiting[0]
        numbers: list[int] = []
        if not self._only_gap_fills:
            store = self._session.store.get()
            numbers = list(islice(store.kept_numbers(wanted.next, wanted.last), _AT_ONCE))
        sent = 0
        for start in range(0, len(numbers), _READ_AT_ONCE):
            some = numbers[start : start + _READ_AT_ONCE]
            sent += self._send_again(some, wanted)
            wanted.next = some[-1] + 1
            if sent > _MOST_BYTES:
                break
        if wanted.next <= wanted.last and (sent > _MOST_BYTES or len(numbers) == _AT_ONCE):
            return
        self._fill(wanted.gap_from, wanted.last + 1)
        self._waiting.popleft()

    def _send_again(self, numbers: list[int], wanted: _Range) -> int:
        """Returns how many bytes were sent."""
        sent = 0
        for record in self._records(numbers):
            if record is None or not self._is_resent(record):
                continue
            raw = self._sent_again(record)
            if raw is not None:
                self._fill(wanted.gap_from, record.seq_num)
                self._sender.put_out(raw)
                wanted.gap_from = record.seq_num + 1
                sent += len(raw)
        return sent

    def _records(self, numbers: list[int]) -> list[FixMsgStoreRecord | None]:
        """The messages of these numbers, read by runs of neighbours."""
        store = self._session.store.get()
        found: list[FixMsgStoreRecord | None] = []
        at = 0
        while at < len(numbers):
            end = at + 1
            while end < len(numbers) and numbers[end] == numbers[end - 1] + 1:
                end += 1
            found += store.get_seq_num_range(numbers[at], numbers[end - 1])
            at = end
        return found

    def _is_resent(self, record: FixMsgStoreRecord) -> bool:
        if record.msg_type in tags.ADMIN_MSG_TYPES or self._session.store.get().is_gap_filled(record.seq_num):
            return False
        return not self._age or record.timestamp >= self._session.now - self._age

    def _sent_again(self, record: FixMsgStoreRecord) -> bytes | None:
        """The message with PossDupFlag(43), OrigSendingTime(122), which is what its 52 was, and 52 of now. None where
        the application does not want it sent again."""
        sender = self._sender
        stamp = sender.stamp()
        added = {
            tags.POSS_DUP_FLAG: b"Y",
            tags.SENDING_TIME: stamp,
            tags.ORIG_SENDING_TIME: sending_time_text(record.encoded) or stamp,
            **sender.last_processed(),
        }
        raw = self._renewer.renewed(record.encoded, sender.begin_string, list(added.items()))
        return sender.asked(record.msg_type, raw) if sender.asks_app else raw

    def _fill(self, first: int, next_seq_num: int) -> None:
        """SequenceReset-GapFill in place of `first` to `next_seq_num` - 1, if there are any. It moves no number and is
        not stored."""
        if first >= next_seq_num:
            return
        sender = self._sender
        stamp = sender.stamp()
        added = {**sender.added(first, stamp), tags.POSS_DUP_FLAG: b"Y", tags.ORIG_SENDING_TIME: stamp}
        body = [(tags.NEW_SEQ_NO, b"%d" % next_seq_num), (tags.GAP_FILL_FLAG, b"Y")]
        raw = sender.encoded(FlatMessage("4", body), added)
        sender.put_out((sender.asked("4", raw) or raw) if sender.asks_admin else raw)
