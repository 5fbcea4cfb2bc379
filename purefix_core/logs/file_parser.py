"""Tag-level access to the messages of a log, for servers and scripts (spec: Server Parsing Scenarios)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from purefix_core.logs.export import row_to_json
from purefix_core.logs.index import Entry
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.wire.message import Field, FixMessage, as_text
from purefix_core.wire.timestamps import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from purefix_core.dictionary.definitions import Definitions
    from purefix_core.dictionary.spans import Span


@dataclass(frozen=True)
class TagLevelMessage:
    """One message as its place in the file and its tags. Fields and structure are worked out when asked for."""

    offset: int
    """Bytes from the start of the file."""
    length: int
    msg_type: str
    msg_seq_num: int | None
    sending_time: int | None
    """Nanoseconds since 1970-01-01 UTC."""
    sender_comp_id: str
    _message: FixMessage
    _definitions: Definitions

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every occurrence of every tag in order: (tag, start, end), positions of the value within the message."""
        return self._message.fields

    @cached_property
    def tags(self) -> Mapping[int, str]:
        """The value of the first occurrence of each tag."""
        message = self._message
        return MappingProxyType({tag: as_text(message.value(field)) for tag, field in message.first.items()})

    @cached_property
    def structure(self) -> Span:
        """The spans of header, body, trailer, components and groups, by the session's dictionary."""
        from purefix_core.dictionary.decode import decode
        from purefix_core.dictionary.spans import section_spans

        return section_spans(decode(self._message, self._definitions))


class FixFileParser:
    """Parses logs without knowing their dialect beforehand: each session's is chosen from the registry."""

    def __init__(self, dialects: Dialects | None = None) -> None:
        """`dialects`: the registry to choose from, else the packaged standard one."""
        self._dialects = dialects or Dialects.standard()

    def parse_file(
        self, source: str | Path | bytes, msg_type_filter: str | None = None, registration_name: str | None = None
    ) -> Iterator[TagLevelMessage]:
        """Each message in file order, read while the caller iterates.

        `source`: a path, or the contents themselves. `msg_type_filter`: a regular expression searched for in
        MsgType(35), such as `^8$`. `registration_name`: the dictionary to use instead of choosing one.
        Raises LogError if the file cannot be read, the registration is unknown or the expression is wrong.
        """
        try:
            wanted = re.compile(msg_type_filter) if msg_type_filter else None
        except (re.error, RecursionError, OverflowError) as error:
            raise LogError(f"MsgType filter '{str(msg_type_filter)[:80]}': {error}") from None
        with closing(LogFile.of(source, self._dialects, registration_name)) as log:
            for entry in log.entries_while_indexing():
                if wanted is None or wanted.search(entry.msg_type):
                    yield _tag_level(log, entry)

    def parse_message_to_json(
        self, source: str | Path | bytes, offset: int, registration_name: str | None = None
    ) -> str:
        """The message at byte `offset` (or around it) as JSON with field names, as `purefix show --json` prints it.

        Raises LogError if there is none.
        """
        with closing(LogFile.of(source, self._dialects, registration_name)) as log:
            log.index()
            return row_to_json(log, log.row_covering(offset))


def _tag_level(log: LogFile, entry: Entry) -> TagLevelMessage:
    message = log.message(entry.row)
    return TagLevelMessage(
        entry.offset,
        entry.length,
        entry.msg_type,
        entry.msg_seq_num,
        None if entry.sending_time == NO_TIME else entry.sending_time,
        entry.session.sender_comp_id,
        message,
        log.definitions_for(message, entry.session),
    )
