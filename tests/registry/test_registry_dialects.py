"""Dialects: the standard ones, those of a file, and the dictionaries behind them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.dictionary.standard import STANDARD_NAMES, standard, standard_path
from purefix_core.registry.dialects import STANDARD_REGISTRY, Dialects
from purefix_core.registry.metadata import read_metadata
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.wire import tags
from tests.registry.registry_helpers import DICTIONARY, acme, registry

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def nine() -> Dialects:
    return Dialects.standard()


def test_the_nine_standard_dictionaries_are_registered(nine: Dialects) -> None:
    names = "fix40 fix41 fix42 fix43 fix44 fix50 fix50sp1 fix50sp2 fixt11".split()
    assert [each.name for each in nine.get_all_enabled()] == names
    assert [each.dictionary_path for each in nine.get_all_enabled()] == [standard_path(each) for each in STANDARD_NAMES]
    assert nine.get_default() is nine.get_by_name("fix44")


def test_top_level_registry_says_the_same_as_the_packaged_one() -> None:
    own = read_metadata(REPOSITORY / "TypeRegistry.json").registrations
    packaged = read_metadata(STANDARD_REGISTRY).registrations
    assert own == packaged
    assert all(each.dictionary_path.is_file() for each in packaged)


@pytest.mark.parametrize(
    ("begin_string", "appl", "name"),
    [
        ("FIX.4.0", None, "fix40"),
        ("FIX.4.1", None, "fix41"),
        ("FIX.4.2", None, "fix42"),
        ("FIX.4.3", None, "fix43"),
        ("FIX.4.4", None, "fix44"),
        ("FIXT.1.1", "7", "fix50"),
        ("FIXT.1.1", "8", "fix50sp1"),
        ("FIXT.1.1", "9", "fix50sp2"),
        ("FIXT.1.1", None, "fix50sp2"),
        ("FIX.9.9", None, "fix44"),
    ],
)
def test_standard_dialect_of_a_session(nine: Dialects, begin_string: str, appl: str | None, name: str) -> None:
    found = nine.find_for_session(begin_string, "ANY", "BODY", appl)
    assert found is nine.get_by_name(name)
    match = nine.match_session(begin_string, "ANY", "BODY", appl)
    assert match is not None
    assert match.registration is found
    assert match.reason


def test_names_are_found_in_any_case_and_when_disabled(tmp_path: Path) -> None:
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme(enabled=False, isDefault=True)))
    registration = dialects.get_by_name("ACME")
    assert registration is not None
    assert registration.name == "acme"
    assert dialects.get_by_name("other") is None
    assert dialects.find_by_sender_comp_id("ACME") is None
    assert dialects.get_default() is None
    assert dialects.get_all_enabled() == ()


def test_comp_ids_find_a_registration_in_both_directions(nine: Dialects) -> None:
    dialects = Dialects.standard()
    dialects.register(TypeRegistration("jpm", "JPM", Path("jpm.xml"), None, ("JPMORGAN",), ("CLIENT",), "FIX.4.4"))
    jpm = dialects.get_by_name("jpm")
    assert dialects.find_by_sender_comp_id("JPMORGAN") is jpm
    assert dialects.find_by_sender_comp_id("JPMORGAN-2") is jpm
    assert dialects.find_by_sender_comp_id("CLIENT") is dialects.get_default()
    assert dialects.find_by_comp_ids("JPMORGAN", "CLIENT") is jpm
    assert dialects.find_by_comp_ids("CLIENT", "JPMORGAN") is jpm
    assert dialects.find_by_comp_ids("CLIENT", "OTHER") is dialects.get_default()


def test_registration_of_the_same_name_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "acme.xml").write_text(DICTIONARY)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme()))
    first = dialects.load_definitions("acme")
    registration = dialects.get_by_name("acme")
    assert registration is not None
    other = tmp_path / "other.xml"
    other.write_text(DICTIONARY.replace("Ping", "Pong"))
    dialects.register(replace(registration, name="Acme", dictionary_path=other))
    assert len(dialects.get_all_enabled()) == 1
    assert first.message_name("UP") == "Ping"
    assert dialects.load_definitions("acme").message_name("UP") == "Pong"


def test_file_with_problems_changes_nothing(tmp_path: Path) -> None:
    dialects = Dialects()
    with pytest.raises(TypeRegistryError):
        dialects.load_from_file(registry(tmp_path, acme(), {"name": "broken"}))
    assert dialects.get_by_name("acme") is None


def test_match_order_of_the_file_holds(tmp_path: Path) -> None:
    entries = (acme(), acme(name="all", senderCompIds=["*"]))
    names = []
    for order in ("specific", "document"):
        dialects = Dialects()
        dialects.load_from_file(registry(tmp_path, *entries, matchOrder=order))
        found = dialects.find_by_sender_comp_id("ACME-FX")
        assert found is not None
        names.append(found.name)
    assert names == ["acme", "all"]


def test_definitions_are_loaded_once(tmp_path: Path) -> None:
    (tmp_path / "acme.xml").write_text(DICTIONARY)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme()))
    definitions = dialects.load_definitions("Acme")
    assert definitions.message_name("UP") == "Ping"
    assert dialects.load_definitions("acme") is definitions


def test_standard_definitions_are_shared(nine: Dialects) -> None:
    assert nine.load_definitions("fix44") is standard("FIX44")
    assert Dialects.standard().load_definitions("fix50sp2") is nine.load_definitions("fix50sp2")


@pytest.mark.parametrize("name", ["fix50", "fix50sp1", "fix50sp2"])
def test_fix50_decodes_with_the_header_of_fixt(nine: Dialects, name: str) -> None:
    definitions = nine.load_definitions(name)
    assert definitions.name == name.upper()
    assert {tags.BEGIN_STRING, tags.APPL_VER_ID} <= definitions.header_tags
    assert definitions.message_name("A") == "Logon"
    assert definitions.message_name("D") == "NewOrderSingle"


def test_fix50_dialect_of_a_broker_gets_the_header_too(tmp_path: Path) -> None:
    text = DICTIONARY.replace("<header><field name='BeginString' required='Y'/></header>", "<header/>")
    (tmp_path / "acme.xml").write_text(text)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme(version="FIX.5.0SP2")))
    definitions = dialects.load_definitions("acme")
    assert tags.APPL_VER_ID in definitions.header_tags
    assert definitions.message_name("UP") == "Ping"


def test_fix50_dialect_with_a_header_of_its_own_keeps_it(shared: Path) -> None:
    path = shared / "dialects" / "purefix_fix5-mod.xml"
    dialects = Dialects()
    dialects.register(TypeRegistration("mod", "mod", path, None, ("*",), ("*",), "FIX.5.0SP2"))
    definitions = dialects.load_definitions("mod")
    assert tags.APPL_VER_ID in definitions.header_tags
    assert not definitions.is_combined


def test_missing_dictionary_is_reported_with_file_entry_and_path(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = Dialects()
    dialects.load_from_file(path)
    with pytest.raises(TypeRegistryError) as caught:
        dialects.load_definitions("acme")
    expected = f"{path}: registrations[0] (acme): dictionaryPath: expected a dictionary file, found none at "
    assert str(caught.value) == expected + str(tmp_path / "acme.xml")


def test_dictionary_of_no_use_is_reported_by_its_own_error(tmp_path: Path) -> None:
    (tmp_path / "acme.xml").write_text("no XML")
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme()))
    with pytest.raises(DictionaryError, match=r"acme\.xml"):
        dialects.load_definitions("acme")


def test_unknown_name_is_reported_with_the_known_ones(nine: Dialects) -> None:
    with pytest.raises(TypeRegistryError, match="no dialect is called fix99; known are: fix40, fix41"):
        nine.load_definitions("fix99")


def test_loading_a_registry_needs_no_xml_reader() -> None:
    code = (
        "import sys; from purefix_core.registry.dialects import Dialects; Dialects.standard();"
        "print(sorted({'lxml', 'click', 'asyncio', 'numpy', 'textual'} & sys.modules.keys()))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
