"""The message table with its filter: a worker finds the rows, and the table shows them as they come."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from purefix_core.logs.log_file import LogFile
from purefix_tui.log import workers
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.filtering import END, Anchor, Filtering, Pass
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.messages import FilterFailed, FilterRefused, Matched
from purefix_tui.log.row_source import MessageRows, ShownRows


class FilteredTable(MessageTable):
    """The messages of a log that pass a filter. `filtering` says what is shown; it is changed here alone."""

    @dataclass
    class FilterChanged(Message):
        """The filter began, came further, or ended: there is something else to say of it."""

    def __init__(self, log: LogFile, wanted: FilterState, following: bool) -> None:
        self.messages = MessageRows(log)
        self.filtering = Filtering(self.messages, wanted)
        super().__init__(self.filtering.rows, id="messages")
        self.following = following
        """Whether a cursor on the last row moves on to each new one."""

    @property
    def rows(self) -> ShownRows:
        """The messages that are shown."""
        return self.filtering.rows

    @property
    def current(self) -> int | None:
        """The number in the log of the message under the cursor."""
        return self.rows.number(self.cursor) if self.cursor < len(self.rows) else None

    # What the user does.

    def start_filter(self, state: FilterState, anchor: Anchor | None = None) -> None:
        """Show what passes another filter, with the cursor at `anchor`, or on the message that it stands on."""
        self.workers.cancel_group(self, "filter")
        to_do = self.filtering.start(state, self.current, anchor)
        if to_do is None:
            self._show_rows()
            self._to_anchor()
        self._filter(to_do)

    def stop_filter(self) -> bool:
        """Keep what the filter has found so far (True), or what was shown before it (False)."""
        self.workers.cancel_group(self, "filter")
        found_some = self.filtering.stop()
        self.post_message(self.FilterChanged())
        return found_some

    def resume_filter(self) -> None:
        """Go on with a filter that was stopped."""
        self._filter(self.filtering.resume())

    # What the index does.

    def first_rows_appended(self) -> None:
        """There are rows to filter now. Who follows the log wants to see its end."""
        if self.filtering.wanted != FilterState():
            self.start_filter(self.filtering.wanted, END if self.following else None)

    def rows_appended(self) -> None:
        """The index has grown."""
        to_do = self.filtering.catch_up()
        if to_do is not None:
            self._filter(to_do)
        if not self.filtering.in_force:
            self.rows_changed(tail=self.following)

    def rows_replaced(self, first: int) -> None:
        """The rows from `first` on are new, or others than before."""
        self.messages.forget()
        self._filter(self.filtering.replaced(first, self.current))
        if self.source is not self.rows:
            self._show_rows()

    # What the worker says.

    def _filter(self, to_do: Pass | None) -> None:
        if to_do is not None:
            self._filter_rows(to_do)
        self.post_message(self.FilterChanged())

    @work(thread=True, exclusive=True, group="filter")
    def _filter_rows(self, to_do: Pass) -> None:
        worker = get_current_worker()
        workers.filter_rows(self.messages.log, to_do, self.post_message, lambda: worker.is_cancelled)

    @on(Matched)
    def _matched(self, event: Matched) -> None:
        event.stop()
        if self.filtering.is_current(event.generation):
            self.filtering.matched(event)
            self._show_rows()
            self._to_anchor()
            self._filter(self.filtering.catch_up())

    @on(FilterRefused)
    def _refused(self, event: FilterRefused) -> None:
        event.stop()
        if self.filtering.is_current(event.generation):
            self.filtering.refused(event)
            self._filter(self.filtering.catch_up())

    @on(FilterFailed)
    def _failed(self, event: FilterFailed) -> None:
        if self.filtering.is_current(event.generation):
            self.stop_filter()  # and whoever holds the table says why
        else:
            event.stop()

    def _show_rows(self) -> None:
        """Show the rows that are others than before, or more."""
        anchor = self.filtering.anchor
        if self.source is self.rows:
            self.rows_changed(tail=self.following)
        elif anchor is None:
            self.show(self.rows)
        else:
            self.show(self.rows, self.rows.place(anchor.number), anchor.line)

    def _to_anchor(self) -> None:
        """Put the cursor on the message it stood on before the filter changed, or the next one that is shown."""
        anchor = self.filtering.arrive()
        if anchor is not None:
            place = self.rows.place(anchor.number)
            if self.cursor != place:
                self.jump(place, anchor.line)
