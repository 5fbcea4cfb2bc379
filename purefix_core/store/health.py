"""How a store is, at a glance, for a list of many: its numbers, its size, and whether its files fit together.

Only the ends of the files are read, so a store of millions of messages takes as long as a small one. What is wrong
further inside `verify` finds.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from purefix_core.store import quickfix
from purefix_core.store.finding import StoreLocation
from purefix_core.store.folder_names import other_session_named
from purefix_core.store.located import holder_of
from purefix_core.store.message_files import (
    DATA_NAME,
    ENTRY,
    INDEX_NAME,
    Reader,
    index_size,
    read_at,
    read_index_at_once,
    reader_of,
)
from purefix_core.store.offsets import Offsets
from purefix_core.store.payload import begin_string_of, is_message_of
from purefix_core.store.quickfix.ends import look_at_ends
from purefix_core.store.quickfix.files import QuickFixFiles
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.regular import open_to_read
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta

_COUNTED = 1_000_000
"""Entries of an index; in a longer one a number that was used again counts twice."""


class Verdict(StrEnum):
    """What was seen; of several things the one that matters most to a person."""

    IN_ORDER = "in order"
    HALF_RECORD = "half record"
    """What was written last is only partly there: repair cuts it off."""
    INDEX_DISAGREES = "index disagrees"
    """Messages and index do not fit together."""
    FOREIGN = "foreign"
    """There are messages of another session, or it lies in the folder of another one."""
    LOCKED = "locked"
    """Somebody uses it: what looks odd is about to be put right."""
    DAMAGED = "damaged"
    """What only a person can put right."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a list says of a store. Numbers and times are None where nothing tells them."""

    location: StoreLocation
    sender_comp_id: str = ""
    """Our own CompID."""
    target_comp_id: str = ""
    begin_string: str = ""
    next_out: int | None = None
    next_in: int | None = None
    last_received: int | None = None
    """Nanoseconds UTC; QuickFIX does not keep it."""
    created: int | None = None
    messages: int = 0
    """How many are kept. In an index of more than a million entries a number that was used again counts twice."""
    size: int = 0
    """Bytes of all its files."""
    verdict: Verdict = Verdict.IN_ORDER
    text: str = Verdict.IN_ORDER.value
    """The verdict in one line, with what to do: `index shorter than data: repair`."""
    holder: str | None = None
    """Which process uses it."""

    @property
    def session_text(self) -> str:
        """`FIX.4.4 CLIENT → BROKER`; without the version where nothing tells it, "" where nothing is known."""
        if not (self.sender_comp_id or self.target_comp_id):
            return ""
        return f"{self.begin_string} {self.sender_comp_id} → {self.target_comp_id}".lstrip()


class _Messages(NamedTuple):
    """What the ends of the files tell of the messages."""

    kept: int
    verdict: Verdict = Verdict.IN_ORDER
    text: str = Verdict.IN_ORDER.value
    newest: bytes = b""
    """The last message that the index lists."""


def look_at(location: StoreLocation) -> Health:
    """How the store is. Never raises: what cannot be read is said. The store may be in use."""
    health = Health(location, size=_size(location.paths))
    try:
        health = replace(health, holder=holder_of(location))
        health = _ours(health) if location.files is None else _quickfix(health, location.files)
        if health.holder is None and health.verdict is not Verdict.IN_ORDER:
            health = replace(health, holder=holder_of(location))  # a session may just have begun to write
    except (StoreError, OSError) as error:
        health = replace(health, verdict=Verdict.DAMAGED, text=_short(location, error))
    if health.holder is not None and health.verdict is not Verdict.DAMAGED:
        return replace(health, verdict=Verdict.LOCKED, text=f"in use by {health.holder}")
    return health


def _size(paths: tuple[Path, ...]) -> int:
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size
    return size


def _short(location: StoreLocation, error: StoreError | OSError) -> str:
    """An error without the path of the store."""
    text = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
    for start in (f"{location.path}: ", f"{location.folder}{os.sep}"):
        text = text.removeprefix(start)
    return text


# -- ours --------------------------------------------------------------------------------------------------------------


def _ours(health: Health) -> Health:
    folder = health.location.path
    messages = _look_at_files(folder)
    health = replace(
        health,
        messages=messages.kept,
        verdict=messages.verdict,
        text=messages.text,
        begin_string=begin_string_of(messages.newest) if messages.newest else "",
    )
    try:
        state = read_session_meta(folder / META_NAME).state
    except FileNotFoundError:
        text = f"{META_NAME} is missing: set both numbers"
        return replace(health, verdict=Verdict.DAMAGED, text=text)
    except StoreError as error:  # what the messages tell is worth something all the same
        return replace(health, verdict=Verdict.DAMAGED, text=_short(health.location, error))
    health = replace(
        health,
        sender_comp_id=state.sender_comp_id,
        target_comp_id=state.target_comp_id,
        next_out=state.last_sent_seq_num + 1,
        next_in=state.last_received_seq_num + 1,
        last_received=state.last_received_time,
        created=state.created_time,
    )
    if health.verdict is Verdict.DAMAGED:
        return health
    try:
        GapFillRanges.load(folder / RESEND_NAME)
    except StoreError as error:  # no session opens such a store
        return replace(health, verdict=Verdict.DAMAGED, text=_short(health.location, error))
    foreign = _foreign(folder, state, messages.newest)
    return replace(health, verdict=Verdict.FOREIGN, text=foreign) if foreign else health


def _foreign(folder: Path, state: FixSessionState, newest: bytes) -> str:
    """Why the folder, or the newest message, belongs to another session; "" where they do not."""
    comp_ids = state.sender_comp_id, state.target_comp_id
    named = other_session_named(folder, comp_ids)
    if named is not None:
        return f"{META_NAME} is of {' → '.join(comp_ids)}, the folder of {' → '.join(named)}: verify"
    if newest and any(comp_ids) and not is_message_of(newest, comp_ids):
        return f"messages are not of {' → '.join(comp_ids)}: verify"
    return ""


def _look_at_files(folder: Path) -> _Messages:
    # Its size is asked for first: a running session writes in the other order.
    size_of_index = index_size(folder / INDEX_NAME)
    count = size_of_index // ENTRY.size
    with reader_of(folder / DATA_NAME) as (read, size):
        if not count:
            if size:
                return _Messages(0, Verdict.INDEX_DISAGREES, "index is missing or empty: repair")
            return _Messages(0)
        first, last = _ends_of_index(folder / INDEX_NAME, count)
        kept = _count(folder / INDEX_NAME, count, first, last)
        if not size and not (folder / DATA_NAME).exists():
            return _Messages(0, Verdict.DAMAGED, f"{DATA_NAME} is missing: {count:,} messages are lost")
        found = _look_at_end(read, size, last)
    if found.verdict is Verdict.IN_ORDER and size_of_index % ENTRY.size:
        found = found._replace(verdict=Verdict.HALF_RECORD, text="index ends with half an entry: repair")
    return found._replace(kept=kept)


def _look_at_end(read: Reader, size: int, last: tuple[int, int]) -> _Messages:
    """What stands in `messages.dat` at the last entry of the index, and behind."""
    seq_num, offset = last
    if offset < 0 or offset >= size:
        return _Messages(0, Verdict.INDEX_DISAGREES, "index longer than data: repair")
    record = read_at(read, offset, size)
    if record is None:
        return _Messages(0, Verdict.HALF_RECORD, "ends with half a message: repair")
    if record.seq_num != seq_num:
        return _Messages(0, Verdict.INDEX_DISAGREES, f"index does not agree about message {seq_num}: repair")
    if record.wrong:
        text = f"message {seq_num} is damaged, and will be gap-filled: verify"
        return _Messages(0, Verdict.DAMAGED, text)
    if record.end == size:
        return _Messages(0, newest=record.encoded)
    following = read_at(read, record.end, size)
    if following is None:
        return _Messages(0, Verdict.HALF_RECORD, "ends with half a message: repair", record.encoded)
    # Messages of another session, which are never listed, may stand there; they decide.
    newest = record.encoded if following.wrong else following.encoded
    return _Messages(0, Verdict.INDEX_DISAGREES, "index shorter than data: repair", newest)


def _ends_of_index(path: Path, count: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last entry."""
    descriptor = open_to_read(path)
    try:
        first = os.pread(descriptor, ENTRY.size, 0)
        last = os.pread(descriptor, ENTRY.size, (count - 1) * ENTRY.size)
    finally:
        os.close(descriptor)
    if len(last) < ENTRY.size:
        raise StoreError(f"{path}: became shorter while it was read")
    return ENTRY.unpack(first), ENTRY.unpack(last)


def _count(path: Path, count: int, first: tuple[int, int], last: tuple[int, int]) -> int:
    """How many numbers the index has; where each follows the one before, its ends tell."""
    if last[0] - first[0] + 1 == count or count > _COUNTED:
        return count
    known = Offsets()
    for seq_nums, offsets in read_index_at_once(path, count * ENTRY.size):
        known.set_all(seq_nums, offsets)
    return known.count


# -- QuickFIX ----------------------------------------------------------------------------------------------------------


def _quickfix(health: Health, files: QuickFixFiles) -> Health:
    numbers = quickfix.read_numbers(files)
    health = replace(
        health,
        sender_comp_id=files.sender_comp_id,
        target_comp_id=files.target_comp_id,
        begin_string=files.begin_string,
        next_out=None if numbers.odd_out else numbers.next_out,
        next_in=None if numbers.odd_in else numbers.next_in,
        created=numbers.created,
    )
    try:
        ends = look_at_ends(files)
    except StoreError as error:
        return replace(health, verdict=Verdict.DAMAGED, text=_short(health.location, error))
    health = replace(health, messages=ends.kept)
    comp_ids = files.sender_comp_id, files.target_comp_id
    for name, odd in (("out", numbers.odd_out), ("in", numbers.odd_in)):
        if odd:
            return replace(health, verdict=Verdict.DAMAGED, text=f"next {name}: {odd}")
    if ends.damaged:
        return replace(health, verdict=Verdict.DAMAGED, text=ends.damaged)
    if ends.newest and not is_message_of(ends.newest, comp_ids):
        text = f"messages are not of {' → '.join(comp_ids)}: verify"
        return replace(health, verdict=Verdict.FOREIGN, text=text)
    if ends.disagrees:
        return replace(health, verdict=Verdict.INDEX_DISAGREES, text=ends.disagrees)
    if ends.half:
        return replace(health, verdict=Verdict.HALF_RECORD, text=ends.half)
    return health
