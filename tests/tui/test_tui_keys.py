"""The keys: what the last line names, the user's own keymap, and the page that lists them."""

from __future__ import annotations

import importlib.util
import json
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import dialog, opened, settled, until
from textual.binding import Binding
from textual.dom import DOMNode

import purefix_tui
from purefix_core.store.changing import Edit
from purefix_tui.app import PureFixApp
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.key_sections import CHAINS, SECTIONS
from purefix_tui.keymap import load_keymap
from purefix_tui.stores.change_dialog import Change, ChangeDialog
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.help_screen import HelpScreen
from purefix_tui.widgets.key_line import KeyLine

MakeApp = Callable[..., PureFixApp]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"


def key_line(app: PureFixApp) -> str:
    return str(app.query_one(KeyLine).content)


async def test_the_last_line_names_what_works_where_the_focus_is(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert "/ filter" in key_line(app)
        await pilot.press("tab")
        await until(pilot, lambda: "Esc back" in key_line(app))
        assert "Y copy field" in key_line(app)
        assert "/ filter" not in key_line(app)
        await pilot.press("slash")
        await until(pilot, lambda: "Esc restore" in key_line(app))
        assert "admin" not in key_line(app)  # typed, it would be part of the expression
        pane.filter_bar.chips.focus()
        await until(pilot, lambda: "space hide or show type" in key_line(app))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
async def test_help_is_named_at_every_width(make_app: MakeApp, example_log: Path, width: int) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(width, 30)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+f", *"gbpusd", "enter")
        await until(pilot, lambda: "n next" in key_line(app) or width < 60)
        await settled(pilot)
        assert key_line(app).rstrip().endswith("? help")
        assert len(key_line(app).rstrip()) <= width
        if width >= 80:
            assert "n next" in key_line(app)


async def test_a_click_on_a_key_presses_it(make_app: MakeApp, example_log: Path) -> None:
    app = make_app(example_log)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.click(KeyLine, offset=(key_line(app).index("go to"), 0))
        await dialog(pilot, Prompt)


async def test_tab_and_its_opposite_have_an_id(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test() as pilot:
        await opened(pilot)
        for key, binding_id in (("tab", "app.next_pane"), ("shift+tab", "app.previous_pane")):
            binding = app.screen.active_bindings[key].binding
            assert (binding.id, bool(binding.tooltip)) == (binding_id, True)


async def test_ctrl_c_says_how_to_quit(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert [notice.message for notice in app._notifications] == ["^q or q quits."]


# The user's own keys.


@pytest.fixture
def keymap_file(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "keymap.json"


async def test_own_keys_replace_the_default_ones(make_app: MakeApp, example_log: Path, keymap_file: Path) -> None:
    keymap_file.write_text('{"log.goto": "ctrl+g,?", "app.keys": "f2", "log.admin": ":"}')
    app = make_app(example_log)
    async with app.run_test(size=(120, 60)) as pilot:
        pane = await opened(pilot)
        assert not len(app._notifications)
        assert "^g go to" in key_line(app)
        await pilot.press("ctrl+g")
        await dialog(pilot, Prompt)
        await pilot.press("escape", "?")
        await dialog(pilot, Prompt)
        await pilot.press("escape", ":")
        await until(pilot, lambda: bool(pane.filter_state.hidden))
        await pilot.press("f2")
        await dialog(pilot, HelpScreen)
        text = str(app.screen.query("VerticalScroll Static").first().content)
        assert str(keymap_file) in text
        assert "ctrl+g" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "a JSON object"),
        ('{"log.nosuch": "x"}', "log.nosuch: there is no such action"),
        ('{"log.find": 5}', "log.find: keys are wanted as a text"),
        ('{"log.find": "a,,b"}', "log.find: keys are wanted as a text"),
        ('{"log.find": "contrl+f"}', "log.find: there is no key contrl+f"),
        ('{"log.find": "y"}', "y would be the key of log.find and of log.copy"),
        ('{"log.find": "j"}', "j would be the key of table.down and of log.find"),
        ('{"log.find": "f9", "log.copy": "f9"}', "f9 would be the key of log.find and of log.copy"),
    ],
)
async def test_what_is_wrong_with_the_file_is_said_and_the_rest_holds(
    make_app: MakeApp, short_log: Path, keymap_file: Path, text: str, words: str
) -> None:
    keymap_file.write_text(text)
    app = make_app(short_log)
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        (notice,) = app._notifications
        assert words in notice.message
        assert str(keymap_file) in notice.message
        await pilot.press("ctrl+f")
        await dialog(pilot, Prompt)


async def test_bytes_that_are_no_text_and_folders_are_said(
    make_app: MakeApp, short_log: Path, keymap_file: Path
) -> None:
    keymap_file.write_bytes(b"\xff\xfe\x00")
    assert "not JSON" in load_keymap(keymap_file, CHAINS).problems[0]
    keymap_file.unlink()
    keymap_file.mkdir()
    assert "cannot be read" in load_keymap(keymap_file, CHAINS).problems[0]


def test_two_keys_may_change_places(keymap_file: Path) -> None:
    keymap_file.write_text('{"log.find": "a", "log.admin": "ctrl+f"}')
    keymap = load_keymap(keymap_file, CHAINS)
    assert (keymap.keys, list(keymap.problems)) == ({"log.find": "a", "log.admin": "ctrl+f"}, [])


def test_who_loses_a_key_to_a_wrong_entry_gets_its_own_back(keymap_file: Path) -> None:
    """`log.admin` may have the key of `log.find` only as long as that one has another."""
    keymap_file.write_text('{"log.find": "y", "log.admin": "ctrl+f"}')
    keymap = load_keymap(keymap_file, CHAINS)
    assert keymap.keys == {}
    assert len(keymap.problems) == 2


def test_every_default_key_may_stand_in_a_keymap(keymap_file: Path) -> None:
    everything = {b.id: b.key for _, bindings in SECTIONS for b in bindings if isinstance(b, Binding)}
    keymap_file.write_text(json.dumps(everything))
    keymap = load_keymap(keymap_file, CHAINS)
    assert list(keymap.problems) == []
    assert set(keymap.keys) == set(everything)


def test_sections_and_chains_hold_the_same_bindings() -> None:
    in_sections = {b.id for _, bindings in SECTIONS for b in bindings if isinstance(b, Binding)}
    assert in_sections == {b.id for bindings in CHAINS for b in bindings if isinstance(b, Binding)}


def classes_of_the_program(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """Every class of purefix_tui that is made of `base`."""
    for module in pkgutil.walk_packages(purefix_tui.__path__, "purefix_tui."):
        importlib.import_module(module.name)
    left = base.__subclasses__()
    while left:
        each = left.pop()
        left += each.__subclasses__()
        if each.__module__.startswith("purefix_tui."):
            yield each


def test_every_widget_and_dialog_has_its_keys_in_a_section() -> None:
    in_sections = {b.id for _, bindings in SECTIONS for b in bindings if isinstance(b, Binding)}
    for each in classes_of_the_program(DOMNode):
        missing = {b.id for b in vars(each).get("BINDINGS", ()) if isinstance(b, Binding)} - in_sections
        assert not missing, each


def test_every_dialog_has_a_help() -> None:
    dialogs = list(classes_of_the_program(Dialog))
    assert [each for each in dialogs if not each.HELP] == []
    assert Confirm in dialogs


async def test_f1_explains_a_dialog_in_which_nothing_has_the_focus(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test() as pilot:
        await opened(pilot)
        app.push_screen(ChangeDialog(Change("Next out 5", Edit, ("It will be 5.",))))
        await dialog(pilot, ChangeDialog)
        app.screen.set_focus(None)
        await pilot.press("f1")
        await dialog(pilot, HelpScreen)
        assert "before it is done" in str(app.screen.query("VerticalScroll Static").first().content)
        await pilot.press("f1")
        await dialog(pilot, ChangeDialog)


def test_the_page_lists_every_key() -> None:
    """Else run tools/write_keys.py."""
    path = PAGE.parents[1] / "tools" / "write_keys.py"
    spec = importlib.util.spec_from_file_location("write_keys", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert PAGE.read_text().endswith(tool.key_tables())


async def test_help_prints_the_characters_of_own_keys_in_their_column(
    make_app: MakeApp, short_log: Path, keymap_file: Path
) -> None:
    keymap_file.write_text('{"log.next_problem": "right_square_bracket,f8", "log.find": "ctrl+f,ctrl+g,alt+f,f3"}')
    app = make_app(short_log)
    async with app.run_test(size=(100, 60)) as pilot:
        await opened(pilot)
        await pilot.press("?")
        await dialog(pilot, HelpScreen)
        text = str(app.screen.query("VerticalScroll Static").first().content)
        lines = text.splitlines()
        assert f"  {'] f8':<18} Next reject or broken message" in lines
        at = lines.index("  ctrl+f ctrl+g alt+f f3")
        assert lines[at + 1].rstrip() == f"{'':21}Find text, without hiding any message"


async def test_each_problem_of_the_keymap_has_a_line(make_app: MakeApp, short_log: Path, keymap_file: Path) -> None:
    keymap_file.write_text('{"no.such": "x", "log.find": 5}')
    app = make_app(short_log)
    async with app.run_test() as pilot:
        await opened(pilot)
        (notice,) = app._notifications
        assert len(notice.message.splitlines()) == 3
        assert "␊" not in notice.message


# Notices.


async def test_a_newer_notice_takes_the_place_of_the_older(make_app: MakeApp, short_log: Path) -> None:
    app = make_app(short_log)
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot)
        for number in range(5):
            app.notify(f"copy {number}", title="Copied")
        app.notify("something else", title="Export")
        await pilot.pause()
        assert [notice.message for notice in app._notifications] == ["copy 4", "something else"]
        await pilot.pause(0.2)
        assert len(app.screen.query("Toast")) == 2


async def test_every_error_stays_to_be_read(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(tmp_path / "one.log", tmp_path / "other.log")
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app._notifications) == 2)
        app.notify("said twice", title="Cannot open", severity="error")
        app.notify("said twice", title="Cannot open", severity="error")
        await pilot.pause()
        assert len(app._notifications) == 3
