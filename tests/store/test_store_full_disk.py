"""A full disk: what cannot be written is refused, nothing is left half done, and it goes on when there is room."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from purefix_core.store.disk import TEMPORARY_SUFFIX, Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.records import StoreError
from tests.conftest import REPOSITORY
from tests.store.file_stores import FOLDER, contents, crashed, filled, make_anew, open_store, packed, problems, record


class FullDisk(Disk):
    """Refuses one write, counted from 1, after half of its bytes. With `for_good` all that follow as well."""

    def __init__(self, refused: int, for_good: bool = False) -> None:
        self.refused = refused
        self.for_good = for_good
        self.writes = 0

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        self.writes += 1
        if self.writes == self.refused or (self.for_good and self.writes > self.refused):
            super().write(descriptor, data[: len(data) // 2], offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(descriptor, data, offset)


def put_in_a_batch(store: FixMsgFileStore) -> None:
    with store.batch():
        store.put(record(5))
        store.set_last_sent_seq_num(5)
        store.set_last_received_seq_num(3)


ACTIONS: dict[str, Callable[[FixMsgFileStore], object]] = {
    "put": lambda store: store.put(record(5)),
    "put again": lambda store: store.put(record(3, "58=newer|")),
    "put what was to be gap-filled": lambda store: store.put(record(2, "58=newer|")),
    "a batch": put_in_a_batch,
    "numbers": lambda store: store.set_last_sent_seq_num(9),
    "lower numbers": lambda store: store.set_last_sent_seq_num(1),
    "pass by": lambda store: store.set_last_sent_seq_num(4),
    "receive": lambda store: store.set_last_received_seq_num(7),
    "time": lambda store: store.set_last_received_time(0),
    "clear": lambda store: store.clear(),
    "reset": lambda store: store.reset_sequences(),
}


def begin(path: Path) -> None:
    """Three messages sent, a fourth withdrawn, and one that is to be gap-filled."""
    folder = filled(path, *map(record, (1, 2, 3, 4)), last_sent=3)
    (folder / "resend.json").write_text('{"gapFill": [{"from": 2, "to": 2, "reason": "stale"}]}')


def held(store: FixMsgFileStore) -> tuple[object, ...]:
    gap_filled = [number for number in range(20) if store.is_gap_filled(number)]
    state = store.get_state()
    return state.last_sent_seq_num, state.last_received_seq_num, store.get_seq_num_range(1, 20), gap_filled


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("first", [False, True], ids=["later", "first write"])
def test_each_write_refused(
    tmp_path: Path, level: Durability, action: Callable[[FixMsgFileStore], object], first: bool
) -> None:
    """Whatever a method writes is refused, one write after the other, until it is done with none refused."""
    for refused in count(1):
        path = tmp_path / str(refused)
        begin(path)
        disk = FullDisk(0)
        with open_store(path, level, disk) as store:
            if not first:
                store.set_last_received_seq_num(1)
            before, numbers = held(store), store.get_state()[1:]
            disk.refused = disk.writes + refused
            try:
                action(store)
            except StoreError as error:
                said = str(error)
            else:
                disk.refused = 0
                break
            assert said.endswith("No space left on device")
            assert store.get_state()[1:] == numbers
            # A message whose number could not follow in its batch stays, and is not sent.
            assert held(store)[3] in (before[3], [2, 4])
            sent = store.get_last_sent_seq_num()
            for number in range(1, sent + 1):
                assert store.get(number) == record(number)
            with open_store(crashed(store, tmp_path / "copy")) as copy:
                assert copy.get_state()[1:] == numbers
                assert held(copy)[2] == held(store)[2]
            assert problems(tmp_path / "copy" / FOLDER) == []
            action(store)
            after = held(store)
        with open_store(path) as store:
            assert held(store) == after
        assert problems(path / FOLDER) == []
        assert not [name for name in contents(path / FOLDER) if name.endswith(TEMPORARY_SUFFIX)]
    assert refused > 1 or action is ACTIONS["clear"]


def test_a_refused_put_leaves_no_byte(tmp_path: Path) -> None:
    for refused in (1, 2):
        path = tmp_path / str(refused)
        begin(path)
        disk = FullDisk(0)
        with open_store(path, disk=disk) as store:
            before = contents(path / FOLDER)
            disk.refused = disk.writes + refused
            with pytest.raises(StoreError):
                store.put(record(5))
            assert contents(path / FOLDER) == before
            assert not store.exists(5)


def test_a_message_of_a_batch_that_failed_is_never_resent(tmp_path: Path) -> None:
    """It is in the file, but was not sent, since its number could not be written."""
    begin(tmp_path)
    disk = FullDisk(0)
    with open_store(tmp_path, disk=disk) as store:
        store.set_last_sent_seq_num(4)
        disk.refused = disk.writes + 3  # behind messages.dat and messages.idx
        with pytest.raises(StoreError, match="No space left"):
            put_in_a_batch(store)
        assert store.get_last_sent_seq_num() == 4
        assert store.get(5) == record(5)
        store.set_last_sent_seq_num(5)
        assert store.get(5) is None
        store.set_last_sent_seq_num(4)
        put_in_a_batch(store)
        assert store.get(5) == record(5)


def test_a_put_that_cannot_be_undone(tmp_path: Path) -> None:
    """When not even cutting off succeeds, the next put does it."""

    class Stuck(FullDisk):
        def truncate(self, descriptor: int, size: int) -> None:
            if self.refused:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            super().truncate(descriptor, size)

    begin(tmp_path)
    disk = Stuck(0)
    with open_store(tmp_path, disk=disk) as store:
        disk.refused = disk.writes + 1
        with pytest.raises(StoreError, match="No space left"):
            store.put(record(5))
        assert store.get(5) is None
        disk.refused = 0
        store.put(record(5))
        assert store.get(5) == record(5)
        assert any("ends with half a message" in notice for notice in store.notices)
    assert problems(tmp_path / FOLDER) == []


@pytest.mark.parametrize("level", list(Durability))
@pytest.mark.parametrize("kind", ["new", "half a message", "no index", "cut index", "cut last message"])
def test_opening(tmp_path: Path, level: Durability, kind: str) -> None:
    """An opening that cannot write what it must is refused, and the next one finds all there is to find."""
    begin(tmp_path / "first")
    files = {} if kind == "new" else contents(tmp_path / "first" / FOLDER)
    if kind == "half a message":
        files[DATA_NAME] += packed(record(5))[:40]
    elif kind == "no index":
        del files["messages.idx"]
    elif kind == "cut index":
        files["messages.idx"] = files["messages.idx"][:-15]
    elif kind == "cut last message":
        files[DATA_NAME] = files[DATA_NAME][:-3]
    for refused in count(1):
        make_anew(tmp_path / "next" / FOLDER, files)
        try:
            open_store(tmp_path / "next", level, FullDisk(refused)).close()
        except StoreError as error:
            said = str(error)
        else:
            break
        assert said.endswith("No space left on device")
        with open_store(tmp_path / "next") as store:
            if kind == "new":
                assert held(store) == (0, 0, [], [])
            else:
                kept = [*map(record, (1, 2, 3)), None if kind == "cut last message" else record(4)]
                assert held(store) == (3, 0, kept if kept[-1] else kept[:-1], [2])
        assert problems(tmp_path / "next" / FOLDER) == []
    assert refused > 1


def test_level_none_keeps_what_it_could_not_write(tmp_path: Path) -> None:
    disk = FullDisk(2, for_good=True)  # behind session.meta
    with open_store(tmp_path, Durability.NONE, disk) as store:
        store.put(record(1))
        with pytest.raises(StoreError, match="No space left"):
            store.get(1)
        disk.refused = 0
        disk.for_good = False
        assert store.get(1) == record(1)


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
def test_closing_on_a_full_disk(tmp_path: Path, level: Durability) -> None:
    """All is written already, but for a tidier form of it."""
    disk = FullDisk(0)
    with open_store(tmp_path, level, disk) as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
        disk.refused, disk.for_good = disk.writes + 1, True
    with open_store(tmp_path) as store:
        assert store.notices == []
        assert store.get_state()[:2] == (1, 1)


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
def test_a_limit_on_the_size_of_files(tmp_path: Path, level: Durability) -> None:
    """The same with the kernel that refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.full_disk_writer", str(tmp_path), level],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    tried = {what: (said, same) for what, said, same in map(json.loads, done.stdout.splitlines())}
    last = tried["last"]
    assert last[1]
    for what in ("put", "again", "large", "lower", "reset"):
        assert tried[what][0].endswith("File too large"), what
        assert tried[what][1], what
    assert tried["room again"][0] == tried["numbers"][0] == ""
    with open_store(tmp_path) as store:
        assert store.get_last_sent_seq_num() == last[0]
        assert store.get(int(last[0])) == record(int(last[0]))
        assert store.get_last_received_seq_num() == 7
    assert problems(tmp_path / FOLDER) == []


def fill(store: FixMsgFileStore) -> None:
    for number in count(1):
        store.put(record(number, "58=" + "x" * 1000 + "|"))
        store.set_last_sent_seq_num(number)


def test_a_small_file_system(tmp_path: Path) -> None:
    mounted = tmp_path / "small"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(mounted)]
    tried = subprocess.run(mount, capture_output=True, text=True, check=False) if not os.geteuid() else None
    if tried is None or tried.returncode:
        pytest.skip(f"no file system may be mounted here: {tried.stderr.strip() if tried else 'not root'}")
    try:
        with open_store(mounted) as store:
            store.set_last_sent_seq_num(0)
            with pytest.raises(StoreError, match="No space left on device"):
                fill(store)
            assert store.get_last_sent_seq_num() > 100
            assert None not in store.get_seq_num_range(1)
            store.set_last_received_seq_num(9)
            assert problems(mounted / FOLDER) == []
            store.reset_sequences()
            store.put(record(1))
            store.set_last_sent_seq_num(1)
        with open_store(mounted) as store:
            assert store.get_state()[:2] == (1, 1)
    finally:
        subprocess.run(["umount", str(mounted)], check=True)
