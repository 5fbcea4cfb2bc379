"""Slow work on a store says how far it is, and can be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

OnProgress = Callable[[str], None]
"""Gets how far it is, in words. An exception that it raises ends the work, as any other error does."""

_EVERY = 1000


def untold(_: str) -> None:
    """For work that nobody watches."""


def telling(items: Iterable[Item], on_progress: OnProgress, what: str) -> Iterator[Item]:
    """The same items; after every thousand it is told how many there were: `12,000 messages read`, for such a `what`.

    It costs about 50 ns an item.
    """
    for count, item in enumerate(items, start=1):
        if count % _EVERY == 0:
            on_progress(f"{count:,} {what}")
        yield item
