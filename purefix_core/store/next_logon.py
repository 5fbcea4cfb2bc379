"""What will happen to the sequence numbers at the next Logon, out of a store and what the peer says about its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from purefix_core.store.kept import kept_messages
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord
from purefix_core.wire.tags import ADMIN_MSG_TYPES

Outcome = Literal["in sequence", "resend", "logout", "unknown"]
"""`unknown` where the peer's number is not known."""

RESET_INSTEAD = "A Logon with ResetSeqNumFlag(141)=Y starts both directions from 1 instead, and nothing is resent."

_MOST_COUNTED = 1_000_000
"""Of a longer range so many numbers are looked at: reading a million messages takes seconds."""

_LOOKED_BACK = 1_000
"""The example of what the peer may ask for begins among so many of the last numbers."""


@dataclass(frozen=True, slots=True)
class Resend:
    """What the peer asks for, and what the store has of it."""

    first: int
    last: int
    counted_to: int
    """The last number that was looked at: before `last` only in a very long range."""
    msg_types: Mapping[str, int]
    """The business messages that can be resent: how many there are of each MsgType."""
    session_messages: int
    """Never resent by any engine."""
    not_kept: int
    damaged: int
    marked: int
    """Business messages that resend.json wants to be gap-filled."""

    @property
    def business(self) -> int:
        """How many messages can be resent."""
        return sum(self.msg_types.values())

    @property
    def gap_filled(self) -> int:
        """How many numbers are filled by a SequenceReset."""
        return self.session_messages + self.not_kept + self.damaged + self.marked

    @property
    def messages(self) -> int:
        """How many messages are kept, of whatever kind."""
        return self.business + self.session_messages + self.damaged + self.marked


@dataclass(frozen=True, slots=True)
class Direction:
    """One of the two sequences."""

    last: int
    next: int
    peer: int | None
    """The number that the peer expects, or sends, next."""
    outcome: Outcome
    sentences: tuple[str, ...]
    """The outcome in words."""
    set_to: int | None = None
    """What the next number would have to be set to, as the last sentence advises; None where nothing is advised."""

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will happen at the next Logon without ResetSeqNumFlag."""

    outgoing: Direction
    incoming: Direction
    resend: Resend | None
    """What the peer will ask for; an example where `outgoing.outcome` is `unknown`, None where nothing can be."""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in words, a sentence each."""
        return (
            *(f"out: {sentence}" for sentence in self.outgoing.sentences),
            *(f"in: {sentence}" for sentence in self.incoming.sentences),
            RESET_INSTEAD,
        )


def forecast(
    store: FixMsgStore,
    peer_expects: int | None = None,
    peer_next: int | None = None,
    *,
    last_sent: int | None = None,
    last_received: int | None = None,
    kept_to: int = MAX_SEQ_NUM,
) -> Forecast:
    """What the next Logon brings. The store is only read.

    `peer_expects`: the MsgSeqNum that the counterparty expects from us next. `peer_next`: the one that it sends next.
    None where it did not say: with neither every case is told, with one there is a single sentence for the other.
    `last_sent` and `last_received`, where they are given, count instead of the store's own numbers; messages above
    `kept_to` count as not kept. Raises ValueError for numbers of the peer below 1.
    """
    for number in (peer_expects, peer_next):
        if number is not None and number < 1:
            raise ValueError(f"{number} is no MsgSeqNum")
    sent = store.get_last_sent_seq_num() if last_sent is None else last_sent
    received = store.get_last_received_seq_num() if last_received is None else last_received
    if peer_expects is None and peer_next is not None:
        what = f"You would send {sent + 1}; what the peer expects is not known."
        return Forecast(Direction(sent, sent + 1, None, "unknown", (what,)), _incoming(received, peer_next), None)
    outgoing, resend = _outgoing(store, sent, peer_expects, kept_to)
    if peer_next is None and peer_expects is not None:
        what = f"You expect {received + 1}; what the peer sends next is not known."
        return Forecast(outgoing, Direction(received, received + 1, None, "unknown", (what,)), resend)
    return Forecast(outgoing, _incoming(received, peer_next), resend)


# -- out -------------------------------------------------------------------------------------------------------------


def _outgoing(store: FixMsgStore, last: int, expected: int | None, kept_to: int) -> tuple[Direction, Resend | None]:
    following = last + 1
    resend: Resend | None = None
    set_to: int | None = None
    outcome: Outcome
    said = f"The peer expects {expected}, you would send {following}"
    sentences: tuple[str, ...]
    if expected is None:
        outcome = "unknown"
        if last > 0:
            resend = count_messages(store, _example(store, min(last, kept_to)), last, kept_to)
        sentences = _if_the_peer_expects(following, resend)
    elif expected == following:
        outcome, sentences = "in sequence", (f"{said}: in sequence.",)
    elif expected > following:
        outcome, set_to = "logout", expected
        sentences = (
            f"{said}: it will log you out (MsgSeqNum too low).",
            f"Set next-out to {expected}: it then accepts your Logon, and does not ask for "
            f"{span(following, expected - 1)}.",
        )
    else:
        outcome = "resend"
        resend = count_messages(store, expected, last, kept_to)
        sentences = f"{said}.", _what_is_resent(resend)
    return Direction(last, following, expected, outcome, sentences, set_to), resend


def _if_the_peer_expects(following: int, example: Resend | None) -> tuple[str, ...]:
    """What each number that the peer may expect would lead to."""
    more = "If it expects more: it will log you out (MsgSeqNum too low)."
    if example is None:
        return f"If the peer expects {following}: in sequence.", more
    asked = _what_is_resent(example)
    return (
        f"If the peer expects {following} (one more than the last sent): in sequence.",
        f"If it expects less, say {example.first}: {asked[0].lower()}{asked[1:]}",
        more,
    )


def _example(store: FixMsgStore, last: int) -> int:
    """A number that the peer may well ask from: the first business message among the last ones sent."""
    for seq_num, record in kept_messages(store, last - _LOOKED_BACK + 1, last):
        if record is not None and _is_business(record):
            return seq_num
    return last


def count_messages(store: FixMsgStore, first: int, last: int, kept_to: int = MAX_SEQ_NUM) -> Resend:
    """What a peer that asks for these numbers would get; messages above `kept_to` count as not kept."""
    counted_to = min(last, first + _MOST_COUNTED - 1)
    business: Counter[str] = Counter()
    session_messages = damaged = marked = 0
    for seq_num, record in kept_messages(store, first, min(counted_to, kept_to)):
        if record is None:
            damaged += 1
        elif not _is_business(record):
            session_messages += 1
        elif store.is_gap_filled(seq_num):
            marked += 1
        else:
            business[record.msg_type] += 1
    not_kept = counted_to - first + 1 - session_messages - damaged - marked - business.total()
    types = dict(business.most_common())
    return Resend(first, last, counted_to, types, session_messages, not_kept, damaged, marked)


def _is_business(record: FixMsgStoreRecord) -> bool:
    return record.msg_type not in ADMIN_MSG_TYPES


def _what_is_resent(resend: Resend) -> str:
    """`It will ask for 120-134: 11 business messages can be resent (8: 11), 4 will be gap-filled (4 not kept ...).`"""
    types = ", ".join(f"{msg_type}: {count:,}" for msg_type, count in resend.msg_types.items())
    gaps = {
        "session messages": resend.session_messages,
        "not kept": resend.not_kept,
        "damaged": resend.damaged,
        "marked in resend.json": resend.marked,
    }
    if resend.session_messages == 1:
        gaps = {"session message": 1, **{what: count for what, count in gaps.items() if what != "session messages"}}
    reasons = ", ".join(f"{count:,} {what}" for what, count in gaps.items() if count)
    business = f"{resend.business:,} business message{'' if resend.business == 1 else 's'} can be resent"
    counted = (
        "" if resend.counted_to == resend.last else f". Of these {span(resend.first, resend.counted_to)} were counted"
    )
    return (
        f"It will ask for {span(resend.first, resend.last)}{counted}: {business}{types and f' ({types})'}, "
        f"{resend.gap_filled:,} will be gap-filled{reasons and f' ({reasons})'}."
    )


# -- in --------------------------------------------------------------------------------------------------------------


def _incoming(last: int, sent: int | None) -> Direction:
    expected = last + 1
    set_to: int | None = None
    outcome: Outcome
    said = f"The peer sends {sent} next, you expect {expected}"
    sentences: tuple[str, ...]
    if sent is None:
        outcome = "unknown"
        sentences = (
            f"If the peer sends {expected} next: in sequence.",
            f"If it sends more, say {expected + 3}: you will ask for {span(expected, expected + 2)}.",
        )
        if expected > 1:
            less = "If it sends less: you will log it out (MsgSeqNum too low), unless the message is a PossDup."
            sentences += (less,)
    elif sent == expected:
        outcome, sentences = "in sequence", (f"{said}: in sequence.",)
    elif sent > expected:
        outcome, set_to = "resend", sent
        sentences = (
            f"{said}: you will ask for {span(expected, sent - 1)}.",
            f"Set next-in to {sent} only to do without these messages.",
        )
    else:
        outcome, set_to = "logout", sent
        sentences = (
            f"{said}: you will log it out (MsgSeqNum too low), unless the message is a PossDup.",
            f"Set next-in to {sent}: you then take {span(sent, last)} as new messages, though you received messages "
            "of these numbers before.",
        )
    return Direction(last, expected, sent, outcome, sentences, set_to)


def span(first: int, last: int) -> str:
    """`4-5`, or `4`."""
    return str(first) if first == last else f"{first}-{last}"
