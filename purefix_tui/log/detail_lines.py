"""A decoded message as the lines of the detail pane: header, body and trailer, with parts that fold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from purefix_core.dictionary.nodes import (
    ComponentNode,
    DecodedMessage,
    FieldNode,
    GroupEntry,
    GroupNode,
    Node,
    fields_of,
)
from purefix_core.dictionary.validate import Finding
from purefix_core.wire import tags
from purefix_core.wire.secrets import MASK
from purefix_tui.widgets.line_table import Piece
from purefix_tui.widgets.plain import visible

SHOWN = 1_000
"""More characters of a value are not painted; it can be copied whole."""

_NAME = 24
_OPEN_ENTRIES = 3
"""Groups of so many entries show their fields at once; the entries of longer ones begin folded."""

_DIGEST = 5
"""So many values tell a folded group entry from the others."""

_SHOWN_WARNINGS = 2
"""More warnings than this begin folded."""

Path = tuple[str, ...]
"""Where a line stands in the tree: the names and numbers that lead to it."""


_WARNINGS: Path = ("warnings",)


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One line. `path` finds the same line in another message; `folds`: it heads lines that can be folded away."""

    painter: Callable[[], tuple[Piece, ...]]
    """Makes the pieces, when the line is painted: of a message of 100,000 fields few ever are."""
    path: Path = ()
    field: FieldNode | None = None
    folds: bool = False
    open: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.painter()


def still(pieces: tuple[Piece, ...], path: Path = ()) -> DetailLine:
    """A line that does nothing."""
    return DetailLine(lambda: pieces, path)


def cut(text: str) -> str:
    """`text` made visible; of a long one the beginning, and how much more there is."""
    if len(text) <= SHOWN:
        return visible(text)
    return f"{visible(text[:SHOWN])}… {len(text) - SHOWN:,} more characters"


def tree_lines(decoded: DecodedMessage, folds: Mapping[Path, bool], show_secrets: bool) -> list[DetailLine]:
    """The findings first, then header, body and trailer. `folds` overrules which parts are open."""
    errors = [finding for finding in decoded.findings if finding.severity == "error"]
    warnings = [finding for finding in decoded.findings if finding.severity != "error"]
    lines = [_finding(error) for error in errors]
    if len(warnings) <= _SHOWN_WARNINGS:
        lines += [_finding(warning) for warning in warnings]
    else:  # a dialect's own tags cause one in every message: they must not push the message off the screen
        opened = folds.get(_WARNINGS, False)
        head = (f" {'▾' if opened else '▸'} ", "detail--fold"), (f"! {len(warnings)} warnings  ", "detail--warning")
        digest = "" if opened else cut("; ".join(warning.text for warning in warnings))
        pieces = (*head, (digest, "detail--dim"))
        lines.append(DetailLine(lambda: pieces, _WARNINGS, None, True, opened))
        lines += [_finding(warning) for warning in warnings] if opened else []
    tree = _Tree(folds, show_secrets)
    lines += tree.section("Header", decoded.header, _header_digest(decoded))
    lines += tree.nodes(decoded.body, 0, ())
    lines += tree.section("Trailer", decoded.trailer, "")
    return lines


def _finding(finding: Finding) -> DetailLine:
    style = "detail--error" if finding.severity == "error" else "detail--warning"
    mark = "✗" if finding.severity == "error" else "!"
    return still(((f" {mark} {cut(finding.text)}", style),), ("finding", finding.code, str(finding.tag)))


class _Tree:
    def __init__(self, folds: Mapping[Path, bool], show_secrets: bool) -> None:
        self._folds = folds
        self._show_secrets = show_secrets

    def section(self, name: str, nodes: tuple[Node, ...], digest: str) -> Iterator[DetailLine]:
        if nodes:
            count = sum(1 for _ in fields_of(nodes))
            yield from self._part((name,), 0, name, digest or f"{count} field{'' if count == 1 else 's'}", nodes, False)

    def nodes(self, nodes: tuple[Node, ...], depth: int, above: Path) -> Iterator[DetailLine]:
        seen: dict[str, int] = {}
        for node in nodes:
            name = str(node.tag) if isinstance(node, FieldNode) else node.name
            seen[name] = seen.get(name, 0) + 1
            path = (*above, name if seen[name] == 1 else f"{name}:{seen[name]}")
            if isinstance(node, FieldNode):
                yield DetailLine(partial(self._field, node, depth, "  "), path, node)
            elif isinstance(node, ComponentNode):
                yield from self._part(path, depth, node.name, "", node.children, True)
            else:
                yield from self._group(node, depth, path)

    def _part(
        self, path: Path, depth: int, name: str, digest: str, nodes: tuple[Node, ...], opened: bool
    ) -> Iterator[DetailLine]:
        opened = self._folds.get(path, opened)
        pieces: tuple[Piece, ...] = (
            (f"{_indent(depth)}{'▾' if opened else '▸'} ", "detail--fold"),
            (f"{visible(name)} ", "detail--part"),
            ("" if opened else f" {cut(digest)}", "detail--dim"),
        )
        yield DetailLine(lambda: pieces, path, None, True, opened)
        if opened:
            yield from self.nodes(nodes, depth + 1, path)

    def _group(self, node: GroupNode, depth: int, path: Path) -> Iterator[DetailLine]:
        opened = self._folds.get(path, True)
        mark = "▾ " if opened else "▸ "
        yield DetailLine(partial(self._field, node.field, depth, mark), path, node.field, bool(node.entries), opened)
        if opened:
            for number, entry in enumerate(node.entries, 1):
                below = (*path, f"[{number}]")
                entry_open = self._folds.get(below, len(node.entries) <= _OPEN_ENTRIES)
                yield DetailLine(partial(self._entry, entry, number, depth, entry_open), below, None, True, entry_open)
                if entry_open:
                    yield from self.nodes(entry.children, depth + 2, below)

    def _entry(self, entry: GroupEntry, number: int, depth: int, opened: bool) -> tuple[Piece, ...]:
        return (
            (f"{_indent(depth + 1)}{'▾' if opened else '▸'} ", "detail--fold"),
            (f"{number}", "detail--part"),
            ("" if opened else f"  {self._digest(entry.children)}", "detail--dim"),
        )

    def _field(self, node: FieldNode, depth: int, mark: str) -> tuple[Piece, ...]:
        pieces = [
            (_indent(depth) + mark, "detail--fold"),
            (f"{node.tag or '?':>4} ", "detail--tag"),
            (f"{visible(node.name) or '-':<{max(1, _NAME - 2 * depth)}} ", "detail--name"),
        ]
        if node.is_secret and not self._show_secrets:
            pieces.append((MASK.decode(), "detail--value"))
        else:
            if len(node.text) > SHOWN:  # said first: the end of the line lies off the screen
                pieces.append((f"{len(node.text):,} characters  ", "detail--dim"))
            pieces.append((cut(node.text), "detail--value"))
        if node.meaning:
            pieces.append((f"  {cut(node.meaning)}", "detail--meaning"))
        if node.marks:
            pieces.append((f"  ! {', '.join(node.marks)}", "detail--error"))
        return tuple(pieces)

    def _digest(self, nodes: tuple[Node, ...]) -> str:
        """The first values of a folded group entry: meanings where there are some."""
        fields = islice((field for field in fields_of(nodes) if not field.is_secret), _DIGEST)
        return " · ".join(cut(field.meaning or field.text) for field in fields)


def _indent(depth: int) -> str:
    return " " + "  " * depth


def _header_digest(decoded: DecodedMessage) -> str:
    first: dict[int, str] = {}
    for field in fields_of(decoded.header):
        first.setdefault(field.tag, field.text)
    parts = [f"{first.get(tags.SENDER_COMP_ID, '?')} → {first.get(tags.TARGET_COMP_ID, '?')}"]
    if tags.MSG_SEQ_NUM in first:
        parts.append(f"seq {first[tags.MSG_SEQ_NUM]}")
    if tags.SENDING_TIME in first:
        parts.append(first[tags.SENDING_TIME])
    return "   ".join(parts)


def field_text(field: FieldNode, hidden: Callable[[FieldNode], bool]) -> str:
    """`55=EURUSD`."""
    return f"{field.tag}={MASK.decode() if hidden(field) else field.text}"
