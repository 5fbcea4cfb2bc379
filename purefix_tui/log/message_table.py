"""The message table: time, direction, session, sequence number, message, and what happened in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from purefix_core.analysis.summary import Kind
from purefix_core.logs.sides import Side
from purefix_core.session.events import Level
from purefix_tui.log.event_lines import EventLine
from purefix_tui.log.keys import TABLE_FOOTER
from purefix_tui.log.row_source import MessageRow
from purefix_tui.log.shown_rows import ShownRows
from purefix_tui.log.times import NO_STAMP, Stamp, Zone, local_offset, stamp, stamp_of
from purefix_tui.log.words import conversation
from purefix_tui.widgets.line_table import LineTable, Piece, left, right
from purefix_tui.widgets.plain import visible

_SENTENCE = 46
"""A sentence is not cut to fewer cells than these in favour of the reference beside it."""
_REFERENCE = 8
"""A reference of fewer cells says nothing."""
_SHIFT = 20
_MAX_SHIFT = 200

_EVENT_MARKS = {
    Level.INFO: (" · ", "message-table--dim"),
    Level.WARNING: (" ! ", "message-table--remark"),
    Level.ERROR: (" ✗ ", "message-table--failed"),
}
"""What stands before the text of an event, and how both look."""

_STYLE_OF_KIND = {kind: f"message-table--{kind.value.replace(' ', '-')}" for kind in Kind}


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns, in cells, and how the date is written (strftime)."""

    date: int
    date_form: str
    session: int
    seq: int
    name: int


NARROW = Columns(2, "%d", 11, 6, 13)
LESS_NARROW = Columns(2, "%d", 15, 7, 15)
MEDIUM = Columns(6, "%d %b", 15, 7, 20)
WIDE = Columns(6, "%d %b", 21, 9, 26)
_CLOCK = 12
_MOST_SESSION = 40


def columns_for(width: int, session_cells: int = 0) -> Columns:
    """The columns of a table of that width. `session_cells`: what the sessions' names need; they get it from 120 cells
    on, as far as the sentences keep enough."""
    if width < 120:
        return NARROW if width < 100 else LESS_NARROW
    columns = MEDIUM if width < 160 else WIDE
    most = min(_MOST_SESSION, MEDIUM.session + (width - 120) // 2)
    return replace(columns, session=max(columns.session, min(session_cells, most)))


class MessageTable(LineTable[MessageRow | EventLine]):
    """The messages of a log, and events between them."""

    HELP = """\
The messages of the log, one a line: time, direction, session, MsgSeqNum, message, what happened.

→ is sent and ← received by the side whose log this is, the left one of a session: the log marks it so (these flag:out
and flag:in find), or the file is named as QuickFIX names those of that side. › and ‹ mean that nothing tells whose log
it is: left is then who spoke first, and "seq 8" of a reject is given with its sender's name.

Rejects begin with ✗, broken messages with ! and what is wrong with them. The date is shown where it changes.
Move with the arrow keys or j and k; left and right shift the sentences. Enter, or a double click, goes to the
fields of the message; Esc there comes back."""

    FOOTER = TABLE_FOOTER

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "enter_detail",
            "fields",
            key_display="↵",
            id="messages.detail",
            tooltip="To the fields of this message; Esc there comes back",
        ),
        Binding("left,h", "shift(-1)", "Left", show=False, id="messages.left", tooltip="Shift the sentences back"),
        Binding("right,l", "shift(1)", "Right", show=False, id="messages.right", tooltip="Show the end of sentences"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *_STYLE_OF_KIND.values(),
        "message-table--dim",
        "message-table--out",
        "message-table--in",
        "message-table--broken",
        "message-table--remark",
        "message-table--failed",
        "message-table--found",
    }

    DEFAULT_CSS = """
    MessageTable {
        & > .message-table--dim { color: $muted; }
        & > .message-table--out { color: $way-out; }
        & > .message-table--in { color: $way-in; }
        & > .message-table--broken { color: $kind-reject; text-style: bold; }
        & > .message-table--remark { color: $warning; }
        & > .message-table--failed { color: $kind-reject; }
        & > .message-table--found { color: $primary; text-style: bold; }
        & > .message-table--admin { color: $kind-admin; }
        & > .message-table--order { color: $kind-order; }
        & > .message-table--fill { color: $kind-fill; }
        & > .message-table--change { color: $kind-cancel; }
        & > .message-table--reject { color: $kind-reject; }
        & > .message-table--market-data { color: $foreground; }
        & > .message-table--quote { color: $foreground; }
        & > .message-table--allocation { color: $foreground; }
        & > .message-table--other { color: $foreground; }
    }
    """

    @dataclass
    class Entered(Message):
        """The user wants to read the message under the cursor field by field."""

    def __init__(self, rows: ShownRows, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(rows, titled=True, id=id)
        self.zone = Zone.UTC
        self._shift = 0

    @property
    def _session_cells(self) -> int:
        return self.source.session_cells if isinstance(self.source, ShownRows) else 0

    def show_zone(self, zone: Zone) -> None:
        self.zone = zone
        self.refresh()

    def action_enter_detail(self) -> None:
        if len(self.source):
            self.post_message(self.Entered())

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2 and self.row_at(event) == self.cursor:
            self.action_enter_detail()

    def action_shift(self, steps: int) -> None:
        self._shift = max(0, min(self._shift + steps * _SHIFT, _MAX_SHIFT))
        self.refresh()

    def paint_title(self, top: int, width: int) -> Iterator[Piece]:
        columns = columns_for(width, self._session_cells)
        day = self.stamp_of_row(top).date
        when = f"{day:%Y-%m-%d} {self.zone.value}" if day else f"time {self.zone.value}"
        what = "what happened" if not self._shift else f"… from column {self._shift + 1}"
        yield f" {left(when, columns.date + 1 + _CLOCK + 3)} ", ""
        yield f"{left('session', columns.session)} {right('seq', columns.seq)} {left('message', columns.name)} ", ""
        yield what, ""

    def stamp_of_row(self, index: int) -> Stamp:
        """The time of row `index` as it is shown."""
        try:
            return self._stamp(self.source.row(index))
        except IndexError:
            return NO_STAMP

    def _stamp(self, row: MessageRow | EventLine) -> Stamp:
        if isinstance(row, MessageRow):
            return stamp(row.entry, self.zone)
        return stamp_of(row.time + local_offset(row.time) if self.zone is Zone.LOCAL else row.time)

    def paint(self, index: int, top: bool, width: int) -> Iterator[Piece]:
        try:
            row = self.source.row(index)
            above = None if top else self.source.row(index - 1)
            message_above = self._message_above(index) if isinstance(above, EventLine) else above
        except IndexError:  # the log was cut, and the table is about to be told
            return
        columns = columns_for(width, self._session_cells)
        now = self._stamp(row)
        changed = now.date is not None and (above is None or self._stamp(above).date != now.date)
        if index == self.cursor:
            yield "▌", "line-table--marker"
        else:
            found = isinstance(row, MessageRow) and row.found
            yield ("•" if found else " "), "message-table--found"
        yield left(f"{now.date:{columns.date_form}}" if changed else "", columns.date) + " ", "message-table--dim"
        if isinstance(row, MessageRow):
            yield from self._message(row, now.clock, message_above, columns, width)
        else:
            mark, style = _EVENT_MARKS[row.level]
            yield left(now.clock, _CLOCK), "message-table--dim"
            yield mark + visible(row.text[self._shift : self._shift + width]), style

    def _message_above(self, index: int) -> MessageRow | None:
        """The nearest message above a row, if it is on screen."""
        rows = (self.source.row(above) for above in range(index - 1, self.scroll_offset.y - 1, -1))
        return next((row for row in rows if isinstance(row, MessageRow)), None)

    def _message(
        self, row: MessageRow, clock: str, above: MessageRow | None, columns: Columns, width: int
    ) -> Iterator[Piece]:
        """The columns from the time on. The session is named where it is not that of the message above."""
        kind = "message-table--broken" if row.kind is Kind.REJECT else _STYLE_OF_KIND[row.kind]
        entry, side = row.entry, row.side
        yield left(clock, _CLOCK), "message-table--dim" if row.kind is Kind.ADMIN else ""
        yield _way(side)
        seq = "" if entry.msg_seq_num is None else f"{entry.msg_seq_num:,}"
        seq_cells = max(columns.seq, len(seq))  # a long number takes cells of the session, which most rows leave blank
        session_cells = columns.session + columns.seq - seq_cells
        same = above is not None and (above.side.left, above.side.right) == (side.left, side.right)
        names = "" if same else conversation(side.left, side.right, session_cells)
        yield " " + left(names, session_cells), "message-table--dim"
        yield " " + right(seq, seq_cells), "message-table--dim"
        yield " " + left(visible(row.name), columns.name) + " ", kind
        used = 1 + columns.date + 1 + _CLOCK + 3 + 1 + columns.session + 1 + columns.seq + 1 + columns.name + 1
        yield from self._sentence(row, kind, width - used)

    def _sentence(self, row: MessageRow, kind: str, room: int) -> Iterator[Piece]:
        """What happened, and right-aligned what the business calls it. Where there is no room for both the reference
        is cut first, then the sentence."""
        broken = f"! {row.broken}  " if row.broken else ""
        remark = f"{visible(row.remark)}  " if row.remark else ""
        text = row.text[self._shift :]
        room -= len(broken) + cell_len(remark)
        yield broken, "message-table--broken"
        yield remark, "message-table--remark"
        reference = visible(row.reference)
        most = max(room - cell_len(text) - 2, room - _SENTENCE - 2)
        if reference and cell_len(reference) > most:
            reference = left(reference, most).rstrip() if most >= _REFERENCE else ""
        if cell_len(text) > room - (cell_len(reference) + 2 if reference else 0):
            text = left(text, max(0, room - (cell_len(reference) + 2 if reference else 0)))
        yield text, kind
        if reference:
            yield " " * (room - cell_len(text) - cell_len(reference)) + reference, "message-table--dim"


def _way(side: Side) -> Piece:
    """The arrow, with blanks around it; a slight one where it is a guess."""
    if not side.known:
        return (" › " if side.outgoing else " ‹ "), "message-table--dim"
    return (" → ", "message-table--out") if side.outgoing else (" ← ", "message-table--in")
