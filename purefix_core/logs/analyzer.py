"""A first look at a file: whose messages are these? (spec: Use Case 2, auto-detecting the dictionary)"""

from __future__ import annotations

from pathlib import Path

from purefix_core.logs.index import LogIndex
from purefix_core.logs.scan import scan
from purefix_core.logs.source import open_source

_FIRST_LOOK = 1024 * 1024


class FixFileAnalyzer:
    """Named after the design document's class; it holds no state."""

    @staticmethod
    def extract_sender_comp_id(source: str | Path | bytes) -> str | None:
        """SenderCompID(49) of the first message in the first megabyte that has one; None if there is none.

        `source`: a path, or the contents themselves. Raises LogError if the file cannot be read.
        """
        index = LogIndex()
        head = source[:_FIRST_LOOK] if isinstance(source, bytes) else _head(source)
        index.append(scan(head, 0, 0, len(head), 0, at_end=True))
        return next((entry.session.sender_comp_id for entry in index if entry.session.sender_comp_id), None)


def _head(path: str | Path) -> bytes:
    source = open_source(path)
    try:
        while not source.complete and source.size() < _FIRST_LOOK:
            source.wait(0.1)
        return source.read(0, _FIRST_LOOK)
    finally:
        source.close()
