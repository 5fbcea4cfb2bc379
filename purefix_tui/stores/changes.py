"""What can be done with a store, told before it is done. Each function reads the store, in a thread, and changes
nothing; it raises StoreError and OSError, also where the change is not possible."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from purefix_core.cli.store.forecasts import counted_text
from purefix_core.cli.store.passed import passed_lines, what_is_passed
from purefix_core.store.backups import BackupSet
from purefix_core.store.changing import (
    Edit,
    check_numbers,
    gap_fill,
    refuse_edit,
    repair,
    resend_again,
    reset,
    restore,
    set_numbers,
    warnings_before_edit,
)
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.located import numbers_in, open_store, unreadable_numbers
from purefix_core.store.meta_edit import (
    UNCHANGED,
    difference,
    problems_of_text,
    read_text,
    save_text,
    warnings_of_text,
    with_fields,
)
from purefix_core.store.next_logon import count_messages, span
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import parse_session_meta
from purefix_tui.stores.change_dialog import Change
from purefix_tui.stores.reading import stamp_of

_MOST_LINES = 60
"""A difference of more lines is cut: nobody reads it in a dialog."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the fields. A text of a time is None where it was not touched."""

    next_out: int
    next_in: int
    received: str | None = None
    created: str | None = None


def as_described(location: StoreLocation, describe: Callable[[], Change]) -> Change:
    """What `describe` tells; to do it raises StoreError where the files are not those any more that it tells of."""
    stamp = stamp_of(location)
    change = describe()

    def perform() -> Edit:
        if stamp_of(location) != stamp:
            raise StoreError(f"{location.path}: its files have changed meanwhile; look at it again")
        return change.perform()

    return replace(change, perform=perform)


def numbers_change(location: StoreLocation, wanted: Wanted) -> Change:
    """Save what stands in the fields; the times only count in our own layout."""
    refuse_edit(location)
    lasts = wanted.next_out - 1, wanted.next_in - 1
    check_numbers(location, *lasts)
    if location.layout == PUREFIX:
        text = read_text(location.path)
        if not problems_of_text(location.path / META_NAME, text):
            return text_change(location, text, _with(text, wanted))
    before, lines = _what_they_mean(location, wanted.next_out, wanted.next_in)
    old, new = (
        f"next out {out or '?'}, next in {into or '?'}" for out, into in (before, (wanted.next_out, wanted.next_in))
    )
    return Change(
        "Save the numbers?",
        partial(set_numbers, location, *lasts),
        lines,
        (f"- {old}", f"+ {new}"),
        tuple(warnings_before_edit(location)),
    )


def _what_they_mean(
    location: StoreLocation, next_out: int, next_in: int
) -> tuple[tuple[int | None, int | None], tuple[str, ...]]:
    """The numbers as they are, and what new ones mean, a line each."""
    before, passed = _stands(location, next_out)
    return before, (*_steps("out", before[0], next_out), *_steps("in", before[1], next_in), *passed)


def _steps(name: str, before: int | None, after: int) -> Iterator[str]:
    """How far a number moves, so that one digit too many is seen."""
    if before is None:
        yield f"next {name}: {after:,}; what it was cannot be read."
    elif after != before:
        count = abs(after - before)
        numbers = f"{count:,} number{'' if count == 1 else 's'}"
        what = f"{numbers} will be left out" if after > before else f"{numbers} will be used once more"
        yield f"next {name}: from {before:,} to {after:,}; {what}."


def _with(text: str, wanted: Wanted) -> str:
    """`session.meta` with what stands in the fields."""
    return with_fields(
        text,
        next_out=wanted.next_out,
        next_in=wanted.next_in,
        last_received_time=UNCHANGED if wanted.received is None else time_of(wanted.received),
        created_time=UNCHANGED if wanted.created is None else time_of(wanted.created),
    )


def time_of(text: str) -> int | None:
    """A time as `session.meta` may have it, in nanoseconds; None for no text. Raises StoreError."""
    document = {"lastSentSeqNum": 0, "lastReceivedSeqNum": 0, "createdTime": text.strip() or None}
    try:
        return parse_session_meta(Path(META_NAME), json.dumps(document).encode()).state.created_time
    except StoreError as error:
        raise StoreError(str(error).partition("createdTime: ")[2]) from None


def _stands(location: StoreLocation, next_out: int) -> tuple[tuple[int | None, int | None], tuple[str, ...]]:
    """The numbers as they are, and what becomes of the messages that the new one passes by."""
    try:
        with closing(open_store(location)) as store:
            state, odd = store.get_state(), unreadable_numbers(store)
            last = None if odd[0] else state.last_sent_seq_num
            passed = passed_lines(location, what_is_passed(location, store, last, next_out - 1))
            lines = tuple(line.text.removesuffix(", unless:") for line in passed if not line.is_command)
            numbers = (state.last_sent_seq_num + 1, state.last_received_seq_num + 1)
            out, into = (None if wrong else number for wrong, number in zip(odd, numbers, strict=True))
            return (out, into), lines
    except StoreError as error:
        return (None, None), (f"It cannot be read: {error}",)


def text_change(location: StoreLocation, before: str, text: str) -> Change:
    """Save `session.meta` as it was typed; `before` is what was there when that began."""
    refuse_edit(location)
    state = parse_session_meta(location.path / META_NAME, text.encode()).state
    _, lines = _what_they_mean(location, state.last_sent_seq_num + 1, state.last_received_seq_num + 1)
    return Change(
        f"Save {META_NAME}?",
        lambda: Edit(backups=tuple(save_text(location.path, text, before))),
        lines,
        difference=_cut(difference(before, text)),
        warnings=tuple(warnings_of_text(before, text)),
    )


def undo_change(location: StoreLocation, backup: BackupSet) -> Change:
    """Put the files of a backup back."""
    refuse_edit(location)
    would_be = restore(location, backup, dry_run=True).done
    lines = [f"{path.name} as it was on {_when(backup.stamp)}" for path, _ in backup.files]
    lines += [line for line in would_be if line.startswith(RESEND_NAME)]  # which messages it names
    last = numbers_in(backup)
    if last is not None:
        now = _numbers_now(location)
        lines.append(f"next out {last[0] + 1}, next in {last[1] + 1}{now and f' (now: {now})'}")
    lines.append("What is there now is kept as another backup; what was sent since is not in this one.")
    shown: list[str] = []
    for path, copy in backup.files:
        if path.name == META_NAME:
            with suppress(OSError, StoreError):
                shown = difference(read_text(path.parent), copy.read_text("utf-8", "replace"))
    return Change(
        "Put this backup back?",
        partial(restore, location, backup),
        tuple(lines),
        _cut(shown),
        tuple(warnings_before_edit(location)),
    )


def repair_change(location: StoreLocation) -> Change:
    """Put right what can be."""
    refuse_edit(location)
    return Change(
        "Put right what can be?",
        partial(repair, location),
        (
            "Half a message at the end is cut off, the index is completed or made anew; no number is changed.",
            "What is cut off or replaced is kept under a dated name, and it is said what was done.",
        ),
        (),
        tuple(warnings_before_edit(location)),
    )


def reset_change(location: StoreLocation) -> Change:
    """Begin both directions with 1."""
    refuse_edit(location)
    now = _numbers_now(location)
    lines = ["Begin with 1 and 1, and forget all messages. The counterparty must do the same."]
    if now:
        lines.insert(0, f"Now: {now}.")
    return Change(
        "Reset the store?", partial(reset, location), tuple(lines), (), tuple(warnings_before_edit(location)), True
    )


def mark_change(location: StoreLocation, first: int, last: int, reason: str) -> Change:
    """Messages that are not to be resent."""
    refuse_edit(location)
    with closing(open_store(location)) as store:
        sent = store.get_last_sent_seq_num()
        known = max((sent, *deque(store.kept_numbers(sent + 1, MAX_SEQ_NUM), maxlen=1)))
        if last > known:
            raise StoreError(f"{last} is above {known}, the greatest number that the store knows")
        counted = count_messages(store, first, last)
    edit = gap_fill(location, first, last, reason, dry_run=True)
    lines = [f"{span(first, last)}: {counted_text(counted)}; instead of them a gap will be filled.", *edit.done]
    if reason and edit.ranges is None:
        lines.append("The reason is not kept: QuickFIX has no place for it.")
    return Change(
        "Gap-fill instead of resending?",
        partial(gap_fill, location, first, last, reason),
        tuple(lines),
        (),
        tuple(warnings_before_edit(location)),
    )


def resend_change(location: StoreLocation, first: int, last: int) -> Change:
    """Messages that may be resent again."""
    refuse_edit(location)
    edit = resend_again(location, first, last, dry_run=True)
    if not edit.changed:
        raise StoreError(f"no message of {span(first, last)} was kept from being resent")
    return Change(
        "Let them be resent again?",
        partial(resend_again, location, first, last),
        (f"{span(first, last)} will be resent when the counterparty asks for it.", *edit.done),
        (),
        tuple(warnings_before_edit(location)),
    )


def _numbers_now(location: StoreLocation) -> str:
    """`next out 120, next in 57, 119 messages`; "" where they cannot be read."""
    try:
        with closing(open_store(location)) as store:
            state = store.get_state()
    except StoreError:
        return ""
    out, into = state.last_sent_seq_num + 1, state.last_received_seq_num + 1
    return f"next out {out}, next in {into}, {state.messages:,} messages"


def _when(stamp: str) -> str:
    """`2026-01-31 23:59:59 UTC` of `20260131-235959`."""
    day, clock = stamp[:8], stamp[9:15]
    return f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:]} UTC"


def _cut(lines: list[str]) -> tuple[str, ...]:
    """The lines that differ and those around them, without the names of the files and the places."""
    lines = [line for line in lines if not line.startswith(("--- ", "+++ ", "@@"))]
    shown = tuple(islice(lines, _MOST_LINES))
    return (*shown, f"… and {len(lines) - _MOST_LINES:,} more lines") if len(lines) > _MOST_LINES else shown
