"""What a conversion wrote, and what of the old store has no place in the new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from purefix_core.registry.json_file import parse_json_object
from purefix_core.store.finding import PUREFIX
from purefix_core.store.folder_names import comp_ids_of, name_of, plain_name
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.session_identity import Identity
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import KEYS, read_settled
from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import NANOS

_NAMED = 5
"""Numbers, or keys, of which more are only counted."""

WRITTEN = "written"
MARKED = "marked"
ABOVE = "above"
ABOVE_LEFT_OUT = "above, left out"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"
DAMAGED = "damaged"
ZERO_BYTE = "zero byte"
MASKED = "masked"
WITHOUT_TIME = "without time"
TOO_MANY = "too many ranges"


class Counts:
    """How many messages there are of each kind, and the numbers of the first of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, list[int]] = {}

    def note(self, kind: str, seq_num: int) -> None:
        self._counts[kind] += 1
        first = self._first.setdefault(kind, [])
        if len(first) < _NAMED:
            first.append(seq_num)

    def add(self, kind: str, count: int) -> None:
        """Of these the numbers are not known."""
        self._counts[kind] += count

    def __getitem__(self, kind: str) -> int:
        return self._counts[kind]

    def messages(self, kind: str) -> str:
        """`2 messages (120, 121)`."""
        count, first = self._counts[kind], self._first.get(kind, [])
        named = ", ".join(map(str, first)) + (", …" if count > len(first) else "")
        return f"{count:,} message{'' if count == 1 else 's'}{f' ({named})' if first else ''}"


def message_lines(counts: Counts, layout: str, files: QuickFixFiles | None) -> Iterator[str]:
    """What became of the messages, a line each. `files`: those of the old store, None where it was ours."""
    to_ours = layout == PUREFIX
    if counts[MARKED] and to_ours:
        yield f"{counts.messages(MARKED)} had no entry in the header: not to be resent, as resend.json says now"
    elif counts[MARKED]:
        reasons = "; the reasons have no place" if files is None else ""
        yield f"{counts.messages(MARKED)} not to be resent: in the body, without an entry in the header{reasons}"
    if counts[ABOVE]:
        yield f"{counts.messages(ABOVE)} above the last number sent: kept, and never resent"
    if counts[ABOVE_LEFT_OUT]:
        yield (
            f"{counts.messages(ABOVE_LEFT_OUT)} above the last number sent: left out, for QuickFIX would resend them "
            "once its number has passed them"
        )
    if counts[WITHDRAWN]:
        yield f"{counts.messages(WITHDRAWN)} withdrawn: left out"
    if counts[SUPERSEDED]:
        yield f"{counts.messages(SUPERSEDED)} whose number was used again: left out"
    if counts[DAMAGED]:
        yield f"{counts.messages(DAMAGED)} damaged: left out, and gap-filled as before"
    if counts[ZERO_BYTE]:
        yield f"{counts.messages(ZERO_BYTE)} with a zero byte, behind which QuickFIX C++ reads nothing: left out"
    if counts[TOO_MANY]:
        yield f"{counts.messages(TOO_MANY)} not to be resent, more than resend.json can list: left out"
    if counts[MASKED]:
        yield f"{counts.messages(MASKED)} with credentials of a Logon: these are *** now"
    if counts[WITHOUT_TIME]:
        yield f"{counts.messages(WITHOUT_TIME)} without a SendingTime(52): no time is known"


def identity_lines(identity: Identity, layout: str, files: QuickFixFiles | None, folder: Path) -> Iterator[str]:
    """What is not certain, or lost, of whose store it is."""
    if files is not None and files.guess:
        yield files.guess
    name, comp_ids = name_of(folder), (identity.sender_comp_id, identity.target_comp_id)
    if files is None and comp_ids_of(name) != comp_ids and name != plain_name(*comp_ids):
        why = "was cut" if "~" in name else "is not how PureFix names the folder of this session"
        yield f"{name} {why}: SubIDs and a qualifier, if the session has them, are not known"
    if layout == PUREFIX:
        return
    lost = [f"{key} {value}" for key, value in _sub_ids(identity) if value]
    if lost:
        yield f"{', '.join(lost)}: have no place in the names of QuickFIX C++"


def _sub_ids(identity: Identity) -> Iterator[tuple[str, str]]:
    yield "SenderSubID", identity.parts.get("sender_sub_id", "")
    yield "SenderLocationID", identity.parts.get("sender_location_id", "")
    yield "TargetSubID", identity.parts.get("target_sub_id", "")
    yield "TargetLocationID", identity.parts.get("target_location_id", "")


def meta_lines(state: FixSessionState, layout: str, folder: Path, has_messages: bool) -> Iterator[str]:
    """What is lost of times and other keys. `folder`: that of the old store, where it was ours."""
    if layout == PUREFIX:
        if state.created_time is None:
            yield "when the session began is not known: createdTime is null"
        return
    if state.created_time is None:
        yield "when the session began is not known: .session says now, so that the engine goes on with the numbers"
    elif state.created_time % NANOS:
        yield "createdTime: .session has no fractions of a second"
    if state.last_received_time is not None:
        yield "lastReceivedTime: has no place"
    if has_messages:
        yield "when a message was stored has no place: its SendingTime(52) counts"
    others = _other_keys(folder)
    if others:
        more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
        yield f"{META_NAME}: {', '.join(others[:_NAMED])}{more}: have no place"


def _other_keys(folder: Path) -> list[str]:
    try:
        document, _ = parse_json_object(read_settled(folder / META_NAME))
    except (StoreError, FileNotFoundError):
        return []
    known = {key.casefold() for key in KEYS}
    return [printable(key)[:60] for key in document or {} if key.casefold() not in known]
