"""A message log that cannot be written, or that somebody takes away, while a session runs on screen."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import until
from session_peers import port_of, session_file, settings
from session_tab_pilot import MakeApp, act, header, logged_on, notice, rows, session_app, tab_of
from textual.pilot import Pilot

from purefix_core.session.config import FixConfig
from purefix_core.session.engine.log_files import OpenFiles
from purefix_core.session.settings import ConnectionType
from purefix_core.session.status import NotLogged
from purefix_core.wire.timestamps import parse_utc_timestamp
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.first_status import first_status
from purefix_tui.session.not_logged import NotLoggedLines, not_logged_text
from purefix_tui.session.pane import SessionPane


@pytest.fixture
def client(tmp_path: Path, venue: EngineThread) -> Path:
    return session_file(tmp_path / "client.json", port_of(venue))


def not_logged(pilot: Pilot[None]) -> str:
    line = tab_of(pilot).query_one(NotLoggedLines)
    return str(line.content) if line.display else ""


def log_of(pane: SessionPane) -> Path:
    assert pane.engine.log_path is not None
    return pane.engine.log_path


async def test_it_is_said_as_long_as_messages_are_not_logged_and_the_table_has_them_all_the_same(
    make_app: MakeApp, client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session_app(make_app, client).run_test(size=(100, 30)) as pilot:
        pane = await logged_on(pilot)
        path, append = log_of(pane), OpenFiles.append
        assert not not_logged(pilot)

        def fails(files: OpenFiles, where: Path, data: bytes) -> int:
            if where == path:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return append(files, where, data)

        with monkeypatch.context() as patched:
            patched.setattr(OpenFiles, "append", fails)
            await act(pilot, "O")
            await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
            await until(pilot, lambda: "✗ NOT LOGGED since" in not_logged(pilot))
            await act(pilot, "L")
            await until(pilot, lambda: pane.is_logged_on)
            await until(pilot, lambda: "Logged on." in notice(pilot))
            said = not_logged(pilot)
            assert (
                ": No space left on device.\nMake room for it, or move it away; each message tries it again: " in said
            )
            assert said.endswith(str(path))
            for what in ("→ sent, not logged: 35=5", "← received, not logged: 35=5", "→ sent, not logged: 35=A"):
                await until(pilot, lambda what=what: any(what in row for row in rows(pane)))  # type: ignore[misc]
        await act(pilot, "U")
        await until(pilot, lambda: not not_logged(pilot))
        await until(
            pilot, lambda: any("a log is written again, 4 lines are missing in it" in row for row in rows(pane))
        )
        await until(pilot, lambda: any("TestRequest" in row for row in rows(pane)))
        assert b"4 lines are missing here, since " in path.read_bytes()


async def test_a_log_that_is_taken_away_goes_on_in_a_new_file(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(100, 30)) as pilot:
        pane = await logged_on(pilot)
        path = log_of(pane)
        path.unlink()
        await act(pilot, "U")
        await until(pilot, lambda: any("somebody removed, renamed or replaced a log" in row for row in rows(pane)))
        await until(pilot, lambda: any("TestRequest" in row and "→" in row for row in rows(pane)))
        assert b"\x0135=1\x01" in path.read_bytes()


def test_what_is_not_logged_is_named(tmp_path: Path) -> None:
    status = first_status(FixConfig.of(settings(ConnectionType.INITIATOR, 9, log_path=tmp_path)))
    assert not not_logged_text(status)
    since = parse_utc_timestamp(b"20260131-16:30:45") or 0
    events = replace(status, not_logged=NotLogged(since, tmp_path / "x\x1b.log", "File too large"))
    assert not_logged_text(events).startswith("✗ EVENTS ARE NOT LOGGED since 16:30:45: File too large.\n")
    assert "\x1b" not in not_logged_text(events)
    assert not_logged_text(replace(status, log_path=None)).startswith("✗ NOT LOGGED: no folder can be written to.")
