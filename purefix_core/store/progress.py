"""Slow work on a store says how far it is, and can be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TypeVar

from purefix_core.store.message_files import Reader

Item = TypeVar("Item")

OnProgress = Callable[[str], None]
"""Gets how far it is, in words. An exception that it raises ends the work, as any other error does."""

_EVERY = 1000
_SECONDS = 0.1
"""After so long something is told even where nothing is counted: whoever waits may want to give it up."""

_MEGABYTE = 1_000_000


def untold(_: str) -> None:
    """For work that nobody watches."""


class Telling:
    """One piece of work of which it is told how far it is: in things done, or in bytes read where that takes long."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._told = monotonic()

    def items(self, items: Iterable[Item], what: str) -> Iterator[Item]:
        """The same items; after every thousand, and after a tenth of a second, it is told how many there were: `12,000
        messages read`, for such a `what`.

        It costs about 100 ns an item.
        """
        for count, item in enumerate(items, start=1):
            if count % _EVERY == 0 or self._is_due():
                self._tell(f"{count:,} {what if count > 1 else what.replace('s ', ' ', 1)}")
            yield item

    def reads(self, read: Reader, size: int) -> Reader:
        """The same reader of a file of that size; after a tenth of a second in which nothing else was told, it is told
        where it reads."""

        def telling_read(count: int, offset: int) -> bytes:
            if self._is_due():
                self._tell(f"{offset // _MEGABYTE:,} of {size // _MEGABYTE:,} MB read")
            return read(count, offset)

        return telling_read

    def _is_due(self) -> bool:
        return monotonic() - self._told >= _SECONDS

    def _tell(self, text: str) -> None:
        self._on_progress(text)
        self._told = monotonic()


def telling(items: Iterable[Item], on_progress: OnProgress, what: str) -> Iterator[Item]:
    """`items`, told by themselves."""
    return Telling(on_progress).items(items, what)
