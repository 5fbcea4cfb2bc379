"""The table of stores: session, both numbers, messages, size, when something was received last, and health."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from purefix_core.store.health import Health
from purefix_core.store.located import LAYOUT_TITLES
from purefix_tui.stores.keys import LIST_FOOTER
from purefix_tui.stores.words import MARK_OF, moment, number
from purefix_tui.widgets.line_table import LineTable, Piece, left, right
from purefix_tui.widgets.plain import human_size, visible

_LONG_TIME = 18
"""Cells of `16:30:45 yesterday`."""


@dataclass(slots=True)
class StoreRows:
    """A row source over what was found."""

    stores: list[Health] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.stores)

    def row(self, i: int) -> Health:
        return self.stores[i]


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths, in cells; 0 for a column that is not there."""

    session: int
    number: int
    messages: int
    size: int
    received: int
    layout: int


def columns_for(width: int) -> Columns:
    """The columns of a table of that width; what is left has the health."""
    if width < 100:
        return Columns(23, 8, 8, 0, 9, 0)
    if width < 130:
        return Columns(30, 10, 10, 7, _LONG_TIME, 0)
    return Columns(30, 10, 10, 7, _LONG_TIME, 12)


class StoreTable(LineTable[Health]):
    """The stores that were found."""

    HELP = """\
The message stores below the messageStorePaths of the registry, and below every folder that was named or opened: the
numbers that come next out and in, the messages kept, when something was received last (UTC), and whether the files fit
together. ● says that a running session has the store: it can be looked at, not changed.

Enter opens the store under the cursor. o looks in another folder, r looks again."""

    FOOTER = LIST_FOOTER

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "store-table--good",
        "store-table--locked",
        "store-table--bad",
        "store-table--dim",
    }

    DEFAULT_CSS = """
    StoreTable {
        & > .store-table--good { color: $success; }
        & > .store-table--locked { color: $warning; }
        & > .store-table--bad { color: $error; text-style: bold; }
        & > .store-table--dim { color: $muted; }
    }
    """

    def __init__(self) -> None:
        self.rows = StoreRows()
        super().__init__(self.rows, titled=True, id="stores-table")

    @property
    def current(self) -> Health | None:
        """The store under the cursor."""
        return self.rows.stores[self.cursor] if self.cursor < len(self.rows) else None

    def paint_title(self, top: int, width: int) -> Iterator[Piece]:  # noqa: ARG002
        columns = columns_for(width)
        yield f" {left('session', columns.session)} {right('next out', columns.number)}", ""
        yield f" {right('next in', columns.number)} {right('messages', columns.messages)}", ""
        yield f" {right('size', columns.size)}" if columns.size else "", ""
        yield f"  {left('received', columns.received)}", ""
        yield f" {left('layout', columns.layout)}" if columns.layout else "", ""
        yield " health", ""

    def paint(self, index: int, top: bool, width: int) -> Iterator[Piece]:  # noqa: ARG002
        health = self.rows.stores[index]
        columns = columns_for(width)
        yield ("▌" if index == self.cursor else " "), "line-table--marker"
        named = health.session_text.rpartition(" → ")[0] and health.session_text
        name = visible(named or health.location.path.name)
        if named and len(name) > columns.session:  # the version goes first: CompIDs tell stores apart
            name = visible(f"{health.sender_comp_id} → {health.target_comp_id}")
        yield left(name, columns.session), ""
        for value in (health.next_out, health.next_in):
            yield " " + right(number(value), columns.number), "" if value is not None else "store-table--bad"
        yield f" {right(f'{health.messages:,}', columns.messages)}", ""
        if columns.size:
            yield f" {right(human_size(health.size), columns.size)}", "store-table--dim"
        received = moment(health.last_received, time.time_ns(), short=columns.received < _LONG_TIME)
        yield f"  {left(received, columns.received)}", "store-table--dim"
        if columns.layout:
            yield f" {left(LAYOUT_TITLES[health.location.layout], columns.layout)}", "store-table--dim"
        mark, style = MARK_OF[health.verdict]
        used = 1 + columns.session + 2 * (columns.number + 1) + columns.messages + 1 + columns.received + 2
        used += (columns.size + 1 if columns.size else 0) + (columns.layout + 1 if columns.layout else 0)
        yield left(f" {mark} {visible(health.text)}", width - used), f"store-table--{style}"
