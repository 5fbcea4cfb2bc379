"""Events of sessions as lines."""

from __future__ import annotations

from collections.abc import Mapping

from purefix_core.session.events import Event, Level, MessageReceived, MessageSent, Note, StateChanged
from purefix_core.session.settings import SessionId
from purefix_core.wire.message import FixMessage, as_text, printable
from purefix_core.wire.secrets import mask_secrets, masked_for_logs
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import utc_timestamp_text

_MILLISECOND = 1_000_000


def line_of(
    session_id: SessionId | None, event: Event, data_tags: Mapping[int, int], messages: bool, verbose: bool
) -> str | None:
    """An event with its time in front; None for one that is not asked for. `data_tags`: those of the session's dialect,
    by which a password is found that holds the separator."""
    match event:
        case Note(text=text, level=level):
            said = text if level is Level.INFO else f"{level.value}: {text}"
        case StateChanged(old=old, new=new) if verbose:
            said = f"{old.value} → {new.value}"
        case MessageSent(raw=raw) if messages:
            said = f"> {_shown(raw, data_tags)}"
        case MessageReceived(raw=raw) if messages:
            said = f"< {_shown(raw, data_tags)}"
        case _:
            return None
    time = utc_timestamp_text(event.time // _MILLISECOND * _MILLISECOND, 3)
    session = "" if session_id is None else f"{session_id} "
    return f"{time} {printable(session)}{printable(said)}"


def _shown(raw: bytes, data_tags: Mapping[int, int]) -> str:
    """A message as one line: `|` between the fields, and secrets masked with their lengths."""
    masked = mask_secrets(FixMessage.parse(masked_for_logs(raw), SOH, data_tags))
    return as_text(masked.replace(SOH.text, b"|"))
