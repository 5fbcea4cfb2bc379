"""Quitting asks about what would be lost. What it asks about a session is in test_session_ending.py."""

from __future__ import annotations

from pathlib import Path

from conftest import dialog, until
from sample_stores import make_store
from stores_pilot import editor_of, opened_store, stores_app, typed

from purefix_tui.dialogs.confirm import Confirm


async def test_numbers_typed_into_a_store_are_not_lost_by_quitting(tmp_path: Path) -> None:
    app = stores_app(tmp_path / "state", make_store(tmp_path / "stores"))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "next-out", "135")
        await pilot.press("ctrl+q")
        await dialog(pilot, Confirm)
        await pilot.press("escape")
        await pilot.pause()
        assert not app._exit
        assert editor_of(pilot).is_edited
        await pilot.press("ctrl+q")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app._exit)
