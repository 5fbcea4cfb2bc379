"""ResendRequest (2): what the peer misses is sent again (resend.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.gap import asked_for_all
from purefix_core.session.incoming import Incoming
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


_MANY = 3
"""So many identical requests in a row mean that our answers do not help."""


class ResendRequestHandler:
    """A ResendRequest is never refused for its number (acceptance scripts 8 and 20): both sides may have a gap."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._last: tuple[int, int] | None = None
        self._times = 0

    def handle(self, message: Incoming) -> None:
        session = self._session
        if not session.hearing.heard(message):
            return
        first, end = _number(message.get(tags.BEGIN_SEQ_NO)), _number(message.get(tags.END_SEQ_NO))
        self._count(first, end)
        last_sent = session.store.last_sent
        last = last_sent if asked_for_all(end) else min(end, last_sent)
        asked = f"the peer asks for messages {first} to {'the last' if asked_for_all(end) else end}"
        if session.manual.ignores_resend_requests:
            session.warn(f"{asked}, which is ignored, as asked")
        elif max(first, 1) > last:
            session.warn(f"{asked}, but the last one sent is {last_sent}")
        else:
            session.note(asked)
            session.sender.resend(max(first, 1), last)
        session.sequence.count_or_hold(message)

    def _count(self, first: int, end: int) -> None:
        self._times = self._times + 1 if self._last == (first, end) else 1
        self._last = first, end
        if self._times >= _MANY:
            self._session.warn(
                f"the peer has asked {self._times} times in a row for messages from {first}: what it gets does not fill"
                " its gap"
            )


def _number(text: bytes | None) -> int:
    """0 for what is no number; one of too many digits is greater than any that was sent."""
    if not text or not text.isdigit():
        return 0
    return int(text) if len(text) < 20 else 2**63
