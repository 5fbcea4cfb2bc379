"""What the Session tab makes of a session file: its warnings, and the place of its log."""

from __future__ import annotations

from pathlib import Path

from conftest import dialog, until
from session_peers import listening, port_of, session_file, settings
from session_tab_pilot import MakeApp, logged_on, opened, session_app, tab_of
from textual.pilot import Pilot
from textual.widgets import Label

from purefix_core.session.config import FixConfig, load_configs
from purefix_core.session.settings import ConnectionType
from purefix_tui.dialogs.confirm import Confirm, Lines
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.log_place import with_log

MISSPELT: dict[str, object] = {
    "HearBtInt": 30,
    "RejectInvalidMessage": "N",
    "ReconectInterval": 5,
    "Productoin": True,
}


def on_screen(pilot: Pilot[None]) -> str:
    """What can be read of the lines of a dialog."""
    region = pilot.app.screen.query_one(Lines).content_region
    shown = [line.text for line in pilot.app.screen._compositor.render_strips()]
    return "\n".join(line[region.x : region.right] for line in shown[region.y : region.bottom])


async def test_all_warnings_of_a_file_are_read_before_it_is_open(make_app: MakeApp, tmp_path: Path) -> None:
    path = session_file(tmp_path / "desk.json", 9876, **MISSPELT)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await dialog(pilot, Confirm)
        said = on_screen(pilot)
        assert [word for word in MISSPELT if f"! {word}: " in said] == list(MISSPELT)
        assert said.index("Productoin") < said.index("HearBtInt")
        assert tab_of(pilot).pane is None
        await pilot.press("enter")  # the focus stands on Cancel
        await until(pilot, lambda: not isinstance(pilot.app.screen, Confirm))
        await pilot.pause()
        assert tab_of(pilot).pane is None
        tab_of(pilot).open(path)
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await opened(pilot)


async def test_warnings_that_say_nothing_of_production_take_one_enter(make_app: MakeApp, tmp_path: Path) -> None:
    path = session_file(tmp_path / "desk.json", 9876, HearBtInt=30)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await dialog(pilot, Confirm)
        assert str(pilot.app.screen.query_one(".title", Label).content) == "desk.json: 1 warning"
        await pilot.press("enter")
        await opened(pilot)


async def test_many_warnings_can_be_scrolled(make_app: MakeApp, tmp_path: Path) -> None:
    unsupported = ["LogonDay", "LogonTime", "LogoutDay", "LogoutTime", "ProxyHost", "SSLProtocol", "CipherSuites"]
    unsupported += ["SSLCipherSuite", "SocketLocalHost", "SocketLocalPort", "SocketKeyStore", "SocketTrustStore"]
    unsupported += ["SocketConnectSourceHost", "SocketConnectSourcePort", "KeyStoreType", "HostSelectionPolicy"]
    more: dict[str, object] = dict.fromkeys(unsupported, "x")
    path = session_file(tmp_path / "desk.json", 9876, **more, Prod="Y")
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await dialog(pilot, Confirm)
        assert "! Prod: is not a setting; did you mean production?" in on_screen(pilot)
        assert unsupported[-1] not in on_screen(pilot)
        pilot.app.screen.set_focus(pilot.app.screen.query_one(Lines))
        await pilot.press("end")
        await until(pilot, lambda: unsupported[-1] in on_screen(pilot))


async def test_two_files_with_the_same_comp_ids_have_logs_of_their_own(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    test = session_file(tmp_path / "desk.json", port_of(venue), FileStorePath=None)
    (tmp_path / "production").mkdir()
    other = listening(tmp_path / "other")
    real = session_file(tmp_path / "production" / "desk.json", port_of(other), FileStorePath=None)
    try:
        async with session_app(make_app, test).run_test(size=(80, 24)) as pilot:
            first = (await logged_on(pilot)).engine
            assert first.log_path is not None
        was = first.log_path.read_bytes()
        async with session_app(make_app, real).run_test(size=(80, 24)) as pilot:
            second = (await logged_on(pilot)).engine
            assert second.log_path is not None
            assert second.log_path.parent != first.log_path.parent
            assert second.log_path.parent.parent == tmp_path / "state" / "sessions"
            assert b"35=A" in second.log_path.read_bytes()
        assert first.log_path.read_bytes() == was
        async with session_app(make_app, test).run_test(size=(80, 24)) as pilot:
            assert (await opened(pilot)).engine.log_path == first.log_path
    finally:
        assert other.stop()


def test_any_file_name_makes_one_folder(tmp_path: Path) -> None:
    folders = []
    for name in ("a b:c.json", "é" * 100 + ".json", "\udcff.json", "..json"):
        config = load_configs(session_file(tmp_path / name, 9))[0]
        with_place, said = with_log(config, tmp_path / "sessions")
        assert not said
        place = with_place.settings.log_path
        assert place is not None
        assert place.parent == tmp_path / "sessions"
        folders.append(place.name)
    assert len(set(folders)) == len(folders)
    assert folders[0].startswith("a_b_c-")


def test_a_link_to_a_session_file_leads_to_its_log(tmp_path: Path) -> None:
    path = session_file(tmp_path / "desk.json", 9)
    (tmp_path / "folder").symlink_to(tmp_path)
    places = [with_log(load_configs(each)[0], tmp_path)[0] for each in (path, tmp_path / "folder" / "desk.json")]
    assert places[0].settings.log_path == places[1].settings.log_path


def test_without_a_session_file_the_log_lies_in_the_folder_itself(tmp_path: Path) -> None:
    config = FixConfig.of(settings(ConnectionType.INITIATOR, 9))
    assert with_log(config, tmp_path)[0].settings.log_path == tmp_path
