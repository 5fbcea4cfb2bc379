"""The events of an engine for whoever wants to see them, as asynchronous iterators."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Self
from weakref import WeakSet

from purefix_core.session.events import Event, Level, Note
from purefix_core.session.settings import SessionId

SessionEvent = tuple[SessionId | None, Event]
"""An event and the session that it is of; None for what concerns the engine as a whole."""

MOST_WAITING = 10_000


class EventListener:
    """An asynchronous iterator of (SessionId, Event), of all that happens from when it was made until the engine stops.

    At most `most` events wait in it. Where more come than are fetched the oldest are dropped, and a Note in their place
    says how many. It costs nothing any more when it is closed or nobody has it.
    """

    def __init__(self, session_id: SessionId | None, most: int) -> None:
        self._session_id = session_id
        self._waiting: deque[SessionEvent] = deque(maxlen=most)
        self._lost = 0
        self._arrived = asyncio.Event()
        self._is_closed = False

    def add(self, session_id: SessionId | None, events: Iterable[Event]) -> None:
        if self._is_closed or (self._session_id is not None and session_id != self._session_id):
            return
        waiting = self._waiting
        for event in events:
            if len(waiting) == waiting.maxlen:
                self._lost += 1
            waiting.append((session_id, event))
        self._arrived.set()

    def close(self) -> None:
        """End the iteration once what waits is fetched."""
        self._is_closed = True
        self._arrived.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionEvent:
        while not self._waiting:
            if self._is_closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        if self._lost:
            lost, self._lost = self._lost, 0
            text = f"{lost:,} events were dropped here, since they were not fetched in time"
            return None, Note(time.time_ns(), text, Level.WARNING)
        return self._waiting.popleft()


class Listeners:
    """All listeners of an engine."""

    def __init__(self) -> None:
        self._listeners: WeakSet[EventListener] = WeakSet()

    def listen(self, session_id: SessionId | None, most: int) -> EventListener:
        listener = EventListener(session_id, most)
        self._listeners.add(listener)
        return listener

    def tell(self, session_id: SessionId | None, events: Iterable[Event]) -> None:
        if self._listeners:
            for listener in list(self._listeners):
                listener.add(session_id, events)

    def close(self) -> None:
        for listener in list(self._listeners):
            listener.close()
