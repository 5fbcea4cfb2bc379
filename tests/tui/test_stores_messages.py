"""The messages behind a store: shown in the table of logs, with what becomes of each, and marked not to be resent."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import dialog, until
from sample_stores import make_quickfix, make_store, message
from stores_pilot import (
    messages_shown,
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

from purefix_core.store.changing import gap_fill, set_numbers
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import locate
from purefix_tui.log.conditions import FilterState
from purefix_tui.stores.change_dialog import ChangeDialog
from purefix_tui.stores.messages_view import NoMessages, StoreMessages
from purefix_tui.stores.ranges_dialog import RangesDialog, parse_range
from purefix_tui.widgets.line_table import joined


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "stores", last_sent=20)


async def show_messages(pilot: Pilot[None]) -> None:
    await opened_store(pilot)
    await pilot.press("m")
    await messages_shown(pilot)


def remarks(pilot: Pilot[None]) -> dict[int, str]:
    """What is said of the messages in file order, by their place."""
    pane = pane_of_store(pilot).messages.pane
    assert pane is not None
    said_of = {place: pane.rows.row(place) for place in range(len(pane.rows))}
    return {place: row.remark for place, row in said_of.items() if row.remark}  # type: ignore[union-attr]


def shown_messages(pilot: Pilot[None]) -> StoreMessages:
    pane = pane_of_store(pilot).messages.pane
    assert pane is not None
    return pane


def row_count(pilot: Pilot[None]) -> int:
    pane = pane_of_store(pilot).messages.pane
    return 0 if pane is None or pane.is_working else len(pane.log_file.rows)


async def test_the_messages_stand_in_the_table_of_logs(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 40)) as pilot:
        await show_messages(pilot)
        pane = pane_of_store(pilot).messages.pane
        assert pane is not None
        assert len(pane.log_file.rows) == 20
        await shows(pilot, "Buy 200 AAPL @ 150.25")
        await pilot.press("m")
        await pilot.pause()
        assert pane_of_store(pilot).view == "numbers"


async def test_what_becomes_of_each_message_is_said(store: Path, tmp_path: Path) -> None:
    location = locate(store)
    gap_fill(location, 3, 4, "stale orders")
    set_numbers(location, 18, None)  # 19 and 20 are withdrawn by hand
    with FixMsgFileStore.open_folder(store, read_only=False) as opened:
        opened.set_last_sent_seq_num(11)
        opened.put(message(12, "CLIENT", "BROKER", "D"))
        opened.set_last_sent_seq_num(12)
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 40)) as pilot:
        await show_messages(pilot)
        found = remarks(pilot)
        assert found[2] == found[3] == "gap-filled"
        assert found[11] == "superseded"
        assert found[19] == "withdrawn"
        assert 20 not in found  # the newer message 12
        assert 1 not in found


async def test_the_message_under_the_cursor_is_marked_with_a_reason(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await show_messages(pilot)
        await pilot.press("down", "down", "M")
        await dialog(pilot, RangesDialog)
        assert pilot.app.screen.query_one("#range").value == "3"  # type: ignore[attr-defined]
        await pilot.press("end", "-", "6", "tab", *"stale", "enter")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "3-6: 4 messages, 3 of them business (D: 3)")
        await pilot.press("y")
        await until(pilot, lambda: (store / "resend.json").exists())
        await store_rests(pilot)
        await messages_shown(pilot)
        assert remarks(pilot) == {2: "gap-filled", 3: "gap-filled", 5: "gap-filled"}
    ranges = json.loads((store / "resend.json").read_text())["gapFill"]
    assert ranges == [{"from": 3, "to": 6, "reason": "stale"}]


async def test_the_keys_work_on_after_messages_were_marked(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await show_messages(pilot)
        await pilot.press("down", "down", "M")
        await dialog(pilot, RangesDialog)
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)
        await pilot.press("enter")
        await until(pilot, lambda: (store / "resend.json").exists())
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await store_rests(pilot)
        await until(pilot, lambda: remarks(pilot) == {2: "gap-filled"})
        table = shown_messages(pilot).table
        assert pilot.app.focused is table
        assert table.cursor == 2
        await pilot.press("m")
        await pilot.pause()
        assert pane_of_store(pilot).view == "numbers"


async def test_the_table_is_not_of_other_messages_than_the_files(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await show_messages(pilot)
        await pilot.press("down", "down", "down")
        with FixMsgFileStore.open_folder(store, read_only=False) as opened:
            opened.reset_sequences()
            for seq_num in range(1, 7):
                opened.put(message(seq_num, "CLIENT", "BROKER", "D"))
                opened.set_last_sent_seq_num(seq_num)
        await until(pilot, lambda: row_count(pilot) == 6)
        await messages_shown(pilot)
        assert remarks(pilot) == {}
        table = shown_messages(pilot).table
        assert pilot.app.focused is table
        await until(pilot, lambda: table.cursor == 3)


async def test_what_is_written_behind_is_shown_and_the_cursor_stays(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await show_messages(pilot)
        await pilot.press("down", "down")
        pane = shown_messages(pilot)
        with FixMsgFileStore.open_folder(store, read_only=False) as opened:
            opened.put(message(21, "CLIENT", "BROKER", "D"))
            opened.set_last_sent_seq_num(21)
        await until(pilot, lambda: row_count(pilot) == 21)
        assert shown_messages(pilot) is pane
        assert pane.table.cursor == 2


async def test_the_messages_are_read_again(store: Path, tmp_path: Path) -> None:
    data = store / "messages.dat"
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 30)) as pilot:
        await show_messages(pilot)
        pane = shown_messages(pilot)
        pane.show_filtered(FilterState("Symbol = AAPL"))
        await until(pilot, lambda: pane.rows.count == 15 and not pane.is_working)
        await pilot.press("down", "down")
        time = data.stat().st_mtime_ns
        with data.open("r+b") as file:
            content = file.read()
            file.seek(content.index(b"38=400") + 3)
            file.write(b"777")
        os.utime(data, ns=(time, time))  # nothing tells that it has changed
        await pilot.press("r")
        await until(pilot, lambda: pane_of_store(pilot).messages.pane not in (None, pane))
        await messages_shown(pilot)
        assert shown_messages(pilot).filter_state == FilterState("Symbol = AAPL")
        await until(pilot, lambda: shown_messages(pilot).current == 3)
        await shows(pilot, "777 AAPL")
        assert pilot.app.focused is shown_messages(pilot).table


async def test_where_the_messages_are_gone_it_is_said(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 30)) as pilot:
        await show_messages(pilot)
        shutil.rmtree(store)
        await until(pilot, lambda: pane_of_store(pilot).messages.pane is None)
        nothing = pane_of_store(pilot).messages.query_one(NoMessages)
        await until(pilot, lambda: nothing.display and "no such file" in str(nothing.content))
        await pilot.press("m")
        await pilot.pause()
        assert pane_of_store(pilot).view == "numbers"


async def test_the_head_of_a_record_is_no_part_of_the_message(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 40)) as pilot:
        await show_messages(pilot)
        await pilot.press("down", "v")
        await shows(pilot, "│34=2│")
        lines = shown_messages(pilot).detail.table.source
        assert joined(lines.row(0).pieces).strip().startswith("8=FIX.4.4│")


async def test_marked_messages_may_be_resent_again(store: Path, tmp_path: Path) -> None:
    gap_fill(locate(store), 3, 6, "stale")
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await typed(pilot, "peer-expects", "3")
        await says(pilot, "3 marked in resend.json")
        await pilot.press("M")
        await dialog(pilot, RangesDialog)
        await pilot.press("tab", "tab", "enter")  # the range that is listed
        await pilot.pause()
        assert pilot.app.screen.query_one("#range").value == "3-6"  # type: ignore[attr-defined]
        await pilot.press("ctrl+r")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: json.loads((store / "resend.json").read_text())["gapFill"] == [])
        await until(pilot, lambda: "marked in resend.json" not in said(pilot))


async def test_numbers_that_the_store_does_not_know_are_refused(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("M")
        await dialog(pilot, RangesDialog)
        await pilot.press(*"30-40", "enter")
        await until(pilot, lambda: any("40 is above 20" in notice for notice in notices(pilot)))
    assert not (store / "resend.json").exists()


async def test_entries_of_quickfix_are_removed_and_said(tmp_path: Path) -> None:
    (tmp_path / "qf").mkdir()
    path = make_quickfix(tmp_path / "qf")
    async with stores_app(tmp_path / "state", path).run_test(size=(120, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("M")
        await dialog(pilot, RangesDialog)
        await pilot.press(*"2-4", "enter")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "3 entries were removed")
        await pilot.press("y")
        await until(pilot, lambda: any("3 entries were removed" in notice for notice in notices(pilot)))
        await store_rests(pilot)
        await pilot.press("m")
        await messages_shown(pilot)
        assert remarks(pilot) == {1: "gap-filled (no entry)", 2: "gap-filled (no entry)", 3: "gap-filled (no entry)"}


async def test_a_store_without_messages_says_so(tmp_path: Path) -> None:
    store = make_store(tmp_path / "stores", last_sent=0)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "no such file" in painted(pilot) or "no FIX message" in painted(pilot))
        await pilot.press("m")
        await pilot.pause()
        assert pane_of_store(pilot).view == "numbers"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("120", (120, 120)),
        (" 120 - 134 ", (120, 134)),
        ("1,200-1,300", (1200, 1300)),
        ("134-120", None),
        ("0", None),
        ("2147483648", None),
        ("x", None),
        ("", None),
    ],
)
def test_ranges_are_read_as_they_are_typed(text: str, found: tuple[int, int] | None) -> None:
    assert parse_range(text) == found
