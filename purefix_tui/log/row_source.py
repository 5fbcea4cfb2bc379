"""The rows of a log as the message table paints them. A message is read and summed up only when its row is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.cache import LRUCache

from purefix_core.analysis.summary import Kind, summarise
from purefix_core.analysis.summary.model import MAX_TEXT
from purefix_core.logs.index import BODY_LENGTH_BAD, CHECK_SUM_BAD, TRUNCATED, Entry, LogIndex
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.reading import Reader
from purefix_core.logs.sides import Side
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, as_text
from purefix_core.wire.secrets import MASK, secret_fields
from purefix_tui.widgets.plain import visible

_PAINTED_ROWS = 512
_READ_AROUND = 32_768
"""Bytes: the messages of a screen or more."""
_MEASURED_SESSIONS = 200
_RAW_FIELDS = 40
"""So many fields fill any line."""
_IN_OTHER_COLUMNS = frozenset(
    {tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE, tags.MSG_SEQ_NUM, tags.CHECK_SUM}
    | {tags.SENDER_COMP_ID, tags.TARGET_COMP_ID, tags.SENDING_TIME}
)
_BROKEN_WORDS = ((BODY_LENGTH_BAD, "length"), (CHECK_SUM_BAD, "checksum"), (TRUNCATED, "cut off"))


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One painted message. `broken` names what is wrong with its bytes, in a word each; `remark`: what whoever shows
    the log says of it."""

    entry: Entry
    side: Side
    name: str
    text: str
    reference: str
    kind: Kind
    broken: str
    remark: str
    found: bool


Remark = Callable[[Entry], str]
"""A few words to be shown with a message: `gap-filled`; empty for none. Called in the app's thread for painted rows."""


def no_remark(_: Entry) -> str:
    return ""


class MessageRows:
    """Message rows by their number in the log; the last few hundred that were painted are kept."""

    def __init__(self, log: LogFile, remark: Remark = no_remark) -> None:
        self.log = log
        self._remark = remark
        self.reader = Reader(log, _READ_AROUND)
        self._cache: LRUCache[int, MessageRow] = LRUCache(_PAINTED_ROWS)
        self._wanted = b""
        self._measured: tuple[LogIndex, int] | None = None
        self._session_cells = 0

    @property
    def session_cells(self) -> int:
        """How many cells the longest of the first sessions takes, as `LEFT–RIGHT`. It only grows: columns that move
        back and forth are hard to read."""
        rows = self.log.rows
        asked = self._measured[1] if self._measured is not None and self._measured[0] is rows else 0
        for session in rows.sessions[1 + asked : 1 + _MEASURED_SESSIONS]:  # that of code 0 is none
            asked += 1
            cells = cell_len(visible(session.sender_comp_id)) + 1 + cell_len(visible(session.target_comp_id))
            self._session_cells = max(self._session_cells, cells)
        self._measured = rows, asked
        return self._session_cells

    def forget(self, first: int = 0) -> None:
        """Read the rows from `first` on anew: what they were read from has changed."""
        if first:
            for number in [number for number in self._cache.keys() if number >= first]:  # noqa: SIM118 (no mapping)
                self._cache.discard(number)
        else:
            self._cache.clear()
            self.reader.forget()

    def mark(self, text: bytes) -> None:
        """From now on mark the messages that hold `text`, in upper or lower case; empty marks none."""
        self._wanted = text.lower()
        self._cache.clear()

    def message(self, number: int) -> MessageRow:
        """Raises IndexError if the log has no such row (any more)."""
        row = self._cache.get(number)
        if row is None:
            row = self._cache[number] = self._read(number)
        return row

    def _read(self, number: int) -> MessageRow:
        log = self.log
        entry = log.rows.entry(number)
        side = log.side_of(entry)
        try:
            reading = self.reader.read(number)
        except (LogError, OSError) as error:
            text = f"✗ cannot be read: {error}"
            return MessageRow(entry, side, entry.msg_type, text, "", Kind.OTHER, "", self._remark(entry), False)
        message = reading.message
        summary = summarise(message, reading.definitions, side.sent)
        return MessageRow(
            entry,
            side,
            reading.message_name() or entry.msg_type,
            _raw_fields(message) if reading.definitions is None else summary.text,
            summary.reference,
            summary.kind,
            self._what_is_broken(entry),
            self._remark(entry),
            bool(self._wanted) and self._wanted in message.raw.lower(),
        )

    def _what_is_broken(self, entry: Entry) -> str:
        if entry.flags & TRUNCATED and entry.row >= self.log.settled_rows():
            return "unfinished"  # the end of the file, where the rest may still come
        return ", ".join(word for flag, word in _BROKEN_WORDS if entry.flags & flag)


def _raw_fields(message: FixMessage) -> str:
    """`11=ORD1│55=EURUSD│…`: what stands for a sentence where there is no dictionary."""
    hidden = secret_fields(message)
    shown: list[str] = []
    for position, field in enumerate(message.fields):
        if field.tag in _IN_OTHER_COLUMNS:
            continue
        if len(shown) == _RAW_FIELDS:
            break
        value = MASK.decode() if position in hidden else visible(as_text(message.value(field)[:MAX_TEXT]))
        shown.append(f"{field.tag}={value}" if field.tag else value)
    return "│".join(shown)[:MAX_TEXT]
