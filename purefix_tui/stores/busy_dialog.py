"""Says what is waited for while something slow runs in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label
from textual.worker import get_current_worker

from purefix_core.store.records import StoreError
from purefix_tui.stores.keys import BUSY_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

Result = TypeVar("Result")

Say = Callable[[str], None]
"""Says how far it is."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What came of it: a result, or a problem, or neither where nobody waited."""

    result: Result | None = None
    problem: str = ""


class BusyDialog(Dialog[Outcome[Result]], Generic[Result]):
    """Dismissed with the Outcome. A function that does not ask whether it is cancelled goes on to its end when nobody
    waits any more; only what changes nothing may be left so."""

    BINDINGS: ClassVar[list[BindingType]] = BUSY_KEYS

    DEFAULT_CSS = """
    BusyDialog { align: center middle; }
    BusyDialog > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; background: $panel; }
    BusyDialog .title { text-style: bold; color: $primary; width: 100%; }
    BusyDialog .progress { width: 100%; height: 2; margin-top: 1; }
    BusyDialog .foot { color: $muted; }
    """

    @dataclass
    class Ended(Message):
        """The thread has ended."""

        outcome: Outcome[object]

    @dataclass
    class Said(Message):
        """How far it is."""

        text: str

    def __init__(self, title: str, function: Callable[[Say, Cancelled], Result], *, may_stop: bool = True) -> None:
        super().__init__()
        self._heading = title
        self._function = function
        self._may_stop = may_stop
        self._text = ""
        self._since = time.monotonic()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            yield Label("", classes="progress", markup=False)
            foot = "Esc does not wait for it" if self._may_stop else "This must not be stopped half-way"
            yield Label(foot, classes="foot")

    def on_mount(self) -> None:
        self.set_interval(0.5, self._show)
        self._run()

    def _show(self) -> None:
        seconds = int(time.monotonic() - self._since)
        self.query_one(".progress", Label).update(f"{visible(self._text)}  {seconds} s".strip())

    @work(thread=True)
    def _run(self) -> None:
        worker = get_current_worker()
        try:
            result = self._function(self._say, lambda: worker.is_cancelled)
            outcome: Outcome[object] = Outcome(result)
        except (StoreError, ValueError) as error:
            outcome = Outcome(problem=str(error))
        except OSError as error:
            outcome = Outcome(problem=f"{error.filename}: {error.strerror}" if error.filename else str(error))
        self.post_message(self.Ended(outcome))

    def _say(self, text: str) -> None:
        self.post_message(self.Said(text))

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
        return self._may_stop or action != "stop"

    def action_stop(self) -> None:
        self.workers.cancel_node(self)
        self.dismiss(Outcome())
