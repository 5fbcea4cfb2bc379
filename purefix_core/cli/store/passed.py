"""Which kept messages a new last number sent passes by, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from purefix_core.cli.store.forecasts import counted_text, counted_to_json
from purefix_core.cli.store.lines import Line, command
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.finding import StoreLocation
from purefix_core.store.next_logon import Resend, count_messages, span
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM


class Passed(NamedTuple):
    now_sent: Resend | None = None
    """Messages above the old number and up to the new one, which count as sent for QuickFIX; None where there are
    none."""
    withdrawn: Resend | None = None
    """The same of a store of ours, which knows that they were never sent, or withdrawn by hand."""
    above: Resend | None = None
    """Messages above a number that was lowered, or that could not be read before; None where there are none."""


def what_is_passed(location: StoreLocation, store: FixMsgStore, before: int | None, after: int) -> Passed:
    """What the number passes by when it is set, in a store as it was. `before`: None where it could not be read."""
    if before is not None and after > before:
        kept = _kept(store, before + 1, after)
        return Passed(withdrawn=kept) if location.files is None else Passed(now_sent=kept)
    if before == after:
        return Passed()
    return Passed(above=_kept(store, after + 1, MAX_SEQ_NUM))


def _kept(store: FixMsgStore, first: int, last: int) -> Resend | None:
    """The messages that are kept of these numbers, from the first one that is on."""
    numbers = store.kept_numbers(first, last)
    first_kept = next(numbers, None)
    if first_kept is None:
        return None
    last_kept = max(numbers, default=first_kept)
    return count_messages(store, first_kept, last_kept)


def passed_lines(location: StoreLocation, passed: Passed) -> Iterator[Line]:
    """What that means for a resend, with the command that prevents it."""
    if passed.now_sent is not None:
        numbers = span(passed.now_sent.first, passed.now_sent.last)
        text = f"{numbers}: {counted_text(passed.now_sent)}, stood above the last number sent and now count as sent"
        if passed.now_sent.business:
            yield Line("  ! ", f"{text}. What is business is resent when the peer asks for it, unless:")
            yield Line("    ", command("gap-fill", location, numbers), is_command=True)
        else:
            yield Line("  ! ", text)
    if passed.withdrawn is not None:
        numbers = span(passed.withdrawn.first, passed.withdrawn.last)
        text = f"{numbers}: {counted_text(passed.withdrawn)}, stood above the last number sent"
        yield Line("  ! ", f"{text}: never sent, or withdrawn by hand. They are gap-filled, not resent")
    if passed.above is not None:
        numbers = span(passed.above.first, passed.above.last)
        text = f"{numbers}: {counted_text(passed.above)}, stand above the last number sent now"
        yield Line("  ! ", f"{text}; they are kept, and not resent")


def passed_to_json(passed: Passed) -> dict[str, JsonValue]:
    return {
        "nowSent": None if passed.now_sent is None else counted_to_json(passed.now_sent),
        "withdrawn": None if passed.withdrawn is None else counted_to_json(passed.withdrawn),
        "aboveLastSent": None if passed.above is None else counted_to_json(passed.above),
    }
