"""Lines that are wrapped below their own beginning, not at the left margin."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from textual.content import Content

from purefix_tui.widgets.plain import visible

StyledLine = tuple[str, str]
"""A line and its style: "" or colours of the theme."""

_LABELS = (
    "out:",
    "in:",
    "out",
    "in",
    "!",
    "✗",
    "✓",
    "→",
    "note:",
    "last received",
    "created",
    "last changed",
    "messages",
    "backups",
)
_BEGINNING = re.compile(rf"\s*(?:(?:{'|'.join(_LABELS)}|not resent)\s+)?")
_NARROWEST = 30


def wrapped(lines: Sequence[StyledLine], width: int) -> Content:
    """The lines, each wrapped to `width` cells."""
    parts: list[Content] = []
    for line, style in lines:
        text = visible(line)
        match = _BEGINNING.match(text)
        indent = " " * (match.end() if match else 0)
        pieces = textwrap.wrap(
            text,
            max(width, _NARROWEST),
            subsequent_indent=indent,
            replace_whitespace=False,
            break_on_hyphens=False,
        )
        parts += [Content.styled(piece, style) for piece in pieces or [""]]
    return Content("\n").join(parts)
