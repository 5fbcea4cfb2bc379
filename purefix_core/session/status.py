"""What a session is like at one moment, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from purefix_core.session.settings import ConnectionType
from purefix_core.session.states import State


class Passed(NamedTuple):
    """A message that was sent or received. `time` is nanoseconds UTC; `seq_num` is 0 where it has no MsgSeqNum."""

    time: int
    msg_type: str
    seq_num: int


class NotLogged(NamedTuple):
    """A log file that cannot be written. `since` is nanoseconds UTC."""

    since: int
    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """All times are nanoseconds UTC."""

    time: int
    """The moment that it is of."""
    name: str
    """That of the configuration."""
    session_id: str
    """`FIX.4.4:CLIENT->VENUE`"""
    role: ConnectionType
    production: bool
    """The configuration says that what is sent is real."""
    dialect: str
    """The name of its registration."""

    # -- the connection
    state: State
    is_connected: bool
    is_dialing: bool
    next_attempt: int | None
    """When an initiator that waits dials again."""
    listening: int | None
    """The port that an acceptor listens on."""
    peer: str
    """`host:port` of the connection, or of who is dialed; without either the first host of the configuration, and for
    an acceptor the empty string."""
    uses_tls: bool

    # -- the numbers
    next_out: int | None
    next_in: int | None
    """The next MsgSeqNums; None where they cannot be read."""
    problem: str
    """Why they cannot be read."""
    awaiting: tuple[int, int] | None
    """The first and the last number that we miss and have asked for."""
    resending: tuple[int, int] | None
    """The next and the last number of what the peer asked for and is still being sent."""
    last_received: Passed | None
    last_sent: Passed | None
    """Of this run of the program."""

    # -- heartbeats
    heart_bt_int: int
    heartbeat_due: int | None
    """When our Heartbeat goes unless something else is sent."""
    silence_due: int | None
    """When a peer that stays silent is tested, or given up."""
    test_request_pending: bool

    # -- what a person has set
    sends_logon: bool
    holds_heartbeats: bool
    ignores_resend_requests: bool
    drop_outgoing: int
    drop_incoming: int
    """So many messages are still to be dropped."""

    # -- where it is kept
    store_path: Path | None
    """The folder of the store, or for QuickFIX's layout the folder and what the names of its files begin with; None
    for a store in memory."""
    log_path: Path | None
    """The file of the messages; None for a session without logs."""
    not_logged: NotLogged | None = None
    """The file of messages or of events that cannot be written at present."""

    @property
    def is_at_rest(self) -> bool:
        """Whether there is neither a connection nor an attempt to have one."""
        is_waiting = self.is_dialing or self.next_attempt is not None or self.listening is not None
        return self.state is State.DISCONNECTED and not is_waiting
