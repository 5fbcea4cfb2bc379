"""The message table with its filter: a worker finds the rows, and the table shows them as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from purefix_core.logs.log_file import LogFile
from purefix_tui.log import workers
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.event_lines import EventLine, EventLines
from purefix_tui.log.filtering import END, Anchor, Filtering, Pass
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.messages import FilterFailed, FilterRefused, Matched
from purefix_tui.log.row_source import MessageRows, Remark
from purefix_tui.log.shown_rows import ShownRows, Spot


class FilteredTable(MessageTable):
    """The messages of a log that pass a filter. `filtering` says what is shown; it is changed here alone."""

    @dataclass
    class FilterChanged(Message):
        """The filter began, came further, or ended: there is something else to say of it."""

    def __init__(self, log: LogFile, wanted: FilterState, following: bool, remark: Remark) -> None:
        self.messages = MessageRows(log, remark)
        self.events = EventLines(log)
        self.filtering = Filtering(self.messages, self.events, wanted)
        super().__init__(self.filtering.rows, id="messages")
        self.following = following
        """Whether a cursor that is seen on the last row moves on to each new one."""

    @property
    def rows(self) -> ShownRows:
        """The messages that are shown, and the events between them."""
        return self.filtering.rows

    @property
    def spot(self) -> Spot | None:
        """What the cursor stands on; None where there is nothing."""
        return self._spot(self.cursor)

    @property
    def current(self) -> int | None:
        """The number in the log of the message under the cursor; None where that is no message."""
        spot = self.spot
        return spot.number if spot is not None and spot.event is None else None

    @property
    def event(self) -> EventLine | None:
        """The event under the cursor."""
        row = self.rows.row(self.cursor) if self.current is None and self.cursor < len(self.rows) else None
        return row if isinstance(row, EventLine) else None

    def _spot(self, place: int) -> Spot | None:
        try:
            return self.rows.spot(place)
        except IndexError:
            return None

    # What the user does.

    def start_filter(self, state: FilterState, anchor: Anchor | None = None) -> None:
        """Show what passes another filter, with the cursor at `anchor`, or on the line that it stands on."""
        self.workers.cancel_group(self, "filter")
        with self._showing_changes():
            to_do = self.filtering.start(state, self.spot, anchor)
        if to_do is None:
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

    # Events.

    def add_events(self, lines: Sequence[EventLine]) -> None:
        """Show more events."""
        with self._showing_changes():
            self.events.add(lines)
            self.events.place()

    def hide_events(self, hidden: bool) -> None:
        """Show the messages alone, or the events between them again."""
        with self._showing_changes():
            self.events.hidden = hidden

    # What the index does.

    def first_rows_appended(self) -> None:
        """There are rows to filter now. Who follows the log wants to see its end."""
        if self.filtering.wanted != FilterState():
            self.start_filter(self.filtering.wanted, END if self.following else None)
        elif self.following:
            self.cursor = len(self.rows) - 1  # some of them may have been shown already

    def rows_appended(self) -> None:
        """The index has grown."""
        to_do = self.filtering.catch_up()
        if to_do is not None:
            self._filter(to_do)
        with self._showing_changes():
            self.events.place()

    def rows_replaced(self, first: int) -> None:
        """The rows from `first` on are new, or others than before."""
        self.messages.forget(first)
        with self._showing_changes(first):
            self.events.place(first)
            to_do = self.filtering.replaced(first, self.spot)
        self._filter(to_do)

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
            with self._showing_changes():
                self.filtering.matched(event)
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

    @contextmanager
    def _showing_changes(self, first: int | None = None) -> Iterator[None]:
        """Show the rows that are others than before, or more, or fewer. What stands under the cursor and what stands at
        the top stay where they are on screen, wherever lines have come or gone. The messages from the number `first` on
        look different; nothing is painted where none of all that is on screen."""
        distance = self.page_rows - 1
        at_top = self.scroll_offset.y
        on_cursor, on_top, on_bottom = (self._spot(place) for place in (self.cursor, at_top, at_top + distance))
        yield
        rows, anchor = self.rows, self.filtering.anchor
        if self.source is rows:
            cursor, top, bottom = (
                None if spot is None else rows.place_of(spot) for spot in (on_cursor, on_top, on_bottom)
            )
            same = top is not None and bottom is not None and bottom - top == distance
            changed = on_bottom is None or (first is not None and on_bottom.number >= first)
            self.rows_changed(self.following, cursor, top, repaint=changed or not same)
        elif anchor is None:
            self.show(rows)
        else:
            self.show(rows, rows.place_of(anchor.spot), anchor.line)

    def _to_anchor(self) -> None:
        """Put the cursor on the line it stood on before the filter changed, or the next message that is shown."""
        anchor = self.filtering.arrive()
        if anchor is not None:
            place = self.rows.place_of(anchor.spot)
            if self.cursor != place:
                self.jump(place, anchor.line)
