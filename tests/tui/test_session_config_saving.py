"""A JSON session file as the form edits it: what is read, what stays, and how it is saved."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from purefix_core.session.config import FixConfigError, load_configs
from purefix_core.session.config.table import setting_named
from purefix_tui.session.saving import (
    Given,
    SaveError,
    SessionFile,
    changed,
    check,
    given,
    others,
    read_session_file,
    save,
)

ONE = {
    "Application": {"Name": "desk", "DictionaryName": "fix44"},
    "sendercompid": "WREN",
    "TargetCompID": "LARKSPUR",
    "HeartBtInt": "30",
    "MaxLatency": 60,
    "x-note": {"by": ["the desk"]},
}
SEVERAL = {
    "SenderCompID": "LARKSPUR",
    "Username": "us",
    "BeginString": "FIX.4.4",
    "Sessions": [{"TargetCompID": "WREN"}, {"TargetCompID": "FINCH", "HeartBtInt": 5}],
}


def written(folder: Path, document: object, name: str = "desk.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def edited(folder: Path, document: object, changes: dict[str, object], place: int = 0) -> dict[str, Any]:
    return changed(read_session_file(written(folder, document), place), changes)


def test_what_a_file_says_goes_by_the_names_of_the_table(tmp_path: Path) -> None:
    file = read_session_file(written(tmp_path, {**ONE, "SSLEnable": True, "LogonTag2": "9001=a", "Username": None}))
    found = {name: each.value for name, each in given(file).items()}
    assert found["SenderCompID"] == "WREN"
    assert found["Application.DictionaryName"] == "fix44"
    assert found["SocketUseSSL"] is True
    assert found["LogonTag2"] == "9001=a"
    assert "Username" not in found


def test_what_holds_for_all_sessions_is_told_apart(tmp_path: Path) -> None:
    found = given(read_session_file(written(tmp_path, SEVERAL), 1))
    assert found["TargetCompID"] == Given("FINCH", is_own=True)
    assert found["SenderCompID"] == Given("LARKSPUR", is_own=False)
    assert found["HeartBtInt"] == Given(5, is_own=True)


def test_a_change_leaves_everything_else_where_it_is(tmp_path: Path) -> None:
    document = edited(tmp_path, ONE, {"SenderCompID": "FINCH", "Application.Name": "other", "FileStorePath": "store"})
    assert list(document) == [*ONE, "FileStorePath"]
    assert document["sendercompid"] == "FINCH"
    assert document["Application"] == {"Name": "other", "DictionaryName": "fix44"}
    assert {key: document[key] for key in ("HeartBtInt", "MaxLatency", "x-note")} == {
        key: ONE[key] for key in ("HeartBtInt", "MaxLatency", "x-note")
    }


def test_a_setting_under_another_name_keeps_that_name(tmp_path: Path) -> None:
    document = edited(
        tmp_path,
        {"SSLEnable": "Y", "DictionaryName": "fix42"},
        {"SocketUseSSL": False, "Application.DictionaryName": "x"},
    )
    assert document == {"SSLEnable": False, "DictionaryName": "x"}


def test_of_two_names_for_one_setting_the_one_that_counts_is_changed_and_both_go(tmp_path: Path) -> None:
    twice = {"SocketUseSSL": "N", "SSLEnable": "Y"}
    assert edited(tmp_path, twice, {"SocketUseSSL": False}) == {"SocketUseSSL": "N", "SSLEnable": False}
    assert edited(tmp_path, twice, {"SocketUseSSL": None}) == {}


def test_an_application_is_made_where_there_is_none(tmp_path: Path) -> None:
    name: dict[str, object] = {"Application.Name": "desk"}
    assert edited(tmp_path, {}, name) == {"Application": {"Name": "desk"}}
    assert edited(tmp_path, {"application": None}, name) == {"application": {"Name": "desk"}}


def test_only_the_chosen_session_is_changed(tmp_path: Path) -> None:
    document = edited(tmp_path, SEVERAL, {"Username": "them", "SenderCompID": "OTHER", "HeartBtInt": None}, place=1)
    assert document["Sessions"] == [
        {"TargetCompID": "WREN"},
        {"TargetCompID": "FINCH", "Username": "them", "SenderCompID": "OTHER"},
    ]
    assert {key: document[key] for key in SEVERAL if key != "Sessions"} == {
        key: value for key, value in SEVERAL.items() if key != "Sessions"
    }


def test_what_the_top_level_says_can_be_taken_out_of_one_session(tmp_path: Path) -> None:
    path = written(tmp_path, SEVERAL)
    file = read_session_file(path, 1)
    save(file, changed(file, {"Username": None}))
    assert [each.settings.username for each in load_configs(path)] == ["us", ""]


def test_keys_without_a_field_are_named(tmp_path: Path) -> None:
    file = read_session_file(written(tmp_path, ONE))
    shown = {"Application.Name", "Application.DictionaryName", "SenderCompID", "TargetCompID", "HeartBtInt"}
    assert others(file, shown) == ["MaxLatency", "x-note"]


@pytest.mark.parametrize(
    ("text", "has_comments"),
    [
        ('{"SenderCompID": "A"}', False),
        ('\ufeff{"SenderCompID": "A"}\n', False),
        ('{"Username": "http://a"}', False),
        ('// ours\n{"SenderCompID": "A"}', True),
        ('{"SenderCompID": "A" // ours\n}', True),
    ],
)
def test_comments_are_noticed(tmp_path: Path, text: str, has_comments: bool) -> None:
    assert read_session_file(written(tmp_path, text)).has_comments is has_comments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[SESSION]\nSenderCompID=A\n", "the form edits JSON only"),
        ("{", "expected JSON"),
        ('{"Sessions": 3}', "expected a list of sessions"),
        ('{"Sessions": [3]}', "expected a list of sessions"),
        ('{"Sessions": []}', "expected more than 0 sessions, found 0"),
        ('{"SenderCompID": "A", "SenderCompID": "B"}', "expected once, found twice"),
    ],
)
def test_what_the_form_cannot_edit_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FixConfigError) as error:
        read_session_file(path)
    assert words in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FixConfigError, match="No such file"):
        read_session_file(tmp_path / "missing.json")


# -- checking


def test_what_is_not_saved_yet_is_checked_as_the_file_it_would_be(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    path = written(tmp_path, {**ONE, "SocketUseSSL": True, "SocketCAFile": "ca.pem"})
    before = path.read_bytes()
    file = read_session_file(path)
    assert check(file, changed(file, {}), None) == ([], [])
    problems, _ = check(file, changed(file, {"HeartBtInt": "5x", "SocketCAFile": "missing.pem"}), None)
    assert {each.key for each in problems} == {"HeartBtInt", "SocketCAFile"}
    assert path.read_bytes() == before


def test_problems_of_another_session_are_not_those_of_this_one(tmp_path: Path) -> None:
    file = read_session_file(written(tmp_path, SEVERAL), 1)
    document = changed(file, {})
    document["Sessions"][0]["HeartBtInt"] = "5x"
    document["Username"] = 7
    problems, _ = check(file, document, None)
    assert [each.key for each in problems] == ["Username", ""]
    assert problems[1].text.startswith("Sessions[0].HeartBtInt: expected a whole number")


def test_warnings_are_told_with_their_setting(tmp_path: Path) -> None:
    file = read_session_file(written(tmp_path, {**ONE, "SocketCAFile": "ca.pem"}))
    problems, warnings = check(file, changed(file, {}), None)
    assert problems == []
    assert [each.key for each in warnings] == ["SocketUseSSL"]


@pytest.mark.parametrize("key", ["Password", "LogonTag"])
def test_no_problem_shows_a_secret(tmp_path: Path, key: str) -> None:
    file = read_session_file(written(tmp_path, {**ONE, key: "hunter\u0007two"}))
    problems, _ = check(file, changed(file, {}), None)
    assert [each.key for each in problems] == [key]
    assert "hunter" not in str(problems)
    assert "hunter" not in repr(file) + repr(given(file))


def test_a_document_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    file = SessionFile(tmp_path / "new.json")
    problems, _ = check(file, {"x": deep}, None)
    assert "nested" in problems[0].text
    while deep:  # or freeing it would be as deep
        deep = deep.pop()


# -- saving


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_file_is_read_back(tmp_path: Path) -> None:
    file = SessionFile(tmp_path / "new.json")
    document = changed(file, {"SenderCompID": "Ä", "TargetCompID": "B", "BeginString": "FIX.4.4", "HeartBtInt": 5})
    saved = save(file, document)
    assert (saved.backup, saved.is_private) == (None, False)
    (config,) = load_configs(saved.path)
    assert (config.settings.session_id.sender_comp_id, config.settings.heart_bt_int) == ("Ä", 5)
    assert [each.name for each in tmp_path.iterdir()] == ["new.json"]


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = written(tmp_path, "mine")
    with pytest.raises(SaveError, match="exists"):
        save(SessionFile(path), {})
    assert path.read_text() == "mine"


def test_a_file_with_a_password_is_for_its_owner_alone(tmp_path: Path) -> None:
    secret = save(SessionFile(tmp_path / "new.json"), {"Sessions": [{"Password": "hunter2"}]})
    assert secret.is_private
    assert rights(secret.path) == 0o600
    plain = save(SessionFile(tmp_path / "plain.json"), {"Sessions": [{"Username": "us"}]})
    assert not plain.is_private
    assert rights(plain.path) == 0o666 & ~_umask()


def test_a_file_that_gets_a_password_and_its_copy_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = written(tmp_path, ONE)
    path.chmod(0o644)
    file = read_session_file(path)
    saved = save(file, changed(file, {"Password": "hunter2"}))
    assert saved.backup is not None
    assert (rights(path), rights(saved.backup)) == (0o600, 0o600)


def test_the_copy_of_a_file_that_had_a_password_is_for_the_owner_alone(tmp_path: Path) -> None:
    path = written(tmp_path, {**ONE, "Password": "hunter2"})
    path.chmod(0o644)
    file = read_session_file(path)
    saved = save(file, changed(file, {"Password": None}))
    assert saved.backup is not None
    assert "hunter2" in saved.backup.read_text()
    assert rights(saved.backup) == 0o600


def test_the_copy_is_what_was_there_and_other_rights_stay(tmp_path: Path) -> None:
    path = written(tmp_path, "// ours\n" + json.dumps(ONE))
    path.chmod(0o640)
    before = path.read_bytes()
    file = read_session_file(path)
    saved = save(file, changed(file, {"HeartBtInt": 5}))
    assert saved.backup is not None
    assert saved.backup.parent == tmp_path
    assert saved.backup.read_bytes() == before
    assert json.loads(path.read_text()) == {**ONE, "HeartBtInt": 5}
    assert (rights(path), rights(saved.backup)) == (0o640, 0o640)


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, ONE)
    file = read_session_file(path)
    path.write_text("{}")
    with pytest.raises(SaveError, match="changed by somebody else"):
        save(file, changed(file, {}))
    assert path.read_text() == "{}"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_link_leads_to_is_saved(tmp_path: Path) -> None:
    path = written(tmp_path, ONE)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    file = read_session_file(link)
    save(file, changed(file, {"HeartBtInt": 5}))
    assert link.is_symlink()
    assert json.loads(path.read_text())["HeartBtInt"] == 5


def test_a_folder_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="cannot be written: No such file or directory"):
        save(SessionFile(tmp_path / "no" / "new.json"), {})


def test_half_of_a_surrogate_pair_stays(tmp_path: Path) -> None:
    path = written(tmp_path, '{"x": "\\ud83d"}')
    file = read_session_file(path)
    save(file, changed(file, {"SenderCompID": "A"}))
    assert json.loads(path.read_text()) == {"x": "\ud83d", "SenderCompID": "A"}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@for_any(document=some.dictionaries(some.text(max_size=12).filter(lambda key: not _is_ours(key)), JSON, max_size=6))
def test_unknown_keys_stay_as_they_are(document: dict[str, Any]) -> None:
    file = SessionFile(Path("desk.json"), b"", document)
    after = changed(file, {"SenderCompID": "A", "Application.Name": "n", "LogonTag3": "9001=a"})
    assert {key: after[key] for key in document} == document
    assert set(after) - set(document) == {"SenderCompID", "Application", "LogonTag3"}
    assert "SenderCompID" not in document, "the document that was read stays as it was"


def _is_ours(key: str) -> bool:
    return key.casefold() in ("application", "sessions") or setting_named(key) is not None
