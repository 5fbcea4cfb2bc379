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

_MOST_SHOWN = 60
"""Characters of a value within a sentence; the message has it whole."""

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
    raw: bytes | None = None,
) -> Deed:
    """A deed that sends one message. `perform`: what does so, where it is more than that. `raw`: the message, where its
    bytes are known already."""

    was_logged_on = session.is_logged_on

    def send(session: FixSession, now: int, who: str) -> None:
        if was_logged_on:
            refuse_unless_logged_on(session)
        session.manual.send(message, who, now, store=store)

    if raw is None:
        raw = session.manual.encoded(message, now, store).raw
    is_numbered = store or given_number(message) is None
    said = (*warnings, *drop_warnings(session, is_numbered))
    return Deed(title, lines, masked_for_logs(raw), said, perform or send)


def drop_warnings(session: FixSession, is_numbered: bool) -> Iterator[str]:
    """Of a message that would not reach the wire. `is_numbered`: it has its number, and its place in the store, all
    the same."""
    left = session.manual.drop_outgoing_left
    if left:
        kept = "numbered and stored" if session.settings.persist_messages else "numbered"
        what = f"It is {kept} but does not go out" if is_numbered else "It does not go out"
        yield f"{what}: the next {left} outgoing messages are dropped, as asked."


def refuse_unless_logged_on(session: FixSession) -> None:
    if not session.is_connected:
        raise ValueError("There is no connection: connect and log on first.")
    if session.state is not State.ACTIVE:
        raise ValueError(f"Nobody is logged on (state {session.state.value}): log on first.")


def refuse_if_changed(was_so: bool, is_so: bool) -> None:
    """Where the state of the connection decides what a deed means, and it is not the one of which the deed tells."""
    if was_so is not is_so:
        raise ValueError("The connection is not as it was when this was shown: it would do something else now.")


def value_of(name: str, text: str) -> bytes:
    """The value of a field as a person gives it, with lone surrogates for bytes that are no UTF-8 (`surrogateescape`).
    Raises ValueError for what no field can hold."""
    if "\x01" in text:
        raise ValueError(f"{name}: expected text without SOH (byte 1), which ends a field.")
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}: expected text, but character {error.start + 1} is none that UTF-8 has.") from None


def shown(text: str) -> str:
    """A value within a sentence."""
    text = printable(text)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def peer(session: FixSession) -> str:
    """The counterparty as the sentences call it."""
    return printable(session.session_id.target_comp_id)


def span(first: int, last: int) -> str:
    return f"message {first}" if first == last else f"messages {first} to {last}"
