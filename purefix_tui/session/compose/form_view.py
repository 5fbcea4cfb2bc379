"""The form: a line for each field, and the value of the one under the cursor open to be typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES
from purefix_core.session.compose.checking import ERROR, Problem
from purefix_core.wire import tags
from purefix_core.wire.secrets import is_secret
from purefix_tui.session.compose.choices import is_settled, wants_choice
from purefix_tui.session.compose.form_table import FormTable, Rows
from purefix_tui.session.compose.rows import (
    EntryRow,
    EnvelopeRow,
    FieldRow,
    GroupRow,
    Path,
    Row,
    StoreRow,
    group_around,
    rows_of,
)
from purefix_tui.session.compose.tree import Branch, FieldNode, GroupNode, Node, Part, Tree
from purefix_tui.session.compose.value_input import ValueInput
from purefix_tui.session.keys import COMPOSE_FORM_KEYS, COMPOSE_VALUE_KEYS
from purefix_tui.widgets.line_table import LineTable
from purefix_tui.widgets.plain import visible


class FormView(Vertical):
    """Edits a Tree in place."""

    BINDINGS: ClassVar[list[BindingType]] = [*COMPOSE_FORM_KEYS, *COMPOSE_VALUE_KEYS]

    DEFAULT_CSS = """
    FormView { height: 1fr; layers: default values; }
    FormView:focus-within .line-table--cursor { background: $cursor-focused; }
    """

    class Changed(Message):
        """The message is another one than before."""

    class Moved(Message):
        """The cursor stands on another row."""

    @dataclass
    class ChoicesWanted(Message):
        """Enter was pressed where a value is to be chosen."""

        row: FieldRow

    def __init__(self) -> None:
        super().__init__()
        self._table = FormTable()
        self._value = ValueInput()
        self._tree: Tree | None = None
        self._rows: list[Row] = []
        self._edited: FieldNode | None = None
        """Whose value stands in the Input."""
        self._shown = ""
        """What the Input said when it came to stand there."""
        self._is_open = False
        self.is_kept = False
        """Whether a message with a MsgSeqNum of its own is kept in the store."""

    def compose(self) -> ComposeResult:
        yield self._table
        yield self._value

    def on_mount(self) -> None:
        self.watch(self._table, "scroll_y", self._place_value, init=False)

    # What is shown.

    @property
    def row(self) -> Row | None:
        """The one under the cursor."""
        return self._table.current

    def show(self, tree: Tree) -> None:
        """Edit another message, beginning with the first field that is missing."""
        self._tree = tree
        self._edited = None
        self._table.msg_type = tree.msg_type
        self._table.problems = {}
        if any(node.is_there for part in (Part.HEADER, Part.TRAILER) for node in tree.parts[part].nodes):
            self._is_open = True
        self._lay_out()
        self._go(next((place for place, row in enumerate(self._rows) if _is_missing(row)), 0))

    def mark(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong."""
        worst: dict[Path, Problem] = {}
        for problem in problems:
            if problem.path not in worst or problem.severity == ERROR:
                worst[problem.path] = problem
        self._table.problems = worst
        self._table.refresh()

    def fill_in(self, filled: Mapping[int, str]) -> None:
        """Show what the session would fill in."""
        self._table.filled = filled
        if self._is_open:
            self._table.refresh()

    def problem_here(self) -> Problem | None:
        row = self.row
        return self._table.problems.get(row.path) if isinstance(row, (FieldRow, GroupRow, EntryRow)) else None

    def _lay_out(self, stand_on: object = None) -> None:
        """Make the rows anew, with the cursor on that of a node or entry."""
        if self._tree is None:
            return
        header = self._tree.parts[Part.HEADER]
        has_number = any(node.tag == tags.MSG_SEQ_NUM and node.is_there for node in header.nodes)
        self._rows = rows_of(self._tree, is_open=self._is_open, is_kept=self.is_kept if has_number else None)
        found = (place for place, row in enumerate(self._rows) if stand_on is not None and _stands_for(row, stand_on))
        cursor = next(found, min(self._table.cursor, len(self._rows) - 1))
        self._table.show(Rows(self._rows), cursor)
        self._open_value()

    # The value under the cursor.

    def _open_value(self) -> None:
        """Have the Input stand where the cursor stands; the table has the focus where there is no value."""
        row = self.row
        node = row.node if isinstance(row, FieldRow) else None
        self._value.display = node is not None
        self._table.can_focus = node is None
        if node is not None and node is not self._edited:
            self._shown = visible(node.text)
            with self.prevent(Input.Changed):
                self._value.password = is_secret(node.tag, self._table.msg_type)
                self._value.value = self._shown
                self._value.cursor_position = len(self._shown)
        self._edited = node
        self._place_value()
        if self.has_focus_within:
            self.focus_inside()
        self.post_message(self.Moved())

    def focus_inside(self) -> None:
        """At once: `focus()` waits for its turn, and keys that come faster would go elsewhere."""
        self.screen.set_focus(self._table if self._edited is None else self._value)

    def on_resize(self, _: events.Resize) -> None:
        self.call_after_refresh(self._place_value)

    def _place_value(self) -> None:
        row = self.row
        if not isinstance(row, FieldRow):
            return
        column, width = self._table.value_column, self._table.scrollable_content_region.width
        has_meaning = row.node.member is not None and bool(row.node.member.choices)
        self._value.styles.offset = (column, self._table.screen_line)
        self._value.styles.width = max(1, self._table.value_width if has_meaning else width - column)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.commit()

    def commit(self) -> None:
        """Take over what stands in the Input; what could not be shown as it is stays until it is changed."""
        node, text = self._edited, self._value.value
        if node is None or text == self._shown:
            return
        self._shown = text
        node.write(text)
        self._changed(node)

    def _changed(self, node: Node) -> None:
        if node.tag == tags.MSG_SEQ_NUM and self._is_open:
            self._lay_out(node)
        self._table.refresh()
        self.post_message(self.Changed())

    def put(self, row: FieldRow, text: str) -> None:
        """Fill in a field."""
        row.node.write(text)
        if row.node is self._edited:
            self._edited = None
            self._open_value()
        self._changed(row.node)

    def choose(self, row: FieldRow, value: str) -> None:
        """A value was chosen from the list: fill it in, and go on; behind the others where there may be several."""
        member, text = row.node.member, row.node.text
        if member is not None and member.type in MULTIPLE_VALUE_TYPES and is_settled(text, member):
            value = f"{text} {value}"
        self.put(row, value)
        if row is self.row:
            self.action_move(1)

    def _take_meaning(self) -> None:
        """Where a meaning was typed in place of its value, have the value."""
        row = self.row
        if isinstance(row, FieldRow) and row.node.value != row.node.text:
            self.put(row, row.node.value)

    # Keys.

    def action_move(self, rows: int) -> None:
        self.leave_value()
        self._go(self._table.cursor + rows)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self._table.page_rows - 1))

    def leave_value(self) -> None:
        """Take over all that was typed."""
        self.commit()
        self._take_meaning()

    def _go(self, place: int) -> None:
        self._table.cursor = place
        self._open_value()

    @on(LineTable.Moved)
    def _moved(self, event: LineTable.Moved) -> None:
        event.stop()
        row = self.row
        if isinstance(row, FieldRow) and row.node is self._edited:
            self._place_value()
        else:
            self.commit()
            self._open_value()

    @on(LineTable.Chosen)
    def _clicked(self, event: LineTable.Chosen) -> None:
        """The row under the cursor."""
        event.stop()
        row = self.row
        if not isinstance(row, FieldRow) or wants_choice(row.node.text, row.node.member):
            self._enter()

    def on_key(self, event: events.Key) -> None:
        """What is typed so fast behind a key that moves to a value, that the table still had the focus."""
        if event.is_printable and event.character is not None and self._edited is not None:
            event.stop()
            self._value.insert_text_at_cursor(event.character)

    def on_click(self) -> None:
        self.focus_inside()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._enter()

    def action_enter(self) -> None:
        self._enter()

    def _enter(self) -> None:
        self.leave_value()
        row = self.row
        if isinstance(row, FieldRow) and wants_choice(row.node.text, row.node.member):
            self.post_message(self.ChoicesWanted(row))
        elif isinstance(row, GroupRow):
            self.action_new_entry()
        elif isinstance(row, EnvelopeRow):
            self.toggle_envelope()
        elif isinstance(row, StoreRow):
            self.is_kept = not self.is_kept
            self._lay_out()
            self.post_message(self.Changed())
        else:
            self.action_move(1)

    def action_new_entry(self) -> None:
        """A further entry of the group at the cursor."""
        self.leave_value()
        row = self.row
        found = None if row is None else group_around(row, self._rows)
        if found is None:
            self.app.notify("The cursor stands on no group. ^f finds one.", title="No entry")
            return
        group, place = found
        entry = group.new_entry(place)
        self._lay_out(entry)
        self.action_move(1)
        self.post_message(self.Changed())

    def take_out(self) -> None:
        """Take the field, the entry or the group at the cursor out."""
        self.commit()
        row = self.row
        if isinstance(row, EntryRow):
            row.node.remove_entry(row.entry)
        elif isinstance(row, (FieldRow, GroupRow)):
            row.branch.remove(row.node)
            if row.part is not Part.BODY and self._tree is not None:
                self._tree.offer_envelope()
        else:
            return
        self._edited = None
        self._lay_out()
        self.post_message(self.Changed())

    def toggle_envelope(self) -> None:
        self.commit()
        self._is_open = not self._is_open
        head = next((place for place, row in enumerate(self._rows) if isinstance(row, EnvelopeRow)), 0)
        if not self._is_open and self._table.cursor > head:
            self._table.cursor = head
        self._lay_out()

    def fill_in_further(self, branch: Branch, part: Part, tag: int, inner: int = 0) -> None:
        """Have a line for a field or group, and the cursor on it; a group gets its first entry. `inner`: the tag of a
        field in the last entry of the group."""
        node = branch.offer(tag)
        self._is_open = self._is_open or part is not Part.BODY
        if isinstance(node, GroupNode) and inner:
            node = (node.entries[-1] if node.entries else node.new_entry(0)).offer(inner)
        if isinstance(node, GroupNode) and not node.entries:
            node = next(iter(node.new_entry(0).shown()), node)
        self._lay_out(node)
        self.post_message(self.Changed())

    @property
    def branches(self) -> list[tuple[Branch, Part, str]]:
        """Where a field may be added: the entry at the cursor and those around it, then body, header and trailer.
        With what the place is called."""
        if self._tree is None:
            return []
        found: list[tuple[Branch, Part, str]] = []
        row = self.row
        path = row.path if isinstance(row, (FieldRow, GroupRow, EntryRow)) else ()
        for head in reversed(self._rows):
            if isinstance(head, EntryRow) and path[: len(head.path)] == head.path and row is not None:
                member = head.node.member
                group = str(head.node.tag) if member is None else member.name
                if getattr(row, "part", None) is head.part:
                    found.append((head.entry, head.part, f"entry {head.path[-1] + 1} of {group}"))
        names = {Part.BODY: "", Part.HEADER: "header", Part.TRAILER: "trailer"}
        return [*found, *((self._tree.parts[part], part, name) for part, name in names.items())]


def _is_missing(row: Row) -> bool:
    """Whether it is a required field without a value."""
    if not isinstance(row, FieldRow) or row.part is not Part.BODY or row.node.is_there or row.node.member is None:
        return False
    return row.branch.is_required(row.node.member)


def _stands_for(row: Row, stand_on: object) -> bool:
    if isinstance(row, EntryRow):
        return row.entry is stand_on
    return isinstance(row, (FieldRow, GroupRow)) and row.node is stand_on
