"""Keys are dealt with one after the other, however fast they come.

Textual gives each key to what has the focus as it comes, and a text field takes letters at once; but what Backspace,
Tab and Enter do is found out only when the key has come back up to the app. `Tab 4 2`, typed fast or delivered at once
by a slow line, put 42 into the field before, and `Backspace 1 3 5` became 13. Here the next key waits until the one
before it is through, which takes less than a millisecond.
"""

from __future__ import annotations

from collections import deque
from functools import partial

from textual import events, on
from textual.app import App
from textual.message import Message

_PATIENCE = 0.3
"""Seconds that a key waits for one that never comes back: the widget that had it was taken away."""


class KeyIsThrough(Message):
    """Goes the way of a key behind it: from what has the focus up to the app."""


class KeysInOrder(App[None]):
    """An app that does so. Pasted text is in the same row."""

    def __init__(self) -> None:
        super().__init__()
        self._row: deque[events.Key | events.Paste] = deque()
        self._awaited: KeyIsThrough | None = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._row.append(event)
        if self._awaited is None:
            await self._deal_with_keys()
        elif len(self._row) == 1:
            self._be_patient()

    async def _deal_with_keys(self) -> None:
        while self._row and self._awaited is None and self.screen_stack:  # no screen is left where the app ends
            event = self._row.popleft()
            await super().on_event(event)
            if event.is_forwarded:
                through = KeyIsThrough()
                if (self.focused or self.screen).post_message(through):
                    self._awaited = through
                    if self._row:
                        self._be_patient()

    def _be_patient(self) -> None:
        if self._awaited is not None:
            self.set_timer(_PATIENCE, partial(self._through, self._awaited))

    @on(KeyIsThrough)
    async def _through(self, event: KeyIsThrough) -> None:
        if event is self._awaited:
            self._awaited = None
            await self._deal_with_keys()
