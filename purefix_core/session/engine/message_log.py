"""The log files of a session, in the format of QuickFIX's: `*.messages.current.log` and `*.event.current.log`."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.session.engine.log_names import log_prefix
from purefix_core.session.events import Event, Level, MessageReceived, MessageSent, Note, StateChanged
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import masked_for_logs
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig

MESSAGES = ".messages.current.log"
EVENTS = ".event.current.log"

_MOST_OPEN = 256
"""Files: with many sessions those that were not written to for longest are closed, and opened again when needed."""
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


def message_log_path(config: FixConfig) -> Path | None:
    """The file that a session's messages are written into; None where it has no FileLogPath."""
    return _log_path(config, MESSAGES)


def event_log_path(config: FixConfig) -> Path | None:
    """The same for its events."""
    return _log_path(config, EVENTS)


def _log_path(config: FixConfig, ending: str) -> Path | None:
    folder = config.settings.log_path
    return None if folder is None else folder / (log_prefix(config.settings.session_id) + ending)


class OpenFiles:
    """The descriptors of all log files of an engine."""

    def __init__(self, most: int = _MOST_OPEN) -> None:
        self._most = most
        self._descriptors: OrderedDict[Path, int] = OrderedDict()

    def append(self, path: Path, data: bytes) -> int:
        """How many bytes were written. Raises OSError."""
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = self._descriptors[path] = os.open(path, _FLAGS, 0o666)
            if len(self._descriptors) > self._most:
                os.close(self._descriptors.popitem(last=False)[1])
        else:
            self._descriptors.move_to_end(path)
        return os.write(descriptor, data)

    def close(self, path: Path) -> None:
        descriptor = self._descriptors.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)

    def close_all(self) -> None:
        for path in list(self._descriptors):
            self.close(path)


class MessageLog:
    """Both files of one session. They are opened when something is first written."""

    def __init__(self, folder: Path, prefix: str, files: OpenFiles, trouble: Callable[[str], None]) -> None:
        """`trouble` gets a line when a file can no longer be written, once, until it can be again."""
        self.messages = _LogFile(folder / (prefix + MESSAGES), files, trouble)
        self.events = _LogFile(folder / (prefix + EVENTS), files, trouble)

    def write(self, events: Iterable[Event]) -> None:
        """Write all of them, each file at once. Secrets of a Logon are masked, its lengths and CheckSum put right."""
        messages: list[bytes] = []
        lines: list[bytes] = []
        for event in events:
            if isinstance(event, MessageReceived | MessageSent):
                messages.append(b"%b : %b\n" % (_time_text(event.time), masked_for_logs(event.raw)))
            elif isinstance(event, Note | StateChanged):
                lines.append(b"%b : %b\n" % (_time_text(event.time), _line(event).encode("utf-8", "replace")))
        if messages:
            self.messages.write(b"".join(messages))
        if lines:
            self.events.write(b"".join(lines))

    def close(self) -> None:
        """They are opened again when something is written."""
        self.messages.close()
        self.events.close()


class _LogFile:
    def __init__(self, path: Path, files: OpenFiles, trouble: Callable[[str], None]) -> None:
        self._path = path
        self._files = files
        self._trouble = trouble
        self._lost = 0
        """Bytes, since the last write that went well."""
        self._is_torn = False

    def write(self, data: bytes) -> None:
        whole = b"\n" + data if self._is_torn else data
        try:
            written = self._files.append(self._path, whole)
            if written < len(whole):
                self._is_torn = not whole[:written].endswith(b"\n")
                raise OSError(0, "the disk took only a part of it")
        except OSError as error:
            self._files.close(self._path)  # it may have been moved, or its disk taken away
            if not self._lost:
                self._trouble(f"{self._path}: cannot be written: {error.strerror}; the session goes on without it")
            self._lost += len(data)
            return
        self._is_torn = False
        if self._lost:
            lost, self._lost = self._lost, 0
            self._trouble(f"{self._path}: is written again; {lost:,} bytes were lost")

    def close(self) -> None:
        self._files.close(self._path)


def _line(event: Note | StateChanged) -> str:
    if isinstance(event, StateChanged):
        return f"{event.old.value} -> {event.new.value}"
    text = printable(event.text)
    return text if event.level is Level.INFO else f"{event.level.value}: {text}"


_second = (0, b"")
"""The last second that was written, as text: to write one anew costs ten times the rest of a line."""


def _time_text(nanos: int) -> bytes:
    global _second
    second, fraction = divmod(nanos, NANOS)
    known, text = _second
    if second != known or not text:
        text = utc_timestamp_text(second * NANOS, 0).encode()
        _second = (second, text)
    return b"%b.%09d" % (text, fraction)
