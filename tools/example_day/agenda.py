"""What happens when: scripts take turns on one clock, so that the log comes out in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Protocol

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

Script = Iterator[int]
"""A generator that does something, then yields how many milliseconds pass before it goes on."""


def clock(text: str) -> int:
    """`HH:MM` or `HH:MM:SS` as milliseconds since midnight."""
    hours, minutes, seconds = (text + ":00").split(":")[:3]
    return int(hours) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND


class Line(Protocol):
    """What scripts may have to wait for: a connection."""

    up: bool


class Agenda:
    """Runs scripts by turns, the earliest first. `now` is the time, in milliseconds since midnight UTC."""

    def __init__(self) -> None:
        self.now = 0
        self._waiting: list[tuple[int, int, Script, Line | None]] = []
        self._started = 0

    def start(self, at: int, script: Script, needs: Line | None = None) -> None:
        """Run `script` from time `at` on, but never while the connection that it `needs` is down."""
        self._started += 1
        heapq.heappush(self._waiting, (at, self._started, script, needs))

    def run(self, until: int) -> None:
        """Run all scripts, leaving undone what is due after `until`."""
        while self._waiting and self._waiting[0][0] <= until:
            at, number, script, needs = heapq.heappop(self._waiting)
            if needs is not None and not needs.up:
                heapq.heappush(self._waiting, (at + SECOND, number, script, needs))
                continue
            self.now = at
            pause = next(script, None)
            if pause is not None:
                heapq.heappush(self._waiting, (at + pause, number, script, needs))
