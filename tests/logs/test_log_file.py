"""Opening and indexing whole logs, and reading their messages."""

from __future__ import annotations

import gzip
import os
import re
import threading
import time
import weakref
from pathlib import Path

import pytest
from scan_helpers import content, scan_at_once

from purefix_core.logs import index as columns
from purefix_core.logs import parts
from purefix_core.logs.estimate import estimate, offset_of_time
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.source import MemorySource
from purefix_core.wire.timestamps import parse_utc_timestamp

A_TO_B = b"8=FIX.4.4|9=26|35=A|49=A|56=B|34=1|98=0|10=181|\n"
B_TO_A = b"8=FIX.4.4|9=26|35=A|49=B|56=A|34=1|98=0|10=181|\n"


def test_the_example_log(example_log: Path) -> None:
    log = LogFile.open(example_log)
    index = log.index()
    assert log.indexed_bytes == log.size
    assert len(index) == 2425
    assert len(index.sessions) - 1 == 4
    assert sum(bool(entry.flags & columns.BROKEN) for entry in index) == 3
    main = log.main_dialect()
    assert main is not None
    assert main.name == "fix44"


@pytest.mark.parametrize("window", [512, 5_000, 100_000])
def test_windows_make_no_difference(example_log: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr(parts, "WINDOW", window)
    log = LogFile.open(example_log)
    assert content(log.index()) == content(scan_at_once(example_log.read_bytes())[0])


def test_progress_ends_at_the_size(example_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "WINDOW", 100_000)
    log, seen = LogFile.open(example_log), []
    assert log.index_progressively(seen.append)
    assert len(seen) >= 5
    assert [progress.messages for progress in seen] == sorted(progress.messages for progress in seen)
    assert seen[-1] == (log.size, log.size, 2425)


def test_indexing_is_cancelled_and_goes_on(example_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "WINDOW", 100_000)
    log = LogFile.open(example_log)
    assert not log.index_progressively(lambda progress: None, cancelled=lambda: log.indexed_bytes > 200_000)
    assert 200_000 < log.indexed_bytes < log.size
    assert log.index_progressively(lambda progress: None)
    assert content(log.rows) == content(scan_at_once(example_log.read_bytes())[0])


def test_gzip_gives_the_same_index(example_log: Path, tmp_path: Path) -> None:
    packed = tmp_path / "day.log.gz"
    packed.write_bytes(gzip.compress(example_log.read_bytes()))
    log = LogFile.open(packed)
    assert content(log.index()) == content(scan_at_once(example_log.read_bytes())[0])
    entry = log.rows.entry(100)
    assert log.read(100) == example_log.read_bytes()[entry.offset : entry.offset + entry.length]
    log.close()


def test_sides_of_a_conversation() -> None:
    log = LogFile.from_bytes(A_TO_B + B_TO_A)
    log.index()
    there, back = (log.rows.entry(row) for row in (0, 1))
    assert log.side_of(there) == ("A", "B", True, False)
    assert log.side_of(back) == ("A", "B", False, False)


def test_what_the_log_marks_as_incoming_comes_from_the_other_side() -> None:
    log = LogFile.from_bytes(b"IN  " + A_TO_B + b"OUT " + B_TO_A)
    log.index()
    there, back = (log.rows.entry(row) for row in (0, 1))
    assert log.side_of(there) == ("B", "A", False, True)
    assert log.side_of(back) == ("B", "A", True, True)


def test_prefixes_are_kept_as_text() -> None:
    log = LogFile.from_bytes(b"12:00:00 [gw-7] IN  " + A_TO_B + b"12:00:01 [gw-7] OUT " + B_TO_A)
    log.index()
    assert log.prefix(1).text == "12:00:01 [gw-7] OUT"
    assert log.prefix(1).direction == "out"


def test_the_message_at_an_offset() -> None:
    log = LogFile.from_bytes(A_TO_B + b"prose\n" + B_TO_A)
    log.index()
    second = len(A_TO_B) + 6
    assert [log.row_covering(offset) for offset in (0, 20, second, second + 5)] == [0, 0, 1, 1]
    with pytest.raises(LogError, match=rf"no message at offset {second - 2}; the nearest begin at 0 and {second}"):
        log.row_covering(second - 2)


def test_a_dialect_that_is_not_registered() -> None:
    with pytest.raises(LogError, match="dialect 'nope' is not registered; there are: fix40"):
        LogFile.from_bytes(A_TO_B, dialect="nope")


def test_a_dialect_chosen_by_hand() -> None:
    log = LogFile.from_bytes(A_TO_B, dialect="fix42")
    log.index()
    assert log.dialect_of(log.rows.entry(0).session).name == "fix42"


def test_estimate_and_time_of_a_large_log(example_log: Path) -> None:
    log = LogFile.open(example_log)
    guess = estimate(log)
    assert 1_500 < guess.messages < 3_500
    noon = parse_utc_timestamp(b"20250311-12:00:00")
    assert guess.first_time < noon < guess.last_time


def test_only_a_part_is_indexed() -> None:
    pieces = [b"8=FIX.4.4|9=5|35=0|52=20240102-%02d:00:00|10=000|\n" % hour + b" " * 50_000 for hour in range(24)]
    log = LogFile.from_bytes(b"".join(pieces))
    start = offset_of_time(log, parse_utc_timestamp(b"20240102-12:00:00"))
    log.restrict(start, None)
    first = log.index().entry(0)
    assert first.sending_time <= parse_utc_timestamp(b"20240102-12:00:00")
    assert first.sending_time >= parse_utc_timestamp(b"20240102-03:00:00")
    log.restrict(0, 3 * len(pieces[0]))
    assert len(log.index()) == 3


def test_a_stream_that_pauses_in_a_message(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as out:
            out.write(A_TO_B + B_TO_A[:30])
            time.sleep(1)
            out.write(B_TO_A[30:])

    writer = threading.Thread(target=write)
    log = LogFile.open(pipe)
    writer.start()
    steps = list(log.steps())
    writer.join()
    assert [entry.length for entry in log.rows] == [len(A_TO_B) - 1, len(B_TO_A) - 1]
    assert len(steps) < 50
    log.close()


def test_lengths_that_reach_just_behind_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message wants a window larger than the usual one; the number of reads must stay small."""
    monkeypatch.setattr(parts, "WINDOW", 1_000)
    monkeypatch.setattr(parts, "LARGEST_WINDOW", 8_000)
    log = LogFile.from_bytes(b"8=FIX.4.4|9=1500|35=" * 5_000)
    assert len(list(log.steps())) < 200
    assert len(log.rows) == 5_000


def test_counting_while_another_thread_indexes(example_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "WINDOW", 20_000)
    monkeypatch.setattr(columns, "SEGMENT_ROWS", 64)
    log = LogFile.open(example_log)
    indexer = threading.Thread(target=log.index)
    indexer.start()
    while indexer.is_alive():
        log.rows.counts()
    indexer.join()
    types, sessions = log.rows.counts()
    assert sum(types.values()) == sum(sessions.values()) == len(log.rows)


def test_values_that_read_alike_are_counted_together() -> None:
    log = LogFile.from_bytes(b"8=FIX.4.4|9=5|35=\xc3\xa9|10=000|\n8=FIX.4.4|9=5|35=\xe9|10=000|\n")
    log.index()
    assert log.rows.counts()[0] == {"é": 2}


def test_a_restricted_log_that_was_truncated_is_whole_again() -> None:
    log = LogFile.from_bytes(A_TO_B * 10)
    log.restrict(0, len(A_TO_B) * 5)
    assert len(log.index()) == 5
    log.restart()
    assert len(log.index()) == 10


def test_many_fixt_sessions_find_their_version() -> None:
    pieces = []
    for number in range(2_000):
        pieces.append(b"8=FIXT.1.1|9=5|35=A|49=S%d|56=T|1137=7|10=000|\n" % number)
        pieces.append(b"8=FIXT.1.1|9=5|35=D|49=S%d|56=T|10=000|\n" % number)
    log = LogFile.from_bytes(b"".join(pieces))
    log.index()
    main = log.main_dialect()
    assert main is not None
    assert (main.name, main.default_appl_ver_id) == ("fix50", "7")


_README_LINE = re.compile(
    r"- \*\*(?P<name>[^*]+)\*\*.*\n  msgs=(?P<messages>\d+).* ck=\d+/(?P<ck_bad>\d+) bl=\d+/(?P<bl_bad>\d+)"
    r" notrl=(?P<cut>\d+) msgtypes=(?P<types>\d+)"
)

_MORE_THAN_THE_README_COUNTS = {"ftc_mixed_delimiters.log": 7}
"""The README counted the four messages with SOH only; there is one each with `|`, `;` and `^` as well."""


def test_counts_of_the_real_logs(shared: Path) -> None:
    stated = list(_README_LINE.finditer((shared / "logs" / "README.md").read_text()))
    assert len(stated) == 18
    for line in stated:
        log = LogFile.open(shared / "logs" / line["name"])
        index = log.index()
        flags = [entry.flags for entry in index]
        cut = sum(bool(each & columns.TRUNCATED) for each in flags)
        bad_sums = sum(bool(each & columns.CHECK_SUM_BAD) for each in flags)
        bad_lengths = sum(bool(each & columns.BODY_LENGTH_BAD) for each in flags)
        found = (len(index), bad_sums, bad_lengths, cut, len(index.counts()[0]))
        messages = _MORE_THAN_THE_README_COUNTS.get(line["name"], int(line["messages"]))
        expected = (messages, *(int(line[name]) for name in ("ck_bad", "bl_bad", "cut", "types")))
        assert found == expected, line["name"]
        log.close()


def test_every_real_message_decodes(shared: Path) -> None:
    for path in sorted((shared / "logs").rglob("*.log")):
        log = LogFile.open(path)
        for entry in log.index():
            decoded = log.decode(entry.row)
            assert decoded.msg_type == entry.msg_type, (path, entry)
        log.close()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_that_is_cut_while_it_is_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    monkeypatch.setattr(parts, "WINDOW", 20_000)
    path = tmp_path / "cut.log"
    path.write_bytes(b"8=FIX.4.4|9=5|35=0|10=000|\n" * 40_000)
    log = LogFile.open(path)
    assert log.index_progressively(lambda progress: os.truncate(path, 1_000), threads=threads)
    assert len(log.rows) < 20_000


def test_what_is_not_settled_stays_so_when_a_batch_is_full() -> None:
    """The first message announces more than there is, and more MsgTypes follow than one batch can tell apart."""
    types = b"".join(b"8=FIX.4.4|9=5|35=%x|10=000|\n" % number for number in range(65_540))
    head = b"8=FIX.4.4|9=3000000|35=Q|58=x|\n"
    log = LogFile.from_bytes(head + types)
    log.index()
    body = b"35=Q|58=x|\n" + types
    whole = head + types + b"x" * (3_000_000 - len(body) - 1) + b"|10=000|"
    log.source = MemorySource(whole)
    assert len(log.index()) == len(LogFile.from_bytes(whole).index()) == 1


def test_prefixes_behind_more_skipped_ranges_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MAX_SKIPPED_RANGES", 3)
    message, skipped = b"8=FIX.4.4|9=5|35=0|10=000|\n", b"8=FIX.4.4 x\nprose\n"
    log = LogFile.from_bytes(skipped * 6 + b"09:30:00 IN " + message + skipped + b"09:30:01 OUT " + message + skipped)
    log.index()
    assert [log.prefix(row).text for row in (0, 1)] == ["09:30:00 IN", "09:30:01 OUT"]


def test_a_log_that_nobody_holds_is_freed_at_once() -> None:
    """It may be large, and the collector of cycles would come to it late."""
    log = LogFile.from_bytes(A_TO_B)
    log.index()
    log.decode(0)
    rows = weakref.ref(log.rows)
    del log
    assert rows() is None
