"""The lines of the message table: which message or event stands at which place."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from purefix_tui.log.event_lines import EventLine, EventLines
from purefix_tui.log.row_source import MessageRow, MessageRows


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the table, wherever it stands at present: a message by its number in the log, or an event by its own
    number; then `number` is that of the message before which it stands."""

    number: int
    event: int | None = None

    @property
    def behind(self) -> int:
        """The number of the first message behind the spot."""
        return self.number + (self.event is None)


class ShownRows:
    """Those messages of a log that a filter lets pass, in file order; all of them where `numbers` is None. Between them
    the events.

    Lines are counted in places, from 0; messages are known by their numbers in the log. An event is shown once the
    filter has decided every message before it, so that no message ever comes to stand above a line that is shown.
    """

    def __init__(
        self, messages: MessageRows, events: EventLines, numbers: array[int] | None = None, decided: int = 0
    ) -> None:
        """`decided`: the filter has decided every message before that one."""
        self._messages = messages
        self._events = events
        self._numbers = numbers
        self._decided = decided

    @property
    def session_cells(self) -> int:
        """How many cells the names of a session may take."""
        return self._messages.session_cells

    @property
    def count(self) -> int:
        """How many messages are shown."""
        return len(self._messages.log.rows) if self._numbers is None else len(self._numbers)

    @property
    def _event_count(self) -> int:
        before = self._events.before
        return len(before) if self._numbers is None else bisect_right(before, self._decided)

    def __len__(self) -> int:
        return self.count + self._event_count

    def replace_from(self, start: int, numbers: array[int], decided: int) -> None:
        """Say anew which messages from the number `start` on pass the filter, of those before `decided`."""
        if self._numbers is not None:
            del self._numbers[self._index(start) :]
            self._numbers.extend(numbers)
            self._decided = decided

    # Places.

    def spot(self, place: int) -> Spot:
        """What stands at that place. Raises IndexError where there is none."""
        events = self._event_count
        at = bisect_left(range(events), place, key=self._event_place)
        if at < events and self._event_place(at) == place:
            return Spot(self._events.before[at], self._events.dropped + at)
        return Spot(self._number(place - at))

    def row(self, place: int) -> MessageRow | EventLine:
        """Raises IndexError where there is none, also where the log was cut since."""
        spot = self.spot(place)
        if spot.event is None:
            return self._messages.message(spot.number)
        return self._events.line(spot.event - self._events.dropped)

    def place_of(self, spot: Spot) -> int:
        """Where a spot is now; that of an event which is not shown: the first message behind it."""
        if spot.event is not None:
            at = spot.event - self._events.dropped
            if 0 <= at < self._event_count:
                return self._event_place(at)
        return self.place(spot.number)

    def place(self, number: int) -> int:
        """Where the message with that number is shown, or the first message behind it; as many as there are lines where
        there is none."""
        index = self._index(number)
        if index >= self.count:
            return len(self)
        return index + bisect_right(self._events.before, self._number(index), 0, self._event_count)

    def _event_place(self, at: int) -> int:
        return at + self._index(self._events.before[at])

    # Messages alone.

    def holds(self, number: int) -> bool:
        """Whether the message with that number is shown."""
        index = self._index(number)
        return index < self.count and self._number(index) == number

    def all_numbers(self) -> Sequence[int]:
        """The numbers of all messages that are shown now; they stay as they are while the log grows."""
        return range(self.count) if self._numbers is None else self._numbers[:]

    def _number(self, index: int) -> int:
        """The number of the message before which `index` others are shown."""
        if self._numbers is not None:
            return self._numbers[index]
        if index >= self.count:
            raise IndexError(index)
        return index

    def _index(self, number: int) -> int:
        """How many messages before that number are shown."""
        return min(number, self.count) if self._numbers is None else bisect_left(self._numbers, number)
