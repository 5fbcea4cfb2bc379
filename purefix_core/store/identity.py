"""Whether the files in a folder are the store of a session."""

from __future__ import annotations

import shlex
from pathlib import Path

from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.messages import Messages
from purefix_core.store.payload import begin_string_of
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from purefix_core.store.session_meta import FILE_NAME, SessionMeta, new_session_meta, parse_session_meta, read_settled

_MOST_LOOKED_AT = 100
"""Damaged messages do not tell their version; so many of the newest ones are asked."""


def read_meta(folder: Path, comp_ids: tuple[str, str] | None, now: int) -> tuple[SessionMeta, bytes | None]:
    """What `session.meta` says and its bytes; where there is nothing yet a new one for `comp_ids`, and None.

    Raises StoreError for a file that is missing, damaged or of other CompIDs, and says what to do.
    """
    path = folder / FILE_NAME
    try:
        content = read_settled(path)
    except FileNotFoundError:
        if comp_ids is None or (folder / DATA_NAME).exists():
            raise StoreError(
                f"{path}: is missing, and nothing else says which numbers come next; {_write(folder)}"
            ) from None
        return new_session_meta(*comp_ids, now), None
    try:
        meta = parse_session_meta(path, content, comp_ids)
    except StoreError as error:
        raise StoreError(f"{error}; correct it, or {_write(folder)}") from error
    named = meta.state.sender_comp_id, meta.state.target_comp_id
    if comp_ids is not None and named != comp_ids:
        ours, theirs = " -> ".join(comp_ids), " -> ".join(named)
        raise StoreError(
            f"{path}: is of the session {theirs}, not of {ours}; correct it if the messages are ours, else move the"
            " folder out of the way"
        )
    return meta, content


def _write(folder: Path) -> str:
    return f"write it with: purefix store set {shlex.quote(str(folder))} --last-sent N --last-received N"


def refuse_other_version(folder: Path, messages: Messages, begin_string: str) -> None:
    """Raises StoreError where the newest whole message is of another BeginString(8)."""
    if not begin_string:
        return
    for seq_num in range(messages.greatest, max(messages.greatest - _MOST_LOOKED_AT, 0), -1):
        newest = messages.records([seq_num])[0]
        if isinstance(newest, FixMsgStoreRecord):
            found = begin_string_of(newest.encoded)
            break
    else:
        return
    if found != begin_string:
        raise StoreError(
            f"{folder}: has messages of {found}, but the session speaks {begin_string}; two sessions cannot share a"
            " store: give one of them a SessionQualifier or another store path, or reset the store"
        )
