"""`purefix store convert`."""

from __future__ import annotations

import json
from pathlib import Path

from purefix_core.store.lock import StoreLock
from tests.cli.store_samples import figures, numbers, run


def test_to_quickfix(ours: Path, tmp_path: Path) -> None:
    result = run("convert", ours, tmp_path / "new", "--to", "quickfix")
    assert (result.exit_code, result.stderr) == (0, "")
    path = tmp_path / "new" / "FIX.4.4-CLI-SRV"
    assert result.stdout.splitlines() == [
        f"{path}   QuickFIX C++",
        "  5 messages, next out 6, next in 42",
        "  note: 1 message (6) above the last number sent: left out, for QuickFIX would resend them once its number "
        "has passed them",
        "  note: lastReceivedTime: has no place",
        "  note: when a message was stored has no place: its SendingTime(52) counts",
    ]
    assert numbers(path) == (6, 42) == numbers(ours)
    assert run("verify", path).exit_code == 0


def test_to_purefix(quickfix: Path, tmp_path: Path) -> None:
    figures("set", quickfix, "--next-out", 7)
    result = run("convert", quickfix, tmp_path / "new", "--to", "purefix")
    assert (result.exit_code, result.stdout) == (
        0,
        f"{tmp_path}/new/CLI.SRV   PureFix\n  6 messages, next out 7, next in 42\n",
    )
    assert run("compare", quickfix, tmp_path / "new").exit_code == 0


def test_as_json(quickfix: Path, tmp_path: Path) -> None:
    found = figures("convert", quickfix, tmp_path / "new", "--to", "purefix")
    assert found == {
        "path": str(tmp_path / "new" / "CLI.SRV"),
        "layout": "purefix",
        "from": str(quickfix),
        "messages": 6,
        "lastSent": 5,
        "nextOut": 6,
        "lastReceived": 41,
        "nextIn": 42,
        "notes": ["1 message (6) above the last number sent: kept, and never resent"],
    }


def test_a_store_that_an_engine_may_be_writing_is_warned_of(quickfix: Path, tmp_path: Path) -> None:
    """The files changed a moment ago."""
    result = run("convert", quickfix, tmp_path / "new", "--to", "purefix")
    assert result.exit_code == 0
    assert "changed 0 s ago; what its engine writes from now on is not in the new store" in result.stderr


def test_nothing_is_overwritten(ours: Path, tmp_path: Path) -> None:
    assert run("convert", ours, tmp_path / "new", "--to", "quickfix").exit_code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    result = run("convert", ours, tmp_path / "new", "--to", "quickfix")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("is there already, and nothing is overwritten; name another folder\n")
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == before


def test_what_is_refused(ours: Path, tmp_path: Path) -> None:
    result = run("convert", ours, tmp_path / "new", "--to", "purefix")
    assert (result.exit_code, result.stderr) == (2, f"purefix: {ours}: is a store of PureFix already\n")
    lock = StoreLock(ours, "me")
    try:
        result = run("convert", ours, tmp_path / "new", "--to", "quickfix", "--json")
    finally:
        lock.release()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "stop that session first" in result.stderr
    assert run("convert", ours, tmp_path / "new").exit_code == 2
    assert not (tmp_path / "new").exists()


def test_where_no_message_tells_the_version(ours: Path, tmp_path: Path) -> None:
    run("reset", ours, "--yes")
    result = run("convert", ours, tmp_path / "new", "--to", "quickfix")
    assert result.exit_code == 2
    assert "no message tells the BeginString" in result.stderr
    result = run("convert", ours, tmp_path / "new", "--to", "quickfix", "--begin-string", "FIX.4.2", "--json")
    assert json.loads(result.stdout)["path"] == str(tmp_path / "new" / "FIX.4.2-CLI-SRV")
