"""What the user can do with an opened store: whatever changes it is shown first, confirmed, kept, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from purefix_core.registry.dialects import Dialects
from purefix_core.store.changing import NEWEST, Edit, find_backup
from purefix_core.store.comparing import Side, SideUnknown
from purefix_core.store.converting import Converted, convert
from purefix_core.store.finding import StoreLocation
from purefix_core.store.health import Health
from purefix_core.store.located import verify
from purefix_core.store.meta_edit import read_text
from purefix_core.store.records import StoreError
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.verify import Verified
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.stores.backups_dialog import BackupsDialog
from purefix_tui.stores.busy_dialog import BusyDialog, Outcome, Stopping
from purefix_tui.stores.change_dialog import Change, ChangeDialog
from purefix_tui.stores.changes import (
    as_described,
    mark_change,
    numbers_change,
    repair_change,
    resend_change,
    reset_change,
    text_change,
    undo_change,
)
from purefix_tui.stores.choose_store import ChooseStore
from purefix_tui.stores.comparison import Compared, ComparisonScreen, compare_all
from purefix_tui.stores.convert_dialog import ConvertDialog
from purefix_tui.stores.keys import PANE_KEYS
from purefix_tui.stores.numbers_editor import NumbersEditor
from purefix_tui.stores.ranges_dialog import RangesDialog
from purefix_tui.stores.raw_editor import RawEditor
from purefix_tui.stores.reading import stamp_of
from purefix_tui.stores.report_dialog import ReportDialog
from purefix_tui.stores.side_dialog import SideDialog
from purefix_tui.stores.store_view import MESSAGES, NUMBERS, StoreView
from purefix_tui.stores.words import plain
from purefix_tui.stores.wrapping import StyledLine

Result = TypeVar("Result")


class StorePane(StoreView):
    """A store with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = PANE_KEYS

    class BackWanted(Message):
        """The user wants to see the list."""

    def __init__(self, health: Health, dialects: Dialects | None, known: Callable[[], Sequence[Health]]) -> None:
        """`known`: the stores of the list, which it may be compared with."""
        super().__init__(health, dialects)
        self._known = known

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        may_change = self.reading is not None and not self.reading.refused
        if action == "revert":
            return self.editor.is_edited and self.view == NUMBERS
        if action == "take_proposal":
            return self.view == NUMBERS and may_change and self.editor.has_proposal
        if action == "save":
            return self.view == NUMBERS and may_change
        if action == "raw":
            return self.location.files is None
        return True

    # Small actions.

    def action_switch(self) -> None:
        self.show_view(NUMBERS if self.view == MESSAGES else MESSAGES)

    async def may_leave(self) -> bool:
        """Whether what is typed may be forgotten, which is asked; for a worker."""
        if not self.editor.is_edited:
            return True
        lines = (f"{self.location.path}: what you typed was not saved, and is lost.",)
        return await self.app.push_screen_wait(Confirm("Leave without saving?", lines, "Leave"))

    @work(exclusive=True, group="change")
    async def action_back(self) -> None:
        if await self.may_leave():
            self.post_message(self.BackWanted())

    def action_revert(self) -> None:
        self.editor.revert()

    def action_take_proposal(self) -> None:
        self.editor.take_proposal()

    @on(NumbersEditor.Edited)
    def _edited(self, event: Message) -> None:
        event.stop()
        self.refresh_bindings()

    # Changes. Each is one worker from the question to the end, so that they never cross.

    @on(NumbersEditor.SaveWanted)
    def _save_wanted(self, event: NumbersEditor.SaveWanted) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        editor = self.editor
        if not any(stamp_of(self.location)):
            text = "The files of this store are gone: nothing can be saved. Esc goes back to the list."
            self.notify(text, title="Not saved", severity="warning")
        elif editor.next_out.disabled:
            self._say_why_not()
        elif editor.problem:
            self.notify(editor.problem, title="Not saved", severity="warning")
        elif not editor.is_edited:
            self.notify("The numbers are as the files say.", title="Nothing to save")
        else:
            try:
                wanted = editor.wanted
            except StoreError as error:
                self.notify(str(error), title="Not saved", severity="warning")
            else:
                self._change(partial(numbers_change, self.location, wanted), then=editor.accept)

    def action_undo(self) -> None:
        self._change(lambda: undo_change(self.location, find_backup(self.location, NEWEST)), then=self.editor.accept)

    def action_repair(self) -> None:
        self._change(partial(repair_change, self.location))

    def action_reset(self) -> None:
        self._change(partial(reset_change, self.location), then=self.editor.accept)

    @work(exclusive=True, group="change")
    async def _change(self, describe: Callable[[], Change], then: Callable[[], None] | None = None) -> None:
        await self._confirm_and_do(describe, then)

    async def _confirm_and_do(self, describe: Callable[[], Change], then: Callable[[], None] | None = None) -> bool:
        """Show a change, do it if the user wants it, and say what was done; gives whether it was. `then`: what is typed
        is no more wanted."""
        change = await self._found_out(lambda: as_described(self.location, describe))
        if change is None or not await self.app.push_screen_wait(ChangeDialog(change)):
            return False
        busy = BusyDialog[Edit]("Changing the store …", lambda _: change.perform(), Stopping.NEVER)
        outcome: Outcome[Edit] = await self.app.push_screen_wait(busy)
        if outcome.result is None:
            self.notify(self._plain(outcome.problem), title="Not done", severity="error")
            return False
        if then is not None:
            then()
        self._say_what_was_done(outcome.result)
        self.read_again()
        return True

    async def _found_out(self, function: Callable[[], Result]) -> Result | None:
        """What a function finds in the files; None where it cannot, which is said, or the user did not wait for it."""
        busy = BusyDialog[Result](f"Looking at {self.location.path.name} …", lambda _: function())
        outcome: Outcome[Result] = await self.app.push_screen_wait(busy)
        if outcome.problem:
            self.notify(self._plain(outcome.problem), title="Not possible", severity="error")
        return outcome.result

    def _say_what_was_done(self, edit: Edit) -> None:
        lines = [self._plain(line) for line in edit.done] if edit.changed else []
        lines += [f"backup: {path.name}" for path in edit.backups]
        self.notify("\n".join(lines) or "Nothing needed to be changed.", title="Done", timeout=8)

    def _say_why_not(self) -> None:
        why = self.reading.refused if self.reading is not None else "It is being read."
        self.notify(self._plain(why), title="Not possible", severity="warning")

    def _plain(self, text: str) -> str:
        return plain(text, self.location.path, self.location.folder)

    @work(exclusive=True, group="change")
    async def action_backups(self) -> None:
        backups = self.reading.backups if self.reading is not None else ()
        if not backups:
            self.notify("There is no backup yet: each change makes one.", title="Backups")
            return
        chosen = await self.app.push_screen_wait(BackupsDialog(backups))
        if chosen is not None:
            await self._confirm_and_do(partial(undo_change, self.location, chosen), self.editor.accept)

    @work(exclusive=True, group="change")
    async def action_raw(self) -> None:
        if self.reading is None or self.reading.refused:
            self._say_why_not()
            return
        text: str | None = None
        while True:  # until it is saved or left: what was typed comes back where the change was not wanted after all
            before = await self._found_out(partial(read_text, self.location.path))
            if before is None:
                return
            text = await self.app.push_screen_wait(RawEditor(self.location.path / META_NAME, before, text))
            if text is None:
                return
            if await self._confirm_and_do(partial(text_change, self.location, before, text), self.editor.accept):
                return

    @work(exclusive=True, group="change")
    async def action_mark(self) -> None:
        reading = self.reading
        if reading is None or reading.refused:
            self._say_why_not()
            return
        seq_num = self.messages.seq_num if self.view == MESSAGES else None
        ranges = list(reading.ranges) if reading.ranges is not None else []
        dialog = RangesDialog("" if seq_num is None else str(seq_num), ranges, keeps_reason=reading.is_ours)
        order = await self.app.push_screen_wait(dialog)
        if order is None:
            return
        if order.resend:
            await self._confirm_and_do(partial(resend_change, self.location, order.first, order.last))
        else:
            await self._confirm_and_do(partial(mark_change, self.location, order.first, order.last, order.reason))

    # What only reads.

    @work(exclusive=True, group="change")
    async def action_verify(self) -> None:
        title = f"Reading every message of {self.location.path.name} …"
        stamp = stamp_of(self.location)
        busy = BusyDialog[Verified](title, partial(verify, self.location))
        outcome: Outcome[Verified] = await self.app.push_screen_wait(busy)
        if outcome.problem:
            self.notify(self._plain(outcome.problem), title="Not verified", severity="error")
        if outcome.result is None:
            return
        self.found(stamp, outcome.result.problems)
        may_repair = bool(outcome.result.problems) and self.reading is not None and not self.reading.refused
        report = ReportDialog(
            f"Verified: {self.location.path.name}", self._verified_lines(outcome.result), may_repair=may_repair
        )
        if await self.app.push_screen_wait(report):
            await self._confirm_and_do(partial(repair_change, self.location))

    def _verified_lines(self, verified: Verified) -> list[StyledLine]:
        lines = [(f"✗ {self._plain(problem)}", "$error") for problem in verified.problems]
        if not lines:
            lines.append(("✓ nothing is wrong", "$success"))
        return lines + [(f"  note: {self._plain(note)}", "") for note in verified.notes]

    @work(exclusive=True, group="change")
    async def action_compare(self) -> None:
        theirs = await self.app.push_screen_wait(ChooseStore("Compare with", self.health, self._known()))
        if theirs is None:
            return
        outcome = await self._compared(theirs, None)
        if isinstance(outcome.error, SideUnknown):
            side = await self.app.push_screen_wait(SideDialog(outcome.problem))
            if side is None:
                return
            outcome = await self._compared(theirs, side)
        if outcome.problem:
            self.notify(outcome.problem, title="Not compared", severity="error")
        elif outcome.result is not None:
            await self.app.push_screen_wait(ComparisonScreen(outcome.result))

    async def _compared(self, theirs: StoreLocation, side: Side | None) -> Outcome[Compared]:
        work = partial(compare_all, self.location, theirs, side)
        return await self.app.push_screen_wait(BusyDialog[Compared]("Comparing, number by number …", work))

    @work(exclusive=True, group="change")
    async def action_convert(self) -> None:
        order = await self.app.push_screen_wait(ConvertDialog(self.health))
        if order is None:
            return
        busy = BusyDialog[Converted](
            "Writing the new store …",
            partial(convert, self.location, order.folder, order.layout, order.begin_string),
            Stopping.CLEANLY,
        )
        outcome: Outcome[Converted] = await self.app.push_screen_wait(busy)
        made = outcome.result
        if made is None:
            why = self._plain(outcome.problem) or "You stopped it; no store was made."
            self.notify(why, title="Not converted", severity="error" if outcome.problem else "information")
            return
        lines: list[StyledLine] = [
            (f"✓ {made.path}", "$success"),
            (f"{made.messages:,} messages, next out {made.next_out}, next in {made.next_in}", ""),
            ("", ""),
            *((line, "") for line in made.lines),
        ]
        await self.app.push_screen_wait(ReportDialog("Written in the other layout", lines))
