"""What the user can do with an opened log: find, go to, copy, export, and the rest of the keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from purefix_core.logs.filter import Names, compile_filter
from purefix_core.logs.log_file import LogFile
from purefix_core.wire import tags
from purefix_core.wire.secrets import mask_secrets
from purefix_core.wire.separators import SOH
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.log import workers
from purefix_tui.log.conditions import FilterState, field_term, with_term
from purefix_tui.log.detail import DetailTable
from purefix_tui.log.detail_copies import copy_field, copy_message, no_field
from purefix_tui.log.export_dialog import ExportDialog, ExportOrder
from purefix_tui.log.filter_bar import FilterBar
from purefix_tui.log.filtering import Anchor
from purefix_tui.log.goto import EXPLANATION, goto_search, parse_target
from purefix_tui.log.keys import PANE_KEYS
from purefix_tui.log.log_view import LogView
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.messages import Exported, ExportProgress, RowFound
from purefix_tui.log.row_source import Remark, no_remark
from purefix_tui.log.search import Origin, Search, problem_search, quoted, text_search
from purefix_tui.log.shown_rows import Spot
from purefix_tui.log.words import FOLLOWS_NOT, skipped_text
from purefix_tui.widgets.help_screen import HelpScreen

_NOISE = tags.ADMIN_MSG_TYPES - {"3"}
"""What `a` hides: messages of the session level, but not its Reject, which nobody may overlook."""

_LONGEST_FILTERED = 200
"""Characters of a value that a filter may be made of; nobody could read one of more."""


class LogPane(LogView):
    """A log with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = PANE_KEYS

    @dataclass
    class SendAsNew(Message):
        """The user wants to send a message once more, edited. `raw` has SOH between its fields, and its secrets are
        masked unless they are shown."""

        raw: bytes

    def __init__(self, log: LogFile, state: FilterState, following: bool, remark: Remark = no_remark) -> None:
        super().__init__(log, state, following, remark)
        self._wanted_text = ""
        """What ctrl+f looked for last."""
        self._last_text = ""
        """What it looked for last, whether it is still marked or not."""
        self._search: Search | None = None
        """What is searched for at present."""
        self._next_searches: deque[Callable[[Origin], Search]] = deque()
        """What is searched for after that, each from where the one before has landed."""
        self._written = 0
        """How many messages are exported so far."""
        self._order: ExportOrder | None = None
        """What is exported at present."""
        self._before_filter: Anchor | None = None
        """What the cursor stood on, and its line on screen, when the filter bar was entered."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        if action == "find_next":
            return bool(self._wanted_text)
        if action == "edit_filter":
            return not self.filter_bar.expression.has_focus
        if action == "resume":
            return self.stopped or self.table.filtering.stopped
        if action in ("cancel", "unmark", "forget"):
            return action == self._what_esc_does
        return True

    @property
    def _what_esc_does(self) -> str:
        """One thing at a time: the action that is called for most."""
        if self.filter_runs or self._search is not None or self._order is not None or self.indexing:
            return "cancel"
        if self._wanted_text:
            return "unmark"
        return "forget" if self.header.facts.notice else ""

    # Focus.

    @on(MessageTable.Entered)
    def _detail_wanted(self, event: MessageTable.Entered) -> None:
        event.stop()
        self.detail.table.focus()

    @on(DetailTable.Left)
    def _detail_left(self, event: DetailTable.Left) -> None:
        event.stop()
        self.table.focus()

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.table.focus()

    # Filter.

    @on(FilterBar.Entered)
    def _filter_entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        spot = self.table.spot
        self._before_filter = None if spot is None else Anchor(spot, self.table.screen_line)

    @on(FilterBar.Changed)
    def _filter_wanted(self, event: FilterBar.Changed) -> None:
        event.stop()
        self.table.start_filter(event.state)

    @on(FilterBar.Restored)
    def _filter_restored(self, event: FilterBar.Restored) -> None:
        event.stop()
        before = self._before_filter
        if event.state != self.filter_state:
            self.table.start_filter(event.state, before)
        elif before is not None and before.spot != self.table.spot:
            self.table.jump(self.rows.place_of(before.spot), before.line)

    def action_edit_filter(self) -> None:
        self.filter_bar.expression.focus()

    def action_clear_filter(self) -> None:
        self.show_filtered(FilterState())

    def action_toggle_admin(self) -> None:
        state = self.filter_state
        hidden = state.hidden
        hidden = hidden - _NOISE if hidden >= _NOISE else hidden | _NOISE
        self.show_filtered(FilterState(state.expression, hidden))

    def action_filter_field(self, away: bool) -> None:
        field = self.detail.field
        if field is None or not field.tag:
            self.notify(no_field(self.detail), title="No field")
        elif self.detail.is_masked(field):
            self.notify("This value is masked. R reveals it.", title="No filter", severity="warning")
        elif len(field.text) > _LONGEST_FILTERED:
            text = f"This value has {len(field.text):,} characters, too many for a filter. ctrl+f finds a part of it."
            self.notify(text, title="No filter", severity="warning")
        else:
            state = self.filter_state
            expression = with_term(state.expression, field_term(field.tag, field.text, away))
            self.show_filtered(FilterState(expression, state.hidden))

    # Searching. A worker answers with RowFound; that of a search which is no longer the present one is dropped.

    @work
    async def action_find(self) -> None:
        text = await self.app.push_screen_wait(
            Prompt(
                "Find",
                "Text as it stands in the log (not the sentences above), in upper or lower case. n and N go on.",
                self._last_text,
                lambda text: compile_filter(quoted(text), Names()),
            )
        )
        if text:
            self._mark(text)
            self.action_find_next(True)

    def action_find_next(self, forward: bool) -> None:
        self._start_search(partial(text_search, text=self._wanted_text, forward=forward))

    def action_problem(self, forward: bool) -> None:
        self._start_search(partial(problem_search, forward=forward))

    @work
    async def action_goto(self) -> None:
        text = await self.app.push_screen_wait(Prompt("Go to", EXPLANATION, "", parse_target))
        if text:
            zone, day = self.table.zone, self.table.stamp_of_row(self.table.cursor).date
            self._start_search(lambda origin: goto_search(text, origin, zone, day))

    @property
    def _origin(self) -> Origin:
        return Origin(self.log_file, self.rows, self.table.spot or Spot(0))

    def _mark(self, text: str) -> None:
        """Mark the messages that hold the text; empty marks none."""
        self._wanted_text = text
        self._last_text = text or self._last_text
        self.messages.mark(text.encode())
        self.table.refresh()
        self.refresh_bindings()

    def _start_search(self, search_from: Callable[[Origin], Search]) -> None:
        """Search from the cursor. While a search runs it is not known where that will be: then after it."""
        self._next_searches.append(search_from)
        if self._search is None:
            self._search_on()
        else:
            self._say_what_goes_on()

    def _search_on(self) -> None:
        """Begin the next search, if there is one."""
        self._search = self._next_searches.popleft()(self._origin) if self._next_searches else None
        if self._search is not None:
            self._run_search(self._search)
        self._say_what_goes_on()

    @work(thread=True, exclusive=True, group="search")
    def _run_search(self, search: Search) -> None:
        worker = get_current_worker()
        workers.find(self.log_file, search, self.post_message, lambda: worker.is_cancelled)

    @on(RowFound)
    def _row_found(self, event: RowFound) -> None:
        event.stop()
        if event.search is not self._search:
            return
        hit = event.hit
        if event.problem:
            self.notify(event.problem, title="Search", severity="error")
        elif hit is None:
            text = f"There is no {event.search.what} among the messages shown. {event.search.hint}".strip()
            self.notify(text, title="Search", severity="warning")
        else:
            if not self.rows.holds(hit.number):
                text = "The filter hides that message; this is the next one shown."
                self.notify(text, title="Search", severity="warning")
            elif hit.wrapped:
                self.notify("Went on from the other end of the log.", title="Search")
            self.table.jump(self.rows.place(hit.number))
        self._search_on()

    def _stop_search(self) -> None:
        self._search = None
        self._next_searches.clear()
        self.workers.cancel_group(self, "search")
        self._say_what_goes_on()
        self.notify("Stopped.", title="Search")

    def _say_what_goes_on(self) -> None:
        if self._search is not None:
            more = f" ({len(self._next_searches)} more to go)" if self._next_searches else ""
            self.busy_with(f"looking for the next {self._search.what} …{more}")
        elif self._order is not None:
            done = f" {self._written:,} of {self._order.rows:,} messages" if self._written else ""
            self.busy_with(f"writing {self._order.target.name} …{done}")
        else:
            self.busy_with("")

    # Copies.

    def action_send_as_new(self) -> None:
        shown = self.detail.shown
        if shown is not None:
            message = shown.message
            raw = message.raw if self.detail.show_secrets else mask_secrets(message)
            self.post_message(self.SendAsNew(raw.replace(message.separator.text, SOH.text)))

    def action_copy_message(self) -> None:
        copy_message(self.app, self.log_file, self.detail)

    def action_copy_field(self) -> None:
        copy_field(self.app, self.detail)

    def action_reveal(self) -> None:
        detail = self.detail
        detail.reveal(not detail.show_secrets)
        said = "shown, in the detail and in copies" if detail.show_secrets else "masked again"
        self.notify(f"Passwords and the like are {said}.", severity="warning" if detail.show_secrets else "information")

    # Export.

    @work
    async def action_export(self) -> None:
        if self._order is not None or not self.rows.count:
            text = "No message is shown." if self._order is None else "An export is being written."
            self.notify(text, title="No export", severity="warning")
            return
        dialog = ExportDialog(self.rows.count, Path.cwd(), self.log_file.path.stem)
        order = await self.app.push_screen_wait(dialog)
        if order is not None:
            self._order, self._written = order, 0
            self._say_what_goes_on()
            self._run_export(order)

    @work(thread=True, exclusive=True, group="export")
    def _run_export(self, order: ExportOrder) -> None:
        worker = get_current_worker()
        numbers = self.rows.all_numbers()
        workers.export(self.log_file, numbers, order, self.post_message, lambda: worker.is_cancelled)

    @on(ExportProgress)
    def _export_goes_on(self, event: ExportProgress) -> None:
        event.stop()
        if self._order is not None:
            self._written = event.written
            self._say_what_goes_on()

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        event.stop()
        self._order = None
        self._say_what_goes_on()
        self.notify(
            event.text,
            title="Not exported" if event.failed else "Export",
            severity="error" if event.failed else "information",
        )

    # The rest.

    def action_skipped(self) -> None:
        """List the ranges that look like FIX but are no message."""
        text = Content(skipped_text(self.log_file))
        self.app.push_screen(HelpScreen("Text that looks like FIX but is no message", text))

    def action_follow(self) -> None:
        if not self.following and not self.log_file.source.in_place:
            self.notify(FOLLOWS_NOT, severity="warning")
            return
        self.follow(not self.following)
        self.notify("Following: new messages appear as they are written." if self.following else "Not following.")

    def action_view(self) -> None:
        self.detail.next_view()

    def action_zone(self) -> None:
        self.show_zone(self.table.zone.next())

    def action_resume(self) -> None:
        """Go on with what was stopped: the filter first, which may need no more of the index."""
        if self.table.filtering.stopped:
            self.table.resume_filter()
        else:
            self.start_indexing()
        self.refresh_bindings()

    def action_cancel(self) -> None:
        """One thing at a time: stop what the user waits for, else what goes on behind that."""
        if self.filter_runs:
            self._stop_filter()
        elif self._search is not None:
            self._stop_search()
        elif self._order is not None:
            self.workers.cancel_group(self, "export")
        elif self.indexing:
            self.stop_indexing()

    def action_unmark(self) -> None:
        self._mark("")

    def action_forget(self) -> None:
        self.forget_notice()

    def _stop_filter(self) -> None:
        found_some = self.table.stop_filter()
        self.filter_bar.show(self.filter_state)
        self.refresh_bindings()
        text = "These are the messages that were found so far; i goes on." if found_some else "It is as it was before."
        self.notify(text, title="Filter stopped")
