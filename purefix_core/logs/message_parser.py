"""Parses the messages of one dialect, singly or a whole log of them, into typed messages (spec: Use Case 2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.types.factory import FixMessageFactory
from purefix_core.wire.separators import SOH, Separator


class MessageParser:
    """Gives instances of the dialect's message classes. May be used from any thread."""

    def __init__(self, messages: FixMessageFactory, dialects: Dialects, registration_name: str) -> None:
        self._messages = messages
        self._dialects = dialects
        self._name = registration_name

    def parse(self, raw: bytes, separator: Separator = SOH) -> Any:
        """One message, from `8=` to behind CheckSum. Raises ValueError where it has no MsgType(35)."""
        return self._messages.parse(raw, separator)

    def parse_file(self, source: str | Path | bytes) -> Iterator[Any]:
        """Each message of a log in file order, read while the caller iterates; they have the log's separator.

        `source`: a path, or the contents themselves. Raises LogError if the file cannot be read.
        """
        with closing(LogFile.of(source, self._dialects, self._name)) as log:
            for entry in log.entries_while_indexing():
                yield self.parse(log.source.read(entry.offset, entry.length), entry.separator)
