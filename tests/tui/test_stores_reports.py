"""Verify, repair, reset, backups, raw JSON, comparing and converting."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from conftest import dialog, type_text, until
from sample_stores import last_numbers, make_quickfix, make_store, shorten_index
from stores_pilot import editor_of, listed, notices, opened_store, painted, shows, store_rests, stores_app
from textual.widgets import TextArea

from purefix_core.store import changing
from purefix_core.store.converting import Converted, convert
from purefix_core.store.finding import locate
from purefix_core.store.located import verify
from purefix_core.store.progress import OnProgress
from purefix_core.store.verify import Verified
from purefix_tui.stores import store_pane
from purefix_tui.stores.backups_dialog import BackupsDialog
from purefix_tui.stores.busy_dialog import BusyDialog, Outcome
from purefix_tui.stores.change_dialog import Change, ChangeDialog
from purefix_tui.stores.changes import as_described
from purefix_tui.stores.choose_store import ChooseStore
from purefix_tui.stores.comparison import ComparisonScreen
from purefix_tui.stores.convert_dialog import ConvertDialog
from purefix_tui.stores.raw_editor import RawEditor
from purefix_tui.stores.report_dialog import ReportDialog
from purefix_tui.stores.side_dialog import SideDialog


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "stores", last_sent=20)


async def test_verify_reports_and_repair_puts_right(store: Path, tmp_path: Path) -> None:
    shorten_index(store)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("V")
        await dialog(pilot, ReportDialog)
        await shows(pilot, "✗ messages.idx: lacks the last 3 messages")
        await pilot.press("P")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: not verify(locate(store)).problems)
        await until(pilot, lambda: any("messages.idx" in notice for notice in notices(pilot)))
        await store_rests(pilot)
        await shows(pilot, "✓ in order")


async def test_escape_does_not_wait_for_verify(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slowly(_: object, on_progress: OnProgress) -> Verified:
        go_on.wait(10)
        return Verified(["found too late"], [])

    monkeypatch.setattr(store_pane, "verify", slowly)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("V")
        await dialog(pilot, BusyDialog)
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        go_on.set()
        await store_rests(pilot)
        assert "found too late" not in painted(pilot)


async def test_escape_ends_a_conversion_with_nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def when_told(*arguments: object) -> Converted:
        go_on.wait(10)
        return convert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store_pane, "convert", when_told)
    (tmp_path / "qf").mkdir()
    path = make_quickfix(tmp_path / "qf", last_sent=1200)
    async with stores_app(tmp_path / "state", path).run_test(size=(120, 40)) as pilot:
        await opened_store(pilot)
        await pilot.press("K")
        await dialog(pilot, ConvertDialog)
        await pilot.press("ctrl+u")
        await type_text(pilot, str(tmp_path / "new"))
        await pilot.press("enter")
        await dialog(pilot, BusyDialog)
        await pilot.press("escape")
        await shows(pilot, "Stopping …")
        go_on.set()
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await until(pilot, lambda: notices(pilot) == ["You stopped it; no store was made."])
    assert not list((tmp_path / "new").iterdir())


async def test_a_function_may_end_just_as_escape_is_pressed(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        outcomes: list[Outcome[bool] | None] = []
        go_on = threading.Event()
        busy = BusyDialog[bool]("Waiting …", lambda _: go_on.wait(10))
        await pilot.app.push_screen(busy, outcomes.append)
        busy.action_stop()
        busy.post_message(BusyDialog.Ended(Outcome(result=True)))
        await pilot.pause()
        go_on.set()
        await pilot.pause()
        assert outcomes == [Outcome()]
        assert len(pilot.app.screen_stack) == 1


async def test_reset_needs_more_than_enter(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("Z")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "The counterparty must do the same.")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: editor_of(pilot).next_out.value == "1")
        await pilot.press("u")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: editor_of(pilot).next_out.value == "21")
    assert not verify(locate(store)).problems


async def test_an_older_backup_can_be_chosen(store: Path, tmp_path: Path) -> None:
    for last in (30, 40):
        changing.set_numbers(locate(store), last, None)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("B")
        await dialog(pilot, BackupsDialog)
        await pilot.press("down", "enter")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "next out 21, next in 57 (now: next out 41")
        await pilot.press("y")
        await until(pilot, lambda: last_numbers(store) == (20, 56))


async def test_undoing_says_which_messages_are_not_to_be_resent_then(store: Path, tmp_path: Path) -> None:
    changing.gap_fill(locate(store), 3, 4, "stale")
    changing.resend_again(locate(store), 3, 4)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("u")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, "not to be resent: 3-4 (stale)")


async def test_without_a_backup_there_is_nothing_to_undo(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("u")
        await until(pilot, lambda: any("there is none" in notice for notice in notices(pilot)))


async def test_raw_json_is_checked_as_typed_and_saved_with_its_difference(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("J")
        await dialog(pilot, RawEditor)
        editor = pilot.app.screen
        assert isinstance(editor, RawEditor)
        area = editor.query_one("TextArea")
        right = editor.text.replace('"lastSentSeqNum": 20', '"lastSentSeqNum": 25')
        area.text = right.replace('"lastReceivedSeqNum": 56', '"lastReceivedSeqNum": -3')  # type: ignore[attr-defined]
        await until(pilot, lambda: "lastReceivedSeqNum: expected a whole number" in painted(pilot))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert pilot.app.screen is editor
        area.text = right  # type: ignore[attr-defined]
        await until(pilot, lambda: "✓ it can be saved" in painted(pilot))
        await pilot.press("ctrl+s")
        await dialog(pilot, ChangeDialog)
        await shows(pilot, '+  "lastSentSeqNum": 25,')
        await pilot.press("y")
        await until(pilot, lambda: editor_of(pilot).next_out.value == "26")
    assert last_numbers(store) == (25, 56)


async def test_typed_json_is_not_lost_by_one_key(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("J")
        await dialog(pilot, RawEditor)
        await pilot.press("x", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RawEditor)
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_typed_json_comes_back_where_it_is_not_saved_after_all(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("J")
        await dialog(pilot, RawEditor)
        for times in (1, 2):
            editor = pilot.app.screen
            assert isinstance(editor, RawEditor)
            wanted = editor.text.replace('"lastSentSeqNum": 20', '"lastSentSeqNum": 25')
            editor.query_one(TextArea).text = wanted
            await until(pilot, lambda: "✓ it can be saved" in painted(pilot))
            await pilot.press("ctrl+s")
            await dialog(pilot, ChangeDialog)
            await shows(pilot, "next out: from 21 to 26; 5 numbers will be left out.")
            if times == 1:
                await pilot.press("escape")
                await dialog(pilot, RawEditor)
                assert pilot.app.screen.query_one(TextArea).text == wanted
        await pilot.press("y")
        await until(pilot, lambda: last_numbers(store) == (25, 56))
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_what_is_waited_for_before_a_question_is_said(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, ended = threading.Event(), threading.Event()

    def slowly(*arguments: object) -> Change:
        go_on.wait(10)
        ended.set()
        return as_described(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store_pane, "as_described", slowly)
    async with stores_app(tmp_path / "state", store).run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await pilot.press("Z")
        await shows(pilot, "Looking at CLIENT.BROKER …")
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        go_on.set()
        await until(pilot, ended.is_set)
        await store_rests(pilot)
        assert len(pilot.app.screen_stack) == 1  # no question comes up by itself


async def test_a_store_is_compared_with_the_counterpartys(store: Path, tmp_path: Path) -> None:
    make_store(tmp_path / "stores", "BROKER", "CLIENT", 60, 15)
    async with stores_app(tmp_path / "state", tmp_path / "stores").run_test(size=(140, 40)) as pilot:
        tab = await listed(pilot)
        place = next(at for at, each in enumerate(tab.table.rows.stores) if each.sender_comp_id == "CLIENT")
        tab.table.cursor = place
        await pilot.press("enter")
        await opened_store(pilot)
        await pilot.press("C")
        await dialog(pilot, ChooseStore)
        await pilot.press("tab", "enter")
        await dialog(pilot, ComparisonScreen)
        shown = painted(pilot)
        assert "Compared with the counterparty's" in shown
        assert "The peer expects 16, you would send 21." in shown
        assert "missed, can be resent" in shown
        assert "The peer sends 61 next, you expect 57: you will ask for 57-60." in shown
        screen = pilot.app.screen
        assert isinstance(screen, ComparisonScreen)
        await pilot.press("]")
        assert not screen.table.rows.ranges[screen.table.cursor].agrees
        await pilot.press("d")
        assert not any(each.agrees for each in screen.table.rows.ranges)


async def test_whose_a_store_of_other_names_is_must_be_said(store: Path, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other", "WREN", "LARKSPUR", 3, 3)
    async with stores_app(tmp_path / "state", store).run_test(size=(140, 40)) as pilot:
        await opened_store(pilot)
        await pilot.press("C")
        await dialog(pilot, ChooseStore)
        await type_text(pilot, str(other))
        await pilot.press("enter")
        await dialog(pilot, SideDialog)
        await shows(pilot, "neither the same session nor its counterparty")
        await pilot.press("down", "enter")
        await dialog(pilot, ComparisonScreen)
        await shows(pilot, "the counterparty's")


async def test_a_store_of_quickfix_is_written_in_our_layout(tmp_path: Path) -> None:
    (tmp_path / "qf").mkdir()
    path = make_quickfix(tmp_path / "qf")
    target = tmp_path / "new"
    async with stores_app(tmp_path / "state", path).run_test(size=(120, 40)) as pilot:
        await opened_store(pilot)
        await pilot.press("K")
        await dialog(pilot, ConvertDialog)
        await pilot.press("ctrl+u")
        await type_text(pilot, str(target))
        await pilot.press("enter")
        await dialog(pilot, ReportDialog)
        await shows(pilot, "20 messages, next out 21, next in 8")
    assert last_numbers(target / "BUYSIDE.VENUE") == (20, 7)


async def test_nothing_is_overwritten_by_converting(store: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", store).run_test(size=(120, 40)) as pilot:
        await opened_store(pilot)
        for _ in range(2):
            await pilot.press("K")
            await dialog(pilot, ConvertDialog)
            await pilot.press("ctrl+u")
            await type_text(pilot, str(tmp_path / "new"))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, ReportDialog) or bool(notices(pilot)))
            await pilot.press("escape")
        assert any("is there already" in notice for notice in notices(pilot))
