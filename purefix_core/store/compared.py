"""What two stores say of each number, as ranges of numbers of which the same can be said.

Both are read on the way, and never more than some messages of each are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal, NamedTuple

from purefix_core.store.kept import kept_messages
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.store.stored_messages import stored_messages
from purefix_core.wire.tags import ADMIN_MSG_TYPES

Direction = Literal["out", "in"]
"""Of ours: `out` is what we send."""


class Standing(StrEnum):
    """What one store says of a number."""

    KEPT = "kept"
    MARKED = "kept, not to be resent"
    SESSION = "kept, session message"
    """Never resent. Only told of what the other side has missed."""
    DAMAGED = "damaged"
    NOT_KEPT = "not kept"
    """It counts as sent, and there is no message."""
    ABOVE = "kept, above last sent"
    NOT_SENT = "not sent"
    RECEIVED = "received"
    NOT_RECEIVED = "not received"


class Match(StrEnum):
    """How the two go together."""

    SAME = "same"
    OTHERWISE = "same message, counted otherwise"
    DIFFERENT = "different message"
    ONLY_OURS = "only ours"
    ONLY_THEIRS = "only theirs"
    DAMAGED = "damaged"
    RECEIVED = "received"
    RESENT = "missed, can be resent"
    GAP_FILLED = "missed, will be gap-filled"
    NEVER_SENT = "received, but never sent"


_AGREE = (Match.SAME, Match.RECEIVED)


class ComparedRange(NamedTuple):
    """Numbers that follow each other, of which the same can be said."""

    direction: Direction
    first: int
    last: int
    ours: Standing
    theirs: Standing
    verdict: Match

    @property
    def size(self) -> int:
        """How many numbers these are."""
        return self.last - self.first + 1

    @property
    def agrees(self) -> bool:
        return self.verdict in _AGREE


def joined(ranges: Iterator[ComparedRange]) -> Iterator[ComparedRange]:
    """Ranges that follow each other made one where the same can be said of them. Each direction begins with 1."""
    before: ComparedRange | None = None
    for each in ranges:
        if before is not None and (before.last + 1, before[3:]) == (each.first, each[3:]):
            before = before._replace(last=each.last)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before


class _Reached(NamedTuple):
    """What a store has of a number."""

    standing: Standing
    record: FixMsgStoreRecord | None = None


def _standings(store: FixMsgStore) -> Iterator[tuple[int, _Reached]]:
    """Each number that the store keeps a message of."""
    last = store.get_last_sent_seq_num()
    for seq_num, record, is_marked in stored_messages(store):
        if record is None:
            yield seq_num, _Reached(Standing.DAMAGED)
        elif seq_num > last:
            yield seq_num, _Reached(Standing.ABOVE, record)
        elif is_marked:
            yield seq_num, _Reached(Standing.MARKED, record)
        else:
            yield seq_num, _Reached(Standing.KEPT, record)


def same_out(ours: FixMsgStore, theirs: FixMsgStore) -> Iterator[ComparedRange]:
    """What was sent, of two stores of the same side."""
    lasts = ours.get_last_sent_seq_num(), theirs.get_last_sent_seq_num()
    following = 1
    for seq_num, our, their in _side_by_side(_standings(ours), _standings(theirs)):
        yield from _without_messages(following, seq_num - 1, lasts)
        our = our or _not_kept(seq_num, lasts[0])
        their = their or _not_kept(seq_num, lasts[1])
        yield ComparedRange("out", seq_num, seq_num, our.standing, their.standing, _matched(our, their))
        following = seq_num + 1
    yield from _without_messages(following, max(lasts), lasts)


def _side_by_side(
    ours: Iterator[tuple[int, _Reached]], theirs: Iterator[tuple[int, _Reached]]
) -> Iterator[tuple[int, _Reached | None, _Reached | None]]:
    """The numbers that either has, in order."""
    our, their = next(ours, None), next(theirs, None)
    while our is not None or their is not None:
        if their is None or (our is not None and our[0] < their[0]):
            assert our is not None
            yield *our, None
            our = next(ours, None)
        elif our is None or their[0] < our[0]:
            yield their[0], None, their[1]
            their = next(theirs, None)
        else:
            yield *our, their[1]
            our, their = next(ours, None), next(theirs, None)


def _not_kept(seq_num: int, last: int) -> _Reached:
    return _Reached(Standing.NOT_KEPT if seq_num <= last else Standing.NOT_SENT)


def _without_messages(first: int, last: int, lasts: tuple[int, int]) -> Iterator[ComparedRange]:
    """Numbers that neither store has a message of; they change where one of them was not sent any more."""
    while first <= last:
        end = min((each for each in (*lasts, last) if first <= each <= last), default=last)
        our, their = (_not_kept(first, each) for each in lasts)
        yield ComparedRange("out", first, end, our.standing, their.standing, _matched(our, their))
        first = end + 1


def _matched(our: _Reached, their: _Reached) -> Match:
    if Standing.DAMAGED in (our.standing, their.standing):
        return Match.DAMAGED
    if our.record is not None and their.record is not None:
        if our.record.encoded != their.record.encoded:
            return Match.DIFFERENT
        return Match.SAME if our.standing == their.standing else Match.OTHERWISE
    if our.standing == their.standing:
        return Match.SAME
    if our.record is None and their.record is None:
        return Match.ONLY_OURS if our.standing is Standing.NOT_KEPT else Match.ONLY_THEIRS
    return Match.ONLY_OURS if their.record is None else Match.ONLY_THEIRS


def same_in(ours: FixMsgStore, theirs: FixMsgStore) -> Iterator[ComparedRange]:
    """Of what was received there are only numbers."""
    lasts = ours.get_last_received_seq_num(), theirs.get_last_received_seq_num()
    if min(lasts):
        yield ComparedRange("in", 1, min(lasts), Standing.RECEIVED, Standing.RECEIVED, Match.SAME)
    if lasts[0] > lasts[1]:
        yield ComparedRange("in", lasts[1] + 1, lasts[0], Standing.RECEIVED, Standing.NOT_RECEIVED, Match.ONLY_OURS)
    elif lasts[1] > lasts[0]:
        yield ComparedRange("in", lasts[0] + 1, lasts[1], Standing.NOT_RECEIVED, Standing.RECEIVED, Match.ONLY_THEIRS)


def sent_to(sender: FixMsgStore, receiver: FixMsgStore, direction: Direction) -> Iterator[ComparedRange]:
    """What one side sent against what the other one received."""
    sent, received = sender.get_last_sent_seq_num(), receiver.get_last_received_seq_num()

    def compared(first: int, last: int, standing: Standing, verdict: Match) -> ComparedRange:
        arrived = Standing.RECEIVED if first <= received else Standing.NOT_RECEIVED
        both = (standing, arrived) if direction == "out" else (arrived, standing)
        return ComparedRange(direction, first, last, *both, verdict)

    # Whether what arrived can still be read does not matter: the numbers are enough, and cost less.
    arrived_to, following = min(sent, received), 1
    for seq_num in sender.kept_numbers(1, arrived_to):
        if following < seq_num:
            yield compared(following, seq_num - 1, Standing.NOT_KEPT, Match.RECEIVED)
        standing = Standing.MARKED if sender.is_gap_filled(seq_num) else Standing.KEPT
        yield compared(seq_num, seq_num, standing, Match.RECEIVED)
        following = seq_num + 1
    if following <= arrived_to:
        yield compared(following, arrived_to, Standing.NOT_KEPT, Match.RECEIVED)
    if received > sent:
        yield compared(sent + 1, received, Standing.NOT_SENT, Match.NEVER_SENT)
        return
    following = received + 1
    for seq_num, record in kept_messages(sender, received + 1, sent):
        if following < seq_num:
            yield compared(following, seq_num - 1, Standing.NOT_KEPT, Match.GAP_FILLED)
        standing, verdict = _missed(sender, seq_num, record)
        yield compared(seq_num, seq_num, standing, verdict)
        following = seq_num + 1
    if following <= sent:
        yield compared(following, sent, Standing.NOT_KEPT, Match.GAP_FILLED)


def _missed(sender: FixMsgStore, seq_num: int, record: FixMsgStoreRecord | None) -> tuple[Standing, Match]:
    if record is None:
        return Standing.DAMAGED, Match.GAP_FILLED
    if sender.is_gap_filled(seq_num):
        return Standing.MARKED, Match.GAP_FILLED
    if record.msg_type in ADMIN_MSG_TYPES:
        return Standing.SESSION, Match.GAP_FILLED
    return Standing.KEPT, Match.RESENT
