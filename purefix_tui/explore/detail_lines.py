"""A decoded message as the lines of the detail pane: tree, raw text, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.dictionary.nodes import ComponentNode, DecodedMessage, FieldNode, GroupNode, Node, fields_of
from purefix_core.dictionary.validate import Finding
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import MASK, secret_fields
from purefix_tui.widgets.line_table import Piece
from purefix_tui.widgets.plain import visible

_NAME = 24
_OPEN_ENTRIES = 3
"""Groups of so many entries show their fields at once; the entries of longer ones begin folded."""

_SHOWN_SOH = "│"

_SHOWN_WARNINGS = 2
"""More warnings than this begin folded."""

Path = tuple[str, ...]
"""Where a line stands in the tree: the names and numbers that lead to it."""


_WARNINGS: Path = ("warnings",)


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One line. `path` finds the same line in another message; `folds`: it heads lines that can be folded away."""

    pieces: tuple[Piece, ...]
    path: Path = ()
    field: FieldNode | None = None
    folds: bool = False
    open: bool = False


def tree_lines(
    decoded: DecodedMessage, folds: Mapping[Path, bool], show_secrets: bool, sentence: str = "", width: int = 80
) -> list[DetailLine]:
    """`sentence` wrapped at `width` cells and the findings first, then header, body and trailer. `folds` overrules
    which parts are open."""
    errors = [finding for finding in decoded.findings if finding.severity == "error"]
    warnings = [finding for finding in decoded.findings if finding.severity != "error"]
    lines = [DetailLine(line) for line in wrapped([(visible(sentence), "detail--error")], width)] if sentence else []
    lines += [_finding(error) for error in errors]
    if len(warnings) <= _SHOWN_WARNINGS:
        lines += [_finding(warning) for warning in warnings]
    else:  # a dialect's own tags cause one in every message: they must not push the message off the screen
        opened = folds.get(_WARNINGS, False)
        head = (f" {'▾' if opened else '▸'} ", "detail--fold"), (f"! {len(warnings)} warnings  ", "detail--warning")
        digest = "" if opened else "; ".join(visible(warning.text) for warning in warnings)
        lines.append(DetailLine((*head, (digest, "detail--dim")), _WARNINGS, None, True, opened))
        lines += [_finding(warning) for warning in warnings] if opened else []
    tree = _Tree(folds, show_secrets)
    lines += tree.section("Header", decoded.header, _header_digest(decoded))
    lines += tree.nodes(decoded.body, 0, ())
    lines += tree.section("Trailer", decoded.trailer, "")
    return lines


def _finding(finding: Finding) -> DetailLine:
    style = "detail--error" if finding.severity == "error" else "detail--warning"
    mark = "✗" if finding.severity == "error" else "!"
    return DetailLine(((f" {mark} {visible(finding.text)}", style),), ("finding", finding.code, str(finding.tag)))


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
                yield DetailLine(tuple(self._field(node, depth, "  ")), path, node)
            elif isinstance(node, ComponentNode):
                yield from self._part(path, depth, node.name, "", node.children, True)
            else:
                yield from self._group(node, depth, path)

    def _part(
        self, path: Path, depth: int, name: str, digest: str, nodes: tuple[Node, ...], opened: bool
    ) -> Iterator[DetailLine]:
        opened = self._folds.get(path, opened)
        pieces = ((f"{_indent(depth)}{'▾' if opened else '▸'} ", "detail--fold"), (f"{visible(name)} ", "detail--part"))
        yield DetailLine((*pieces, ("" if opened else f" {visible(digest)}", "detail--dim")), path, None, True, opened)
        if opened:
            yield from self.nodes(nodes, depth + 1, path)

    def _group(self, node: GroupNode, depth: int, path: Path) -> Iterator[DetailLine]:
        opened = self._folds.get(path, True)
        mark = "▾ " if opened else "▸ "
        yield DetailLine(tuple(self._field(node.field, depth, mark)), path, node.field, bool(node.entries), opened)
        if opened:
            for number, entry in enumerate(node.entries, 1):
                below = (*path, f"[{number}]")
                entry_open = self._folds.get(below, len(node.entries) <= _OPEN_ENTRIES)
                pieces: list[Piece] = [
                    (f"{_indent(depth + 1)}{'▾' if entry_open else '▸'} ", "detail--fold"),
                    (f"{number}", "detail--part"),
                ]
                if not entry_open:
                    pieces.append((f"  {self._digest(entry.children)}", "detail--dim"))
                yield DetailLine(tuple(pieces), below, None, True, entry_open)
                if entry_open:
                    yield from self.nodes(entry.children, depth + 2, below)

    def _field(self, node: FieldNode, depth: int, mark: str) -> Iterator[Piece]:
        yield _indent(depth) + mark, "detail--fold"
        yield f"{node.tag or '?':>4} ", "detail--tag"
        yield f"{visible(node.name) or '-':<{max(1, _NAME - 2 * depth)}} ", "detail--name"
        yield self._value(node), "detail--value"
        if node.meaning:
            yield f"  {visible(node.meaning)}", "detail--meaning"
        if node.marks:
            yield f"  ! {', '.join(node.marks)}", "detail--error"

    def _value(self, node: FieldNode) -> str:
        return MASK.decode() if node.is_secret and not self._show_secrets else visible(node.text)

    def _digest(self, nodes: tuple[Node, ...]) -> str:
        """The first values of a folded group entry: meanings where there are some."""
        fields = [field for field in fields_of(nodes) if not field.is_secret]
        return " · ".join(visible(field.meaning or field.text) for field in fields[:5])


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


def raw_lines(message: FixMessage, prefix: str, width: int, show_secrets: bool) -> list[DetailLine]:
    """The message as it stands in the log, with its separators visible, wrapped at `width` cells."""
    hidden = frozenset() if show_secrets else secret_fields(message)
    pieces: list[Piece] = []
    end = 0
    for number, field in enumerate(message.fields):
        separator, tag = _before_value(message.raw[end : field.start], field.tag)
        pieces += [(separator, "detail--separator"), (tag, "detail--tag")]
        value = MASK.decode() if number in hidden else visible(as_text(message.value(field)))
        pieces.append((value, "detail--value"))
        end = field.end
    pieces.append((_before_value(message.raw[end:], MALFORMED)[0], "detail--separator"))
    lines = [DetailLine(line) for line in wrapped([(visible(prefix.strip()), "detail--dim")], width)] if prefix else []
    return lines + [DetailLine(line) for line in wrapped(pieces, width)]


def _before_value(text: bytes, tag: int) -> tuple[str, str]:
    """What stands between two values: the separator, SOH shown as │, and `tag=`."""
    shown = visible(as_text(text.replace(b"\x01", b"")))
    separator = _SHOWN_SOH * text.count(b"\x01")
    at = shown.rfind(str(tag)) if tag else len(shown)
    return separator + shown[:at], shown[at:]


def wrapped(pieces: list[Piece], width: int) -> Iterator[tuple[Piece, ...]]:
    """The pieces in lines of at most `width` characters, each beginning with a blank."""
    room = max(8, width - 2)
    line: list[Piece] = [(" ", "")]
    left = room
    for text, style in pieces:
        at = 0  # a position, not a shortened text: that would be quadratic for a value of megabytes
        while at < len(text):
            line.append((text[at : at + left], style))
            taken = min(left, len(text) - at)
            at, left = at + taken, left - taken
            if not left:
                yield tuple(line)
                line, left = [(" ", "")], room
    if len(line) > 1:
        yield tuple(line)


def json_lines(value: Mapping[str, JsonValue], width: int) -> list[DetailLine]:
    """JSON, indented by two blanks; short objects and arrays stay on one line."""
    return [
        DetailLine(line)
        for key, text in _json(value, 0, width)
        for line in wrapped([(key, "detail--name"), (text, "detail--value")], width)
    ]


def _json(value: JsonValue, depth: int, width: int, key: str = "", end: str = "") -> Iterator[tuple[str, str]]:
    head = "  " * depth + (f"{json.dumps(key, ensure_ascii=False)}: " if key else "")
    whole = json_text(value)
    if not isinstance(value, Mapping | list | tuple) or not value or (depth and len(head) + len(whole) + 2 < width):
        yield head, visible(whole) + end
        return
    is_object = isinstance(value, Mapping)
    yield head, "{" if is_object else "["
    items = list(value.items()) if isinstance(value, Mapping) else [("", item) for item in value]
    for at, (name, item) in enumerate(items):
        yield from _json(item, depth + 1, width, name, "," if at < len(items) - 1 else "")
    yield "", "  " * depth + ("}" if is_object else "]") + end


def field_text(field: FieldNode, hidden: Callable[[FieldNode], bool]) -> str:
    """`55=EURUSD`."""
    return f"{field.tag}={MASK.decode() if hidden(field) else field.text}"
