"""Writes rows of a log to a file: the bytes themselves, JSON Lines, or CSV."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import BinaryIO, Literal, get_args

from purefix_core.dictionary.json_text import json_text
from purefix_core.logs import csv_lines
from purefix_core.logs.blocks import raw_pieces
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.reading import Reader, Reading
from purefix_core.wire.secrets import mask_secrets

Format = Literal["raw", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

CSV_HEADER = csv_lines.HEADER

_STRETCH = 0.001
_BREATH = 0.000_05
"""So many seconds of work, and then a pause for other threads: a screen that waits for the interpreter 5 ms (Python's
own interval) at each of its many system calls takes 100 to 300 ms to answer a key; with these 6 ms. It costs a tenth
of the speed."""

_PROGRESS = 0.1
"""Seconds from one call of `on_progress` to the next."""


def export_rows(
    log: LogFile,
    rows: Iterable[int],
    form: Format,
    target: str | Path,
    *,
    show_secrets: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the messages of `rows` to the file `target` and return how many were written.

    raw: each message's bytes and a line feed. jsonl: a line for each as `purefix show --json` prints it. csv: a line
    for each under CSV_HEADER, whose columns keep their places: new ones come last. There `message` has `|` as
    separator, `direction` is in or out where the log marks it and else blank, and `clOrdId` is ClOrdID(11). Messages
    whose dictionary cannot be loaded are written without names. Credentials are masked unless `show_secrets`.
    The file appears whole or not at all; `cancelled` is asked about every millisecond, and then nothing is written.
    As often other threads may run. `on_progress` gets the number of messages done, ten times a second at most.
    Raises LogError if the target cannot be written, is the log itself, or if the log is cut meanwhile.
    """
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
            count = _write(_pieces(log, rows, form, show_secrets), out, cancelled, on_progress)
        if count is None:
            return 0
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


def _pieces(log: LogFile, rows: Iterable[int], form: Format, show_secrets: bool) -> Iterator[tuple[int, bytes]]:
    """What is to be written, piece by piece, and how many messages each holds."""
    if form == "raw":
        yield from raw_pieces(log, rows, show_secrets)
    elif form == "jsonl":
        reader = Reader(log)
        for row in rows:
            yield 1, _json(reader.read(row), show_secrets).encode() + b"\n"
    else:
        yield 0, csv_lines.csv_line(CSV_HEADER)
        for line in csv_lines.csv_lines(log, rows, show_secrets):
            yield 1, line


def _write(
    pieces: Iterator[tuple[int, bytes]],
    out: BinaryIO,
    cancelled: Callable[[], bool],
    on_progress: Callable[[int], None],
) -> int | None:
    """Write all pieces; how many messages they held, or None if `cancelled`."""
    count = 0
    began = told = perf_counter()
    for messages, piece in pieces:
        if cancelled():
            return None
        out.write(piece)
        count += messages
        now = perf_counter()
        if now - told >= _PROGRESS:
            on_progress(count)
            told = now
        if now - began > _STRETCH:
            sleep(_BREATH)
            began = perf_counter()
    return count


def raw_bytes(log: LogFile, row: int, show_secrets: bool = False) -> bytes:
    """The bytes of one message, credentials masked unless `show_secrets`."""
    return log.read(row) if show_secrets else mask_secrets(Reader(log).read(row).message)


def row_to_json(log: LogFile, row: int, *, show_secrets: bool = False, path: str | None = None) -> str:
    """One message as JSON on one line; its first key is "path" where one is given."""
    return _json(Reader(log).read(row), show_secrets, path)


def _json(reading: Reading, show_secrets: bool, path: str | None = None) -> str:
    from purefix_core.dictionary.message_json import message_to_dict

    entry = reading.entry
    values = message_to_dict(
        reading.decode(),
        offset=entry.offset,
        length=entry.length,
        dialect=reading.dialect,
        show_secrets=show_secrets,
    )
    return json_text(values if path is None else {"path": path, **values})
