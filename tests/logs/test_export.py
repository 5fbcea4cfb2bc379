"""Exports: raw, JSON Lines, CSV."""

from __future__ import annotations

import csv
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from purefix_core.logs import export
from purefix_core.logs.export import CSV_HEADER, Format, export_rows
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration


@pytest.fixture
def log(example_log: Path) -> Iterator[LogFile]:
    log = LogFile.open(example_log)
    log.index()
    yield log
    log.close()


def test_raw_messages_can_be_opened_again(log: LogFile, tmp_path: Path) -> None:
    rows = range(100, 400)
    assert export_rows(log, rows, "raw", tmp_path / "out.log") == 300
    again = LogFile.open(tmp_path / "out.log")
    assert [(e.msg_type, e.msg_seq_num) for e in again.index()] == [
        (e.msg_type, e.msg_seq_num) for e in map(log.rows.entry, rows)
    ]
    again.close()


def test_json_lines(log: LogFile, tmp_path: Path) -> None:
    export_rows(log, [0, 1], "jsonl", tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["offset"] for line in lines] == [log.rows.entry(row).offset for row in (0, 1)]


def test_csv(log: LogFile, tmp_path: Path) -> None:
    export_rows(log, [0, 5], "csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as lines:
        header, first, second = csv.reader(lines)
    assert tuple(header) == CSV_HEADER
    assert first[1:8] == ["2025-03-11T08:00:00Z", "FIX.4.4", "BUYSIDE", "BROKER", "1", "A", "Logon"]
    assert second[8].startswith("8=FIX.4.4|9=")


def test_csv_columns_keep_their_places(log: LogFile) -> None:
    assert CSV_HEADER[:9] == (
        *("offset", "sendingTime", "beginString", "senderCompId", "targetCompId"),
        *("msgSeqNum", "msgType", "name", "message"),
    )


def test_csv_tells_direction_and_order(tmp_path: Path) -> None:
    lines = (
        b"2024-01-02 09:30:00.000 IN  8=FIX.4.4|9=5|35=8|34=1|11=ORD1|10=000|\n"
        b"2024-01-02 09:30:00.000 OUT 8=FIX.4.4|9=5|35=D|34=1|11=ORD2|10=000|\n"
        b"8=FIX.4.4|9=5|35=0|34=2|10=000|\n"
        b"8=FIX.4.4|9=5|35=A|34=3|554=hunter2|11=hunter2|10=000|\n"
    )
    log = LogFile.from_bytes(lines)
    log.index()
    export_rows(log, range(4), "csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as out:
        rows = list(csv.DictReader(out))
    assert [(row["direction"], row["clOrdId"]) for row in rows] == [
        ("in", "ORD1"),
        ("out", "ORD2"),
        ("", ""),
        ("", "***"),
    ]


def test_without_a_dictionary_messages_are_written_without_names(tmp_path: Path) -> None:
    log = LogFile.from_bytes(b"8=FIX.4.4|9=30|35=0|34=1|58=hello|10=000|\n", broken_dialects(tmp_path))
    log.index()
    for form in ("raw", "jsonl", "csv"):
        export_rows(log, [0], form, tmp_path / f"out.{form}")  # type: ignore[arg-type]
    assert b"58=hello" in (tmp_path / "out.raw").read_bytes()
    assert ",0,,8=FIX.4.4|" in (tmp_path / "out.csv").read_text()
    written = json.loads((tmp_path / "out.jsonl").read_text())
    assert written["dialect"] is None
    assert written["body"]["58"] == "hello"
    assert "none.xml" in written["findings"][0]["text"]


def broken_dialects(folder: Path) -> Dialects:
    """A registry whose only dictionary is missing."""
    path = folder / "none.xml"
    dialects = Dialects()
    dialects.register(TypeRegistration("mine", "Mine", path, is_default=True))
    return dialects


def test_others_may_run_every_few_messages(log: LogFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()
    pauses: list[float] = []
    monkeypatch.setattr(export, "perf_counter", lambda: next(clock) / 2_000)
    monkeypatch.setattr(export, "sleep", pauses.append)
    export_rows(log, range(300), "jsonl", tmp_path / "out.jsonl")
    assert len(pauses) >= 50
    assert min(pauses) > 0


def test_csv_runs_no_formula(tmp_path: Path) -> None:
    log = LogFile.from_bytes(b"8=FIX.4.4|9=30|35=0|49==cmd()|34=1|10=000|\n")
    log.index()
    export_rows(log, [0], "csv", tmp_path / "out.csv")
    assert "'=cmd()" in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize("form", ["raw", "jsonl", "csv"])
def test_credentials_are_masked_unless_asked(log: LogFile, tmp_path: Path, form: str) -> None:
    export_rows(log, [0], form, tmp_path / "masked")  # type: ignore[arg-type]
    assert "not-a-real-password" not in (tmp_path / "masked").read_text()
    export_rows(log, [0], form, tmp_path / "shown", show_secrets=True)  # type: ignore[arg-type]
    assert "not-a-real-password" in (tmp_path / "shown").read_text()


@pytest.mark.parametrize("form", ["raw", "jsonl", "csv"])
def test_cancelling_leaves_nothing(log: LogFile, tmp_path: Path, form: Format) -> None:
    asked = iter([False, False, True])
    assert export_rows(log, range(2_000), form, tmp_path / "out.log", cancelled=lambda: next(asked)) == 0
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_ten_times_a_second(log: LogFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()
    told: list[int] = []
    monkeypatch.setattr(export, "perf_counter", lambda: next(clock) / 100)
    monkeypatch.setattr(export, "sleep", lambda _: None)
    assert export_rows(log, range(300), "csv", tmp_path / "out.csv", on_progress=told.append) == 300
    assert told == sorted(set(told))
    assert 0 < told[0] < told[-1] <= 300
    assert 40 <= len(told) <= next(clock) / 10


def test_messages_are_written_in_large_pieces(log: LogFile, tmp_path: Path) -> None:
    asked: list[int] = []
    export_rows(log, range(2_000), "raw", tmp_path / "out.log", cancelled=lambda: bool(asked.append(1)))
    assert len(asked) <= 10
    assert (tmp_path / "out.log").read_bytes().count(b"\n") == 2_000


def test_the_log_itself_is_never_the_target(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"8=FIX.4.4|9=30|35=0|34=1|10=000|\n")
    log = LogFile.open(path)
    log.index()
    with pytest.raises(LogError, match="is the log itself"):
        export_rows(log, [0], "csv", path)
    assert path.read_bytes().startswith(b"8=FIX")


def test_what_is_no_file_is_never_replaced(log: LogFile, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(LogError, match="is not a regular file"):
        export_rows(log, [0], "raw", pipe)
    assert pipe.is_fifo()


def test_a_link_stays_one_and_a_file_keeps_its_mode(log: LogFile, tmp_path: Path) -> None:
    real, link = tmp_path / "real.log", tmp_path / "link.log"
    real.write_bytes(b"")
    real.chmod(0o600)
    link.symlink_to(real)
    export_rows(log, [0], "raw", link)
    assert link.is_symlink()
    assert real.stat().st_size > 50
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_path_that_cannot_be_one(log: LogFile) -> None:
    with pytest.raises(LogError, match="cannot be written"):
        export_rows(log, [0], "raw", "a\0b")


def test_a_log_that_became_shorter(log: LogFile, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="became shorter"):
        export_rows(log, [0, 999_999], "raw", tmp_path / "out.log")
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_written(log: LogFile, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be written: no such file or directory"):
        export_rows(log, [0], "raw", tmp_path / "none" / "out.log")
