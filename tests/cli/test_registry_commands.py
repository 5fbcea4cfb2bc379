"""`purefix registry`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from purefix_core.cli import commands
from tests.conftest import REPOSITORY

FIX44 = REPOSITORY / "purefix_core" / "dictionaries" / "FIX44.xml"
LOG = (
    b"8=FIX.4.4|9=5|35=0|49=ACME|56=FUND|34=1|10=000|\n"
    b"8=FIX.4.4|9=5|35=0|49=ACME|56=FUND|34=2|10=000|\n"
    b"8=FIX.4.2|9=5|35=0|49=FUND|56=OTHER|34=1|10=000|\n"
)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No TypeRegistry.json is found by chance."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["registry", *(str(argument) for argument in arguments)])


def entry(name: str, *senders: str, **more: object) -> dict[str, object]:
    return {"name": name, "dictionaryPath": str(FIX44), "version": "FIX.4.4", "senderCompIds": senders, **more}


def registry(folder: Path, *entries: dict[str, object]) -> Path:
    path = folder / "registry.json"
    path.write_text(json.dumps({"registrations": entries}))
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "a.log"
    path.write_bytes(LOG)
    return path


def test_list_shows_every_registration(tmp_path: Path) -> None:
    path = registry(
        tmp_path,
        entry("acme@1.2", "ACME", "AC", targetCompIds=["FUND"]),
        entry("off", enabled=False),
        entry("fix44", "*", isDefault=True),
    )
    result = run("list", "-r", path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "name       version   sessions          dictionary",
        f"acme@1.2   FIX.4.4   ACME, AC → FUND   {FIX44}",
        f"off        FIX.4.4   (by name)         {FIX44}   disabled",
        f"fix44      FIX.4.4   * → *             {FIX44}   default",
    ]


def test_list_without_a_registry_shows_the_standard_dialects() -> None:
    lines = run("list").stdout.splitlines()
    assert [
        line.split()[0] for line in lines
    ] == "name fix40 fix41 fix42 fix43 fix44 fix50 fix50sp1 fix50sp2 fixt11".split()


def test_list_of_an_empty_registry(tmp_path: Path) -> None:
    result = run("list", "-r", registry(tmp_path))
    assert (result.exit_code, result.stdout.split()) == (0, ["name", "version", "sessions", "dictionary"])


def test_list_as_json_has_the_keys_of_the_file(tmp_path: Path) -> None:
    path = registry(tmp_path, entry("acme", "ACME", assemblyPath="types"))
    (found,) = json.loads(run("list", "--json", "-r", path).stdout)["registrations"]
    assert found == {
        "name": "acme",
        "displayName": "acme",
        "dictionaryPath": str(FIX44),
        "assemblyPath": str(tmp_path / "types"),
        "senderCompIds": ["ACME"],
        "targetCompIds": [],
        "version": "FIX.4.4",
        "rootNamespace": "",
        "messageStorePath": None,
        "enabled": True,
        "isDefault": False,
    }


def test_check_is_content(tmp_path: Path) -> None:
    path = registry(tmp_path, entry("fix44", "*", isDefault=True))
    result = run("check", path)
    assert (result.exit_code, result.stdout) == (0, f"{path}: nothing is wrong\n")


def test_check_with_warnings_only(tmp_path: Path) -> None:
    path = registry(tmp_path, entry("fix44", "*"))
    result = run("check", path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{path}: warning: no enabled entry has isDefault: sessions that nothing else matches get no dialect",
        "0 errors, 1 warning",
    ]


def test_check_with_errors(tmp_path: Path) -> None:
    path = registry(tmp_path, entry("x\x1b[2J", "*", isDefault=True, dictionaryPath="none.xml"), entry("b", "B"))
    result = run("check", path)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{path}: registrations[0] (x\\x1b[2J): error: dictionaryPath: expected a dictionary file, found none at "
        f"{tmp_path / 'none.xml'}",
        "1 error, 0 warnings",
    ]
    path.write_text("{")
    assert run("check", path).exit_code == 1


def test_check_imports_packages_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "types.py").write_text("raise SystemExit(7)")
    path = registry(tmp_path, entry("fix44", "*", isDefault=True, assemblyPath="types.py"))
    assert run("check", path).exit_code == 0
    result = run("check", "--load", path)
    assert (result.exit_code, "found SystemExit: 7" in result.stdout) == (1, True)


def test_check_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    result = run("check", tmp_path / "none.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"purefix: {tmp_path / 'none.json'}: cannot be read: No such file or directory\n"


def test_detect_says_which_registration_wins_and_why(tmp_path: Path, log: Path) -> None:
    path = registry(tmp_path, entry("acme", "ACME"), entry("fix44", isDefault=True))
    result = run("detect", log, "-r", path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "session                messages   dialect   why",
        "FIX.4.4 ACME → FUND           2   acme      ACME is in its senderCompIds",
        "FIX.4.2 FUND → OTHER          1   fix44     it is the default; no registration for FIX.4.2 fits",
        "",
        "No registration names the CompIDs of a session. Where a counterparty has a dictionary of its own,",
        "add an entry with that dictionary and its CompID in senderCompIds to TypeRegistry.json (docs/registry.md).",
    ]


def test_detect_gives_no_advice_where_every_session_is_named(tmp_path: Path, log: Path) -> None:
    path = registry(tmp_path, entry("acme", "ACME"), entry("other", "OTHER", version="FIX.4.2"))
    lines = run("detect", log, "-r", path).stdout.splitlines()
    assert len(lines) == 3
    assert lines[2].endswith("OTHER is in its senderCompIds (seen from the other side)")


def test_detect_as_json(tmp_path: Path, log: Path) -> None:
    path = registry(tmp_path, entry("acme", "ACME"))
    found = json.loads(run("detect", log, "--json", "-r", path).stdout)
    assert found["path"] == str(log)
    assert found["sessions"][0] == {
        "beginString": "FIX.4.4",
        "senderCompId": "ACME",
        "targetCompId": "FUND",
        "messages": 2,
        "dialect": "acme",
        "reason": "ACME is in its senderCompIds",
        "namesCompId": True,
    }
    assert found["sessions"][1]["dialect"] is None
    assert found["sessions"][1]["reason"].startswith("no registration fits this session")


def test_detect_takes_the_version_over_fixt_from_the_logon(tmp_path: Path) -> None:
    path = tmp_path / "fixt.log"
    path.write_bytes(b"8=FIXT.1.1|9=5|35=A|49=A|56=B|34=1|1137=7|10=000|\n")
    (session,) = json.loads(run("detect", path, "--json").stdout)["sessions"]
    assert session["dialect"] == "fix50"


def test_detect_shows_a_dictionary_that_cannot_be_loaded(tmp_path: Path, log: Path) -> None:
    path = registry(tmp_path, entry("acme", "*", dictionaryPath="none.xml"))
    result = run("detect", log, "-r", path)
    assert result.exit_code == 0
    assert "expected a dictionary file, found none at" in result.stdout


def test_detect_makes_control_characters_visible(tmp_path: Path) -> None:
    path = tmp_path / "evil.log"
    path.write_bytes(b"8=FIX.4.4|9=9|35=0|49=\x1b]0;x\x07|56=\xc2\x9b|10=000|\n")
    for options in ((), ("--json",)):
        out = run("detect", path, *options).stdout
        assert "\x1b" not in out
        assert "\x9b" not in out


@pytest.mark.parametrize(("content", "says"), [(None, "no such file"), (b"", "is empty"), (b"x\n", "holds no FIX")])
def test_detect_of_a_file_of_no_use(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "b.log"
    if content is not None:
        path.write_bytes(content)
    result = run("detect", path)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert says in result.stderr


@pytest.mark.parametrize("command", [("list",), ("detect", "a.log")])
def test_a_registry_that_is_not_there(command: tuple[str, ...]) -> None:
    result = run(*command, "-r", "none.json")
    assert (result.exit_code, result.stderr) == (2, "purefix: none.json: no such registry file\n")


def test_the_help_names_the_commands() -> None:
    out = run("--help").stdout
    assert all(name in out for name in ("list", "check", "detect"))
