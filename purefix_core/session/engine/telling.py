"""The status of a session, put together out of what the session, its driver and its initiator know."""

from __future__ import annotations

from contextlib import suppress

from purefix_core.session.engine.addresses import address_text
from purefix_core.session.engine.driver import SessionDriver, now
from purefix_core.session.engine.initiator import Initiator
from purefix_core.session.engine.message_log import message_log_path
from purefix_core.session.engine.stores import store_path
from purefix_core.session.events import MessageReceived, MessageSent
from purefix_core.session.machine import FixSession
from purefix_core.session.period import next_numbers
from purefix_core.session.states import State
from purefix_core.session.status import Passed, SessionStatus
from purefix_core.store.records import StoreError
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, printable

_MOST_DIGITS = 18
_MOST_TYPE = 20
_ENOUGH = 1024
"""Bytes of a message that are looked at for its MsgType and MsgSeqNum, which stand at its beginning."""


def status_of(driver: SessionDriver, initiator: Initiator | None, listening: int | None) -> SessionStatus:
    """`initiator`: None for an acceptor, of which `listening` is the port. Never raises."""
    session, config = driver.session, driver.config
    settings, manual = session.settings, session.manual
    is_up = driver.connection is not None and session.is_connected
    is_active = is_up and session.state is State.ACTIVE
    moment = now()
    next_out, next_in, problem = _numbers(session, moment)
    place = None
    with suppress(StoreError, OSError):
        place = store_path(config)
    return SessionStatus(
        time=moment,
        name=config.name,
        session_id=str(session.session_id),
        role=settings.connection_type,
        production=settings.production,
        dialect=config.registration.name,
        state=session.state,
        is_connected=is_up,
        is_dialing=initiator is not None and initiator.dialing is not None,
        next_attempt=None if initiator is None else initiator.next_attempt,
        listening=listening,
        peer=_peer(driver, initiator),
        uses_tls=settings.network.tls.enabled,
        next_out=next_out,
        next_in=next_in,
        problem=problem,
        awaiting=_awaiting(session, next_in),
        resending=session.sender.resending,
        last_received=_passed(driver.last_received),
        last_sent=_passed(driver.last_sent),
        heart_bt_int=session.heart_bt_int,
        heartbeat_due=session.timers.heartbeat_due() if is_active else None,
        silence_due=session.timers.silence_due() if is_up else None,
        test_request_pending=is_active and session.test_request_pending,
        sends_logon=manual.sends_logon,
        holds_heartbeats=manual.holds_heartbeats,
        ignores_resend_requests=manual.ignores_resend_requests,
        drop_outgoing=manual.drop_outgoing_left,
        drop_incoming=manual.drop_incoming_left,
        store_path=place,
        log_path=message_log_path(config),
        not_logged=driver.not_logged,
    )


def _numbers(session: FixSession, moment: int) -> tuple[int | None, int | None, str]:
    """The next numbers out and in, and why they cannot be told."""
    try:
        return *next_numbers(session, moment), ""
    except (StoreError, OSError) as error:
        return None, None, printable(str(error))


def _awaiting(session: FixSession, next_in: int | None) -> tuple[int, int] | None:
    gap = session.sequence.gap
    return None if gap is None or next_in is None else (next_in, gap.last)


def _peer(driver: SessionDriver, initiator: Initiator | None) -> str:
    if driver.connection is not None:
        return driver.connection.peer
    if initiator is not None and initiator.dialing is not None:
        return address_text(*initiator.dialing)
    hosts = driver.config.settings.network.hosts
    return address_text(*hosts[0]) if initiator is not None and hosts else ""


def _passed(event: MessageReceived | MessageSent | None) -> Passed | None:
    if event is None:
        return None
    message = FixMessage.parse(event.raw[:_ENOUGH])
    number = message.get(tags.MSG_SEQ_NUM) or b""
    seq_num = int(number) if number.isdigit() and len(number) <= _MOST_DIGITS else 0
    return Passed(event.time, printable(message.text(tags.MSG_TYPE))[:_MOST_TYPE], seq_num)
