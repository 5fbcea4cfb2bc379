"""Writes rows of a log to a file: the bytes themselves, JSON Lines, or CSV."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import Literal, get_args

from purefix_core.logs.index import INCOMING, OUTGOING
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.reading import Reader, Reading
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import MASK, mask_secrets, secret_fields
from purefix_core.wire.timestamps import NO_TIME, to_iso

Format = Literal["raw", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

CL_ORD_ID = 11

_STRETCH = 0.001
_BREATH = 0.000_05
"""So many seconds of work, and then a pause for other threads: a screen that waits for the interpreter 5 ms (Python's
own interval) at each of its many system calls takes 100 to 300 ms to answer a key; with these 6 ms. It costs a tenth
of the speed."""

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
    "direction",
    "clOrdId",
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
    for each under CSV_HEADER, whose columns keep their places: new ones come last. There `message` has `|` as
    separator, `direction` is in or out where the log marks it and else blank, and `clOrdId` is ClOrdID(11). Messages
    whose dictionary cannot be loaded are written without names. Credentials are masked unless `show_secrets`.
    The file appears whole or not at all; `cancelled` is asked before each message, and then nothing is written. Other
    threads may run every millisecond.
    Raises LogError if the target cannot be written, is the log itself, or if the log is cut meanwhile.
    """
    count = 0
    partial: Path | None = None
    try:
        target = Path(target).resolve()
        mode = None
        if target.exists():
            if not target.is_file():
                raise LogError(f"{target}: is not a regular file")
            if log.path.exists() and target.samefile(log.path):
                raise LogError(f"{target}: is the log itself; export to another file")
            mode = stat.S_IMODE(target.stat().st_mode)
        partial = target.with_name(f".{target.name[:200]}.{os.getpid()}.partial")
        with partial.open("xb") as out:
            if form == "csv":
                out.write(_csv_line(CSV_HEADER))
            reader, began = Reader(log), perf_counter()
            for row in rows:
                if cancelled():
                    return 0
                out.write(_row_bytes(reader, row, form, show_secrets))
                count += 1
                if perf_counter() - began > _STRETCH:
                    sleep(_BREATH)
                    began = perf_counter()
        if mode is not None:
            partial.chmod(mode)
        partial.replace(target)
    except IndexError:
        raise LogError(f"{log.path}: became shorter while it was exported; nothing was written") from None
    except (OSError, ValueError, RuntimeError) as error:  # the latter two: a NUL in the path, a loop of links
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise LogError(f"{target}: cannot be written: {reason.lower()}") from None
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
    return count


def _row_bytes(reader: Reader, row: int, form: Format, show_secrets: bool) -> bytes:
    if form == "raw":
        return _raw(reader.read(row), show_secrets) + b"\n"
    if form == "jsonl":
        return _json(reader.read(row), show_secrets).encode() + b"\n"
    return _csv_line(_csv_values(reader.read(row), show_secrets))


def raw_bytes(log: LogFile, row: int, show_secrets: bool = False) -> bytes:
    """The bytes of one message, credentials masked unless `show_secrets`."""
    return log.read(row) if show_secrets else _raw(Reader(log).read(row), False)


def row_to_json(log: LogFile, row: int, *, show_secrets: bool = False) -> str:
    """One message as JSON on one line."""
    return _json(Reader(log).read(row), show_secrets)


def _raw(reading: Reading, show_secrets: bool) -> bytes:
    return reading.message.raw if show_secrets else mask_secrets(reading.message)


def _json(reading: Reading, show_secrets: bool) -> str:
    from purefix_core.dictionary.message_json import message_to_json

    entry = reading.entry
    return message_to_json(
        reading.decode(),
        offset=entry.offset,
        length=entry.length,
        dialect=reading.dialect,
        show_secrets=show_secrets,
    )


def _csv_values(reading: Reading, show_secrets: bool) -> tuple[str, ...]:
    entry, message = reading.entry, reading.message
    order = message.first.get(CL_ORD_ID)
    is_hidden = not show_secrets and order in {message.fields[position] for position in secret_fields(message)}
    return (
        str(entry.offset),
        "" if entry.sending_time == NO_TIME else to_iso(entry.sending_time),
        *entry.session,
        "" if entry.msg_seq_num is None else str(entry.msg_seq_num),
        entry.msg_type,
        reading.message_name() or "",
        as_text(_raw(reading, show_secrets).replace(entry.separator.text, b"|")),
        "in" if entry.flags & INCOMING else "out" if entry.flags & OUTGOING else "",
        MASK.decode() if is_hidden else message.text(CL_ORD_ID),
    )


def _csv_line(values: Iterable[str]) -> bytes:
    """A line of CSV. A value that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = io.StringIO()
    csv.writer(text).writerow(f"'{value}" if value[:1] in ("=", "+", "-", "@") else value for value in values)
    return text.getvalue().encode()
