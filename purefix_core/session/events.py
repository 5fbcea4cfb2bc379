"""What comes out of a session besides the bytes to send. The engine passes it on to logs and to whoever listens."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from purefix_core.session.states import State


class Level(Enum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Note(NamedTuple):
    """A line of the event log. `time` is nanoseconds UTC."""

    time: int
    text: str
    level: Level = Level.INFO


class StateChanged(NamedTuple):
    time: int
    old: State
    new: State


class MessageReceived(NamedTuple):
    """A frame as it came off the wire, whole or garbled, before anything was done with it."""

    time: int
    raw: bytes


class MessageSent(NamedTuple):
    """A message that goes to the wire."""

    time: int
    raw: bytes


class ApplicationMessage(NamedTuple):
    """An application message in sequence, behind `Application.from_app`, which did not refuse it."""

    time: int
    raw: bytes
    msg_type: str
    seq_num: int
    poss_dup: bool


Event = Note | StateChanged | MessageReceived | MessageSent | ApplicationMessage


class Output(NamedTuple):
    """Everything that a session has for its driver. `close`: end the connection once `data` is written."""

    data: bytes
    events: list[Event]
    close: bool
