"""The few operations on files that a store needs. Tests put another one in its place that loses what was not synced."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from purefix_core.store.regular import open_to_read

TEMPORARY_SUFFIX = ".new"
"""Behind the name of a file that is about to be replaced; what is left of one after a crash is nobody's."""

_COPIED_AT_ONCE = 1024 * 1024


class Disk:
    """Files of this machine. Every method raises OSError where the system refuses."""

    def open(self, path: Path, create: bool = False, like: Path | None = None) -> int:
        """A descriptor for reading and writing. A file that is created belongs to the owner of its folder, so that a
        store repaired by root stays usable for the engine; or has the owner and the rights of the file `like`."""
        try:
            return os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            if not create:
                raise
        mode = 0o666 if like is None else 0o600
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        if like is None:
            _give_to_owner(descriptor, path.parent.stat(), mode=None)
        else:
            status = like.stat()
            _give_to_owner(descriptor, status, mode=status.st_mode & 0o7777)
        return descriptor

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """All of `data` at that offset. After an error a part of it may stand there."""
        written = os.pwrite(descriptor, data, offset)
        while written < len(data):  # a full disk takes what fits, and refuses the next call
            written += os.pwrite(descriptor, data[written:], offset + written)

    def truncate(self, descriptor: int, size: int) -> None:
        os.ftruncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """What was written to the file is on the medium afterwards."""
        os.fdatasync(descriptor)

    def replace(self, path: Path, data: bytes, durable: bool = False, like: Path | None = None) -> None:
        """Let `path` hold `data`: readers find either all of the old content or all of the new.

        The owner and the rights of a replaced file stay; those of a new one are as those of the file `like`. `durable`:
        on the medium afterwards, the name included.
        """
        self._replace(
            path, (data,), durable, like.stat() if like is not None and like.exists() and not path.exists() else None
        )

    def copy(self, path: Path, to: Path) -> None:
        """Let `to` hold the content of `path`, of any size, durably, with its owner and rights.

        Raises StoreError where `path` is no file.
        """
        with open(open_to_read(path), "rb") as file:  # noqa: PTH123 - a descriptor
            like = os.fstat(file.fileno())
            self._replace(to, iter(lambda: file.read(_COPIED_AT_ONCE), b""), durable=True, like=like)

    def _replace(self, path: Path, pieces: Iterable[bytes], durable: bool, like: os.stat_result | None = None) -> None:
        temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
        try:
            old = path.stat()
        except FileNotFoundError:
            old = None
        with suppress(FileNotFoundError):
            temporary.unlink()
        mode = 0o666 if like is None and old is None else 0o600  # nobody else may look before it has its rights
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            try:
                like = like or old
                if like is None:
                    _give_to_owner(descriptor, path.parent.stat(), mode=None)
                else:
                    _give_to_owner(descriptor, like, mode=like.st_mode & 0o7777)
                offset = 0
                for piece in pieces:
                    self.write(descriptor, piece, offset)
                    offset += len(piece)
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        if durable:
            self.sync_folder(path.parent)

    def rename(self, path: Path, to: Path) -> None:
        path.rename(to)

    def remove(self, path: Path) -> None:
        """Remove a file that may be there."""
        path.unlink(missing_ok=True)

    def make_folder(self, path: Path, durable: bool = False) -> None:
        """Make a folder and those above it, where they are missing. `durable`: on the medium afterwards."""
        missing = list(takewhile(lambda each: not each.exists(), (path, *path.parents)))
        path.mkdir(parents=True, exist_ok=True)
        if durable:
            for each in missing:
                self.sync_folder(each.parent)

    def sync_folder(self, path: Path) -> None:
        """The names in a folder are on the medium afterwards."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _give_to_owner(descriptor: int, like: os.stat_result, mode: int | None) -> None:
    """Owner and group of `like`, and those rights, as far as we are allowed to."""
    with suppress(PermissionError):
        mine = os.fstat(descriptor)
        if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(descriptor, like.st_uid, like.st_gid)
        if mode is not None:
            os.fchmod(descriptor, mode)
