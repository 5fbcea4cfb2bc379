"""Stores whose process ends in the middle of what they do: what was written until then is all that is left."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from purefix_core.store.disk import Disk
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord, FixMsgStoreState, StoreError


class Killed(BaseException):
    """The process has ended; nothing may catch it but the simulation."""


class Fate:
    """When a process ends, and which of its writes are refused, counted in steps of its store."""

    def __init__(self) -> None:
        self.is_dead = False
        self.refused = 0
        """How many writes were refused until now."""
        self._steps_left: int | None = None
        self._refusals: tuple[int, int] = (0, 0)

    def kill_in(self, steps: int) -> None:
        self._steps_left = steps

    def refuse_in(self, steps: int, times: int) -> None:
        self._refusals = steps, times

    def spare(self) -> None:
        """Nothing bad happens any more."""
        self._steps_left = None
        self._refusals = 0, 0

    def kill(self) -> None:
        self.is_dead = True
        raise Killed

    def step(self) -> None:
        if self.is_dead:
            raise Killed
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left < 0:
                self.kill()

    def refuses(self) -> bool:
        """Whether the write at hand is refused, as by a full disk."""
        steps, times = self._refusals
        if not times:
            return False
        if steps:
            self._refusals = steps - 1, times
            return False
        self._refusals = 0, times - 1
        self.refused += 1
        return True


class MortalDisk(Disk):
    """After the end of its process nothing reaches it. An append may be cut off by that end; writing the numbers may
    not, which is one call of the kernel."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._opened: dict[int, str] = {}

    def open(self, path: Path, create: bool = False, like: Path | None = None) -> int:
        descriptor = super().open(path, create, like)
        self._opened[descriptor] = path.name
        return descriptor

    def close(self, descriptor: int) -> None:
        self._opened.pop(descriptor, None)
        super().close(descriptor)

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        name = self._opened.get(descriptor, "")
        try:
            self._step()
        except Killed:
            if name in (DATA_NAME, INDEX_NAME) and not len(data) % 3:
                super().write(descriptor, data[: len(data) // 2], offset)
            raise
        super().write(descriptor, data, offset)
        self._fate.step()

    def truncate(self, descriptor: int, size: int) -> None:
        self._step()
        super().truncate(descriptor, size)

    def replace(self, path: Path, data: bytes, durable: bool = False, like: Path | None = None) -> None:
        self._step()
        super().replace(path, data, durable, like)
        self._fate.step()

    def remove(self, path: Path) -> None:
        self._fate.step()
        super().remove(path)

    def _step(self) -> None:
        self._fate.step()
        if self._fate.refuses():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def end_of_process(self) -> None:
        """What the kernel does then."""
        for descriptor in list(self._opened):
            self.close(descriptor)


class MortalMemoryStore(FixMsgMemoryStore):
    """Outlives the process that wrote to it, like files: of a batch in which it ended the messages are there, the
    numbers are not."""

    fate = Fate()
    _safe: dict[str, Any] | None = None

    def batch(self) -> AbstractContextManager[None]:
        return self._in_batch()

    @contextmanager
    def _in_batch(self) -> Iterator[None]:
        self._safe = self._numbers()
        try:
            yield
            self.fate.step()
        except Killed:
            vars(self).update(self._safe)
            raise
        finally:
            self._safe = None

    def _numbers(self) -> dict[str, Any]:
        """All that it knows but for the messages."""
        return {name: value for name, value in vars(self).items() if name.startswith("_last_")}

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        self._step()
        state = super().put(record)
        self.fate.step()
        return state

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        self._step()
        super().set_last_sent_seq_num(seq_num)
        self.fate.step()

    def set_last_received_seq_num(self, seq_num: int) -> None:
        self._step()
        super().set_last_received_seq_num(seq_num)
        self.fate.step()

    def reset_sequences(self) -> None:
        self._step()
        super().reset_sequences()
        self._safe = self._numbers() if self._safe is not None else None
        self.fate.step()

    def _step(self) -> None:
        self.fate.step()
        if self.fate.refuses():
            raise StoreError("No space left on device")


class Keeper(Protocol):
    """What is left of a session when its process ends."""

    def opener(self, fate: Fate) -> Callable[[], FixMsgStore]:
        """For a new process, which ends as `fate` says."""

    def end_of_process(self) -> None: ...

    def look(self) -> FixMsgStore:
        """What is stored, to be read only."""


class MemoryKeeper:
    def __init__(self, clock: Callable[[], int]) -> None:
        self._store = MortalMemoryStore(clock=clock)

    def opener(self, fate: Fate) -> Callable[[], FixMsgStore]:
        self._store.fate = fate
        return lambda: self._store

    def end_of_process(self) -> None:
        """Nothing has to be done for memory that is only said to outlive it."""

    def look(self) -> FixMsgStore:
        return self._store


class FileKeeper:
    """A store in files, at level `process`."""

    def __init__(self, folder: Path, comp_ids: tuple[str, str], begin_string: str, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._comp_ids = comp_ids
        self._begin_string = begin_string
        self._clock = clock
        self._disk = MortalDisk(Fate())
        self._stores: list[FixMsgFileStore] = []

    def opener(self, fate: Fate) -> Callable[[], FixMsgStore]:
        self._disk = disk = MortalDisk(fate)

        def open_store() -> FixMsgStore:
            store = FixMsgFileStore(
                self._folder, *self._comp_ids, begin_string=self._begin_string, clock=self._clock, disk=disk
            )
            self._stores = [store]
            return store

        return open_store

    def end_of_process(self) -> None:
        self._disk.end_of_process()
        for store in self._stores:
            if store._lock is not None:
                store._lock.release()
                store._lock = None
        self._stores.clear()

    def look(self) -> FixMsgStore:
        for folder in self._folder.iterdir():
            with suppress(StoreError):
                return FixMsgFileStore.open_folder(folder)
        return FixMsgMemoryStore()  # it died before it wrote anything
