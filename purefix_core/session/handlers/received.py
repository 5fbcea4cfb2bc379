"""Messages that only have to be in sequence: those of the application, and a Reject (3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.events import ApplicationMessage
from purefix_core.session.incoming import Incoming
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class ReceivedHandler:
    """The number counts once the application has returned: a process that ends before gets the message again."""

    def __init__(self, session: FixSession) -> None:
        self._session = session

    def handle(self, message: Incoming) -> None:
        session = self._session
        if not session.sequence.is_next(message) or not session.hearing.heard(message):
            return
        session.sequence.count(message)
        if message.msg_type == "3":
            session.warn(f"the peer rejects our message {message.text(45)}: {message.text(tags.TEXT)[:200]}")
        else:
            poss_dup = message.is_set(tags.POSS_DUP_FLAG)
            session.tell(ApplicationMessage(session.now, message.raw, message.msg_type, message.seq_num, poss_dup))
