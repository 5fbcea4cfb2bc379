"""What is known to be wrong inside a store: the head says it as long as it is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import dialog, until
from sample_stores import damage, make_store
from stores_pilot import (
    notices,
    opened_store,
    painted,
    pane_of_store,
    said,
    says,
    shows,
    store_rests,
    stores_app,
    typed,
)
from textual.pilot import Pilot

from purefix_core.store.changing import set_numbers
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import locate
from purefix_core.store.message_files import HEAD
from purefix_tui.stores.change_dialog import ChangeDialog
from purefix_tui.stores.report_dialog import ReportDialog


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "stores", last_sent=20)


def mislabel(folder: Path) -> None:
    """Let the record of the last message say another MsgType than the message, which a verify alone looks at."""
    data = folder / "messages.dat"
    content = bytearray(data.read_bytes())
    record = content.rindex(b"8=FIX") - HEAD.size
    content[record + 4] = ord("Z")
    data.write_bytes(content)


async def verified(pilot: Pilot[None]) -> None:
    """Verify, and read the report."""
    await pilot.press("V")
    await dialog(pilot, ReportDialog)


async def test_what_verify_found_stands_in_the_head(store: Path, tmp_path: Path) -> None:
    mislabel(store)
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await shows(pilot, "✓ in order")
        await verified(pilot)
        await pilot.press("escape")
        await shows(pilot, "✗ messages.dat: message 20 at ")
        assert "in order" not in painted(pilot)


async def test_a_damaged_message_stays_in_the_head_after_a_repair(store: Path, tmp_path: Path) -> None:
    damage(store, 12)
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await verified(pilot)
        await pilot.press("P")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: bool(notices(pilot)))
        await store_rests(pilot)
        await shows(pilot, "✗ messages.dat: message 12 at ")
        set_numbers(locate(store), 30, None)
        await until(pilot, lambda: pane_of_store(pilot).editor.next_out.value == "31")
        await shows(pilot, "✗ messages.dat: message 12 at ")


async def test_what_verify_found_is_forgotten_with_the_messages(store: Path, tmp_path: Path) -> None:
    damage(store, 12)
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await verified(pilot)
        await pilot.press("escape")
        await shows(pilot, "✗ messages.dat: message 12 at ")
        with FixMsgFileStore.open_folder(store, read_only=False) as opened:
            opened.reset_sequences()
        await shows(pilot, "✓ in order")


async def test_several_findings_are_counted_in_the_head(store: Path, tmp_path: Path) -> None:
    damage(store, 12)
    mislabel(store)
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await verified(pilot)
        await pilot.press("escape")
        await shows(pilot, "✗ 2 things are wrong inside: V lists them")


async def test_a_damaged_message_that_was_met_is_said_once_and_in_the_head(store: Path, tmp_path: Path) -> None:
    damage(store, 12)
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 30)) as pilot:
        await opened_store(pilot)
        for expects in ("12", "11", "12"):
            await typed(pilot, "peer-expects", expects)
            await says(pilot, "message 12 is damaged")
        assert said(pilot).count("message 12 is damaged") == 1
        await shows(pilot, "✗ messages.dat: message 12 is damaged")
        assert "in order" not in painted(pilot)
