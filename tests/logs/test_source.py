"""Files, gzip files, pipes: opened, or refused with one clear line."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from purefix_core.logs import source as source_module
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.source import FileSource, LogError, SpoolSource, open_source


def drained(path: Path) -> SpoolSource:
    source = open_source(path)
    assert isinstance(source, SpoolSource)
    while not source.complete:
        source.wait(1)
    return source


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"0123456789")
    source = open_source(path)
    assert isinstance(source, FileSource)
    assert source.read(2, 3) == b"234"
    assert source.read(8, 100) == b"89"
    source.close()


@pytest.mark.parametrize("members", [1, 3])
def test_gzip_is_known_by_its_first_bytes(tmp_path: Path, members: int) -> None:
    text = os.urandom(3_000_000)
    path = tmp_path / "no-telling-suffix"
    path.write_bytes(b"".join(gzip.compress(text[i::members]) for i in range(members)))
    source = drained(path)
    assert source.problem is None
    assert source.read(0, 4_000_000) == b"".join(text[i::members] for i in range(members))
    source.close()


def test_a_gzip_file_that_is_cut_off_keeps_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(b"8=FIX" * 10_000)[:-20])
    source = drained(path)
    assert source.problem is not None
    assert "cut off" in source.problem
    assert source.read(0, 5) == b"8=FIX"
    source.close()


def test_a_damaged_gzip_file_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(10_000)))
    packed[5000:5100] = bytes(100)
    path = tmp_path / "a.log.gz"
    path.write_bytes(packed)
    source = drained(path)
    assert source.problem is not None
    assert source.problem.startswith("a.log.gz: stopped after")
    source.close()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_KEEP_FREE", 2**62)
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(b"8=FIX"))
    source = drained(path)
    assert source.problem is not None
    assert "no room" in source.problem
    source.close()


def test_a_named_pipe_is_spooled(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"x" * 200_000))
    holder = os.open(path, os.O_RDWR)  # so that the reader does not see an end before the writer is there
    source = open_source(path)
    writer.start()
    writer.join()
    os.close(holder)
    assert isinstance(source, SpoolSource)
    while not source.complete:
        source.wait(1)
    assert source.size() == 200_000
    source.close()


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"none\.log: no such file"):
        open_source(tmp_path / "none.log")
    with pytest.raises(LogError, match="is a directory"):
        open_source(tmp_path)
    with pytest.raises(LogError, match="not a regular file"):
        open_source("/dev/null")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.log"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(LogError, match="permission denied"):
        open_source(path)


def test_a_closed_log_says_so(example_log: Path) -> None:
    log = LogFile.open(example_log)
    log.close()
    for use in (log.index, lambda: log.size, lambda: log.source.read(0, 10)):
        with pytest.raises(LogError, match="it was closed"):
            use()
