"""What went wrong last with a session, until it is over: one line of its event log."""

from __future__ import annotations

from purefix_core.session.engine.log_files import GOES_ON
from purefix_core.session.engine.passed_over import NO_FIX
from purefix_core.session.events import Level
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_core.wire.timestamps import NANOS
from purefix_tui.log.live_pane import EventLine

_PASSES_AFTER = 20 * NANOS
"""A warning in a session that goes on is said for so long; it stays in the table."""
_SAME_END = 5 * NANOS
"""Lines so near to the end of a connection tell of that end, and the first of them says most."""

_BY_HAND = "by hand "
_ENDS = "disconnected"
_NO_ANSWER = "our Logon was not answered"
_BEGINS = ("connecting to ", "connection from ", "listening on ", "logged on")
_AS_ASKED = ", as asked"
"""Behind what somebody wanted, such as messages that get lost."""
_SAYS_WHY = ("our Logon is refused", "the peer logs out", "outside of the session's hours")
"""Lines that are no warning, and yet the reason why the session is not logged on."""


def is_no_fix(line: EventLine) -> bool:
    """Whether something else than a FIX engine speaks on the other side."""
    return NO_FIX in line.text


class Trouble:
    """Hears every line of the event log, and keeps the one that says why something is not as it should be."""

    def __init__(self) -> None:
        self.line: EventLine | None = None

    def heard(self, line: EventLine) -> None:
        """A line of the event log, in its order."""
        text = line.text
        if text.startswith(_BEGINS):
            self.line = None
        elif self.line is not None and is_no_fix(self.line) and (_NO_ANSWER in text or text.startswith(_ENDS)):
            return  # that comes of it
        elif text.startswith(_ENDS) and line.level is Level.INFO:
            if self.line is None or line.time - self.line.time > _SAME_END:
                has_reason = text.startswith(f"{_ENDS}: ") and _BY_HAND not in text
                self.line = line if has_reason else None
        elif _AS_ASKED in text or text.endswith(GOES_ON):  # that has lines of its own (not_logged.py)
            return
        elif text.startswith(_SAYS_WHY) or (line.level is not Level.INFO and not text.startswith(_BY_HAND)):
            self.line = line

    def current(self, status: SessionStatus, now: int) -> EventLine | None:
        """What is still the matter. Of a session that is logged on a warning is soon no more."""
        line = self.line
        if line is None or status.state is not State.ACTIVE:
            return line
        return line if line.level is Level.ERROR or now < line.time + _PASSES_AFTER else None
