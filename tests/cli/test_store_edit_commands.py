"""`purefix store verify`, `repair`, `set` and `reset`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from purefix_core.cli import commands
from purefix_core.store.lock import StoreLock
from tests.cli.store_samples import damage, figures, numbers, record, run
from tests.store.quickfix_stores import message, write_java

# -- verify and repair -----------------------------------------------------------------------------------------------


def test_verify_of_a_whole_store(store: Path) -> None:
    result = run("verify", store)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, f"{store}: nothing is wrong")
    (document,) = figures("verify", store)["stores"]
    assert (document["path"], document["problems"]) == (str(store), [])


def test_verify_of_several_stores(tmp_path: Path, ours: Path, quickfix: Path) -> None:
    damage(quickfix, 4)
    result = run("verify", tmp_path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{quickfix}: FIX.4.4-CLI-SRV.body: message 4 at")
    assert f"{ours}: nothing is wrong" in lines
    result = run("verify", ours, quickfix, tmp_path / "none")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (2, lines[0])
    assert result.stderr == f"purefix: {tmp_path / 'none'}: no such file or folder\n"


def test_verify_goes_on_behind_a_store_that_cannot_be_read(tmp_path: Path, ours: Path, quickfix: Path) -> None:
    Path(f"{quickfix}.header").unlink()
    Path(f"{quickfix}.header").mkdir()
    result = run("verify", tmp_path, "--json")
    assert result.exit_code == 2
    assert [each["path"] for each in json.loads(result.stdout)["stores"]] == [str(ours)]
    assert "expected a file" in result.stderr


def test_verify_notes_messages_that_are_not_kept(store: Path) -> None:
    run("set", store, "--next-out", 10)
    result = run("verify", store)
    assert result.exit_code == 0
    first, *notes = result.stdout.splitlines()
    assert first == f"{store}: nothing is wrong"
    assert any(line.startswith(f"{store}: note: ") and ("6-9" if store.is_dir() else "7-9") in line for line in notes)


def test_verify_names_a_damaged_message(store: Path) -> None:
    damage(store, 4)
    result = run("verify", store)
    assert result.exit_code == 1
    assert "message 4 at" in result.stdout.splitlines()[0]
    result = run("verify", store, "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["stores"][0]["problems"])) == (1, 1)


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
    assert document["forecast"]["out"]["next"] == 6
    assert document["problems"] == []


def test_repair_tells_what_remains(store: Path) -> None:
    damage(store, 4)
    result = run("repair", store)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    place = lines.index("remains")
    done = "resend.json lists the messages above 5 as withdrawn" if store.is_dir() else "nothing needed repair"
    assert lines[place - 1] == f"  {done}"
    assert re.match(r"  ! .*message 4 at", lines[place + 1])
    assert lines.index("Next logon") > place
    result = run("repair", store, "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["problems"])) == (1, 1)


def test_repair_makes_a_lost_header_anew(quickfix: Path) -> None:
    header = Path(f"{quickfix}.header")
    before = header.read_bytes()
    header.unlink()
    result = run("repair", quickfix)
    assert (result.exit_code, header.read_bytes()) == (0, before)
    assert "  FIX.4.4-CLI-SRV.header: was missing, and was made anew from the 6 messages" in result.stdout


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
    assert f"backup: {backup}" in result.stdout
    assert "A Logon with ResetSeqNumFlag" in result.stdout
    assert figures("show", store)["messages"] == 6


def test_set_as_json(store: Path) -> None:
    document = figures("set", store, "--next-out", 9, "--peer-expects", 5)
    assert (document["lastSent"], document["nextOut"], document["lastReceived"], document["nextIn"]) == (8, 9, 41, 42)
    assert document["before"] == {"lastSent": 5, "nextOut": 6, "lastReceived": 41, "nextIn": 42}
    assert document["dryRun"] is False
    assert document["forecast"]["out"]["outcome"] == "resend"
    (backup,) = document["backups"]
    assert Path(backup).is_file()


def test_a_dry_run_changes_nothing(store: Path) -> None:
    before = {path.name: path.read_bytes() for path in number_file(store).parent.iterdir()}
    result = run("set", store, "--next-out", 7, "--dry-run", "--peer-expects", 4)
    assert result.exit_code == 0
    assert "dry run" in result.stdout
    assert "out  last 6, next 7   (before: last 5, next 6)" in result.stdout
    can_be_resent = "2 business messages can" if store.is_dir() else "3 business messages can"
    assert f"It will ask for 4-6: {can_be_resent}" in result.stdout
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


def test_numbers_that_quickfix_cannot_read_are_not_taken_for_1(quickfix: Path) -> None:
    number_file(quickfix).write_text("junk")
    result = run("set", quickfix, "--next-out", 6)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"purefix: {quickfix}: a number cannot be read; both numbers must be given, out and in\n"
    result = run("set", quickfix, "--next-out", 1, "--next-in", 1)
    assert result.exit_code == 0
    assert "out  last 0, next 1   (before: cannot be read)" in result.stdout
    assert number_file(quickfix).read_bytes() == b"%020d : %020d" % (1, 1)


def test_raising_the_last_number_withdraws_what_stood_above_it(ours: Path) -> None:
    """It was never sent, or withdrawn by hand."""
    line = (
        "  ! 6: 1 message, 1 of them business (D: 1), stood above the last number sent: never sent, or withdrawn by "
        "hand. They are gap-filled, not resent"
    )
    dry = run("set", ours, "--next-out", 9, "--dry-run", "--peer-expects", 6).stdout.splitlines()
    told = run("set", ours, "--next-out", 9, "--peer-expects", 6).stdout.splitlines()
    resend = "       It will ask for 6-8: 0 business messages can be resent, 3 will be gap-filled (3 not kept)."
    for lines in (dry, told):
        assert line in lines
        assert resend in lines
    document = figures("set", ours, "--next-out", 9)
    assert document["nowSent"] is None
    assert figures("show", ours, "--peer-expects", 6)["forecast"]["resend"]["business"] == 0


def test_raising_the_last_number_tells_what_counts_as_sent_for_quickfix(quickfix: Path) -> None:
    store = quickfix
    result = run("set", store, "--next-out", 9, "--dry-run")
    lines = result.stdout.splitlines()
    place = lines.index(
        "  ! 6: 1 message, 1 of them business (D: 1), stood above the last number sent and now count as sent. What is "
        "business is resent when the peer asks for it, unless:"
    )
    assert lines[place + 1] == f"    purefix store gap-fill {store} 6"
    document = figures("set", store, "--next-out", 9)
    assert document["nowSent"] == {"from": 6, "to": 6, "messages": 1, "business": 1, "msgTypes": {"D": 1}}
    assert document["aboveLastSent"] is None


def test_lowering_the_last_number_tells_which_messages_no_longer_do(store: Path) -> None:
    result = run("set", store, "--last-sent", 2)
    assert (
        "  ! 3-6: 4 messages, 3 of them business (D: 2, 8: 1), stand above the last number sent now; they are kept, "
        "and not resent"
    ) in result.stdout.splitlines()
    document = figures("set", store, "--last-sent", 1)
    assert document["aboveLastSent"]["messages"] == 5
    assert document["nowSent"] is None
    assert "stand" not in run("set", store, "--next-in", 9).stdout


every_edit = pytest.mark.parametrize(
    "arguments",
    [
        ["set", "--next-out", 9],
        ["set", "--next-out", 9, "--dry-run"],
        ["reset", "--yes"],
        ["reset", "--dry-run"],
        ["repair"],
        ["gap-fill", "2-3"],
        ["gap-fill", "2-3", "--dry-run"],
        ["gap-fill", "2-3", "--remove"],
        ["restore", "last"],
        ["restore", "last", "--dry-run"],
    ],
    ids=lambda each: " ".join(map(str, each)),
)


@every_edit
def test_a_store_in_use_is_not_changed(ours: Path, arguments: list[str | int]) -> None:
    before = {path.name: path.read_bytes() for path in ours.iterdir() if path.name != "session.lock"}
    lock = StoreLock(ours, "FIX.4.4 CLI -> SRV")
    try:
        result = run(arguments[0], ours, *arguments[1:])
    finally:
        lock.release()
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert re.search(r"is in use by process \d+ FIX.4.4 CLI -> SRV", result.stderr)
    assert {path.name: path.read_bytes() for path in ours.iterdir() if path.name != "session.lock"} == before


@every_edit
def test_quickfix_stores_that_changed_just_now_are_warned_about(quickfix: Path, arguments: list[str | int]) -> None:
    backup = number_file(quickfix).with_name(f"{quickfix.name}.seqnums.20260131-120000.bak")
    backup.write_bytes(number_file(quickfix).read_bytes())
    result = run(arguments[0], quickfix, *arguments[1:])
    assert result.exit_code == 0
    assert "RefreshOnLogon=Y" in result.stderr


@every_edit
def test_layouts_that_are_not_written_are_refused(tmp_path: Path, arguments: list[str | int]) -> None:
    path = write_java(tmp_path, "FIX.4.4-CLI-SRV", [message(1), message(2), message(3)])
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    result = run(arguments[0], path, *arguments[1:])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "only the layout of QuickFIX C++ is written" in result.stderr
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_refusal_has_no_warnings_in_front(quickfix: Path) -> None:
    for arguments in (["set", quickfix, "--last-sent", 2**31 - 1], ["gap-fill", quickfix, 400]):
        result = run(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_our_own_edit_is_not_warned_about(quickfix: Path) -> None:
    for path in quickfix.parent.iterdir():
        os.utime(path, (1000, 1000))
    assert run("set", quickfix, "--next-out", 9).stderr == ""
    assert run("set", quickfix, "--next-out", 10).stderr == ""


# -- reset -----------------------------------------------------------------------------------------------------------


def test_reset(store: Path) -> None:
    result = run("reset", store, "--yes")
    assert result.exit_code == 0
    assert "out  last 0, next 1   (before: last 5, next 6)" in result.stdout
    assert numbers(store) == (1, 1)
    assert figures("show", store)["messages"] == 0
    assert result.stdout.count("backup: ") >= 3


def test_reset_as_json(store: Path) -> None:
    assert figures("reset", store, "--dry-run")["backups"] == []
    assert numbers(store) == (6, 42)
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
