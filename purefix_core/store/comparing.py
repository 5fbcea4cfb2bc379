"""Compares two stores number by number: ours with a copy of it, or with the counterparty's.

A store keeps the messages that its own side sent. So a copy has the same ones, which are compared byte by byte; of the
counterparty's store the numbers say how far it has received ours, and its messages how far we should have received.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from purefix_core.store.compared import (
    ComparedRange,
    Direction,
    Match,
    Standing,
    joined,
    same_in,
    same_out,
    sent_to,
)
from purefix_core.store.finding import StoreLocation
from purefix_core.store.located import LocatedStore, begin_string, open_store, unreadable_numbers
from purefix_core.store.next_logon import forecast, span
from purefix_core.store.progress import OnProgress, telling, untold
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import StoreError
from purefix_core.wire.timestamps import to_iso

__all__ = ["ComparedRange", "Comparison", "Direction", "Match", "Side", "Standing", "compare"]


class Side(StrEnum):
    """Whose the other store is."""

    SAME = "same"
    """Ours as well: a backup, a copy, a converted one."""
    COUNTERPARTY = "counterparty"


class SideUnknown(StoreError):
    """The CompIDs do not tell whose the other store is."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where two stores stand. What it says of the messages is read from the stores each time it is asked for."""

    ours: StoreLocation
    theirs: StoreLocation
    side: Side
    our_numbers: tuple[int, int]
    """The last numbers out and in."""
    their_numbers: tuple[int, int]
    sentences: tuple[str, ...]
    """How the numbers go together, a sentence each."""
    notices: tuple[str, ...]
    """What is odd about either store."""
    numbers_known: bool = True
    """Whether all numbers could be read; those of QuickFIX that could not count as the engine would begin with."""

    @property
    def numbers_agree(self) -> bool:
        theirs = self.their_numbers if self.side is Side.SAME else self.their_numbers[::-1]
        return self.numbers_known and self.our_numbers == theirs

    def ranges(self, on_progress: OnProgress = untold) -> Iterator[ComparedRange]:
        """Every number, those out before those in, from 1 to the last one that either store has, with numbers of which
        the same can be said together. Both stores are read on the way; never more than some messages are held.

        Raises StoreError, and OSError.
        """
        with (
            closing(open_store(self.ours, on_progress)) as ours,
            closing(open_store(self.theirs, on_progress)) as theirs,
        ):
            if self.side is Side.SAME:
                found = chain(same_out(ours, theirs), same_in(ours, theirs))
            else:
                found = chain(sent_to(ours, theirs, "out"), sent_to(theirs, ours, "in"))
            yield from joined(telling(found, on_progress, "places compared"))


def compare(ours: StoreLocation, theirs: StoreLocation, side: Side | None = None) -> Comparison:
    """Compare the numbers of two stores; the messages are only read where the result is asked for them.

    `side`: whose the other one is; None where the CompIDs tell. Raises SideUnknown where they do not, StoreError where
    a store cannot be read, and OSError.
    """
    with closing(open_store(ours)) as our_store, closing(open_store(theirs)) as their_store:
        side = side or _side(ours, our_store, theirs, their_store)
        sentences = _copy_sentences if side is Side.SAME else _peer_sentences
        unreadable = tuple(dict.fromkeys((*_unreadable(ours, our_store), *_unreadable(theirs, their_store))))
        return Comparison(
            ours,
            theirs,
            side,
            _numbers(our_store),
            _numbers(their_store),
            (*_one_and_the_same(ours, theirs), *unreadable, *sentences(our_store, their_store)),
            tuple(dict.fromkeys((*our_store.notices, *their_store.notices))),
            numbers_known=not unreadable,
        )


def _numbers(store: FixMsgStore) -> tuple[int, int]:
    return store.get_last_sent_seq_num(), store.get_last_received_seq_num()


def _side(ours: StoreLocation, our_store: LocatedStore, theirs: StoreLocation, their_store: LocatedStore) -> Side:
    our_ids, their_ids = _comp_ids(our_store), _comp_ids(their_store)
    our_begin, their_begin = begin_string(ours, our_store), begin_string(theirs, their_store)
    if all(our_ids) and (our_begin == their_begin or not (our_begin and their_begin)):
        if our_ids == their_ids:
            return Side.SAME
        if our_ids == their_ids[::-1]:
            return Side.COUNTERPARTY
    named = f"{ours.path} is of {_named(our_begin, our_ids)}, {theirs.path} of {_named(their_begin, their_ids)}"
    raise SideUnknown(f"{named}: neither the same session nor its counterparty; say which of both it is meant to be")


def _comp_ids(store: LocatedStore) -> tuple[str, str]:
    return store.session.sender_comp_id, store.session.target_comp_id


def _named(begin: str, comp_ids: tuple[str, str]) -> str:
    return f"{begin} {' → '.join(comp_ids)}".lstrip() if any(comp_ids) else "nobody"


# -- sentences ---------------------------------------------------------------------------------------------------------


def _one_and_the_same(ours: StoreLocation, theirs: StoreLocation) -> Iterator[str]:
    # A folder may hold several stores of QuickFIX, but only one of ours.
    is_another = ours.layout != theirs.layout or (ours.files is not None and ours.path.name != theirs.path.name)
    with suppress(OSError):
        if not is_another and ours.folder.samefile(theirs.folder):
            yield "Both are one and the same store."


def _unreadable(location: StoreLocation, store: LocatedStore) -> Iterator[str]:
    for name, odd in zip(("out", "in"), unreadable_numbers(store), strict=True):
        if odd:
            yield f"{location.path}: the next number {name} {odd}."


def _copy_sentences(ours: LocatedStore, theirs: LocatedStore) -> Iterator[str]:
    (sent, received), (their_sent, their_received) = _numbers(ours), _numbers(theirs)
    for name, last, other in (("out", sent, their_sent), ("in", received, their_received)):
        yield f"{name}: {_distance(last, other)}"
    created, their_created = ours.get_created_time(), theirs.get_created_time()
    # QuickFIX keeps whole seconds.
    if created is not None and their_created is not None and created // 10**9 != their_created // 10**9:
        yield f"The sequences began at {to_iso(created)} here, at {to_iso(their_created)} there: a reset lies between."
    if (sent, received) != (their_sent, their_received):
        coming = forecast(theirs, sent + 1, received + 1)
        yield "If the second store takes the place of the first, and the counterparty stands where the first one says:"
        yield from (f"out: {sentence}" for sentence in coming.outgoing.sentences)
        yield from (f"in: {sentence}" for sentence in coming.incoming.sentences)


def _distance(last: int, other: int) -> str:
    if last == other:
        return f"both next {last + 1}."
    first, then, ahead = (other + 1, last, "first") if last > other else (last + 1, other, "second")
    return (
        f"next {last + 1} in the first store, {other + 1} in the second: the {ahead} is ahead by {span(first, then)}."
    )


def _peer_sentences(ours: LocatedStore, theirs: LocatedStore) -> Iterator[str]:
    sent, received = _numbers(theirs)
    coming = forecast(ours, received + 1, sent + 1)
    yield from (f"out: {sentence}" for sentence in coming.outgoing.sentences)
    yield from (f"in: {sentence}" for sentence in coming.incoming.sentences)
