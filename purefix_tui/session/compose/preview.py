"""The very bytes that would be sent, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from purefix_core.session.compose.checking import ERROR, Problem
from purefix_core.wire.message import as_text
from purefix_tui.widgets.plain import visible

_MOST_LINES = 3
"""Of problems; the fields are marked anyway."""
_MOST_SHOWN = 20_000
"""Bytes of a message."""
_MISSING = "Required field missing: "


class Preview(VerticalScroll):
    """Scrolls where it is longer than its place."""

    HELP = """The message as it would be sent now, to the byte, with | for SOH, but for SendingTime and passwords. Above
it stands what the dictionary finds wrong; a wrong message can be sent all the same."""

    DEFAULT_CSS = """
    Preview { height: 25%; min-height: 6; border-top: solid $rule; border-title-color: $muted; }
    Preview:focus { border-top: solid $primary; }
    Preview > Static { width: 100%; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._content = Static("")

    def compose(self) -> ComposeResult:
        yield self._content

    def show(self, raw: bytes, problems: Sequence[Problem]) -> None:
        """`raw`: the message, its secrets masked."""
        shown = visible(as_text(raw[:_MOST_SHOWN].replace(b"\x01", b"|")))
        more = " …" if len(raw) > _MOST_SHOWN else ""
        self._show(problems, (f"{shown}{more}", "$way-out"))
        self.border_title = f"would be sent: {len(raw):,} bytes"

    def show_none(self, why: str, problems: Sequence[Problem]) -> None:
        """There is nothing that could be sent."""
        self._show(problems, (f"✗ {visible(why)}", "$error"))
        self.border_title = "would be sent: nothing"

    def _show(self, problems: Sequence[Problem], message: tuple[str, str]) -> None:
        self._content.update(Content.assemble(*(problem_lines(problems)), message))


def warnings_of(problems: Sequence[Problem]) -> tuple[str, ...]:
    """What is wrong, as sentences for whoever asks before it is sent."""
    return tuple(text.rstrip("\n").lstrip("✗! ") for text, _ in problem_lines(problems))


def problem_lines(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """What is wrong, the worst first, in a few lines; what is missing in one."""
    missing = [each.text.removeprefix(_MISSING) for each in problems if each.text.startswith(_MISSING)]
    others = [each for each in problems if not each.text.startswith(_MISSING)]
    others.sort(key=lambda each: each.severity != ERROR)
    lines = [(f"! Missing: {visible(', '.join(missing))}\n", "$warning")] if missing else []
    for problem in others[: _MOST_LINES - len(lines)]:
        mark, style = ("✗", "$error") if problem.severity == ERROR else ("!", "$warning")
        lines.append((f"{mark} {visible(problem.text)}\n", style))
    left_out = len(others) - _MOST_LINES + bool(missing)
    if left_out > 0:
        lines.append((f"  and {left_out:,} more, which are marked\n", "$muted"))
    return lines
