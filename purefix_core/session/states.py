"""The states of a session and what leads from one to another, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class State(Enum):
    """Awaiting a resend and an unanswered TestRequest are flags beside `ACTIVE`: both can hold at once."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    """The connection is being made, or is there and nobody has sent a Logon."""
    LOGON_SENT = "logon sent"
    LOGON_RECEIVED = "logon received"
    ACTIVE = "active"
    LOGOUT_SENT = "logout sent"
    LOGOUT_RECEIVED = "logout received"


class Happening(Enum):
    """What changes the state."""

    CONNECT = "connect"
    SEND_LOGON = "send Logon"
    RECEIVE_LOGON = "receive Logon"
    SEND_LOGOUT = "send Logout"
    RECEIVE_LOGOUT = "receive Logout"
    DISCONNECT = "disconnect"


_S, _H = State, Happening

TRANSITIONS: Mapping[tuple[State, Happening], State] = MappingProxyType(
    {
        (_S.DISCONNECTED, _H.CONNECT): _S.CONNECTING,
        (_S.CONNECTING, _H.CONNECT): _S.CONNECTING,
        (_S.CONNECTING, _H.SEND_LOGON): _S.LOGON_SENT,
        (_S.CONNECTING, _H.RECEIVE_LOGON): _S.LOGON_RECEIVED,
        (_S.LOGON_SENT, _H.RECEIVE_LOGON): _S.ACTIVE,
        (_S.LOGON_RECEIVED, _H.SEND_LOGON): _S.ACTIVE,
        # ResetSeqNumFlag(141)=Y within the session
        (_S.ACTIVE, _H.SEND_LOGON): _S.LOGON_SENT,
        (_S.ACTIVE, _H.RECEIVE_LOGON): _S.LOGON_RECEIVED,
        # Before ACTIVE a Logout says why a Logon is refused.
        (_S.CONNECTING, _H.SEND_LOGOUT): _S.LOGOUT_SENT,
        (_S.LOGON_SENT, _H.SEND_LOGOUT): _S.LOGOUT_SENT,
        (_S.LOGON_RECEIVED, _H.SEND_LOGOUT): _S.LOGOUT_SENT,
        (_S.ACTIVE, _H.SEND_LOGOUT): _S.LOGOUT_SENT,
        (_S.LOGON_SENT, _H.RECEIVE_LOGOUT): _S.LOGOUT_RECEIVED,
        (_S.ACTIVE, _H.RECEIVE_LOGOUT): _S.LOGOUT_RECEIVED,
        (_S.LOGOUT_SENT, _H.RECEIVE_LOGOUT): _S.LOGOUT_RECEIVED,
        (_S.LOGOUT_RECEIVED, _H.SEND_LOGOUT): _S.LOGOUT_RECEIVED,
        **{(state, _H.DISCONNECT): _S.DISCONNECTED for state in State},
    }
)
"""What is not listed cannot happen: the session checks before it acts."""


def after(state: State, happening: Happening) -> State:
    """The state that follows. Raises ValueError for what cannot happen in `state`."""
    try:
        return TRANSITIONS[state, happening]
    except KeyError:
        raise ValueError(f"{happening.value}: not when the session is in state {state.value}") from None
