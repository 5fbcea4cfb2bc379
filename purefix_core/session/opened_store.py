"""The message store of a session: open while it is needed, so that it can be edited while nothing is connected."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from purefix_core.wire.timestamps import NANOS

_IDLE = 1 * NANOS
"""So long a store stays open behind a message that was sent while nothing is connected."""

Say = Callable[[str], None]


class Numbers(NamedTuple):
    """What a store says of both sequences."""

    last_sent: int
    last_received: int
    created: int | None
    """When they began (nanoseconds UTC)."""


Look = Callable[[], Numbers]


class OpenedStore:
    """Opened for each connection, and closed behind it: what was edited in between counts from the next Logon on."""

    def __init__(self, open_store: Callable[[], FixMsgStore], look: Look | None = None) -> None:
        """`look` tells the numbers of a store that is closed, without opening it; without it they are those that it had
        when it was closed."""
        self._open_store = open_store
        self._look = look
        self._store: FixMsgStore | None = None
        self._known: Numbers | None = None
        self._failure: StoreError | None = None
        self._is_broken = False
        self._not_written: FixMsgStoreRecord | None = None
        self.idle_until: int | None = None
        """When a store that was opened for a while is closed again; None for one that stays open, or is closed."""

    @property
    def is_open(self) -> bool:
        return self._store is not None

    def get(self) -> FixMsgStore:
        """The store, which must be open."""
        assert self._store is not None
        return self._store

    def open(self) -> None:
        """Open it, to stay open. Raises StoreError."""
        if self._store is None:
            self._store = self._open_store()
        self.idle_until = None

    def open_for_a_while(self, now: int, say: Say) -> None:
        """Raises StoreError."""
        if self._store is not None and self.idle_until is None:
            return  # it stays open anyhow
        self.close_if_idle(now, say)
        self.open()
        self.idle_until = now + _IDLE

    def close_if_idle(self, now: int, say: Say) -> None:
        if self.idle_until is not None and now >= self.idle_until:
            self.close(say)

    def close(self, say: Say) -> None:
        self.idle_until = None
        store, self._store = self._store, None
        if store is None:
            return
        self._known = _numbers_of(store)
        try:
            store.close()
        except StoreError as error:
            say(str(error))

    @property
    def last_sent(self) -> int:
        return self._numbers().last_sent if self._store is None else self._store.get_last_sent_seq_num()

    @property
    def last_received(self) -> int:
        return self._numbers().last_received if self._store is None else self._store.get_last_received_seq_num()

    @property
    def created(self) -> int | None:
        """When its numbers began (nanoseconds UTC); None where that is not known."""
        return self._numbers().created if self._store is None else self._store.get_created_time()

    def _numbers(self) -> Numbers:
        """Of a store that is closed."""
        if self._look is not None:
            return self._look()
        if self._known is None:
            store = self._open_store()
            try:
                self._known = _numbers_of(store)
            finally:
                store.close()
        return self._known

    # -- failing -----------------------------------------------------------------------------------------------------

    def failed(self) -> None:
        """It could not be written, or opened."""
        self._is_broken = True
        self._failure = None

    def note_failure(self, error: StoreError, record: FixMsgStoreRecord) -> None:
        """It would not take a message; the application, which asked for it, may catch the error."""
        self._failure = error
        self._not_written = record

    def raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def why_unusable(self, now: int, say: Say) -> str:
        """Why the store cannot be used; the empty string where it can, and is open for a while then.

        Once it has failed it must take the message that it did not take (or, without one, a number) before it is
        trusted again. That message was not sent, and the next one of its number supersedes it.
        """
        try:
            self.open_for_a_while(now, say)
            if self._is_broken:
                store = self.get()
                if self._not_written is not None and self._not_written.seq_num > store.get_last_sent_seq_num():
                    store.put(self._not_written)
                store.set_last_sent_seq_num(store.get_last_sent_seq_num())
        except StoreError as error:
            self.close(say)
            return f"the message store {'still fails' if self._is_broken else 'cannot be used'}: {error}"
        self._is_broken = False
        self._not_written = None
        return ""


def _numbers_of(store: FixMsgStore) -> Numbers:
    return Numbers(store.get_last_sent_seq_num(), store.get_last_received_seq_num(), store.get_created_time())
