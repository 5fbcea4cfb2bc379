"""Messages that came before those in front of them, held back until the gap is filled."""

from __future__ import annotations

from heapq import heappop, heappush

from purefix_core.session.incoming import Incoming

MOST_BYTES = 64 << 20
"""However few messages these are: what a peer can make a session hold is bounded."""
_MOST_DEALT_WITH = 10_000
"""Numbers of messages that were dealt with at once are held even where messages are not any more: they have no size."""


class EarlyMessages:
    """By MsgSeqNum. None stands for one that was dealt with at once (a Logon, a ResendRequest) and only counts."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[int, Incoming | None] = {}
        self._order: list[int] = []
        """A heap of all numbers that are held, and of some that are not any more."""
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, seq_num: int) -> bool:
        return seq_num in self._held

    @property
    def first(self) -> int:
        """The lowest number that is held; 0 where none is."""
        while self._order and self._order[0] not in self._held:
            heappop(self._order)
        return self._order[0] if self._order else 0

    def add(self, seq_num: int, message: Incoming | None) -> bool:
        """Hold a message. False where there is no room: it will have to be asked for again."""
        if seq_num in self._held:
            return True
        size = 0 if message is None else len(message.raw)
        most = self._most if message is not None else max(self._most, _MOST_DEALT_WITH)
        if len(self._held) >= most or self._bytes + size > MOST_BYTES:
            return False
        self._held[seq_num] = message
        heappush(self._order, seq_num)
        self._bytes += size
        return True

    def pop(self, seq_num: int) -> Incoming | None:
        message = self._held.pop(seq_num)
        self._bytes -= 0 if message is None else len(message.raw)
        return message

    def forget_below(self, seq_num: int) -> None:
        """Drop what came meanwhile by a resend, or was passed over."""
        while 0 < self.first < seq_num:
            self.pop(self.first)

    def clear(self) -> None:
        self._held.clear()
        self._order.clear()
        self._bytes = 0
