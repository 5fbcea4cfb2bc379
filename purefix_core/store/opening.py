"""What opening a store finds in `messages.dat` and `messages.idx`, and what of it is put right."""

from __future__ import annotations

import os
from bisect import bisect_right
from itertools import islice
from operator import lt
from pathlib import Path
from typing import NamedTuple

from purefix_core.store.backups import REPLACED, dated
from purefix_core.store.disk import Disk
from purefix_core.store.message_files import (
    DATA_NAME,
    ENTRY,
    HEAD,
    INDEX_NAME,
    Hole,
    Reader,
    index_size,
    read_at,
    read_index,
    read_index_at_once,
    reader_of,
    walk,
)
from purefix_core.store.offsets import Offsets
from purefix_core.store.payload import is_message_of
from purefix_core.store.progress import OnProgress, Telling, untold
from purefix_core.store.resend_ranges import Withdrawn

_MOST_CHECKED = 10_000
"""Entries around a jump of the numbers that are looked up; more jumps than these are believed."""
_COPIED_AT_ONCE = 1024 * 1024
_MOST_NOTICES = 10
"""Of holes; more are only counted."""


class Opened(NamedTuple):
    """The messages of a store, and what must be done to its files before it can be written."""

    offsets: Offsets
    end: int
    """Where the last whole record of `messages.dat` ends; what is behind it must be cut off."""
    data_size: int
    new_index: bytes | None
    """What `messages.idx` should hold instead of what it does; None where only `new_entries` are missing from it."""
    new_entries: bytes
    index_end: int
    """Where the last whole entry of `messages.idx` ends."""
    index_size: int
    notices: list[str]
    """What is odd, a line each."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """Older messages of numbers whose newest one, as the index knew, is lost."""


def look_at_messages(
    folder: Path, trust_index: bool, comp_ids: tuple[str, str], on_progress: OnProgress = untold
) -> Opened:
    """Read the index and check its last entry and those around a jump of the numbers. Changes nothing.

    Without `trust_index` all is read from the messages themselves. Messages of others than `comp_ids` (ours, then the
    peer's) that the index does not know are left alone. Raises OSError, StoreError. The size of the index is asked for
    before that of the data: a running writer, which writes in the other order, is never ahead with what is looked at.
    """
    size_of_index = index_size(folder / INDEX_NAME)
    with reader_of(folder / DATA_NAME) as (read, size):
        if not size and not (folder / DATA_NAME).exists():
            return _without_data(size_of_index)
        read = Telling(on_progress).reads(read, size)
        return _look(read, size, folder / INDEX_NAME, size_of_index, trust_index, comp_ids)


def _without_data(index_size: int) -> Opened:
    lost = index_size // ENTRY.size
    if not lost:
        return Opened(Offsets(), 0, 0, None, b"", 0, index_size, [])
    notice = f"{DATA_NAME} is missing: the {lost:,} messages that {INDEX_NAME} lists are lost, and will be gap-filled"
    return Opened(Offsets(), 0, 0, b"", b"", 0, index_size, [notice])


def _look(
    read: Reader, size: int, index_path: Path, index_size: int, trust_index: bool, comp_ids: tuple[str, str]
) -> Opened:
    known, start, wrong = Offsets(), 0, f"does not agree with {DATA_NAME}"
    if trust_index:
        known, start, wrong = _indexed(read, size, index_path, index_size)
    entries, end, holes, foreign, superseded = _tail(read, start, size, known, comp_ids)
    if wrong and index_size == len(entries) and _is(entries, index_path):
        wrong, entries = "", b""  # it was not to be trusted, but is right
    notices = []
    if wrong:
        listed = f"it lists {index_size // ENTRY.size:,}, " if index_size else ""
        notices.append(f"{INDEX_NAME} {wrong}; {listed}{DATA_NAME} has {_count(len(entries) // ENTRY.size, 'message')}")
    else:
        if index_size % ENTRY.size:
            notices.append(f"{INDEX_NAME} ends with half an entry")
        if entries:
            notices.append(f"{INDEX_NAME} lacks the last {_count(len(entries) // ENTRY.size, 'message')}")
    if foreign:
        notices.append(f"{DATA_NAME} has {_count(foreign, 'message')} of another session; they are never resent")
    notices += [
        f"{DATA_NAME}: the {_count(hole.end - hole.offset, 'byte')} at {hole.offset:,} are no message"
        for hole in holes[:_MOST_NOTICES]
    ]
    if len(holes) > _MOST_NOTICES:
        notices.append(f"{DATA_NAME} has {len(holes) - _MOST_NOTICES:,} more places that are no message")
    if end < size:
        notices.append(f"{DATA_NAME} ends with half a message: {_count(size - end, 'byte')} at {end:,}")
    withdrawn = _superseded(index_path, index_size, known, holes, end) if wrong else superseded
    if withdrawn and wrong:
        notices.append(
            f"{DATA_NAME}: the newest message of {_count(len(withdrawn), 'number')} is lost; an older one is there, and"
            " is not resent"
        )
    index_end = 0 if wrong else index_size // ENTRY.size * ENTRY.size
    return Opened(
        known,
        end,
        size,
        entries if wrong else None,
        b"" if wrong else entries,
        index_end,
        index_size,
        notices,
        withdrawn,
    )


def _indexed(read: Reader, size: int, index_path: Path, index_size: int) -> tuple[Offsets, int, str]:
    """What the index says, where the record of its last entry ends, and what is wrong with it, in words, or nothing.

    Where something is wrong, nothing of it is used.
    """
    wrong = "is missing or empty" if size and index_size < ENTRY.size else ""
    known, last, checked = Offsets(), (0, -1), 0
    for seq_nums, offsets in read_index_at_once(index_path, index_size):
        wrong, looked_up = _what_is_wrong_with(seq_nums, offsets, last, read, size, _MOST_CHECKED - checked)
        if wrong:
            break
        checked += looked_up
        known.set_all(seq_nums, offsets)
        if seq_nums:
            last = seq_nums[-1], offsets[-1]
    if wrong or not known.count:
        return Offsets(), 0, wrong
    record = read_at(read, last[1], size)
    if record is None:
        return Offsets(), 0, "lists a message of which only a part is there"
    return known, record.end, ""


def _what_is_wrong_with(
    seq_nums: list[int], offsets: list[int], last: tuple[int, int], read: Reader, size: int, most: int
) -> tuple[str, int]:
    """What is wrong with entries that follow `last`, and how many records were looked up for it.

    Only the last entry is looked up, and those around a jump of the numbers, which a damaged entry makes, but no more
    than `most` of these; `get` finds what is left.
    """
    if not seq_nums:
        return "", 0
    if offsets[0] <= last[1] or not all(map(lt, offsets, islice(offsets, 1, None))):
        return "is not in the order of the messages", 0
    if offsets[-1] + HEAD.size > size:
        return "lists messages that are not there", 0
    suspects = [len(seq_nums) - 1]
    if seq_nums != list(range(last[0] + 1, last[0] + 1 + len(seq_nums))):
        jumps = (
            beside  # a damaged number may fit to the one before it by chance
            for place, (before, number) in enumerate(zip((last[0], *seq_nums), seq_nums, strict=False))
            if number != before + 1
            for beside in (place - 1, place)
            if beside >= 0
        )
        suspects += islice(jumps, max(most, 0))
    for place in suspects:
        if not _is_of(read, offsets[place], size, seq_nums[place]):
            return f"does not agree with {DATA_NAME} about message {seq_nums[place]}", len(suspects)
    return "", len(suspects)


def _is_of(read: Reader, offset: int, size: int, seq_num: int) -> bool:
    """Whether a record of that number begins there."""
    head = read(HEAD.size, offset)
    if len(head) == HEAD.size and HEAD.unpack(head)[0] == seq_num:
        return True
    record = read_at(read, offset, size)
    return record is not None and record.seq_num == seq_num


def _tail(
    read: Reader, start: int, size: int, known: Offsets, comp_ids: tuple[str, str]
) -> tuple[bytes, int, list[Hole], int, tuple[Withdrawn, ...]]:
    """Notes the records from `start` on in `known`. Gives their entries, where the last one ends, the holes before it,
    how many were of other CompIDs, which are not noted, and the older records of their numbers."""
    entries, holes, foreign = bytearray(), [], 0
    superseded: list[Withdrawn] = []
    end = start
    for each in walk(read, start, size):
        if isinstance(each, Hole):
            holes.append(each)
            continue
        end = each.end
        if not each.wrong and not is_message_of(each.encoded, comp_ids):
            foreign += 1
            continue
        if known.get(each.seq_num) is not None and start:
            superseded.append(Withdrawn(each.seq_num, each.seq_num, each.offset))
        known.set(each.seq_num, each.offset)
        entries += ENTRY.pack(each.seq_num, each.offset)
    if holes and holes[-1].end == size:
        holes.pop()
    return bytes(entries), end, holes, foreign, tuple(superseded)


def _superseded(index_path: Path, size: int, known: Offsets, holes: list[Hole], end: int) -> tuple[Withdrawn, ...]:
    """Numbers whose newest message the index names in a hole, or behind the last record, where it was cut off."""
    lost: dict[int, int] = {}
    is_behind = False
    starts = [hole.offset for hole in holes]
    for seq_num, offset in read_index(index_path, size):
        is_behind = is_behind or offset == end
        older = known.get(seq_num)
        if older is None or older >= offset:
            continue
        place = bisect_right(starts, offset) - 1
        if is_behind or (place >= 0 and offset < holes[place].end):
            lost[seq_num] = older + 1
    rules: list[Withdrawn] = []
    for seq_num, before in sorted(lost.items()):
        if rules and rules[-1].last == seq_num - 1:  # of both only older messages are left
            rules[-1] = Withdrawn(rules[-1].first, seq_num, max(rules[-1].before, before))
        else:
            rules.append(Withdrawn(seq_num, seq_num, before))
    return tuple(rules)


def _is(content: bytes, path: Path) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return not content


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def put_right(folder: Path, opened: Opened, disk: Disk, durable: bool) -> list[str]:
    """Cut off what is half written, keeping it in a side file, and complete or renew the index. Gives what was done.

    Raises OSError; whatever was done until then, doing all of it again is right.
    """
    done = []
    data, index = folder / DATA_NAME, folder / INDEX_NAME
    if opened.end < opened.data_size:
        side = dated(data, "cut")
        _cut_off(data, opened.end, opened.data_size, side, disk, durable)
        done.append(f"{DATA_NAME}: what is behind byte {opened.end:,} was moved to {side.name}")
    if opened.new_index is not None:
        if opened.index_size:
            side = dated(index, REPLACED)
            disk.rename(index, side)
        done.append(f"{INDEX_NAME} was made anew{f'; the old one is {side.name}' if opened.index_size else ''}")
        disk.replace(index, opened.new_index, durable)
    elif opened.new_entries or opened.index_end < opened.index_size:
        descriptor = disk.open(index, create=True)
        try:
            disk.truncate(descriptor, opened.index_end)
            disk.write(descriptor, opened.new_entries, opened.index_end)
            if durable:
                disk.sync(descriptor)
        finally:
            disk.close(descriptor)
        done.append(f"{INDEX_NAME} was completed")
    return done


def _cut_off(data: Path, end: int, size: int, side: Path, disk: Disk, durable: bool) -> None:
    source = disk.open(data)
    try:
        target = disk.open(side, create=True, like=data)
        try:
            for offset in range(end, size, _COPIED_AT_ONCE):
                disk.write(target, os.pread(source, min(_COPIED_AT_ONCE, size - offset), offset), offset - end)
            if durable:
                disk.sync(target)
                disk.sync_folder(side.parent)
        finally:
            disk.close(target)
        disk.truncate(source, end)
        if durable:
            disk.sync(source)
    finally:
        disk.close(source)
