"""One message as the detail pane holds it: read, decoded, and laid out in lines. Needs no screen, so that a thread can
do it for a message that takes long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from purefix_core.analysis.gaps import gap_before
from purefix_core.analysis.summary import Kind, summarise
from purefix_core.dictionary.message_json import message_to_dict
from purefix_core.dictionary.nodes import DecodedMessage
from purefix_core.logs.index import Entry
from purefix_core.logs.reading import Reader
from purefix_core.wire.message import FixMessage
from purefix_tui.log.detail_lines import DetailLine, Path, still, tree_lines
from purefix_tui.log.detail_text import json_lines, raw_lines, wrapped
from purefix_tui.widgets.plain import visible

LARGE = 16_000
"""Messages of more bytes are decoded in a thread: these take some 20 ms, one of a megabyte takes a second."""


class View(Enum):
    """How the message is shown."""

    TREE = "tree"
    RAW = "raw"
    JSON = "json"


@dataclass(frozen=True)
class Look:
    """What the lines depend on besides the message."""

    view: View
    folds: Mapping[Path, bool]
    """Which parts the user opened or folded."""
    show_secrets: bool
    width: int


@dataclass(frozen=True)
class OpenMessage:
    """One message of a log, decoded."""

    entry: Entry
    message: FixMessage
    decoded: DecodedMessage
    dialect: str | None
    """None where no dictionary could be loaded; the first finding then says why."""
    prefix: str
    refusal: str
    """The whole sentence of a reject, which says why; empty for other messages."""
    gap: str
    """Which sequence numbers are missing before the message; empty if none."""

    @classmethod
    def read(cls, reader: Reader, row: int) -> OpenMessage:
        """Raises IndexError if the log has no such row any more, LogError or OSError if it cannot be read."""
        log = reader.log
        reading = reader.read(row)
        summary = summarise(reading.message, reading.definitions, log.side_of(reading.entry).sent)
        return cls(
            reading.entry,
            reading.message,
            reading.decode(),
            reading.dialect,
            log.prefix(row).text,
            summary.text if summary.kind is Kind.REJECT else "",
            gap_before(log, row),
        )

    @property
    def is_large(self) -> bool:
        return self.entry.length > LARGE


def lines_of(shown: OpenMessage, look: Look) -> list[DetailLine]:
    """What the detail shows of a message."""
    if look.view is View.JSON:
        value = message_to_dict(
            shown.decoded,
            offset=shown.entry.offset,
            length=shown.entry.length,
            dialect=shown.dialect,
            show_secrets=look.show_secrets,
        )
        return json_lines(value, look.width)
    if look.view is View.TREE:
        lines = [still(line) for line in wrapped([(visible(shown.refusal), "detail--error")], look.width)]
        if shown.gap:
            lines.append(still(((f" ! {shown.gap}", "detail--warning"),), ("gap",)))
        return lines + tree_lines(shown.decoded, look.folds, look.show_secrets)
    lines = []
    if shown.dialect is None:
        problem = f"✗ {visible(shown.decoded.findings[0].text)}"
        lines += [still(line) for line in wrapped([(problem, "detail--error")], look.width)]
    return lines + raw_lines(shown.message, shown.prefix, look.width, look.show_secrets)
