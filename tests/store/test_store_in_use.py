"""Whether somebody else uses files that are about to be edited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from purefix_core.store import in_use
from purefix_core.store.backups import dated
from purefix_core.store.in_use import edit_warnings, seconds_since_change, who_has_open

NANOS = 10**9


def test_another_process_is_found_by_the_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    path = tmp_path / "real"
    path.write_text("x")
    (tmp_path / "other").mkdir()
    same_name = tmp_path / "other" / "real"
    same_name.write_text("x")
    os.utime(path, (1000, 1000))
    wait = "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", wait, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        (found,) = who_has_open([tmp_path / "absent", tmp_path / "link"])
        assert (found.pid, found.name) == (process.pid, Path(sys.executable).name)
        assert who_has_open([same_name]) == []
        (line,) = edit_warnings([path], 2000 * NANOS)
        assert f"is open in process {process.pid}" in line
        assert "RefreshOnLogon=Y" in line
        process.communicate(b"")
    assert who_has_open([path]) == []


def test_our_own_descriptors_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("w"):
        assert who_has_open([path]) == []


def test_a_machine_without_proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    monkeypatch.setattr(in_use, "_PROC", tmp_path / "absent")
    assert who_has_open([path]) == []


def test_the_newest_change_counts(tmp_path: Path) -> None:
    first, second = tmp_path / "FIX.4.4-A-B.body", tmp_path / "FIX.4.4-A-B.seqnums"
    assert seconds_since_change([first], 0) is None
    assert edit_warnings([first], 0) == []
    for path, changed in ((first, 1000), (second, 1100)):
        path.write_text("x")
        os.utime(path, (changed, changed))
    assert seconds_since_change([first, second], 1130 * NANOS) == 30
    assert seconds_since_change([first, second], 1000 * NANOS) == 0
    (line,) = edit_warnings([first, second], 1130 * NANOS)
    assert line.startswith(f"{tmp_path}/FIX.4.4-A-B: changed 30 s ago; QuickFIX keeps the numbers in memory")
    assert edit_warnings([first, second], 1160 * NANOS) == []


def test_our_own_edit_is_no_sign_of_an_engine(tmp_path: Path) -> None:
    path = tmp_path / "FIX.4.4-A-B.seqnums"
    backup = dated(path, "bak")
    backup.write_text("x")
    path.write_text("y")
    now = path.stat().st_mtime_ns + 5 * NANOS
    assert edit_warnings([path], now) == []
    changed = path.stat().st_mtime + 3  # an engine, behind the edit
    os.utime(path, (changed, changed))
    assert len(edit_warnings([path], now)) == 1
    other = tmp_path / "FIX.4.4-A-B.body"
    other.write_text("x")
    os.utime(path, (changed - 3, changed - 3))
    assert len(edit_warnings([path, other], now)) == 1


def test_a_stamp_that_is_no_time_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "FIX.4.4-A-B.seqnums"
    path.write_text("x")
    (tmp_path / "FIX.4.4-A-B.seqnums.99999999-999999.bak").write_text("x")
    assert len(edit_warnings([path], path.stat().st_mtime_ns)) == 1
