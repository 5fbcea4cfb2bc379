"""The rows of a log as the message table paints them. A message is read and summed up only when its row is painted."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass

from textual.cache import LRUCache

from purefix_core.analysis.summary import Kind, summarise
from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.logs.index import BODY_LENGTH_BAD, CHECK_SUM_BAD, TRUNCATED, Entry
from purefix_core.logs.log_file import LogError, LogFile

_PAINTED_ROWS = 512
_BROKEN_WORDS = ((BODY_LENGTH_BAD, "length"), (CHECK_SUM_BAD, "checksum"), (TRUNCATED, "cut off"))


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One painted message. `broken` names what is wrong with its bytes, in a word each."""

    entry: Entry
    outgoing: bool
    left: str
    right: str
    name: str
    text: str
    reference: str
    kind: Kind
    broken: str
    found: bool


class MessageRows:
    """Message rows by their number in the log; the last few hundred that were painted are kept."""

    def __init__(self, log: LogFile) -> None:
        self.log = log
        self._cache: LRUCache[int, MessageRow] = LRUCache(_PAINTED_ROWS)
        self._wanted = b""

    def forget(self) -> None:
        """Read all rows anew: what they were read from has changed."""
        self._cache.clear()

    def mark(self, text: bytes) -> None:
        """From now on mark the messages that hold `text`, in upper or lower case; empty marks none."""
        self._wanted = text.lower()
        self.forget()

    def message(self, number: int) -> MessageRow:
        """Raises IndexError if the log has no such row (any more)."""
        row = self._cache.get(number)
        if row is None:
            row = self._cache[number] = self._read(self.log.rows.entry(number))
        return row

    def _read(self, entry: Entry) -> MessageRow:
        log = self.log
        outgoing = log.is_outgoing(entry)
        side = log.side(entry.session)
        try:
            message = log.message(entry.row)
            definitions = log.definitions_for(message, entry.session)
        except (LogError, DictionaryError) as error:
            text = f"✗ cannot be read: {error}"
            return MessageRow(entry, outgoing, side.left, side.right, entry.msg_type, text, "", Kind.OTHER, "", False)
        summary = summarise(message, definitions, outgoing)
        return MessageRow(
            entry,
            outgoing,
            side.left,
            side.right,
            definitions.message_name(entry.msg_type) or entry.msg_type,
            summary.text,
            summary.reference,
            summary.kind,
            self._what_is_broken(entry),
            bool(self._wanted) and self._wanted in message.raw.lower(),
        )

    def _what_is_broken(self, entry: Entry) -> str:
        if entry.flags & TRUNCATED and entry.row >= self.log.settled_rows():
            return "unfinished"  # the end of the file, where the rest may still come
        return ", ".join(word for flag, word in _BROKEN_WORDS if entry.flags & flag)


class ShownRows:
    """Those rows of a log that a filter lets pass, in file order; all of them where `numbers` is None."""

    def __init__(self, messages: MessageRows, numbers: array[int] | None = None) -> None:
        self._messages = messages
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self._messages.log.rows) if self.numbers is None else len(self.numbers)

    def row(self, i: int) -> MessageRow:
        """Raises IndexError where the log was cut since."""
        return self._messages.message(self.number(i))

    def number(self, i: int) -> int:
        """The number in the log of the row that is shown at place `i`."""
        return i if self.numbers is None else self.numbers[i]

    def place(self, number: int) -> int:
        """Where the row with that number is shown, or the first one behind it."""
        return number if self.numbers is None else bisect_left(self.numbers, number)

    def holds(self, number: int) -> bool:
        """Whether the row with that number is shown."""
        place = self.place(number)
        return place < len(self) and self.number(place) == number
