"""The messages of a store, in the table that shows logs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.prefix import Prefix
from purefix_core.registry.dialects import Dialects
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.filtering import Anchor
from purefix_tui.log.messages import IndexEnded
from purefix_tui.log.pane import LogPane
from purefix_tui.log.row_source import Remark, no_remark
from purefix_tui.stores.keys import MESSAGES_FOOTER
from purefix_tui.stores.reading import FileStamp, StoreReading, messages_path, stamp_of_file
from purefix_tui.stores.remarks import remark_of
from purefix_tui.widgets.plain import visible


class StoreLog(LogFile):
    """The messages of a store. What stands before one is no text: it is the head of its record."""

    def prefix(self, row: int) -> Prefix:
        return replace(super().prefix(row), text="")


class StoreMessages(LogPane):
    """The table of the messages."""

    def __init__(self, log: LogFile, before: LogPane | None, remark: Remark) -> None:
        """`before`: what was shown until now, whose filter and place in the file are kept."""
        state, following = (FilterState(), False) if before is None else (before.filter_state, before.following)
        super().__init__(log, state, following, remark)
        self.table.FOOTER = MESSAGES_FOOTER  # type: ignore[assignment]  # those of a store too
        spot = None if before is None or following else before.table.spot
        self._begin_at = None if before is None or spot is None else Anchor(spot, before.table.screen_line)

    @on(IndexEnded)
    def _all_rows_known(self) -> None:
        anchor, self._begin_at = self._begin_at, None
        if anchor is not None:
            self.call_next(self.table.start_filter, self.filter_state, anchor)

    def index_more(self) -> None:
        """The file has grown: show what is new, unless that is done already."""
        if not (self.indexing or self.stopped or self.following):
            self.start_indexing()


class NoMessages(Static, can_focus=True):
    """Stands where there are none."""

    FOOTER: ClassVar[tuple[str, ...]] = MESSAGES_FOOTER
    HELP = "The store keeps no messages that could be shown. m goes back to the numbers."
    DEFAULT_CSS = """
    NoMessages { padding: 1 2; height: 1fr; color: $muted; }
    """


class MessagesView(Vertical):
    """Opens the file when it is first wanted, and again when it is another one, or other bytes stand in it."""

    DEFAULT_CSS = """
    MessagesView { height: 1fr; }
    """

    @dataclass
    class Opened(Message):
        """A worker opened the file, or could not, or found that it is the one that is shown."""

        generation: int
        log: LogFile | None
        remark: Remark
        stamp: FileStamp
        is_shown: bool
        problem: str = ""

    def __init__(self, dialects: Dialects | None) -> None:
        super().__init__()
        self._dialects = dialects
        self._generation = 0
        self._is_wanted = False
        self._remark: Remark = no_remark
        self._stamp: FileStamp = None
        """Of the file as it is shown; None where it has to be opened."""
        self.pane: StoreMessages | None = None

    def compose(self) -> ComposeResult:
        yield NoMessages("", markup=False)

    def want(self, reading: StoreReading) -> None:
        """The messages are to be shown; what was opened before stays where the file is the same, with the remarks that
        are right now."""
        self._is_wanted = True
        self._generation += 1
        self._open(self._generation, reading, self._stamp)

    def store_changed(self, reading: StoreReading) -> None:
        """Other messages are marked now, or count as sent."""
        if self._is_wanted:
            self.want(reading)

    def forget(self) -> None:
        """Open the file anew when the store is read next, whether it has changed or not."""
        self._stamp = None

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
        """Put the focus where the work is; at once, as what has it may be about to go."""
        self.screen.set_focus(self.query_one(NoMessages) if self.pane is None else self.pane.table)

    @work(thread=True, exclusive=True, group="messages")
    def _open(self, generation: int, reading: StoreReading, shown: FileStamp) -> None:
        path = messages_path(reading.location)
        stamp = stamp_of_file(path)
        remark = remark_of(reading)
        is_shown = _is_same_or_longer(shown, stamp)
        log: LogFile | None = None
        problem = ""
        try:
            own = reading.health.sender_comp_id or None
            log = None if is_shown else StoreLog.open(path, self._dialects, own_comp_id=own)
        except LogError as error:
            problem = str(error)
        opened = self.Opened(generation, log, remark, stamp, is_shown, problem)
        if not self.post_message(opened) and log is not None:
            log.close()

    @on(Opened)
    async def _opened(self, event: Opened) -> None:
        event.stop()
        if event.generation != self._generation:
            if event.log is not None:
                event.log.close()
            return
        self._remark = event.remark
        shown, self._stamp = self._stamp, event.stamp
        if self.pane is None or not event.is_shown:
            await self._show(event.log, event.problem)
            return
        self.pane.remarks_changed()
        if event.stamp != shown:
            self.pane.index_more()

    async def _show(self, log: LogFile | None, problem: str) -> None:
        """Show another file, or that there is none. The focus does not leave the messages."""
        focused = self.screen.focused
        had_focus = focused is not None and self in focused.ancestors
        before, self.pane = self.pane, None
        after = None if log is None else StoreMessages(log, before, lambda entry: self._remark(entry))
        if before is not None:
            await before.remove()
        if after is not None:
            await self.mount(after)
        self.pane = after
        if after is None:
            self._stamp = None
        nothing = self.query_one(NoMessages)
        nothing.display = after is None
        nothing.update(visible(problem))
        if had_focus:
            self.focus_inside()


def _is_same_or_longer(shown: FileStamp, now: FileStamp) -> bool:
    """Whether a file is what is shown, or has only grown. Other bytes of the same size are seen by their time."""
    if shown is None or now is None:
        return False
    return now == shown or (now[0] == shown[0] and now[1] > shown[1])
