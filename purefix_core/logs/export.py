"""Writes rows of a log to a file: the bytes themselves, JSON Lines, or CSV."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import mask_secrets
from purefix_core.wire.timestamps import NO_TIME, to_iso

Format = Literal["raw", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

CSV_HEADER = (
    "offset",
    "sendingTime",
    "beginString",
    "senderCompId",
    "targetCompId",
    "msgSeqNum",
    "msgType",
    "name",
    "message",
)


def export_rows(
    log: LogFile,
    rows: Iterable[int],
    form: Format,
    target: str | Path,
    *,
    show_secrets: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write the messages of `rows` to the file `target` and return how many were written.

    raw: each message's bytes and a line feed. jsonl: a line for each as `purefix show --json` prints it. csv: a line
    for each under CSV_HEADER, the message with `|` as separator. Credentials are masked unless `show_secrets`.
    The file appears whole or not at all; `cancelled` is asked before each message, and then nothing is written.
    Raises LogError if the target cannot be written.
    """
    target = Path(target)
    count = 0
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in _chunks(log, rows, form, show_secrets):
                    if cancelled():
                        raise InterruptedError
                    out.write(chunk)
                    count += 1
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except InterruptedError:
        return 0
    except OSError as error:
        raise LogError(f"{target}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    return count


def _chunks(log: LogFile, rows: Iterable[int], form: Format, show_secrets: bool) -> Iterator[bytes]:
    """One chunk for each row; the CSV header goes with the first."""
    for number, row in enumerate(rows):
        if form == "raw":
            yield raw_bytes(log, row, show_secrets) + b"\n"
        elif form == "jsonl":
            yield row_to_json(log, row, show_secrets=show_secrets).encode() + b"\n"
        else:
            yield (_csv_line(CSV_HEADER) if number == 0 else b"") + _csv_line(_csv_values(log, row, show_secrets))


def raw_bytes(log: LogFile, row: int, show_secrets: bool = False) -> bytes:
    """The bytes of one message, credentials masked unless `show_secrets`."""
    return log.read(row) if show_secrets else mask_secrets(log.message(row))


def row_to_json(log: LogFile, row: int, *, show_secrets: bool = False) -> str:
    """One message as JSON on one line."""
    from purefix_core.dictionary.message_json import message_to_json

    entry = log.rows.entry(row)
    dialect = log.dialect_of(entry.session).name
    return message_to_json(
        log.decode(row), offset=entry.offset, length=entry.length, dialect=dialect, show_secrets=show_secrets
    )


def _csv_values(log: LogFile, row: int, show_secrets: bool) -> tuple[str, ...]:
    entry = log.rows.entry(row)
    raw = raw_bytes(log, row, show_secrets)
    name = log.dialect_of(entry.session).definitions.message_name(entry.msg_type)
    return (
        str(entry.offset),
        "" if entry.sending_time == NO_TIME else to_iso(entry.sending_time),
        *entry.session,
        "" if entry.msg_seq_num is None else str(entry.msg_seq_num),
        entry.msg_type,
        name or "",
        as_text(raw.replace(entry.separator.text, b"|")),
    )


def _csv_line(values: Iterable[str]) -> bytes:
    """A line of CSV. A value that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = io.StringIO()
    csv.writer(text).writerow(f"'{value}" if value[:1] in ("=", "+", "-", "@") else value for value in values)
    return text.getvalue().encode()
