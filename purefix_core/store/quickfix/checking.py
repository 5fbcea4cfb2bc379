"""Looks at everything that a QuickFIX store holds, and says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from purefix_core.store.progress import OnProgress, telling, untold
from purefix_core.store.quickfix.body import without_entry
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import CPP, QuickFixFiles
from purefix_core.store.verify import Verified, missing_numbers

MOST_LINES = 10_000


def verify(files: QuickFixFiles, on_progress: OnProgress = untold) -> Verified:
    """What is wrong, with file, number and offset, at most 10,000 lines, and what should be known. Changes nothing.

    Raises StoreError where the files cannot be read.
    """
    problems: list[str] = []
    missed = 0

    def note(line: str) -> None:
        nonlocal missed
        if len(problems) < MOST_LINES:
            problems.append(line)
        else:
            missed += 1

    with closing(QuickFixFileStore(files, say=note, on_progress=on_progress)) as store:
        for entry in telling(store.entries, on_progress, "messages read"):
            wrong = store.what_is_wrong_with(entry)
            if wrong:
                note(wrong)
        notes = list(_notes(files, store, on_progress))
    if missed:
        problems.append(f"{files.path}: {missed:,} further lines are left out")
    return Verified([line for line in problems if line != store.without_header], notes)


def _notes(files: QuickFixFiles, store: QuickFixFileStore, on_progress: OnProgress) -> Iterator[str]:
    if files.guess:
        yield f"{files.path}: {files.guess}"
    last_sent = store.get_last_sent_seq_num()
    for line in missing_numbers(store.kept_numbers(1, last_sent), last_sent):
        yield f"{files.path}: {line}"
    found = without_entry(files, store.entries, on_progress)
    if not found:
        return
    first, last = found.least, found.greatest
    back = f"; gap-fill --remove {first}-{last} lets them be resent" if files.engine == CPP else ""
    yield (
        f"{files.body}: no entry of {files.header.name} points at {len(found):,} whole messages, the first "
        f"{first}, the last {last}: they are gap-filled{back}"
    )
