"""One opened store on screen: it is read in a worker, and again whenever its files change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import ContentSwitcher

from purefix_core.registry.dialects import Dialects
from purefix_core.store.finding import StoreLocation
from purefix_core.store.health import Health
from purefix_core.store.lock import lock_holder
from purefix_tui.log.log_view import LogView
from purefix_tui.stores.findings import Findings
from purefix_tui.stores.messages_view import MessagesView
from purefix_tui.stores.numbers_editor import NumbersEditor
from purefix_tui.stores.reading import Stamp, StoreReading, read, stamp_of
from purefix_tui.stores.store_header import StoreHeader
from purefix_tui.widgets.choice_line import ChoiceLine

NUMBERS, MESSAGES = VIEWS = ("numbers", "messages")

_LOOK_SECONDS = 1.0
"""How often the files are looked at: it costs a system call a file."""


class StoreView(Vertical):
    """Header, and below it the numbers or the messages."""

    DEFAULT_CSS = """
    StoreView { height: 1fr; }
    StoreView > ContentSwitcher { height: 1fr; }
    """

    @dataclass
    class Read(Message):
        """A worker has read the store."""

        generation: int
        reading: StoreReading
        was_changed: bool
        """Whether it was read because the files were seen to have changed."""

    @dataclass
    class StatusChanged(Message):
        """What the messages are read with, or whether they are followed, is something else."""

        dialect: str
        following: bool | None

    @dataclass
    class HealthChanged(Message):
        """The store was read: the list may say what it says."""

        health: Health

    def __init__(self, health: Health, dialects: Dialects | None) -> None:
        super().__init__()
        self.health = health
        self.location: StoreLocation = health.location
        self.reading: StoreReading | None = None
        """What was read last; None until then."""
        self.editor = NumbersEditor()
        self.messages = MessagesView(dialects)
        self._generation = 0
        self._is_reading = False
        self._findings = Findings()
        self._header = StoreHeader(VIEWS)

    def compose(self) -> ComposeResult:
        yield self._header
        self.editor.id, self.messages.id = VIEWS
        with ContentSwitcher(initial=NUMBERS):
            yield self.editor
            yield self.messages

    def on_mount(self) -> None:
        self._header.show(self.health)
        self.read_again()
        self.set_interval(_LOOK_SECONDS, self._look)

    def on_unmount(self) -> None:
        if self.reading is not None:
            self.reading.close()

    @property
    def is_working(self) -> bool:
        """Whether it is being read, or what it means is being worked out."""
        return self._is_reading or self.reading is None or self.editor.is_working

    # Reading.

    def read_again(self, was_changed: bool = False) -> None:
        self._generation += 1
        self._is_reading = True
        self._read(self._generation, was_changed)

    def read_anew(self) -> None:
        """Read everything again, the messages that are shown as well, whatever the files look like."""
        self.messages.forget()
        self.read_again()

    @work(thread=True, exclusive=True, group="read")
    def _read(self, generation: int, was_changed: bool) -> None:
        reading = read(self.location)
        if not self.post_message(self.Read(generation, reading, was_changed)):
            reading.close()

    @on(Read)
    def _was_read(self, event: Read) -> None:
        event.stop()
        if event.generation != self._generation:
            event.reading.close()
            return
        before, self.reading = self.reading, event.reading
        self._is_reading = False
        self._findings = self._findings.of(event.reading)
        self.editor.show(event.reading)
        self.messages.store_changed(event.reading)
        if before is not None:
            before.close()
        if event.was_changed and before is not None and self.editor.is_edited:
            text = "The files of this store have changed; what you typed still stands in the fields."
            self.notify(text, title="Changed", severity="warning")
        self._show_health()
        self.refresh_bindings()

    def found(self, stamp: Stamp, lines: Sequence[str]) -> None:
        """What is wrong inside the files, which `stamp` was read from, is known: let the head say it."""
        if self.reading is not None and stamp == self.reading.stamp:
            self._findings = Findings(stamp, tuple(lines))
            self._show_health()

    @on(NumbersEditor.FoundDamage)
    def _damage_found(self, event: NumbersEditor.FoundDamage) -> None:
        event.stop()
        if len(event.lines) > len(self._findings.lines):  # else a verify has found these too
            self.found(event.stamp, event.lines)

    def _show_health(self) -> None:
        if self.reading is not None:
            self.health = self._findings.told_in(self.reading.health)
            self._header.show(self.health)
            self.post_message(self.HealthChanged(self.health))

    def _look(self) -> None:
        """Whether a file has changed, or somebody began or ended to use the store."""
        reading = self.reading
        if reading is None or self._is_reading or not self.display:
            return
        if stamp_of(self.location) != reading.stamp or self._lock_changed(reading):
            self.read_again(was_changed=True)

    def _lock_changed(self, reading: StoreReading) -> bool:
        """For our own layout alone: to ask who has a file of QuickFIX open costs a system call for each open file."""
        return reading.is_ours and (lock_holder(self.location.path) is None) != (reading.health.holder is None)

    # Views.

    @property
    def view(self) -> str:
        """Which of the two is shown."""
        return self.query_one("StoreView > ContentSwitcher", ContentSwitcher).current or NUMBERS

    def show_view(self, view: str) -> None:
        self.query_one("StoreView > ContentSwitcher", ContentSwitcher).current = view
        self._header.show_view(view)
        if view == MESSAGES and self.reading is not None:
            self.messages.want(self.reading)
        self.focus_inside()
        self._tell()
        self.refresh_bindings()

    @on(ChoiceLine.Chosen, "#views")
    def _view_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        self.show_view(event.choice)

    def focus_inside(self) -> None:
        """Put the focus where the work is."""
        if self.view == MESSAGES:
            self.messages.focus_inside()
        else:
            self.editor.focus_inside()

    @on(LogView.StatusChanged)
    def _status_changed(self, event: LogView.StatusChanged) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        pane = self.messages.pane if self.view == MESSAGES else None
        dialect, following = ("", None) if pane is None else (pane.dialect, pane.following)
        self.post_message(self.StatusChanged(dialect, following))
