"""What a filter tests, with all names bound: tags, raw values, spans of numbers and times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias

from purefix_core.logs.index import SessionKey
from purefix_core.wire.separators import Separator
from purefix_core.wire.timestamps import NANOS, NO_TIME

DAY = 86_400 * NANOS


class Row(Protocol):
    """What the index holds of a message; an Entry is one."""

    @property
    def msg_type(self) -> str: ...
    @property
    def msg_seq_num(self) -> int | None: ...
    @property
    def sending_time(self) -> int: ...
    @property
    def session(self) -> SessionKey: ...
    @property
    def flags(self) -> int: ...


class Message(Protocol):
    """What a filter asks of a message; a FixMessage is one."""

    @property
    def raw(self) -> bytes: ...
    @property
    def separator(self) -> Separator: ...
    def get_all(self, tag: int) -> Sequence[bytes]: ...


@dataclass(frozen=True, slots=True)
class All:
    """True where every term is; `All(())` is always true."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """True where some term is."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    term: Node


@dataclass(frozen=True, slots=True)
class HeaderTest:
    """A test of texts that the index holds: BeginString(8), MsgType(35), SenderCompID(49), TargetCompID(56).

    True if the text of one of `tags` passes `test`; with `wanted` False if some text is there and none passes. An
    empty text counts as absent. MsgType does not stand together with others.
    """

    tags: tuple[int, ...]
    test: Callable[[str], bool]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class SeqTest:
    """MsgSeqNum lies in one of the spans, both ends included; with `wanted` False in none of them."""

    spans: tuple[tuple[int, int], ...]
    wanted: bool = True

    def holds(self, number: int | Decimal) -> bool:
        return any(low <= number <= high for low, high in self.spans) == self.wanted


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Nanoseconds, both ends included; `daily` spans count from midnight of whatever day."""

    low: int
    high: int
    daily: bool = False


@dataclass(frozen=True, slots=True)
class TimeTest:
    """SendingTime lies in one of the spans; with `wanted` False in none. Never true of a message without a time."""

    spans: tuple[TimeSpan, ...]
    wanted: bool = True

    def holds(self, time: int) -> bool:
        if time == NO_TIME:
            return False
        inside = any(span.low <= (time % DAY if span.daily else time) <= span.high for span in self.spans)
        return inside == self.wanted


@dataclass(frozen=True, slots=True)
class FlagTest:
    """One of the flag bits is set."""

    mask: int


@dataclass(frozen=True, slots=True)
class FieldTest:
    """Some occurrence of one of the tags passes `test`; with `wanted` False there is one and none passes.

    A message of which this is true holds at least one of `needles`.
    """

    tags: tuple[int, ...]
    test: Callable[[str], bool]
    wanted: bool
    needles: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TextSearch:
    """The message's bytes hold one of the texts, which are in lower case; ASCII letters match in either case.

    A `|` also stands for the message's separator.
    """

    texts: tuple[bytes, ...]


Node: TypeAlias = All | Either | Negated | HeaderTest | SeqTest | TimeTest | FlagTest | FieldTest | TextSearch


def needs_messages(node: Node) -> bool:
    """Whether the node asks for what the index does not hold."""
    if isinstance(node, All | Either):
        return any(needs_messages(term) for term in node.terms)
    if isinstance(node, Negated):
        return needs_messages(node.term)
    return isinstance(node, FieldTest | TextSearch)
