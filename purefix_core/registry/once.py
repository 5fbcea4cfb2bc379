"""A value that is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Once(Generic[Value]):
    """Makes its value once, whatever the number of threads that ask; they wait for each other, but for nobody else.

    A value that could not be made is tried again by whoever asks next.
    """

    def __init__(self) -> None:
        self.value: Value | None = None
        """None until it was made. May be read without further ado."""
        self.failed: tuple[object] | None = None
        """What the value was to be made of when that failed the last time."""
        # A package that asks for its own types while it is imported gets an error, where a plain lock would never end.
        self._lock = RLock()

    def get(self, make: Callable[[], Value]) -> Value:
        found = self.value
        if found is None:
            with self._lock:
                found = self.value
                if found is None:
                    found = self.value = make()
        return found
