"""Opening the Stores tab in tests, and waiting until it has nothing left to do."""

from __future__ import annotations

from pathlib import Path

from conftest import type_text, until
from textual.pilot import Pilot

from purefix_core.registry.dialects import Dialects
from purefix_tui.app import PureFixApp
from purefix_tui.stores.fields import NumberInput
from purefix_tui.stores.numbers_editor import NumbersEditor
from purefix_tui.stores.store_pane import StorePane
from purefix_tui.stores.tab import StoresTab
from purefix_tui.tabs import Start


def stores_app(state: Path, *folders: Path, registry: Dialects | None = None) -> PureFixApp:
    """The app on its Stores tab. A single folder that is a store is opened at once."""
    return PureFixApp([], state_folder=state, dialects=registry, start=Start("Stores", stores=folders))


def tab_of(pilot: Pilot[None]) -> StoresTab:
    return pilot.app.screen_stack[0].query_one(StoresTab)


def pane_of_store(pilot: Pilot[None]) -> StorePane:
    pane = tab_of(pilot).pane
    assert pane is not None
    return pane


def editor_of(pilot: Pilot[None]) -> NumbersEditor:
    return pane_of_store(pilot).editor


async def listed(pilot: Pilot[None]) -> StoresTab:
    """The tab, once every store is listed."""
    await until(pilot, lambda: bool(pilot.app.screen_stack[0].query(StoresTab)))
    tab = tab_of(pilot)
    await until(pilot, lambda: not tab.listing and pilot.app.screen.focused is not None)
    return tab


async def opened_store(pilot: Pilot[None]) -> StorePane:
    """The opened store, once it is read and its outlook worked out."""
    await listed(pilot)
    await until(pilot, lambda: tab_of(pilot).pane is not None)
    await store_rests(pilot)
    await until(pilot, lambda: isinstance(pilot.app.focused, NumberInput))
    return pane_of_store(pilot)


async def store_rests(pilot: Pilot[None]) -> None:
    """Wait until the store is read, and what is typed is worked out."""
    await pilot.pause()
    await until(pilot, lambda: not pane_of_store(pilot).is_working)
    await pilot.pause()


async def messages_shown(pilot: Pilot[None]) -> None:
    """Wait until the messages of the store stand in the table, and the detail is painted."""
    view = pane_of_store(pilot).messages
    await until(pilot, lambda: view.pane is not None and not view.pane.is_working)
    pane = view.pane
    assert pane is not None
    await until(pilot, lambda: pane.detail.shown is not None and pane.detail.shown.entry.row == pane.current)
    await pilot.pause()


async def typed(pilot: Pilot[None], field: str, text: str) -> None:
    """Type something into a field of the numbers in place of what is there."""
    entry = editor_of(pilot).query_one(f"#{field}")
    entry.focus()
    await pilot.pause()
    await pilot.press("ctrl+u")
    await type_text(pilot, text)
    await store_rests(pilot)


def said(pilot: Pilot[None]) -> str:
    """What stands below the fields."""
    found = editor_of(pilot).outlook
    return "\n".join(text for text, _ in found.lines) if found is not None else ""


async def shows(pilot: Pilot[None], text: str) -> None:
    """Wait until a text stands on the screen."""
    await until(pilot, lambda: text in painted(pilot))


async def says(pilot: Pilot[None], text: str) -> None:
    """Wait until a text stands below the fields."""
    await until(pilot, lambda: text in said(pilot))


def notices(pilot: Pilot[None]) -> list[str]:
    return [notice.message for notice in pilot.app._notifications]


def painted(pilot: Pilot[None]) -> str:
    """What the whole screen shows."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
