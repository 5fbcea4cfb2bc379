"""The Stores tab: the stores that were found, and one of them opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Static
from textual.worker import get_current_worker

from purefix_core.registry.dialects import Dialects
from purefix_core.store.finding import locate
from purefix_core.store.health import Health, look_at
from purefix_core.store.located import LAYOUT_TITLES
from purefix_core.store.records import StoreError
from purefix_tui.dialogs.file_kinds import STORE
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.dialogs.recent import load_recent, remember
from purefix_tui.stores.keys import TAB_KEYS
from purefix_tui.stores.list_table import StoreTable
from purefix_tui.stores.listing import ListingEnded, StoresSeen, list_stores, registered_folders
from purefix_tui.stores.store_pane import StorePane
from purefix_tui.stores.store_view import StoreView
from purefix_tui.stores.words import COLOUR_OF, MARK_OF, iso
from purefix_tui.widgets.line_table import LineTable
from purefix_tui.widgets.plain import human_size, visible
from purefix_tui.widgets.top_bar import StatusChanged

_MOST_NOTICES = 3
"""So many folders that could not be searched are named."""

NOTHING = (
    "No message store was found.",
    "",
    "o  looks in a folder: of a store, or of many",
    "?  shows every key",
    "",
    "PureFix's own stores are found, and those of QuickFIX C++, /J, /n and /Go.",
    "Those below a messageStorePath of the registry are listed by themselves.",
    "From the shell:  purefix store edit DIR",
)


@dataclass(frozen=True)
class StoresOptions:
    """Where stores are looked for. `registry` None: the packaged one, which names no folder. `state_folder` keeps the
    folders that were opened."""

    state_folder: Path
    registry: Dialects | None = None
    folders: tuple[Path, ...] = ()


class StoresTab(Vertical):
    """Lists stores and opens one of them."""

    BINDINGS: ClassVar[list[BindingType]] = TAB_KEYS

    DEFAULT_CSS = """
    StoresTab { height: 1fr; }
    StoresTab > ContentSwitcher { height: 1fr; }
    StoresTab #list { height: 1fr; }
    StoresTab #found {
        height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    StoresTab #notices {
        height: auto; padding: 0 1; color: $warning; max-height: 8;
    }
    StoresTab #about { height: 5; padding: 0 1; border-top: solid $rule; }
    """

    @dataclass
    class Located(Message):
        """A worker has found what a path means."""

        folder: Path
        health: Health | None
        problem: str = ""

    def __init__(self, options: StoresOptions) -> None:
        super().__init__()
        self._options = options
        self._named = list(options.folders)
        """Folders and stores that the user named."""
        self.table = StoreTable()
        self.pane: StorePane | None = None
        self.listing = True
        """Whether stores are still looked for."""
        self._generation = 0
        self._looking_in = ""
        self._notices: list[str] = []
        self._waits_for: Path | None = None
        """The path that is being looked at, to be opened."""

    def compose(self) -> ComposeResult:
        with ContentSwitcher(initial="list"), Vertical(id="list"):
            yield Static("", id="found")
            notices = Static("", id="notices", markup=False)
            notices.display = False
            yield notices
            yield self.table
            yield Static("", id="about")

    def on_mount(self) -> None:
        self._list()

    # The list.

    def _list(self) -> None:
        """Look for stores, from the beginning."""
        self._generation += 1
        self.listing, self._notices = True, []
        self.table.rows.stores.clear()
        self.table.show(self.table.rows)
        self._say_what_was_found()
        self._find(self._generation, tuple(self._named))
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="list")
    def _find(self, generation: int, named: tuple[Path, ...]) -> None:
        worker = get_current_worker()
        registry = self._options.registry
        registered = [] if registry is None else registered_folders(registry)
        list_stores(generation, registered, named, self.post_message, lambda: worker.is_cancelled)

    @on(StoresSeen)
    def _stores_seen(self, event: StoresSeen) -> None:
        event.stop()
        if event.generation == self._generation:
            self._looking_in = event.looking_in
            self.table.rows.stores.extend(event.stores)
            self.table.rows_changed()
            self._say_what_was_found()

    @on(ListingEnded)
    def _listing_ended(self, event: ListingEnded) -> None:
        event.stop()
        if event.generation == self._generation:
            self.listing = False
            self._notices = event.notices
            if not event.finished:
                self._notices.append("stopped: r looks again")
            self._say_what_was_found()
            self.refresh_bindings()

    def _say_what_was_found(self) -> None:
        stores = self.table.rows.stores
        bad = sum(MARK_OF[each.verdict][1] == "bad" for each in stores)
        in_use = sum(each.holder is not None for each in stores)
        count = f"{'>' if self.listing else ''}{len(stores):,} store{'' if len(stores) == 1 else 's'}"
        pieces = [(count, "bold")]
        if in_use:
            pieces.append((f"   {in_use:,} in use", "$warning"))
        if bad:
            pieces.append((f"   {bad:,} to be looked at", "$error"))
        if self.listing:
            pieces.append((f"   looking in {visible(self._looking_in)} … Esc stops", "$muted"))
        self.query_one("#found", Static).update(Content.assemble(*pieces), layout=False)
        lines = [f"! {visible(each)}" for each in self._notices[:_MOST_NOTICES]]
        if len(self._notices) > _MOST_NOTICES:
            lines.append(f"  and {len(self._notices) - _MOST_NOTICES:,} more")
        notices = self.query_one("#notices", Static)
        notices.update("\n".join(lines))
        notices.display = bool(lines)
        self.table.show_placeholder(*(("Looking for stores …",) if self.listing else NOTHING))
        self._show_about()

    @on(LineTable.Moved, "#stores-table")
    def _moved(self, event: Message) -> None:
        event.stop()
        self._show_about()

    def _show_about(self) -> None:
        """The whole of what a row may have had no room for."""
        health = self.table.current
        about = self.query_one("#about", Static)
        about.display = health is not None
        if health is None:
            return
        mark, style = MARK_OF[health.verdict]
        received = iso(health.last_received)
        facts = [LAYOUT_TITLES[health.location.layout], human_size(health.size)]
        about.update(
            Content.assemble(
                (visible(health.session_text or "session unknown"), "bold"),
                (f"   {'   '.join(facts)}\n", "$muted"),
                (f"{visible(str(health.location.path))}\n", ""),
                (f"{mark} {visible(health.text)}", COLOUR_OF[style]),
                (f"   last received {received}" if received else "", "$muted"),
            )
        )

    def action_stop_listing(self) -> None:
        self.workers.cancel_group(self, "list")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return self.listing and self.pane is None if action == "stop_listing" else True

    def action_read_again(self) -> None:
        if self.pane is not None:
            self.pane.read_anew()
        else:
            self._list()

    def list_also(self, folder: Path) -> None:
        """List what is in this folder, too, from now on; nothing where it is known or not there. A store that is opened
        stays open."""
        known = [each.absolute() for each in self._named]
        if folder.absolute() not in known and folder.is_dir():
            self._named.append(folder)
            if self.table.is_attached:
                self._list()

    # Opening.

    def open(self, path: Path) -> None:
        """Open the store that a path means; of a folder with several of them the list is shown."""
        self._waits_for = path
        self._locate(path)

    @work(thread=True, exclusive=True, group="locate")
    def _locate(self, path: Path) -> None:
        try:
            self.post_message(self.Located(path, look_at(locate(path))))
        except (StoreError, OSError) as error:
            self.post_message(self.Located(path, None, str(error)))

    @on(Located)
    async def _located(self, event: Located) -> None:
        event.stop()
        if event.folder != self._waits_for:
            return
        self._waits_for = None
        if event.health is not None:
            remember(self._options.state_folder, event.health.location.folder, STORE)
            await self._show_store(event.health)
        elif event.folder.is_dir() and self._named and event.folder in self._named:
            self.focus_inside()  # the list says what is there
        else:
            self.notify(event.problem, title="Cannot open", severity="error", timeout=20)

    @work
    async def action_open_folder(self) -> None:
        recent = load_recent(self._options.state_folder, STORE)
        folder = self._named[-1] if self._named and self._named[-1].is_dir() else Path.cwd()
        path = await self.app.push_screen_wait(OpenFile(folder, recent, STORE))
        if path is not None and await self.may_leave():
            remember(self._options.state_folder, path, STORE)
            if path not in self._named:
                self._named.insert(0, path)
            self._list()
            self.open(path)

    async def may_leave(self) -> bool:
        """Whether what is typed into the numbers of a store may be forgotten, which is asked; for a worker."""
        return self.pane is None or await self.pane.may_leave()

    @on(LineTable.Chosen, "#stores-table")
    async def _chosen(self, event: LineTable.Chosen) -> None:
        event.stop()
        health = self.table.current
        if health is not None:
            await self._show_store(health)

    async def _show_store(self, health: Health) -> None:
        await self._close()
        self.pane = StorePane(health, self._options.registry, lambda: self.table.rows.stores)
        self.pane.id = "store"
        switcher = self.query_one("StoresTab > ContentSwitcher", ContentSwitcher)
        await switcher.mount(self.pane)
        switcher.current = "store"
        self.focus_inside()
        self._tell("", None)

    async def _close(self) -> None:
        pane, self.pane = self.pane, None
        if pane is not None:
            self.query_one("StoresTab > ContentSwitcher", ContentSwitcher).current = "list"
            await pane.remove()

    @on(StorePane.BackWanted)
    async def _back(self, event: StorePane.BackWanted) -> None:
        event.stop()
        await self._close()
        self.focus_inside()
        self._tell("", None)

    @on(StoreView.HealthChanged)
    def _health_changed(self, event: StoreView.HealthChanged) -> None:
        event.stop()
        stores = self.table.rows.stores
        for place, each in enumerate(stores):
            if each.location.path == event.health.location.path:
                stores[place] = event.health
        self.table.refresh()
        self._say_what_was_found()

    @on(StoreView.StatusChanged)
    def _status_changed(self, event: StoreView.StatusChanged) -> None:
        event.stop()
        self._tell(event.dialect, event.following)

    def _tell(self, dialect: str, following: bool | None) -> None:
        self.post_message(StatusChanged(self, dialect, following))

    def focus_inside(self) -> None:
        """Put the focus where the work is."""
        if not self.table.is_attached:  # the tab was made a moment ago
            self.call_after_refresh(self.focus_inside)
        elif self.pane is not None:
            self.pane.focus_inside()
        else:
            self.table.focus()
