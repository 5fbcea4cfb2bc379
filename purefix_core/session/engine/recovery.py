"""A session goes on where it was when its process ended (spec: Session Recovery Flow)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig
    from purefix_core.session.machine import FixSession


def going_on(config: FixConfig) -> FixConfig:
    """The same session, which logs on without a reset of the sequences whatever its settings say of Logon."""
    settings = replace(config.settings, reset_seq_num_flag=False, reset_on_logon=False)
    return replace(config, settings=settings, session=replace(config.session, reset_seq_num_flag=False))


def recovered(session: FixSession) -> str:
    """What the event log says of a session that is recovered, as the document has it. Raises StoreError."""
    return (
        f"Recovering session: LastSent={session.next_sender_seq_num - 1},"
        f" LastReceived={session.next_target_seq_num - 1}"
    )
