"""Heartbeat (0): a sign of life, and the answer to our TestRequest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class HeartbeatHandler:
    def __init__(self, session: FixSession) -> None:
        self._session = session

    def handle(self, message: Incoming) -> None:
        session = self._session
        if session.sequence.is_next(message) and session.hearing.heard(message):
            session.sequence.count(message)
