"""Before a huge log is indexed: about how many messages it holds, and where in it a time of day lies."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.logs.index import Segment
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.scan import scan
from purefix_core.wire.timestamps import NO_TIME

HUGE = 100_000_000
"""More messages than this are not indexed without asking: at 40 bytes each the index alone takes 4 GB."""

_SAMPLE = 256 * 1024
_SAMPLES = 16


@dataclass(frozen=True, slots=True)
class Estimate:
    """`messages` is extrapolated from samples; the times are the first and last SendingTime sampled (NO_TIME: none)."""

    messages: int
    first_time: int
    last_time: int


def estimate(log: LogFile) -> Estimate:
    """Look at up to 16 places of 256 KiB, evenly spread over the file."""
    size = log.source.size()
    starts = sorted({size * number // _SAMPLES for number in range(_SAMPLES)} | {max(0, size - _SAMPLE)})
    messages = sampled = 0
    times: list[int] = []
    for start in starts:
        rows = _sample(log, start)
        messages += len(rows)
        sampled += min(_SAMPLE, size - start)
        times += [time for time in rows.sending_time if time != NO_TIME]
    return Estimate(
        size * messages // sampled if sampled else 0,
        times[0] if times else NO_TIME,
        times[-1] if times else NO_TIME,
    )


def restrict_to_times(log: LogFile, begin: int | None, end: int | None) -> None:
    """Let only the part of a log be indexed that was sent from `begin` to `end` (nanoseconds UTC; None: no limit)."""
    start = 0 if begin is None else offset_of_time(log, begin)
    stop = None if end is None else offset_of_time(log, end) + 2 * _SAMPLE
    log.restrict(start, stop)


def offset_of_time(log: LogFile, time: int) -> int:
    """A file offset before which (almost) all messages were sent earlier than `time`, by bisection.

    `time` is nanoseconds UTC. SendingTimes in a log rise but for small disorder; a sample's first one speaks for it.
    """
    low, high = 0, log.source.size()
    while high - low > _SAMPLE:
        middle = (low + high) // 2
        first = next((sent for sent in _sample(log, middle).sending_time if sent != NO_TIME), NO_TIME)
        if first != NO_TIME and first < time:
            low = middle
        else:
            high = middle
    return low


def _sample(log: LogFile, start: int) -> Segment:
    sample = log.source.read(start, _SAMPLE)
    return scan(sample, start, start, start + len(sample), start, at_end=True).rows
