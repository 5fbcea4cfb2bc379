"""One event as the detail pane shows it: its whole text."""

from __future__ import annotations

from textual.content import Content

from purefix_core.session.events import Level
from purefix_core.wire.timestamps import to_iso
from purefix_tui.log.detail_lines import DetailLine, still
from purefix_tui.log.detail_text import wrapped
from purefix_tui.log.event_lines import EventLine
from purefix_tui.widgets.plain import visible

_TITLES = {
    Level.INFO: ("Event", "$primary"),
    Level.WARNING: ("! Warning", "$warning"),
    Level.ERROR: ("✗ Error", "$error"),
}


def event_title(event: EventLine) -> Content:
    """What kind of event it is, and its time in UTC."""
    text, colour = _TITLES[event.level]
    return Content.assemble((text, f"bold {colour}"), (f"   {to_iso(event.time)}", "$muted"))


def event_lines(event: EventLine, width: int) -> list[DetailLine]:
    """The text, wrapped at `width` cells."""
    lines = [line for part in event.text.splitlines() for line in wrapped([(visible(part), "detail--name")], width)]
    return [still(line) for line in lines]
