"""Looks at everything that a QuickFIX store holds, and says what is wrong."""

from __future__ import annotations

from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import QuickFixFiles

MOST_LINES = 10_000


def verify(files: QuickFixFiles) -> list[str]:
    """A line for each thing that is wrong, with file, number and offset; none where all is well. At most 10,000 lines.

    Raises StoreError where the files cannot be read.
    """
    lines: list[str] = []
    missed = 0

    def note(line: str) -> None:
        nonlocal missed
        if len(lines) < MOST_LINES:
            lines.append(line)
        else:
            missed += 1

    store = QuickFixFileStore(files, say=note)
    try:
        for entry in store.entries:
            wrong = store.what_is_wrong_with(entry)
            if wrong:
                note(wrong)
    finally:
        store.close()
    if missed:
        lines.append(f"{files.path}: {missed:,} further lines are left out")
    return lines
