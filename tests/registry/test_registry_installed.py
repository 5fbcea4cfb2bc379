"""Packages that are installed: found by their rootNamespace alone; and the standard registry by its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core import TypeRegistry
from purefix_core.dictionary.standard import STANDARD_NAMES, standard
from purefix_core.types.generator.package import generate_package


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ready-made package of FIX 4.4."""
    generate_package(standard("FIX44"), tmp_path, "purefix_types.fix44", ["D"])
    monkeypatch.syspath_prepend(str(tmp_path))


def test_standard_registry_gives_the_classes_of_the_installed_package(installed: None) -> None:
    from importlib import import_module

    order = TypeRegistry.standard().create_message_factory("fix44").create("D", ClOrdID="1")
    assert type(order) is import_module("purefix_types.fix44").NewOrderSingle
    other = TypeRegistry.standard().create_message_factory("fix50sp2").create("D", ClOrdID="1")
    assert type(other).__module__ == "purefix_core.types.runtime"


def test_without_one_there_are_run_time_types() -> None:
    assert type(TypeRegistry.standard().create_message_factory("fix44").create("D")).__module__.endswith(
        "types.runtime"
    )


def test_own_registry_keeps_the_standard_versions(tmp_path: Path) -> None:
    path = tmp_path / "TypeRegistry.json"
    own = {"name": "acme", "extends": "fix44", "senderCompIds": ["ACME"]}
    path.write_text(json.dumps({"imports": ["standard"], "registrations": [own]}))
    registry = TypeRegistry()
    registry.load_from_file(path)
    assert len(registry.get_all_enabled()) == len(STANDARD_NAMES) + 1
    found = [registry.find_for_session(version, "ACME", "X") for version in ("FIX.4.4", "FIX.4.2")]
    assert [each and each.name for each in found] == ["acme", "fix42"]
    assert registry.load_definitions("acme") is standard("FIX44")
