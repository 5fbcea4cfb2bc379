"""What the numbers, as they are or as typed, mean at the next Logon. The sentences are those of the library."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.cli.store.passed import Passed, passed_lines, what_is_passed
from purefix_core.store.located import LocatedStore, numbers_in
from purefix_core.store.next_logon import RESET_INSTEAD, Direction, forecast, span
from purefix_core.store.proposing import Proposal, propose
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_tui.stores.findings import damage_among
from purefix_tui.stores.reading import StoreReading
from purefix_tui.stores.words import iso, plain
from purefix_tui.stores.wrapping import StyledLine
from purefix_tui.widgets.plain import human_size

_LISTED = 4
"""So many ranges and backups are named."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields; None where nothing does, or no number."""

    next_out: int | None = None
    next_in: int | None = None
    peer_expects: int | None = None
    peer_next: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The lines, and what is proposed."""

    typed: Typed
    lines: tuple[StyledLine, ...]
    next_out: int | None = None
    """What is proposed for it and does not stand in the field yet."""
    next_in: int | None = None
    damage: tuple[str, ...] = ()
    """Damaged messages that were met, a line each."""


def outlook(reading: StoreReading, typed: Typed) -> Outlook:
    """What happens at the next Logon. It may read a million messages, which takes seconds. Never raises."""
    lines: list[StyledLine] = []
    if reading.refused:
        lines.append((f"! {_plain(reading, reading.refused)}", "$warning"))
    elif reading.health.holder:
        lines.append((f"! in use by {reading.health.holder}", "$warning"))
    if reading.opened is None:
        lines.append((f"✗ {_plain(reading, reading.problem)}", "$error"))
        if not reading.refused:
            lines.append(("Type both numbers, and save: the file is written anew.", ""))
        return Outlook(typed, tuple(lines))
    for name, odd in zip(("out", "in"), reading.unreadable, strict=True):
        if odd:
            lines.append((f"✗ next {name}: {odd}", "$error"))
    try:
        with reading.opened.reading() as store:
            if store is None:  # a newer reading is shown by now
                return Outlook(typed, ())
            said, proposal = _at_the_next_logon(reading, store, typed)
            notices = tuple(dict.fromkeys(store.notices))  # a message that is read again is told of again
    except (StoreError, OSError, ValueError) as error:
        return Outlook(typed, (*lines, (f"✗ {_plain(reading, str(error))}", "$error")))
    lines += [(f"! {_plain(reading, notice)}", "$warning") for notice in notices[:_LISTED]]
    if lines:
        lines.append(("", ""))
    lines += said
    new_out = proposal.next_out if proposal.next_out != typed.next_out else None
    new_in = proposal.next_in if proposal.next_in != typed.next_in else None
    if reading.refused:
        new_out = new_in = None
    return Outlook(typed, tuple(lines), new_out, new_in, damage_among(notices))


def _at_the_next_logon(reading: StoreReading, store: LocatedStore, typed: Typed) -> tuple[list[StyledLine], Proposal]:
    state = store.get_state()
    sent = state.last_sent_seq_num if typed.next_out is None else typed.next_out - 1
    received = state.last_received_seq_num if typed.next_in is None else typed.next_in - 1
    before = None if reading.unreadable[0] else state.last_sent_seq_num
    passed = what_is_passed(reading.location, store, before, sent)
    kept_to = MAX_SEQ_NUM if passed.withdrawn is None or before is None else before
    coming = forecast(
        store, typed.peer_expects, typed.peer_next, last_sent=sent, last_received=received, kept_to=kept_to
    )
    changed = (sent, received) != (state.last_sent_seq_num, state.last_received_seq_num)
    title = "Once this is saved, at the next Logon" if changed else "At the next Logon"
    lines: list[StyledLine] = [(title, "bold $primary")]
    lines += _directed("out", coming.outgoing)
    lines += _directed("in", coming.incoming)
    lines += [(f"  ! {text}", "$warning") for text in _passed_texts(reading, passed)]
    proposal = propose(store, typed.peer_expects, typed.peer_next)
    if proposal.is_needed:
        numbers = [
            f"next {name} {value}" for name, value in (("out", proposal.next_out), ("in", proposal.next_in)) if value
        ]
        stand = (proposal.next_out, proposal.next_in)
        hint = "" if _stands_there(typed, *stand) else "   (p puts it in)"
        lines.append((f"→ proposed: {', '.join(numbers)}{hint}", "bold $success"))
    lines.append((f"  {RESET_INSTEAD}", "$muted"))
    return lines, proposal


def _stands_there(typed: Typed, next_out: int | None, next_in: int | None) -> bool:
    return next_out in (None, typed.next_out) and next_in in (None, typed.next_in)


def _directed(name: str, direction: Direction) -> list[StyledLine]:
    style = "$error" if direction.outcome == "logout" else "$success" if direction.outcome == "in sequence" else ""
    return [
        (f"  {name if not place else '':<4} {sentence}", style if not place else "")
        for place, sentence in enumerate(direction.sentences)
    ]


def _passed_texts(reading: StoreReading, passed: Passed) -> list[str]:
    """What becomes of the messages that a new number passes by, without the commands of the shell."""
    return [
        line.text.removesuffix(", unless:") for line in passed_lines(reading.location, passed) if not line.is_command
    ]


def facts(reading: StoreReading) -> list[StyledLine]:
    """What else there is to know of a store."""
    health = reading.health
    lines: list[StyledLine] = [
        (f"messages        {health.messages:,} kept, {human_size(health.size)} in all files", ""),
    ]
    session = reading.session
    if session is not None:
        times = {"last received": session.last_received_time, "created": session.created_time}
        times["last changed"] = session.last_modified_time
        shown = times if not reading.is_ours else {"last changed": session.last_modified_time}
        lines += [(f"{name:<15} {iso(time)}", "") for name, time in shown.items() if time is not None]
    if reading.ranges is not None and reading.ranges.ranges:
        listed = [f"{span(first, last)}{reason and f' ({reason})'}" for first, last, reason in reading.ranges]
        lines.append((f"not resent      {_some(listed)}", ""))
    if reading.backups:
        listed = []
        for backup in reading.backups[:_LISTED]:
            last = numbers_in(backup)
            listed.append(backup.stamp if last is None else f"{backup.stamp}: {last[0] + 1} / {last[1] + 1}")
        more = len(reading.backups) - len(listed)
        lines.append((f"backups         {', '.join(listed)}{f' and {more:,} more' if more else ''}", ""))
    else:
        lines.append(("backups         none", "$muted"))
    return lines


def _some(listed: list[str]) -> str:
    more = f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else ""
    return ", ".join(listed[:_LISTED]) + more


def _plain(reading: StoreReading, text: str) -> str:
    return plain(text, reading.location.path, reading.location.folder)
