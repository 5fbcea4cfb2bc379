"""Lines of text, which are wrapped on a terminal and left whole everywhere else."""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

import click

from purefix_core.store.finding import StoreLocation
from purefix_core.wire.message import printable


class Line(NamedTuple):
    prefix: str
    """What a second line is indented by as many blanks as."""
    text: str
    is_command: bool = False
    """Never wrapped, so that it can be copied."""


BLANK = Line("", "")


def print_lines(lines: Iterable[Line]) -> None:
    """To standard output."""
    width = terminal_width()
    for line in lines:
        prefix, text = printable(line.prefix), printable(line.text)
        if width is None or line.is_command or len(prefix) + len(text) <= width:
            click.echo(f"{prefix}{text}".rstrip())
            continue
        click.echo(
            textwrap.fill(
                text,
                max(width, len(prefix) + 20),
                initial_indent=prefix,
                subsequent_indent=" " * len(prefix),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )


def terminal_width() -> int | None:
    """Columns; None where standard output is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def command(name: str, location: StoreLocation, *arguments: str) -> str:
    """`purefix store NAME DIR ARGUMENTS`, to be pasted into a shell."""
    path = str(location.path)
    if path.startswith("-"):
        path = f"./{path}"
    return shlex.join(["purefix", "store", name, path, *arguments])


def within(location: StoreLocation, text: str) -> str:
    """A text about a store without the path of its folder, which is told already."""
    for start in (f"{location.path}: ", f"{location.folder}/"):
        text = text.removeprefix(start)
    return text
