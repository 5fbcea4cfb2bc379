"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from purefix_core.wire.message import printable


def print_table(rows: Iterable[Sequence[str]], right: frozenset[int] | set[int] = frozenset()) -> None:
    """Columns as wide as they need to be; those in `right` are flush right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        click.echo("   ".join(padded).rstrip())
