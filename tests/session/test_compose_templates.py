"""Templates are kept as files that anybody may have written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.draft import Draft, DraftField
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.templates import Template, delete, file_name, load_all, save

FIX44 = standard("FIX44")
ORDER = Draft.of_text("35=D|11={uuid}|453=1|448=X|54=1|60={now}|58=na{byte:EF}ve é|", FIX44)


def test_what_was_saved_is_loaded_by_name(tmp_path):
    folder = tmp_path / "new" / "folder"
    templates = [
        Template("a limit order", ORDER, "FIX44"),
        Template("Buy é/..\\ 100%", ORDER),
        Template("logon", Draft("A")),
    ]
    for template in templates:
        save(folder, template)
    assert load_all(folder) == templates
    assert {path.parent for path in folder.rglob("*")} == {folder}


def test_one_of_the_same_name_is_replaced(tmp_path):
    save(tmp_path, Template("order", ORDER))
    path = save(tmp_path, Template("order", Draft("D"), "FIX42"))
    assert load_all(tmp_path) == [Template("order", Draft("D"), "FIX42")]
    assert list(tmp_path.iterdir()) == [path]


def test_deleting(tmp_path):
    save(tmp_path, Template("order", ORDER))
    delete(tmp_path, "other")
    delete(tmp_path, "order")
    assert load_all(tmp_path) == []


def test_no_folder_is_no_template(tmp_path):
    told: list[str] = []
    assert load_all(tmp_path / "none", told.append) == []
    assert told == []


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a\nb", "\x1b[2J", "x" * 61, "\u202e", "é" * 60])
def test_a_name_that_cannot_be_is_told(tmp_path, name):
    for action in (lambda: save(tmp_path, Template(name, ORDER)), lambda: delete(tmp_path, name)):
        with pytest.raises(ComposeError, match="name of a template") as caught:
            action()
        assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


@given(st.text(min_size=1, max_size=60))
def test_no_name_leaves_the_folder(name):
    try:
        found = file_name(name)
    except ComposeError:
        return
    assert Path(found).name == found
    assert not found.startswith(".")
    assert len(os.fsencode(found)) <= 240


def test_one_with_a_password_is_for_its_owner_only(tmp_path):
    secret = save(tmp_path, Template("logon", Draft("A", body=(DraftField(554, "x"),))))
    raw_data = save(tmp_path, Template("raw", Draft("A", body=(DraftField(96, "x"),))))
    assert [path.stat().st_mode & 0o777 for path in (secret, raw_data)] == [0o600, 0o600]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_one_without_a_password_is_for_those_that_the_umask_names(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        path = save(tmp_path, Template("order", ORDER))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == mode


def test_what_cannot_be_read_is_told_and_the_rest_loaded(tmp_path):
    save(tmp_path, Template("order", ORDER))
    good = json.loads((tmp_path / "order.json").read_text())
    (tmp_path / "b1.json").write_text("{")
    (tmp_path / "b2.json").write_text("[]")
    (tmp_path / "b3.json").write_text('{"message": {"msgType": "D", "body": [{"tag": "x"}]}}')
    (tmp_path / "b4.json").write_text(json.dumps({**good, "dialect": 5}))
    (tmp_path / "b5.json").write_text("{}")
    (tmp_path / "b6.json").mkdir()
    os.mkfifo(tmp_path / "b7.json")
    (tmp_path / "b8.json").symlink_to(tmp_path / "none")
    (tmp_path / "b9.json").write_bytes(b"\xff")
    (tmp_path / "B!.json").write_text(json.dumps(good))
    (tmp_path / "notes.txt").write_text("not looked at")
    told: list[str] = []
    assert load_all(tmp_path, told.append) == [Template("order", ORDER)]
    assert [text.removeprefix(f"{tmp_path}/").partition(": ")[0] for text in told] == [
        "B!.json",
        *(f"b{number}.json" for number in range(1, 10)),
    ]
    assert told[3].endswith('message: body[0].tag: expected a tag number, found "x"')
    assert all(text.isprintable() for text in told)


def test_a_file_of_brackets_is_told(tmp_path):
    (tmp_path / "deep.json").write_text('{"message":' * 100_000)
    told: list[str] = []
    assert load_all(tmp_path, told.append) == []
    assert len(told) == 1


def test_more_than_anybody_has_are_not_all_loaded(tmp_path):
    text = json.dumps({"message": {"msgType": "0"}})
    for number in range(1005):
        (tmp_path / f"t{number}.json").write_text(text)
    told: list[str] = []
    assert len(load_all(tmp_path, told.append)) == 1000
    assert told == [f"{tmp_path}: only the first 1,000 of 1,005 templates are shown"]


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    told: list[str] = []
    assert load_all(tmp_path / "file", told.append) == []
    assert told == [f"{tmp_path / 'file'}: cannot be read: Not a directory"]


def test_a_disk_that_refuses_leaves_the_old_one(tmp_path, monkeypatch):
    save(tmp_path, Template("order", ORDER))

    def refuse(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, Template("order", Draft("D")))
    monkeypatch.undo()
    assert load_all(tmp_path) == [Template("order", ORDER)]
    assert len(list(tmp_path.iterdir())) == 1
