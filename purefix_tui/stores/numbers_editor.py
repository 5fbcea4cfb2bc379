"""Both numbers and the times of a store as fields, and below them what they mean at the next Logon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from purefix_core.store.records import StoreError
from purefix_tui.stores.changes import Wanted, time_of
from purefix_tui.stores.fields import NumberInput, TimeInput
from purefix_tui.stores.keys import FIELD_KEYS, NUMBERS_FOOTER
from purefix_tui.stores.outlook import Outlook, Typed, facts, outlook
from purefix_tui.stores.reading import Stamp, StoreReading
from purefix_tui.stores.words import iso
from purefix_tui.stores.wrapping import StyledLine, wrapped

_PAUSE = 0.1
"""Seconds after a key until the outlook is worked out."""


class Said(VerticalScroll, can_focus=True):
    """What is said below the fields; it scrolls where it is long."""

    FOOTER: ClassVar[tuple[str, ...]] = NUMBERS_FOOTER
    HELP = NumberInput.HELP


class NumbersEditor(Vertical):
    """Shows a StoreReading; what is typed stays until it is saved or reverted. It writes nothing itself."""

    BINDINGS: ClassVar[list[BindingType]] = FIELD_KEYS

    DEFAULT_CSS = """
    NumbersEditor { height: 1fr; padding: 0 1; }
    NumbersEditor > Grid { grid-size: 4; grid-columns: 14 16 22 1fr; grid-rows: 1; height: 2; margin-top: 1; }
    NumbersEditor > #times { grid-size: 2; grid-columns: 14 1fr; height: 2; margin-top: 0; }
    NumbersEditor Label { color: $muted; }
    NumbersEditor > .wrong { color: $error; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    NumbersEditor > Said {
        height: 1fr; border-top: solid $rule; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    NumbersEditor > Said:focus { border-top: solid $primary; }
    NumbersEditor #facts { margin-top: 1; color: $muted; }
    """

    @dataclass
    class Edited(Message):
        """What is typed is something else."""

    @dataclass
    class SaveWanted(Message):
        """Enter was pressed in a field."""

    @dataclass
    class Foreseen(Message):
        """A worker knows what the numbers mean."""

        generation: int
        outlook: Outlook

    @dataclass
    class FoundDamage(Message):
        """Damaged messages were met in the files with this stamp, a line each."""

        stamp: Stamp
        lines: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self.reading: StoreReading | None = None
        self.outlook: Outlook | None = None
        """What was worked out last."""
        self._facts: list[StyledLine] = []
        self._is_accepted = False
        self._awaits_reading = False
        """Whether the focus goes into a field when it is known which can be changed."""
        self._generation = 0
        self._timer: Timer | None = None
        self.next_out = NumberInput("next-out", "The MsgSeqNum of the next message that you send")
        self.next_in = NumberInput("next-in", "The MsgSeqNum that you expect next from the counterparty")
        self.peer_expects = NumberInput(
            "peer-expects", "The MsgSeqNum that the counterparty expects from you", "not known"
        )
        self.peer_next = NumberInput("peer-next", "The MsgSeqNum that the counterparty sends next", "not known")
        self.received = TimeInput("received", "lastReceivedTime of session.meta, UTC")
        self.created = TimeInput("created", "createdTime of session.meta, UTC")

    def compose(self) -> ComposeResult:
        with Grid(id="numbers"):
            yield Label("next out")
            yield self.next_out
            yield Label("it says it expects")
            yield self.peer_expects
            yield Label("next in")
            yield self.next_in
            yield Label("it says it sends")
            yield self.peer_next
        with Grid(id="times"):
            yield Label("last received")
            yield self.received
            yield Label("created")
            yield self.created
        yield Label("", classes="wrong", markup=False)
        with Said():
            yield Static("", id="outlook")
            yield Static("", id="facts")

    # What is shown.

    def show(self, reading: StoreReading) -> None:
        """Show another reading. Where the user has typed something else than what the one before said, that stays."""
        before = self.reading
        self.reading = reading
        if before is None or self._is_accepted or not self.is_edited_against(before):
            self._put_in(reading)
        self._is_accepted = False
        self._disable(bool(reading.refused))
        self.query_one("#times").display = reading.is_ours
        self._facts = facts(reading)
        self._say()
        self._changed()

    def _disable(self, disabled: bool) -> None:
        fields = (self.next_out, self.next_in, self.received, self.created)
        focused = self.screen.focused
        for field in fields:
            field.disabled = disabled
        if (self._awaits_reading and focused is self.query_one(Said)) or (disabled and focused in fields):
            self.focus_inside()

    def _put_in(self, reading: StoreReading) -> None:
        self.next_out.show(reading.next_out)
        self.next_in.show(reading.next_in)
        self.received.show(iso(reading.session.last_received_time) if reading.session else "")
        self.created.show(iso(reading.session.created_time) if reading.session else "")

    def revert(self) -> None:
        """Put in again what the file says."""
        if self.reading is not None:
            self._put_in(self.reading)
            self._changed()

    def accept(self) -> None:
        """What is typed is saved, or no more wanted: what is read next is put in."""
        self._is_accepted = True

    def focus_inside(self) -> None:
        """Put the focus into the first field that can be changed; below the fields as long as nothing is read. At once,
        not by Widget.focus: by the time that one does it the field may be disabled."""
        self._awaits_reading = self.reading is None
        if self.reading is None:
            self.screen.set_focus(self.query_one(Said))
        else:
            self.screen.set_focus(self.peer_expects if self.next_out.disabled else self.next_out)

    # What is typed.

    @property
    def typed(self) -> Typed:
        return Typed(self.next_out.number, self.next_in.number, self.peer_expects.number, self.peer_next.number)

    @property
    def is_edited(self) -> bool:
        """Whether something else stands in the fields than in the file."""
        return self.reading is not None and self.is_edited_against(self.reading)

    def is_edited_against(self, reading: StoreReading) -> bool:
        return any(self._edited_fields(reading).values())

    def _edited_fields(self, reading: StoreReading) -> dict[Input, bool]:
        session = reading.session
        numbers = {self.next_out: reading.next_out, self.next_in: reading.next_in}
        edited: dict[Input, bool] = {
            field: field.value.replace(",", "") != ("" if number is None else str(number))
            for field, number in numbers.items()
        }
        times = {
            self.received: session.last_received_time if session else None,
            self.created: session.created_time if session else None,
        }
        return edited | {field: field.value.strip() != iso(time) for field, time in times.items()}

    @property
    def wanted(self) -> Wanted:
        """What is to be saved; only where there is no `problem`. Raises StoreError for a time that is none."""
        next_out, next_in = self.next_out.number, self.next_in.number
        if next_out is None or next_in is None or self.reading is None:
            raise StoreError("both numbers must be given, out and in")
        edited = self._edited_fields(self.reading)
        times: list[str | None] = []
        for name, field in (("last received", self.received), ("created", self.created)):
            try:
                time_of(field.value)
            except StoreError as error:
                raise StoreError(f"{name}: {error}") from None
            times.append(field.value if edited[field] else None)
        return Wanted(next_out, next_in, *times)

    @property
    def problem(self) -> str:
        """What is wrong with what is typed, where nothing can be saved."""
        fields = {"next out": self.next_out, "next in": self.next_in}
        fields |= {"it says it expects": self.peer_expects, "it says it sends": self.peer_next}
        for name, field in fields.items():
            if field.problem:
                return f"{name}: {field.problem}"
        for name, field in (("next out", self.next_out), ("next in", self.next_in)):
            if not field.value.strip() and (self.is_edited or self.reading is None):
                return f"{name}: expected a number"
        return ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.SaveWanted())

    def _changed(self) -> None:
        if self.reading is not None:
            for field, edited in self._edited_fields(self.reading).items():
                field.set_class(edited, "-changed")
        for field in (self.next_out, self.next_in, self.peer_expects, self.peer_next):
            field.set_class(bool(field.problem), "-wrong")
        problem = self.problem
        self.query_one(".wrong", Label).update(f"✗ {problem}" if problem else "")
        self._generation += 1
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._start)
        self.post_message(self.Edited())

    # What it means.

    def _start(self) -> None:
        if self.reading is not None:
            self._foresee(self._generation, self.reading, self.typed)

    @work(thread=True, exclusive=True, group="outlook")
    def _foresee(self, generation: int, reading: StoreReading, typed: Typed) -> None:
        self.post_message(self.Foreseen(generation, outlook(reading, typed)))

    @on(Foreseen)
    def _foreseen(self, event: Foreseen) -> None:
        event.stop()
        if event.generation == self._generation:
            self.outlook = event.outlook
            self._say()
            self.post_message(self.Edited())
            if event.outlook.damage and self.reading is not None:
                self.post_message(self.FoundDamage(self.reading.stamp, event.outlook.damage))

    def _say(self) -> None:
        width = self.query_one(Said).scrollable_content_region.width
        if self.outlook is not None:
            self.query_one("#outlook", Static).update(wrapped(self.outlook.lines, width))
        self.query_one("#facts", Static).update(wrapped(self._facts, width))

    def on_resize(self) -> None:
        self.call_after_refresh(self._say)

    @property
    def is_working(self) -> bool:
        """Whether what is typed has not been worked out yet."""
        return self.outlook is None or self.outlook.typed != self.typed

    @property
    def has_proposal(self) -> bool:
        """Whether there are numbers to be put in."""
        found = self.outlook
        return found is not None and (found.next_out is not None or found.next_in is not None)

    def take_proposal(self) -> None:
        """Put the proposed numbers in."""
        found = self.outlook
        if found is None:
            return
        if found.next_out is not None:
            self.next_out.show(found.next_out)
        if found.next_in is not None:
            self.next_in.show(found.next_in)
        self._changed()
