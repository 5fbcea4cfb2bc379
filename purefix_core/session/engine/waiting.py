"""How long an initiator waits between its attempts."""

from __future__ import annotations


class BackOff:
    """Seconds to the next attempt: the interval, which doubles with each that fails, up to a greatest one."""

    def __init__(self, interval: float, most: float) -> None:
        self._interval = interval
        self._most = max(interval, most)
        self._failures = 0

    def succeeded(self) -> None:
        """The session was logged on."""
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1

    @property
    def seconds(self) -> float:
        doubled = min(max(self._failures - 1, 0), 40)  # more doublings are beyond any greatest one
        return min(self._interval * 2.0**doubled, self._most)
