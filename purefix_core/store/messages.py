"""Appends to `messages.dat` and `messages.idx`, and reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.message_files import (
    DATA_NAME,
    ENTRY,
    INDEX_NAME,
    Located,
    read_at,
    reader_of,
    unpack_index,
    windowed,
)
from purefix_core.store.offsets import Offsets
from purefix_core.store.opening import Opened
from purefix_core.store.regular import is_at

_GATHERED = 256 * 1024
"""Bytes that level `none` holds back."""


class FilesChanged(Exception):
    """Somebody else changed the files; they must be looked at anew before anything is appended."""


class Messages:
    """The messages of one opened store. Everything raises OSError where the system refuses."""

    def __init__(self, folder: Path, opened: Opened, disk: Disk, durability: Durability) -> None:
        self._data_path, self._index_path = folder / DATA_NAME, folder / INDEX_NAME
        self._disk = disk
        self._durability = durability
        self._offsets = opened.offsets
        self.end = opened.end
        """The size of DATA_NAME, with what is still held back."""
        self._index_end = opened.index_end + len(opened.new_entries)
        if opened.new_index is not None:
            self._index_end = len(opened.new_index)
        self._data: int | None = None
        self._index: int | None = None
        self._held_data, self._held_index = bytearray(), bytearray()

    def __len__(self) -> int:
        return len(self._offsets)

    @property
    def greatest(self) -> int:
        """The greatest number kept; 0 where none is."""
        return self._offsets.greatest

    def offset_of(self, seq_num: int) -> int | None:
        return self._offsets.get(seq_num)

    def numbers(self, first: int, last: int) -> Iterator[int]:
        """The numbers from `first` to `last` of which there is a message, in order."""
        return self._offsets.between(first, last)

    # -- writing -------------------------------------------------------------------------------------------------

    def append(self, seq_num: int, record: bytes) -> None:
        """Raises FilesChanged, and then appends nothing. After an OSError nothing of the record is left either."""
        if len(self._held_data) > _GATHERED:
            self.flush()
        entry = ENTRY.pack(seq_num, self.end)
        if self._durability is Durability.NONE:
            self._held_data += record
            self._held_index += entry
        else:
            self._write(record, entry)
        self._offsets.set(seq_num, self.end)
        self.end += len(record)
        self._index_end += len(entry)

    def _write(self, records: bytes, entries: bytes) -> None:
        if self._data is None or self._index is None:
            self._data, self._index = self._open(self._data_path), self._open(self._index_path)
            if self._durability is Durability.POWER:
                self._disk.sync_folder(self._data_path.parent)
        if os.fstat(self._data).st_size != self.end or not is_at(self._data_path, self._data):
            raise FilesChanged
        try:
            self._disk.write(self._data, records, self.end)
            self._disk.write(self._index, entries, self._index_end)
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
        self._offsets = Offsets()
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

    def read(self, seq_nums: Sequence[int]) -> list[Located | None]:
        """What the index names for each number, in that order; None where it names nothing, or nothing that can be a
        record. Whether it is a record of that number is for the caller to see. What is held back must have been
        flushed."""
        with reader_of(self._data_path) as (read, _):
            reader = windowed(read) if len(seq_nums) > 1 else read
            offsets = map(self._offsets.get, seq_nums)
            return [None if offset is None else read_at(reader, offset, self.end) for offset in offsets]
