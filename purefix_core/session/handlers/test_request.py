"""TestRequest (1): answered by a Heartbeat with the same TestReqID(112)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class TestRequestHandler:
    def __init__(self, session: FixSession) -> None:
        self._session = session

    def handle(self, message: Incoming) -> None:
        session = self._session
        if not session.sequence.is_next(message) or not session.hearing.heard(message):
            return
        if session.manual.holds_heartbeats:
            session.warn("a TestRequest is not answered, as asked")
        else:
            session.sender.send_heartbeat(message.get(tags.TEST_REQ_ID))
        session.sequence.count(message)
