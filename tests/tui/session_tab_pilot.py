"""The Session tab in tests: opened, driven by keys, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import until
from textual.pilot import Pilot
from textual.widgets import Static

from purefix_tui.app import PureFixApp
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.header import Notice, SessionHeader
from purefix_tui.session.pane import SessionPane
from purefix_tui.session.tab import SessionTab
from purefix_tui.tabs import SESSION, Start

MakeApp = Callable[..., PureFixApp]


def session_app(make_app: MakeApp, path: Path | None = None) -> PureFixApp:
    return make_app(start=Start(SESSION, path))


def tab_of(pilot: Pilot[None]) -> SessionTab:
    tab = pilot.app.tabs.session  # type: ignore[attr-defined]
    assert isinstance(tab, SessionTab)
    return tab


async def opened(pilot: Pilot[None]) -> SessionPane:
    """The pane of the session, once its engine is up."""
    await until(pilot, lambda: pilot.app.tabs.session is not None)  # type: ignore[attr-defined]
    await until(pilot, lambda: tab_of(pilot).pane is not None)
    pane = tab_of(pilot).pane
    assert pane is not None
    await until(pilot, lambda: pane.engine.is_running or bool(pane.engine.failure))
    await until(pilot, lambda: pane.has_focus_within and bool(header(pilot)))
    await pilot.pause()
    return pane


async def act(pilot: Pilot[None], key: str) -> None:
    """Press the key of an action, and Enter in its dialog."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, DeedDialog))


async def logged_on(pilot: Pilot[None]) -> SessionPane:
    pane = await opened(pilot)
    await act(pilot, "L")
    await until(pilot, lambda: pane.is_logged_on)
    await until(pilot, lambda: "LOGGED ON" in header(pilot))
    return pane


def text(pilot: Pilot[None], kind: type[Static]) -> str:
    return str(tab_of(pilot).query_one(kind).content)


def header(pilot: Pilot[None]) -> str:
    return text(pilot, SessionHeader)


def notice(pilot: Pilot[None]) -> str:
    return text(pilot, Notice)


def rows(pane: SessionPane) -> list[str]:
    """What stands in the live table."""
    table = pane.live.table
    return ["".join(piece for piece, _ in table.paint(row, row == 0, 200)) for row in range(len(table.source))]
