"""The line that says what is open: file, size, messages, sessions, time span, and how far index and filter are."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

from purefix_tui.widgets.plain import human_size, visible

_BAR_CELLS = 16


@dataclass(frozen=True, slots=True)
class Facts:
    """What the header shows of one log."""

    name: str
    size: int = 0
    messages: int = 0
    sessions: int = 0
    span: str = ""
    """From when to when."""
    skipped: int = 0
    indexing: float | None = None
    """How much of the file is indexed, 0 to 1; None when that is over."""
    reading: bool = False
    """Whether a stream is indexed that still comes, so that nobody knows how much that is."""
    shown: int | None = None
    """How many messages pass the filter; None without one."""
    filtering: bool = False
    """Whether more messages may pass it than those."""
    searched: float | None = None
    """How much the filter has searched of what is indexed, 0 to 1; None when nobody waits for it."""
    notice: str = ""
    """What happened to the file."""
    below: int = 0
    """How many lines of a log that is followed stand below those on screen."""


class Header(Static):
    """One line of facts."""

    DEFAULT_CSS = """
    Header { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def show(self, facts: Facts) -> None:
        if facts != self.facts or not self.content:
            self.facts = facts
            self.update(header_line(facts), layout=False)


def header_line(facts: Facts) -> Content:
    """The facts as styled text, the most important first."""
    more = ">" if facts.indexing is not None else ""
    pieces: list[tuple[str, str]] = [(visible(facts.name), "bold")]
    if not facts.reading:
        pieces.append((f"   {human_size(facts.size)}", "$muted"))
    total = f"{more}{facts.messages:,} message{'' if facts.messages == 1 else 's'}"
    if facts.shown is None:
        pieces.append((f"   {total}", ""))
    else:
        shown = f"{'>' if facts.filtering else ''}{facts.shown:,}"
        pieces += [(f"   {shown}", "bold $primary"), (f" of {total}", "")]
    if facts.searched is not None:
        pieces += _bar(facts.searched, "searched")
    elif facts.reading:
        pieces.append((f"   reading, {human_size(facts.size)}, Esc stops", "$muted"))
    elif facts.indexing is not None:
        pieces += _bar(facts.indexing, "indexed")
    if facts.below:
        pieces.append((f"   ↓ {facts.below:,} below, End goes there", "bold $warning"))
    if facts.notice:
        pieces.append((f"   ! {facts.notice}", "bold $warning"))
    if facts.indexing is None:
        if facts.sessions:
            pieces.append((f"   {facts.sessions:,} session{'' if facts.sessions == 1 else 's'}", "$muted"))
        if facts.span:
            pieces.append((f"   {facts.span}", "$muted"))
        if facts.skipped:
            pieces.append((f"   {facts.skipped:,} range{'' if facts.skipped == 1 else 's'} skipped", "$warning"))
    return Content.assemble(*pieces)


def _bar(part: float, what: str) -> list[tuple[str, str]]:
    done = int(part * _BAR_CELLS)
    return [
        ("   " + "━" * done, "$primary"),
        ("━" * (_BAR_CELLS - done), "$rule"),
        (f" {percent(part)} {what}, Esc stops", "$muted"),
    ]


def percent(part: float) -> str:
    """A part of 1 in whole percents: 100 only where nothing is missing."""
    return f"{int(part * 100)}%"
