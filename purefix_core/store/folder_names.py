"""In which folder the store of a session lies. No two sessions share a name, and no name leaves the store's folder."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import unquote_to_bytes

from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.records import StoreError
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta
from purefix_core.wire.message import printable

_LONGEST_NAME = 200
"""Bytes; file systems take 255, and dated copies of a folder need some more."""
_KEPT_OF_A_LONGER = 150
_LONGEST_COMPONENT = 255
_OTHER_BYTE = re.compile(rb"[^A-Za-z0-9_-]")


class SessionParts(TypedDict, total=False):
    """What tells sessions of the same CompIDs apart. What is left out, or empty, is not part of the session."""

    sender_sub_id: str
    sender_location_id: str
    target_sub_id: str
    target_location_id: str
    session_qualifier: str


def folder_name(sender: str, target: str, **parts: Unpack[SessionParts]) -> str:
    """The name of a session's folder: `CLI.SRV`, with more about the session
    `CLI+SenderSubID+SenderLocationID.SRV+TargetSubID@qualifier`.

    In each text every byte of its UTF-8 that is not an ASCII letter, a digit, `_` or `-` is written as `%XX`. A name of
    more than 200 bytes is cut to 150, followed by `~` and a hash of all of it. Raises StoreError for an empty CompID.
    """
    for comp_id, which in ((sender, "SenderCompID"), (target, "TargetCompID")):
        if not comp_id:
            raise StoreError(f"a message store needs a {which}, found an empty one")
    ours = _side(sender, parts.get("sender_sub_id", ""), parts.get("sender_location_id", ""))
    theirs = _side(target, parts.get("target_sub_id", ""), parts.get("target_location_id", ""))
    name = f"{ours}.{theirs}"
    if parts.get("session_qualifier"):
        name += "@" + _encoded(parts["session_qualifier"])
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_KEPT_OF_A_LONGER]}~{sha256(name.encode()).hexdigest()[:32]}"
    return name


def _side(comp_id: str, sub_id: str, location_id: str) -> str:
    if location_id:
        return f"{_encoded(comp_id)}+{_encoded(sub_id)}+{_encoded(location_id)}"
    return f"{_encoded(comp_id)}+{_encoded(sub_id)}" if sub_id else _encoded(comp_id)


def _encoded(text: str) -> str:
    # A CompID of bytes that are no UTF-8 may hold lone surrogates.
    raw = text.encode("utf-8", "surrogatepass")
    return _OTHER_BYTE.sub(lambda byte: b"%%%02X" % ord(byte[0]), raw).decode()


def plain_name(sender: str, target: str) -> str | None:
    """The name that the documents give a session's folder, nothing encoded; None where that is no safe name of one
    file. Two sessions may have the same: those of `A.B` with `C`, and of `A` with `B.C`."""
    name = f"{sender}.{target}"
    try:
        size = len(os.fsencode(name))
    except UnicodeEncodeError:
        return None
    safe = "/" not in name and "\0" not in name and name not in (".", "..") and size <= _LONGEST_COMPONENT
    return name if safe else None


def session_folder(store_path: Path, sender: str, target: str, **parts: Unpack[SessionParts]) -> Path:
    """The folder of a session below `store_path`, whether it exists or not.

    It is the one with the `folder_name`. Where there is a folder with the `plain_name` whose session.meta names the
    same CompIDs, that one is used instead, unless the session has SubIDs, LocationIDs or a qualifier. Raises StoreError
    where both hold a session.meta, for one that is damaged or lost, and for an empty CompID.
    """
    folder = store_path / folder_name(sender, target, **parts)
    name = plain_name(sender, target)
    if any(parts.values()) or name is None or name == folder.name:
        return folder
    plain = store_path / name
    if not _is_store_of(plain, sender, target):
        return folder
    if os.path.lexists(folder / META_NAME):
        raise StoreError(
            printable(
                f"{plain} and {folder}: both hold a {META_NAME} of the session {sender} to {target}; move one away"
            )
        )
    return plain


def _is_store_of(folder: Path, sender: str, target: str) -> bool:
    """Raises StoreError for a damaged file: going on without it would begin with 1 again."""
    try:
        state = read_session_meta(folder / META_NAME).state
    except (FileNotFoundError, NotADirectoryError):
        if (folder / DATA_NAME).exists():
            raise StoreError(
                f"{folder / META_NAME}: is missing, but there are messages, perhaps those of {sender} -> {target};"
                " write it with purefix store set, or move the folder away"
            ) from None
        return False
    return (state.sender_comp_id, state.target_comp_id) == (sender, target)


def name_of(folder: Path) -> str:
    """The name of a folder, also of one that is given as `.` or `..`. A link has its own name."""
    return os.path.basename(os.path.abspath(folder))  # noqa: PTH100, PTH119 - resolve() would follow links


def other_session_named(folder: Path, comp_ids: tuple[str, str]) -> tuple[str, str] | None:
    """The CompIDs that the name of a folder stands for, where these are not those of its session. `comp_ids`: what its
    session.meta says; where that is nothing, the session that opens it next fills them in."""
    if not any(comp_ids):
        return None
    name = name_of(folder)
    named = comp_ids_of(name)
    return None if named == comp_ids or name == plain_name(*comp_ids) else named


def comp_ids_of(name: str) -> tuple[str, str] | None:
    """Our CompID and the peer's, where the name of a folder says them in full."""
    sides = _sides(name)
    if sides is None:
        return None
    (sender, *_), (target, *_) = sides
    return (sender, target) if sender and target else None


def parts_of(name: str) -> SessionParts:
    """What the name of a folder says of SubIDs, LocationIDs and the qualifier; nothing where it does not say all."""
    sides = _sides(name)
    if sides is None:
        return {}
    (_, sender_sub, sender_location), (_, target_sub, target_location) = sides
    found: SessionParts = {
        "sender_sub_id": sender_sub,
        "sender_location_id": sender_location,
        "target_sub_id": target_sub,
        "target_location_id": target_location,
        "session_qualifier": _decoded(name.partition("@")[2]),
    }
    return found


def _sides(name: str) -> tuple[list[str], list[str]] | None:
    """CompID, SubID and LocationID of both sides; None where the name was cut, or has not two sides."""
    sender, dot, target = name.partition("@")[0].partition(".")
    if not dot or "." in target or "~" in name:
        return None
    ours, theirs = ([_decoded(part) for part in f"{side}++".split("+")[:3]] for side in (sender, target))
    return ours, theirs


def _decoded(text: str) -> str:
    raw = unquote_to_bytes(text)
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # a name that somebody else gave
        return raw.decode("utf-8", "replace")
