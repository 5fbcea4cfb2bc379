"""What is known of a session before its engine has said anything."""

from __future__ import annotations

import time

from purefix_core.session.config import FixConfig
from purefix_core.session.engine.message_log import message_log_path
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus


def first_status(config: FixConfig) -> SessionStatus:
    """Nothing is connected, and the numbers are not read yet."""
    settings = config.settings
    hosts = settings.network.hosts
    return SessionStatus(
        time=time.time_ns(),
        name=config.name,
        session_id=str(settings.session_id),
        role=settings.connection_type,
        production=settings.production,
        dialect=config.registration.name,
        state=State.DISCONNECTED,
        is_connected=False,
        is_dialing=False,
        next_attempt=None,
        listening=None,
        peer=f"{hosts[0][0]}:{hosts[0][1]}" if hosts and settings.is_initiator else "",
        uses_tls=settings.network.tls.enabled,
        next_out=None,
        next_in=None,
        problem="",
        awaiting=None,
        resending=None,
        last_received=None,
        last_sent=None,
        heart_bt_int=settings.heart_bt_int,
        heartbeat_due=None,
        silence_due=None,
        test_request_pending=False,
        sends_logon=True,
        holds_heartbeats=False,
        ignores_resend_requests=False,
        drop_outgoing=0,
        drop_incoming=0,
        store_path=config.store_path,
        log_path=message_log_path(config),
    )
