"""The first two lines of an opened store: whose it is, where it lies, how it is, and which side of it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from purefix_core.store.health import Health
from purefix_core.store.located import LAYOUT_TITLES
from purefix_tui.stores.words import COLOUR_OF, MARK_OF, short_path
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.plain import visible

_SHORTEST_PATH = 12


class StoreHeader(Vertical):
    """Session, layout, path; below them the health, and which side of the store is shown."""

    DEFAULT_CSS = """
    StoreHeader { height: 2; padding: 0 1; background: $panel; }
    StoreHeader > Horizontal { height: 1; }
    StoreHeader Static { text-wrap: nowrap; text-overflow: ellipsis; height: 1; }
    StoreHeader #health { width: 1fr; margin-right: 2; }
    StoreHeader ChoiceLine { width: auto; }
    """

    def __init__(self, views: Sequence[str]) -> None:
        super().__init__()
        self._health: Health | None = None
        self._views = ChoiceLine(views, views[0], "The two sides of a store; m goes from one to the other", id="views")

    def compose(self) -> ComposeResult:
        yield Static("", id="whose")
        with Horizontal():
            yield Static("", id="health")
            yield self._views

    def show(self, health: Health) -> None:
        self._health = health
        self._paint()

    def show_view(self, view: str) -> None:
        """Mark the side that is shown."""
        self._views.show(view)

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
        self.query_one("#whose", Static).update(Content.assemble((session, "bold"), (layout + path, "$muted")))
        mark, style = MARK_OF[health.verdict]
        text = Content.styled(f"{mark} {visible(health.text)}", f"bold {COLOUR_OF[style]}")
        self.query_one("#health", Static).update(text)
