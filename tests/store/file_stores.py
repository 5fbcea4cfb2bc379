"""What the tests of FixMsgFileStore share."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.store.verify import verify
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

TIME = 1_769_854_272_123_456_700
"""2026-01-31 10:11:12.1234567, which the files can hold."""

FOLDER = "CLI.SRV"


def record(seq_num: int, more: str = "", msg_type: str = "D", begin: str = "FIX.4.4") -> FixMsgStoreRecord:
    """`more` is further fields, each ended by `|`."""
    body = f"35={msg_type}|49=CLI|56=SRV|34={seq_num}|52=20260131-10:11:12|{more}".replace("|", "\x01")
    return FixMsgStoreRecord(msg_type, TIME + seq_num * 100, seq_num, sealed(begin.encode(), body.encode(), SOH))


def packed(each: FixMsgStoreRecord) -> bytes:
    """A record as it stands in messages.dat, reckoned without the code that is tested."""
    ticks = each.timestamp // 100 + 621_355_968_000_000_000
    length = len(each.encoded).to_bytes(4, "little")
    return (
        each.seq_num.to_bytes(4, "little")
        + each.msg_type[:1].encode()
        + ticks.to_bytes(8, "little")
        + (length + each.encoded)
    )


def open_store(
    path: Path,
    durability: Durability = Durability.PROCESS,
    disk: Disk | None = None,
    say: Callable[[str], None] | None = None,
) -> FixMsgFileStore:
    return FixMsgFileStore(path, "CLI", "SRV", begin_string="FIX.4.4", durability=durability, disk=disk, say=say)


def filled(path: Path, *records: FixMsgStoreRecord, last_sent: int | None = None) -> Path:
    """A closed store with these messages in this order; its folder."""
    with open_store(path) as store:
        for each in records:
            if each.seq_num <= store.get_last_sent_seq_num():
                store.set_last_sent_seq_num(each.seq_num - 1)
            store.put(each)
            store.set_last_sent_seq_num(each.seq_num)
        if last_sent is not None:
            store.set_last_sent_seq_num(last_sent)
        return store.folder


def crashed(store: FixMsgFileStore, to: Path) -> Path:
    """What the kernel has of a store, as if its process had been killed now: a copy below `to`, which is made anew."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(store.folder, to / FOLDER)
    return to


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def untouched(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Names, contents and times of change of all files."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())}


def problems(folder: Path) -> list[str]:
    return verify(folder).problems


def not_to_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, who may be root, cannot list that folder."""
    real = os.scandir

    def scandir(asked: Path) -> object:
        if Path(asked) == folder:
            raise PermissionError(13, "Permission denied", str(asked))
        return real(asked)

    monkeypatch.setattr(os, "scandir", scandir)


def make_anew(folder: Path, files: dict[str, bytes]) -> None:
    """A folder that holds exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


@contextmanager
def rights_of_a_user() -> Iterator[None]:
    """Root may write wherever it likes; inside of this its thread may not."""
    if os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    had = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
    assert not libc.capget(header, had)
    fewer = (ctypes.c_uint32 * 6)(*had)
    fewer[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    assert not libc.capset(header, fewer)
    try:
        yield
    finally:
        assert not libc.capset(header, had)
