"""Whose log it is that a message stands in, and so which way the message went."""

from __future__ import annotations

import re
from typing import NamedTuple

from purefix_core.logs.index import SessionKey

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')


class Side(NamedTuple):
    """A session as a conversation between two CompIDs, `left` being the side whose log this is."""

    left: str
    right: str
    outgoing: bool
    """Whether messages from this session's sender go from left to right."""
    known: bool
    """Whether something tells whose log this is; if not, `left` is a guess."""

    @property
    def sent(self) -> bool | None:
        """Whether the side whose log this is sent the message; None where that is a guess."""
        return self.outgoing if self.known else None


def seen_by(session: SessionKey, own: str, known: bool) -> Side:
    """The session as the side with the CompID `own` sees it."""
    sender, target = session.sender_comp_id, session.target_comp_id
    return Side(sender, target, True, known) if own == sender else Side(target, sender, False, known)


def own_comp_id(file_name: str, session: SessionKey) -> str | None:
    """The CompID of the side that wrote a file of that name; None if the name does not tell.

    QuickFIX names files BeginString-SenderCompID-TargetCompID, sender being the engine that writes; each CompID may
    have sub and location IDs behind `_`, and a qualifier may follow. A CompID may hold `-` itself, so the name is not
    taken apart: it is asked whether it fits the session one way, and not the other way as well.
    """
    sender, target = session.sender_comp_id, session.target_comp_id
    fitting = [
        own
        for own, other in ((sender, target), (target, sender))
        if own and other and _is_name_of(file_name, session.begin_string, own, other)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_name_of(file_name: str, *parts: str) -> bool:
    begin_string, own, other = (re.escape(_NOT_IN_FILE_NAMES.sub("_", part)) for part in parts)
    pattern = rf"(?<![A-Za-z0-9]){begin_string}-{own}(?:_.+?)?-{other}(?![A-Za-z0-9])"
    return re.search(pattern, file_name) is not None
