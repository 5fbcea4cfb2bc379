"""Where the bytes of a log come from: a file read in place, or a spool that a gzip file or a pipe is copied into.

Everything is read with `pread`: a file that is cut under a memory map would kill the process with SIGBUS.
"""

from __future__ import annotations

import os
import select
import stat
import tempfile
import threading
import zlib
from pathlib import Path

_BLOCK = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_KEEP_FREE = 256 * 1024 * 1024
"""A spool stops before less than this is left on its disk."""

STDIN = "-"


class LogError(Exception):
    """A log cannot be opened or read; the text names it and says why, in one line."""


class FileSource:
    """A regular file, read in place. It may grow, shrink or vanish at any time; then `reopen` finds its successor."""

    complete = True
    """The bytes that `size()` counts are all there is for now."""
    problem: str | None = None
    in_place = True

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._file = os.fdopen(fd, "rb", buffering=0)

    def size(self) -> int:
        return self._status().st_size

    def identity(self) -> tuple[int, int]:
        """Device and inode of the open file."""
        status = self._status()
        return status.st_dev, status.st_ino

    def _status(self) -> os.stat_result:
        try:
            return os.fstat(self._file.fileno())
        except (OSError, ValueError) as error:
            raise LogError(f"{self.path}: {_reason(error)}") from None

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset` on; fewer where the file ends. Raises LogError."""
        try:
            return os.pread(self._file.fileno(), length, offset)
        except (OSError, ValueError) as error:
            raise LogError(f"{self.path}: cannot be read at offset {offset:,}: {_reason(error)}") from None

    def wait(self, seconds: float) -> None:
        """Nothing more comes by waiting."""

    def close(self) -> None:
        self._file.close()


class MemorySource:
    """Bytes that a caller already holds, such as an upload."""

    complete = True
    problem: str | None = None
    in_place = False

    def __init__(self, data: bytes, name: str = "(memory)") -> None:
        self.path = Path(name)
        self._data = data

    def size(self) -> int:
        return len(self._data)

    def read(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    def wait(self, seconds: float) -> None:
        """Nothing more comes by waiting."""

    def close(self) -> None:
        """Nothing to free."""


class SpoolSource:
    """A stream (standard input, a named pipe, a gzip file) that a thread copies to an unnamed temporary file.

    What begins like a gzip file is unpacked.
    """

    in_place = False

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.problem: str | None = None
        """Why the stream ended early, in words for a person."""
        self._fd = fd
        self._spool = tempfile.TemporaryFile(prefix="purefix-")  # noqa: SIM115 (closed by close())
        self._written = 0
        self._more = threading.Condition()
        self._done = False
        self._stop = False
        self._thread = threading.Thread(target=self._run, name=f"spool {path.name}", daemon=True)
        self._thread.start()

    @property
    def complete(self) -> bool:
        return self._done

    def size(self) -> int:
        return self._written

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset` on, of those that have arrived."""
        try:
            return os.pread(self._spool.fileno(), length, offset)
        except (OSError, ValueError) as error:
            raise LogError(f"{self.path}: cannot be read at offset {offset:,}: {_reason(error)}") from None

    def wait(self, seconds: float) -> None:
        """Return when something arrives, when the stream ends, or after `seconds`."""
        with self._more:
            if not self._done:
                self._more.wait(seconds)

    def close(self) -> None:
        self._stop = True
        os.close(self._fd)
        if not self._thread.is_alive():
            self._spool.close()

    def _run(self) -> None:
        try:
            first = self._first_bytes()
            if first.startswith(_GZIP_MAGIC):
                self._copy_gzip(first)
            else:
                self._copy_plain(first)
        except (OSError, zlib.error) as error:
            if not self._stop:
                self.problem = f"{self.path.name}: stopped after {self._written:,} bytes: {error}"
        with self._more:
            self._done = True
            self._more.notify_all()

    def _first_bytes(self) -> bytes:
        """Enough of the stream to know gzip by, unless it ends before; a pipe cannot be read twice."""
        first = select.poll()
        first.register(self._fd, select.POLLIN | select.POLLHUP)
        while not self._stop and not first.poll(200):
            pass  # a named pipe that nobody has opened for writing yet
        begin = b""
        while not self._stop and len(begin) < len(_GZIP_MAGIC) and (block := os.read(self._fd, _BLOCK)):
            begin += block
        return begin

    def _copy_plain(self, block: bytes) -> None:
        """`block`: what has been read already."""
        while not self._stop and block:
            self._store(block)
            block = os.read(self._fd, _BLOCK)

    def _copy_gzip(self, pending: bytes) -> None:
        """Any number of gzip members one after another; what follows the last and is no member is ignored.

        `pending`: what has been read already.
        """
        member: zlib._Decompress | None = None
        while not self._stop:
            pending = pending or os.read(self._fd, _BLOCK)
            if not pending:
                break
            if member is None:
                if not pending.startswith(_GZIP_MAGIC[: len(pending)]):
                    return
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self._store(member.decompress(pending, _BLOCK))
            pending = member.unconsumed_tail
            if member.eof:
                pending, member = member.unused_data, None
        if member is not None and not self._stop:
            self.problem = f"{self.path.name}: the compressed file is cut off after {self._written:,} bytes"

    def _store(self, block: bytes) -> None:
        fd = self._spool.fileno()
        disk = os.fstatvfs(fd)
        if disk.f_bavail * disk.f_frsize < _KEEP_FREE + len(block):
            raise OSError(f"no room to unpack it in {tempfile.gettempdir()}")
        os.pwrite(fd, block, self._written)
        with self._more:
            self._written += len(block)
            self._more.notify_all()


Source = FileSource | MemorySource | SpoolSource


def open_source(path: str | Path) -> Source:
    """Open a log: a file, a named pipe, or `-` for standard input; each also as gzip, known by its first bytes.

    Raises LogError.
    """
    if str(path) == STDIN:
        try:
            return SpoolSource(Path("standard input"), os.dup(0))
        except OSError as error:
            raise LogError(f"standard input: {_reason(error)}") from None
    if not str(path):
        raise LogError("the path of a log is empty")
    path = Path(path)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe without a writer must not hang us
        os.set_blocking(fd, True)
    except FileNotFoundError:
        raise LogError(f"{path}: no such file") from None
    except OSError as error:
        raise LogError(f"{path}: {_reason(error)}") from None
    mode = os.fstat(fd).st_mode
    if stat.S_ISFIFO(mode):
        return SpoolSource(path, fd)
    if not stat.S_ISREG(mode):
        os.close(fd)
        kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
        raise LogError(f"{path}: is {kind}")
    source = FileSource(path, fd)
    if source.read(0, 2) == _GZIP_MAGIC:
        return SpoolSource(path, os.dup(fd))
    return source


def _reason(error: OSError | ValueError) -> str:
    """In words for a person; a ValueError is what a closed file raises."""
    return "it was closed" if isinstance(error, ValueError) else (error.strerror or str(error)).lower()
