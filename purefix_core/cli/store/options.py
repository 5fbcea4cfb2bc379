"""What the commands for stores share: options, errors, and opening the store that DIR means."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from purefix_core.cli.options import UserError
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.located import LocatedStore, open_store
from purefix_core.store.progress import OnProgress, untold
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.wire.message import printable

Command = TypeVar("Command", bound=Callable[..., Any])

store_argument = click.argument("path", metavar="DIR")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Change nothing, only say what would be.")

LAST_NUMBER = click.IntRange(0, MAX_SEQ_NUM)
NEXT_NUMBER = click.IntRange(1, MAX_SEQ_NUM)

_RANGE = re.compile(r"([0-9]{1,10})(?:-([0-9]{1,10}))?")


def peer_options(command: Command) -> Command:
    """Adds --peer-expects and --peer-next."""
    command = click.option(
        "--peer-next", type=NEXT_NUMBER, metavar="N", help="The number that the counterparty will send next."
    )(command)
    return click.option(
        "--peer-expects", type=NEXT_NUMBER, metavar="N", help="The number that the counterparty expects from you next."
    )(command)


def range_options(command: Command) -> Command:
    """Adds --from and --to."""
    command = click.option("--to", "last", type=NEXT_NUMBER, metavar="N", help="The last MsgSeqNum.")(command)
    return click.option(
        "--from", "first", type=NEXT_NUMBER, default=1, metavar="N", help="The first MsgSeqNum. Default: 1."
    )(command)


def parse_range(text: str) -> tuple[int, int]:
    """`FROM` or `FROM-TO`. Raises UserError."""
    match = _RANGE.fullmatch(text.replace(",", ""))
    if match is not None:
        first, last = int(match[1]), int(match[2] or match[1])
        if 1 <= first <= last <= MAX_SEQ_NUM:
            return first, last
    raise UserError(f"{text}: expected MsgSeqNums as 120 or 120-134")


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what is wrong with a store into one line on stderr and exit code 2."""
    try:
        yield
    except StoreError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        if error.filename is None:  # of the output, which is not the store's fault
            raise
        raise UserError(f"{error.filename}: {(error.strerror or str(error)).lower()}") from None


@contextmanager
def progress_line() -> Iterator[OnProgress]:
    """Says how far slow work is where stderr is a terminal, in one line that is gone in the end.

    The cursor is left in front of it, so that whatever is printed meanwhile overwrites it.
    """
    if not sys.stderr.isatty():
        yield untold
        return

    def tell(text: str) -> None:
        sys.stderr.write(f"{text}\x1b[K\r")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        tell("")


@contextmanager
def opened(path: str, tell_notices: bool = True) -> Iterator[tuple[StoreLocation, LocatedStore]]:
    """The store that a path means, for reading. With `tell_notices` what is odd about it, and what turns out while it
    is read, is told on stderr."""
    with store_errors():
        location = locate(Path(path))
        with closing(open_store(location)) as store:
            told = len(store.notices)
            if tell_notices:
                tell(store.notices)
            yield location, store
            if tell_notices:
                tell(store.notices[told:])


def tell(lines: Iterable[str]) -> None:
    """Lines on stderr that are not the end of the command."""
    for line in lines:
        click.echo(f"purefix: {printable(line)}", err=True)
