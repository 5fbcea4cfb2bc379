"""Following a log: a thread tells what happens to its file."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message

from purefix_core.logs.follow import follow
from purefix_core.logs.log_file import LogError, LogFile
from purefix_tui.log.messages import FileChanged

Post = Callable[[Message], bool]


class Follower:
    """Watches the file of a log from `start` to `stop`, and posts FileChanged.

    Not a worker: those share a few threads, and a follower keeps its own for as long as it follows.
    """

    def __init__(self, log: LogFile, post: Post, written: threading.Event | None = None) -> None:
        """`written` is set by who knows when the log is written to, so that the file need not be watched."""
        self._log = log
        self._written = written
        self._post = post
        self._generation = 0
        self._stop = threading.Event()

    def start(self) -> None:
        self.stop()
        self._stop = threading.Event()
        self._generation += 1
        arguments = (self._log, self._generation, self._stop, self._written, self._post)
        threading.Thread(target=_watch, args=arguments, name=f"follow {self._log.name}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        if self._written is not None:
            self._written.set()

    def is_current(self, generation: int) -> bool:
        """Whether a message comes from the thread that was started last."""
        return generation == self._generation


def _watch(log: LogFile, generation: int, stop: threading.Event, written: threading.Event | None, post: Post) -> None:
    try:
        for change in follow(log, stop, written):
            if stop.is_set():
                return
            post(FileChanged(generation, change))
    except (OSError, ValueError, LogError):
        if not stop.is_set():  # else the log was closed while its follower looked at it
            raise
