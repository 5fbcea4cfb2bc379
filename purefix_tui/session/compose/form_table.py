"""The lines of the form as they are painted. Only those on screen cost anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from purefix_core.session.compose.checking import ERROR, Problem
from purefix_core.wire.secrets import is_secret
from purefix_tui.session.compose.choices import meaning_of
from purefix_tui.session.compose.rows import EntryRow, EnvelopeRow, FieldRow, GroupRow, Path, Row, StoreRow
from purefix_tui.session.compose.tree import Part
from purefix_tui.session.keys import COMPOSE_FORM_FOOTER
from purefix_tui.widgets.line_table import LineTable, Piece, left, right
from purefix_tui.widgets.plain import visible

_MARK, _TAG, _GAP = 2, 6, 2
_MOST_INDENT = 12


class Rows:
    """The rows as a table takes them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, i: int) -> Row:
        return self._rows[i]


class FormTable(LineTable[Row], inherit_bindings=False):
    """Has the focus where the row under the cursor has nothing to type in."""

    FOOTER = COMPOSE_FORM_FOOTER

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "form--tag",
        "form--name",
        "form--group",
        "form--meaning",
        "form--empty",
        "form--wrong",
        "form--doubt",
    }

    DEFAULT_CSS = """
    FormTable {
        & > .form--tag { color: $muted; }
        & > .form--name { color: $foreground; }
        & > .form--group { color: $primary; }
        & > .form--meaning { color: $meaning; }
        & > .form--empty { color: $muted; }
        & > .form--wrong { color: $error; text-style: bold; }
        & > .form--doubt { color: $warning; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__(Rows(()))
        self.msg_type = ""
        self.problems: Mapping[Path, Problem] = {}
        """The worst of each place."""
        self.filled: Mapping[int, str] = {}
        """What the session fills in, by tag."""

    @property
    def current(self) -> Row | None:
        return self.source.row(self.cursor) if 0 <= self.cursor < len(self.source) else None

    @property
    def value_column(self) -> int:
        """Where values begin."""
        return _MARK + _TAG + _GAP + self._name_width + _GAP

    @property
    def value_width(self) -> int:
        """Of the value alone; what it means stands behind it."""
        return max(12, min(40, (self.scrollable_content_region.width - self.value_column) * 3 // 5))

    @property
    def _name_width(self) -> int:
        return max(20, min(40, self.scrollable_content_region.width * 2 // 7))

    def paint(self, index: int, top: bool, width: int) -> Iterable[Piece]:  # noqa: ARG002 (every row has its names)
        row = self.source.row(index)
        if isinstance(row, FieldRow):
            yield from self._field(row, width)
        elif isinstance(row, GroupRow):
            yield from self._group(row)
        elif isinstance(row, EntryRow):
            yield self._mark(row.path, required=False)
            count = len(row.node.entries)
            text = f"entry {row.path[-1] + 1:,} of {count:,}"
            yield " " * (_TAG + _GAP) + _indent(row.depth) + text, "form--group"
        elif isinstance(row, EnvelopeRow):
            own = ", ".join(map(str, row.overridden))
            yield f"{'▾' if row.is_open else '▸'} ", "form--group"
            yield left("envelope", self.value_column - _MARK), "form--group"
            if any((tag,) in self.problems for tag in row.overridden):
                yield "! ", "form--doubt"
            yield (f"of your own: {own}" if own else "filled in by the session"), "form--empty"
        else:
            yield from self._store(row)

    def _field(self, row: FieldRow, width: int) -> Iterator[Piece]:
        node, member = row.node, row.node.member
        required = member is not None and row.branch.is_required(member)
        yield self._mark(row.path, required=required)
        yield right(str(node.tag), _TAG) + " " * _GAP, "form--tag"
        name = member.name if member is not None else "not in the dictionary"
        style = "form--name" if member is not None else "form--empty"
        yield left(_indent(row.depth) + visible(name), self._name_width) + " " * _GAP, style
        if not node.is_there:
            filled = self.filled.get(node.tag, "") if row.part is not Part.BODY and not row.depth > 1 else ""
            yield visible(filled), "form--empty"
            return
        meaning = visible("" if member is None else meaning_of(node.value, member))
        meaning = f"{visible(node.value)} {meaning}" if node.value != node.text else meaning
        room = width - self.value_column if not meaning else self.value_width
        if is_secret(node.tag, self.msg_type):
            yield "•" * min(len(node.text), room), ""
        else:
            yield left(visible(node.text), room), ""
        if meaning:
            yield " " * _GAP + meaning, "form--meaning"

    def _group(self, row: GroupRow) -> Iterator[Piece]:
        node, member = row.node, row.node.member
        yield self._mark(row.path, required=member is not None and row.branch.is_required(member))
        yield right(str(node.tag), _TAG) + " " * _GAP, "form--tag"
        name = "not in the dictionary" if member is None else member.name
        yield left(_indent(row.depth) + visible(name), self._name_width) + " " * _GAP, "form--group"
        count = len(node.entries)
        words = "no entries" if not count else "1 entry" if count == 1 else f"{count:,} entries"
        said = f", and it says {visible(node.count)}" if node.count is not None else ""
        yield f"{words}{said}   Enter adds one", "form--empty"

    def _store(self, row: StoreRow) -> Iterator[Piece]:
        yield " " * (_MARK + _TAG + _GAP), ""
        yield left("  keep in the store", self._name_width) + " " * _GAP, "form--name"
        yield ("yes" if row.is_kept else "no"), ""
        yield "   Enter changes it", "form--empty"

    def _mark(self, path: Path, *, required: bool) -> Piece:
        problem = self.problems.get(path)
        if problem is not None and problem.severity == ERROR:
            return "✗ ", "form--wrong"
        if required:
            return "* ", "form--tag" if problem is None else "form--doubt"
        return ("  ", "") if problem is None else ("! ", "form--doubt")


def _indent(depth: int) -> str:
    return " " * min(depth * 2, _MOST_INDENT)
