"""Which messages of a log are shown: the filter that is wanted, the one that is in force, and how far it has come.

No widgets here. What leaves rows to be filtered returns a Pass; a worker runs it, and what it finds comes back with
`matched`, `refused` or `stop`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from purefix_core.logs.filter import Filter, FilterError
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.event_lines import EventLines
from purefix_tui.log.messages import FilterRefused, Matched
from purefix_tui.log.row_source import MessageRows
from purefix_tui.log.shown_rows import ShownRows, Spot


@dataclass(frozen=True, slots=True)
class Pass:
    """The rows from `start` on are to be filtered. `wanted` is a state as long as no filter was made of it."""

    generation: int
    wanted: FilterState | Filter
    start: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """The line that the cursor should stand on when the filter reaches it, or the next one that is shown."""

    spot: Spot
    line: int | None = None
    """The line of the screen that the cursor should stand on then; None: where it stands."""


END = Anchor(Spot(sys.maxsize))


class Filtering:
    """The rows that are shown, and the filter that they passed."""

    def __init__(self, messages: MessageRows, events: EventLines, wanted: FilterState) -> None:
        self.wanted = wanted
        self.rows = ShownRows(messages, events)
        """What is shown: another object when these are other rows, the same one when they are only more."""
        self.running = False
        self.stopped = False
        """Whether the filter was stopped, so that only a part of the messages is shown that pass it."""
        self.error: FilterError | None = None
        """What is wrong with the filter that is wanted."""
        self.anchor: Anchor | None = None
        self._messages = messages
        self._events = events
        self._generation = 0
        self._condition: Filter | None = None
        """What the rows shown have passed, which is not what is wanted as long as that has no result yet; None where
        all rows are shown."""
        self._passed = FilterState()
        """What that condition was made of."""
        self._decided = 0
        """Every row before this one has passed the condition or not."""
        self._doubtful: int | None = None
        """The rows from this one on have changed while a pass ran that may have read what is no longer there."""
        self._caught_up = False
        """Whether the filter has come to the end of the index once, and only follows it since."""

    @property
    def in_force(self) -> bool:
        """Whether the rows shown are those that passed a filter."""
        return self._condition is not None

    @property
    def passed(self) -> FilterState:
        """What the rows shown have passed; often what is wanted."""
        return self._passed

    @property
    def searched(self) -> float:
        """How much of the rows indexed the filter that is wanted has decided, 0 to 1."""
        return self._decided / self._indexed if self.begun and self._indexed else 0.0

    @property
    def begun(self) -> bool:
        """Whether the rows shown are what the filter that is wanted has found."""
        return self.in_force and self.wanted == self._passed

    def is_current(self, generation: int) -> bool:
        """Whether what a worker says still matters."""
        return generation == self._generation

    def is_awaited(self, indexing: bool) -> bool:
        """Whether the user waits for the filter; one that only keeps pace with the index is no wait of its own."""
        return self.running and not (self._caught_up and indexing)

    # What the user does.

    def start(self, state: FilterState, current: Spot | None, anchor: Anchor | None = None) -> Pass | None:
        """Want another filter. None if it lets everything pass: all rows are shown then. The cursor goes to `anchor`,
        else to where it was to go already, else to the line `current`, which it stands on."""
        self.wanted = state
        if anchor is not None:
            self.anchor = anchor
        elif self.anchor is None and current is not None:
            self.anchor = Anchor(current)
        self._generation += 1
        self.stopped = self._caught_up = False
        self._doubtful = None
        self.running = bool(state.expression.strip() or state.hidden)
        if self.running:
            return Pass(self._generation, state, 0)
        self.error = None
        self._show_all(state)
        return None

    def stop(self) -> bool:
        """Keep what was found so far (True), or if that is not shown yet, what was shown before it (False)."""
        self._generation += 1
        self.running = False
        self._undecide()
        self.error = self.anchor = None
        found_some = self.wanted == self._passed
        self.wanted = self._passed
        self.stopped = self.in_force and self._decided < self._indexed
        return found_some

    def resume(self) -> Pass | None:
        """Go on with a filter that was stopped."""
        self.stopped = False
        return self._go_on(self._decided)

    # What the worker says.

    def matched(self, event: Matched) -> None:
        """Show what was found. Then `catch_up` says what is still to be done."""
        if event.first or not self.in_force:
            self._condition, self._passed = event.condition, self.wanted
            self.rows = ShownRows(self._messages, self._events, event.rows, event.scanned_to)
            self.error = None
        else:
            self.rows.replace_from(self._decided, event.rows, event.scanned_to)
        self._decided = event.scanned_to
        self.running = not event.done
        if event.done:
            self._undecide()
        self._caught_up = self._caught_up or event.done

    def refused(self, event: FilterRefused) -> None:
        """What is wanted is no filter: keep what is shown. The filter in force may have to `catch_up`."""
        self.error = event.error
        self.running = False
        self._undecide()
        self.anchor = None

    def arrive(self) -> Anchor | None:
        """Where the cursor has to go now, once: when the rows shown reach the anchor, or no more of them will come."""
        anchor = self.anchor
        if anchor is None or (self.running and self.rows.place_of(anchor.spot) >= len(self.rows)):
            return None
        self.anchor = None
        return anchor

    # What the index does.

    @property
    def _indexed(self) -> int:
        return len(self._messages.log.rows)

    def catch_up(self) -> Pass | None:
        """Filter the rows that were indexed behind those that are decided, if there are any and nothing runs."""
        if self.running or self.stopped or self._decided >= self._indexed:
            return None
        return self._go_on(self._decided)

    def replaced(self, first: int, current: Spot | None) -> Pass | None:
        """The rows from `first` on are others than before. Of a log that is another one all rows are shown until the
        filter has a result. A pass that runs goes on: to begin anew with each message would not end."""
        if not self.in_force and not self.running:
            return None
        if first == 0:
            if self.in_force:
                self._show_all(FilterState())
                current = Spot(0) if self._indexed else None
            return self.start(self.wanted, current)
        if self.running:
            self._doubtful = first if self._doubtful is None else min(first, self._doubtful)
            return None
        return self._go_on(min(first, self._decided))

    def _undecide(self) -> None:
        """No pass runs any more: the rows that changed meanwhile are to be filtered again."""
        if self._doubtful is not None:
            self._decided, self._doubtful = min(self._decided, self._doubtful), None

    def _show_all(self, state: FilterState) -> None:
        self._condition, self._passed = None, state
        self.rows = ShownRows(self._messages, self._events)

    def _go_on(self, start: int) -> Pass | None:
        """Filter the rows from `start` on too; what was found there before is shown until there is something new."""
        if self._condition is None or self.stopped:
            return None
        self._decided = start
        self.running = True
        return Pass(self._generation, self._condition, start)
