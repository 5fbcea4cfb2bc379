"""The messages of a store, in the table that shows logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from purefix_core.logs.index import Entry
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.store.finding import StoreLocation
from purefix_core.store.message_files import DATA_NAME
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.pane import LogPane
from purefix_tui.stores.keys import MESSAGES_FOOTER
from purefix_tui.stores.reading import StoreReading
from purefix_tui.stores.remarks import remark_of
from purefix_tui.widgets.plain import visible


def messages_path(location: StoreLocation) -> Path:
    """The file that the messages stand in."""
    return location.path / DATA_NAME if location.files is None else location.files.body


class NoMessages(Static, can_focus=True):
    """Stands where there are none."""

    FOOTER: ClassVar[tuple[str, ...]] = MESSAGES_FOOTER
    HELP = "The store keeps no messages that could be shown. m goes back to the numbers."
    DEFAULT_CSS = """
    NoMessages { padding: 1 2; height: 1fr; color: $muted; }
    """


class MessagesView(Vertical):
    """Opens the file when it is first wanted, and again after `forget`."""

    DEFAULT_CSS = """
    MessagesView { height: 1fr; }
    """

    @dataclass
    class Opened(Message):
        """A worker opened the file, or could not."""

        generation: int
        log: LogFile | None
        remark: Callable[[Entry], str]
        problem: str = ""

    def __init__(self, dialects: Dialects | None) -> None:
        super().__init__()
        self._dialects = dialects
        self._generation = 0
        self._is_wanted = False
        self._remark: Callable[[Entry], str] = lambda _: ""
        self.pane: LogPane | None = None

    def compose(self) -> ComposeResult:
        yield NoMessages("", markup=False)

    def want(self, reading: StoreReading) -> None:
        """The messages are to be shown; what was opened before stays, with the remarks that are right now."""
        self._is_wanted = True
        self._generation += 1
        self._open(self._generation, reading, self.pane is None)

    def store_changed(self, reading: StoreReading) -> None:
        """Other messages are marked now, or count as sent."""
        if self._is_wanted:
            self.want(reading)

    async def forget(self) -> None:
        """The file is another one: read it anew when it is wanted."""
        pane, self.pane = self.pane, None
        self._generation += 1
        self._is_wanted = False
        if pane is not None:
            await pane.remove()

    @property
    def seq_num(self) -> int | None:
        """MsgSeqNum of the message under the cursor."""
        pane = self.pane
        if pane is None or pane.current is None:
            return None
        try:
            return pane.log_file.rows.entry(pane.current).msg_seq_num
        except IndexError:
            return None

    def focus_inside(self) -> None:
        if self.pane is not None:
            self.pane.table.focus()
        else:
            self.query_one(NoMessages).focus()

    @work(thread=True, exclusive=True, group="messages")
    def _open(self, generation: int, reading: StoreReading, anew: bool) -> None:
        remark = remark_of(reading)
        path = messages_path(reading.location)
        log: LogFile | None = None
        problem = ""
        try:
            own = reading.health.sender_comp_id or None
            log = LogFile.open(path, self._dialects, own_comp_id=own) if anew else None
        except LogError as error:
            problem = str(error)
        if not self.post_message(self.Opened(generation, log, remark, problem)) and log is not None:
            log.close()

    @on(Opened)
    async def _opened(self, event: Opened) -> None:
        event.stop()
        if event.generation != self._generation:
            if event.log is not None:
                event.log.close()
            return
        self._remark = event.remark
        nothing = self.query_one(NoMessages)
        if event.log is not None:
            self.pane = LogPane(event.log, FilterState(), False, lambda entry: self._remark(entry))
            self.pane.table.FOOTER = MESSAGES_FOOTER  # type: ignore[assignment]  # those of a store too
            had_focus = nothing.has_focus
            await self.mount(self.pane)
            if had_focus:
                self.pane.table.focus()
        elif self.pane is not None:
            self.pane.remarks_changed()
        nothing.display = self.pane is None
        nothing.update(visible(event.problem))
