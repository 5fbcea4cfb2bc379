"""`purefix store export`: the messages of a store as a log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from purefix_core.cli.options import UserError
from purefix_core.cli.store.options import json_option, opened, range_options, store_argument, tell
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.finding import StoreLocation
from purefix_core.store.kept import kept_messages
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import is_nanos, utc_timestamp_text

_TIME_DIGITS = 6


@click.command("export")
@store_argument
@click.option("-o", "--output", metavar="FILE", help="The file to write. Default: standard output.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@range_options
@json_option
@click.pass_context
def export_command(
    ctx: click.Context, path: str, output: str | None, force: bool, first: int, last: int | None, as_json: bool
) -> None:
    """Write the messages as a log that purefix opens.

    A line each with the time in front. Damaged messages are left out, which is told, as are messages above the last
    number sent, which are written. --json says what was written instead of one line of text.

    Exit code 1 where there is no message to write; no file is made then.
    """
    if as_json and output is None:
        raise UserError("--json needs --output, since the messages go to standard output")
    with opened(path) as (location, store):
        lines = _Lines(store, first, MAX_SEQ_NUM if last is None else last)
        if output is None:
            for line in lines:
                sys.stdout.buffer.write(line)
        else:
            _write(lines, Path(output), force, location)
    if lines.damaged:
        were = "message was" if lines.damaged == 1 else "messages were"
        tell([f"{lines.damaged:,} damaged {were} left out"])
    if lines.above:
        stand = "message stands" if lines.above == 1 else "messages stand"
        tell([f"{lines.above:,} exported {stand} above the last number sent, {lines.last_sent}"])
    if not lines.count:
        tell([f"{location.path}: there is no message to write{'' if output is None else '; no file was made'}"])
    if as_json:
        counts = {"messages": lines.count, "damaged": lines.damaged, "aboveLastSent": lines.above}
        click.echo(json_text({"path": output if lines.count else None, **counts}))
    elif output is not None and lines.count:
        click.echo(printable(f"{output}: {lines.count:,} message{'' if lines.count == 1 else 's'}"))
    ctx.exit(0 if lines.count else 1)


class _Lines:
    """The lines of the log, which count themselves."""

    def __init__(self, store: FixMsgStore, first: int, last: int) -> None:
        self._kept = kept_messages(store, first, last)
        self.last_sent = store.get_last_sent_seq_num()
        self.count = self.damaged = self.above = 0

    def __iter__(self) -> Iterator[bytes]:
        for kept in self._kept:
            if kept.record is None:
                self.damaged += 1
                continue
            self.count += 1
            self.above += kept.seq_num > self.last_sent
            time = kept.record.timestamp
            prefix = f"{utc_timestamp_text(time, _TIME_DIGITS)} " if is_nanos(time) else ""
            yield f"{prefix}OUT ".encode() + kept.record.encoded + b"\n"


def _write(lines: Iterable[bytes], target: Path, force: bool, location: StoreLocation) -> None:
    """The file appears whole or not at all. Raises UserError, and OSError."""
    if target.exists():
        if not force:
            raise UserError(f"{target}: is there already; --force replaces it")
        if not target.is_file():
            raise UserError(f"{target}: is not a regular file")
        if target.resolve().parent == location.folder.resolve():
            raise UserError(f"{target}: lies in the folder of the store, where nothing is replaced")
    lines = iter(lines)
    first = next(lines, None)
    if first is None:
        return
    partial = target.with_name(f".{target.name[:200]}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as out:
            out.write(first)
            out.writelines(lines)
        if force:
            partial.replace(target)
        else:
            _rename_to_free(partial, target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _rename_to_free(partial: Path, target: Path) -> None:
    """Rename, unless something of that name came up meanwhile."""
    with target.open("xb"):
        partial.replace(target)
