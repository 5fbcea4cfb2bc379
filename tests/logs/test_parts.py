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
