"""What each step does, and when it has failed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from purefix_core.logs.filter import Filter
from purefix_core.logs.filter.nodes import Either
from purefix_core.session import by_hand
from purefix_core.session.by_hand import Deed
from purefix_core.session.compose.expressions import Moment, fill, next_count
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError, FixEngine
from purefix_core.session.machine import FixSession, SessionNotOpen
from purefix_core.session.scenario import model
from purefix_core.session.scenario.asserting import difference
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.scenario.model import SKIP_ALL, SKIP_NOTHING, Automatic, Expect, ExpectNone, Step
from purefix_core.session.scenario.names import filled_expression
from purefix_core.session.scenario.sending import draft_of
from purefix_core.session.scenario.witness import Witness
from purefix_core.session.status import SessionStatus
from purefix_core.store.records import StoreError

T = TypeVar("T")

_NOTHING = Filter(Either(()))
"""Passes no message."""
_TO_DISCONNECT = 5.0
"""Seconds."""


class StepFailed(Exception):
    """Something is not as the scenario wants it: in one line, what was expected, and what was found."""


class Stage:
    """One session, which the steps of a scenario are done to."""

    def __init__(self, engine: FixEngine, config: FixConfig, witness: Witness, reader: Reader, who: str) -> None:
        """`who` stands in the event log as the one who did it. The engine runs; nothing is connected."""
        self._engine = engine
        self._config = config
        self._id = config.settings.session_id
        self._witness = witness
        self._who = who
        self._reader = reader
        self._values: dict[str, str] = {}
        self._is_initiator = config.settings.is_initiator
        if self._is_initiator:
            engine.initiator(self._id).reconnects = False

    async def do(self, step: Step) -> None:
        """Raises StepFailed."""
        try:
            await self._do(step)
        except (ValueError, StoreError, SessionNotOpen, EngineError) as error:
            raise StepFailed(str(error)) from None

    async def _do(self, step: Step) -> None:
        match step.action:
            case model.Connect():
                await self._connect(step.within)
            case model.LogOn(reset):
                await self._log_on(reset, step.within)
            case model.Reconnect():
                await self._disconnect()
                await self._log_on(False, step.within)
            case model.Disconnect():
                await self._disconnect()
            case model.Wait(seconds):
                await asyncio.sleep(seconds)
            case Expect():
                await self._expect(step, step.action)
            case ExpectNone():
                await self._expect_none(step.action, step.within)
            case model.Assert():
                await self._assert(step.action, step.within)
            case model.Remember():
                for name, text in step.remember.items():  # a moment each, so that each {uuid} is another one
                    self._values[name] = fill(text, self._moment(next_count()))
            case model.Hold(what, hold):
                self._by_hand(lambda session, _: self._hold(session, what, hold))
            case model.Drop(outgoing, incoming):
                self._by_hand(lambda session, _: self._drop(session, outgoing, incoming))
            case model.Send():
                self._send(step, step.action)
            case _:
                self._deed(lambda session, now: self._deed_of(step.action, session, now))

    # -- the connection ----------------------------------------------------------------------------------------------

    async def _connect(self, seconds: float) -> None:
        """Connect without a Logon; as the acceptor, wait for the peer."""
        self._witness.expect_connection()
        if self._is_initiator:
            self._by_hand(lambda session, _: session.manual.hold_logon(True, self._who))
        await self._engine.connect(self._id)
        await self._until_up(lambda: self.status.is_connected, seconds)

    async def _log_on(self, reset: bool, seconds: float) -> None:
        """Send a Logon. What is answered is for the next steps to say."""
        is_connected = self.status.is_connected
        if not is_connected:
            self._witness.expect_connection()
        self._deed(lambda session, now: by_hand.logon(session, now, reset=reset))
        if not is_connected:
            await self._engine.connect(self._id)
        await self._until_up(lambda: self._witness.has_logged_on, seconds)

    async def _until_up(self, done: Callable[[], bool], seconds: float) -> None:
        witness = self._witness
        if not await witness.until(lambda: done() or self._has_given_up(), seconds):
            raise StepFailed(f"expected a connection within {seconds:g} s; {witness.why or 'nothing happened'}")
        await witness.catch_up()
        if not done():
            raise StepFailed(f"expected a connection; {witness.why}")

    def _has_given_up(self) -> bool:
        """Whether all hosts were dialed in vain, or the connection that one led to is over."""
        return self._is_initiator and not self._engine.initiator(self._id).is_running

    async def _disconnect(self) -> None:
        self._engine.disconnect(self._id, f"by {self._who}")
        await self._witness.until(lambda: not self.status.is_connected, _TO_DISCONNECT)

    # -- what is done by hand ----------------------------------------------------------------------------------------

    def _send(self, step: Step, action: model.Send) -> None:
        definitions = self._config.definitions
        message = draft_of(action, definitions).to_flat(definitions, self._moment(next_count()))

        def send(session: FixSession, now: int) -> bytes:
            by_hand.send(session, now, message)  # refuses what a person may not send either
            return session.manual.send(message, self._who, now).raw

        sent = self._by_hand(send)
        for name, field in step.remember.items():
            value = self._reader.value(sent, field)
            if value is None:
                raise StepFailed(f"remember: expected {field} in the message that was sent, found none")
            self._values[name] = value

    def _deed_of(self, action: model.Action, session: FixSession, now: int) -> Deed:
        moment = self._moment()

        def text(value: str) -> str:
            return fill(value, moment)

        def number(value: str) -> int | None:
            return self._number(value) if value else None

        match action:
            case model.LogOut(said):
                return by_hand.logout(session, now, text(said))
            case model.Heartbeat(test_req_id):
                return by_hand.heartbeat(session, now, text(test_req_id))
            case model.TestRequest(test_req_id):
                return by_hand.test_request(session, now, text(test_req_id))
            case model.ResendRequest(begin, end):
                return by_hand.resend_request(session, now, self._number(begin), self._number(end))
            case model.SequenceReset(new_seq_no, gap_fill):
                return by_hand.sequence_reset(session, now, self._number(new_seq_no), gap_fill)
            case model.Reject(ref_seq_num, ref_tag, ref_msg_type, reason, said):
                return by_hand.reject(
                    session,
                    now,
                    self._number(ref_seq_num),
                    number(ref_tag),
                    text(ref_msg_type),
                    number(reason),
                    text(said),
                )
            case model.SetNumbers(next_out, next_in):
                return by_hand.set_numbers(session, now, next_out=number(next_out), next_in=number(next_in))
            case model.ResetNumbers():
                return by_hand.reset_store(session, now)
        raise AssertionError(action)

    def _deed(self, make: Callable[[FixSession, int], Deed]) -> None:
        self._by_hand(lambda session, now: make(session, now).perform(session, now, self._who))

    def _by_hand(self, action: Callable[[FixSession, int], T]) -> T:
        return self._engine.by_hand(self._id, action)

    def _hold(self, session: FixSession, what: tuple[Automatic, ...], hold: bool) -> None:
        if Automatic.HEARTBEATS in what:
            session.manual.hold_heartbeats(hold, self._who)
        if Automatic.RESENDS in what:
            session.manual.ignore_resend_requests(hold, self._who)

    def _drop(self, session: FixSession, outgoing: int | None, incoming: int | None) -> None:
        if outgoing is not None:
            session.manual.drop_outgoing(outgoing, self._who)
        if incoming is not None:
            session.manual.drop_incoming(incoming, self._who)

    # -- what is expected --------------------------------------------------------------------------------------------

    async def _expect(self, step: Step, action: Expect) -> None:
        wanted = filled_expression(action.condition, self._values)
        condition = self._reader.condition(action.condition, self._values)
        skip = self._skip(step.skip)
        passed_over = 0

        def next_message() -> bytes | None:
            """The next message that is not passed over."""
            nonlocal passed_over
            while (raw := self._witness.next_received()) is not None:
                if self._passes(condition, raw) or not (skip is None or self._passes(skip, raw)):
                    return raw
                passed_over += 1
            return None

        found: bytes | None = None

        def is_decided() -> bool:
            nonlocal found
            found = next_message()
            return found is not None or (self._is_initiator and self._witness.is_over)

        in_time = await self._witness.until(is_decided, step.within)
        if found is None:
            why = f"the connection ended: {self._witness.why}" if in_time else f"none came within {step.within:g} s"
            others = f" ({passed_over:,} others were passed over)" if passed_over else ""
            raise StepFailed(f"expected {wanted}; {why}{others}{self._lost()}")
        if not self._passes(condition, found):
            raise StepFailed(f"expected {wanted}; received {self._reader.shown(found)}")
        for name, field in step.remember.items():
            value = self._reader.value(found, field)
            if value is None:
                raise StepFailed(f"remember: expected {field}; received {self._reader.shown(found)}")
            self._values[name] = value

    async def _expect_none(self, action: ExpectNone, seconds: float) -> None:
        wanted = filled_expression(action.condition, self._values)
        condition = self._reader.condition(action.condition, self._values)
        witness = self._witness
        looked_at = 0
        found: bytes | None = None

        def is_decided() -> bool:
            nonlocal looked_at, found
            while looked_at < len(witness.received):
                raw = witness.received[looked_at]
                looked_at += 1
                if self._passes(condition, raw):
                    found = raw
                    return True
            return False

        was_over = witness.is_over
        await witness.until(is_decided, seconds)
        if found is not None:
            raise StepFailed(f"expected no {wanted or 'message'}; received {self._reader.shown(found)}")
        if witness.is_over and not was_over:
            raise StepFailed(f"expected no {wanted or 'message'}; the connection ended: {witness.why}")

    async def _assert(self, action: model.Assert, seconds: float) -> None:
        def differs() -> str:
            return difference(action.wanted, self.status, self._number)

        if not await self._witness.until(lambda: not differs(), seconds):
            raise StepFailed(f"{differs()} (after {seconds:g} s)")

    def _skip(self, text: str) -> Filter | None:
        """Which messages are passed over; None for all."""
        if text == SKIP_ALL:
            return None
        return _NOTHING if text == SKIP_NOTHING else self._reader.condition(text, self._values)

    def _passes(self, condition: Filter, raw: bytes) -> bool:
        received = self._reader.received(raw)
        return condition.matches(received.entry, received.message)

    def _lost(self) -> str:
        lost = self._witness.lost
        return f"; {lost:,} messages were lost, since no step had expected them" if lost else ""

    # -- values ------------------------------------------------------------------------------------------------------

    @property
    def status(self) -> SessionStatus:
        return self._engine.status(self._id)

    def _moment(self, count: int = 1) -> Moment:
        return Moment(time.time_ns(), self.status.next_out or 0, count, self._values)

    def _number(self, text: str) -> int:
        """Raises ValueError for what is none."""
        filled = fill(text, self._moment())
        if not (filled.isascii() and filled.isdigit() and len(filled) < 20):
            raise ValueError(f"expected a whole number, found {filled[:60]}")
        return int(filled)
