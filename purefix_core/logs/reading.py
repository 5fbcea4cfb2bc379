"""Reads messages for people, also where no dictionary can be loaded: then without names, and with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.logs.index import Entry, SessionKey
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.source import Source
from purefix_core.wire.message import FixMessage

if TYPE_CHECKING:  # decoding costs imports that raw bytes do not need
    from purefix_core.dictionary.decode import DecodedMessage
    from purefix_core.dictionary.definitions import Definitions


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, and what it is to be read with."""

    entry: Entry
    message: FixMessage
    definitions: Definitions | None
    dialect: str | None
    """The name of the registration."""
    problem: str
    """Which dictionary cannot be loaded and why; empty where there are definitions."""

    def decode(self) -> DecodedMessage:
        """The tree of the message; without a dictionary its bare fields."""
        if self.definitions is None:
            from purefix_core.dictionary.undecoded import undecoded

            return undecoded(self.message, self.problem)
        from purefix_core.dictionary.decode import decode

        return decode(self.message, self.definitions)

    def message_name(self) -> str | None:
        return None if self.definitions is None else self.definitions.message_name(self.entry.msg_type)


class Reader:
    """Reads the messages of one log. May be called from any thread.

    A session whose dictionary fails is not tried again: to find out may take a while, and a screen asks for every row.
    """

    def __init__(self, log: LogFile, around: int = 0) -> None:
        """`around`: how many bytes before and behind a message to keep, for a screen that asks for its neighbours next.
        While other threads run Python, each time that something is read from the file may cost some milliseconds."""
        self.log = log
        self._around = around
        self._block: tuple[Source, int, bytes] = log.source, 0, b""
        """What was read last, and its offset."""
        self._problems: dict[SessionKey, str] = {}

    def forget(self) -> None:
        """Read the file anew, and try every dictionary again."""
        self._problems.clear()
        self._block = self.log.source, 0, b""

    def _bytes(self, entry: Entry) -> bytes:
        source = self.log.source
        if entry.length > self._around:
            return source.read(entry.offset, entry.length)
        of, begin, data = self._block
        if of is not source or not begin <= entry.offset <= begin + len(data) - entry.length:
            begin = max(0, entry.offset - self._around)
            data = source.read(begin, entry.offset + self._around - begin)
            self._block = source, begin, data
        return data[entry.offset - begin : entry.offset - begin + entry.length]

    def read(self, row: int) -> Reading:
        """Raises IndexError if the log has no such row, and OSError if it cannot be read."""
        log = self.log
        entry = log.rows.entry(row)
        session = entry.session
        if session not in self._problems:
            try:
                message = log.message(row, self._bytes(entry))
                definitions = log.definitions_for(message, session)
                return Reading(entry, message, definitions, log.dialect_of(session).name, "")
            except (LogError, DictionaryError) as error:
                self._problems[session] = str(error)
        return Reading(
            entry, FixMessage.parse(self._bytes(entry), entry.separator), None, None, self._problems[session]
        )
