"""Which numbers to set when the counterparty says what it expects, and what it sends next."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.store.next_logon import Direction, Forecast, forecast
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to set so that the next Logon is not refused. A number that is None stays as it is."""

    next_out: int | None
    next_in: int | None
    now: Forecast
    """The next Logon with the numbers as they are: its sentences say why, and what it costs."""
    then: Forecast
    """The next Logon with the numbers as proposed; the same as `now` where nothing is proposed."""

    @property
    def is_needed(self) -> bool:
        """Whether any number should be set."""
        return self.next_out is not None or self.next_in is not None


def propose(store: FixMsgStore, peer_expects: int | None = None, peer_next: int | None = None) -> Proposal:
    """What to set when the counterparty expects `peer_expects` from us, and sends `peer_next` next; None for what it
    did not say. The store is only read.

    Only what would be refused is proposed to be changed: where a side has missed messages it asks for them, and a
    number that hides them would lose them. Raises ValueError for what no MsgSeqNum can be.
    """
    for number in (peer_expects, peer_next):
        if number is not None and not 1 <= number <= MAX_SEQ_NUM:
            raise ValueError(f"expected a MsgSeqNum from 1 to {MAX_SEQ_NUM:,}, found {number}")
    now = forecast(store, peer_expects, peer_next)
    next_out, next_in = _set_to(now.outgoing), _set_to(now.incoming)
    then = now
    if next_out is not None or next_in is not None:
        then = forecast(
            store,
            peer_expects,
            peer_next,
            last_sent=None if next_out is None else next_out - 1,
            last_received=None if next_in is None else next_in - 1,
            kept_to=now.outgoing.last,
        )
    return Proposal(next_out, next_in, now, then)


def _set_to(direction: Direction) -> int | None:
    return direction.set_to if direction.outcome == "logout" else None
