"""Whose log it is that a message stands in, and so which way the message went."""

from __future__ import annotations

import re
from functools import lru_cache

from purefix_core.logs.index import INCOMING, OUTGOING, Entry, SessionKey
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.sessions import Side

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')


def side_of(log: LogFile, entry: Entry) -> Side:
    """The conversation of one message, and which way it went: as the log marks the message; else as the log marks
    the session's first one, as the file's name tells, or as a guess, which is not `known`."""
    session = entry.session
    if entry.flags & (INCOMING | OUTGOING):
        return _seen_by(session, session.sender_comp_id if entry.flags & OUTGOING else session.target_comp_id)
    side = log.side(session)
    own = None if side.known else own_comp_id(log.name, session)
    return side if own is None else _seen_by(session, own)


def _seen_by(session: SessionKey, own: str) -> Side:
    sender, target = session.sender_comp_id, session.target_comp_id
    if own == sender:
        return Side(sender, target, outgoing=True, known=True)
    return Side(target, sender, outgoing=False, known=True)


@lru_cache(maxsize=4096)
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
