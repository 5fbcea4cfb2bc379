"""`purefix store verify`, `repair`, `set`, `reset` and `gap-fill`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from purefix_core.cli import commands
from purefix_core.store.lock import StoreLock
from tests.cli.store_samples import damage, figures, numbers, record, run

# -- verify and repair -----------------------------------------------------------------------------------------------


def test_verify_of_a_whole_store(store: Path) -> None:
    result = run("verify", store)
    assert (result.exit_code, result.stdout) == (0, f"{store}: nothing is wrong\n")
    assert figures("verify", store)["problems"] == []


def test_verify_names_a_damaged_message(store: Path) -> None:
    damage(store, 4)
    result = run("verify", store)
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert "message 4 at" in line
    result = run("verify", store, "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["problems"])) == (1, 1)


def test_repair_cuts_off_what_is_half_written(store: Path) -> None:
    file = store / "messages.dat" if store.is_dir() else Path(f"{store}.body")
    whole = file.read_bytes()
    file.write_bytes(whole + record(7, "D").encoded[:50])
    assert run("verify", store).exit_code == 1
    result = run("repair", store, "--peer-expects", 6)
    assert result.exit_code == 0
    assert "The peer expects 6, you would send 6: in sequence." in result.stdout
    assert file.read_bytes() == whole
    (side,) = file.parent.glob(f"{file.name}.*.cut")
    assert side.name in result.stdout
    assert run("verify", store).exit_code == 0


def test_repair_of_a_whole_store(store: Path) -> None:
    assert run("set", store, "--last-sent", 6).exit_code == 0
    result = run("repair", store)
    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, "  nothing needed repair")


def test_repair_as_json(store: Path) -> None:
    file = store / "messages.dat" if store.is_dir() else Path(f"{store}.body")
    file.write_bytes(file.read_bytes() + record(7, "D").encoded[:50])
    document = figures("repair", store)
    assert document["done"]
    assert document["forecast"]["out"]["next"] == 6  # type: ignore[index]


# -- set -------------------------------------------------------------------------------------------------------------


def number_file(store: Path) -> Path:
    return store / "session.meta" if store.is_dir() else Path(f"{store}.seqnums")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--next-out", 4], (4, 42)),
        (["--last-sent", 3], (4, 42)),
        (["--next-in", 3], (6, 3)),
        (["--last-received", 2], (6, 3)),
        (["--next-out", 1, "--last-received", 0], (1, 1)),
        (["--last-sent", 134, "--next-in", 57], (135, 57)),
    ],
)
def test_set(store: Path, options: list[str | int], expected: tuple[int, int]) -> None:
    before = number_file(store).read_bytes()
    result = run("set", store, *options)
    assert result.exit_code == 0
    assert numbers(store) == expected
    assert f"last {expected[0] - 1}, next {expected[0]}" in result.stdout
    assert f"last {expected[1] - 1}, next {expected[1]}" in result.stdout
    (backup,) = number_file(store).parent.glob(f"{number_file(store).name}.*.bak")
    assert backup.read_bytes() == before
    assert f"kept as it was: {backup}" in result.stdout
    assert "A Logon with ResetSeqNumFlag" in result.stdout
    assert figures("show", store)["messages"] == 6


def test_set_as_json(store: Path) -> None:
    document = figures("set", store, "--next-out", 9, "--peer-expects", 5)
    assert (document["lastSent"], document["nextOut"], document["lastReceived"], document["nextIn"]) == (8, 9, 41, 42)
    assert document["before"] == {"lastSent": 5, "nextOut": 6, "lastReceived": 41, "nextIn": 42}
    assert document["dryRun"] is False
    assert document["forecast"]["out"]["outcome"] == "resend"  # type: ignore[index]
    (backup,) = document["backups"]  # type: ignore[misc]
    assert Path(backup).is_file()


def test_a_dry_run_changes_nothing(store: Path) -> None:
    before = {path.name: path.read_bytes() for path in number_file(store).parent.iterdir()}
    result = run("set", store, "--next-out", 7, "--dry-run", "--peer-expects", 4)
    assert result.exit_code == 0
    assert "dry run" in result.stdout
    assert "out   last 6, next 7   (before: last 5, next 6)" in result.stdout
    assert "It will ask for 4-6: 3 business messages can be resent (D: 2, 8: 1)" in result.stdout
    assert {path.name: path.read_bytes() for path in number_file(store).parent.iterdir()} == before


def test_what_a_dry_run_says_comes_true(store: Path) -> None:
    options = ["--next-out", 7, "--peer-expects", 2, "--peer-next", 40]
    said = figures("set", store, *options, "--dry-run")["forecast"]
    assert figures("set", store, *options)["forecast"] == said
    assert figures("show", store, "--peer-expects", 2, "--peer-next", 40)["forecast"] == said


def test_numbers_that_stay_are_not_written(store: Path) -> None:
    result = run("set", store, "--next-out", 6)
    assert (result.exit_code, result.stdout.count(", stays")) == (0, 2)
    assert list(number_file(store).parent.glob("*.bak")) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "name a number to set"),
        (["--next-out", 5, "--last-sent", 4], "--last-sent and --next-out exclude each other"),
        (["--next-in", 5, "--last-received", 4], "--last-received and --next-in exclude each other"),
    ],
)
def test_set_of_what_contradicts_itself(store: Path, options: list[str | int], says: str) -> None:
    result = run("set", store, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert numbers(store) == (6, 42)


def test_the_greatest_number(store: Path) -> None:
    assert run("set", store, "--next-out", 2**31 - 1).exit_code == 0
    result = run("set", store, "--last-sent", 2**31 - 1)
    assert result.exit_code == (0 if store.is_dir() else 2)
    assert (result.exit_code == 0) or "QuickFIX keeps the next number" in result.stderr


@pytest.mark.parametrize("content", [None, "", "{", '{"senderCompId": "CLI"}'])
def test_set_writes_a_lost_session_meta_anew(ours: Path, content: str | None) -> None:
    meta = ours / "session.meta"
    meta.unlink() if content is None else meta.write_text(content)
    assert run("show", ours).exit_code == 2
    result = run("set", ours, "--next-out", 6)
    assert result.exit_code == 2
    assert "both numbers must be given" in result.stderr
    assert run("set", ours, "--next-out", 6, "--next-in", 42, "--dry-run").exit_code == 2
    result = run("set", ours, "--next-out", 6, "--next-in", 42, "--peer-expects", 6)
    assert result.exit_code == 0
    assert "in sequence" in result.stdout
    document = figures("show", ours)
    assert (document["nextOut"], document["nextIn"], document["messages"]) == (6, 42, 6)
    assert (document["senderCompId"], document["targetCompId"]) == ("CLI", "SRV")


every_edit = pytest.mark.parametrize(
    "arguments",
    [["set", "--next-out", 9], ["reset", "--yes"], ["repair"], ["gap-fill", "2-3"]],
    ids=lambda each: each[0],
)


@every_edit
def test_a_store_in_use_is_not_changed(ours: Path, arguments: list[str | int]) -> None:
    before = {path.name: path.read_bytes() for path in ours.iterdir() if path.name != "session.lock"}
    lock = StoreLock(ours, "FIX.4.4 CLI -> SRV")
    try:
        result = run(arguments[0], ours, *arguments[1:])
    finally:
        lock.release()
    assert result.exit_code == 2
    assert re.search(r"is in use by process \d+ FIX.4.4 CLI -> SRV", result.stderr)
    assert {path.name: path.read_bytes() for path in ours.iterdir() if path.name != "session.lock"} == before


@every_edit
def test_quickfix_stores_that_changed_just_now_are_warned_about(quickfix: Path, arguments: list[str | int]) -> None:
    result = run(arguments[0], quickfix, *arguments[1:])
    assert result.exit_code == 0
    assert "RefreshOnLogon=Y" in result.stderr


# -- reset -----------------------------------------------------------------------------------------------------------


def test_reset(store: Path) -> None:
    result = run("reset", store, "--yes")
    assert result.exit_code == 0
    assert "out   last 0, next 1   (before: last 5, next 6)" in result.stdout
    assert numbers(store) == (1, 1)
    assert figures("show", store)["messages"] == 0
    assert result.stdout.count("kept as it was: ") >= 3


def test_reset_as_json(store: Path) -> None:
    document = figures("reset", store, "--yes")
    assert (document["nextOut"], document["nextIn"]) == (1, 1)
    assert document["before"] == {"lastSent": 5, "nextOut": 6, "lastReceived": 41, "nextIn": 42}
    backups = document["backups"]
    assert isinstance(backups, list)
    assert all(Path(backup).is_file() for backup in backups)


def test_reset_needs_yes_without_a_terminal(store: Path) -> None:
    result = run("reset", store)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--yes" in result.stderr
    assert numbers(store) == (6, 42)


@pytest.mark.parametrize(("answer", "expected"), [("y\n", (1, 1)), ("n\n", (6, 42)), ("\n", (6, 42))])
def test_reset_asks_on_a_terminal(
    store: Path, answer: str, expected: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("purefix_core.cli.store.numbers.sys", Terminal)
    result = CliRunner().invoke(commands, ["store", "reset", str(store)], input=answer)
    assert "next out 6, next in 42, 6 messages" in result.stderr
    assert (result.exit_code == 0) is (expected == (1, 1))
    assert numbers(store) == expected


class Terminal:
    """Stands for `sys` with a terminal as its standard input."""

    class stdin:
        @staticmethod
        def isatty() -> bool:
            return True


# -- gap-fill --------------------------------------------------------------------------------------------------------


def resent(store: Path) -> tuple[object, object]:
    """How many messages from 1 on would be resent, and how many gap-filled."""
    resend = figures("show", store, "--peer-expects", 1)["forecast"]["resend"]  # type: ignore[index]
    return resend["business"], resend["gapFilled"]


def test_gap_fill(store: Path) -> None:
    assert resent(store) == (3, 2)
    result = run("gap-fill", store, "4-5", "--reason", "stale orders")
    assert result.exit_code == 0
    assert resent(store) == (1, 4)


def test_gap_fill_writes_resend_json(ours: Path) -> None:
    assert figures("gap-fill", ours, "4-5", "--reason", "stale orders")["done"] == ["resend.json: 4-5 (stale orders)"]
    assert json.loads((ours / "resend.json").read_text()) == {
        "gapFill": [{"from": 4, "to": 5, "reason": "stale orders"}]
    }
    assert run("messages", ours).stdout.splitlines()[3].endswith("(gap-filled)")
    result = run("gap-fill", ours, 4, "--remove")
    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, "  resend.json: 5-5 (stale orders)")
    assert resent(ours) == (2, 3)
    (backup,) = ours.glob("resend.json.*.bak")
    assert f"kept as it was: {backup}" in result.stdout


def test_gap_fill_removes_entries_of_quickfix(quickfix: Path) -> None:
    header = Path(f"{quickfix}.header")
    before = header.read_bytes()
    document = figures("gap-fill", quickfix, "4-5")
    assert document["done"] == ["FIX.4.4-CLI-SRV.header: 2 entries were removed"]
    (backup,) = document["backups"]  # type: ignore[misc]
    assert Path(backup).read_bytes() == before
    assert [line.split()[0] for line in run("messages", quickfix).stdout.splitlines()] == ["1", "2", "3", "6"]
    result = run("gap-fill", quickfix, "4-5", "--remove")
    assert result.exit_code == 2
    assert "dated copy" in result.stderr
    assert figures("gap-fill", quickfix, "400")["backups"] == []


@pytest.mark.parametrize("numbers", ["0", "5-4", "x", "1-", "-3", "1-99999999999", "2147483648"])
def test_gap_fill_of_no_range(store: Path, numbers: str) -> None:
    result = run("gap-fill", store, "--", numbers)
    assert (result.exit_code, result.stdout) == (2, "")


def test_gap_fill_beside_a_bad_file(ours: Path) -> None:
    (ours / "resend.json").write_text("[]")
    result = run("gap-fill", ours, "4-5")
    assert (result.exit_code, (ours / "resend.json").read_text()) == (2, "[]")
    assert str(ours / "resend.json") in result.stderr
