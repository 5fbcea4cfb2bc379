"""The list of stores: what is found, what is said of each, and opening one."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from conftest import dialog, until
from sample_stores import make_quickfix, make_store, shorten_index
from stores_pilot import listed, notices, opened_store, painted, shows, stores_app, tab_of

from purefix_core.store.health import Health, look_at
from purefix_core.store.lock import StoreLock
from purefix_core.type_registry import TypeRegistry
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.stores import listing


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """A folder with stores of both layouts, one of which needs repair."""
    folder = tmp_path / "stores"
    make_store(folder)
    shorten_index(make_store(folder, "WREN", "LARKSPUR", 30, 12))
    (folder / "quickfix").mkdir()
    make_quickfix(folder / "quickfix")
    return folder


async def test_both_layouts_are_listed_with_numbers_and_health(stores: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", stores).run_test(size=(140, 40)) as pilot:
        tab = await listed(pilot)
        await until(pilot, lambda: len(tab.table.rows) == 3)
        await pilot.pause()
        rows = [line for line in painted(pilot).splitlines() if "→" in line]
        client = next(line for line in rows if "CLIENT" in line)
        assert client.split()[-3:] == ["✓", "in", "order"]
        assert {"120", "57", "119"} <= set(client.split())
        assert "✗ index shorter than data" in next(line for line in rows if "WREN" in line)
        assert "QuickFIX C++" in next(line for line in rows if "BUYSIDE" in line)
        await shows(pilot, "3 stores   1 to be looked at")


async def test_a_store_that_a_session_has_is_marked(stores: Path, tmp_path: Path) -> None:
    lock = StoreLock(stores / "CLIENT.BROKER", "FIX.4.4 CLIENT -> BROKER")
    try:
        async with stores_app(tmp_path / "state", stores).run_test(size=(140, 40)) as pilot:
            await listed(pilot)
            await pilot.pause()
            await shows(pilot, "1 in use")
            row = next(line for line in painted(pilot).splitlines() if "CLIENT" in line)
            assert "● in use by" in row
    finally:
        lock.release()


async def test_the_folders_of_the_registry_are_searched(tmp_path: Path) -> None:
    make_store(tmp_path / "kept")
    entries = [
        {"name": "one", "isDefault": True, "dictionaryPath": "FIX44", "messageStorePath": "kept"},
        {"name": "other", "dictionaryPath": "FIX42", "messageStorePath": "not-there"},
    ]
    path = tmp_path / "TypeRegistry.json"
    path.write_text(json.dumps({"registrations": entries}))
    registry = TypeRegistry()
    registry.load_from_file(path)
    expected = listing.registered_folders(registry)
    assert [folder.name for folder in expected] == ["kept", "not-there"]
    async with stores_app(tmp_path / "state", registry=registry).run_test(size=(240, 30)) as pilot:
        tab = await listed(pilot)
        assert [health.sender_comp_id for health in tab.table.rows.stores] == ["CLIENT"]
        await pilot.pause()
        await shows(pilot, "not-there: no such folder yet")


async def test_where_nothing_is_found_it_is_said_what_to_press(tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state").run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        await pilot.pause()
        await shows(pilot, "No message store was found.")
        await pilot.press("o")
        await dialog(pilot, OpenFile)


async def test_enter_opens_and_escape_goes_back(stores: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", stores).run_test(size=(80, 24)) as pilot:
        tab = await listed(pilot)
        await pilot.press("down", "enter")
        pane = await opened_store(pilot)
        assert pane.location.path == tab.table.rows.stores[1].location.path
        await pilot.press("escape")
        await until(pilot, lambda: tab.pane is None)
        assert pilot.app.focused is tab.table
        assert tab.table.cursor == 1


async def test_a_folder_that_is_a_store_is_opened_at_once(stores: Path, tmp_path: Path) -> None:
    async with stores_app(tmp_path / "state", stores / "CLIENT.BROKER").run_test(size=(80, 24)) as pilot:
        pane = await opened_store(pilot)
        assert pane.location.path == stores / "CLIENT.BROKER"
        assert pilot.app.focused is pane.editor.next_out


async def test_what_is_no_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    async with stores_app(tmp_path / "state", tmp_path / "empty").run_test(size=(240, 24)) as pilot:
        await listed(pilot)
        await pilot.pause()
        await shows(pilot, "holds no message store")
        tab_of(pilot).open(tmp_path / "nowhere")
        await until(pilot, lambda: any("no such file or folder" in notice for notice in notices(pilot)))


async def test_escape_stops_the_search_and_says_so(
    stores: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(location: object) -> Health:
        begun.set()
        go_on.wait(10)
        return look_at(location)  # type: ignore[arg-type]

    monkeypatch.setattr(listing, "look_at", slowly)
    async with stores_app(tmp_path / "state", stores).run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: begun.is_set() and pilot.app.focused is not None)
        tab = tab_of(pilot)
        await pilot.press("escape")
        go_on.set()
        await until(pilot, lambda: not tab.listing)
        await pilot.pause()
        assert len(tab.table.rows) < 3
        await shows(pilot, "stopped: r looks again")
        await pilot.press("r")
        await until(pilot, lambda: not tab.listing and len(tab.table.rows) == 3)


async def test_another_folder_is_listed_too(stores: Path, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other", "ALPHA", "OMEGA", 3, 3).parent
    async with stores_app(tmp_path / "state", stores).run_test(size=(100, 24)) as pilot:
        tab = await listed(pilot)
        for _ in range(2):
            tab.list_also(other)
            tab.list_also(tmp_path / "nowhere")
            await until(pilot, lambda: not tab.listing)
            assert len(tab.table.rows) == 4


async def test_names_from_a_hostile_store_are_never_obeyed(tmp_path: Path) -> None:
    folder = make_store(tmp_path / "stores")
    meta = folder / "session.meta"
    text = meta.read_text().replace('"CLIENT"', '"\\u001b[2JEVIL[/bold]"')
    meta.write_text(text)
    async with stores_app(tmp_path / "state", folder).run_test(size=(140, 30)) as pilot:
        await opened_store(pilot)
        assert "\x1b[2J" not in painted(pilot)
        await shows(pilot, "␛[2JEVIL[/bold]")
