"""The form of a session: what is checked as it is typed, what is saved, and how it looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import type_text, until
from textual.pilot import Pilot
from textual.widgets import Input, Static

from purefix_core.session.config import load_configs
from purefix_tui.app import PureFixApp
from purefix_tui.session.config_fields import ConfigField
from purefix_tui.session.config_form import ConfigForm
from purefix_tui.session.form_fields import FormFields
from purefix_tui.session.form_row import Choice, FormRow

SMALL, LARGE = (80, 24), (140, 40)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])

MakeApp = Callable[..., PureFixApp]
Snapshot = Callable[..., bool]

DESK = """\
// the desk's own
{
  "SenderCompID": "WREN",
  "TargetCompID": "LARKSPUR",
  "BeginString": "FIX.4.4",
  "SocketConnectHost": "fix.larkspur.example",
  "SocketConnectPort": 9823,
  "HeartBtInt": "30",
  "Password": "hunter2",
  "LogonTag": "9001=abc",
  "MaxLatency": 60,
  "x-note": "kept"
}
"""
VENUE = {
    "ConnectionType": "acceptor",
    "SocketAcceptPort": 9823,
    "SenderCompID": "LARKSPUR",
    "BeginString": "FIX.4.4",
    "Sessions": [{"TargetCompID": "WREN"}, {"TargetCompID": "FINCH"}],
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Form:
    """The form on screen, and what it was dismissed with."""

    def __init__(self, pilot: Pilot[None], form: ConfigForm) -> None:
        self.pilot = pilot
        self.form = form
        self.results: list[Path | None] = []

    @classmethod
    async def shown(cls, pilot: Pilot[None], path: str | None = None, place: int = 0) -> Form:
        form = ConfigForm(Path("state"), None, None if path is None else Path(path), place)
        self = cls(pilot, form)
        await pilot.app.push_screen(form, self.results.append)
        await self.checked()
        return self

    async def checked(self) -> None:
        """Wait until what is typed was checked."""
        await self.pilot.pause()
        await until(self.pilot, lambda: "Checking" not in self.state and not self.form.is_checking)
        await self.pilot.pause()

    @property
    def state(self) -> str:
        return str(self.form.query_one("#state", Static).content)

    @property
    def about(self) -> str:
        return str(self.form.query_one("#about", Static).content)

    def row(self, name: str) -> FormRow:
        return next(row for row in self.form.query(FormRow) if row.field.name == name)

    def is_shown(self, name: str) -> bool:
        return any(row.field.name == name for row in self.form.query_one(FormFields).rows)

    async def enter(self, name: str, text: str) -> None:
        row = self.row(name)
        row.control.focus()
        await self.pilot.pause()
        if isinstance(row.control, Input):
            row.control.value = ""
        before = self.form._generation
        await type_text(self.pilot, text)
        await until(self.pilot, lambda: self.form._generation > before)
        if isinstance(row.control, Input):
            assert row.text == text
        await self.checked()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.checked()

    async def ended(self) -> Path | None:
        await until(self.pilot, lambda: bool(self.results))
        return self.results[0]


async def test_a_new_session_is_filled_in_checked_and_saved(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        assert form.state == "✗ Wrong: SenderCompID, TargetCompID"
        await form.enter("SenderCompID", "WREN")
        assert form.state == "✗ Wrong: TargetCompID"
        await form.enter("TargetCompID", "LARKSPUR")
        await form.enter("SocketConnectHost", "localhost")
        assert form.row("SocketConnectHost").wrong.startswith("expected SocketConnectPort beside it")
        await form.enter("SocketConnectPort", "9823")
        await form.enter("Password", "hunter2")
        assert form.state.startswith("✓")
        await pilot.press("ctrl+s")
        assert await form.ended() == Path.cwd() / "WREN-LARKSPUR.json"
        assert "hunter2" not in "".join(each.message for each in app._notifications)
    path = Path("WREN-LARKSPUR.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == {
        "Application": {"DictionaryName": "fix44"},
        "ConnectionType": "initiator",
        "SenderCompID": "WREN",
        "TargetCompID": "LARKSPUR",
        "SocketConnectHost": "localhost",
        "SocketConnectPort": 9823,
        "HeartBtInt": 30,
        "Password": "hunter2",
    }
    (config,) = load_configs(path)
    assert config.settings.network.hosts == (("localhost", 9823),)


async def test_what_is_wrong_is_said_as_it_is_typed_and_nothing_is_saved(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        await form.enter("SenderCompID", "A")
        await form.enter("TargetCompID", "B")
        await form.enter("HeartBtInt", "5x")
        assert form.about.startswith("✗ expected a whole number from 0 to 999,999,999")
        assert "HeartBtInt(108) of our Logon" in form.about
        form.row("Application.Name").control.focus()
        await form.press("ctrl+s")
        assert pilot.app.focused is form.row("HeartBtInt").control, "the cursor goes to what is wrong"
        assert form.state == "✗ Wrong: HeartBtInt"
        assert not form.results
    assert not list(Path.cwd().glob("*.json"))


@pytest.mark.parametrize("name", ["Password", "LogonTag"])
async def test_secrets_are_masked_and_no_error_shows_them(make_app: MakeApp, name: str) -> None:
    Path("desk.json").write_text(DESK.replace('"9001=abc"', '"hunter2"').replace('"hunter2"', '"hunter2\\u0007"'))
    async with make_app().run_test(size=LARGE) as pilot:
        form = await Form.shown(pilot, "desk.json")
        form.row(name).control.focus()
        await form.checked()
        assert form.row(name).wrong
        painted = pilot.app.export_screenshot()
        assert "hunter" not in painted
        assert "hunter" not in form.about + form.state + repr(list(pilot.app.workers))
        await form.press("ctrl+r")
        assert "hunter2" in pilot.app.export_screenshot()
        await form.press("ctrl+r")
        assert "hunter" not in pilot.app.export_screenshot()


async def test_an_edited_file_keeps_what_the_form_does_not_know(make_app: MakeApp) -> None:
    Path("desk.json").write_text(DESK)
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "desk.json")
        assert "Saving drops the file's comments" in pilot.app.export_screenshot().replace("&#160;", " ").replace(
            "&#x27;", "'"
        )
        assert "MaxLatency, x-note" in str(form.form.query_one(".other", Static).content)
        await form.enter("SenderCompID", "FINCH")
        await form.press("ctrl+s")
        assert "comments will be lost" in form.state
        assert Path("desk.json").read_text() == DESK, "the first time it is only said"
        await pilot.press("ctrl+s")
        assert await form.ended() == Path("desk.json")
    before = json.loads(DESK.partition("\n")[2])
    assert json.loads(Path("desk.json").read_text()) == {**before, "SenderCompID": "FINCH"}
    (backup,) = Path.cwd().glob("desk.json.*.bak")
    assert backup.read_text() == DESK
    assert backup.stat().st_mode & 0o777 == 0o600


async def test_a_session_of_several_is_edited_alone(make_app: MakeApp) -> None:
    Path("venue.json").write_text(json.dumps(VENUE))
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "venue.json", 1)
        assert "session 2, FINCH" in str(form.form.query_one(".title", Static).content)
        form.row("SenderCompID").control.focus()
        await form.checked()
        assert "The top level of the file says this" in form.about
        await form.enter("HeartBtInt", "5")
        await pilot.press("ctrl+s")
        await form.ended()
    assert json.loads(Path("venue.json").read_text()) == {
        **VENUE,
        "Sessions": [{"TargetCompID": "WREN"}, {"TargetCompID": "FINCH", "HeartBtInt": 5}],
    }


async def test_only_fields_that_are_of_use_are_shown(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        assert form.is_shown("SocketConnectHost")
        assert not form.is_shown("SocketAcceptPort")
        assert not form.is_shown("SocketCAFile")
        await form.enter("ConnectionType", "a")
        await form.enter("SocketUseSSL", "y")
        assert not form.is_shown("SocketConnectHost")
        assert form.is_shown("SocketAcceptPort")
        assert form.is_shown("SocketCAFile")
        assert "expected a certificate for an acceptor" in form.row("SocketCertificateFile").wrong


async def test_a_flag_that_is_changed_back_is_no_change(make_app: MakeApp) -> None:
    Path("desk.json").write_text(DESK)
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "desk.json")
        await form.enter("ResetSeqNumFlag", "y")
        assert form.form.query_one(FormFields).changes() == {"ResetSeqNumFlag": True}
        await form.press("left")
        assert form.form.query_one(FormFields).changes() == {}


async def test_the_dialect_is_one_of_the_registry(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        choice = form.row("Application.DictionaryName").control
        assert isinstance(choice, Choice)
        assert choice.value == "fix44"
        choice.focus()
        await form.press("right")
        assert choice.value == "fix50"
        for _ in range(20):
            await pilot.press("left")
            if not choice.value:
                break
        await form.checked()
        assert "a BeginString to tell one by" in form.about
        assert "Dialect" in form.state


async def test_another_logon_tag_is_offered_behind_a_full_one(make_app: MakeApp) -> None:
    async with make_app().run_test(size=LARGE) as pilot:
        form = await Form.shown(pilot)
        await form.enter("LogonTag", "9001=a")
        await form.enter("LogonTag1", "9001=b")
        assert form.row("LogonTag2").control.password  # type: ignore[union-attr]
        assert form.row("LogonTag").wrong == "expected each tag once, but 9001 is also that of another LogonTag"
        await form.enter("LogonTag1", "9002=b")
        assert not form.row("LogonTag").wrong


async def test_a_file_that_exists_is_not_overwritten_by_a_new_one(make_app: MakeApp) -> None:
    Path("A-B.json").write_text("mine")
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        await form.enter("SenderCompID", "A")
        await form.enter("TargetCompID", "B")
        await form.press("ctrl+s")
        assert "A-B.json exists" in form.about
        await form.enter("", "other.json")
        await pilot.press("ctrl+s")
        assert await form.ended() == Path.cwd() / "other.json"
    assert Path("A-B.json").read_text() == "mine"


async def test_a_file_that_changed_meanwhile_is_left_alone(make_app: MakeApp) -> None:
    Path("venue.json").write_text(json.dumps(VENUE))
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "venue.json")
        await form.enter("HeartBtInt", "5")
        Path("venue.json").write_text("{}")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "changed by somebody else" in form.state)
    assert Path("venue.json").read_text() == "{}"


async def test_escape_asks_once_where_something_was_typed(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        await form.enter("SenderCompID", "A")
        await form.press("escape")
        assert "Esc again" in form.state
        await pilot.press("escape")
        assert await form.ended() is None


async def test_keys_that_come_fast_go_as_far_as_slow_ones(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot)
        for _ in range(3):
            form.form.action_move(1)
        assert pilot.app.focused is form.row("TargetCompID").control
        form.form.action_move(100)
        assert pilot.app.focused is form.form.query_one(FormFields).rows[-1].control
        form.form.action_move(-100)
        assert pilot.app.focused is form.row("Application.Name").control


async def test_what_was_wrong_elsewhere_before_keeps_nobody_from_saving(make_app: MakeApp) -> None:
    wren, robin = {"TargetCompID": "WREN", "HeartBtInt": "x"}, {"TargetCompID": "ROBIN"}
    Path("venue.json").write_text(json.dumps({**VENUE, "Sessions": [wren, {"TargetCompID": "FINCH"}, robin]}))
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "venue.json", 1)
        assert form.state == "! Nothing is wrong but what stands above the fields"
        assert "Sessions[0].HeartBtInt" in str(form.form.query_one(".elsewhere", Static).content)
        await form.enter("TargetCompID", "ROBIN")
        assert form.state == "✗ Wrong: what stands above the fields", "two sessions are the same"
        await form.press("ctrl+s")
        assert not form.results
        await form.enter("TargetCompID", "JAY")
        assert form.state == "! Nothing is wrong but what stands above the fields, not saved yet"
        await pilot.press("ctrl+s")
        await form.ended()
    assert json.loads(Path("venue.json").read_text())["Sessions"] == [wren, {"TargetCompID": "JAY"}, robin]


async def test_the_field_under_the_cursor_is_in_view_with_its_meaning(make_app: MakeApp) -> None:
    Path("desk.json").write_text(DESK)
    async with make_app().run_test(size=SMALL) as pilot:
        form = await Form.shown(pilot, "desk.json")
        await form.enter("SocketUseSSL", "y")
        fields = form.form.query_one(FormFields)
        form.row("Application.Name").control.focus()
        await pilot.pause()
        for row in fields.rows:
            assert pilot.app.focused is row.control
            await until(pilot, lambda row=row: fields.region.contains_region(row.region))
            about = form.form.query_one("#about")
            assert row.field.meaning in form.about
            assert about.region.bottom < pilot.app.size.height
            height = about.visual.get_height(about.styles, about.size.width)
            assert height <= about.size.height, "all of it is in view"
            await pilot.press("down")
            await pilot.pause()


def test_without_a_log_folder_the_tab_keeps_a_log_all_the_same() -> None:
    assert "the program's state folder in the Session tab" in ConfigField.named("FileLogPath").default


# -- how it looks


@SIZES
def test_a_new_session(snap_compare: Snapshot, make_app: MakeApp, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        form = await Form.shown(pilot)
        await form.enter("SenderCompID", "WREN")

    assert snap_compare(make_app(), terminal_size=size, run_before=run)


@SIZES
def test_an_edited_session(snap_compare: Snapshot, make_app: MakeApp, size: tuple[int, int]) -> None:
    Path("desk.json").write_text(DESK)

    async def run(pilot: Pilot[None]) -> None:
        form = await Form.shown(pilot, "desk.json")
        await form.enter("SocketUseSSL", "y")
        await form.enter("HeartBtInt", "5x")

    assert snap_compare(make_app(), terminal_size=size, run_before=run)
