"""The sample registries say what their README tells."""

from __future__ import annotations

import pytest

from purefix_core import TypeRegistry
from purefix_core.registry.checking import ERROR, check
from tests.conftest import REPOSITORY

SAMPLES = REPOSITORY / "examples" / "registries"


def loaded(name: str) -> TypeRegistry:
    registry = TypeRegistry()
    registry.load_from_file(SAMPLES / name)
    return registry


@pytest.mark.parametrize("name", ["team.json", "versions.json"])
def test_nothing_is_wrong_with_a_sample(name: str) -> None:
    assert [str(problem) for problem in check(SAMPLES / name) if problem.severity == ERROR] == []


def test_team() -> None:
    registry = loaded("team.json")
    names = {
        sender: getattr(registry.find_for_session(version, sender, "DESK"), "name", None)
        for version, sender in (
            ("FIX.4.4", "PLOVER"),
            ("FIX.4.4", "PLV-LONDON"),
            ("FIX.4.4", "LARKSPUR"),
            ("FIX.4.4", "ANYBODY"),
            ("FIXT.1.1", "VENUE"),
        )
    }
    assert names == {
        "PLOVER": "plover",
        "PLV-LONDON": "plover",
        "LARKSPUR": "larkspur",
        "ANYBODY": "fix44",
        "VENUE": "fix50sp2",
    }
    assert registry.load_definitions("plover").version == "FIX.4.4"


def test_versions() -> None:
    registry = loaded("versions.json")
    newest = registry.get_by_name("larkspur@2")
    assert registry.get_by_name("larkspur") is newest
    assert registry.find_by_sender_comp_id("LARKSPUR") is newest
    old, new = (registry.load_definitions(name) for name in ("larkspur@1", "larkspur"))
    assert set(old.tags) != set(new.tags)
