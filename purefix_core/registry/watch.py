"""Hot reload by itself: a thread that looks for changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import TIMEOUT_MAX, Event, Thread, current_thread
from types import TracebackType

from purefix_core.registry.registration import TypeRegistryError

_log = logging.getLogger(__name__)


class Watch:
    """Looks for changes again and again in a thread of its own, until it is stopped. A context manager, too."""

    def __init__(
        self,
        reload_changed: Callable[[], tuple[str, ...]],
        interval: float,
        on_change: Callable[[tuple[str, ...]], None] | None,
        on_problem: Callable[[TypeRegistryError], None] | None,
    ) -> None:
        if not 0 < interval <= TIMEOUT_MAX:
            raise ValueError(f"expected an interval above 0 seconds that a thread can wait, found {interval}")
        self._reload_changed = reload_changed
        self._interval = interval
        self._on_change = on_change
        self._on_problem = on_problem
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="purefix-registry-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking. When this returns, nothing is called any more; from a callback it returns at once."""
        self._stopped.set()
        if current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self._look()
            except Exception:  # of a callback: it must not end the watch
                _log.exception("a callback of the registry's watch failed")

    def _look(self) -> None:
        try:
            names = self._reload_changed()
        except TypeRegistryError as error:
            if self._on_problem is not None:
                self._on_problem(error)
            else:
                _log.warning("%s", error)
        else:
            if names and self._on_change is not None:
                self._on_change(names)
