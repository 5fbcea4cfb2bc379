"""Appends to `messages.dat` and `messages.idx`, and reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.message_files import (
    DATA_NAME,
    ENTRY,
    HEAD,
    INDEX_NAME,
    LARGEST_MESSAGE,
    Reader,
    nanos_of,
    read_at,
    reader_of,
    unpack_index,
)
from purefix_core.store.named_file import NamedFile, Names
from purefix_core.store.offsets import Offsets
from purefix_core.store.opening import Opened
from purefix_core.store.payload import whole_msg_type
from purefix_core.store.records import FixMsgStoreRecord

_GATHERED = 256 * 1024
"""Bytes that level `none` holds back."""


_WINDOW = 1024 * 1024
_ONE_MESSAGE = 4096


class FilesChanged(Exception):
    """Somebody else changed the files; they must be looked at anew before anything is appended."""


@dataclass(frozen=True)
class Damaged:
    """A message that cannot be given, and why."""

    seq_num: int
    wrong: str


class Misled(Damaged):
    """Where the index says that it is, there is no record of that number."""


class Messages:
    """The messages of one opened store. Everything raises OSError where the system refuses."""

    def __init__(self, folder: Path, opened: Opened, disk: Disk, durability: Durability) -> None:
        self._data_path, self._index_path = folder / DATA_NAME, folder / INDEX_NAME
        self._disk = disk
        self._durability = durability
        self._is_buffered = durability is Durability.NONE
        self.offsets = opened.offsets
        """Where each message begins."""
        self.end = opened.end
        """The size of DATA_NAME, with what is still held back."""
        self._index_end = opened.index_end + len(opened.new_entries)
        if opened.new_index is not None:
            self._index_end = len(opened.new_index)
        self._data: int | None = None
        self._index: int | None = None
        self._named = NamedFile(self._data_path)
        self._held_data, self._held_index = bytearray(), bytearray()

    def names_just_now(self) -> Names | None:
        """The names in the folder, where something was written within the last millisecond."""
        return self._named.names_just_now()

    @property
    def greatest(self) -> int:
        """The greatest number kept; 0 where none is."""
        return self.offsets.greatest

    def numbers(self, first: int, last: int) -> Iterator[int]:
        """The numbers from `first` to `last` of which there is a message, in order."""
        return self.offsets.between(first, last)

    # -- writing -------------------------------------------------------------------------------------------------

    def append(self, seq_num: int, record: bytes, synced: bool = False) -> None:
        """Raises FilesChanged, and then appends nothing. After an OSError nothing of the record is left either.

        `synced`: it is on the medium afterwards.
        """
        entry = ENTRY.pack(seq_num, self.end)
        if self._is_buffered:
            if len(self._held_data) > _GATHERED:
                self.flush()
            self._held_data += record
            self._held_index += entry
        else:
            self._write(record, entry, synced)
        self.offsets.set(seq_num, self.end)
        self.end += len(record)
        self._index_end += len(entry)

    def _write(self, records: bytes, entries: bytes, synced: bool = False) -> None:
        if self._data is None or self._index is None:
            self._data, self._index = self._open(self._data_path), self._open(self._index_path)
            self._named.opened(self._data)
            if self._durability is Durability.POWER:
                self._disk.sync_folder(self._data_path.parent)
        if not self._named.is_in_place() or os.lseek(self._data, 0, os.SEEK_END) != self.end:
            raise FilesChanged
        try:
            self._disk.write(self._data, records, self.end)
            self._disk.write(self._index, entries, self._index_end)
            if synced:
                self.sync()
        except OSError:
            for descriptor, size in ((self._data, self.end), (self._index, self._index_end)):
                with suppress(OSError):  # then its size tells, and the next one to append begins by cutting it off
                    self._disk.truncate(descriptor, size)
            raise

    def _open(self, path: Path) -> int:
        return self._disk.open(path, create=True)

    def flush(self) -> None:
        """Write what level `none` has held back."""
        if not self._held_data:
            return
        held_data, held_index = bytes(self._held_data), bytes(self._held_index)
        self.end -= len(held_data)
        self._index_end -= len(held_index)
        try:
            self._write(held_data, held_index)
        finally:
            self.end += len(held_data)
            self._index_end += len(held_index)
        self._held_data.clear()
        self._held_index.clear()

    def held(self) -> list[tuple[int, bytes]]:
        """Numbers and records that level `none` has not written yet."""
        seq_nums, offsets = unpack_index(bytes(self._held_index))
        start = self.end - len(self._held_data)
        ends = (*offsets[1:], self.end)
        return [
            (seq_num, bytes(self._held_data[offset - start : end - start]))
            for seq_num, offset, end in zip(seq_nums, offsets, ends, strict=False)
        ]

    def sync(self) -> None:
        """What was appended is on the medium afterwards."""
        if self._data is not None and self._index is not None:
            self._disk.sync(self._data)
            self._disk.sync(self._index)

    def remove_all(self) -> None:
        """Forget every message. The index goes first: without it nothing is lost yet."""
        self.close()
        self._disk.remove(self._index_path)
        self._disk.remove(self._data_path)
        if self._durability is Durability.POWER:
            self._disk.sync_folder(self._data_path.parent)
        self.offsets = Offsets()
        self.end = self._index_end = 0

    def close(self) -> None:
        """What was held back and not flushed is lost."""
        self._held_data.clear()
        self._held_index.clear()
        for descriptor in (self._data, self._index):
            if descriptor is not None:
                self._disk.close(descriptor)
        self._data = self._index = None

    # -- reading -------------------------------------------------------------------------------------------------

    def records(self, seq_nums: Sequence[int]) -> list[FixMsgStoreRecord | Damaged | None]:
        """The message of each number, in that order; None where the index names none. What is held back must have been
        flushed. The files are read in large pieces, and looked at where they lie: a resend may ask for all of them."""
        found: list[FixMsgStoreRecord | Damaged | None] = []
        offset_of = self.offsets.get
        at_once = _WINDOW if len(seq_nums) > 1 else _ONE_MESSAGE
        start, window = 0, b""
        with reader_of(self._data_path) as (read, _):
            for seq_num in seq_nums:
                offset = offset_of(seq_num)
                if offset is None:
                    found.append(None)
                    continue
                place = offset - start
                if place < 0 or place + HEAD.size > len(window):
                    start, window, place = offset, read(at_once, offset), 0
                if len(window) < place + HEAD.size:
                    found.append(Misled(seq_num, "there is no record of it"))
                    continue
                own, _, ticks, length = HEAD.unpack_from(window, place)
                if own != seq_num or not 0 < length <= min(LARGEST_MESSAGE, self.end - offset - HEAD.size):
                    found.append(_damage(read, offset, self.end, seq_num))
                    continue
                place += HEAD.size
                encoded = window[place : place + length]
                if len(encoded) < length:
                    encoded = read(length, offset + HEAD.size)
                    start, window = offset + HEAD.size, encoded
                msg_type = whole_msg_type(encoded, seq_num)
                if msg_type is None:
                    found.append(_damage(read, offset, self.end, seq_num))
                    continue
                found.append(FixMsgStoreRecord(msg_type, nanos_of(ticks), seq_num, encoded))
        return found


def _damage(read: Reader, offset: int, size: int, seq_num: int) -> Damaged:
    located = read_at(read, offset, size)
    if located is None or located.seq_num != seq_num:
        return Misled(seq_num, "there is no record of it")
    return Damaged(seq_num, located.wrong)
