"""The dialog that opens files and folders of every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import until
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Label

from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.file_kinds import LOG, SESSION, STORE
from purefix_tui.dialogs.open_file import Folders, OpenFile
from purefix_tui.dialogs.recent import load_recent, remember

SMALL = (80, 24)

MakeApp = Callable[..., PureFixApp]

STATE = Path("state")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with four files."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("client.json", "venue.json", "wrong.json", "client.cfg"):
        Path(name).touch()


async def type_path(pilot: Pilot[None], path: str) -> None:
    pilot.app.screen.query_one(Input).value = path
    pilot.app.screen.query_one(Input).focus()
    await pilot.press("enter")


async def opening(pilot: Pilot[None], kind: object, recent: list[Path] | None = None) -> list[Path | None]:
    results: list[Path | None] = []
    await pilot.app.push_screen(OpenFile(Path.cwd(), recent or [], kind), results.append)  # type: ignore[arg-type]
    await pilot.pause()
    return results


async def test_where_folders_are_opened_a_typed_one_is_taken(make_app: MakeApp) -> None:
    Path("store").mkdir()
    async with make_app().run_test(size=SMALL) as pilot:
        results = await opening(pilot, STORE)
        screen: Screen[object] = pilot.app.screen
        await type_path(pilot, "missing")
        assert "There is no folder" in str(screen.query_one(".wrong", Label).content)
        await type_path(pilot, "client.json")
        assert "is not a folder" in str(screen.query_one(".wrong", Label).content)
        await type_path(pilot, "store")
        await until(pilot, lambda: results == [Path.cwd() / "store"])


async def test_where_folders_are_opened_enter_takes_one_and_space_unfolds_it(make_app: MakeApp) -> None:
    Path("store").mkdir()
    Path("store/session.meta").touch()
    async with make_app().run_test(size=SMALL) as pilot:
        results = await opening(pilot, STORE)
        tree = pilot.app.screen.query_one(Folders)
        tree.focus()
        await until(pilot, lambda: len(tree.root.children) == 5)
        await pilot.press("down", "space")
        await until(pilot, lambda: len(tree.root.children[0].children) == 1)
        assert not results
        await pilot.press("enter")
        await until(pilot, lambda: results == [Path.cwd() / "store"])


async def test_a_file_of_a_store_stands_for_its_folder(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await opening(pilot, STORE)
        tree = pilot.app.screen.query_one(Folders)
        tree.focus()
        await until(pilot, lambda: len(tree.root.children) == 4)
        await pilot.press("down", "enter")
        await until(pilot, lambda: results == [Path.cwd()])


async def test_where_files_are_opened_a_typed_folder_is_walked_through(make_app: MakeApp) -> None:
    Path("logs").mkdir()
    async with make_app().run_test(size=SMALL) as pilot:
        results = await opening(pilot, LOG)
        await type_path(pilot, "logs")
        assert pilot.app.screen.query_one(Folders).path == Path.cwd() / "logs"
        assert not results


async def test_odd_file_names_are_shown_as_they_are(make_app: MakeApp) -> None:
    Path("[b]a\x1b[31m.log").touch()
    async with make_app().run_test(size=SMALL) as pilot:
        await opening(pilot, LOG)
        tree = pilot.app.screen.query_one(Folders)
        await until(pilot, lambda: len(tree.root.children) == 5)
        assert "[b]a␛[31m.log" in [str(node.label) for node in tree.root.children]


def test_each_kind_has_its_own_recent_ones() -> None:
    Path("store").mkdir()
    remember(STATE, Path("client.json"), SESSION)
    remember(STATE, Path("store"), STORE)
    assert load_recent(STATE, SESSION) == [Path.cwd() / "client.json"]
    assert load_recent(STATE, STORE) == [Path.cwd() / "store"]
    assert load_recent(STATE) == []
    Path("store").rmdir()
    assert load_recent(STATE, STORE) == []
