"""Reading TypeRegistry.json: what loads, and how a bad file is reported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.registry.metadata import STANDARD_REGISTRY, read_metadata
from purefix_core.registry.registration import TypeRegistryError

FULL = {
    "name": "acme",
    "displayName": "Acme FIX 4.4",
    "dictionaryPath": "Dictionaries/ACME44.xml",
    "assemblyPath": "Types/acme",
    "senderCompIds": ["ACME", "ACME-FX"],
    "targetCompIds": ["CLIENT"],
    "version": "FIX.4.4",
    "rootNamespace": "Acme.Types",
    "messageStorePath": "MessageStore/acme",
    "enabled": True,
    "isDefault": True,
}
SMALL = {"name": "small", "dictionaryPath": "small.xml"}

COMP_IDS = "a list of CompIDs, none of them empty or longer than 1,000 characters"


def written(folder: Path, content: object) -> Path:
    path = folder / "TypeRegistry.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def problems(folder: Path, content: object) -> tuple[str, ...]:
    with pytest.raises(TypeRegistryError) as caught:
        read_metadata(written(folder, content))
    assert all(str(folder / "TypeRegistry.json") in problem for problem in caught.value.problems)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return tuple(problem.removeprefix(f"{folder / 'TypeRegistry.json'}: ") for problem in caught.value.problems)


def test_every_key_is_read_and_paths_count_from_the_file(tmp_path: Path) -> None:
    metadata = read_metadata(written(tmp_path, {"version": "1.0", "registrations": [FULL]}))
    (registration,) = metadata.registrations
    assert registration.name == "acme"
    assert registration.display_name == "Acme FIX 4.4"
    assert registration.dictionary_path == tmp_path / "Dictionaries" / "ACME44.xml"
    assert registration.assembly_path == tmp_path / "Types" / "acme"
    assert registration.sender_comp_ids == ("ACME", "ACME-FX")
    assert registration.target_comp_ids == ("CLIENT",)
    assert registration.version == "FIX.4.4"
    assert registration.root_namespace == "Acme.Types"
    assert registration.message_store_path == tmp_path / "MessageStore" / "acme"
    assert registration.enabled
    assert registration.is_default
    assert metadata.match_order == "specific"


def test_what_is_left_out_has_a_plain_meaning(tmp_path: Path) -> None:
    (registration,) = read_metadata(written(tmp_path, {"registrations": [SMALL]})).registrations
    assert registration.display_name == "small"
    assert registration.sender_comp_ids == registration.target_comp_ids == ()
    assert registration.assembly_path is registration.message_store_path is None
    assert registration.version == registration.root_namespace == ""
    assert registration.enabled
    assert not registration.is_default


def test_absolute_paths_stay(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "a.xml"
    content = {"registrations": [{**SMALL, "dictionaryPath": str(other)}]}
    assert read_metadata(written(tmp_path, content)).registrations[0].dictionary_path == other


def test_unknown_keys_are_passed_over(tmp_path: Path) -> None:
    content = {"$schema": "x", "registrations": [{**SMALL, "comment": 1}], "owner": None}
    assert len(read_metadata(written(tmp_path, content)).registrations) == 1


def test_bom_and_crlf_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "TypeRegistry.json"
    text = json.dumps({"registrations": [FULL]}, indent=2).replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_metadata(path).registrations[0].name == "acme"


def test_match_order_is_read(tmp_path: Path) -> None:
    assert read_metadata(written(tmp_path, {"matchOrder": "document", "registrations": []})).match_order == "document"


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    bad = {**FULL, "senderCompIds": "ACME", "enabled": "yes", "version": 4.4, "name": "  "}
    found = problems(tmp_path, {"matchOrder": "odd", "registrations": [bad, {**SMALL, "targetCompIds": [""]}, 7]})
    assert found == (
        'matchOrder: expected "specific" or "document", found "odd"',
        'registrations[0] (  ): name: expected a text that is not empty, found "  "',
        f'registrations[0] (  ): senderCompIds: expected {COMP_IDS}, found "ACME"',
        "registrations[0] (  ): version: expected a text, found 4.4",
        'registrations[0] (  ): enabled: expected true or false, found "yes"',
        f'registrations[1] (small): targetCompIds: expected {COMP_IDS}, found [""]',
        "registrations[2]: expected an object, found 7",
    )


def test_missing_keys_are_reported(tmp_path: Path) -> None:
    assert problems(tmp_path, {"registrations": [{}]}) == (
        "registrations[0]: name: expected a text that is not empty, found nothing",
        "registrations[0]: dictionaryPath: expected a text that is not empty, found nothing",
    )


def test_a_name_may_be_used_once_only_in_any_case(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {"registrations": [SMALL, {**SMALL, "name": "Small"}]})
    assert problem.startswith("registrations[1] (Small): name: expected one that no other entry has, see ")
    assert problem.endswith("registrations[0] (small)")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[]", "expected a JSON object, found []"),
        ("{}", "registrations: expected a list of objects, found nothing"),
        ('{"registrations": {}}', "registrations: expected a list of objects, found {}"),
        ('{\n "a": }', "expected JSON: Expecting value at line 2, column 7"),
        ("", "expected JSON: Expecting value at line 1, column 1"),
    ],
)
def test_what_is_no_registry_is_reported(tmp_path: Path, content: str, problem: str) -> None:
    assert problems(tmp_path, content) == (problem,)


def test_text_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "TypeRegistry.json"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(TypeRegistryError, match="expected UTF-8 text, but byte 7 is not"):
        read_metadata(path)


def test_missing_file_and_folder_are_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(TypeRegistryError, match=re.escape(f"{path}: cannot be read: ")):
            read_metadata(path)


def test_sample_of_the_design_document_loads_as_it_stands(shared: Path, tmp_path: Path) -> None:
    text = (shared / "spec" / "type-registry-and-server.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"```json\n(\{\s+\"version\": \"1\.0\".*?)```", text, re.DOTALL)
    registrations = read_metadata(written(tmp_path, sample)).registrations
    assert [each.name for each in registrations] == ["jpmfx", "bbgfx", "fix44", "fix50sp2"]
    assert registrations[0].sender_comp_ids == ("JPMORGAN", "JPM-FX", "JPMFX")
    assert [each.is_default for each in registrations] == [False, False, True, False]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted([*FULL, "extends"])), JSON, max_size=12), JSON, JSON)
def test_any_json_loads_or_is_reported(
    tmp_path_factory: pytest.TempPathFactory, content: object, order: object, imports: object
) -> None:
    path = tmp_path_factory.mktemp("registry") / "TypeRegistry.json"
    document = {"matchOrder": order, "imports": imports, "registrations": [content]}
    path.write_text(json.dumps(document), encoding="utf-8")
    reported: tuple[str, ...] = ()
    count = 0
    try:
        count = len(read_metadata(path).registrations)
    except TypeRegistryError as error:
        reported = error.problems
    assert (count == 1) != bool(reported)


def test_samples_in_the_documentation_load(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parent.parent.parent / "docs" / "registry.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert [each.name for each in read_metadata(written(tmp_path, first)).registrations] == ["acme", "fix44"]
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "desk.json").write_text(first, encoding="utf-8")
    names = [each.name for each in read_metadata(written(tmp_path, second)).registrations]
    standard = [each.name for each in read_metadata(STANDARD_REGISTRY).registrations]
    assert names == ["acme@1", "acme-test", "acme", "fix44", *(each for each in standard if each != "fix44")]
