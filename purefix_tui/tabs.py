"""The tabs of the program, one of which is shown. A tab is made when it is first wanted: to import one costs 100 ms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from purefix_core.logs.log_file import LogFile
from purefix_tui.explore.tab import ExploreOptions, ExploreTab
from purefix_tui.widgets.top_bar import StatusChanged

if TYPE_CHECKING:
    from purefix_tui.session.tab import SessionTab
    from purefix_tui.stores.tab import StoresTab

EXPLORE, SESSION, STORES = NAMES = ("Explore", "Session", "Stores")


@dataclass(frozen=True)
class Start:
    """What is shown first."""

    tab: str = EXPLORE
    session: Path | None = None
    """The session file that the Session tab opens."""
    stores: tuple[Path, ...] = ()
    """Stores, and folders of stores, that the Stores tab lists besides those of the registry. A single one is opened
    at once, if the tab is shown first."""


EXPLORE_FIRST = Start()


class Tabs(ContentSwitcher):
    """Explore, Session and Stores."""

    DEFAULT_CSS = """
    Tabs { height: 1fr; }
    """

    @dataclass
    class Shown(Message):
        """Another tab is shown."""

        name: str

    def __init__(self, paths: Sequence[str | LogFile], options: ExploreOptions, start: Start) -> None:
        explore = ExploreTab(list(paths), options)
        explore.id = EXPLORE
        super().__init__(explore, initial=EXPLORE)
        self.explore = explore
        self.session: SessionTab | None = None
        """None as long as nobody wanted it."""
        self.stores: StoresTab | None = None
        self._options = options
        self._start = start
        self._focused: dict[str | None, Widget | None] = {}
        """Where the focus was in each tab when another one was shown."""
        self._statuses: dict[str | None, StatusChanged] = {}

    @property
    def status(self) -> StatusChanged | None:
        """What the tab that is shown said last about itself."""
        return self._statuses.get(self.current)

    def on_status_changed(self, event: StatusChanged) -> None:
        self._statuses[event.tab.id] = event

    async def show_first(self) -> None:
        """Show what the program was started for."""
        start = self._start
        await self.show(start.tab)
        if start.tab == SESSION and start.session is not None:
            (await self.session_tab()).open(start.session)
        elif start.tab == STORES and len(start.stores) == 1:
            (await self.stores_tab()).open(start.stores[0])

    async def show(self, name: str) -> None:
        """Show a tab, with the focus where it was when it was shown last."""
        tab: ExploreTab | SessionTab | StoresTab = self.explore
        if name == SESSION:
            tab = await self.session_tab()
        elif name == STORES:
            tab = await self.stores_tab()
            folder = None if self.session is None else self.session.store_folder
            if folder is not None:
                tab.list_also(folder)
        if name != self.current:
            self._focused[self.current] = self.screen.focused
            self.current = name
            self.post_message(self.Shown(name))
        before = self._focused.pop(name, None)
        if before is not None and before.is_attached:
            before.focus()
        else:
            tab.focus_inside()

    async def session_tab(self) -> SessionTab:
        if self.session is None:
            from purefix_tui.session.tab import SessionOptions, SessionTab

            self.session = SessionTab(SessionOptions(self._options.state_folder, self._options.dialects))
            await self.add_content(self.session, id=SESSION)
        return self.session

    async def stores_tab(self) -> StoresTab:
        if self.stores is None:
            from purefix_tui.stores.tab import StoresOptions, StoresTab

            options = StoresOptions(self._options.state_folder, self._options.dialects, self._start.stores)
            self.stores = StoresTab(options)
            await self.add_content(self.stores, id=STORES)
        return self.stores
