"""Deed: what would be done, in words and bytes, and what does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from purefix_core.session.manual import given_number
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.states import State
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import masked_for_logs

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

Perform = Callable[["FixSession", int, str], None]
"""Takes the session, the time, and who does it, for the event log. Raises ValueError where it is not possible any more,
and StoreError."""


@dataclass(frozen=True)
class Deed:
    """Nothing of it has happened yet."""

    title: str
    lines: tuple[str, ...]
    """What will happen: whole sentences, with the numbers."""
    message: bytes | None
    """What would be sent now, to the byte, but that secrets are masked; None where nothing is sent. SendingTime(52) is
    that of the moment."""
    warnings: tuple[str, ...]
    perform: Perform


def message_deed(
    session: FixSession,
    now: int,
    title: str,
    message: FlatMessage,
    lines: tuple[str, ...],
    warnings: tuple[str, ...] = (),
    perform: Perform | None = None,
    store: bool = False,
) -> Deed:
    """A deed that sends one message. `perform`: what does so, where it is more than that."""

    def send(session: FixSession, now: int, who: str) -> None:
        session.manual.send(message, who, now, store=store)

    _, raw = session.manual.encoded(message, now, store)
    is_kept = store or given_number(message) is None
    said = (*warnings, *drop_warnings(session, is_kept))
    return Deed(title, lines, masked_for_logs(raw), said, perform or send)


def drop_warnings(session: FixSession, is_kept: bool) -> Iterator[str]:
    """Of a message that would not reach the wire. `is_kept`: it is stored all the same."""
    left = session.manual.drop_outgoing_left
    if left:
        what = "It is numbered and stored but does not go out" if is_kept else "It does not go out"
        yield f"{what}: the next {left} outgoing messages are dropped, as asked."


def refuse_unless_logged_on(session: FixSession) -> None:
    if not session.is_connected:
        raise ValueError("There is no connection: connect and log on first.")
    if session.state is not State.ACTIVE:
        raise ValueError(f"Nobody is logged on (state {session.state.value}): log on first.")


def peer(session: FixSession) -> str:
    """The counterparty as the sentences call it."""
    return printable(session.session_id.target_comp_id)


def span(first: int, last: int) -> str:
    return f"message {first}" if first == last else f"messages {first} to {last}"
