"""The filter bar: an expression with a live preview, and MsgType chips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Label

from purefix_core.logs.filter import FilterError
from purefix_tui.log.chips import Chips
from purefix_tui.log.conditions import FilterState

_PREVIEW_SECONDS = 0.15
_HINT = "filter: Side = Buy and 38 > 500 · Symbol ~ ^EUR · time >= 09:30 · flag:reject · “text”"


class _MarkError(Highlighter):
    """Marks the character that an error points at."""

    column: int | None = None

    def highlight(self, text: Text) -> None:
        if self.column is not None and len(text):
            at = min(self.column, len(text) - 1)
            text.stylize("bold red underline", at, at + 1)


class ExpressionInput(Input):
    """Takes the expression."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "keep",
            key_display="↵",
            id="filter.keep",
            tooltip="Keep the filter and go to the messages",
        ),
    ]

    FOOTER = ("filter.keep", "filter.restore", "app.explain")

    HELP = """\
Which messages to show. The table follows as you type; Enter keeps the filter, Esc restores the one before.
Enter does nothing as long as the filter is wrong. Times in a filter are UTC.

35=8 and 55=EURUSD        tags, or names: Symbol ~ ^EUR and Side = Buy
38 > 1000                 numbers and times compare: time >= 09:30
not MsgType in (0, 1)     and, or, not, parentheses
453                       the tag is there
sender = X · seq 100..200 · flag:checksum · flag:reject
"text"                    anywhere in the message"""


class FilterBar(Horizontal):
    """Shows and edits a FilterState; says with `Changed` what the user wants, and does no filtering itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "restore", "restore", id="filter.restore", tooltip="Back to the filter as it was before"),
    ]

    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        & > #prompt { width: 2; color: $primary; text-style: bold; }
        & > #expression { width: 2fr; }
        & > #chips { width: 3fr; margin-left: 2; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user wants another filter; it may be a preview only."""

        state: FilterState

    @dataclass
    class Entered(Message):
        """The user begins to change the filter."""

    @dataclass
    class Restored(Message):
        """The user wants everything back as it was when the bar was entered."""

        state: FilterState

    @dataclass
    class Left(Message):
        """The user is done with the bar."""

    def __init__(
        self, name_of: Callable[[str], str], check: Callable[[FilterState], FilterError | None], state: FilterState
    ) -> None:
        """`name_of`: the name of a MsgType. `check`: what is wrong with a state."""
        super().__init__()
        self.state = state
        self._check = check
        self._before: FilterState | None = None
        """What Esc goes back to: the state when the bar got the focus, or the one before it that was no error."""
        self._entered = False
        self._timer: Timer | None = None
        self._marker = _MarkError()
        self.expression = ExpressionInput(
            state.expression,
            placeholder=_HINT,
            id="expression",
            compact=True,
            highlighter=self._marker,
            select_on_focus=False,
        )
        self.expression.tooltip = "Which messages to show. Enter keeps the filter, Esc restores the one before."
        self.chips = Chips(name_of, id="chips")

    def compose(self) -> ComposeResult:
        yield Label("/", id="prompt")
        yield self.expression
        yield self.chips

    def show(self, state: FilterState) -> None:
        """Show another state, without telling anyone. It is no text that somebody is still at work on."""
        if self._timer is not None:
            self._timer.stop()
        self.state = state
        if not self._entered:
            self._before = None
        with self.prevent(Input.Changed):
            self.expression.value = state.expression
        self.chips.show_hidden(state.hidden)

    def mark(self, error: FilterError | None) -> None:
        """Mark the place that an error points at, or none."""
        self._marker.column = None if error is None else error.column
        self.expression.refresh()

    def on_descendant_focus(self) -> None:
        if not self._entered:
            self._entered = True
            if self._before is None:
                self._before = self.state if self._check(self.state) is None else FilterState()
            self.post_message(self.Entered())

    def on_descendant_blur(self) -> None:
        self.call_after_refresh(self._forget_before)

    def _forget_before(self) -> None:
        focused = self.screen.focused
        if focused is None or focused not in self.walk_children():
            self._entered = False
            self._typed()
            if self._check(self.state) is None:
                self._before = None

    def _want(self, state: FilterState) -> None:
        if self._timer is not None:
            self._timer.stop()
        if state != self.state:
            self.state = state
            self.post_message(self.Changed(state))

    @on(Input.Changed)
    def _preview(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PREVIEW_SECONDS, self._typed)

    def _typed(self) -> None:
        self._want(FilterState(self.expression.value, self.state.hidden))

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        event.stop()
        self._typed()
        if self._check(self.state) is None:  # else what is typed to mend it would be taken for commands
            self._before = None
            self.post_message(self.Left())

    @on(Chips.Changed)
    def _types_chosen(self, event: Chips.Changed) -> None:
        event.stop()
        self._want(FilterState(self.expression.value, event.hidden))

    def action_restore(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            self.show(before)
            self.post_message(self.Restored(before))
        self.post_message(self.Left())
