"""Says what is waited for while something slow runs in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label
from textual.worker import get_current_worker

from purefix_core.store.progress import OnProgress
from purefix_core.store.records import StoreError
from purefix_tui.stores.keys import BUSY_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

Result = TypeVar("Result")

_UNSEEN = 0.1
"""Seconds: what takes no longer flashes nothing up."""


class Stopping(Enum):
    """What Esc does while something runs, as it is said at the foot."""

    AT_ONCE = "Esc stops it"
    """It only reads: nobody waits for its end."""
    CLEANLY = "Esc stops it, and nothing is left behind"
    """It makes something of its own, and is waited for until it has put that away."""
    NEVER = "This must not be stopped half-way"


class Stopped(Exception):
    """Raised where the function tells how far it is, after Esc."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What came of it: a result, or a problem, or neither where it was stopped."""

    result: Result | None = None
    error: Exception | None = None

    @property
    def problem(self) -> str:
        """What went wrong, in one line; empty where nothing did."""
        if isinstance(self.error, OSError) and self.error.filename:
            return f"{self.error.filename}: {self.error.strerror}"
        return "" if self.error is None else str(self.error)


class BusyDialog(Dialog[Outcome[Result]], Generic[Result]):
    """Dismissed with the Outcome. The function ends with Stopped the next time that it tells how far it is."""

    HELP = "What is being done, how far it is, and for how long. The foot says whether Esc stops it."

    BINDINGS: ClassVar[list[BindingType]] = BUSY_KEYS

    DEFAULT_CSS = """
    BusyDialog { align: center middle; }
    BusyDialog > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; background: $panel; }
    BusyDialog .title { text-style: bold; color: $primary; width: 100%; }
    BusyDialog .progress { width: 100%; height: 2; margin-top: 1; }
    BusyDialog .foot { color: $muted; }
    BusyDialog.-unseen { background: transparent; }
    BusyDialog.-unseen > Vertical { display: none; }
    """

    @dataclass
    class Ended(Message):
        """The thread has ended."""

        outcome: Outcome[object]

    @dataclass
    class Said(Message):
        """How far it is."""

        text: str

    def __init__(
        self, title: str, function: Callable[[OnProgress], Result], stopping: Stopping = Stopping.AT_ONCE
    ) -> None:
        super().__init__()
        self._heading = title
        self._function = function
        self._stopping = stopping
        self._text = ""
        self._since = time.monotonic()
        self.add_class("-unseen")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            yield Label("", classes="progress", markup=False)
            yield Label(self._stopping.value, classes="foot")

    def on_mount(self) -> None:
        self.set_interval(0.5, self._show)
        self.set_timer(_UNSEEN, lambda: self.remove_class("-unseen"))
        self._run()

    def _show(self) -> None:
        seconds = int(time.monotonic() - self._since)
        self.query_one(".progress", Label).update(f"{visible(self._text)}  {seconds} s".strip())

    @work(thread=True)
    def _run(self) -> None:
        worker = get_current_worker()

        def tell(text: str) -> None:
            if worker.is_cancelled:
                raise Stopped
            self.post_message(self.Said(text))

        try:
            outcome: Outcome[object] = Outcome(self._function(tell))
        except Stopped:
            outcome = Outcome()
        except (StoreError, ValueError, OSError) as error:
            outcome = Outcome(error=error)
        self.post_message(self.Ended(outcome))

    @on(Said)
    def _said(self, event: Said) -> None:
        event.stop()
        self._text = event.text
        self._show()

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        event.stop()
        self.dismiss(event.outcome)  # type: ignore[arg-type]  # the function's own result

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return self._stopping is not Stopping.NEVER or action != "stop"

    def action_stop(self) -> None:
        self.workers.cancel_node(self)
        if self._stopping is Stopping.AT_ONCE:
            self.dismiss(Outcome())
        else:
            self.query_one(".foot", Label).update("Stopping …")
