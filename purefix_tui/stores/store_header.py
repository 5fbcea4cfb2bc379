"""The first line of an opened store: whose it is, where it lies, and how it is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from purefix_core.store.health import Health
from purefix_core.store.located import LAYOUT_TITLES
from purefix_tui.stores.words import COLOUR_OF, MARK_OF, short_path
from purefix_tui.widgets.plain import visible

_SHORTEST_PATH = 12


class StoreHeader(Static):
    """Session, layout, path; below them the health."""

    DEFAULT_CSS = """
    StoreHeader { height: 2; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__("")
        self._health: Health | None = None
        self._busy = ""

    def show(self, health: Health, busy: str = "") -> None:
        """`busy`: what the user waits for."""
        self._health, self._busy = health, busy
        self._paint()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        health = self._health
        if health is None:
            return
        session = visible(health.session_text or health.location.path.name)
        layout = f"   {LAYOUT_TITLES[health.location.layout]}   "
        room = self.size.width - 2 - cell_len(session) - cell_len(layout)
        path = visible(short_path(health.location.path, max(_SHORTEST_PATH, room)))
        mark, style = MARK_OF[health.verdict]
        text = visible(health.text)
        colour = COLOUR_OF[style]
        second = (self._busy, "$primary") if self._busy else (f"{mark} {text}", f"bold {colour}")
        self.update(Content.assemble((session, "bold"), (layout, "$muted"), (path, "$muted"), ("\n", ""), second))
