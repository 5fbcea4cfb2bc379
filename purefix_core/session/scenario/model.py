"""A scenario as it was read: its steps, in which names still stand for values that are known only when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from purefix_core.registry.registration import ProblemsError


class ScenarioError(ProblemsError):
    """A scenario cannot be run as it is written. Each problem names the file, the line or the step, and what was
    expected there."""


Members: TypeAlias = "tuple[tuple[str, str | tuple[Members, ...]], ...]"
"""Fields by name or tag, in order; a repeating group has the fields of each of its entries."""


@dataclass(frozen=True)
class Connect:
    """Connect, or wait for the peer, without a Logon of ours."""


@dataclass(frozen=True)
class LogOn:
    """Send a Logon, having connected where that is not done yet. `reset`: with ResetSeqNumFlag(141)=Y."""

    reset: bool = False


@dataclass(frozen=True)
class LogOut:
    text: str = ""


@dataclass(frozen=True)
class Disconnect:
    """End the connection without a Logout."""


@dataclass(frozen=True)
class Reconnect:
    """End the connection without a Logout, connect and log on."""


@dataclass(frozen=True)
class Send:
    """A message: as text, or of `msg_type` with `members`."""

    text: str = field(default="", repr=False)
    msg_type: str = ""
    members: Members = field(default=(), repr=False)


@dataclass(frozen=True)
class Heartbeat:
    test_req_id: str = ""


@dataclass(frozen=True)
class TestRequest:
    test_req_id: str = ""

    __test__ = False  # no test of pytest's


@dataclass(frozen=True)
class ResendRequest:
    begin: str
    end: str = "0"


@dataclass(frozen=True)
class SequenceReset:
    new_seq_no: str
    gap_fill: bool = False


@dataclass(frozen=True)
class Reject:
    ref_seq_num: str
    ref_tag: str = ""
    ref_msg_type: str = ""
    reason: str = ""
    text: str = ""


@dataclass(frozen=True)
class SetNumbers:
    """The next MsgSeqNums; an empty one stays."""

    next_out: str = ""
    next_in: str = ""


@dataclass(frozen=True)
class ResetNumbers:
    """Both sequences begin with 1 again."""


@dataclass(frozen=True)
class Drop:
    """The next messages get lost on their way; None leaves that direction as it is."""

    outgoing: int | None = None
    incoming: int | None = None


SKIP_NOTHING, SKIP_ALL = "none", "all"
SKIP_BY_ITSELF = "type in (0, 1)"
"""Heartbeats and TestRequests come when they come."""


class Automatic(Enum):
    """What a session answers by itself."""

    HEARTBEATS = "heartbeats"
    """Heartbeats, and the answers to TestRequests."""
    RESENDS = "resends"
    """The answers to ResendRequests."""


@dataclass(frozen=True)
class Hold:
    """Keep back, or with `hold` False no longer keep back, what the session does by itself."""

    what: tuple[Automatic, ...]
    hold: bool


@dataclass(frozen=True)
class Expect:
    """The next message received, but for those that are passed over, passes the filter expression."""

    condition: str


@dataclass(frozen=True)
class ExpectNone:
    """For a while no message that passes comes."""

    condition: str


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Assert:
    """What the session's status is, by what people call it."""

    wanted: Mapping[str, str]


@dataclass(frozen=True)
class Remember:
    """Nothing is done; the step's `remember` says what is kept under which name."""


Action = (
    Connect
    | LogOn
    | LogOut
    | Disconnect
    | Reconnect
    | Send
    | Heartbeat
    | TestRequest
    | ResendRequest
    | SequenceReset
    | Reject
    | SetNumbers
    | ResetNumbers
    | Drop
    | Hold
    | Expect
    | ExpectNone
    | Wait
    | Assert
    | Remember
)


@dataclass(frozen=True)
class Step:
    place: str
    """File and line; in JSON file and position."""
    words: str
    """How the step reads in a list; secrets are masked."""
    action: Action
    within: float
    """Seconds that the step may take."""
    skip: str
    """Which messages are passed over: a filter expression, SKIP_NOTHING or SKIP_ALL."""
    remember: Mapping[str, str] = field(repr=False)
    """Names, and what to keep under each: a field of the message that was sent or received; of Remember a text."""


@dataclass(frozen=True)
class Scenario:
    path: Path
    name: str
    about: str
    session: Path | None
    """The session file that it names."""
    settings: Mapping[str, str]
    """Settings that count instead of those of the session file."""
    settings_place: str
    steps: tuple[Step, ...]
    problems: tuple[str, ...] = ()
    """What is wrong in the file, a line each; where there is something it cannot be run, and steps may be missing."""
    lost_names: frozenset[str] = frozenset()
    """Names that such missing steps remember."""
