"""Stores for the tests of `purefix store`."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.quickfix import QuickFixFileStore
from tests.cli.store_samples import NOON, fill


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    fill(FixMsgFileStore(tmp_path / "stores", "CLI", "SRV", clock=lambda: NOON))
    return tmp_path / "stores" / "CLI.SRV"


@pytest.fixture
def quickfix(tmp_path: Path) -> Path:
    fill(QuickFixFileStore.create(tmp_path / "qf", "FIX.4.4", "CLI", "SRV", clock=lambda: NOON))
    return tmp_path / "qf" / "FIX.4.4-CLI-SRV"


@pytest.fixture(params=["purefix", "quickfix-cpp"])
def store(request: pytest.FixtureRequest) -> Path:
    """A store of each layout that is written."""
    path: Path = request.getfixturevalue("ours" if request.param == "purefix" else "quickfix")
    return path
