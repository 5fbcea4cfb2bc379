"""A store that cannot be written: nothing that is not stored is sent, no number is used, and the session says why."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from purefix_core.session.application import Application
from purefix_core.session.events import Level, Note
from purefix_core.session.states import State
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.records import StoreError
from tests.session.session_bench import FIX44, NOON, Bench, value
from tests.session.session_lines import incoming_order, order, order_line


class FailingStore(FixMsgMemoryStore):
    """Raises StoreError at the n-th write from now on, and at all that follow until it is mended. A write that fails
    changes nothing."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOON)
        self.writes_left: int | None = None
        self.failures = 0

    def fail_after(self, writes: int) -> None:
        self.writes_left = writes

    def mend(self) -> None:
        self.writes_left = None

    def _writes(self) -> None:
        if self.writes_left is not None:
            if self.writes_left <= 0:
                self.failures += 1
                raise StoreError("messages.dat: no space left on device; free some")
            self.writes_left -= 1

    def put(self, record: Any) -> Any:
        self._writes()
        return super().put(record)

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        self._writes()
        super().set_last_sent_seq_num(seq_num)

    def set_last_received_seq_num(self, seq_num: int) -> None:
        self._writes()
        super().set_last_received_seq_num(seq_num)

    def reset_sequences(self) -> None:
        self._writes()
        super().reset_sequences()


class BatchingStore(FailingStore):
    """Writes nothing before a batch ends: the end is what fails. What was done inside is undone then."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_at_end = False

    @contextmanager
    def batch(self) -> Any:
        before = dict(self._records), self._last_sent, self._last_received
        yield
        if self.fails_at_end:
            records, self._last_sent, self._last_received = before
            self._records = records
            raise StoreError("messages.dat: no space left on device; free some")


LOGON = "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|"
INPUTS: list[tuple[str, Callable[[Bench], Any]]] = [
    ("test request", lambda bench: bench.feed("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|")),
    ("heartbeat", lambda bench: bench.feed("35=0|34=2|49=PEER|52=<TIME>|56=WE|")),
    ("gap", lambda bench: bench.feed("35=0|34=9|49=PEER|52=<TIME>|56=WE|")),
    ("bad", lambda bench: bench.feed("35=0|34=2|49=PEER|52=<TIME>|56=WE|999=X|")),
    ("reset", lambda bench: bench.feed("35=4|34=2|49=PEER|52=<TIME>|56=WE|36=50|")),
    ("logout", lambda bench: bench.feed("35=5|34=2|49=PEER|52=<TIME>|56=WE|")),
    ("too low", lambda bench: bench.feed("35=0|34=1|49=PEER|52=<TIME>|56=WE|")),
    ("reset logon", lambda bench: bench.feed(LOGON + "141=Y|")),
    ("comp id", lambda bench: bench.feed("35=0|34=2|49=X|52=<TIME>|56=WE|")),
    ("order", lambda bench: bench.feed(incoming_order(FIX44, 2))),
    ("time", lambda bench: bench.session.tick(bench.session.next_tick() or 0)),
    ("log out", lambda bench: bench.session.log_out("", bench.now)),
]


def by_name(inputs: list[tuple[str, Any]]) -> Any:
    return pytest.mark.parametrize("action", [each for _, each in inputs], ids=[name for name, _ in inputs])


@by_name(INPUTS)
def test_store_that_fails_at_any_write(action: Callable[[Bench], Any]) -> None:
    """The first write of the step fails, then the second, and so on until it has no more of them."""
    for writes in range(20):
        store = FailingStore()
        bench = Bench(FIX44, store=store).log_on()
        sent = bench.numbers[0]
        store.fail_after(writes)
        action(bench)
        out = bench.take()
        if not store.failures:
            assert writes
            return
        assert bench.closed
        for each in out:  # an answer that was stored before the write that failed
            stored = store.get(int(value(each, 34) or 0))
            assert stored is not None, "what could not be stored was sent"
            assert stored.encoded == each
        assert "no space left" in _errors(bench)[-1]
        assert "no space left" in bench.session.may_connect(bench.now)
        store.mend()
        bench.disconnect()
        assert bench.state is State.DISCONNECTED
        if out:
            assert bench.numbers[0] == int(value(out[-1], 34) or 0) + 1
        else:
            assert bench.numbers[0] <= sent  # fewer behind a reset
    raise AssertionError("one step writes twenty times")


def _errors(bench: Bench) -> list[str]:
    return [each.text for each in bench.events if isinstance(each, Note) and each.level is Level.ERROR]


@by_name([each for each in INPUTS if each[0] not in ("heartbeat", "reset", "order", "reset logon")])
def test_message_whose_batch_fails_at_its_end(action: Callable[[Bench], Any]) -> None:
    """A message and its number become safe together."""
    store = BatchingStore()
    bench = Bench(FIX44, store=store).log_on()
    before = bench.numbers
    store.fails_at_end = True
    action(bench)
    bench.expect(closes=True)
    assert "no space left" in _errors(bench)[-1]
    store.fails_at_end = False
    bench.disconnect()
    assert bench.numbers == before


@pytest.mark.parametrize("writes", [0, 1])
def test_send_that_cannot_be_stored(writes: int) -> None:
    store = FailingStore()
    bench = Bench(FIX44, store=store).log_on()
    store.fail_after(writes)
    with pytest.raises(StoreError, match="no space left"):
        bench.session.send(order("A"), bench.now)
    bench.expect(closes=True)
    store.mend()
    bench.disconnect()
    assert bench.session.next_sender_seq_num == 2


def test_send_that_cannot_be_stored_while_nothing_is_connected() -> None:
    store = FailingStore()
    bench = Bench(FIX44, store=store)
    store.fail_after(0)
    with pytest.raises(StoreError):
        bench.session.send(order("A"), bench.now)
    assert bench.take() == []
    store.mend()
    assert bench.session.may_connect(bench.now) == ""
    assert bench.session.send(order("A"), bench.now) == 1


def test_no_connection_until_a_write_succeeds() -> None:
    store = FailingStore()
    bench = Bench(FIX44, store=store).log_on()
    store.fail_after(0)
    bench.feed("35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|")
    bench.expect(closes=True)
    bench.disconnect()
    for _ in range(3):
        assert "no space left" in bench.session.may_connect(bench.now)
    store.mend()
    assert bench.session.may_connect(bench.now) == ""
    bench.log_on(2, first=2)
    bench.is_alive(3, 3)


def test_store_that_cannot_be_opened() -> None:
    def cannot() -> Any:
        raise StoreError("session.meta: expected a JSON object, found nothing")

    bench = Bench(FIX44)
    bench.session.store._open_store = cannot
    bench.connect()
    bench.expect(closes=True)
    assert "session.meta" in _errors(bench)[-1]
    bench.disconnect()
    assert "session.meta" in bench.session.may_connect(bench.now)
    bench.session.store._open_store = lambda: bench.store
    assert bench.session.may_connect(bench.now) == ""
    bench.log_on()


@pytest.mark.parametrize("writes", range(4))
def test_initiator_whose_logon_cannot_be_stored(writes: int) -> None:
    store = FailingStore()
    bench = Bench(FIX44, initiator=True, store=store)
    store.fail_after(writes)
    bench.connect()
    sent = bench.take()
    if store.writes_left:
        assert len(sent) == 1
        return
    if bench.closed:
        assert sent == []
    store.mend()
    bench.disconnect()
    assert bench.session.next_sender_seq_num in (1, 2)


@pytest.mark.parametrize("writes", range(6))
def test_acceptor_whose_answer_cannot_be_stored(writes: int) -> None:
    store = FailingStore()
    bench = Bench(FIX44, store=store, reset_on_logon=True)
    bench.connect()
    store.fail_after(writes)
    bench.feed(LOGON)
    sent = bench.take()
    assert len(sent) <= 1
    assert len(sent) == store.get_last_sent_seq_num()
    if bench.closed:
        store.mend()
        bench.disconnect()
        assert bench.session.may_connect(bench.now) == ""
        bench.log_on()


def test_store_that_fails_while_the_application_answers() -> None:
    """What it sends is not sent, and the message that it would have answered is not counted."""

    class Answering(Application):
        def from_app(self, message: Any, session: Any) -> None:
            session.send(order("A"))

    store = FailingStore()
    bench = Bench(FIX44, Answering(), store=store).log_on()
    store.fail_after(0)
    bench.feed(incoming_order(FIX44, 2))
    bench.expect(closes=True)
    store.mend()
    bench.disconnect()
    assert bench.numbers == (2, 2)


def test_application_that_hides_the_failure() -> None:
    """It cannot make the session go on as if the message had been stored."""

    class Hiding(Application):
        def from_app(self, message: Any, session: Any) -> None:
            with suppress(StoreError):
                session.send(order("A"))

    store = FailingStore()
    bench = Bench(FIX44, Hiding(), store=store).log_on()
    store.fail_after(0)
    bench.feed(incoming_order(FIX44, 2))
    bench.expect(closes=True)
    store.mend()
    bench.disconnect()
    assert bench.numbers == (2, 2)


def test_store_that_fails_in_a_resend() -> None:
    """A resend writes nothing but that the request came."""
    store = FailingStore()
    bench = Bench(FIX44, store=store).log_on()
    bench.session.send(order("A"), bench.now)
    bench.expect(order_line(2, "A"))
    store.fail_after(0)
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|")
    assert [value(each, 34) for each in bench.take()] == ["1", "2"]
    assert bench.closed
    store.mend()
    bench.disconnect()
    assert bench.numbers == (3, 2)


def test_number_after_a_failure_is_the_next_and_the_message_its_own() -> None:
    """The message that was not sent must not be what the peer gets when it asks for that number."""
    store = FailingStore()
    bench = Bench(FIX44, store=store).log_on()
    store.fail_after(1)  # the message is stored, its number is not
    with pytest.raises(StoreError):
        bench.session.send(order("LOST"), bench.now)
    bench.take()
    store.mend()
    bench.disconnect()
    assert bench.session.may_connect(bench.now) == ""
    bench.log_on(2, first=2)
    bench.feed("35=2|34=3|49=PEER|52=<TIME>|56=WE|7=1|16=0|")
    assert not any(b"LOST" in each for each in bench.take())


def test_numbers_edited_while_nothing_is_connected_count() -> None:
    """The store is opened anew at each connection."""
    bench = Bench(FIX44).log_on()
    bench.disconnect()
    opened = bench.opened
    bench.store.set_last_sent_seq_num(99)
    bench.store.set_last_received_seq_num(49)
    bench.log_on(50, first=100)
    assert bench.opened > opened


def test_idle_store_is_closed_again() -> None:
    closed = []

    class Closing(FixMsgMemoryStore):
        def close(self) -> None:
            closed.append(1)

    bench = Bench(FIX44, store=Closing())
    bench.session.send(order("A"), bench.now)
    assert closed == []
    due = bench.session.next_tick()
    assert due is not None
    bench.now = due
    bench.session.tick(due)
    assert closed == [1]
    assert bench.session.next_tick() is None
    assert value(bench.store.get(1).encoded, 11) == "A"
