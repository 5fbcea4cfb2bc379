"""A message as plain text in the detail pane: as it stands in the log, or as JSON; wrapped at the pane's width."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import MASK, secret_fields
from purefix_tui.log.detail_lines import SHOWN, DetailLine, cut, still
from purefix_tui.widgets.line_table import Piece
from purefix_tui.widgets.plain import visible

_SHOWN_SOH = "│"


def raw_lines(message: FixMessage, prefix: str, width: int, show_secrets: bool) -> list[DetailLine]:
    """The message as it stands in the log, with its separators visible, wrapped at `width` cells."""
    hidden = frozenset() if show_secrets else secret_fields(message)
    pieces: list[Piece] = []
    end = 0
    for number, field in enumerate(message.fields):
        separator, tag = _before_value(message.raw[end : field.start], field.tag)
        pieces += [(separator, "detail--separator"), (tag, "detail--tag")]
        value = MASK.decode() if number in hidden else cut(as_text(message.value(field)))
        pieces.append((value, "detail--value"))
        end = field.end
    pieces.append((_before_value(message.raw[end:], MALFORMED)[0], "detail--separator"))
    lines = [still(line) for line in wrapped([(visible(prefix.strip()), "detail--dim")], width)] if prefix else []
    return lines + [still(line) for line in wrapped(pieces, width)]


def _before_value(text: bytes, tag: int) -> tuple[str, str]:
    """What stands between two values: the separator, SOH shown as │, and `tag=`."""
    shown = visible(as_text(text.replace(b"\x01", b"")))
    separator = _SHOWN_SOH * text.count(b"\x01")
    at = shown.rfind(str(tag)) if tag else len(shown)
    return separator + shown[:at], shown[at:]


def wrapped(pieces: list[Piece], width: int) -> Iterator[tuple[Piece, ...]]:
    """The pieces in lines of at most `width` characters, each beginning with a blank; none for no text."""
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
    """JSON, indented by two blanks; short objects and arrays stay on one line, long texts are cut."""
    return [
        still(line)
        for key, text in _json(value, 0, width)
        for line in wrapped([(key, "detail--name"), (text, "detail--value")], width)
    ]


def _json(value: JsonValue, depth: int, width: int, key: str = "", end: str = "") -> Iterator[tuple[str, str]]:
    head = "  " * depth + (f"{json.dumps(key, ensure_ascii=False)}: " if key else "")
    if isinstance(value, str) and len(value) > SHOWN:
        yield head, cut(json_text(value)) + end
        return
    if (
        not isinstance(value, Mapping | list | tuple)
        or not value
        or (depth and _fits(value, len(value), width - 2 - len(head)))
    ):
        yield head, visible(json_text(value)) + end
        return
    is_object = isinstance(value, Mapping)
    yield head, "{" if is_object else "["
    items = list(value.items()) if isinstance(value, Mapping) else [("", item) for item in value]
    for at, (name, item) in enumerate(items):
        yield from _json(item, depth + 1, width, name, "," if at < len(items) - 1 else "")
    yield "", "  " * depth + ("}" if is_object else "]") + end


def _fits(value: JsonValue, items: int, room: int) -> bool:
    """Whether the JSON text of an object or array is shorter than `room`; not written out where it cannot be."""
    return 3 * items < room and len(json_text(value)) < room
