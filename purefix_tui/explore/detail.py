"""The detail pane: the message under the cursor as a tree, as raw text, or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from purefix_core.analysis.summary import Kind, summarise
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.message_json import message_to_dict
from purefix_core.dictionary.nodes import DecodedMessage, FieldNode
from purefix_core.logs.index import BODY_LENGTH_BAD, CHECK_SUM_BAD, TRUNCATED, Entry
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.message import FixMessage
from purefix_tui.explore.detail_lines import DetailLine, Path, json_lines, raw_lines, tree_lines
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.line_table import LineTable, Piece
from purefix_tui.widgets.plain import visible


class View(Enum):
    """How the message is shown."""

    TREE = "tree"
    RAW = "raw"
    JSON = "json"


@dataclass(frozen=True)
class OpenMessage:
    """One message of a log, decoded."""

    entry: Entry
    message: FixMessage
    decoded: DecodedMessage
    dialect: str
    prefix: str
    refusal: str
    """The whole sentence of a reject, which says why; empty for other messages."""

    @classmethod
    def read(cls, log: LogFile, row: int) -> OpenMessage:
        """Raises IndexError if the log has no such row any more."""
        entry = log.rows.entry(row)
        message = log.message(row)
        definitions = log.definitions_for(message, entry.session)
        summary = summarise(message, definitions, log.is_outgoing(entry))
        return cls(
            entry,
            message,
            decode(message, definitions),
            log.dialect_of(entry.session).name,
            log.prefix(row).text,
            summary.text if summary.kind is Kind.REJECT else "",
        )


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

    def __init__(self) -> None:
        super().__init__(Lines([]), id="detail-lines")

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


class Detail(Vertical):
    """Title line and the lines of one message."""

    DEFAULT_CSS = """
    Detail {
        height: 45%;
        border-top: solid $rule;
        & > #detail-title { height: 1; padding: 0 1; }
        & > #detail-title > #detail-facts { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.view = View.TREE
        self.shown: OpenMessage | None = None
        self.show_secrets = False
        self._folds: dict[Path, bool] = {}

    def compose(self) -> ComposeResult:
        with Horizontal(id="detail-title"):
            yield Static("", id="detail-facts", markup=False)
            yield ChoiceLine([view.value for view in View], self.view.value, "Show the message as")
        yield DetailTable()

    @property
    def table(self) -> DetailTable:
        return self.query_one(DetailTable)

    @property
    def field(self) -> FieldNode | None:
        """The field under the cursor of the tree."""
        line = self.table.line
        return line.field if line is not None else None

    def is_masked(self, field: FieldNode) -> bool:
        return field.is_secret and not self.show_secrets

    def show(self, message: OpenMessage | None) -> None:
        """Show another message, with the cursor on the same field as before, if it has that field."""
        self.shown = message
        self.query_one("#detail-facts", Static).update(Content() if message is None else _title(message), layout=False)
        self._show_lines()

    def show_view(self, view: View) -> None:
        self.view = view
        self.query_one(ChoiceLine).show(view.value)
        self._show_lines()

    def next_view(self) -> None:
        views = list(View)
        self.show_view(views[(views.index(self.view) + 1) % len(views)])

    def reveal(self, show_secrets: bool) -> None:
        self.show_secrets = show_secrets
        self._show_lines()

    def on_resize(self) -> None:
        if self.view is not View.TREE:
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

    def _show_lines(self) -> None:
        table = self.table
        before = table.line
        lines = self._lines(table.size.width)
        at = 0
        if before is not None and before.path:
            at = next((i for i, line in enumerate(lines) if line.path == before.path), 0)
        table.show(Lines(lines), at)
        if at < table.page_rows:
            table.scroll_to(
                y=0, animate=False, force=True
            )  # what is wrong with a message stands first, and must be seen

    def _lines(self, width: int) -> list[DetailLine]:
        shown = self.shown
        if shown is None:
            return []
        if self.view is View.TREE:
            return tree_lines(shown.decoded, self._folds, self.show_secrets, shown.refusal, width)
        if self.view is View.RAW:
            return raw_lines(shown.message, shown.prefix, width, self.show_secrets)
        entry = shown.entry
        value = message_to_dict(
            shown.decoded,
            offset=entry.offset,
            length=entry.length,
            dialect=shown.dialect,
            show_secrets=self.show_secrets,
        )
        return json_lines(value, width)


def _title(message: OpenMessage) -> Content:
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
    warnings = len(findings) - errors
    if errors:
        bad.append(f"{errors} error{'' if errors == 1 else 's'}")
    return Content.assemble(
        (visible(name), "bold $primary"),
        ("".join(f"   ✗ {what}" for what in bad), "bold $error"),
        (f"   ! {warnings} warning{'' if warnings == 1 else 's'}" if warnings else "", "$warning"),
        (f"   offset {entry.offset:,}   {entry.length:,} bytes", "$muted"),
        ("".join(f"   ✓ {what}" for what in good), "$muted"),
    )
