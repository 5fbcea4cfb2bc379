"""The incoming half of a session's numbers: what is in sequence, what came too early, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.early import EarlyMessages
from purefix_core.session.events import Level
from purefix_core.session.gap import Gap
from purefix_core.session.incoming import Incoming
from purefix_core.session.problems import REQUIRED_TAG_MISSING, SENDING_TIME_ACCURACY, Problem
from purefix_core.session.rejects import refuse
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.timestamps import NANOS, parse_utc_timestamp

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

_LEAST_PATIENCE = 30
"""Seconds without progress after which what is missing is asked for once more, at least."""


class Sequence:
    """The numbers of received messages. The last one that counts is kept in the store."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self.gap: Gap | None = None
        """What is missing and was asked for."""
        self.is_frozen = False
        """The session's period is over, its numbers have begun anew, and only the Logout is still awaited."""
        self._early = EarlyMessages(session.settings.max_early_messages)
        self._greatest_dropped = 0

    @property
    def expected(self) -> int:
        return self._session.store.last_received + 1

    def forget_connection(self) -> None:
        self.gap = None
        self._early.clear()
        self._greatest_dropped = 0

    def reset(self) -> None:
        """Both sequences start with 1 again."""
        self._session.store.get().reset_sequences()
        self._session.sender.forget_resends()
        self.forget_connection()

    # -- judging ---------------------------------------------------------------------------------------------------

    def is_next(self, message: Incoming) -> bool:
        """Whether it is the message that is expected. Otherwise what that calls for is done: one that is too high is
        held until the gap before it is filled, one too low is a duplicate or ends the session."""
        expected = self.expected
        if message.seq_num == expected:
            return True
        if message.seq_num > expected:
            self.hold(message.seq_num, message)
        else:
            self._too_low(message, expected)
        return False

    def hold(self, seq_num: int, message: Incoming | None) -> None:
        """A message is too high: keep it, and ask for what is missing before it. None for one that was dealt with."""
        if not self._early.add(seq_num, message):
            if not self._greatest_dropped:
                self._session.note("too many messages behind a gap: they are dropped, and asked for later")
            self._greatest_dropped = max(self._greatest_dropped, seq_num)
        asks_again = message is not None and self._session.settings.send_redundant_resend_requests
        if self.gap is None or asks_again:
            self.ask(self.expected, seq_num - 1)

    def ask(self, first: int, last: int) -> None:
        """Ask for messages that are missing."""
        asked_to = self._session.sender.send_resend_request(first, last)
        self.gap = Gap(last, asked_to, self._session.now)

    def await_unasked(self, last: int) -> None:
        """The peer sends what is missing up to `last` without being asked for it (NextExpectedMsgSeqNum)."""
        self.gap = Gap(last, last, self._session.now)

    def _too_low(self, message: Incoming, expected: int) -> None:
        session = self._session
        if not message.is_set(tags.POSS_DUP_FLAG):
            self.end_too_low(message, expected)
            return
        if message.msg_type == "4":  # a gap fill for what was received meanwhile (acceptance script 10 less)
            return
        original = message.get(tags.ORIG_SENDING_TIME)
        if original is None:
            if session.settings.requires_orig_sending_time:
                refuse(session, message, Problem(*REQUIRED_TAG_MISSING, tags.ORIG_SENDING_TIME))
        elif parse_utc_timestamp(original) > parse_utc_timestamp(message.get(tags.SENDING_TIME) or b""):
            refuse(session, message, Problem(*SENDING_TIME_ACCURACY, None))
            session.sender.send_logout()

    def end_too_low(self, message: Incoming, expected: int) -> None:
        """Acceptance script 2c."""
        text = f"MsgSeqNum too low, expecting {expected} but received {message.seq_num}"
        self._session.log_out_and_close(text)

    # -- counting --------------------------------------------------------------------------------------------------

    def count(self, message: Incoming) -> None:
        """The message was dealt with: it counts as received, if it was the one expected."""
        expected = self.expected
        if message.seq_num == expected <= MAX_SEQ_NUM and not self.is_frozen:
            self.move_to(expected + 1)

    def count_or_hold(self, message: Incoming) -> None:
        """The same for one that was dealt with at once, whatever its number: if it is too high it counts later."""
        if message.seq_num > self.expected and not self.is_frozen:
            self.hold(message.seq_num, None)
        else:
            self.count(message)

    def move_to(self, expected: int) -> None:
        """`expected` is the next MsgSeqNum."""
        self._session.store.get().set_last_received_seq_num(expected - 1)
        gap = self.gap
        if gap is None:
            return
        gap.moved_at = self._session.now
        if expected > gap.last:
            self.gap = None
        elif expected > gap.asked_to:
            self.ask(expected, gap.last)

    def drain(self) -> None:
        """Deal with the messages that were held, as far as they are in sequence now."""
        session = self._session
        if not self._early and not self._greatest_dropped:
            return
        expected = self.expected
        while expected in self._early and not session.is_closing:
            message = self._early.pop(expected)
            if message is None:
                self.move_to(expected + 1)
            else:
                session.processor.process_message(message)
            expected = self.expected
        self._early.forget_below(expected)
        if self.gap is None and not session.is_closing:
            self._look_for_another_gap(expected)

    def _look_for_another_gap(self, expected: int) -> None:
        """Something further on may be missing as well. What was asked for without an end is still on its way then."""
        first = self._early.first or (self._greatest_dropped + 1 if self._greatest_dropped >= expected else 0)
        if self._greatest_dropped < expected:
            self._greatest_dropped = 0
        if not first:
            return
        settings = self._session.settings
        if self._early.first and not (settings.closed_resend_interval or settings.resend_request_chunk_size):
            self.await_unasked(first - 1)
        else:
            self.ask(expected, first - 1)

    # -- patience --------------------------------------------------------------------------------------------------

    def patience_ends(self) -> int | None:
        """When what is missing has to be asked for once more: nanoseconds UTC."""
        if self.gap is None:
            return None
        return self.gap.moved_at + max(_LEAST_PATIENCE, 2 * self._session.heart_bt_int) * NANOS

    def ask_again(self) -> None:
        assert self.gap is not None
        self._session.note("what was asked for does not come; it is asked for once more", Level.WARNING)
        self.ask(self.expected, self.gap.last)
