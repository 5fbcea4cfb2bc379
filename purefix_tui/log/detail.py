"""The detail pane: the message under the cursor as a tree, as raw text, or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from purefix_core.dictionary.nodes import FieldNode
from purefix_core.logs.index import BODY_LENGTH_BAD, CHECK_SUM_BAD, TRUNCATED, Entry
from purefix_core.logs.log_file import LogError
from purefix_core.logs.reading import Reader
from purefix_tui.log.detail_lines import DetailLine, Path
from purefix_tui.log.event_detail import event_lines, event_title
from purefix_tui.log.event_lines import EventLine
from purefix_tui.log.keys import DETAIL_FOOTER, TEXT_FOOTER
from purefix_tui.log.opened import LARGE, Look, OpenMessage, View, lines_of
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.line_table import LineTable, Piece
from purefix_tui.widgets.plain import visible


@dataclass(frozen=True, slots=True)
class Lines:
    """A row source over a list."""

    lines: list[DetailLine]

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, i: int) -> DetailLine:
        return self.lines[i]


class DetailTable(LineTable[DetailLine]):
    """The lines of a message."""

    HELP = """\
The message under the cursor of the table. What is wrong with it comes first.

Left and right fold and unfold, space or Enter does either. v switches between tree, raw text and JSON.
Y copies the field under the cursor; f shows only messages with the same value, F hides them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="detail.leave", tooltip="Back to the messages"),
        Binding("space,enter", "fold_toggle", "fold", show=False, id="detail.toggle", tooltip="Fold or unfold"),
        Binding("left,h", "fold(False)", "Fold", show=False, id="detail.fold", tooltip="Fold, or go to what holds it"),
        Binding("right,l", "fold(True)", "Unfold", show=False, id="detail.unfold", tooltip="Unfold"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"detail--{name}" for name in "error warning fold part dim tag name value meaning separator".split()
    }

    DEFAULT_CSS = """
    DetailTable {
        & > .detail--error { color: $kind-reject; }
        & > .detail--warning { color: $kind-cancel; }
        & > .detail--fold { color: $primary; }
        & > .detail--part { color: $primary; }
        & > .detail--dim { color: $muted; }
        & > .detail--tag { color: $muted; }
        & > .detail--name { color: $foreground; }
        & > .detail--value { color: $foreground; text-style: bold; }
        & > .detail--meaning { color: $meaning; }
        & > .detail--separator { color: $primary; }
    }
    """

    @dataclass
    class Folded(Message):
        """The user wants the part at `path` open or folded."""

        path: Path
        open: bool

    @dataclass
    class Left(Message):
        """The user wants to go back to the messages."""

    def __init__(self) -> None:
        super().__init__(Lines([]), id="detail-lines")
        self.shows_fields = True

    @property
    def FOOTER(self) -> tuple[str, ...]:
        """The keys of fields only where fields are shown."""
        return DETAIL_FOOTER if self.shows_fields else TEXT_FOOTER

    @property
    def line(self) -> DetailLine | None:
        """The line under the cursor."""
        return self.source.row(self.cursor) if len(self.source) else None

    def paint(self, index: int, top: bool, width: int) -> tuple[Piece, ...]:  # noqa: ARG002
        return self.source.row(index).pieces

    def action_fold_toggle(self) -> None:
        line = self.line
        if line is not None and line.folds:
            self.post_message(self.Folded(line.path, not line.open))

    def action_choose(self) -> None:
        self.action_fold_toggle()

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_fold(self, unfold: bool) -> None:
        line = self.line
        if line is None:
            return
        if line.folds and line.open != unfold:
            self.post_message(self.Folded(line.path, unfold))
        elif not unfold:
            above = [i for i in range(self.cursor) if line.path[:-1] and self.source.row(i).path == line.path[:-1]]
            if above:
                self.cursor = above[-1]


Read = Callable[[], OpenMessage]


class Detail(Vertical):
    """Title line and the lines of one message, or the text of an event.

    Most messages are decoded and laid out at once. A large one takes up to seconds: a worker does it, one at a time,
    since threads in which Python runs do not make it faster. Until then nothing is shown but what is going on.
    """

    DEFAULT_CSS = """
    Detail {
        height: 45%;
        border-top: solid $rule;
        & > #detail-title { height: 1; padding: 0 1; }
        & > #detail-title > #detail-facts { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    @dataclass
    class Prepared(Message):
        """A large message is ready to be shown, or cannot be read (None). Stale if another was opened since."""

        generation: int
        message: OpenMessage | None
        look: Look
        lines: list[DetailLine]

    def __init__(self) -> None:
        super().__init__()
        self.table = DetailTable()
        self.view = View.TREE
        self.shown: OpenMessage | None = None
        self.event: EventLine | None = None
        """The event that is shown instead of a message."""
        self.show_secrets = False
        self._folds: dict[Path, bool] = {}
        self._path: Path = ()
        """Where the cursor stood last."""
        self._generation = 0
        self._wanted: Read | None = None
        """Gives the large message that is not yet shown as it should be."""
        self._preparing = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="detail-title"):
            yield Static("", id="detail-facts", markup=False)
            yield ChoiceLine([view.value for view in View], self.view.value, "Show the message as")
        yield self.table

    @property
    def field(self) -> FieldNode | None:
        """The field under the cursor of the tree."""
        line = self.table.line
        return line.field if line is not None else None

    @property
    def is_decoding(self) -> bool:
        """Whether the message to be shown is so large that it is not there yet."""
        return self.shown is None and self._wanted is not None

    def is_masked(self, field: FieldNode) -> bool:
        return field.is_secret and not self.show_secrets

    def open(self, reader: Reader, row: int | None) -> None:
        """Show another message, with the cursor on the same field as before, if it has that field."""
        self._generation += 1
        self._wanted = self.shown = self.event = None
        try:
            if row is not None:
                entry = reader.log.rows.entry(row)
                read = partial(OpenMessage.read, reader, row)
                if entry.length > LARGE:
                    self._prepare(read, entry)
                    return
                self.shown = read()
        except (IndexError, LogError, OSError):
            self.shown = None
        self._show_lines()

    def open_event(self, event: EventLine) -> None:
        """Show the whole text of an event."""
        self._generation += 1
        self._wanted = self.shown = None
        self.event = event
        self._show_lines()

    def show_view(self, view: View) -> None:
        self.view = view
        self.query_one(ChoiceLine).show(view.value)
        self.table.shows_fields = view is View.TREE
        self.refresh_bindings()
        self._show_lines()

    def next_view(self) -> None:
        views = list(View)
        self.show_view(views[(views.index(self.view) + 1) % len(views)])

    def reveal(self, show_secrets: bool) -> None:
        self.show_secrets = show_secrets
        self._show_lines()

    def on_resize(self) -> None:
        if self.view is not View.TREE or self.event is not None:
            self._show_lines()

    @on(ChoiceLine.Chosen)
    def _view_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        self.show_view(View(event.choice))

    @on(DetailTable.Folded)
    def _fold(self, event: DetailTable.Folded) -> None:
        event.stop()
        self._folds[event.path] = event.open
        self._show_lines()

    def _look(self) -> Look:
        return Look(self.view, dict(self._folds), self.show_secrets, self.table.size.width)

    def _show_lines(self) -> None:
        """What is shown is another message now, or looks otherwise."""
        shown = self.shown
        if shown is not None and shown.is_large:
            self._prepare(lambda: shown, shown.entry)
        elif self.event is not None:
            self._put(event_lines(self.event, self.table.size.width))
        elif self._wanted is None:
            self._put([] if shown is None else lines_of(shown, self._look()))

    def _put(self, lines: list[DetailLine]) -> None:
        if self.event is not None:
            self._say(event_title(self.event))
        else:
            self._say(Content() if self.shown is None else _title(self.shown, self.show_secrets))
        table = self.table
        before = table.line
        if before is not None:
            self._path = before.path
        at = 0
        if self._path:
            at = next((i for i, line in enumerate(lines) if line.path == self._path), 0)
        table.show_placeholder()
        table.show(Lines(lines), at)
        if at < table.page_rows:
            table.scroll_to(
                y=0, animate=False, force=True
            )  # what is wrong with a message stands first, and must be seen

    def _say(self, text: Content) -> None:
        self.query_one("#detail-facts", Static).update(text, layout=False)

    # Large messages.

    def _prepare(self, read: Read, entry: Entry) -> None:
        self._wanted = read
        if self.shown is None:
            self._put([])
            self._say(Content(f"decoding {entry.length:,} bytes …"))
            self.table.show_placeholder("decoding …")
        if not self._preparing:
            self._preparing = True
            self._prepare_lines(self._generation, read, self._look())

    @work(thread=True, group="detail")
    def _prepare_lines(self, generation: int, read: Read, look: Look) -> None:
        try:
            message = read()
        except (IndexError, LogError, OSError):
            self.post_message(self.Prepared(generation, None, look, []))
        else:
            self.post_message(self.Prepared(generation, message, look, lines_of(message, look)))

    @on(Prepared)
    def _prepared(self, event: Prepared) -> None:
        event.stop()
        self._preparing = False
        if event.generation == self._generation:
            self._wanted, self.shown = None, event.message
            if event.message is None or event.look == self._look():
                self._put(event.lines)
            else:
                self._show_lines()
        elif self._wanted is not None:
            self._preparing = True
            self._prepare_lines(self._generation, self._wanted, self._look())


def _title(message: OpenMessage, show_secrets: bool) -> Content:
    entry = message.entry
    name = message.decoded.name or f"MsgType {message.decoded.msg_type}"
    good: list[str] = []
    bad: list[str] = ["cut off"] if entry.flags & TRUNCATED else []
    for flag, what in ((BODY_LENGTH_BAD, "length"), (CHECK_SUM_BAD, "checksum")):
        if entry.flags & flag:
            bad.append(f"{what} wrong")
        elif not entry.flags & TRUNCATED:
            good.append(what)
    findings = [finding.severity for finding in message.decoded.findings]
    errors = findings.count("error")
    warnings = len(findings) - errors + bool(message.gap)
    if errors:
        bad.append(f"{errors} error{'' if errors == 1 else 's'}")
    return Content.assemble(
        (visible(name), "bold $primary"),
        ("   ! secrets shown, R masks them" if show_secrets else "", "bold $warning"),
        ("".join(f"   ✗ {what}" for what in bad), "bold $error"),
        (f"   ! {warnings} warning{'' if warnings == 1 else 's'}" if warnings else "", "$warning"),
        (f"   offset {entry.offset:,}   {entry.length:,} bytes", "$muted"),
        ("".join(f"   ✓ {what}" for what in good), "$muted"),
    )
