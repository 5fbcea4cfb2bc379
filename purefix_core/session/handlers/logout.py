"""Logout (5): answered, or the answer to ours; the connection ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming
from purefix_core.session.states import Happening, State
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class LogoutHandler:
    """A Logout is never refused for its number (acceptance scripts 10 equal, RejectResentMessage)."""

    def __init__(self, session: FixSession) -> None:
        self._session = session

    def handle(self, message: Incoming) -> None:
        session = self._session
        if not session.hearing.heard(message):
            return
        is_answer = session.state is State.LOGOUT_SENT
        refused = session.state is State.LOGON_SENT
        session.change_state(Happening.RECEIVE_LOGOUT)
        if not is_answer:
            session.sender.send_logout()
        session.sequence.count(message)
        text = message.text(tags.TEXT)[:200]
        what = "our Logon is refused" if refused else "logged out" if is_answer else "the peer logs out"
        session.close(f"{what}: {text}" if text else what)
