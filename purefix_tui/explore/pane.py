"""What the user can do with an opened log: find, go to, copy, export, and the rest of the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.worker import get_current_worker

from purefix_core.logs.export import export_rows, row_to_json
from purefix_core.logs.filter import Names, compile_filter
from purefix_core.logs.log_file import LogError
from purefix_core.wire import tags
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import mask_secrets
from purefix_core.wire.timestamps import NANOS
from purefix_tui.explore.conditions import field_term, with_term
from purefix_tui.explore.detail import DetailTable
from purefix_tui.explore.detail_lines import field_text
from purefix_tui.explore.dialogs.export import ExportDialog, ExportOrder
from purefix_tui.explore.dialogs.prompt import Prompt
from purefix_tui.explore.filter_bar import FilterBar, FilterState
from purefix_tui.explore.goto import EXPLANATION, ToOffset, ToSeqNum, parse_target
from purefix_tui.explore.keys import PANE_KEYS
from purefix_tui.explore.log_view import LogView
from purefix_tui.explore.message_table import MessageTable
from purefix_tui.explore.messages import Exported, RowFound
from purefix_tui.explore.opened import View
from purefix_tui.explore.search import PROBLEMS, Hit, first_at_time, quoted, search
from purefix_tui.widgets.copying import copy_text
from purefix_tui.widgets.help_screen import HelpScreen
from purefix_tui.widgets.plain import visible

_DAY = 86_400 * NANOS
_NOISE = tags.ADMIN_MSG_TYPES - {"3"}
"""What `a` hides: messages of the session level, but not its Reject, which nobody may overlook."""

_LISTED_RANGES = 1000
_LONGEST_FILTERED = 200
"""Characters of a value that a filter may be made of; nobody could read one of more."""

Cancelled = Callable[[], bool]
Search = Callable[[Cancelled], Hit | None]


class LogPane(LogView):
    """A log with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = PANE_KEYS

    _wanted_text = ""
    """What ctrl+f looked for last."""
    _search_generation = 0
    _looking = ""
    """What is searched for at present, as the header says it."""
    _writing = ""
    """What is exported at present, as the header says it."""
    _before_filter: tuple[int | None, int] = (None, 0)
    """The message under the cursor, and its line on screen, when the filter bar was entered."""
    _could_stop = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        if action == "find_next":
            return bool(self._wanted_text)
        if action == "edit_filter":
            return not self.filter_bar.expression.has_focus
        if action == "resume":
            return self.stopped or self._filter_stopped
        if action == "cancel":
            return self.is_working or bool(self._wanted_text or self._facts.notice)
        return True

    def _show_facts(self) -> None:
        super()._show_facts()
        self._name_stop_key()

    def busy_with(self, what: str) -> None:
        super().busy_with(what)
        self._name_stop_key()

    def _name_stop_key(self) -> None:
        """Have the last line name the key that stops, as long as there is something to stop."""
        could = bool(self.check_action("cancel", ()))
        if could != self._could_stop:
            self._could_stop = could
            self.refresh_bindings()

    # Focus.

    @on(MessageTable.Entered)
    def _detail_wanted(self, event: MessageTable.Entered) -> None:
        event.stop()
        self.detail.table.focus()

    @on(DetailTable.Left)
    def _detail_left(self, event: DetailTable.Left) -> None:
        event.stop()
        self.table.focus()

    # Filter.

    def action_edit_filter(self) -> None:
        self.filter_bar.expression.focus()

    def action_clear_filter(self) -> None:
        self.show_filtered(FilterState())

    @on(FilterBar.Entered)
    def _filter_entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        self._before_filter = self.current, self.table.screen_line

    @on(FilterBar.Restored)
    def _filter_restored(self, event: FilterBar.Restored) -> None:
        event.stop()
        number, line = self._before_filter
        if event.state != self.filter_state:
            self._anchor, self._anchor_line = number, line
            self._start_filter(event.state)
        elif number is not None and number != self.current:
            self.table.jump(self.rows.place(number), line)

    @property
    def filter_runs(self) -> bool:
        """Whether the user waits for a filter; one that only keeps pace with the index is no wait of its own."""
        return self._filtering and not (self._caught_up and self.indexing)

    def _stop_filter(self) -> None:
        """Keep what the filter has found so far, or if that is not on screen yet, what was shown before it."""
        self._filter_generation += 1
        self.workers.cancel_group(self, "filter")
        self._filtering = False
        self._anchor = self._anchor_line = None
        found_some = self._wanted == self._shown_state
        self._wanted = self._shown_state
        self.filter_bar.show(self._wanted)
        self._say_error(None)
        self._filter_stopped = self._condition is not None and self._scanned_to < len(self.log_file.rows)
        self._show_facts()
        self.refresh_bindings()
        text = "These are the messages that were found so far; i goes on." if found_some else "It is as it was before."
        self.notify(text, title="Filter stopped")

    def action_skipped(self) -> None:
        """List the ranges that look like FIX but are no message."""
        skipped = self.log_file.rows.skipped
        lines = [f"{s.length:>9,} bytes at {s.offset:>13,}   {s.reason}" for s in skipped[:_LISTED_RANGES]]
        if len(skipped) > _LISTED_RANGES:
            lines.append(f"… and {len(skipped) - _LISTED_RANGES:,} more")
        text = "\n".join(lines) or "Everything that looks like FIX in this log is a message."
        self.app.push_screen(HelpScreen("Text that looks like FIX but is no message", Content(text)))

    def action_toggle_admin(self) -> None:
        state = self.filter_state
        hidden = state.hidden
        hidden = hidden - _NOISE if hidden >= _NOISE else hidden | _NOISE
        self.show_filtered(FilterState(state.expression, hidden))

    def action_filter_field(self, away: bool) -> None:
        field = self.detail.field
        if field is None or not field.tag:
            self.notify("Put the cursor of the detail on a field first (Tab goes there).", title="No field")
        elif self.detail.is_masked(field):
            self.notify("This value is masked. R reveals it.", title="No filter", severity="warning")
        elif len(field.text) > _LONGEST_FILTERED:
            text = f"This value has {len(field.text):,} characters, too many for a filter. ctrl+f finds a part of it."
            self.notify(text, title="No filter", severity="warning")
        else:
            state = self.filter_state
            expression = with_term(state.expression, field_term(field.tag, field.text, away))
            self.show_filtered(FilterState(expression, state.hidden))

    # Searching. The worker posts RowFound; a newer search makes older ones stale.

    @work
    async def action_find(self) -> None:
        text = await self.app.push_screen_wait(
            Prompt(
                "Find",
                "Text as it stands in the log (not the sentences above), in upper or lower case. n and N go on.",
                self._wanted_text,
                lambda text: compile_filter(quoted(text), Names()),
            )
        )
        if text:
            self._wanted_text = text
            self.messages.mark(text.encode())
            self.table.refresh()
            self.refresh_bindings()
            self._find(True)

    def action_find_next(self, forward: bool) -> None:
        self._find(forward)

    def _find(self, forward: bool) -> None:
        condition = compile_filter(quoted(self._wanted_text), Names())
        log, shown, start = self.log_file, self.rows, self.current or 0
        self._start_search(
            f"message that holds {self._wanted_text!r}",
            lambda cancelled: search(log, condition, shown, start, forward, cancelled),
        )

    def action_problem(self, forward: bool) -> None:
        log, shown, start = self.log_file, self.rows, self.current or 0
        self._start_search(
            "reject or broken message", lambda cancelled: search(log, PROBLEMS, shown, start, forward, cancelled)
        )

    @work
    async def action_goto(self) -> None:
        text = await self.app.push_screen_wait(Prompt("Go to", EXPLANATION, "", parse_target))
        if text:
            self._go_to(text)

    def _go_to(self, text: str) -> None:
        target = parse_target(text)
        log, shown, start, zone = self.log_file, self.rows, self.current or 0, self.table.zone
        if isinstance(target, ToOffset):
            number = log.rows.row_at_offset(target.offset)
            hit = None if number is None else Hit(number, False)
            self._start_search(f"message at offset {target.offset:,} or behind it", lambda _: hit)
        elif isinstance(target, ToSeqNum):
            condition = compile_filter(f"seq = {target.seq_num}", Names())
            self._start_search(
                f"message with sequence number {target.seq_num:,}",
                lambda cancelled: search(log, condition, shown, start, True, cancelled),
                f"@{target.seq_num:,} goes to that offset.",
            )
        else:
            nanos = target.moment.begin
            if target.moment.daily and len(log.rows):
                nanos += self._midnight()

            def at_time(cancelled: Cancelled) -> Hit | None:
                number = first_at_time(log, zone, nanos, cancelled)
                return None if number is None else Hit(number, False)

            self._start_search(f"message at {text.strip()} or later", at_time)

    def _midnight(self) -> int:
        """When the day of the current row began, in nanoseconds of the time that is shown; 0 if it has no date."""
        day = self.table.stamp_of_row(self.table.cursor).date
        return (day - date(1970, 1, 1)).days * _DAY if day else 0

    def _start_search(self, what: str, run: Search, hint: str = "") -> None:
        self._search_generation += 1
        self._looking = f"looking for the next {what} …"
        self._say_what_goes_on()
        self._search(self._search_generation, what, run, hint)

    def _say_what_goes_on(self) -> None:
        self.busy_with(self._looking or self._writing)

    @work(thread=True, exclusive=True, group="search")
    def _search(self, generation: int, what: str, run: Search, hint: str) -> None:
        worker = get_current_worker()
        hit = run(lambda: worker.is_cancelled)
        number, wrapped = hit if hit is not None else (None, False)
        self.post_message(RowFound(generation, number, wrapped, what, hint))

    @on(RowFound)
    def _row_found(self, event: RowFound) -> None:
        event.stop()
        if event.generation != self._search_generation:
            return
        self._looking = ""
        self._say_what_goes_on()
        if event.number is None:
            text = f"There is no {event.what} among the messages shown. {event.hint}".strip()
            self.notify(text, title="Search", severity="warning")
            return
        if not self.rows.holds(event.number):
            text = "The filter hides that message; this is the next one shown."
            self.notify(text, title="Search", severity="warning")
        elif event.wrapped:
            self.notify("Went on from the other end of the log.", title="Search")
        self.table.jump(self.rows.place(event.number))

    # Copies.

    def action_copy_message(self) -> None:
        shown = self.detail.shown
        if shown is None:
            return
        if self.detail.view is View.JSON:
            text = row_to_json(self.log_file, shown.entry.row, show_secrets=self.detail.show_secrets)
        else:
            message = shown.message
            raw = message.raw if self.detail.show_secrets else mask_secrets(message)
            text = as_text(raw.replace(b"\x01", b"|"))
        name = shown.decoded.name or f"MsgType {shown.decoded.msg_type}"
        copy_text(self.app, text, f"{name}, {len(text):,} characters")

    def action_copy_field(self) -> None:
        field = self.detail.field
        if field is None:
            self.notify("Put the cursor of the detail on a field first (Tab goes there).", title="No field")
        else:
            text = field_text(field, self.detail.is_masked)
            copy_text(self.app, text, visible(text) if len(text) < 60 else f"{field.name or field.tag}")

    def action_reveal(self) -> None:
        detail = self.detail
        detail.reveal(not detail.show_secrets)
        said = "shown, in the detail and in copies" if detail.show_secrets else "masked again"
        self.notify(f"Passwords and the like are {said}.", severity="warning" if detail.show_secrets else "information")

    # Export.

    @work
    async def action_export(self) -> None:
        if self._writing or not len(self.rows):
            text = "An export is being written." if self._writing else "No message is shown."
            self.notify(text, title="No export", severity="warning")
            return
        dialog = ExportDialog(len(self.rows), Path.cwd(), self.log_file.path.stem)
        order = await self.app.push_screen_wait(dialog)
        if order is not None:
            self._writing = f"writing {order.target.name} …"
            self._say_what_goes_on()
            self._export(order)

    @work(thread=True, exclusive=True, group="export")
    def _export(self, order: ExportOrder) -> None:
        worker = get_current_worker()
        shown = self.rows
        numbers = range(len(shown)) if shown.numbers is None else shown.numbers[:]
        try:
            count = export_rows(self.log_file, numbers, order.form, order.target, cancelled=lambda: worker.is_cancelled)
        except LogError as error:
            self.post_message(Exported(str(error), True))
        else:
            text = "Stopped; nothing was written." if worker.is_cancelled else f"{count:,} messages to {order.target}"
            self.post_message(Exported(text, False))

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        event.stop()
        self._writing = ""
        self._say_what_goes_on()
        self.notify(
            event.text,
            title="Not exported" if event.failed else "Export",
            severity="error" if event.failed else "information",
        )

    # The rest.

    def action_follow(self) -> None:
        if not self.following and not self.log_file.source.in_place:
            self.notify("Only a plain file can be followed; a stream is read as it comes.", severity="warning")
            return
        self.follow(not self.following)
        self.notify("Following: new messages appear as they are written." if self.following else "Not following.")

    def action_view(self) -> None:
        self.detail.next_view()

    def action_zone(self) -> None:
        self.show_zone(self.table.zone.next())

    def action_resume(self) -> None:
        """Go on with what was stopped: the filter first, which may need no more of the index."""
        if self._filter_stopped:
            self._filter_stopped = False
            self._go_on_filtering(self._scanned_to)
            self._show_facts()
        else:
            self.start_indexing()
        self.refresh_bindings()

    def action_cancel(self) -> None:
        """One thing at a time: stop what the user waits for, else what goes on behind that, else unmark what was
        found, else forget what was said."""
        if self.filter_runs:
            self._stop_filter()
        elif self._looking:
            self._search_generation += 1
            self.workers.cancel_group(self, "search")
            self._looking = ""
            self._say_what_goes_on()
            self.notify("Stopped.", title="Search")
        elif self._writing:
            self.workers.cancel_group(self, "export")
        elif self.indexing:
            self.stop_indexing()
        elif self._wanted_text:
            self._wanted_text = ""
            self.messages.mark(b"")
            self.table.refresh()
            self._name_stop_key()
            self.refresh_bindings()
        else:
            self.forget_notice()
