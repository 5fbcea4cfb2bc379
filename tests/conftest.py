"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)  # make fuzz
settings.load_profile("quick")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real logs and dictionaries that lies beside the checkout; skips the test where it is absent."""
    if not (SHARED / "logs").is_dir():
        pytest.skip(f"no real logs and dictionaries at {SHARED}")
    return SHARED


@pytest.fixture
def example_log() -> Path:
    """The project's own example: a trading day of two FIX 4.4 sessions."""
    return REPOSITORY / "examples" / "logs" / "trading-day.log"
