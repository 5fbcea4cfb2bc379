"""A disk that notes all that is done to it, and can say what a loss of power may leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import NamedTuple

from purefix_core.store.disk import TEMPORARY_SUFFIX, Disk

FOLDER = -1
"""Stands for a folder where there is otherwise the number of a file."""


class Event(NamedTuple):
    kind: str
    """`write`, `truncate` and `sync` of a file; `name`, `rename`, `remove` and `sync folder` of names."""
    file: int = FOLDER
    path: Path = Path()
    to: Path = Path()
    offset: int = 0
    data: bytes = b""


class PowerDisk(Disk):
    """Does everything for real, but for the syncs, and keeps a list of it. Files are known by numbers of their own,
    since their names change."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._files: dict[Path, int] = {}
        self._opened: dict[int, int] = {}
        self._count = 0

    def _new_file(self, path: Path) -> int:
        self._count += 1
        self._files[path] = self._count
        self.events.append(Event("name", self._count, path))
        return self._count

    def open(self, path: Path, create: bool = False) -> int:
        is_new = not path.exists()
        descriptor = super().open(path, create)
        if is_new:
            self._new_file(path)
        self._opened[descriptor] = self._files[path]
        return descriptor

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        super().write(descriptor, data, offset)
        if descriptor in self._opened:
            self.events.append(Event("write", self._opened[descriptor], offset=offset, data=bytes(data)))

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        del self._opened[descriptor]

    def truncate(self, descriptor: int, size: int) -> None:
        super().truncate(descriptor, size)
        self.events.append(Event("truncate", self._opened[descriptor], offset=size))

    def sync(self, descriptor: int) -> None:
        self.events.append(Event("sync", self._opened[descriptor]))

    def replace(self, path: Path, data: bytes, durable: bool = False, like: Path | None = None) -> None:
        temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
        file = self._new_file(temporary)
        self.events.append(Event("write", file, data=data))
        if durable:
            self.events.append(Event("sync", file))
        super().replace(path, data, like=like)
        self._renamed(temporary, path)
        if durable:
            self.sync_folder(path.parent)

    def rename(self, path: Path, to: Path) -> None:
        super().rename(path, to)
        self._renamed(path, to)

    def _renamed(self, path: Path, to: Path) -> None:
        self._files[to] = self._files.pop(path)
        self.events.append(Event("rename", self._files[to], path, to))

    def remove(self, path: Path) -> None:
        if path.exists():
            super().remove(path)
            del self._files[path]
            self.events.append(Event("remove", path=path))

    def make_folder(self, path: Path, durable: bool = False) -> None:
        for missing in reversed(list(takewhile(lambda each: not each.exists(), (path, *path.parents)))):
            self.events.append(Event("name", FOLDER, missing))
        super().make_folder(path, durable)

    def sync_folder(self, path: Path) -> None:
        self.events.append(Event("sync folder", path=path))

    # -- what may be left ------------------------------------------------------------------------------------------

    def lose_power(self, count: int, root: Path, to: Path, random: Random) -> None:
        """Write into `to` what the medium may hold of `root` when the power fails after that many events.

        Of what was not synced by then any part may be lost: a write wholly, but for its beginning, or but for its
        length; a name that was given, changed or removed.
        """
        events = self.events[:count]
        contents: dict[int, bytearray] = {}
        names: dict[Path, int] = {}
        keep_all = random.random() < 0.1
        lose_all = random.random() < 0.3
        for event, is_safe in zip(events, list(_safe(events)), strict=True):
            if event.kind in ("sync", "sync folder"):
                continue
            fate = 1.0 if is_safe or keep_all else 0.0 if lose_all else random.random()
            if event.kind == "write":
                _write(contents.setdefault(event.file, bytearray()), event, fate, random)
            elif fate < 0.5:
                continue
            elif event.kind == "truncate":
                del contents.setdefault(event.file, bytearray())[event.offset :]
            else:
                if event.kind in ("rename", "remove"):
                    names.pop(event.path, None)
                if event.kind != "remove":
                    names[event.to if event.kind == "rename" else event.path] = event.file
        for path, file in names.items():
            between = takewhile(lambda each: each != root, path.parents)
            if not all(names.get(each) == FOLDER for each in between):
                continue
            place = to / path.relative_to(root)
            if file == FOLDER:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(contents.get(file, b""))


def _safe(events: list[Event]) -> Iterator[bool]:
    """For each event whether a later one makes it safe."""
    synced: set[object] = set()
    found = []
    for event in reversed(events):
        if event.kind == "sync":
            synced.add(event.file)
        elif event.kind == "sync folder":
            synced.add(event.path)
        if event.kind in ("write", "truncate"):
            found.append(event.file in synced)
        else:
            found.append((event.to if event.kind == "rename" else event.path).parent in synced)
    return reversed(found)


def _write(content: bytearray, event: Event, fate: float, random: Random) -> None:
    data = event.data
    if fate < 0.25:
        return
    if fate < 0.5:
        data = data[: random.randrange(len(data) + 1)]
    elif fate < 0.75:
        data = bytes(len(data))
    if len(content) < event.offset:
        content.extend(bytes(event.offset - len(content)))
    content[event.offset : event.offset + len(data)] = data
