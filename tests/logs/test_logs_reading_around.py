"""A Reader that keeps what stands around the message it read last, and a follower that is told of what is written."""

from __future__ import annotations

import threading
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from purefix_core.logs.follow import Appended, follow
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.reading import Reader


def message(number: int, text: str = "") -> bytes:
    return b"20260131-10:00:00.000 : 8=FIX.4.4|9=5|35=0|34=%d|58=%b|10=000|\n" % (number, text.encode())


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=20),
    st.lists(st.integers(0, 19), max_size=30),
    st.sampled_from([0, 50, 100, 400, 10_000]),
)
def test_messages_read_alike_whatever_is_kept(lengths: list[int], order: list[int], around: int) -> None:
    log = LogFile.from_bytes(b"".join(message(number, "x" * length) for number, length in enumerate(lengths)))
    log.index()
    reader = Reader(log, around)
    for row in (each % len(lengths) for each in order):
        assert reader.read(row).message.raw == log.read(row)


def test_neighbours_are_read_from_the_file_once(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(b"".join(map(message, range(50))))
    log = LogFile.open(path)
    log.index()
    reader = Reader(log, 10_000)
    reads: list[int] = []
    read = log.source.read

    def counted(offset: int, length: int) -> bytes:
        reads.append(offset)
        return read(offset, length)

    reader.read(20)
    log.source.read = counted  # type: ignore[method-assign]
    assert [reader.read(row).message.raw for row in range(50)] == [
        message(row).partition(b" : ")[2].rstrip() for row in range(50)
    ]
    assert reads == []
    log.close()


def test_a_message_that_was_unfinished_is_read_again_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    whole = message(1) + message(2)
    path.write_bytes(whole[:-12])
    log = LogFile.open(path)
    log.index()
    reader = Reader(log, 10_000)
    assert not reader.read(1).message.raw.endswith(b"10=000|")
    with path.open("ab") as file:
        file.write(whole[-12:])
    log.index()
    assert reader.read(1).message.raw.endswith(b"10=000|")
    path.write_bytes(message(7, "another"))
    log.restart()
    log.index()
    reader.forget()
    assert b"58=another" in reader.read(0).message.raw
    log.close()


def test_who_is_told_of_what_is_written_sees_it_and_ends_when_stopped(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(message(1))
    log = LogFile.open(path)
    log.index()
    stop, written = threading.Event(), threading.Event()
    changes = follow(log, stop, written)
    with path.open("ab") as file:
        file.write(message(2))
    written.set()
    assert next(changes) == Appended(1, 2)
    stop.set()
    written.set()
    assert list(changes) == []
    log.close()
