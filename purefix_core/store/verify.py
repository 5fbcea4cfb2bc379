"""Reads a whole store and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from purefix_core.store.folder_names import other_session_named
from purefix_core.store.lock import lock_holder
from purefix_core.store.message_files import (
    DATA_NAME,
    INDEX_NAME,
    Hole,
    Located,
    index_size,
    read_index,
    reader_of,
    walk,
)
from purefix_core.store.offsets import Offsets
from purefix_core.store.payload import is_message_of, msg_type_of
from purefix_core.store.progress import OnProgress, Telling, untold
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, read_session_meta

_MOST_LINES = 1000
"""What is wrong with more messages than these is only counted."""
_MOST_RANGES = 10


class Verified(NamedTuple):
    """What was found, a line each."""

    problems: list[str]
    """What is wrong."""
    notes: list[str]
    """What is as somebody wanted it, or can be, but should be known: messages that are not kept, for one."""


def verify(folder: Path, on_progress: OnProgress = untold) -> Verified:
    """Read every byte of the store in a folder. Changes nothing. A store in use may seem to end with half a message.

    Raises OSError.
    """
    found = Verified([], [])
    state = _meta(folder, found)
    ranges = _resend_ranges(folder, found)
    try:
        kept = _messages(folder, ranges, state, found, on_progress)
    except StoreError as error:
        found.problems.append(str(error))
    else:
        if state is not None:
            there = (
                number
                for number in kept.between(1, state.last_sent_seq_num)
                if not ranges.is_withdrawn(number, kept.get(number) or 0)
            )
            found.notes.extend(missing_numbers(there, state.last_sent_seq_num))
    if len(found.problems) > _MOST_LINES:
        found.problems[_MOST_LINES:] = ["more than this is wrong"]
    return found


def missing_numbers(kept: Iterable[int], last_sent: int) -> Iterator[str]:
    """A note of the numbers up to the last one sent that are not among `kept`, which are in order."""
    ranges: list[tuple[int, int]] = []
    count, expected = 0, 1
    for number in chain(kept, (last_sent + 1,)):
        if number > expected:
            ranges.append((expected, number - 1))
            count += number - expected
        expected = number + 1
    if ranges:
        named = ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in ranges[:_MOST_RANGES])
        more = f" and {len(ranges) - _MOST_RANGES:,} more ranges" if len(ranges) > _MOST_RANGES else ""
        yield f"{named}{more}: counted as sent, but not kept; {count:,} numbers that will be gap-filled"


def _meta(folder: Path, found: Verified) -> FixSessionState | None:
    path = folder / FILE_NAME
    try:
        state = read_session_meta(path).state
    except FileNotFoundError:
        found.problems.append(f"{path}: is missing")
        return None
    except StoreError as error:
        found.problems.append(str(error))
        return None
    comp_ids = state.sender_comp_id, state.target_comp_id
    named = other_session_named(folder, comp_ids)
    if named is not None:
        found.problems.append(f"{path}: is of {_names(comp_ids)}, but its folder is of {_names(named)}")
    return state


def _resend_ranges(folder: Path, found: Verified) -> GapFillRanges:
    try:
        return GapFillRanges.load(folder / RESEND_FILE)
    except StoreError as error:
        found.problems.append(str(error))
        return GapFillRanges()


def _messages(
    folder: Path, ranges: GapFillRanges, state: FixSessionState | None, found: Verified, on_progress: OnProgress
) -> Offsets:
    """Looks at each record, and at whether the index has all of them in their order and nothing else.

    Gives the numbers that are kept."""
    data, index = folder / DATA_NAME, folder / INDEX_NAME
    entries = read_index(index, index_size(index))  # its size is asked for first: a writer writes in the other order
    disagrees, unlisted = False, 0
    comp_ids = ("", "") if state is None else (state.sender_comp_id, state.target_comp_id)
    kept, foreign, listed = Offsets(), 0, next(entries, None)
    telling = Telling(on_progress)
    with reader_of(data) as (read, size):
        for each in telling.items(walk(telling.reads(read, size), 0, size), "messages read"):
            if isinstance(each, Hole):
                at_end = "; it ends with half a message" if each.end == size else ""
                if len(found.problems) <= _MOST_LINES:
                    found.problems.append(
                        f"{data}: {each.end - each.offset:,} bytes at {each.offset:,} are no message{at_end}"
                    )
                continue
            if not each.wrong and not is_message_of(each.encoded, comp_ids):
                foreign += 1
                if listed == (each.seq_num, each.offset):
                    listed = next(entries, None)
                continue
            unlisted += listed is None
            disagrees = disagrees or listed not in (None, (each.seq_num, each.offset))
            listed = next(entries, None)
            kept.set(each.seq_num, each.offset)
            _record(data, each, ranges, found)
    if foreign:
        what = f"{foreign:,} messages are" if foreign > 1 else "a message is"
        found.problems.append(f"{data}: {what} not of {_names(comp_ids)}, as {FILE_NAME} says; never resent")
    if disagrees or listed is not None:
        missing = "" if data.exists() else f"; {DATA_NAME} is missing"
        found.problems.append(f"{index}: does not agree with {DATA_NAME}{missing}; repair makes it anew")
    elif unlisted:
        line = f"{index}: lacks the last {unlisted:,} messages" if index.exists() else f"{index}: is missing"
        if lock_holder(folder) is None:
            found.problems.append(f"{line}; repair completes it")
        else:
            found.notes.append(f"{line}, as the running session is about to write them")
    return kept


def _record(data: Path, each: Located, ranges: GapFillRanges, found: Verified) -> None:
    place = f"{data}: message {each.seq_num} at {each.offset:,}"
    if each.wrong:
        line = f"{place} is damaged: {each.wrong}"
        lines = found.notes if each.seq_num in ranges else found.problems
        if len(lines) <= _MOST_LINES:
            lines.append(line)
    elif msg_type_of(each.encoded).encode("utf-8", "replace")[:1] != bytes((each.type_byte,)):
        found.problems.append(
            f"{place} has MsgType {msg_type_of(each.encoded)}, but its record says {chr(each.type_byte)!r};"
            " nothing goes by that"
        )


def _names(comp_ids: tuple[str, str]) -> str:
    return " -> ".join(comp_ids)
