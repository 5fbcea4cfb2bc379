"""The compose screen in tests: over an engine that runs, but is connected to nothing unless a test says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import type_text, until
from textual.pilot import Pilot
from textual.widgets import Input, Static

from purefix_core.session.compose.draft import Draft
from purefix_tui.app import PureFixApp
from purefix_tui.session.compose.composed import Composed
from purefix_tui.session.compose.finder import Finder
from purefix_tui.session.compose.form_table import FormTable
from purefix_tui.session.compose.preview import Preview
from purefix_tui.session.compose.screen import ComposeScreen
from purefix_tui.session.engine_thread import EngineThread

MakeApp = Callable[..., PureFixApp]

ORDER = "35=D|11=A|55=FERN|54=1|60={now}|38=100|40=1|"


class Composing:
    """A compose screen, and what it was dismissed with."""

    def __init__(self, pilot: Pilot[None], screen: ComposeScreen) -> None:
        self.pilot = pilot
        self.screen = screen
        self.results: list[Composed | None] = []

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await type_text(self.pilot, text)

    async def find(self, key: str, text: str) -> None:
        """Open a finder by a key, type, and take what it finds first."""
        await self.pilot.press(key)
        await self.finder()
        await type_text(self.pilot, text)
        await self.pilot.press("enter")
        await until(self.pilot, lambda: self.pilot.app.screen is self.screen)
        await self.pilot.pause()

    async def finder(self) -> Finder[object]:
        await until(self.pilot, lambda: isinstance(self.pilot.app.screen, Finder) and bool(self.pilot.app.focused))
        await self.pilot.pause()
        screen = self.pilot.app.screen
        assert isinstance(screen, Finder)
        return screen

    @property
    def preview(self) -> str:
        return str(self.screen.query_one(Preview).query_one(Static).content)

    @property
    def about(self) -> str:
        return str(self.screen.query_one("#about", Static).content)

    @property
    def text(self) -> str:
        """The draft as text."""
        return "" if self.screen.draft is None else self.screen.draft.to_text()

    @property
    def rows(self) -> list[str]:
        """The lines of the form."""
        table = self.screen.query_one(FormTable)
        return [line(table, row) for row in range(len(table.source))]

    @property
    def row(self) -> str:
        """The line under the cursor."""
        table = self.screen.query_one(FormTable)
        return line(table, table.cursor)

    async def shows(self, *words: str) -> None:
        """Wait until the preview shows these words."""
        await until(self.pilot, lambda: all(word in self.preview for word in words))

    async def at_rest(self) -> None:
        await until(self.pilot, lambda: "8=FIX" in self.preview)
        for each in self.pilot.app.screen.query(Input):
            each.cursor_blink = False
        await self.pilot.pause()


def line(table: FormTable, row: int) -> str:
    text = "".join(piece for piece, _ in table.paint(row, row == 0, table.size.width))
    return " ".join(text.split())


async def composing(pilot: Pilot[None], engine: EngineThread, folder: Path, draft: Draft | None = None) -> Composing:
    screen = ComposeScreen(engine, folder, draft)
    found = Composing(pilot, screen)
    pilot.app.push_screen(screen, found.results.append)
    if draft is None:
        await found.finder()
    else:
        await until(pilot, lambda: pilot.app.screen is screen and screen.is_mounted and bool(found.preview))
    await pilot.pause()
    return found


def order(engine: EngineThread) -> Draft:
    return Draft.of_text(ORDER, engine.config.definitions)
