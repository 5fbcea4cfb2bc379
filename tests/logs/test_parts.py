"""Several threads find what one finds, wherever the parts of a file begin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_scans import a_message, mutated_logs
from scan_helpers import NEEDS_NATIVE, content, scan_at_once

from purefix_core.logs import log_file, parts
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.source import MemorySource
from purefix_core.wire.separators import PIPE, SOH

pytestmark = NEEDS_NATIVE


@pytest.fixture(autouse=True, scope="module")
def small_parts() -> Iterator[None]:
    """Parts, windows and what is worth several threads are a few bytes here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_file, "_WORTH_THREADS", 0)
        patch.setattr(log_file, "_FIRST_WINDOW", 20)
        patch.setattr(log_file, "LARGEST_WINDOW", 100)
        patch.setattr(parts, "WINDOW", 60)
        patch.setattr(parts, "PART", 90)
        patch.setattr(parts, "_LOOK_AHEAD", 70)
        yield


@given(st.lists(mutated_logs(), min_size=1, max_size=6).map(b"".join), st.integers(2, 3))
def test_threads_make_no_difference(data: bytes, threads: int) -> None:
    assert content(LogFile.from_bytes(data).index(threads)) == content(scan_at_once(data)[0])


def test_parts_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"20240102-09:30:00 IN " + b"\n12:00:00.5 OUT ".join(a_message(PIPE, b"34=%d" % n) for n in range(100))
    log = LogFile.from_bytes(data)
    monkeypatch.setattr(log, "_steps_by_window", lambda: iter(()))
    list(log.steps(threads=2))
    assert content(log.rows) == content(scan_at_once(data[: log.indexed_bytes])[0])
    assert log.indexed_bytes > len(data) - 100 - 90 - 70


def test_messages_inside_a_data_field_are_none() -> None:
    """Every part but the first begins inside of it."""
    inner = b"".join(a_message(SOH, b"34=%d" % number) for number in range(100))
    data = a_message(SOH, b"95=%d\x0196=%b" % (len(inner), inner)) + a_message(SOH, b"34=7")
    index = LogFile.from_bytes(data).index(threads=2)
    assert len(index) == 2
    assert content(index) == content(scan_at_once(data)[0])


def test_a_file_that_is_cut_meanwhile_ends_where_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\n".join(a_message(PIPE, b"34=%d" % number) for number in range(100))
    log = LogFile.from_bytes(data)
    steps = log.steps(threads=2)
    next(steps)
    monkeypatch.setattr(log.source, "_data", data[:1_000])
    list(steps)
    assert len(log.rows) == data[:1_000].count(b"8=FIX")


def test_stopping_and_going_on() -> None:
    data = b"\n".join(a_message(PIPE, b"34=%d" % number) for number in range(100))
    log = LogFile.from_bytes(data)
    assert not log.index_progressively(lambda progress: None, lambda: len(log.rows) > 30, threads=2)
    assert 30 < len(log.rows) < 100
    assert content(log.index(threads=2)) == content(scan_at_once(data)[0])


def test_a_part_whose_first_message_is_long_keeps_its_prefix_when_stopped_there() -> None:
    """The part yields a batch without rows first; going on from there must know where the message before ended."""
    long = a_message(PIPE, b"58=" + b"x" * 400)
    data = b"\n".join(a_message(PIPE, b"34=%d" % number) for number in range(3)) + b"\n09:30:00 IN " + long
    data += b"".join(b"\n10:30:00 OUT " + a_message(PIPE, b"34=%d" % number) for number in range(60))
    expected = content(scan_at_once(data)[0])
    for stops in range(1, 40):
        log = LogFile.from_bytes(data)
        for _, _ in zip(range(stops), log.steps(threads=2), strict=False):
            pass
        assert content(log.index(threads=2)) == expected


def test_text_without_messages_does_not_stop_it() -> None:
    messages = b"\n".join(a_message(PIPE, b"34=%d" % number) for number in range(40))
    data = messages + b"\n" + b"prose " * 300 + messages
    assert content(LogFile.from_bytes(data).index(threads=2)) == content(scan_at_once(data)[0])


def test_a_restart_while_parts_are_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of the file before must not get into the index of the new one, which also begins at offset 0."""
    old = a_message(PIPE, b"58=" + b"x" * 200) + b"\n".join(a_message(PIPE, b"34=1") for _ in range(60))
    new = b"\n".join(a_message(PIPE, b"34=2") for _ in range(60))
    log = LogFile.from_bytes(old)
    steps = log.steps(threads=2)
    next(steps)
    while log.indexed_bytes == 0:
        next(steps)
    log.source = MemorySource(new)
    log.restart()
    list(steps)
    assert content(log.index(threads=2)) == content(scan_at_once(new)[0])
