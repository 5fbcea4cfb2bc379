"""Hot reload: what changed on the disk is taken over, and what was handed out stays as it is."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.logs.log_file import LogFile
from purefix_core.registry import reload as reload_module
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.signatures import file_signature
from tests.registry.registry_helpers import (
    acme,
    dictionary,
    later,
    loaded,
    names,
    package,
    provider_text,
    registry,
    rewritten,
)

PING = b"8=FIX.4.4|9=5|35=UP|49=ACME|56=US|34=1|6001=x|10=000|\n"


# -- registry files --------------------------------------------------------------------------------------------------


def test_nothing_changed(tmp_path: Path) -> None:
    dictionary(tmp_path)
    package(tmp_path)
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    definitions, provider = dialects.load_definitions("acme"), dialects.provider("acme")
    assert dialects.reload_changed() == ()
    assert dialects.load_definitions("acme") is definitions
    assert dialects.provider("acme") is provider


def test_a_changed_registry_file_is_read_again(tmp_path: Path) -> None:
    path = registry(tmp_path, acme(), acme(name="same"), acme(name="gone"))
    dialects = loaded(path)
    rewritten(path, acme(senderCompIds=["NEW"]), acme(name="same"), acme(name="added"))
    assert dialects.reload_changed() == ("acme", "gone", "added")
    assert names(dialects) == ["acme", "same", "added"]
    found = dialects.find_by_sender_comp_id("NEW")
    assert found is dialects.get_by_name("acme")
    assert dialects.reload_changed() == ()


def test_what_a_registration_that_stays_the_same_has_loaded_stays_too(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = registry(tmp_path, acme(), acme(name="same"))
    dialects = loaded(path)
    definitions, provider = dialects.load_definitions("same"), dialects.provider("same")
    rewritten(path, acme(name="same"))
    assert dialects.reload_changed() == ("acme",)
    assert dialects.load_definitions("same") is definitions
    assert dialects.provider("same") is provider


def test_registrations_of_the_program_stay(tmp_path: Path) -> None:
    path = registry(tmp_path, acme(), acme(name="other"))
    dialects = loaded(path)
    dialects.register(TypeRegistration("mine", "mine", tmp_path / "acme.xml"))
    dialects.register(TypeRegistration("acme", "by hand", tmp_path / "acme.xml"))
    rewritten(path, acme(displayName="from the file"))
    assert dialects.reload_changed() == ("other",)
    assert sorted(names(dialects)) == ["acme", "mine"]
    registration = dialects.get_by_name("acme")
    assert registration is not None
    assert registration.display_name == "by hand"


def test_an_entry_of_an_earlier_file_comes_back_when_a_later_one_drops_it(tmp_path: Path) -> None:
    registry(tmp_path, acme(displayName="first"), file="a.json")
    second = registry(tmp_path, acme(displayName="second"), file="b.json")
    dialects = loaded(tmp_path / "a.json")
    dialects.load_from_file(second)
    rewritten(second)
    assert dialects.reload_changed() == ("acme",)
    registration = dialects.get_by_name("acme")
    assert registration is not None
    assert registration.display_name == "first"


def test_a_changed_import_is_seen(tmp_path: Path) -> None:
    base = registry(tmp_path, acme(), file="common/base.json")
    dialects = loaded(registry(tmp_path, acme(name="own"), imports=["common/base.json"]))
    rewritten(base, acme(), acme(name="added"))
    assert dialects.reload_changed() == ("added",)


def test_a_change_of_the_match_order_concerns_all(tmp_path: Path) -> None:
    entries = acme(), acme(name="star", senderCompIds=["*"])
    path = registry(tmp_path, *entries)
    dialects = loaded(path)
    rewritten(path, *entries, matchOrder="document")
    assert dialects.reload_changed() == ("acme", "star")
    found = dialects.find_by_sender_comp_id("ACME2")
    assert found is dialects.get_by_name("star")
    rewritten(path, *reversed(entries), matchOrder="document")
    assert sorted(dialects.reload_changed()) == ["acme", "star"]


def test_a_link_that_leads_elsewhere_is_a_change(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        dictionary(tmp_path / name, name)
        registry(tmp_path / name, acme(displayName=name))
    current = tmp_path / "current"
    current.symlink_to("one")
    dialects = loaded(current / "TypeRegistry.json")
    assert dialects.load_definitions("acme").message_name("UP") == "one"
    current.unlink()
    current.symlink_to("two")
    assert dialects.reload_changed() == ("acme",)
    assert dialects.load_definitions("acme").message_name("UP") == "two"


def test_every_link_to_an_imported_file_is_looked_at(tmp_path: Path) -> None:
    base, link = registry(tmp_path, acme(), file="base.json"), tmp_path / "link.json"
    link.symlink_to(base)
    dialects = loaded(registry(tmp_path, imports=["base.json", "link.json"]))
    link.unlink()
    link.symlink_to(registry(tmp_path, acme(name="more"), file="more.json"))
    assert dialects.reload_changed() == ("more",)


def test_a_relative_path_is_still_that_file_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = registry(tmp_path, acme())
    monkeypatch.chdir(tmp_path)
    dialects = loaded(Path(path.name))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert dialects.reload_changed() == ()
    rewritten(path, acme(name="other"))
    assert dialects.reload_changed() == ("acme", "other")


def test_a_bad_file_changes_nothing_and_is_reported_once(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path, other = registry(tmp_path, acme()), registry(tmp_path, acme(name="other"), file="other.json")
    dialects = loaded(path)
    dialects.load_from_file(other)
    definitions = dialects.load_definitions("acme")
    for bad in ("{", "[]"):
        path.write_text(bad)
        later(path)
        rewritten(other, acme(name="other"), acme(name="added"))
        with pytest.raises(TypeRegistryError, match="expected"):
            dialects.reload_changed()
        assert names(dialects)[:2] == ["acme", "other"]
        assert dialects.load_definitions("acme") is definitions
        dialects.reload_changed()
        assert names(dialects) == ["acme", "other", "added"]
        assert dialects.reload_changed() == ()
        rewritten(other, acme(name="other"))
        assert dialects.reload_changed() == ("added",)
    rewritten(path, acme(name="repaired"))
    assert dialects.reload_changed() == ("acme", "repaired")


def test_a_file_that_vanishes_and_comes_back(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    path.rename(tmp_path / "away")
    with pytest.raises(TypeRegistryError, match="cannot be read"):
        dialects.reload_changed()
    assert dialects.reload_changed() == ()
    assert names(dialects) == ["acme"]
    (tmp_path / "away").rename(path)
    assert dialects.reload_changed() == ()
    rewritten(path)
    assert dialects.reload_changed() == ("acme",)


def test_an_import_that_was_missing_is_taken_when_it_comes(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    rewritten(path, acme(), imports=["new.json"])
    with pytest.raises(TypeRegistryError, match=r"imports\[0\]: expected a registry file, found none at .*new\.json"):
        dialects.reload_changed()
    registry(tmp_path, acme(name="new"), file="new.json")
    assert dialects.reload_changed() == ("new",)
    assert names(dialects) == ["acme", "new"]


def test_a_file_loaded_again_leaves_nothing_of_what_it_was(tmp_path: Path) -> None:
    path = registry(tmp_path, acme(), acme(name="gone"))
    dialects = loaded(path)
    registry(tmp_path, acme())
    dialects.load_from_file(path)
    assert names(dialects) == ["acme"]


# -- dictionaries ----------------------------------------------------------------------------------------------------


def test_a_changed_dictionary_is_loaded_anew_on_its_next_use(tmp_path: Path) -> None:
    path = dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme(), acme(name="unused")))
    old, types = dialects.load_definitions("acme"), dialects.provider("acme")
    later(dictionary(tmp_path, "Pong"))
    assert dialects.load_definitions("acme") is old
    assert dialects.reload_changed() == ("acme",)
    assert dialects.load_definitions("acme").message_name("UP") == "Pong"
    assert [each.message_name for each in dialects.provider("acme").get_message_types()] == ["Pong"]
    assert old.message_name("UP") == "Ping"
    assert [each.message_name for each in types.get_message_types()] == ["Ping"]
    path.unlink()
    assert dialects.reload_changed() == ("acme",)
    with pytest.raises(TypeRegistryError, match="found none at"):
        dialects.load_definitions("acme")


def test_a_log_that_is_open_keeps_the_dictionary_it_started_with(tmp_path: Path) -> None:
    dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme()))
    log = LogFile.from_bytes(PING, dialects)
    log.index()
    assert log.decode(0).name == "Ping"
    later(dictionary(tmp_path, "Pong"))
    assert dialects.reload_changed() == ("acme",)
    assert log.decode(0).name == "Ping"
    fresh = LogFile.from_bytes(PING, dialects)
    fresh.index()
    assert fresh.decode(0).name == "Pong"


def test_standard_dictionaries_are_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    dialects = Dialects.standard()
    definitions = dialects.load_definitions("fix44")
    monkeypatch.setattr(reload_module, "file_signature", lambda _: (1, 2, 3))  # everything looks changed
    assert dialects.reload_changed() == ()
    assert dialects.load_definitions("fix44") is definitions


# -- packages --------------------------------------------------------------------------------------------------------


def factory_of(dialects: Dialects) -> object:
    return dialects.create_message_factory("acme")


def test_a_changed_package_is_imported_anew_on_its_next_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    dictionary(tmp_path)
    path = package(tmp_path)
    second = int(time.time())
    os.utime(path / "provider.py", (second, second))
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    definitions, old = dialects.load_definitions("acme"), dialects.provider("acme")
    (path / "provider.py").write_text(provider_text("ACME"))
    # Of the same length, within the same second: Python's bytecode cache takes it for the same file.
    os.utime(path / "provider.py", (second + 0.5, second + 0.5))
    assert dialects.reload_changed() == ("acme",)
    assert factory_of(dialects) == "factory of ACME"
    found: object = old.create_message_factory()
    assert found == "factory of acme"
    assert dialects.load_definitions("acme") is definitions
    assert dialects.reload_changed() == ()


def test_a_changed_package_that_was_imported_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package(tmp_path, "acme_types")
    monkeypatch.syspath_prepend(str(tmp_path))
    dialects = loaded(registry(tmp_path, acme(assemblyPath="acme_types", rootNamespace="acme_types")))
    assert factory_of(dialects) == "factory of acme"
    module = sys.modules["acme_types"]
    (path / "provider.py").write_text(provider_text("changed"))
    assert dialects.reload_changed() == ("acme",)
    assert factory_of(dialects) == "factory of changed"
    assert sys.modules["acme_types"] is module


LAZY = """
def _lazy(self):
    from .below import lazy
    return lazy.TEXT
"""


@pytest.mark.parametrize("first", ["the package", "a look for changes", "a watch"])
def test_a_provider_never_sees_modules_of_the_changed_package(tmp_path: Path, first: str) -> None:
    """Generated packages import each message when it is first used."""
    path = package(tmp_path)
    (path / "below").mkdir()
    (path / "below" / "__init__.py").write_text("")
    (path / "below" / "broken.py").write_text("raise SystemExit('broken')")
    (path / "below" / "__main__.py").write_text("print('a program')")
    (path / "below" / "lazy.py").write_text("TEXT = 'old'")
    (path / "provider.py").write_text(provider_text() + LAZY + "Types.create_message_factory = _lazy\n")
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    if first == "the package":
        dialects.provider("acme")
    if first == "a watch":
        dialects.watch(1_000).stop()
    else:
        assert dialects.reload_changed() == ()
    old = dialects.provider("acme")
    (path / "below" / "lazy.py").write_text("TEXT = 'new'")
    assert dialects.reload_changed() == ("acme",)
    assert factory_of(dialects) == "new"
    found: object = old.create_message_factory()
    assert found == "old"


def test_without_reloading_modules_are_imported_when_they_are_used(tmp_path: Path) -> None:
    path = package(tmp_path)
    (path / "lazy.py").write_text("")
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    module = type(dialects.provider("acme")).__module__.split(".")[0]
    assert f"{module}.lazy" not in sys.modules
    dialects.reload_changed()
    assert f"{module}.lazy" in sys.modules


@pytest.mark.parametrize("change", ["added", "removed", "below"])
def test_files_that_come_and_go_are_changes_of_a_package(tmp_path: Path, change: str) -> None:
    path = package(tmp_path)
    (path / "below").mkdir()
    (path / "more.py").write_text("")
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    dialects.provider("acme")
    if change == "added":
        (path / "new.py").write_text("")
    elif change == "removed":
        (path / "more.py").unlink()
    else:
        (path / "below" / "new.py").write_text("")
    assert dialects.reload_changed() == ("acme",)


def test_what_is_not_source_is_no_change_of_a_package(tmp_path: Path) -> None:
    path = package(tmp_path)
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    dialects.provider("acme")
    (path / "notes.txt").write_text("")
    (path / "__pycache__").mkdir(exist_ok=True)
    (path / "__pycache__" / "x.py").write_text("")
    assert dialects.reload_changed() == ()


def test_a_package_that_comes_takes_the_place_of_run_time_types(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    dialects.provider("acme")
    assert len(caplog.records) == 1
    path = package(tmp_path)
    assert dialects.reload_changed() == ("acme",)
    assert factory_of(dialects) == "factory of acme"
    (path / "__init__.py").unlink()
    assert dialects.reload_changed() == ("acme",)
    assert dialects.provider("acme").get_message_type_by_msg_type("UP") is not None


def test_a_warning_is_not_told_again_after_a_reload(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme(assemblyPath="Types.dll")))
    dialects.provider("acme")
    later(dictionary(tmp_path, "Pong"))
    assert dialects.reload_changed() == ("acme",)
    dialects.provider("acme")
    assert len(caplog.records) == 1


def test_a_bad_package_does_not_hinder_a_reload(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = package(tmp_path)
    dialects = loaded(registry(tmp_path, acme(assemblyPath="types")))
    old = dialects.provider("acme")
    (path / "__init__.py").write_text("1 / 0")
    assert dialects.reload_changed() == ("acme",)
    with pytest.raises(TypeRegistryError, match="ZeroDivisionError"):
        dialects.provider("acme")
    found: object = old.create_message_factory()
    assert found == "factory of acme"


def test_a_registration_replaced_by_the_program_is_not_concerned(tmp_path: Path) -> None:
    dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme()))
    dialects.load_definitions("acme")
    registration = dialects.get_by_name("acme")
    assert registration is not None
    other = dictionary(tmp_path, file="other.xml")
    dialects.register(replace(registration, dictionary_path=other))
    later(tmp_path / "acme.xml")
    assert dialects.reload_changed() == ()


# -- the same package, changed with what names it ---------------------------------------------------------------------


def factory_text(dialects: Dialects, name: str = "acme") -> object:
    found: object = dialects.create_message_factory(name)
    return found


def test_importable_package_is_new_with_its_changed_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = package(tmp_path, "acme_types", text="old")
    dictionary(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = acme(assemblyPath="acme_types", rootNamespace="acme_types")
    path = registry(tmp_path, entry, {**entry, "name": "again"})
    dialects = loaded(path)
    assert factory_text(dialects) == "factory of old"
    package(tmp_path, "acme_types", text="new")
    later(folder / "provider.py")
    rewritten(path, {**entry, "displayName": "Acme, the second"}, {**entry, "name": "again"})
    assert "acme" in dialects.reload_changed()
    assert factory_text(dialects) == "factory of new"
    assert factory_text(dialects, "again") == "factory of new"
    assert factory_text(loaded(path)) == "factory of new"


def test_dictionary_that_was_broken_for_a_moment(tmp_path: Path) -> None:
    path = dictionary(tmp_path)
    dialects = loaded(registry(tmp_path, acme()))
    whole = path.read_text()
    path.write_text(whole[:100])
    with pytest.raises(DictionaryError):
        dialects.load_definitions("acme")
    assert dialects.reload_changed() == ()
    path.write_text(whole)
    later(path)
    assert dialects.reload_changed() == ("acme",)
    assert dialects.load_definitions("acme").message_name("UP") == "Ping"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_registry_that_could_not_be_read_is_taken_when_it_can(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    other = registry(tmp_path, acme(), acme(name="new"), file="other.json")
    other.chmod(0)
    other.replace(path)
    with pytest.raises(TypeRegistryError, match="cannot be read"):
        dialects.reload_changed()
    path.chmod(0o644)
    assert dialects.reload_changed() == ("new",)


def test_change_of_rights_counts_as_a_change(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    before = file_signature(path)
    path.chmod(0o600 if path.stat().st_mode & 0o777 != 0o600 else 0o644)
    assert file_signature(path) != before
