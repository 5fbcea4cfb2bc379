"""The log files of a session, in the format of QuickFIX's: `*.messages.current.log` and `*.event.current.log`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.session.engine.log_files import LineFile, OpenFiles
from purefix_core.session.engine.log_names import log_prefix
from purefix_core.session.events import Event, Level, MessageReceived, MessageSent, Note, StateChanged
from purefix_core.session.status import NotLogged
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, printable
from purefix_core.wire.secrets import masked_for_logs
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig

MESSAGES = ".messages.current.log"
EVENTS = ".event.current.log"

_MOST_OF_A_MESSAGE = 500
"""Bytes of a message that is told instead of being written."""


def message_log_path(config: FixConfig) -> Path | None:
    """The file that a session's messages are written into; None where it has no FileLogPath."""
    return _log_path(config, MESSAGES)


def event_log_path(config: FixConfig) -> Path | None:
    """The same for its events."""
    return _log_path(config, EVENTS)


def _log_path(config: FixConfig, ending: str) -> Path | None:
    folder = config.settings.log_path
    return None if folder is None else folder / (log_prefix(config.settings.session_id) + ending)


class MessageLog:
    """Both files of one session. They are opened when something is first written."""

    def __init__(self, folder: Path, prefix: str, files: OpenFiles) -> None:
        self.messages = LineFile(folder / (prefix + MESSAGES), files)
        self.events = LineFile(folder / (prefix + EVENTS), files)

    @property
    def not_logged(self) -> NotLogged | None:
        """Why one of them is not written at present."""
        return self.messages.failing or self.events.failing

    def write(self, events: Sequence[Event]) -> Sequence[Event]:
        """Write all of them, each file at once. Secrets are masked, lengths and CheckSum put right.

        Gives what there is to tell: the events, and what is the matter with the files. A message that could not be
        written is also told as a Note, which the other file has, if that can be written.
        """
        messages = [_message_line(event) for event in events if isinstance(event, MessageReceived | MessageSent)]
        told = events
        if messages:
            kept, notes = self.messages.write(messages, events[0].time)
            if notes or kept < len(messages):
                told = [*notes, *_with_notes(events, kept)]
        lines = [_event_line(event) for event in told if isinstance(event, Note | StateChanged)]
        if lines:
            _, notes = self.events.write(lines, told[0].time)
            if notes:
                told = [*notes, *told]
        return told

    def close(self) -> None:
        """They are opened again when something is written."""
        self.messages.close()
        self.events.close()


def _with_notes(events: Iterable[Event], kept: int) -> Iterator[Event]:
    """The events, with a Note before each message that is not one of the first `kept`."""
    for event in events:
        if isinstance(event, MessageReceived | MessageSent):
            kept -= 1
            if kept < 0:
                yield _not_logged(event)
        yield event


def _not_logged(event: MessageReceived | MessageSent) -> Note:
    raw = masked_for_logs(event.raw)
    beginning = FixMessage.parse(raw[:_MOST_OF_A_MESSAGE])
    what = f"35={beginning.text(tags.MSG_TYPE)} 34={beginning.text(tags.MSG_SEQ_NUM)}"
    way = "→ sent" if isinstance(event, MessageSent) else "← received"
    text = raw[:_MOST_OF_A_MESSAGE].decode("utf-8", "replace").replace("\x01", "|")
    return Note(event.time, printable(f"{way}, not logged: {what}: {text}"))


def _message_line(event: MessageReceived | MessageSent) -> bytes:
    return b"%b : %b\n" % (_time_text(event.time), masked_for_logs(event.raw))


def _event_line(event: Note | StateChanged) -> bytes:
    return b"%b : %b\n" % (_time_text(event.time), _line(event).encode("utf-8", "replace"))


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
