"""One opened log on screen, and its state: how far it is indexed, which rows pass the filter, whether it is followed.

Workers post messages; one handler owns each change of state.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from purefix_core.logs.filter import Filter, FilterError
from purefix_core.logs.follow import Appended, Deleted, Unreadable
from purefix_core.logs.log_file import LogFile
from purefix_tui.explore import workers
from purefix_tui.explore.detail import Detail
from purefix_tui.explore.facts import Counts, LogDialects
from purefix_tui.explore.filter_bar import FilterBar, FilterState
from purefix_tui.explore.header import Facts, Header
from purefix_tui.explore.huge import choose_part, may_be_huge
from purefix_tui.explore.message_table import MessageTable
from purefix_tui.explore.messages import FileChanged, FilterRefused, Indexed, IndexEnded, Matched
from purefix_tui.explore.row_source import MessageRows, ShownRows
from purefix_tui.explore.rule_line import RuleLine
from purefix_tui.explore.times import Zone
from purefix_tui.explore.words import notice_of, time_span, why_no_rows

_DETAIL_SECONDS = 0.03
"""The detail follows the cursor at this pace, so that held-down arrow keys never wait for it."""


class LogView(Vertical):
    """Header, filter bar, message table and detail of one log."""

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    LogView > #panes { height: 1fr; layout: vertical; }
    """

    @dataclass
    class StatusChanged(Message):
        """Dialect or follow state are others now."""

        view: LogView

    def __init__(self, log: LogFile, state: FilterState, following: bool) -> None:
        super().__init__()
        self.log_file = log
        self.messages = MessageRows(log)
        self.rows = ShownRows(self.messages)
        self.following = following
        self.indexing = True
        self.dialect = ""
        """What the messages are read with, in words; empty as long as there are none."""
        self._facts = Facts(log.name, log.size)
        self._counts = Counts()
        self._count_timer: Timer | None = None
        self._dialects = LogDialects(log)
        self._stopped = False
        self._wanted = state
        self._condition: Filter | None = None
        self._filter_generation = 0
        self._scanned_to = 0
        self._filtering = False
        self._filter_stopped = False
        """Whether the user stopped the filter, so that only a part of the messages is shown that pass it."""
        self._caught_up = False
        """Whether the filter has come to the end of the index once, and only follows it since."""
        self._shown_state = FilterState()
        """What the rows on screen passed: not what is wanted, as long as that has no result yet."""
        self._anchor: int | None = None
        """The number of the row that the cursor should stand on when the filter reaches it."""
        self._anchor_line: int | None = None
        """The line of the screen that the cursor should stand on then; None: where it stands."""
        self._follow_generation = 0
        self._stop_following = threading.Event()
        self._detail_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Header()
        yield FilterBar(self._dialects.type_name, self._wanted)
        yield RuleLine(markup=False)
        with Container(id="panes"):
            yield MessageTable(self.rows, id="messages")
            yield Detail()

    @property
    def table(self) -> MessageTable:
        return self.query_one(MessageTable)

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    @property
    def filter_bar(self) -> FilterBar:
        return self.query_one(FilterBar)

    @property
    def filter_state(self) -> FilterState:
        return self._wanted

    @property
    def stopped(self) -> bool:
        """Whether indexing was cancelled."""
        return self._stopped

    @property
    def is_working(self) -> bool:
        """Whether something is being indexed, filtered or searched."""
        return self.indexing or self._filtering or bool(self._facts.busy)

    @property
    def current(self) -> int | None:
        """The number in the log of the message under the cursor."""
        cursor = self.table.cursor
        return self.rows.number(cursor) if cursor < len(self.rows) else None

    def on_mount(self) -> None:
        self.filter_bar.chips.show_hidden(self._wanted.hidden)
        self._show_facts()
        if may_be_huge(self.log_file):
            self._choose_part()
        else:
            self.start_indexing()

    def on_unmount(self) -> None:
        self._stop_following.set()
        self.log_file.close()

    # Indexing.

    @work
    async def _choose_part(self) -> None:
        if await choose_part(self.app, self.log_file):
            self.start_indexing()
        else:
            self.post_message(IndexEnded(False))

    def start_indexing(self) -> None:
        self.indexing, self._stopped = True, False
        self._index_file()

    def stop_indexing(self) -> None:
        self.workers.cancel_group(self, "index")

    @work(thread=True, exclusive=True, group="index")
    def _index_file(self) -> None:
        worker = get_current_worker()
        workers.index(self.log_file, self.post_message, lambda: worker.is_cancelled)

    @on(Indexed)
    def _indexed(self, event: Indexed) -> None:
        event.stop()
        progress = event.progress
        if self.indexing:
            self._facts = replace(self._facts, indexing=progress.bytes_done / progress.size if progress.size else 0.0)
        self._rows_appended(len(self.log_file.rows))

    @on(IndexEnded)
    def _index_ended(self, event: IndexEnded) -> None:
        event.stop()
        self.indexing, self._stopped = False, not event.finished
        notice = event.problem or ("indexing was stopped: i goes on" if self._stopped else "")
        self._facts = replace(self._facts, indexing=None, notice=notice)
        self._counts.count(self.log_file.rows, True)
        self._rows_appended(len(self.log_file.rows))
        self._say_what_is_missing()
        if self.following and event.finished:
            self._start_following()
        self.refresh_bindings()

    def _say_what_is_missing(self) -> None:
        self.table.show_placeholder(*why_no_rows(self.log_file, self._stopped))

    def _rows_appended(self, rows: int) -> None:
        """The index has grown, or ended: show it."""
        if not self._facts.messages and rows:
            self._show_dialect()
            if self._wanted != FilterState():
                self._anchor = sys.maxsize if self.following else None  # who follows wants to see the end
                self._start_filter(self._wanted)
        if self._condition is not None and not self._filtering and rows > self._scanned_to:
            self._go_on_filtering(self._scanned_to)
        if self.rows.numbers is None:
            self.table.rows_changed(tail=self.following)
        self._facts = replace(self._facts, messages=rows, size=self.log_file.size)
        self._show_facts()

    def _show_dialect(self) -> None:
        dialect = self._dialects.main()
        self.dialect = "no dictionary" if dialect is None else f"{dialect.definitions.version} · {dialect.name}"
        for problem in self._dialects.problems:
            self.notify(problem, title="Dictionary", severity="error", timeout=20)
        self.post_message(self.StatusChanged(self))

    # Filtering.

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        event.stop()
        self._start_filter(event.state)

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.table.focus()

    def show_filtered(self, state: FilterState) -> None:
        """Show what passes another filter, and say it in the filter bar."""
        self.filter_bar.show(state)
        self._start_filter(state)

    def _start_filter(self, state: FilterState) -> None:
        self._wanted = state
        self._anchor = self.current if self._anchor is None else self._anchor
        self._filter_generation += 1
        self._filter_stopped = self._caught_up = False
        self.workers.cancel_group(self, "filter")
        if state.expression.strip() or state.hidden:
            self._filtering = True
            self._filter_rows(self._filter_generation, state, 0)
        else:
            self._say_error(None)
            self._condition, self._filtering, self._shown_state = None, False, state
            self._show_rows(ShownRows(self.messages))
            self._to_anchor(True)
        self._show_facts()

    def _go_on_filtering(self, start: int) -> None:
        """Filter the rows from `start` on too; what was found there before is forgotten."""
        if self._condition is not None and self.rows.numbers is not None and not self._filter_stopped:
            del self.rows.numbers[self.rows.place(start) :]
            self._filtering = True
            self._filter_rows(self._filter_generation, self._condition, start)

    @work(thread=True, exclusive=True, group="filter")
    def _filter_rows(self, generation: int, wanted: FilterState | Filter, start: int) -> None:
        worker = get_current_worker()
        workers.filter_rows(self.log_file, wanted, start, generation, self.post_message, lambda: worker.is_cancelled)

    @on(FilterRefused)
    def _filter_refused(self, event: FilterRefused) -> None:
        event.stop()
        if event.generation == self._filter_generation:
            self._filtering = False
            self._anchor = self._anchor_line = None
            self._say_error(event.error)
            if len(self.log_file.rows) > self._scanned_to:
                self._go_on_filtering(self._scanned_to)  # the filter before it may not have come to its end
            self._show_facts()

    @on(Matched)
    def _matched(self, event: Matched) -> None:
        event.stop()
        if event.generation != self._filter_generation:
            return
        if event.first or self.rows.numbers is None:
            self._say_error(None)
            self._condition, self._shown_state = event.condition, self._wanted
            self._show_rows(ShownRows(self.messages, event.rows))
        else:
            self.rows.numbers.extend(event.rows)
            self.table.rows_changed(tail=self.following)
        self._scanned_to = event.scanned_to
        self._filtering = not event.done
        self._caught_up = self._caught_up or event.done
        self._to_anchor(event.done)
        if event.done and len(self.log_file.rows) > self._scanned_to:
            self._go_on_filtering(self._scanned_to)
        self._show_facts()

    def _say_error(self, error: FilterError | None) -> None:
        self.filter_bar.mark(error)
        self.query_one(RuleLine).say(error)

    def _show_rows(self, rows: ShownRows) -> None:
        self.rows = rows
        place = 0 if self._anchor is None else min(rows.place(self._anchor), max(0, len(rows) - 1))
        self.table.show(rows, place, self._anchor_line)

    def _to_anchor(self, all_known: bool) -> None:
        """Put the cursor on the message it stood on before the filter changed, or the next one that is shown."""
        if self._anchor is not None:
            place = self.rows.place(self._anchor)
            if place < len(self.rows) or all_known:
                if self.table.cursor != place:
                    self.table.jump(place, self._anchor_line)
                self._anchor = self._anchor_line = None

    # Following.

    def follow(self, following: bool) -> None:
        """Begin or end to show what is appended to the file."""
        self.following = following
        if following and not self.indexing:
            self._start_following()
        elif not following:
            self._stop_following.set()
        self.post_message(self.StatusChanged(self))
        self.refresh_bindings()

    def _start_following(self) -> None:
        self._stop_following.set()
        self._stop_following = threading.Event()
        self._follow_generation += 1
        # Not a worker: those share a few threads, and a follower keeps its own for as long as it follows.
        arguments = (self.log_file, self._follow_generation, self._stop_following, self.post_message)
        threading.Thread(target=workers.watch, args=arguments, name=f"follow {self.log_file.name}", daemon=True).start()

    @on(FileChanged)
    def _file_changed(self, event: FileChanged) -> None:
        event.stop()
        if event.generation != self._follow_generation:
            return
        change = event.change
        notice = notice_of(change)
        if notice:
            self.notify(notice, title=self.log_file.name, severity="warning")
            self._facts = replace(self._facts, notice=notice)
            self._show_facts()
        if isinstance(change, Appended):
            self.forget_notice()
            self._rows_replaced(change.first_row)
        elif not isinstance(change, Deleted | Unreadable):
            self._rows_replaced(0)

    def _rows_replaced(self, first: int) -> None:
        """The rows from `first` on are new, or others than before."""
        self.messages.forget()
        self._counts.forget()
        if first == 0 and self._condition is not None:
            self._condition = None
            self._show_rows(ShownRows(self.messages))
            self._start_filter(self._wanted)
        elif self._condition is not None or self._filtering:
            if self._filtering or first == 0:
                self._start_filter(self._wanted)
            else:
                self._go_on_filtering(min(first, self._scanned_to))
        self._say_what_is_missing()
        self._rows_appended(len(self.log_file.rows))
        self._plan_detail()

    # Detail.

    @on(MessageTable.Moved, "#messages")
    def _cursor_moved(self, event: MessageTable.Moved) -> None:
        event.stop()
        self._plan_detail()

    def _plan_detail(self) -> None:
        if self._detail_timer is None:
            self._detail_timer = self.set_timer(_DETAIL_SECONDS, self._show_detail)

    def _show_detail(self) -> None:
        self._detail_timer = None
        self.detail.open(self.messages.reader, self.current)

    # Facts.

    def forget_notice(self) -> None:
        """Say no longer what happened to the file."""
        self._facts = replace(self._facts, notice="")
        self._show_facts()

    def busy_with(self, what: str) -> None:
        """Say in the header what the user waits for; nothing if empty."""
        self._facts = replace(self._facts, busy=what)
        self.query_one(Header).show(self._facts)

    def _show_facts(self) -> None:
        unfiltered = self._condition is None and not self._filtering
        self._facts = replace(
            self._facts,
            sessions=self._counts.sessions,
            skipped=len(self.log_file.rows.skipped),
            span=time_span(self.log_file, self.table.zone),
            shown=None if unfiltered or self.rows.numbers is None else len(self.rows),
            filtering=self._filtering or self._filter_stopped or self.indexing,
        )
        self.query_one(Header).show(self._facts)
        self._plan_count()

    def _plan_count(self) -> None:
        """Count what has changed: at once, or as soon as counting does not slow the screen down."""
        wait = self._counts.wait(self.log_file.rows)
        if wait is None:
            self.filter_bar.chips.show_counts(self._counts.types, self.indexing)
        elif not wait:
            self._count()
        elif self._count_timer is None:
            self._count_timer = self.set_timer(wait, self._count)

    def _count(self) -> None:
        self._count_timer = None
        self._counts.count(self.log_file.rows, not self.indexing)
        self._facts = replace(self._facts, sessions=self._counts.sessions)
        self.query_one(Header).show(self._facts)
        self.filter_bar.chips.show_counts(self._counts.types, self.indexing)

    def show_zone(self, zone: Zone) -> None:
        self.table.show_zone(zone)
        self._show_facts()
