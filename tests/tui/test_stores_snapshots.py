"""How the Stores tab and its dialogs look. After a wanted change: `pytest tests/tui --snapshot-update`, and look."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import dialog, type_text, until
from sample_stores import BEGAN, make_quickfix, make_store, shorten_index
from stores_pilot import listed, messages_shown, opened_store, store_rests, stores_app, typed
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from purefix_core.store import meta_edit
from purefix_core.store.lock import StoreLock
from purefix_tui.app import PureFixApp
from purefix_tui.stores import store_pane
from purefix_tui.stores.backups_dialog import BackupsDialog
from purefix_tui.stores.busy_dialog import BusyDialog
from purefix_tui.stores.change_dialog import ChangeDialog
from purefix_tui.stores.choose_store import ChooseStore
from purefix_tui.stores.comparison import ComparisonScreen
from purefix_tui.stores.convert_dialog import ConvertDialog
from purefix_tui.stores.ranges_dialog import RangesDialog
from purefix_tui.stores.raw_editor import RawEditor
from purefix_tui.stores.report_dialog import ReportDialog
from purefix_tui.stores.side_dialog import SideDialog
from purefix_tui.widgets.key_line import KeyLine

Snapshot = Callable[..., bool]
Run = Callable[[Pilot[None]], object]

sizes = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])

STORES, CLIENT = Path("stores"), Path("stores/CLIENT.BROKER")


@pytest.fixture(autouse=True)
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same stores for every test, under names that are always the same."""
    monkeypatch.chdir(tmp_path)
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget.cursor_blink, "_default", False)
    monkeypatch.setattr(meta_edit, "now", lambda: BEGAN + 86_400_000_000_000)
    make_store(STORES)
    make_store(STORES, "BROKER", "CLIENT", 60, 110)
    shorten_index(make_store(STORES, "WREN", "LARKSPUR", 30, 12))
    (STORES / "quickfix").mkdir()
    make_quickfix(STORES / "quickfix")


@pytest.fixture
def locked() -> Iterator[None]:
    """A session seems to run on the first store."""
    lock = StoreLock(CLIENT, "")
    (CLIENT / "session.lock").write_text("process 4711 FIX.4.4 CLIENT -> BROKER\n")
    yield
    lock.release()


def app(*folders: Path) -> PureFixApp:
    return stores_app(Path("state"), *folders)


def after(*keys: str, shows: type[Screen[object]] | None = None) -> Run:
    """Opens the store, presses keys, and waits for the dialog."""

    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await pilot.press("end", *keys)  # nothing is selected in the field
        if shows is None:
            await store_rests(pilot)
            await until(pilot, lambda: "m messages/numbers" in str(pilot.app.query_one(KeyLine).content))
        else:
            await dialog(pilot, shows)

    return run


@sizes
def test_list(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        tab = await listed(pilot)
        tab.table.cursor = 2
        await pilot.pause()

    assert snap_compare(app(STORES), terminal_size=size, run_before=run)


@sizes
def test_list_where_nothing_was_found(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=listed)


@sizes
def test_numbers(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after())


@sizes
def test_numbers_of_quickfix(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    assert snap_compare(app(STORES / "quickfix"), terminal_size=size, run_before=after())


@sizes
def test_proposal(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await typed(pilot, "peer-expects", "135")

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_typed_number_that_cannot_be(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await typed(pilot, "next-out", "0")

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
@pytest.mark.usefixtures("locked")
def test_locked(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after())


@sizes
def test_damaged(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    (CLIENT / "session.meta").write_text('{"lastSentSeqNum": 119,}')
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after())


@sizes
def test_messages(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    (CLIENT / "resend.json").write_text('{"gapFill": [{"from": 3, "to": 4}]}')

    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await pilot.press("m")
        await messages_shown(pilot)
        await pilot.press("down", "down")
        await messages_shown(pilot)

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_difference_before_saving(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await typed(pilot, "next-out", "135")
        await pilot.press("enter")
        await dialog(pilot, ChangeDialog)

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_reset(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after("Z", shows=ChangeDialog))


@sizes
def test_ranges(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    ranges = [{"from": 3, "to": 6, "reason": "stale orders"}, {"from": 100, "to": 100}]
    (CLIENT / "resend.json").write_text(json.dumps({"gapFill": ranges}))
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after("M", shows=RangesDialog))


@sizes
def test_backups(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    for stamp in ("20250131-170000", "20250131-173000-2"):
        shutil.copy(CLIENT / "session.meta", CLIENT / f"session.meta.{stamp}.bak")
    assert snap_compare(app(CLIENT), terminal_size=size, run_before=after("B", shows=BackupsDialog))


@sizes
def test_raw_json_that_is_wrong(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await pilot.press("end", "J")
        await dialog(pilot, RawEditor)
        area = pilot.app.screen.query_one("TextArea")
        area.text = area.text.replace("119", "-1").replace("2025-01-31T16", "yesterday")  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_report(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    run = after("V", shows=ReportDialog)
    assert snap_compare(app(STORES / "WREN.LARKSPUR"), terminal_size=size, run_before=run)


@sizes
def test_busy(snap_compare: Snapshot, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = app(CLIENT)

    def until_it_ends(*_: object) -> None:
        while not shown._exit:
            time.sleep(0.01)

    monkeypatch.setattr(store_pane, "verify", until_it_ends)
    monkeypatch.setattr(BusyDialog, "_show", lambda _: None)  # the seconds

    async def run(pilot: Pilot[None]) -> None:
        await after("V", shows=BusyDialog)(pilot)  # type: ignore[misc]
        await until(pilot, lambda: not pilot.app.screen.has_class("-unseen"))
        await pilot.pause()

    assert snap_compare(shown, terminal_size=size, run_before=run)


@sizes
def test_asking_whose_it_is(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await after("C", shows=ChooseStore)(pilot)  # type: ignore[misc]
        await type_text(pilot, str(STORES / "WREN.LARKSPUR"))
        await pilot.press("enter")
        await dialog(pilot, SideDialog)

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_choosing_what_to_compare_with(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        tab = await listed(pilot)
        tab.table.cursor = next(at for at, each in enumerate(tab.table.rows.stores) if each.sender_comp_id == "CLIENT")
        await pilot.press("enter")
        await after("C", shows=ChooseStore)(pilot)  # type: ignore[misc]

    assert snap_compare(app(STORES), terminal_size=size, run_before=run)


@sizes
def test_comparison(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await pilot.press("end", "C")
        await dialog(pilot, ChooseStore)
        await type_text(pilot, "stores/BROKER.CLIENT")
        await pilot.press("enter")
        await dialog(pilot, ComparisonScreen)
        await pilot.press("]")
        await pilot.pause()

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)


@sizes
def test_convert(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened_store(pilot)
        await pilot.press("end", "K")
        await dialog(pilot, ConvertDialog)
        pilot.app.screen.query_one("#folder", Input).value = "/var/fix/converted-quickfix-cpp"
        await until(pilot, lambda: pilot.app.screen.query_one("#folder", Input).value.startswith("/var"))

    assert snap_compare(app(CLIENT), terminal_size=size, run_before=run)
