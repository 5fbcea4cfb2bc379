"""What all tests of the registry share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

_IMPORTED_BY_NAME = ("acme_types", "parent_of_types", "purefix_types")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dictionaries made up here leave nothing in the user's cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True)
def _same_modules_afterwards() -> Iterator[None]:
    """What a test imported as a package of typed messages is forgotten."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("_purefix_types_") or name.split(".")[0] in _IMPORTED_BY_NAME:
            del sys.modules[name]
