"""The numbers of a store: what they mean at the next Logon, saving them, and undoing that."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from conftest import dialog, until
from sample_stores import last_numbers, make_quickfix, make_store
from stores_pilot import (
    editor_of,
    messages_shown,
    notices,
    opened_store,
    said,
    says,
    shows,
    store_rests,
    stores_app,
    tab_of,
    typed,
)
from textual.widgets import Input

from purefix_core.store.changing import set_numbers
from purefix_core.store.finding import locate
from purefix_core.store.lock import StoreLock
from purefix_core.store.quickfix.numbers import read_numbers
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.stores.change_dialog import ChangeDialog
from purefix_tui.stores.fields import NumberInput
from purefix_tui.stores.store_view import MESSAGES


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "stores")


async def test_what_the_counterparty_expects_is_explained_and_proposed(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "peer-expects", "135")
        await says(pilot, "The peer expects 135, you would send 120: it will log you out (MsgSeqNum too low).")
        await says(pilot, "→ proposed: next out 135")
        await pilot.press("p")
        await store_rests(pilot)
        assert editor_of(pilot).next_out.value == "135"
        await says(pilot, "The peer expects 135, you would send 135: in sequence.")
        assert last_numbers(store) == (119, 56)  # nothing is written yet


async def test_what_will_be_resent_is_counted_from_the_store(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "peer-expects", "110")
        await says(pilot, "It will ask for 110-119: 8 business messages can be resent (D: 8), 2 will be gap-filled")
        assert "proposed" not in said(pilot)


async def test_saving_shows_the_difference_first_and_undo_brings_it_back(store: Path, tmp_path: Path) -> None:
    before = (store / "session.meta").read_bytes()
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "next-out", "135")
        await says(pilot, "Once this is saved, at the next Logon")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, '-  "lastSentSeqNum": 119,')
        await shows(pilot, '+  "lastSentSeqNum": 134,')
        await shows(pilot, "next out: from 120 to 135; 15 numbers will be left out.")
        await pilot.press("escape")
        await pilot.pause()
        assert (store / "session.meta").read_bytes() == before
        await pilot.press("ctrl+s")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: last_numbers(store) == (134, 56))
        await until(pilot, lambda: any("backup: session.meta." in notice for notice in notices(pilot)))
        await store_rests(pilot)
        assert not editor_of(pilot).is_edited
        await pilot.press("u")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "(now: next out 135, next in 57")
        await pilot.press("enter")
        await until(pilot, lambda: last_numbers(store) == (119, 56))
        await until(pilot, lambda: editor_of(pilot).next_out.value == "120")
    assert (store / "session.meta").read_bytes() == before


async def test_escape_forgets_what_was_typed_before_it_goes_back(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        pane = await opened_store(pilot)
        await typed(pilot, "next-in", "60")
        await pilot.press("escape")
        await store_rests(pilot)
        assert pane.editor.next_in.value == "57"
        assert pane.is_attached


async def test_what_was_typed_is_not_lost_by_going_back(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        pane = await opened_store(pilot)
        await typed(pilot, "next-out", "135")
        pane.show_view(MESSAGES)
        await messages_shown(pilot)
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        assert pane.editor.next_out.value == "135"
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: tab_of(pilot).pane is None)
    assert last_numbers(store) == (119, 56)


async def test_what_was_typed_is_not_lost_by_opening_another(store: Path, tmp_path: Path) -> None:
    other = make_store(tmp_path / "stores", "OTHER")
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        pane = await opened_store(pilot)
        await typed(pilot, "next-out", "135")
        for key, is_there in (("escape", True), ("y", False)):
            await pilot.press("o")
            await dialog(pilot, OpenFile)
            pilot.app.screen.query_one(Input).value = str(other)
            await pilot.press("enter")
            await dialog(pilot, Confirm)
            await pilot.press(key)
            await until(pilot, lambda is_there=is_there: (tab_of(pilot).pane is pane) is is_there)  # type: ignore[misc]
            await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("next-out", "0", "next out: expected a number from 1"),
        ("next-out", "2147483648", "next out: expected a number from 1"),
        ("next-in", "", "next in: expected a number"),
        ("received", "yesterday", "last received: expected a time"),
        ("created", "2025-13-01T00:00:00Z", "created: expected a time"),
    ],
)
async def test_what_cannot_be_is_not_saved(store: Path, tmp_path: Path, field: str, text: str, words: str) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, field, text)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any(notice.startswith(words) for notice in notices(pilot)))
        assert not isinstance(pilot.app.screen, ChangeDialog)


async def test_times_are_saved(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "received", "2025-02-01T09:00:00Z")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: "2025-02-01T09:00:00Z" in (store / "session.meta").read_text())
    assert last_numbers(store) == (119, 56)


async def test_a_locked_store_is_looked_at_and_not_changed(store: Path, tmp_path: Path) -> None:
    lock = StoreLock(store, "FIX.4.4 CLIENT -> BROKER")
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        pane = await opened_store(pilot)
        assert pane.editor.next_out.disabled
        await says(pilot, "stop that session first")
        await typed(pilot, "peer-expects", "135")
        await says(pilot, "it will log you out")
        for key in ("Z", "P", "u", "M", "J"):
            await pilot.press(key)
            await pilot.pause(0.1)
        assert not isinstance(pilot.app.screen, ChangeDialog)
        assert any("is in use by" in notice for notice in notices(pilot))
        lock.release()
        await until(pilot, lambda: not pane.editor.next_out.disabled)  # it is looked at every second
    assert last_numbers(store) == (119, 56)


async def test_a_change_from_elsewhere_is_shown(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        set_numbers(locate(store), 125, 60)
        await until(pilot, lambda: editor_of(pilot).next_out.value == "126")
        assert editor_of(pilot).next_in.value == "61"


async def test_what_is_confirmed_is_not_done_to_other_numbers(tmp_path: Path) -> None:
    base = make_quickfix(tmp_path / "quickfix")
    async with stores_app(tmp_path / "state", base).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "next-out", "15")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        set_numbers(locate(base), 40, 33)
        await pilot.press("y")
        await until(pilot, lambda: any("files have changed meanwhile" in each for each in notices(pilot)))
        await store_rests(pilot)
        assert (editor_of(pilot).next_out.value, editor_of(pilot).next_in.value) == ("15", "8")
    files = locate(base).files
    assert files is not None
    assert read_numbers(files)[:2] == (41, 34)


@pytest.mark.parametrize("key", ["Z", "P", "u"])
async def test_no_change_is_done_to_other_files(store: Path, tmp_path: Path, key: str) -> None:
    set_numbers(locate(store), 120, 60)  # so that there is a backup
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press(key)
        await dialog(pilot, ChangeDialog)
        set_numbers(locate(store), 400, 300)
        await pilot.press("y")
        await until(pilot, lambda: any("files have changed meanwhile" in each for each in notices(pilot)))
    assert last_numbers(store) == (400, 300)


async def test_what_is_typed_survives_a_change_from_elsewhere(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "next-out", "140")
        set_numbers(locate(store), 125, 60)
        await until(pilot, lambda: any("files of this store have changed" in notice for notice in notices(pilot)))
        assert editor_of(pilot).next_out.value == "140"


async def test_a_damaged_file_is_written_anew_from_both_numbers(store: Path, tmp_path: Path) -> None:
    (store / "session.meta").write_text("{")
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await says(pilot, "Type both numbers, and save: the file is written anew.")
        await typed(pilot, "next-out", "120")
        await typed(pilot, "next-in", "57")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: (store / "session.meta").read_bytes() != b"{")
    assert last_numbers(store) == (119, 56)
    assert json.loads((store / "session.meta").read_text())["senderCompId"] == "CLIENT"


async def test_where_the_files_are_gone_nothing_is_said_of_their_numbers(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        shutil.rmtree(store)
        await typed(pilot, "peer-expects", "135")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any("files of this store are gone" in each for each in notices(pilot)))
        assert not any("as the files say" in each for each in notices(pilot))


async def test_messages_that_a_number_passes_by_are_told(store: Path, tmp_path: Path) -> None:
    set_numbers(locate(store), 110, None)
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "next-out", "120")
        assert "111-119: 9 messages, 8 of them business messages (D: 8)" in said(pilot).replace(
            "business (", "business messages ("
        )
        await says(pilot, "never sent, or withdrawn by hand")


async def test_the_numbers_of_quickfix_are_saved_and_it_is_warned(tmp_path: Path) -> None:
    (tmp_path / "qf").mkdir()
    path = make_quickfix(tmp_path / "qf")
    now = time.time_ns()
    os.utime(path.with_suffix(".4-BUYSIDE-VENUE.seqnums"), ns=(now, now))
    async with stores_app(tmp_path / "state", path).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        assert not editor_of(pilot).query_one("#times").display
        await typed(pilot, "next-out", "30")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "- next out 21, next in 8")
        await shows(pilot, "+ next out 30, next in 8")
        await shows(pilot, "QuickFIX keeps the numbers in memory")
        await pilot.press("y")
        files = locate(path).files
        assert files is not None
        await until(pilot, lambda: read_numbers(files).next_out == 30)


async def test_letters_in_a_number_are_commands(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        pane = await opened_store(pilot)
        assert isinstance(pilot.app.focused, NumberInput)
        await pilot.press("m")
        await pilot.pause()
        assert pane.editor.next_out.value == "120"
        assert pane.view == "messages"
