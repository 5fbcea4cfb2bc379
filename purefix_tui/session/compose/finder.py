"""A dialog that finds one of many by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from purefix_tui.session.keys import FINDER_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.line_table import LineTable, Piece, left
from purefix_tui.widgets.plain import visible

T = TypeVar("T")
Value = TypeVar("Value", covariant=True)
_MARK = 2


@dataclass(frozen=True)
class Item(Generic[Value]):
    """Something to find: by its code, as a tag or a value, or by words of its name."""

    code: str
    name: str
    note: str
    value: Value


class Items(Generic[T]):
    """The items as a table takes them."""

    def __init__(self, items: Sequence[Item[T]]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def row(self, i: int) -> Item[T]:
        return self.items[i]


class ItemTable(LineTable[Item[T]], inherit_bindings=False, can_focus=False):
    """The items that fit what was typed. The keys for it are the dialog's, since the focus stays where one types."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"item--code", "item--note"}

    DEFAULT_CSS = """
    ItemTable { background: $panel; }
    ItemTable > .item--code { color: $primary; }
    ItemTable > .item--note { color: $muted; }
    ItemTable > .line-table--cursor { background: $cursor-focused; }
    """

    def __init__(self, items: Sequence[Item[T]], code_width: int, name_width: int) -> None:
        super().__init__(Items(items))
        self._code_width = code_width
        self._name_width = name_width
        self.placeholder = ("nothing is called so",)

    def paint(self, index: int, top: bool, width: int) -> Iterable[Piece]:  # noqa: ARG002 (every row has its names)
        item = self.source.row(index)
        yield "▌ " if index == self.cursor else "  ", "item--code"
        if self._code_width:
            yield left(visible(item.code), self._code_width) + "  ", "item--code"
        yield left(visible(item.name), self._name_width) + "  ", ""
        yield visible(item.note), "item--note"


class Finder(Dialog[T | None]):
    """Dismissed with the value of the item that was chosen, or with None."""

    HELP = "Type a part of a name, its capitals (nos for NewOrderSingle), or a code. Enter takes the row marked with ▌."

    BINDINGS: ClassVar[list[BindingType]] = FINDER_KEYS

    DEFAULT_CSS = """
    Finder { align: center middle; }
    Finder > Vertical { width: 84; max-width: 96%; height: 80%; max-height: 34; padding: 1 2; background: $panel; }
    Finder .title { text-style: bold; color: $primary; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    Finder Input { margin-bottom: 1; }
    Finder .foot { color: $muted; width: 100%; height: auto; margin-top: 1; }
    """

    def __init__(
        self,
        title: str,
        items: Sequence[Item[T]],
        *,
        free: Callable[[str], Item[T] | None] = lambda _: None,
        text: str = "",
        placeholder: str = "type a part of its name",
        foot: str = "Enter takes it, Esc closes.",
    ) -> None:
        """`free` gives an item for a text that is no item's code, where such is allowed. `text` stands there at
        first."""
        super().__init__()
        self._heading = title
        self._items = list(items)
        self._free = free
        self._text = text
        self._sought = ""
        self._placeholder = placeholder
        self._foot = foot
        self._table = ItemTable[T]((), *_widths(items))

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._heading), classes="title", markup=False)
            yield Input(visible(self._text), placeholder=self._placeholder, compact=True)
            yield self._table
            yield Label(self._foot, classes="foot", markup=False)

    def on_mount(self) -> None:
        self._find(self._text)

    @property
    def found(self) -> Sequence[Item[T]]:
        """What fits what was typed, the best first."""
        source = self._table.source
        assert isinstance(source, Items)
        return source.items

    @property
    def current(self) -> Item[T] | None:
        return self.found[self._table.cursor] if self.found else None

    def add(self, items: Sequence[Item[T]]) -> None:
        """They are there, too, behind the others; the cursor stays where it is."""
        self._items += items
        self._find(self.query_one(Input).value, self._table.cursor)

    def leave_out(self, item: Item[T]) -> None:
        """It is there no longer."""
        self._items.remove(item)
        self._find(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(event.value)

    def _find(self, text: str, cursor: int = 0) -> None:
        text = self._sought = text.strip()
        found = fitting(self._items, text)
        own = None if not text or any(item.code == text for item in found) else self._free(text)
        self._table.show(Items([*found, own] if own is not None else found), cursor)
        self._table.refresh()

    @on(Input.Submitted)
    @on(LineTable.Chosen)
    def _take(self, event: Input.Submitted | LineTable.Chosen) -> None:
        event.stop()
        if isinstance(event, Input.Submitted) and event.value.strip() != self._sought:
            self._find(event.value)  # Enter came before the table has heard of the last letter
        if self.current is not None:
            self.dismiss(self.current.value)

    def action_move(self, rows: int) -> None:
        self._table.cursor += rows

    def action_page(self, pages: int) -> None:
        self._table.action_page(pages)


def fitting(items: Sequence[Item[T]], text: str) -> list[Item[T]]:
    """The items that fit a text, the best first: its code, then where its name begins so, then its capitals, then what
    has it anywhere. All of them, in their order, where there is no text."""
    if not text:
        return list(items)
    ranked = [(_rank(item, text, text.casefold()), item) for item in items]
    return [item for rank, item in sorted(ranked, key=lambda each: each[0]) if rank < _NO_FIT]


_NO_FIT = 9


def _rank(item: Item[T], text: str, folded: str) -> int:
    name = item.name.casefold()
    if item.code == text:
        return 0
    if name == folded:
        return 1
    if item.code.casefold() == folded:
        return 2
    if name.startswith(folded):
        return 3
    if len(folded) > 1 and "".join(filter(str.isupper, item.name)).casefold().startswith(folded):
        return 4
    if item.code.casefold().startswith(folded):
        return 5
    if all(word in name for word in folded.split()):
        return 6
    if len(folded) > 1 and folded in item.note.casefold():
        return 7
    return _NO_FIT


def _widths(items: Sequence[Item[T]]) -> tuple[int, int]:
    code = max((len(item.code) for item in items), default=0)
    name = max((len(item.name) for item in items), default=0)
    return min(code, 12), max(12, min(name, 40))
