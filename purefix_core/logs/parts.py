"""Scanning a large file on several threads: its parts at the same time, their batches in file order.

A part begins at a message start that a strict look-ahead finds. Such a start may lie inside another message, in a data
field: then the scan of the part before runs over it, and what was found from there on is thrown away and scanned anew.
So the batches are those that one thread would have found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from purefix_core.logs.index import INCOMING, OUTGOING, Batch
from purefix_core.logs.prefix import MAX_PREFIX, PrefixReader, prefix_start
from purefix_core.logs.scan import LOOK_BEHIND, scan
from purefix_core.logs.scan_reference import find_start

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

ReadBytes = Callable[[int, int], bytes]
"""Takes an offset and a length in bytes; may give fewer, if the file was cut."""

WINDOW = 4 * 1024 * 1024
LARGEST_WINDOW = 32 * 1024 * 1024
"""Every decision of the scanner needs less than 9 MiB from where it begins."""

PART = 8 * 1024 * 1024
_LOOK_AHEAD = 64 * 1024

_Part = tuple[int, int, int]
"""Where a part starts, where the next does, and the end of the message before it, as far as it is known."""


def scan_parts(
    read: ReadBytes, start: int, end: int, previous_end: int, threads: int
) -> Generator[tuple[int, Batch], None, None]:
    """The batches of a file, each with the offset where it begins: from `start` up to somewhere before `end`.

    What is left is for one thread: less than PART, or more where a part has no message start near its beginning or
    `read` gave too few bytes. `end` is to lie at least LARGEST_WINDOW before the end of the file. Closing the iterator
    waits for the parts that are being scanned.
    """
    begin = start
    parts = ((at, stop, previous_end if at == begin else at) for at, stop in pairwise(_starts(read, start, end)))
    with closing(_in_order(_pool(threads), read, parts, 2 * threads)) as scanned:
        for (part_start, stop, _), batches in scanned:
            if start > part_start:  # the part before ran over its end
                batches = _scan_part(read, start, stop, previous_end)
            elif start > begin:
                _read_first_prefix(read, previous_end, batches)
            for batch in batches:
                if not batch.rows and not batch.skipped:
                    batch.previous_end = previous_end  # not known when the part was scanned
                yield start, batch
                start, previous_end = batch.resume, batch.previous_end
            if start < stop:
                return


@cache
def _pool(threads: int) -> Executor:
    """Kept for all logs: the memory that a thread has freed is of use to that thread alone."""
    from concurrent.futures import ThreadPoolExecutor  # it costs 10 ms to import

    return ThreadPoolExecutor(threads, "scan")


def _starts(read: ReadBytes, start: int, end: int) -> Iterator[int]:
    """`start`, then in each PART of the file the first message start near its beginning, until there is none."""
    yield start
    for offset in range(start + PART, end, PART):
        found = find_start(read(offset, _LOOK_AHEAD))
        if found < 0:
            return
        yield offset + found


def _in_order(
    pool: Executor, read: ReadBytes, parts: Iterable[_Part], ahead: int
) -> Generator[tuple[_Part, list[Batch]], None, None]:
    """Each part with its batches; at most `ahead` parts are scanned before the caller asks for them."""
    from concurrent.futures import wait

    running: deque[tuple[_Part, Future[list[Batch]]]] = deque()
    try:
        for part in parts:
            running.append((part, pool.submit(_scan_part, read, *part)))
            if len(running) > ahead:
                first, result = running.popleft()
                yield first, result.result()
        while running:
            first, result = running.popleft()
            yield first, result.result()
    finally:
        wait([result for _, result in running if not result.cancel()])


def _scan_part(read: ReadBytes, start: int, stop: int, previous_end: int) -> list[Batch]:
    """The batches of one part; they end before `stop` only where `read` gives too few bytes."""
    batches: list[Batch] = []
    want = WINDOW
    while start < stop:
        base = max(0, start - LOOK_BEHIND)
        window = read(base, start + want - base)
        if len(window) < start + want - base:
            break
        batch = scan(window, base, start, stop, previous_end, at_end=False)
        batches.append(batch)
        want = next_window(want, batch.resume - start)
        start, previous_end = batch.resume, batch.previous_end
    return batches


def next_window(size: int, decided: int) -> int:
    """The size of the next window, given that `decided` bytes of one of `size` were: larger if they were few."""
    return min(2 * size, LARGEST_WINDOW) if 2 * decided < size else WINDOW


def _read_first_prefix(read: ReadBytes, previous_end: int, batches: Sequence[Batch]) -> None:
    """Read the prefix of a part's first message, now that the end of the message before it is known."""
    rows = next((batch.rows for batch in batches if batch.rows), None)
    if rows is None:
        return
    lowest = max(previous_end, rows.offset[0] - MAX_PREFIX)
    text = read(lowest, rows.offset[0] - lowest)
    prefix = text[prefix_start(text, len(text), 0) :]
    if prefix and not prefix.isspace():
        rows.log_time[0], direction = PrefixReader().read(prefix)
        if direction is not None:
            rows.flags[0] |= INCOMING if direction == "in" else OUTGOING
