"""`purefix store backups` and `restore`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.store_samples import figures, numbers, run


def contents(store: Path) -> dict[str, bytes]:
    """The files of the store itself."""
    files = store.iterdir() if store.is_dir() else store.parent.iterdir()
    return {
        path.name: path.read_bytes() for path in files if not path.name.endswith(".bak") and path.name != "session.lock"
    }


def messages(store: Path) -> list[str]:
    return [line.split()[0] for line in run("messages", store).stdout.splitlines()]


def stamps(store: Path) -> list[str]:
    return [each["stamp"] for each in figures("backups", store)["backups"]]


def test_without_backups(store: Path) -> None:
    result = run("backups", store)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"purefix: {store}: has no backups\n")
    assert figures("backups", store) == {"path": str(store), "backups": []}
    result = run("restore", store, "last")
    assert (result.exit_code, result.stderr) == (2, f"purefix: {store}: has no backup last; there is none\n")


def test_backups_are_listed(store: Path) -> None:
    run("set", store, "--next-out", 3)
    run("set", store, "--next-out", 9)
    run("gap-fill", store, "2-3")
    heading, *rows = run("backups", store).stdout.splitlines()
    assert heading.split() == ["stamp", "next", "out", "next", "in", "files"]
    number_rows = [row.split() for row in rows if "session.meta" in row or ".seqnums" in row]
    assert [row[1:3] for row in number_rows] == [["3", "42"], ["6", "42"]]
    (newest, *_) = [each for each in figures("backups", store)["backups"] if each["numbers"]]
    assert newest["numbers"] == {"lastSent": 2, "nextOut": 3, "lastReceived": 41, "nextIn": 42}
    (file,) = newest["files"]
    assert Path(file["backup"]).is_file()
    assert Path(file["backup"]).name.startswith(Path(file["path"]).name)
    assert len(stamps(store)) == len(set(stamps(store)))


def test_a_set_is_undone(store: Path) -> None:
    run("set", store, "--next-out", 3, "--next-in", 7)
    (stamp,) = stamps(store)
    result = run("restore", store, stamp)
    assert result.exit_code == 0
    assert numbers(store) == (6, 42)
    assert f"backup {stamp}: next out 6, next in 42" in result.stdout
    assert "put back" in result.stdout
    assert len(stamps(store)) == 2
    run("restore", store, "last")
    assert numbers(store) == (3, 7)


def test_a_reset_is_undone(store: Path) -> None:
    before = contents(store)
    run("reset", store, "--yes")
    (stamp,) = stamps(store)
    assert messages(store) == []
    document = figures("restore", store, "last")
    assert (document["stamp"], document["dryRun"]) == (stamp, False)
    assert len(document["backups"]) >= 1
    assert (numbers(store), messages(store)) == ((6, 42), ["1", "2", "3", "4", "5", "6"])
    assert contents(store) == before


def test_a_dry_run_puts_nothing_back(store: Path) -> None:
    run("reset", store, "--yes")
    before = contents(store)
    result = run("restore", store, "last", "--dry-run")
    assert result.exit_code == 0
    assert "dry run" in result.stdout
    assert "would be put back" in result.stdout
    assert contents(store) == before
    assert len(stamps(store)) == 1


@pytest.mark.parametrize("stamp", ["20200101-000000", "x", "../x", ""])
def test_a_backup_that_is_not_there(store: Path, stamp: str) -> None:
    run("set", store, "--next-out", 3)
    result = run("restore", store, stamp)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"there are {stamps(store)[0]}" in result.stderr
    assert numbers(store) == (3, 42)


def test_what_does_not_fit_together_is_told(quickfix: Path) -> None:
    run("gap-fill", quickfix, "2-3")
    Path(f"{quickfix}.body").write_bytes(b"")
    result = run("restore", quickfix, "last")
    assert result.exit_code == 0
    assert "remains" in result.stdout.splitlines()
    assert "lies beyond the body" in result.stdout
    assert json.loads(run("restore", quickfix, "last", "--json").stdout)["problems"]


def test_a_backup_is_not_shown_as_the_store(store: Path) -> None:
    run("set", store, "--next-out", 3)
    (stamp,) = stamps(store)
    (backup,) = (store if store.is_dir() else store.parent).glob("*.bak")
    result = run("show", backup)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"purefix store restore {store} {stamp} puts it back" in result.stderr
