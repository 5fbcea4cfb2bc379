"""The JSON Schema of TypeRegistry.json says what the reader knows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from purefix_core.registry import json_file
from purefix_core.registry.entries import INHERITED
from purefix_core.registry.matching import MATCH_ORDERS
from purefix_core.registry.metadata import MAX_REGISTRATIONS, read_registry
from purefix_core.registry.names import is_good_name
from tests.conftest import REPOSITORY
from tests.registry.registry_helpers import acme, registry

SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "type-registry.schema.json").read_text(encoding="utf-8"))
ENTRY = SCHEMA["$defs"]["registration"]


class Asked(dict[str, object]):
    """Notes which keys are asked for, by the name of the entry, or "" for the whole file."""

    keys_by_name: dict[object, set[str]]

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.keys_by_name.setdefault(super().get("name", ""), set()).add(key)
        return super().get(key, default)


def keys_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    """The keys of the file and those of its one entry that the reader looks at."""
    asked: dict[object, set[str]] = {}
    loads = json.loads

    def noting(text: str) -> object:
        def made(pairs: list[tuple[str, object]]) -> Asked:
            found = Asked(pairs)
            found.keys_by_name = asked
            return found

        return loads(text, object_pairs_hook=made)

    monkeypatch.setattr(json_file.json, "loads", noting)
    assert not read_registry(path).faults
    return asked[""], asked["acme"]


def test_the_schema_has_exactly_the_keys_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_file, of_entry = keys_asked_for(registry(tmp_path, acme(), imports=[]), monkeypatch)
    assert of_entry == set(ENTRY["properties"])
    assert of_file == set(SCHEMA["properties"]) - {"$schema", "version"}  # what every file may say of itself


def test_the_schema_has_the_values_and_limits_of_the_reader() -> None:
    assert tuple(SCHEMA["properties"]["matchOrder"]["enum"]) == MATCH_ORDERS
    assert SCHEMA["properties"]["registrations"]["maxItems"] == MAX_REGISTRATIONS
    assert all(key in ENTRY["properties"]["extends"]["description"] for key in INHERITED)


@pytest.mark.parametrize("name", ["a", " a b ", "jpmfx@1.2", "a@b@c", "a@@", "", " ", "@", "@1", " @1", "a@", "a@ "])
def test_the_pattern_of_names_is_the_rule_of_the_reader(name: str) -> None:
    assert bool(re.search(ENTRY["properties"]["name"]["pattern"], name)) == is_good_name(name)


def test_the_reference_names_every_key() -> None:
    text = (REPOSITORY / "docs" / "registry.md").read_text(encoding="utf-8")
    keys = {*ENTRY["properties"], *SCHEMA["properties"]} - {"$schema"}
    assert {key for key in keys if f"`{key}`" not in text} == set()
