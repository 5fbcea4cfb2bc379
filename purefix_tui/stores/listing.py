"""Finds stores and looks at each, in a worker: what is found is posted as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from purefix_core.registry.dialects import Dialects
from purefix_core.store.finding import locate_all
from purefix_core.store.health import Health, look_at
from purefix_core.store.records import StoreError

Post = Callable[[Message], bool]
Cancelled = Callable[[], bool]

_PAUSE = 0.1
"""Seconds between partial results."""


@dataclass
class StoresSeen(Message):
    """More stores, in the order in which they were found."""

    generation: int
    stores: list[Health]
    looking_in: str
    """The folder that is searched at present."""


@dataclass
class ListingEnded(Message):
    """There are no more."""

    generation: int
    notices: list[str]
    """Folders that are not there or could not be read, and where the search ended early."""
    finished: bool


def registered_folders(dialects: Dialects) -> list[Path]:
    """The `messageStorePath`s of a registry, each once."""
    registrations = dialects.get_all()
    return list(dict.fromkeys(each.message_store_path for each in registrations if each.message_store_path is not None))


def list_stores(
    generation: int,
    registered: Sequence[Path],
    named: Sequence[Path],
    post: Post,
    cancelled: Cancelled,
) -> None:
    """Look at every store below the folders. One of the `registered` that is not there, or is empty, is no wonder; of
    those that the user `named` it is said."""
    seen: list[Health] = []
    known: set[Path] = set()
    notices: list[str] = []
    told = time.monotonic() - _PAUSE
    for folder in dict.fromkeys((*named, *registered)):
        if cancelled():
            break
        if folder not in named and not folder.is_dir():
            notices.append(f"{folder}: no such folder yet")
            continue
        post(StoresSeen(generation, [], str(folder)))
        try:
            found = locate_all(folder)
        except (StoreError, OSError) as error:
            notices.append(str(error))
            continue
        notices += found.notices
        for location in found.stores:
            if cancelled():
                break
            if location.path.absolute() in known:
                continue
            known.add(location.path.absolute())
            seen.append(look_at(location))
            if time.monotonic() - told >= _PAUSE:
                post(StoresSeen(generation, seen, str(folder)))
                seen, told = [], time.monotonic()
    post(StoresSeen(generation, seen, ""))
    post(ListingEnded(generation, notices, not cancelled()))
