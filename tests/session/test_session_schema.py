"""docs/schemas/session.schema.json and docs/sessions.md know the keys that FixConfig reads, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from purefix_core.session import config
from purefix_core.session.config import FixConfig, FixConfigError
from tests.conftest import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "session.schema.json").read_text(encoding="utf-8"))
PAGE = (REPOSITORY / "docs" / "sessions.md").read_text(encoding="utf-8")
EXAMPLES = {"string": "FIX.4.4", "integer": 7, "boolean": True}
WRONG = {"string": 7, "integer": "7", "boolean": "Y", "object": "x"}


def properties() -> dict[str, dict[str, Any]]:
    """Each property by its path, with what it refers to put in."""
    application = SCHEMA["properties"]["Application"]["properties"]
    found = {**SCHEMA["properties"], **{f"Application.{key}": value for key, value in application.items()}}
    return {
        key: {**value, **SCHEMA["$defs"].get(value.get("$ref", "").split("/")[-1], {})} for key, value in found.items()
    }


def full_session() -> dict[str, Any]:
    """A session with every key of the schema but those that name another dictionary."""
    document: dict[str, Any] = {"Application": {}}
    for key, value in properties().items():
        section, _, name = key.rpartition(".")
        if name not in ("Application", "Dictionary", "DictionaryName"):
            (document[section] if section else document)[name] = EXAMPLES[value["type"]]
    return document


def problems(folder: Path, document: object) -> tuple[str, ...]:
    path = folder / "session.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        FixConfig.make_config_from_paths(folder, path)
    except FixConfigError as error:
        return error.problems
    return ()


def test_the_schema_has_exactly_the_keys_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    for kind in ("object", "text", "number", "flag"):
        read = getattr(config._Reader, kind)

        def noting(reader: Any, key: str, *rest: Any, read: Any = read, **named: Any) -> object:
            asked.add(f"{reader._prefix}{key}")
            return read(reader, key, *rest, **named)

        monkeypatch.setattr(config._Reader, kind, noting)
    assert problems(tmp_path, full_session()) == ()
    assert asked == set(properties())


def test_the_page_has_the_same_keys() -> None:
    rows = re.findall(r"^\| `([A-Za-z.]+)` \|", PAGE, re.MULTILINE)
    assert {*rows, "Application"} == set(properties())


def test_what_the_schema_allows_is_accepted(tmp_path: Path) -> None:
    assert problems(tmp_path, full_session()) == ()


@pytest.mark.parametrize("key", properties())
def test_the_types_of_the_schema_are_those_that_are_read(tmp_path: Path, key: str) -> None:
    document, wrong = full_session(), WRONG[properties()[key]["type"]]
    section, _, name = key.rpartition(".")
    (document[section] if section else document)[name] = wrong
    assert any(problem.split(": ")[1] == key for problem in problems(tmp_path, document))


@pytest.mark.parametrize("key", SCHEMA["required"])
def test_what_the_schema_requires_must_be_there(tmp_path: Path, key: str) -> None:
    assert problems(tmp_path, {name: value for name, value in full_session().items() if name != key})


@pytest.mark.parametrize("bound", ["minimum", "maximum"])
def test_numbers_have_the_bounds_of_the_schema(tmp_path: Path, bound: str) -> None:
    limit, beyond = SCHEMA["$defs"]["number"][bound], {"minimum": -1, "maximum": 1}[bound]
    assert problems(tmp_path, {**full_session(), "HeartBtInt": limit}) == ()
    assert problems(tmp_path, {**full_session(), "HeartBtInt": limit + beyond})


def test_the_session_that_the_page_shows_is_the_example() -> None:
    shown = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1] == (REPOSITORY / "examples" / "dialect" / "session.json").read_text(encoding="utf-8")
