"""Logon (A), in both roles (FIX session protocol, Logon; acceptance scripts 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.dictionary.versions import is_known_appl_ver_id
from purefix_core.session.events import Level
from purefix_core.session.incoming import Incoming
from purefix_core.session.states import Happening, State
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


_MOST_DIGITS = 10
"""Of a MsgSeqNum."""
_MOST_RESETS = 3
"""So many Logons with ResetSeqNumFlag(141)=Y are answered in a row. An engine that takes our answer for another one of
these would send thousands a second otherwise."""


class LogonHandler:
    """A Logon opens the session; within it, with ResetSeqNumFlag(141)=Y, it starts both sequences with 1 again."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._resets = 0
        """How many Logons with ResetSeqNumFlag(141)=Y came within the session with nothing else between them."""

    def handle(self, message: Incoming) -> None:
        session = self._session
        is_reset = message.is_set(tags.RESET_SEQ_NUM_FLAG)
        if session.state is State.ACTIVE and is_reset and session.sender.asked_for_reset:
            session.change_state(Happening.SEND_LOGON)
        is_answer = session.state is State.LOGON_SENT
        if session.state in (State.LOGOUT_SENT, State.LOGOUT_RECEIVED) or (session.is_logged_on and not is_reset):
            session.close("a Logon came within the session", Level.WARNING)
            return
        wrong = self._what_is_wrong(message)
        if wrong:
            session.log_out_and_close(wrong)
            return
        if self._is_one_reset_too_many():
            session.log_out_and_close("Logons with ResetSeqNumFlag=Y follow each other, with nothing between them")
            return
        session.change_state(Happening.RECEIVE_LOGON)
        if is_answer:
            self._take_answer(message, is_reset)
        else:
            self._answer(message, is_reset)

    def _is_one_reset_too_many(self) -> bool:
        session = self._session
        if not session.is_logged_on:
            self._resets = 0
        elif session.store.last_sent == 1 and session.store.last_received == 1:
            self._resets += 1
        else:
            self._resets = 1
        return self._resets > _MOST_RESETS

    def _what_is_wrong(self, message: Incoming) -> str:
        """For what the peer is told by a Logout with text, as QuickFIX/J does."""
        text = message.get(tags.HEART_BT_INT) or b""
        if not text.isdigit() or len(text) > 9:
            return "HeartBtInt must not be negative" if text.startswith(b"-") else "HeartBtInt is missing or no number"
        version = message.text(tags.DEFAULT_APPL_VER_ID)
        if version and not is_known_appl_ver_id(version):
            return f"DefaultApplVerID {version[:20]} is not supported"
        return ""

    def _is_too_low(self, message: Incoming) -> bool:
        sequence = self._session.sequence
        expected = sequence.expected
        if message.seq_num >= expected:
            return False
        sequence.end_too_low(message, expected)
        return True

    # -- the peer's Logon comes first ------------------------------------------------------------------------------

    def _answer(self, message: Incoming, is_reset: bool) -> None:
        session = self._session
        settings = session.settings
        resets = is_reset or settings.reset_on_logon
        if not resets and self._is_too_low(message):
            return
        session.heart_bt_int = int(message.text(tags.HEART_BT_INT))
        session.target_default_appl_ver_id = message.text(tags.DEFAULT_APPL_VER_ID)
        if not session.hearing.heard(message):  # a stranger must not make us forget what the peer has not yet
            self._close_refused()
            return
        if is_reset:
            session.note("the peer's Logon resets both sequences to 1")
        if resets:
            session.sequence.reset()
        next_sender = session.store.last_sent + 1
        they_expect = self._they_expect(message, next_sender)
        if session.is_closing:
            return
        expected = session.sequence.expected
        in_sequence = is_reset or message.seq_num == expected
        session.sender.answer_logon(
            is_reset, (expected + 1 if in_sequence else expected) if they_expect is not None else None
        )
        self._conclude(message, is_reset, they_expect, next_sender)

    # -- it answers ours -------------------------------------------------------------------------------------------

    def _take_answer(self, message: Incoming, is_reset: bool) -> None:
        session = self._session
        session.target_default_appl_ver_id = message.text(tags.DEFAULT_APPL_VER_ID)
        sender = session.sender
        was_asked_for = is_reset and sender.asked_for_reset
        resets_too = is_reset and not sender.sent_reset
        sender.sent_reset = sender.asked_for_reset = False
        if resets_too:
            session.note("the peer's Logon resets both sequences to 1")
            session.sequence.reset()
        elif self._is_too_low(message):
            return
        if not session.hearing.heard(message):
            self._close_refused()
            return
        if was_asked_for:  # the Logon that asked for it is number 1 of the new sequence, as the peer counts
            session.store.get().set_last_sent_seq_num(1)
        elif resets_too:
            session.change_state(Happening.SEND_LOGON)
            session.state = State.LOGON_RECEIVED
            sender.answer_logon(True, None)
        next_sender = session.store.last_sent + 1
        they_expect = self._they_expect(message, next_sender)
        if not session.is_closing:
            self._conclude(message, is_reset, they_expect, next_sender)

    # -- both --------------------------------------------------------------------------------------------------------

    def _they_expect(self, message: Incoming, next_sender: int) -> int | None:
        """NextExpectedMsgSeqNum(789) of the peer, where it is used. More than we ever sent ends the session."""
        text = message.get(tags.NEXT_EXPECTED_MSG_SEQ_NUM)
        if text is None or not text.isdigit() or not self._session.sender.says_next_expected:
            return None
        if len(text) > _MOST_DIGITS:
            self._session.log_out_and_close("NextExpectedMsgSeqNum too high")
            return None
        if int(text) > next_sender:
            self._session.log_out_and_close(
                f"NextExpectedMsgSeqNum too high, expecting {next_sender} but received {int(text)}"
            )
        return int(text)

    def _conclude(self, message: Incoming, is_reset: bool, they_expect: int | None, next_sender: int) -> None:
        """The session is open. What the peer misses is sent where it said so (789); what we miss is asked for, unless
        the peer was told so."""
        session = self._session
        sequence = session.sequence
        if they_expect is not None and they_expect < next_sender:
            session.note(f"the peer expects {they_expect}: messages up to {next_sender - 1} are sent again")
            session.sender.resend(max(they_expect, 1), session.store.last_sent)
        if is_reset:
            sequence.move_to(2)
        elif they_expect is not None and message.seq_num > sequence.expected:
            sequence.await_unasked(message.seq_num - 1)
            sequence.hold(message.seq_num, None)
        else:
            sequence.count_or_hold(message)
        session.note("logged on")
        session.logged_on()

    def _close_refused(self) -> None:
        if not self._session.is_closing:
            self._session.close("the application refuses the Logon", Level.WARNING)
