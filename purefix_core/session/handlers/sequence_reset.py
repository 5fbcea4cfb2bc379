"""SequenceReset (4), as gap fill and as reset (FIX session protocol, SequenceReset; acceptance scripts 10 and 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming
from purefix_core.session.problems import VALUE_IS_INCORRECT, Problem
from purefix_core.session.rejects import refuse
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class SequenceResetHandler:
    """Neither form may lower the number that is expected. A gap fill has to be in sequence itself; a reset may have
    any MsgSeqNum."""

    def __init__(self, session: FixSession) -> None:
        self._session = session

    def handle(self, message: Incoming) -> None:
        session = self._session
        sequence = session.sequence
        is_gap_fill = message.is_set(tags.GAP_FILL_FLAG)
        if is_gap_fill and not sequence.is_next(message):
            return
        if not session.hearing.heard(message):
            return
        expected = sequence.expected
        text = message.get(tags.NEW_SEQ_NO) or b""
        new = int(text) if text.isdigit() and len(text) < 20 else 0
        if not expected <= new <= MAX_SEQ_NUM:
            refuse(session, message, Problem(*VALUE_IS_INCORRECT, None))
            return
        if new > expected and not sequence.is_frozen:
            if not is_gap_fill:
                session.warn(f"the peer resets its sequence: next MsgSeqNum {expected} -> {new}, nothing is resent")
            sequence.move_to(new)
