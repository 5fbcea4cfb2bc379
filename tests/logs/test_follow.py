"""A file that changes while it is on view."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from purefix_core.logs.follow import Appended, Deleted, Follower, Returned, Rotated, Truncated, follow
from purefix_core.logs.log_file import LogFile

ONE = b"8=FIX.4.4\x019=10\x0135=0\x0134=1\x0110=165\x01\n"
TWO = b"8=FIX.4.4\x019=10\x0135=0\x0134=2\x0110=166\x01\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "live.log"
    path.write_bytes(ONE)
    return path


@pytest.fixture
def log(path: Path) -> Iterator[LogFile]:
    log = LogFile.open(path)
    log.index()
    yield log
    log.close()


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as out:
        out.write(data)


def seq_nums(log: LogFile) -> list[int | None]:
    return [entry.msg_seq_num for entry in log.rows]


def test_nothing_happened(log: LogFile) -> None:
    assert Follower(log).look() == []


def test_appended_messages(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    append(path, TWO + ONE)
    assert follower.look() == [Appended(1, 3)]
    assert seq_nums(log) == [1, 2, 1]
    assert follower.look() == []


def test_a_half_written_message_is_completed(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    append(path, TWO[:25])
    assert follower.look() == [Appended(1, 2)]
    assert log.rows.entry(1).flags & 8
    append(path, TWO[25:])
    assert follower.look() == [Appended(1, 2)]
    assert seq_nums(log) == [1, 2]
    assert not log.rows.entry(1).flags & 8
    assert log.rows.entry(1).length == len(TWO) - 1


@pytest.mark.parametrize("cut", range(1, len(TWO)))
def test_wherever_it_was_cut_it_ends_up_whole(log: LogFile, path: Path, cut: int) -> None:
    follower = Follower(log)
    append(path, TWO[:cut])
    follower.look()
    append(path, TWO[cut:])
    follower.look()
    assert [(entry.offset, entry.length, entry.flags) for entry in log.rows] == [
        (0, len(ONE) - 1, 0),
        (len(ONE), len(TWO) - 1, 0),
    ]
    assert log.rows.skipped == []


def test_truncation(log: LogFile, path: Path) -> None:
    append(path, TWO)
    follower = Follower(log)
    follower.look()
    path.write_bytes(TWO)
    assert follower.look() == [Truncated(2 * len(ONE), len(TWO))]
    assert seq_nums(log) == [2]


def test_truncation_that_grew_past_its_former_size(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    path.write_bytes(TWO + ONE + TWO)
    assert follower.look() == [Truncated(len(ONE), 3 * len(ONE))]
    assert seq_nums(log) == [2, 1, 2]


def test_rotation(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    path.rename(path.with_suffix(".1"))
    path.write_bytes(TWO)
    assert follower.look() == [Rotated(1)]
    assert seq_nums(log) == [2]


def test_deletion_and_return(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    path.unlink()
    assert follower.look() == [Deleted()]
    assert follower.look() == []
    assert seq_nums(log) == [1]
    path.write_bytes(TWO)
    assert follower.look() == [Returned(1)]
    assert seq_nums(log) == [2]


def test_what_is_written_after_deletion_is_read(log: LogFile, path: Path) -> None:
    follower = Follower(log)
    with path.open("ab") as out:
        path.unlink()
        follower.look()
        out.write(TWO)
        out.flush()
        assert follower.look() == [Appended(1, 2)]


def test_a_restricted_log_does_not_grow(log: LogFile, path: Path) -> None:
    append(path, TWO)
    log.restrict(0, len(ONE))
    log.index()
    assert Follower(log).look() == []


def test_following_in_a_thread(log: LogFile, path: Path) -> None:
    stop, seen, changes = threading.Event(), threading.Event(), []

    def run() -> None:
        for change in follow(log, stop):
            changes.append(change)
            seen.set()

    thread = threading.Thread(target=run)
    thread.start()
    append(path, TWO)
    assert seen.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert changes[0] == Appended(1, 2)
