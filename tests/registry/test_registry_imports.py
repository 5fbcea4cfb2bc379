"""Registry files that import others, and entries that extend others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from purefix_core.registry import metadata as metadata_module
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.json_file import MAX_FILE_SIZE
from purefix_core.registry.metadata import MAX_IMPORTED_FILES, MAX_REGISTRATIONS, read_metadata
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from tests.registry.registry_helpers import acme, dictionary, registry


def names(path: Path) -> list[str]:
    return [each.name for each in read_metadata(path).registrations]


def only(path: Path, name: str) -> TypeRegistration:
    (found,) = (each for each in read_metadata(path).registrations if each.name == name)
    return found


def problems(path: Path) -> list[str]:
    with pytest.raises(TypeRegistryError) as caught:
        read_metadata(path)
    return [problem.replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_own_registrations_come_first_and_then_those_of_the_last_import(tmp_path: Path) -> None:
    registry(tmp_path, acme(name="a"), acme(name="b"), file="common/base.json")
    registry(tmp_path, acme(name="c"), file="more.json")
    path = registry(tmp_path, acme(name="d"), imports=["common/base.json", "more.json"])
    assert names(path) == ["d", "c", "a", "b"]


def test_paths_count_from_the_file_they_are_written_in(tmp_path: Path) -> None:
    registry(tmp_path, acme(messageStorePath="../store"), file="common/base.json", imports=["deep/deep.json"])
    registry(tmp_path, acme(name="deep"), file="common/deep/deep.json")
    path = registry(tmp_path, acme(name="own"), imports=["common/base.json"])
    found = {each.name: each for each in read_metadata(path).registrations}
    assert found["own"].dictionary_path == tmp_path / "acme.xml"
    assert found["acme"].dictionary_path == tmp_path / "common" / "acme.xml"
    assert found["acme"].message_store_path == tmp_path / "store"
    assert found["deep"].dictionary_path == tmp_path / "common" / "deep" / "acme.xml"


def test_places_name_the_file_that_an_entry_stands_in(tmp_path: Path) -> None:
    other = registry(tmp_path, acme(), file="other.json")
    path = registry(tmp_path, acme(name="own"), imports=["other.json"])
    assert read_metadata(path).places == (f"{path}: registrations[0] (own)", f"{other}: registrations[0] (acme)")


def test_an_own_entry_wins_over_the_imported_one(tmp_path: Path) -> None:
    registry(tmp_path, acme(), acme(name="b"), file="base.json")
    path = registry(tmp_path, acme(name="own"), acme(name="ACME", displayName="mine"), imports=["base.json"])
    assert names(path) == ["own", "ACME", "b"]
    assert only(path, "ACME").display_name == "mine"


def test_a_later_import_wins_over_an_earlier_one(tmp_path: Path) -> None:
    for file in ("a.json", "b.json"):
        registry(tmp_path, acme(displayName=file), file=file)
    assert only(registry(tmp_path, imports=["a.json", "b.json"]), "acme").display_name == "b.json"


def test_a_file_imported_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry(tmp_path, acme(displayName="base"), acme(name="rest"), file="base.json")
    registry(tmp_path, acme(displayName="changed"), file="a.json", imports=["base.json"])
    (tmp_path / "link.json").symlink_to("base.json")
    registry(tmp_path, acme(name="b"), file="b.json", imports=["./base.json", "link.json"])
    path = registry(tmp_path, imports=["a.json", "b.json", "base.json"])
    read: list[str] = []
    original = metadata_module.read_json_object

    def noted(path: Path) -> object:
        read.append(path.name)
        return original(path)

    monkeypatch.setattr(metadata_module, "read_json_object", noted)
    assert names(path) == ["b", "acme", "rest"]
    assert only(path, "acme").display_name == "changed"
    assert sorted(read) == sorted(["TypeRegistry.json", "a.json", "b.json", "base.json"] * 2)


def test_match_order_is_that_of_the_importing_file(tmp_path: Path) -> None:
    registry(tmp_path, file="base.json", matchOrder="document")
    assert read_metadata(registry(tmp_path, imports=["base.json"])).match_order == "specific"
    registry(tmp_path, file="base.json")
    path = registry(tmp_path, imports=["base.json"], matchOrder="document")
    assert read_metadata(path).match_order == "document"


def test_registrations_may_be_left_out_beside_imports(tmp_path: Path) -> None:
    registry(tmp_path, acme(), file="base.json")
    path = tmp_path / "TypeRegistry.json"
    path.write_text('{"imports": ["base.json"]}')
    assert names(path) == ["acme"]


def test_circular_imports_are_reported_with_the_whole_circle(tmp_path: Path) -> None:
    registry(tmp_path, file="b.json", imports=["sub/c.json"])
    registry(tmp_path, file="sub/c.json", imports=["../b.json"])
    path = registry(tmp_path, file="a.json", imports=["b.json"])
    expected = "imports[0]: expected files that do not import each other in a circle, found "
    assert problems(path) == [f"sub/c.json: {expected}b.json -> sub/c.json -> b.json"]
    assert problems(tmp_path / "b.json")[0].endswith("found b.json -> sub/c.json -> b.json")
    path = registry(tmp_path, file="own.json", imports=["own.json"])
    assert problems(path) == [f"own.json: {expected}own.json -> own.json"]


def test_a_circle_through_a_link_is_found(tmp_path: Path) -> None:
    path = registry(tmp_path, file="a.json", imports=["link.json"])
    (tmp_path / "link.json").symlink_to("a.json")
    assert problems(path)[0].endswith("found a.json -> a.json")


def test_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    registry(tmp_path, acme(enabled="yes"), file="a.json", imports=["missing.json", 7])
    (tmp_path / "b.json").write_text("{")
    path = registry(tmp_path, acme(name="x", extends="nobody"), {"name": "y"}, imports=["a.json", "b.json", ""])
    assert problems(path) == [
        "a.json: imports[0]: expected a registry file, found none at missing.json",
        'a.json: imports[1]: expected the path of a registry file or "standard", found 7',
        'a.json: registrations[0] (acme): enabled: expected true or false, found "yes"',
        "b.json: expected JSON: Expecting property name enclosed in double quotes at line 1, column 2",
        'TypeRegistry.json: imports[2]: expected the path of a registry file or "standard", found ""',
        "TypeRegistry.json: registrations[1] (y): dictionaryPath: expected a text that is not empty, found nothing",
        "TypeRegistry.json: registrations[0] (x): extends: expected the name of another entry of this file or of one "
        "that it imports, found nobody; there are: y, acme",
    ]


def test_what_is_no_list_of_files_is_reported(tmp_path: Path) -> None:
    path = registry(tmp_path, imports="base.json")
    assert problems(path) == ['TypeRegistry.json: imports: expected a list of paths, found "base.json"']


# -- extends ---------------------------------------------------------------------------------------------------------

BASE = acme(
    name="base",
    displayName="Base",
    assemblyPath="types/base",
    rootNamespace="base.types",
    messageStorePath="store",
    targetCompIds=["FUND"],
    enabled=False,
    isDefault=True,
)


def test_keys_that_are_left_out_are_taken_from_the_other_entry(tmp_path: Path) -> None:
    path = registry(tmp_path, BASE, {"name": "mine", "extends": "BASE", "senderCompIds": ["ME"]})
    base, mine = only(path, "base"), only(path, "mine")
    assert mine == TypeRegistration(
        name="mine",
        display_name="mine",
        dictionary_path=base.dictionary_path,
        assembly_path=base.assembly_path,
        sender_comp_ids=("ME",),
        target_comp_ids=(),
        version="FIX.4.4",
        root_namespace="base.types",
        message_store_path=base.message_store_path,
        enabled=True,
        is_default=False,
    )


def test_keys_that_are_given_stay(tmp_path: Path) -> None:
    own = {"dictionaryPath": "own.xml", "assemblyPath": "", "version": "", "rootNamespace": None}
    mine = only(registry(tmp_path, BASE, {"name": "mine", "extends": "base", **own}), "mine")
    assert mine.dictionary_path == tmp_path / "own.xml"
    assert (mine.assembly_path, mine.version) == (None, "")
    assert mine.root_namespace == "base.types"


def test_an_entry_may_extend_one_that_extends_another(tmp_path: Path) -> None:
    entries = [{"name": "c", "extends": "b"}, {"name": "b", "extends": "base", "version": "FIX.4.2"}, BASE]
    mine = only(registry(tmp_path, *entries), "c")
    assert (mine.version, mine.root_namespace) == ("FIX.4.2", "base.types")


def test_an_imported_entry_can_be_extended_even_by_one_of_its_name(tmp_path: Path) -> None:
    registry(tmp_path, BASE, file="common/base.json")
    path = registry(
        tmp_path,
        {"name": "base", "extends": "base", "isDefault": False},
        {"name": "x", "extends": "base"},
        imports=["common/base.json"],
    )
    for name in ("base", "x"):
        found = only(path, name)
        assert found.dictionary_path == tmp_path / "common" / "acme.xml"
        assert not found.is_default


def test_entries_of_the_importing_file_are_unknown_to_the_imported_one(tmp_path: Path) -> None:
    registry(tmp_path, {"name": "x", "extends": "base"}, file="other.json")
    path = registry(tmp_path, BASE, imports=["other.json"])
    assert problems(path) == [
        "other.json: registrations[0] (x): extends: expected the name of another entry of this file or of one that it "
        "imports, found base; there are: none"
    ]


def test_circular_extends_are_reported_with_the_whole_circle_once(tmp_path: Path) -> None:
    path = registry(
        tmp_path,
        {"name": "outside", "extends": "a"},
        {"name": "a", "extends": "b"},
        {"name": "b", "extends": "c"},
        {"name": "c", "extends": "A"},
        {"name": "self", "extends": "self"},
    )
    expected = "extends: expected entries that do not extend each other in a circle, found "
    assert problems(path) == [
        f"TypeRegistry.json: registrations[1] (a): {expected}a -> b -> c -> a",
        f"TypeRegistry.json: registrations[4] (self): {expected}self -> self",
    ]


def test_extending_an_entry_with_a_problem_reports_that_once(tmp_path: Path) -> None:
    path = registry(tmp_path, {"name": "base"}, {"name": "x", "extends": "base"}, {"name": "y", "extends": "x"})
    expected = "dictionaryPath: expected a text that is not empty, found nothing"
    assert problems(path) == [f"TypeRegistry.json: registrations[0] (base): {expected}"]


@pytest.mark.parametrize("value", ["", "  ", 7, ["base"]])
def test_extends_is_a_name(tmp_path: Path, value: object) -> None:
    (problem,) = problems(registry(tmp_path, acme(extends=value)))
    assert ": extends: expected a text that is not empty, found " in problem


def test_a_long_line_of_extends_is_followed(tmp_path: Path) -> None:
    entries: list[object] = [{"name": f"e{n}", "extends": f"e{n + 1}"} for n in range(5_000)]
    path = registry(tmp_path, *entries, {**BASE, "name": "e5000"})
    assert only(path, "e0").root_namespace == "base.types"


# -- untrusted files -------------------------------------------------------------------------------------------------


def test_too_many_imported_files_are_refused(tmp_path: Path) -> None:
    for number in range(MAX_IMPORTED_FILES + 1):
        registry(tmp_path, acme(name=f"e{number}"), file=f"{number}.json")
    files = [f"{number}.json" for number in range(MAX_IMPORTED_FILES + 1)]
    assert len(names(registry(tmp_path, imports=files[:-1]))) == MAX_IMPORTED_FILES
    assert problems(registry(tmp_path, imports=files)) == [
        "TypeRegistry.json: imports: expected at most 64 files, found 65"
    ]


def test_a_long_line_of_imports_is_refused(tmp_path: Path) -> None:
    for number in range(MAX_IMPORTED_FILES + 20):
        registry(tmp_path, file=f"{number}.json", imports=[f"{number + 1}.json"])
    assert problems(tmp_path / "0.json")[0].startswith("64.json: imports[0]: expected at most 64 imported files")


def test_too_many_registrations_are_refused(tmp_path: Path) -> None:
    entries = [acme(name=f"e{number}") for number in range(MAX_REGISTRATIONS // 2 + 1)]
    registry(tmp_path, *entries, file="half.json")
    path = registry(tmp_path, *(acme(name=f"f{number}") for number in range(MAX_REGISTRATIONS // 2 - 1)))
    assert len(names(path)) == MAX_REGISTRATIONS // 2 - 1
    path = registry(tmp_path, *entries, imports=["half.json"])
    assert problems(path) == [
        "TypeRegistry.json: registrations: expected at most 10,000 in all files, found 10,002",
    ]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "TypeRegistry.json"
    path.write_bytes(b'{"registrations": []' + b" " * MAX_FILE_SIZE + b"}")
    assert problems(path) == ["TypeRegistry.json: cannot be read: more than 8,388,608 bytes are too many"]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = registry(tmp_path, imports=["pipe"])
    assert problems(path) == ["TypeRegistry.json: imports[0]: expected a registry file, found none at pipe"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"registrations": NaN}', "registrations: expected a list of objects, found NaN"),
        ('{"registrations": [-Infinity]}', "registrations[0]: expected an object, found -Infinity"),
        ('{"registrations": [' + "1" * 5_000 + "]}", "expected JSON, found a number of too many digits"),
        ("[" * 100_000, "expected JSON that is not nested so deeply"),
        ('{"registrations": [], "matchOrder": {"a": 1}}', 'expected "specific" or "document", found {"a": 1}'),
        ('{"registrations": [{"name": "a", "dictionaryPath": "a\\u0000b"}]}', 'expected a path, found "a\\u0000b"'),
        ('{"registrations": [{"name": "a", "dictionaryPath": "\\ud800"}]}', "dictionaryPath: expected a path, found"),
        ('{"registrations": [], "imports": ["a\\u0000b"]}', "imports[0]: expected the path of a registry file"),
        ('{"registrations": [], "imports": ["\\ud800"]}', "imports[0]: expected the path of a registry file"),
    ],
    ids=lambda value: value[:20],
)
def test_odd_json_is_reported(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "TypeRegistry.json"
    path.write_text(text)
    (found,) = problems(path)
    assert problem in found


def test_of_a_key_that_stands_twice_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "TypeRegistry.json"
    path.write_text('{"registrations": [], "registrations": [{"name": "a", "name": "b", "dictionaryPath": "x"}]}')
    assert names(path) == ["b"]


def test_problems_hold_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    path = registry(tmp_path, {"name": "\x1b[2J", "version": "\x9b", "extends": "\x9b"}, {"name": "\x1b]0;\x07"})
    for problem in problems(path):
        assert problem.isprintable()


# -- through Dialects ------------------------------------------------------------------------------------------------


def test_dialects_load_imports_and_name_the_entry_whose_dictionary_is_missing(tmp_path: Path) -> None:
    other = registry(tmp_path, acme(dictionaryPath="none.xml"), file="other.json")
    dictionary(tmp_path)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme(name="own", extends="acme"), imports=["other.json"]))
    assert dialects.load_definitions("own").message_name("UP") == "Ping"
    with pytest.raises(TypeRegistryError) as caught:
        dialects.load_definitions("acme")
    assert str(caught.value).startswith(f"{other}: registrations[0] (acme): dictionaryPath: ")


def test_a_file_with_a_problem_in_an_import_changes_nothing(tmp_path: Path) -> None:
    registry(tmp_path, {"name": "bad"}, file="other.json")
    dialects = Dialects()
    with pytest.raises(TypeRegistryError):
        dialects.load_from_file(registry(tmp_path, acme(), imports=["other.json"]))
    assert dialects.get_all() == ()


def _broker(name: str, display: str, xml: str, types: str, senders: list[str], **more: object) -> dict[str, object]:
    """An entry as the design document writes them."""
    return {
        "name": name,
        "displayName": display,
        "dictionaryPath": xml,
        "assemblyPath": f"GeneratedTypes/{types}.dll",
        "senderCompIds": senders,
        "targetCompIds": ["CLIENT"] if senders != ["*"] else ["*"],
        "version": "FIX.4.4",
        "rootNamespace": types,
        "messageStorePath": f"MessageStore/{name}",
        "enabled": True,
        **more,
    }


def test_a_registry_in_the_form_of_the_design_document_loads(tmp_path: Path) -> None:
    content = {
        "version": "1.0",
        "registrations": [
            _broker("jpmfx", "JPMorgan", "Dictionaries/JPMFX44.xml", "PureFix.Types.JPMFX", ["JPMORGAN", "JPM-FX"]),
            _broker("bbgfx", "Bloomberg", "Dictionaries/BBG44.xml", "PureFix.Types.BBG", ["BLOOMBERG", "BBG-FX"]),
            _broker("fix44", "FIX 4.4", "Data/FIX44.xml", "PureFix.Types.FIX44", ["*"], isDefault=True),
            _broker("fix50sp2", "FIX 5.0", "Data/FIX50SP2.xml", "PureFix.Types.FIX50SP2", ["*"], version="FIX.5.0SP2"),
        ],
    }
    path = tmp_path / "TypeRegistry.json"
    path.write_text(json.dumps(content, indent=2))
    dialects = Dialects()
    dialects.load_from_file(path)
    assert [each.name for each in dialects.get_all_enabled()] == ["jpmfx", "bbgfx", "fix44", "fix50sp2"]
    jpm = dialects.get_by_name("jpmfx")
    assert jpm is not None
    assert jpm.assembly_path == tmp_path / "GeneratedTypes" / "PureFix.Types.JPMFX.dll"
    assert dialects.find_by_comp_ids("JPMORGAN", "CLIENT") is jpm
    assert dialects.get_default() is dialects.get_by_name("fix44")
