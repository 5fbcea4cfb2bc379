"""Messages as lines of CSV, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.blocks import may_hold_secret, read_blocks
from purefix_core.logs.filter.raw_message import Complications, RawMessage
from purefix_core.logs.index import INCOMING, OUTGOING, Entry, SessionKey
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.reading import Reader, Reading
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import MASK, mask_secrets, secret_fields
from purefix_core.wire.timestamps import NO_TIME, to_iso

HEADER = (
    "offset",
    "sendingTime",
    "beginString",
    "senderCompId",
    "targetCompId",
    "msgSeqNum",
    "msgType",
    "name",
    "message",
    "direction",
    "clOrdId",
)

CL_ORD_ID = 11
_ROWS = 64
_FORMULA = ("=", "+", "-", "@")


class _ReturnsText:
    """What a csv.writer returns of `writerow` is what its file returns of `write`."""

    def write(self, text: str) -> str:
        return text


_WRITER = csv.writer(_ReturnsText())


def csv_line(values: Iterable[str]) -> bytes:
    """A line of CSV. A value that a spreadsheet would run as a formula gets an apostrophe before it."""
    line: str = _WRITER.writerow([f"'{value}" if value[:1] in _FORMULA else value for value in values])
    return line.encode()


def csv_lines(log: LogFile, rows: Iterable[int], show_secrets: bool) -> Iterator[bytes]:
    """A line for each message; see `export_rows`. Raises IndexError if the log has no such row."""
    reader, plain = Reader(log), _PlainMessages(log)
    for block in read_blocks(log, rows, _ROWS):
        for row, raw in zip(block.rows, block.messages, strict=True):
            is_plain = show_secrets or not (block.may_hold_secret and may_hold_secret(raw))
            values = plain.values(log.rows.entry(row), raw) if is_plain else None
            yield csv_line(values or values_of(reader.read(row), show_secrets))


def values_of(reading: Reading, show_secrets: bool) -> tuple[str, ...]:
    """What stands under HEADER for any message."""
    entry, message = reading.entry, reading.message
    order = message.first.get(CL_ORD_ID)
    is_hidden = not show_secrets and order in {message.fields[position] for position in secret_fields(message)}
    raw = message.raw if show_secrets else mask_secrets(message)
    order_id = MASK.decode() if is_hidden else message.text(CL_ORD_ID)
    return _values(entry, raw, reading.message_name(), order_id)


class _PlainMessages:
    """Values of messages that need not be split into fields, which takes most of the time."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._definitions: dict[SessionKey, Definitions | None] = {}
        self._complications: dict[Definitions, Complications] = {}

    def values(self, entry: Entry, raw: bytes) -> tuple[str, ...] | None:
        """None for a message over FIXT, which may name its own dictionary, or without any dictionary."""
        if not raw.startswith(b"8=FIX."):
            return None
        definitions = self._definitions_of(entry.session)
        if definitions is None:
            return None
        message = RawMessage(raw, entry.separator, self._complications[definitions])
        order_ids = message.get_all(CL_ORD_ID)
        return _values(entry, raw, definitions.message_name(entry.msg_type), as_text(order_ids[0]) if order_ids else "")

    def _definitions_of(self, session: SessionKey) -> Definitions | None:
        if session not in self._definitions:
            try:
                definitions = self._log.dialect_of(session).definitions
            except LogError:
                self._definitions[session] = None
            else:
                self._definitions[session] = definitions
                self._complications.setdefault(definitions, Complications(definitions.data_tags))
        return self._definitions[session]


def _values(entry: Entry, raw: bytes, name: str | None, order_id: str) -> tuple[str, ...]:
    return (
        str(entry.offset),
        "" if entry.sending_time == NO_TIME else to_iso(entry.sending_time),
        *entry.session,
        "" if entry.msg_seq_num is None else str(entry.msg_seq_num),
        entry.msg_type,
        name or "",
        as_text(raw.replace(entry.separator.text, b"|")),
        "in" if entry.flags & INCOMING else "out" if entry.flags & OUTGOING else "",
        order_id,
    )
