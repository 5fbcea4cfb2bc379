"""What the log files of a session are called: as QuickFIX calls them."""

from __future__ import annotations

import re
from hashlib import sha256

from purefix_core.session.settings import SessionId

_NOT_IN_A_COMP_ID = re.compile(rb"[^A-Za-z0-9 ._@#=,+-]")
_NOT_IN_ANOTHER_PART = re.compile(rb"[^A-Za-z0-9 .@#=,+]")
_LONGEST = 200
_KEPT_OF_A_LONGER = 150


def log_prefix(session_id: SessionId) -> str:
    """What the names of a session's log files begin with: `FIX.4.4-CLIENT-VENUE`, with more about the session
    `FIX.4.4-CLIENT_SubID_LocationID-VENUE_SubID-Qualifier`, sender being us.

    Bytes that may not stand in a file name, or would be mistaken for what parts the name, are written as `%XX`, so that
    no CompID leads out of the folder; urllib.parse.unquote gives back what was meant. A name of more than 200 bytes is
    cut to 150, followed by `~` and a hash of all of it. As in QuickFIX a CompID may hold `-`: sessions whose names then
    are the same write into the same files, by whole lines.
    """
    ours = _side(session_id.sender_comp_id, session_id.sender_sub_id, session_id.sender_location_id)
    theirs = _side(session_id.target_comp_id, session_id.target_sub_id, session_id.target_location_id)
    name = "-".join((_encoded(session_id.begin_string, _NOT_IN_A_COMP_ID), ours, theirs))
    if session_id.session_qualifier:
        name += "-" + _encoded(session_id.session_qualifier, _NOT_IN_ANOTHER_PART)
    if len(name) > _LONGEST:
        name = f"{name[:_KEPT_OF_A_LONGER]}~{sha256(name.encode()).hexdigest()[:32]}"
    return name


def _side(comp_id: str, sub_id: str, location_id: str) -> str:
    parts = [_encoded(comp_id, _NOT_IN_A_COMP_ID)]
    if sub_id or location_id:
        parts.append(_encoded(sub_id, _NOT_IN_ANOTHER_PART))
    if location_id:
        parts.append(_encoded(location_id, _NOT_IN_ANOTHER_PART))
    return "_".join(parts)


def _encoded(text: str, others: re.Pattern[bytes]) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    return others.sub(lambda byte: b"%%%02X" % ord(byte[0]), raw).decode()
