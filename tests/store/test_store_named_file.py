"""Files that are moved, removed or replaced are noticed, also when the folder has not changed for long."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.named_file import NamedFile
from purefix_core.store.session_meta import FILE_NAME
from tests.store.file_stores import open_store, record


def settle() -> None:
    """Until the clock of the file system has gone on, a folder is not relied on."""
    time.sleep(0.12)


def removed(path: Path) -> None:
    path.unlink()


def moved_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def replaced(path: Path) -> None:
    path.with_name("other").write_bytes(path.read_bytes())
    path.with_name("other").rename(path)


def put_back_with_old_times(path: Path) -> None:
    """As tools do that restore a folder."""
    before = path.parent.stat()
    replaced(path)
    os.utime(path.parent, ns=(before.st_atime_ns, before.st_mtime_ns))


def folder_moved(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def folder_replaced(path: Path) -> None:
    folder_moved(path)
    path.parent.mkdir()
    path.write_bytes(b"other")


CHANGES = [removed, moved_away, replaced, put_back_with_old_times, folder_moved, folder_replaced]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_settled", [False, True])
def test_a_change_is_noticed(tmp_path: Path, change: Callable[[Path], None], is_settled: bool) -> None:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    path.write_bytes(b"")
    descriptor = os.open(path, os.O_RDWR)
    try:
        named = NamedFile(path)
        named.opened(descriptor)
        path.with_name("neighbour").write_bytes(b"")
        assert named.is_in_place()
        if is_settled:
            settle()
        for _ in range(3):
            os.write(descriptor, b"more")
            assert named.is_in_place()
        change(path)
        assert not named.is_in_place()
        assert not named.is_in_place()
    finally:
        os.close(descriptor)


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Its folder does not tell that the file behind it was replaced."""
    elsewhere = tmp_path / "elsewhere" / "file"
    for folder in (tmp_path / "folder", elsewhere.parent):
        folder.mkdir()
    elsewhere.write_bytes(b"")
    link = tmp_path / "folder" / "file"
    link.symlink_to(elsewhere)
    descriptor = os.open(link, os.O_RDWR)
    try:
        named = NamedFile(link)
        named.opened(descriptor)
        settle()
        assert named.is_in_place()
        replaced(elsewhere)
        assert not named.is_in_place()
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("name", [DATA_NAME, FILE_NAME])
@pytest.mark.parametrize("change", [removed, moved_away])
def test_a_batch_notices_it(tmp_path: Path, name: str, change: Callable[[Path], None]) -> None:
    with open_store(tmp_path) as store:
        for number in (1, 2, 3, 4, 5):
            if number == 3:
                settle()
            if number == 4:
                assert store.notices == []
                change(store.folder / name)
            with store.batch():
                store.put(record(number))
                store.set_last_sent_seq_num(number)
                store.set_last_received_seq_num(number)
            assert json.loads((store.folder / FILE_NAME).read_bytes())["lastSentSeqNum"] == number
            assert store.get(number) == record(number)
        assert store.notices
    with open_store(tmp_path) as store:
        assert [store.get(number) for number in (4, 5)] == [record(4), record(5)]
        assert store.get_last_sent_seq_num() == 5


@pytest.mark.parametrize("change", CHANGES[:4])
def test_a_change_in_a_long_batch_is_noticed_at_its_end(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """The application may take its time between a message and the end of the batch."""
    with open_store(tmp_path) as store:
        for number in (1, 2, 3):
            with store.batch():
                store.put(record(number))
                store.set_last_sent_seq_num(number)
                if number == 2:
                    settle()
                if number == 3:
                    change(store.folder / FILE_NAME)
                    settle()
        assert json.loads((store.folder / FILE_NAME).read_bytes())["lastSentSeqNum"] == 3
