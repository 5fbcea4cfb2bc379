"""Choosing a session."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import until
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher, Input, Label, OptionList

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, load_configs
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.file_kinds import SESSION, STORE
from purefix_tui.dialogs.open_file import Folders, OpenFile
from purefix_tui.session import choose as choosing
from purefix_tui.session.choose import ChooseSession, Problems, recent_sessions, remember_session
from purefix_tui.session.config_form import ConfigForm
from purefix_tui.widgets.help_screen import HelpScreen

SMALL, LARGE = (80, 24), (140, 40)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])

MakeApp = Callable[..., PureFixApp]
Snapshot = Callable[..., bool]

STATE = Path("state")
CLIENT = {
    "SenderCompID": "WREN",
    "TargetCompID": "LARKSPUR",
    "BeginString": "FIX.4.4",
    "SocketConnectHost": "localhost",
    "SocketConnectPort": 9823,
}
VENUE = {
    "ConnectionType": "acceptor",
    "SocketAcceptPort": 9823,
    "SenderCompID": "LARKSPUR",
    "Sessions": [
        {"TargetCompID": "WREN", "BeginString": "FIX.4.4"},
        {"TargetCompID": "FINCH", "BeginString": "FIX.4.2", "SocketCAFile": "ca.pem"},
    ],
}
WRONG = {"SenderCompID": "WREN", "BeginString": "FIX.4.4", "HeartBtInt": "5x", "Password": 7, "MaxLatency": -1}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with a session file of each sort."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, document in (("client", CLIENT), ("venue", VENUE), ("wrong", WRONG)):
        Path(f"{name}.json").write_text(json.dumps(document))
    Path("client.cfg").write_text("[SESSION]\nBeginString=FIX.4.4\nSenderCompID=A\nTargetCompID=B\n")


async def choose(pilot: Pilot[None], path: str | None = None) -> list[FixConfig | None]:
    """Show the dialog; what it is dismissed with comes into the list."""
    results: list[FixConfig | None] = []
    dialog = ChooseSession(STATE, None, None if path is None else Path(path))
    await pilot.app.push_screen(dialog, results.append)
    await pilot.pause()
    return results


def title(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#one-file > .title", Label).content)


async def listed(pilot: Pilot[None]) -> None:
    """Wait until a file was read, and its sessions or problems are shown."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ChooseSession))
    await until(pilot, lambda: "sessions in" in title(pilot) or "cannot be used" in title(pilot))
    await pilot.pause()


def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as fast as a burst over a slow line brings them."""
    for name in keys:
        key = Key(name, None)
        key.set_sender(pilot.app)
        pilot.app.post_message(key)


async def type_path(pilot: Pilot[None], path: str) -> None:
    pilot.app.screen.query_one(Input).value = path
    pilot.app.screen.query_one(Input).focus()
    await pilot.press("enter")


@pytest.mark.parametrize("name", ["client.json", "client.cfg"])
async def test_a_file_of_one_session_is_taken_at_once(make_app: MakeApp, name: str) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot)
        await type_path(pilot, name)
        await until(pilot, lambda: bool(results))
        assert results[0] is not None
        assert results[0].settings.session_id.sender_comp_id in ("WREN", "A")
    assert recent_sessions(STATE) == [Path.cwd() / name]


async def test_of_several_sessions_one_is_chosen(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot, "venue.json")
        await listed(pilot)
        assert title(pilot) == "2 sessions in venue.json"
        sessions = pilot.app.screen.query_one("#sessions", OptionList)
        assert [str(option.prompt) for option in sessions.options] == [
            "LARKSPUR → WREN    fix44   accepts on port 9823",
            "LARKSPUR → FINCH   fix42   accepts on port 9823",
        ]
        warnings = pilot.app.screen.query_one(".warnings", Label)
        assert not str(warnings.content)
        await pilot.press("down")
        await pilot.pause()
        assert "SocketUseSSL: is N" in str(warnings.content)
        await pilot.press("enter")
        await until(pilot, lambda: bool(results))
        assert results[0] is not None
        assert results[0].settings.session_id.target_comp_id == "FINCH"


async def test_all_problems_of_a_file_are_listed_and_it_can_be_put_right(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot, "wrong.json")
        await listed(pilot)
        assert title(pilot) == "wrong.json cannot be used"
        text = str(pilot.app.screen.query_one(Problems).query_one("Static").content)  # type: ignore[attr-defined]
        assert [line.split(":")[0] for line in text.splitlines()] == [
            "✗ HeartBtInt",
            "✗ Password",
            "✗ MaxLatency",
            "✗ TargetCompID",
        ]
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        Path("wrong.json").write_text(json.dumps(CLIENT))
        await pilot.press("escape")
        await listed(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen.query_one(ContentSwitcher).current == "files"
        await type_path(pilot, "wrong.json")
        await until(pilot, lambda: bool(results))
    assert recent_sessions(STATE) == [Path.cwd() / "wrong.json"]


async def test_a_file_that_cannot_be_used_is_not_among_the_recent_ones(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        await choose(pilot, "wrong.json")
        await listed(pilot)
    assert recent_sessions(STATE) == []


async def test_a_recent_file_is_chosen(make_app: MakeApp) -> None:
    remember_session(STATE, Path("client.json"))
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: bool(results))
        assert results[0] is not None


async def test_a_new_file_is_chosen_once_it_is_saved(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        form = pilot.app.screen
        await pilot.pause()
        await pilot.press("down", "down", "A", "down", "B", "ctrl+s")
        await until(pilot, lambda: bool(results))
        assert form not in pilot.app.screen_stack
        assert results[0] is not None
        assert results[0].name == "A-B"
    assert Path("A-B.json").is_file()


async def test_the_session_under_the_cursor_is_edited(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        await choose(pilot, "venue.json")
        await listed(pilot)
        await pilot.press("down", "ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        assert "session 2, FINCH" in str(pilot.app.screen.query_one(".title", Label).content)


async def test_the_form_begins_with_the_session_that_is_wrong(make_app: MakeApp) -> None:
    sessions = [*VENUE["Sessions"], {"TargetCompID": "ROBIN", "HeartBtInt": "x"}]  # type: ignore[misc]
    Path("venue.json").write_text(json.dumps({**VENUE, "BeginString": "FIX.4.4", "Sessions": sessions}))
    async with make_app().run_test(size=SMALL) as pilot:
        await choose(pilot, "venue.json")
        await listed(pilot)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        assert "session 3, ROBIN" in str(pilot.app.screen.query_one(".title", Label).content)


@pytest.mark.parametrize("key", ["ctrl+n", "ctrl+e"])
async def test_a_form_opened_while_a_file_is_read_stays(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    go_on = threading.Event()
    over: list[Path] = []

    def slowly(path: Path, registry: Dialects | None) -> list[FixConfig]:
        go_on.wait(10)
        over.append(path)
        return load_configs(path, registry)

    monkeypatch.setattr(choosing, "load_configs", slowly)
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot)
        await type_path(pilot, "client.json")
        await until(pilot, lambda: "Reading" in title(pilot))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        form = pilot.app.screen
        go_on.set()
        await until(pilot, lambda: bool(over))
        await pilot.pause()
        assert pilot.app.screen is form
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseSession))
        assert pilot.app.screen.query_one(ContentSwitcher).current == "files"
        await pilot.press("escape")
        await until(pilot, lambda: results == [None])


async def test_keys_that_come_fast_open_one_form(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        await choose(pilot)
        at_once(pilot, "ctrl+n", "ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        await pilot.pause()
        assert [type(screen) for screen in pilot.app.screen_stack[1:]] == [ChooseSession, ConfigForm]


async def test_a_session_is_chosen_once(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot, "venue.json")
        await listed(pilot)
        at_once(pilot, "enter", "enter")
        await until(pilot, lambda: bool(results))
        await pilot.pause()
        assert len(results) == 1
        assert len(pilot.app.screen_stack) == 1


async def test_f1_explains_the_dialog_which_may_be_dismissed_below(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot)
        chooser = pilot.app.screen
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        chooser.dismiss(None)
        chooser.dismiss(None)
        await pilot.pause()
        assert not results
        await pilot.press("escape")
        await until(pilot, lambda: results == [None])
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 1


@pytest.mark.parametrize(
    ("name", "words"), [("client.cfg", "the form edits JSON only"), ("missing.json", "There is no file")]
)
async def test_what_cannot_be_edited_is_said(make_app: MakeApp, name: str, words: str) -> None:
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await choose(pilot)
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("ctrl+e")
        said = lambda: [str(app.screen.query_one(".wrong", Label).content), *(n.message for n in app._notifications)]  # noqa: E731
        await until(pilot, lambda: words in "".join(said()))
        assert isinstance(app.screen, ChooseSession)


async def test_escape_goes_back_and_then_closes(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        results = await choose(pilot, "venue.json")
        await listed(pilot)
        await pilot.press("escape")
        assert pilot.app.screen.query_one(ContentSwitcher).current == "files"
        await pilot.press("escape")
        await until(pilot, lambda: results == [None])


async def test_names_in_a_file_do_not_draw_on_the_screen(make_app: MakeApp) -> None:
    Path("odd.json").write_text(
        json.dumps({"SenderCompID": "[red]\u202eA", "x\x1b]0;title\x07": 1, "HeartBtInt": "\x1b[2J"})
    )
    async with make_app().run_test(size=LARGE) as pilot:
        await choose(pilot, "odd.json")
        await listed(pilot)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfigForm))
        await pilot.pause(0.4)
        painted = pilot.app.export_screenshot()
        assert not {"\x1b", "\u202e", "\x07"} & set(painted)


# -- how it looks


@SIZES
def test_choosing_a_file(snap_compare: Snapshot, make_app: MakeApp, size: tuple[int, int]) -> None:
    STATE.mkdir()
    (STATE / SESSION.recent).write_text(json.dumps(["client.json", "venue.json"]))

    async def run(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(ChooseSession(STATE, None, None))
        tree = pilot.app.screen.query_one(Folders)
        await until(pilot, lambda: len(tree.root.children) == 5)
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
@pytest.mark.parametrize("name", ["venue", "wrong"])
def test_a_file_of_sessions(snap_compare: Snapshot, make_app: MakeApp, name: str, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await choose(pilot, f"{name}.json")
        await listed(pilot)
        await pilot.press("down")

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_opening_a_store(snap_compare: Snapshot, make_app: MakeApp, size: tuple[int, int]) -> None:
    Path("store").mkdir()

    async def run(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(OpenFile(Path.cwd(), [Path("store")], STORE))
        tree = pilot.app.screen.query_one(Folders)
        await until(pilot, lambda: len(tree.root.children) == 5)
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=size, run_before=run)
