"""Small things around the methods of a store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import RLock

from purefix_core.store.records import MAX_SEQ_NUM, StoreError

MOST_AT_ONCE = 5_000_000
"""Numbers of one range: a list of more would take all memory."""


class Batch(AbstractContextManager[None]):
    """`with store.batch():`, made once for each store since a session enters it for each message. It holds `mutex`;
    `end` is called when the outermost one ends."""

    def __init__(self, mutex: RLock, end: Callable[[], None]) -> None:
        self._mutex, self._end = mutex, end
        self.depth = 0

    def __enter__(self) -> None:
        self._mutex.acquire()
        self.depth += 1

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            self.depth -= 1
            if not self.depth:
                self._end()
        finally:
            self._mutex.release()


class OSErrorsAsStoreErrors(AbstractContextManager[None]):
    """Turns what the system refuses into one clear line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise as_store_error(self._folder, error) from error


def as_store_error(folder: Path, error: OSError) -> StoreError:
    """For what runs for each message: `with OSErrorsAsStoreErrors` costs a third of a microsecond, `try` nothing."""
    return StoreError(f"{error.filename or folder}: {error.strerror or error}")


def check_number(seq_num: int, least: int) -> None:
    """Raises ValueError for what no MsgSeqNum can be."""
    if not least <= seq_num <= MAX_SEQ_NUM:
        raise no_such_number(seq_num, least)


def no_such_number(seq_num: int, least: int) -> ValueError:
    """For what runs for each message, and looks at the number itself."""
    return ValueError(f"expected a MsgSeqNum from {least} to {MAX_SEQ_NUM:,}, found {seq_num}")


def check_count(folder: Path, count: int) -> None:
    """Raises StoreError for a range of too many numbers."""
    if count > MOST_AT_ONCE:
        raise StoreError(f"{folder}: {count:,} numbers are too many at once")
