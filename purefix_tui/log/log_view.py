"""One opened log on screen: how far it is indexed, whether it is followed, and what the header says of it.

Workers post messages; one handler owns each change of state. What is shown of the log is the business of its table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from purefix_core.logs.follow import Appended, Deleted, Unreadable
from purefix_core.logs.log_file import LogFile
from purefix_tui.log import workers
from purefix_tui.log.conditions import FilterState, described, names_a_time, wrong_with
from purefix_tui.log.detail import Detail
from purefix_tui.log.facts import Counts, LogDialects
from purefix_tui.log.filter_bar import FilterBar
from purefix_tui.log.filtered_table import FilteredTable
from purefix_tui.log.following import Follower
from purefix_tui.log.header import Facts, Header, percent
from purefix_tui.log.huge import choose_part, may_be_huge
from purefix_tui.log.messages import FileChanged, FilterFailed, Indexed, IndexEnded
from purefix_tui.log.row_source import MessageRows, Remark, no_remark
from purefix_tui.log.rule_line import RuleLine, Saying
from purefix_tui.log.shown_rows import ShownRows
from purefix_tui.log.times import Zone
from purefix_tui.log.words import FOLLOWS_NOT, Extent, notice_of, time_span, why_no_rows

_DETAIL_SECONDS = 0.03
"""The detail follows the cursor at this pace, so that held-down arrow keys never wait for it."""


class LogView(Vertical):
    """Header, filter bar, message table and detail of one log."""

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    LogView > #panes { height: 1fr; layout: vertical; }
    """

    TABLE: ClassVar[type[FilteredTable]] = FilteredTable

    @dataclass
    class StatusChanged(Message):
        """Dialect or follow state are others now."""

        view: LogView

    def __init__(self, log: LogFile, state: FilterState, following: bool, remark: Remark = no_remark) -> None:
        """`remark`: what else to say of a message in its row."""
        super().__init__()
        self.log_file = log
        self.indexing = True
        self.stopped = False
        """Whether indexing was cancelled."""
        self.dialect = ""
        """What the messages are read with, in words; empty as long as there are none."""
        self._dialects = LogDialects(log)
        self._follower = Follower(log, self.post_message)
        self._counts = Counts()
        self._count_timer: Timer | None = None
        self._detail_timer: Timer | None = None
        self._could_stop = False, False

        self.busy = ""
        """What the user waits for besides index and filter, in words."""

        self.header = Header(Facts(log.name, log.size))
        self.filter_bar = FilterBar(self._dialects.type_name, lambda state: wrong_with(state, log), state)
        self.rule = RuleLine()
        self._follow_refused = following and not log.source.in_place
        self.table = self.TABLE(log, state, following and not self._follow_refused, remark)
        self.detail = Detail()

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.filter_bar
        yield self.rule
        with Container(id="panes"):
            yield self.table
            yield self.detail

    @property
    def messages(self) -> MessageRows:
        """All messages of the log."""
        return self.table.messages

    @property
    def rows(self) -> ShownRows:
        """The messages that are shown, and the events between them."""
        return self.table.rows

    @property
    def current(self) -> int | None:
        """The number in the log of the message under the cursor; None where that is no message."""
        return self.table.current

    @property
    def filter_state(self) -> FilterState:
        """Which messages the user wants to see."""
        return self.table.filtering.wanted

    @property
    def filter_runs(self) -> bool:
        """Whether the user waits for the filter."""
        return self.table.filtering.is_awaited(self.indexing)

    @property
    def following(self) -> bool:
        """Whether what is appended to the file is shown."""
        return self.table.following

    @property
    def is_working(self) -> bool:
        """Whether something is being indexed, filtered or searched."""
        return self.indexing or self.table.filtering.running or bool(self.busy)

    def on_mount(self) -> None:
        self.filter_bar.chips.show_hidden(self.filter_state.hidden)
        self._show_facts()
        if self._follow_refused:
            self.notify(FOLLOWS_NOT, severity="warning")
        if self.may_be_huge:
            self._choose_part()
        else:
            self.start_indexing()

    def on_unmount(self) -> None:
        self._follower.stop()
        self.log_file.close()

    # Indexing.

    @property
    def may_be_huge(self) -> bool:
        """Whether to ask which part of the log to index."""
        return may_be_huge(self.log_file)

    @work
    async def _choose_part(self) -> None:
        if await choose_part(self.app, self.log_file):
            self.start_indexing()
        else:
            self.post_message(IndexEnded(False))

    def start_indexing(self) -> None:
        self.indexing, self.stopped = True, False
        self.forget_notice()
        self._say_what_is_missing()
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
            part = progress.bytes_done / progress.size if progress.size else 0.0
            self._show_header(replace(self.header.facts, indexing=part, reading=event.reading))
        self._rows_appended()

    @on(IndexEnded)
    def _index_ended(self, event: IndexEnded) -> None:
        event.stop()
        self.indexing, self.stopped = False, not event.finished
        notice = event.problem or ("indexing was stopped: i goes on" if self.stopped else "")
        self._show_header(replace(self.header.facts, indexing=None, reading=False, notice=notice))
        self._counts.count(self.log_file.rows, True)
        self._rows_appended()
        self._say_what_is_missing()
        if self.following and event.finished:
            self._follower.start()
        self.refresh_bindings()

    def _say_what_is_missing(self) -> None:
        filtering, log = self.table.filtering, self.log_file
        searched = filtering.searched
        if (self.indexing or self.stopped) and log.end:
            searched *= min(1.0, log.indexed_bytes / log.end)
        known = "" if searched == 1 or self.header.facts.reading else percent(searched)
        waits = self.indexing or filtering.is_awaited(indexing=True)
        self.table.show_placeholder(*self.why_no_rows(Extent(known, waits, self.indexing, self.following)))

    def why_no_rows(self, extent: Extent) -> tuple[str, ...]:
        """Lines to show where there is no message."""
        return why_no_rows(self.log_file, extent, self.stopped)

    def _rows_appended(self) -> None:
        """The index has grown, or ended: show it."""
        rows = len(self.log_file.rows)
        if rows and not self.header.facts.messages:
            self.first_rows()
        self.table.rows_appended()
        self._show_header(replace(self.header.facts, messages=rows, size=self.log_file.size))
        self._show_facts()

    def first_rows(self) -> None:
        """There are messages now."""
        self._show_dialect()
        self.table.first_rows_appended()

    def _show_dialect(self) -> None:
        dialect = self._dialects.main()
        self.dialect = "no dictionary" if dialect is None else f"{dialect.definitions.version} · {dialect.name}"
        for problem in self._dialects.problems:
            self.notify(problem, title="Dictionary", severity="error", timeout=20)
        self.post_message(self.StatusChanged(self))

    # Filtering.

    def show_filtered(self, state: FilterState) -> None:
        """Show what passes another filter, and say it in the filter bar."""
        self.filter_bar.show(state)
        self.table.start_filter(state)

    @on(FilteredTable.FilterChanged)
    def _filter_changed(self, event: FilteredTable.FilterChanged) -> None:
        event.stop()
        self.filter_bar.mark(self.table.filtering.error)
        self._say_below_the_bar()
        self._say_what_is_missing()
        self._show_facts()

    @on(FilterFailed)
    def _filter_failed(self, event: FilterFailed) -> None:
        event.stop()
        self.filter_bar.show(self.filter_state)
        self.refresh_bindings()
        self.notify(event.problem, title="Filter stopped", severity="error")

    # Following.

    def follow(self, following: bool) -> None:
        """Begin or end to show what is appended to the file."""
        self.table.following = following
        if following and not self.indexing:
            self._follower.start()
        elif not following:
            self._follower.stop()
        self._say_what_is_missing()
        self.post_message(self.StatusChanged(self))
        self.refresh_bindings()

    @on(FileChanged)
    def _file_changed(self, event: FileChanged) -> None:
        event.stop()
        if not self._follower.is_current(event.generation):
            return
        change = event.change
        notice = notice_of(change)
        if notice:
            self.notify(notice, title=self.log_file.name, severity="warning")
            self._show_header(replace(self.header.facts, notice=notice))
        if isinstance(change, Appended):
            self.forget_notice()
            self._rows_replaced(change.first_row)
        elif not isinstance(change, Deleted | Unreadable):
            self._rows_replaced(0)

    def _rows_replaced(self, first: int) -> None:
        """The rows from `first` on are new, or others than before."""
        self._counts.forget()
        self.table.rows_replaced(first)
        self._say_what_is_missing()
        self._rows_appended()
        if self.current is None or self.current >= first:
            self._plan_detail()

    def remarks_changed(self) -> None:
        """There is something else to say of messages in their rows."""
        self.messages.forget()
        self.table.refresh()

    # Detail.

    @on(FilteredTable.Moved, "#messages")
    def _cursor_moved(self, event: FilteredTable.Moved) -> None:
        event.stop()
        self._plan_detail()

    def _plan_detail(self) -> None:
        if self._detail_timer is None:
            self._detail_timer = self.set_timer(_DETAIL_SECONDS, self._show_detail)

    def _show_detail(self) -> None:
        self._detail_timer = None
        if self.following:
            self._show_header(self.header.facts)
        event = self.table.event
        if event is not None:
            self.detail.open_event(event)
        else:
            self.detail.open(self.messages.reader, self.current)

    # Facts.

    def forget_notice(self) -> None:
        """Say no longer what happened to the file."""
        self._show_header(replace(self.header.facts, notice=""))

    def busy_with(self, what: str) -> None:
        """Say under the filter bar what the user waits for; nothing if empty."""
        self.busy = what
        self._say_below_the_bar()
        self._show_header(self.header.facts)

    def _say_below_the_bar(self) -> None:
        filtering = self.table.filtering
        error = "" if filtering.error is None else str(filtering.error)
        in_utc = self.table.zone is not Zone.UTC and names_a_time(filtering.wanted.expression)
        note = f"times in filters are UTC, those shown are not: {self.table.zone.value}" if in_utc else ""
        showing = described(filtering.passed) if error else ""
        self.rule.say(Saying(error, showing, note, self.busy))

    def show_zone(self, zone: Zone) -> None:
        self.table.show_zone(zone)
        self._say_below_the_bar()
        self._show_facts()

    def _show_facts(self) -> None:
        filtering = self.table.filtering
        facts = replace(
            self.header.facts,
            skipped=len(self.log_file.rows.skipped),
            span=time_span(self.log_file, self.table.zone),
            shown=self.rows.count if filtering.in_force else None,
            filtering=filtering.running or filtering.stopped or self.indexing,
            searched=filtering.searched if filtering.is_awaited(indexing=True) and filtering.begun else None,
        )
        self._show_header(facts)
        self._plan_count()

    def _show_header(self, facts: Facts) -> None:
        """Show the facts, and have the last line name what Esc does: stop what goes on, or hide the notice."""
        below = self.table.rows_below if self.following else 0
        self.header.show(replace(facts, sessions=self._counts.sessions, below=below))
        could_stop = self.is_working, bool(facts.notice)
        if could_stop != self._could_stop:
            self._could_stop = could_stop
            self.refresh_bindings()

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
        self._show_header(self.header.facts)
        self.filter_bar.chips.show_counts(self._counts.types, self.indexing)
