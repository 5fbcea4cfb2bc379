"""Registrations made of the dictionaries in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.registry import discovery
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from tests.registry.registry_helpers import acme, dictionary, later, registry


def test_each_dictionary_of_the_folder_is_registered(tmp_path: Path) -> None:
    dictionary(tmp_path, "Two", "ZED.XML", minor=2)
    dictionary(tmp_path, "One", "ACME44.xml")
    (tmp_path / "below").mkdir()
    dictionary(tmp_path / "below", file="deep.xml")
    (tmp_path / "folder.xml").mkdir()
    (tmp_path / "notes.txt").write_text("")
    dialects = Dialects.standard()
    found = dialects.discover(str(tmp_path))
    assert [(each.name, each.display_name, each.version) for each in found] == [
        ("acme44", "ACME44 (FIX.4.4)", "FIX.4.4"),
        ("zed", "ZED (FIX.4.2)", "FIX.4.2"),
    ]
    assert found[0].dictionary_path == tmp_path / "ACME44.xml"
    assert dialects.get_by_name("Acme44") is found[0]
    assert dialects.load_definitions("zed").message_name("UP") == "Two"
    assert dialects.get_all()[-2:] == found


def test_they_have_no_comp_ids_and_match_no_session(tmp_path: Path) -> None:
    dictionary(tmp_path)
    dialects = Dialects()
    (found,) = dialects.discover(tmp_path)
    assert found.sender_comp_ids == found.target_comp_ids == ()
    assert not found.is_default
    assert dialects.find_for_session("FIX.4.4", "ACME", "US") is None


def test_names_are_made_of_file_names_and_are_unique(tmp_path: Path) -> None:
    for file in ("Acme FX (new).xml", "acme-fx-new.xml", "acme@1.2.xml", "@.xml", "Börse_4.4.xml"):
        dictionary(tmp_path, file=file)
    found = Dialects().discover(tmp_path)
    assert [each.name for each in found] == ["dictionary", "acme-fx-new", "börse_4.4", "acme-fx-new-2", "acme@1.2"]


def test_versions_in_file_names_are_versions(tmp_path: Path) -> None:
    for version in ("1.9", "1.10"):
        dictionary(tmp_path, f"Ping{version}", f"acme@{version}.xml")
    dialects = Dialects()
    dialects.discover(tmp_path)
    registration = dialects.get_by_name("acme")
    assert registration is not None
    assert registration.name == "acme@1.10"


def test_files_that_are_no_dictionary_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    dictionary(tmp_path)
    (tmp_path / "other.xml").write_text("<html/>")
    (tmp_path / "text\x1b.xml").write_text("no XML")
    assert len(Dialects().discover(tmp_path)) == 1
    other, text = sorted(caplog.messages)
    assert other.startswith(f"{tmp_path}: passed over, for it is no dictionary: {tmp_path / 'other.xml'}:")
    assert "text\\x1b.xml" in text


def test_a_name_that_is_taken_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    dictionary(tmp_path)
    dictionary(tmp_path, file="new.xml")
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme(name="ACME")))
    before = dialects.get_by_name("acme")
    assert [each.name for each in dialects.discover(tmp_path)] == ["new"]
    assert dialects.get_by_name("acme") is before
    assert caplog.messages == [f"{tmp_path}: acme.xml: passed over, for a registration is called acme already"]


def test_what_was_discovered_is_replaced(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        dictionary(tmp_path / folder, folder)
    dictionary(tmp_path / "one", file="gone.xml")
    dialects = Dialects()
    dialects.discover(tmp_path / "one")
    assert [each.name for each in dialects.discover(tmp_path / "two")] == ["acme"]
    assert dialects.load_definitions("acme").message_name("UP") == "two"
    (tmp_path / "one" / "gone.xml").unlink()
    dialects.discover(tmp_path / "one")
    assert [each.name for each in dialects.get_all()] == ["acme"]
    assert dialects.load_definitions("acme").message_name("UP") == "one"


def test_a_registry_file_loaded_later_goes_before(tmp_path: Path) -> None:
    dictionary(tmp_path)
    dialects = Dialects()
    dialects.discover(tmp_path)
    dialects.load_from_file(registry(tmp_path, acme(displayName="of the file")))
    registration = dialects.get_by_name("acme")
    assert registration is not None
    assert registration.display_name == "of the file"


def test_a_discovered_dictionary_is_reloaded(tmp_path: Path) -> None:
    dictionary(tmp_path)
    dialects = Dialects()
    dialects.discover(tmp_path)
    dialects.load_definitions("acme")
    later(dictionary(tmp_path, "Pong"))
    assert dialects.reload_changed() == ("acme",)
    assert dialects.load_definitions("acme").message_name("UP") == "Pong"


def test_a_folder_of_no_use_is_reported(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_text("")
    dialects = Dialects()
    for path, problem in (
        (tmp_path / "none", "expected a folder with dictionaries: No such file or directory"),
        (tmp_path / "bad.xml", "expected a folder with dictionaries: Not a directory"),
        (tmp_path, r"expected a folder with dictionaries \(\*\.xml\), found none in it"),
    ):
        with pytest.raises(TypeRegistryError, match=f"^{path}: {problem}"):
            dialects.discover(path)
    assert dialects.get_all() == ()


def test_a_folder_of_too_many_files_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(discovery, "MAX_DICTIONARIES", 2)
    for number in range(3):
        dictionary(tmp_path, file=f"{number}.xml")
    assert [each.name for each in Dialects().discover(tmp_path)] == ["0", "1"]
    assert caplog.messages == [f"{tmp_path}: only the first 2 of 3 files are taken"]
