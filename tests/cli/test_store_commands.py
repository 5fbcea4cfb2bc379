"""`purefix store list`, `show`, `messages` and `export`."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from purefix_core.cli import commands
from purefix_core.store.lock import StoreLock
from tests.cli.store_samples import damage, figures, record, run
from tests.store.file_stores import not_to_be_listed


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No TypeRegistry.json is found by chance."""
    monkeypatch.chdir(tmp_path)


# -- list ------------------------------------------------------------------------------------------------------------


def test_list(tmp_path: Path, ours: Path, quickfix: Path) -> None:
    result = run("list", tmp_path)
    assert result.exit_code == 0
    heading, *rows = (re.split(r"\s{2,}", line) for line in result.stdout.splitlines())
    assert heading == "path,session,messages,next out,next in,layout,modified,notes".split(",")
    assert rows[0][:6] == [str(quickfix), "FIX.4.4 CLI → SRV", "6", "6", "42", "QuickFIX C++"]
    assert rows[1][:6] == [str(ours), "FIX.4.4 CLI → SRV", "6", "6", "42", "PureFix"]
    assert rows[1][6] == "2026-01-31T12:00:00Z"


def test_list_as_json(ours: Path) -> None:
    (found,) = figures("list", ours.parent)["stores"]
    assert found["path"] == str(ours)
    assert (found["layout"], found["beginString"], found["senderCompId"]) == ("purefix", "FIX.4.4", "CLI")
    assert (found["lastSent"], found["nextOut"], found["lastReceived"], found["nextIn"]) == (5, 6, 41, 42)
    assert found["lastReceivedTime"] == "2026-01-31T12:00:00Z"
    assert found["messages"] == 6
    assert found["inUseBy"] is None


def test_list_takes_the_folders_of_the_registry(tmp_path: Path, ours: Path) -> None:
    dictionary = Path(__file__).resolve().parents[2] / "purefix_core" / "dictionaries" / "FIX44.xml"
    entries = [
        {"name": name, "dictionaryPath": str(dictionary), "messageStorePath": path}
        for name, path in (("a", "stores"), ("b", "stores"), ("c", "none"))
    ]
    (tmp_path / "TypeRegistry.json").write_text(json.dumps({"registrations": entries}))
    result = run("list")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)
    assert result.stderr == f"purefix: {tmp_path / 'none'}: no such folder yet\n"


def test_list_joins_all_notes(quickfix: Path) -> None:
    for suffix in (".session", ".seqnums"):
        Path(f"{quickfix}{suffix}").unlink()
    (row,) = run("list", quickfix.parent).stdout.splitlines()[1:]
    cells = re.split(r"\s{2,}", row)
    assert cells[3:5] == ["?", "?"]
    assert re.fullmatch(r"\S+\.seqnums: there is no such file; .*; \S+\.session: there is no such file; .*", cells[-1])


def test_list_without_a_folder() -> None:
    result = run("list")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "purefix: no entry of TypeRegistry.json has a messageStorePath; name the folder: purefix store list DIR\n"
    )


def test_list_goes_on_behind_a_store_that_cannot_be_read(tmp_path: Path, ours: Path, quickfix: Path) -> None:
    (ours / "session.meta").write_text("{")
    result = run("list", tmp_path, tmp_path / "none")
    assert result.exit_code == 2
    assert result.stderr == f"purefix: {tmp_path / 'none'}: no such file or folder\n"
    row = re.split(r"\s{2,}", result.stdout.splitlines()[2])
    assert (row[0], row[1]) == (str(ours), "PureFix")
    assert row[2].startswith("session.meta: ")
    result = run("list", tmp_path, "--json")
    assert (result.exit_code, result.stderr) == (2, "")
    document = json.loads(result.stdout)["stores"][1]
    assert document["path"] == str(ours)
    assert document["error"].startswith(f"{ours / 'session.meta'}: ")


def test_list_of_a_folder_without_stores(tmp_path: Path) -> None:
    result = run("list", tmp_path)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "purefix: no store was found\n")


@pytest.mark.parametrize("name", ["", "closed"])
def test_list_of_a_folder_that_cannot_be_read(
    tmp_path: Path, ours: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    closed = tmp_path / name
    closed.mkdir(exist_ok=True)
    not_to_be_listed(closed, monkeypatch)
    result = run("list", tmp_path)
    assert result.exit_code == 2
    assert f"purefix: {closed}: cannot be read: Permission denied\n" in result.stderr
    assert (str(ours) in result.stdout) is bool(name)
    assert run("verify", tmp_path).exit_code == 2


# -- show ------------------------------------------------------------------------------------------------------------


def test_show(ours: Path) -> None:
    result = run("show", ours, "--peer-expects", 2, "--peer-next", 42)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"FIX.4.4 CLI → SRV   PureFix   {ours}",
        "  out  last 5, next 6",
        "  in   last 41, next 42",
        *[line for line in result.stdout.splitlines() if line.startswith("  ! ")],
        "",
        "Next logon",
        "  out  The peer expects 2, you would send 6.",
        "       It will ask for 2-5: 3 business messages can be resent (D: 2, 8: 1), 1 will be gap-filled "
        "(1 session message).",
        "  in   The peer sends 42 next, you expect 42: in sequence.",
        "",
        "  A Logon with ResetSeqNumFlag(141)=Y starts both directions from 1 instead, and nothing is resent.",
        "",
        "  messages               6 kept",
        "  last message received  2026-01-31T12:00:00Z",
        "  created                2026-01-31T12:00:00Z",
        "  modified               2026-01-31T12:00:00Z",
    ]


def test_advice_comes_with_its_command(tmp_path: Path, store: Path) -> None:
    odd = tmp_path / "a folder; with 'quotes'"
    store.parent.rename(odd)
    path = odd / store.name
    lines = run("show", path, "--peer-expects", 135, "--peer-next", 50).stdout.splitlines()
    commands_ = [line.strip() for line in lines if line.strip().startswith("purefix ")]
    assert [shlex.split(line) for line in commands_] == [
        ["purefix", "store", "set", str(path), "--next-out", "135"],
        ["purefix", "store", "set", str(path), "--next-in", "50"],
    ]
    for line in commands_:
        assert run(*shlex.split(line)[2:]).exit_code == 0
    assert "purefix store" not in run("show", path, "--peer-expects", 135, "--peer-next", 50).stdout


def test_a_direction_that_is_not_asked_about_gets_one_line(store: Path) -> None:
    lines = run("show", store, "--peer-next", 42).stdout.splitlines()
    (place,) = (place for place, line in enumerate(lines) if line.startswith("  out  You would send 6;"))
    assert lines[place + 1].startswith("  in   The peer sends 42 next")


def test_numbers_that_cannot_be_read_are_told_with_the_numbers(quickfix: Path) -> None:
    Path(f"{quickfix}.seqnums").write_text("junk")
    result = run("show", quickfix)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1:3] == [
        "  out  next 1 (cannot be read, the engine begins with 1)",
        "  in   next 1 (cannot be read, the engine begins with 1)",
    ]
    assert figures("show", quickfix)["unreadable"] == ["out", "in"]
    Path(f"{quickfix}.seqnums").write_text("-3 : 7")
    assert run("show", quickfix).stdout.splitlines()[1:3] == [
        "  out  next 1 (the file says -3, which counts as 1 here)",
        "  in   last 6, next 7",
    ]


def test_show_as_json(store: Path) -> None:
    document = figures("show", store, "--peer-expects", 9)
    assert (document["lastSent"], document["nextOut"], document["lastReceived"], document["nextIn"]) == (5, 6, 41, 42)
    forecast = document["forecast"]
    assert isinstance(forecast, dict)
    assert forecast["out"] == {"last": 5, "next": 6, "peer": 9, "outcome": "logout"} | {
        "command": f"purefix store set {store} --next-out 9"
    }
    assert forecast["in"] == {"last": 41, "next": 42, "peer": None, "outcome": "unknown", "command": None}
    assert forecast["resend"] is None


def test_show_says_who_has_the_store(ours: Path) -> None:
    lock = StoreLock(ours, "FIX.4.4 CLI -> SRV")
    try:
        assert re.search(r"  in use by process \d+ FIX.4.4 CLI -> SRV", run("show", ours).stdout)
    finally:
        lock.release()


def test_what_is_odd_is_told(ours: Path) -> None:
    with (ours / "messages.dat").open("ab") as file:
        file.write(b"half")
    result = run("show", ours)
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"^  ! messages.dat.*half a message", result.stdout, re.MULTILINE)
    assert "half a message" in run("messages", ours).stderr


@pytest.mark.parametrize("number", ["0", "-1", "x", "2147483648"])
def test_numbers_that_are_none(ours: Path, number: str) -> None:
    result = run("show", ours, "--peer-expects", number)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("command", ["show", "messages", "verify", "repair", "reset", "export"])
def test_no_store(tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path / "none")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.endswith(f"{tmp_path / 'none'}: no such file or folder\n")


def test_terminals_obey_no_file(tmp_path: Path, ours: Path) -> None:
    meta = json.loads((ours / "session.meta").read_text())
    (ours / "session.meta").write_text(json.dumps({**meta, "targetCompId": "\x1b[2J\x9b"}))
    for arguments in (["list", tmp_path], ["show", ours], ["list", tmp_path, "--json"], ["show", ours, "--json"]):
        out = run(*arguments).output
        assert "\x1b" not in out
        assert "\x9b" not in out


# -- messages and export ---------------------------------------------------------------------------------------------


def test_messages(ours: Path) -> None:
    lines = run("messages", ours).stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["1", "2026-01-31T12:00:00.001Z", "A", "Logon"],
        ["2", "2026-01-31T12:00:00.002Z", "D", "NewOrderSingle"],
        ["3", "2026-01-31T12:00:00.003Z", "0", "Heartbeat"],
        ["4", "2026-01-31T12:00:00.004Z", "8", "ExecutionReport"],
        ["5", "2026-01-31T12:00:00.005Z", "D", "NewOrderSingle"],
        ["6", "2026-01-31T12:00:00.006Z", "D", "NewOrderSingle"],
    ]
    assert lines[1].endswith("Buy 100 IBM @ 10.5 limit   [ORD1]")
    assert lines[5].endswith("[ORD1]   (above last sent)")


def test_messages_of_a_range(store: Path) -> None:
    lines = run("messages", store, "--from", 2, "--to", 3).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "3"]


def test_messages_as_json(store: Path) -> None:
    lines = [json.loads(line) for line in run("messages", store, "--json").stdout.splitlines()]
    assert [line["seqNum"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert lines[1] == {
        "seqNum": 2,
        "marks": [],
        "time": "2026-01-31T12:00:00.002Z",
        "msgType": "D",
        "name": "NewOrderSingle",
        "summary": "Buy 100 IBM @ 10.5 limit",
        "reference": "ORD1",
        "message": record(2, "D").encoded.decode(),
    }
    assert lines[5]["marks"] == ["above last sent"]
    assert "open-sesame" not in json.dumps(lines)


def test_messages_raw(store: Path) -> None:
    result = run("messages", store, "--raw", "--from", 4)
    expected = [record(4, "8"), record(5, "D"), record(6, "D")]
    assert result.stdout_bytes == b"".join(each.encoded + b"\n" for each in expected)


def test_a_damaged_message_is_marked(store: Path) -> None:
    damage(store, 4)
    lines = run("messages", store).stdout.splitlines()
    assert lines[3].split() == ["4", "(damaged)"]
    assert len(lines) == 6
    assert json.loads(run("messages", store, "--json").stdout.splitlines()[3]) == {"seqNum": 4, "marks": ["damaged"]}
    assert len(run("messages", store, "--raw").stdout.splitlines()) == 5


def test_messages_with_another_dialect(tmp_path: Path, ours: Path) -> None:
    assert "Heartbeat" in run("messages", ours, "-d", "fix42").stdout
    result = run("messages", ours, "-d", "none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no dialect is called none" in result.stderr


def test_export_is_a_log_that_purefix_opens(tmp_path: Path, store: Path) -> None:
    target = tmp_path / "sent.log"
    result = run("export", store, "-o", target)
    assert (result.exit_code, result.stdout) == (0, f"{target}: 6 messages\n")
    assert "1 exported message stands above the last number sent, 5\n" in result.stderr
    lines = target.read_bytes().splitlines()
    assert lines[1] == b"20260131-12:00:00.002000 OUT " + record(2, "D").encoded
    (stats,) = json.loads(CliRunner().invoke(commands, ["stats", str(target), "--json"]).stdout)["files"]
    assert stats["messages"] == 6


def test_export_to_standard_output(store: Path) -> None:
    result = run("export", store, "--from", 2, "--to", 2)
    assert result.stdout_bytes == b"20260131-12:00:00.002000 OUT " + record(2, "D").encoded + b"\n"
    assert run("export", store, "--json").exit_code == 2


def test_export_replaces_no_file_unasked(tmp_path: Path, store: Path) -> None:
    target = tmp_path / "sent.log"
    target.write_text("mine")
    result = run("export", store, "-o", target)
    assert (result.exit_code, target.read_text()) == (2, "mine")
    assert "--force" in result.stderr
    assert figures("export", store, "-o", target, "--force", "--to", 2) == {
        "path": str(target),
        "messages": 2,
        "damaged": 0,
        "aboveLastSent": 0,
    }
    assert len(target.read_bytes().splitlines()) == 2


def test_export_never_replaces_the_store(store: Path) -> None:
    file = store / "messages.dat" if store.is_dir() else Path(f"{store}.body")
    before = file.read_bytes()
    result = run("export", store, "-o", file, "--force")
    assert (result.exit_code, file.read_bytes()) == (2, before)


def test_export_into_nowhere(tmp_path: Path, store: Path) -> None:
    result = run("export", store, "-o", tmp_path / "none" / "sent.log")
    assert result.exit_code == 2
    assert "no such file or directory" in result.stderr


def test_export_leaves_damaged_messages_out(tmp_path: Path, store: Path) -> None:
    damage(store, 4)
    result = run("export", store, "-o", tmp_path / "sent.log")
    assert result.exit_code == 0
    assert "1 damaged message was left out" in result.stderr
    assert result.stdout.endswith("5 messages\n")


def test_an_export_of_nothing_makes_no_file(tmp_path: Path, store: Path) -> None:
    target = tmp_path / "sent.log"
    result = run("export", store, "-o", target, "--from", 100)
    assert (result.exit_code, result.stdout, target.exists()) == (1, "", False)
    assert result.stderr.endswith("there is no message to write; no file was made\n")
    target.write_text("old")
    assert run("export", store, "-o", target, "--from", 100, "--force").exit_code == 1
    assert target.read_text() == "old"
    result = run("export", store, "-o", target, "--force", "--from", 100, "--json")
    assert json.loads(result.stdout) == {"path": None, "messages": 0, "damaged": 0, "aboveLastSent": 0}
    assert run("export", store, "--from", 100).exit_code == 1
