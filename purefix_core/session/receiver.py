"""What becomes of each received message before its handler sees it: whether it may come now, is what its dictionary
says, was sent just now, and by whom it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.events import Level
from purefix_core.session.incoming import Incoming
from purefix_core.session.problems import COMP_ID_PROBLEM, SENDING_TIME_ACCURACY, Problem
from purefix_core.session.rejects import refuse
from purefix_core.session.stamps import Latency
from purefix_core.session.states import State
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class Receiver:
    """Judges the messages of one session."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._begin = session.begin_string.encode()
        self._latency = Latency(session.settings.max_latency)
        ours = session.session_id
        self._comp_ids = (
            (tags.SENDER_COMP_ID, ours.target_comp_id.encode()),
            (tags.TARGET_COMP_ID, ours.sender_comp_id.encode()),
        )

    def handle(self, message: Incoming) -> None:
        session = self._session
        session.timers.received(session.now)
        if message.get(tags.BEGIN_STRING) != self._begin:
            self._wrong_begin_string(message)
            return
        if self._is_from_before_the_reset(message.msg_type):
            session.warn(f"{message.msg_type} {message.seq_num} was sent before the reset and is ignored")
            return
        if not self._may_come(message.msg_type):
            session.close(
                f"MsgType {printable(message.msg_type)[:10]} came in state {session.state.value}", Level.WARNING
            )
            return
        if session.sequence.is_frozen and message.msg_type != "5":
            return  # of the period that is over; only the Logout is still awaited
        is_logon = message.msg_type == tags.LOGON
        if message.get(tags.MSG_SEQ_NUM) is None:
            session.log_out_and_close("Received message without MsgSeqNum")
            return
        if self._is_too_great(message):
            session.log_out_and_close(f"MsgSeqNum must not be greater than {MAX_SEQ_NUM}")
            return
        problem = session.validators.check(message, session.target_default_appl_ver_id)
        if problem is not None:
            if is_logon and session.state is not State.ACTIVE:
                self._refuse_logon(problem)
            else:
                refuse(session, message, problem)
                session.sequence.drain()
            return
        for wrong in (self._wrong_sending_time(message), self._wrong_comp_ids(message)):
            if wrong is not None:
                if is_logon:
                    self._refuse_logon(wrong)
                else:
                    refuse(session, message, wrong)
                    session.sender.send_logout()
                return
        session.processor.process_message(message)
        session.sequence.drain()

    def _may_come(self, msg_type: str) -> bool:
        """Before both have logged on nothing but a Logon is taken, and what refuses one."""
        session = self._session
        if session.state is State.CONNECTING:
            return msg_type == tags.LOGON
        if session.state is State.LOGON_SENT:
            return msg_type in ("A", "5", "3")
        return True

    def _is_too_great(self, message: Incoming) -> bool:
        """Whether the MsgSeqNum is one that no store can keep. That of a SequenceReset-Reset is of no meaning."""
        digits = message.get(tags.MSG_SEQ_NUM) or b""
        if message.seq_num <= MAX_SEQ_NUM and not (message.seq_num == 0 and digits.isdigit() and len(digits) > 9):
            return False
        return message.msg_type != "4" or message.is_set(tags.GAP_FILL_FLAG)

    def _is_from_before_the_reset(self, msg_type: str) -> bool:
        """We asked for a reset within the session: what the peer sent before it answers is of the old sequence."""
        session = self._session
        return session.state is State.LOGON_SENT and session.was_logged_on and msg_type not in ("A", "5", "3")

    def _wrong_sending_time(self, message: Incoming) -> Problem | None:
        session = self._session
        if not session.settings.check_latency:
            return None
        sent = message.get(tags.SENDING_TIME) or b""
        return None if self._latency.is_good(sent, session.now) else Problem(*SENDING_TIME_ACCURACY, None)

    def _wrong_comp_ids(self, message: Incoming) -> Problem | None:
        session = self._session
        if session.settings.check_comp_id and any(message.get(tag) != value for tag, value in self._comp_ids):
            return Problem(*COMP_ID_PROBLEM, None)
        return None

    def _refuse_logon(self, why: Problem) -> None:
        """An initiator says what is wrong with the answer to its Logon. An acceptor tells a stranger nothing
        (acceptance scripts 1d): it only closes."""
        session = self._session
        text = why.text if why.tag is None else f"{why.text} ({why.tag})"
        if session.state is State.CONNECTING:
            session.close(f"the Logon is refused: {text}", Level.WARNING)
        else:
            session.log_out_and_close(text)

    def _wrong_begin_string(self, message: Incoming) -> None:
        """Acceptance script 2i."""
        session = self._session
        found = printable(message.text(tags.BEGIN_STRING))[:20]
        if session.state is State.CONNECTING:
            session.close(f"the Logon has BeginString {found}", Level.WARNING)
        elif message.msg_type == "5":
            session.processor.process_message(message)
        else:
            session.note(f"BeginString {found} came", Level.ERROR)
            session.sender.send_logout("Incorrect BeginString")
            session.sequence.count(message)

    def garbled(self, error: str) -> None:
        session = self._session
        if session.state is State.CONNECTING:
            session.close(f"the first message is garbled: {error}", Level.WARNING)
            return
        session.note(f"a garbled message is ignored: {error}", Level.WARNING)
        if session.settings.reject_garbled_message and session.state is State.ACTIVE:
            session.sender.send_garbled_reject(error)
