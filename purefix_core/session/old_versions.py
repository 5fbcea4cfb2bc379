"""What FIX.4.0 and FIX.4.1 do otherwise than all later versions."""

from __future__ import annotations


def is_old(begin_string: str) -> bool:
    """Whether a session has times without a fraction of a second, EndSeqNo 999999 for "all", Rejects without RefTagID,
    RefMsgType and reasons, and no BusinessMessageReject (acceptance scripts)."""
    return begin_string in ("FIX.4.0", "FIX.4.1")
