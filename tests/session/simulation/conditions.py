"""What stays the same in a run, and the configuration of both sides that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from purefix_core.registry.dialects import Dialects
from purefix_core.session.settings import ConnectionType, ScheduleSettings, SessionId, SessionSettings
from purefix_core.wire.timestamps import NANOS
from tests.session.simulation.link import MILLI

START = 1_767_571_200 * NANOS  # Monday, 5 January 2026, 00:00 UTC
INITIATOR, ACCEPTOR = 0, 1
_DIALECTS = {"FIX.4.2": "FIX42", "FIX.4.4": "FIX44", "FIXT.1.1": "FIX50SP2"}


@dataclass(frozen=True)
class Conditions:
    """What stays the same in a run."""

    begin_string: str = "FIX.4.4"
    heart_bt_int: int = 30
    in_files: bool = False
    chunk_size: int = 0
    closed_interval: bool = False
    next_expected: bool = False
    redundant_requests: bool = False
    last_processed: bool = False
    most_early: int = 10_000
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    start: int = START
    redial: int = 500 * MILLI
    dial_time: int = 0
    late: int = 0
    """How much later than it wants to be a machine is ticked."""


def config_of(conditions: Conditions, which: int) -> Any:
    ids = ("CLI", "SRV") if which == INITIATOR else ("SRV", "CLI")
    settings = SessionSettings(
        SessionId(conditions.begin_string, *ids),
        ConnectionType.INITIATOR if which == INITIATOR else ConnectionType.ACCEPTOR,
        schedule=conditions.schedule,
        heart_bt_int=conditions.heart_bt_int,
        default_appl_ver_id="9" if conditions.begin_string == "FIXT.1.1" else "",
        resend_request_chunk_size=conditions.chunk_size,
        closed_resend_interval=conditions.closed_interval,
        enable_next_expected_msg_seq_num=conditions.next_expected,
        send_redundant_resend_requests=conditions.redundant_requests,
        enable_last_msg_seq_num_processed=conditions.last_processed,
        max_early_messages=conditions.most_early,
    )
    return _fix_config(settings)


@cache
def _dialect(name: str) -> Any:
    return Dialects.standard().dialect(name)


def _fix_config(settings: SessionSettings) -> Any:
    """What the machine needs of a FixConfig."""
    found = _dialect(_DIALECTS[settings.session_id.begin_string])
    return SimpleNamespace(
        settings=settings, definitions=found.definitions, message_factory=found.provider.create_message_factory()
    )
