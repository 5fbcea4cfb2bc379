"""To connect, log on, log out and disconnect by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.by_hand.deed import (
    Deed,
    Perform,
    drop_warnings,
    message_deed,
    peer,
    refuse_unless_logged_on,
    value_of,
)
from purefix_core.session.by_hand.numbers import set_numbers
from purefix_core.session.events import Level
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.period import begins_anew, next_numbers
from purefix_core.session.states import State
from purefix_core.wire import tags
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import masked_for_logs

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


def connect(session: FixSession, now: int) -> Deed:
    """Connect without a Logon, or for an acceptor: listen. The engine's `connect` does so behind `perform`."""
    if not session.settings.is_initiator:
        return listen(session, now)
    _refuse_if_connected(session)

    def perform(session: FixSession, _now: int, who: str) -> None:
        if session.manual.sends_logon:
            session.manual.hold_logon(True, who)

    lines = (f"Connects to {_hosts(session)}{_tls(session)}.", "No Logon is sent before you say so.")
    return Deed("Connect", lines, None, _hours(session, now), perform)


def listen(
    session: FixSession,
    now: int,
    *,
    next_out: int | None = None,
    next_in: int | None = None,
    brief: bool = False,
) -> Deed:
    """For an acceptor: wait for the Logon of the counterparty, which is answered. The engine's `connect` listens behind
    `perform`, unless it does already. The numbers, and `brief`, as for `logon`."""
    _refuse_if_connected(session)
    network = session.settings.network
    host = printable(network.accept_host) or "all addresses"
    port = f"port {network.accept_port}" if network.accept_port else "any free port"
    setting = _setting(session, now, next_out, next_in)
    lines = (
        *_of_setting(setting, brief),
        f"Listens on {host}, {port}{_tls(session)}.",
        f"A Logon of {peer(session)} is answered as soon as it comes; nothing is sent before.",
    )
    if setting is None:
        return Deed("Listen", lines, None, _hours(session, now), _do_nothing)
    return Deed("Listen", lines, None, (*_hours(session, now), *setting.warnings), setting.perform)


def logon(
    session: FixSession,
    now: int,
    reset: bool = False,
    *,
    next_out: int | None = None,
    next_in: int | None = None,
    brief: bool = False,
) -> Deed:
    """Send the Logon; where there is no connection, as soon as there is one: the engine's `connect` makes it.

    `reset`: with ResetSeqNumFlag(141)=Y, whatever the settings say. `next_out` and `next_in`: numbers that are set
    before; None leaves a number as it is. `brief`: say that they are set, but not what that means.
    """
    if not session.settings.is_initiator:
        raise ValueError(f"An acceptor answers a Logon and sends none first: wait for that of {peer(session)}.")
    _refuse_behind_logon(session)
    if reset and session.begin_string == "FIX.4.0":
        raise ValueError("FIX.4.0 has no ResetSeqNumFlag: reset the store of both sides instead.")
    sender, settings = session.sender, session.settings
    is_out, is_in = next_numbers(session, now)
    setting = _setting(session, now, next_out, next_in)
    next_out, next_in = next_out or is_out, next_in or is_in
    before = f"{next_out} out and {next_in} in"
    resets = reset or settings.reset_seq_num_flag or settings.reset_on_logon
    warnings: list[str] = []
    if resets:
        if (next_out, next_in) != (1, 1):
            warnings.append(
                f"Both sequences start with 1 again (they stand at {before}): what was not received until now is lost,"
                " on both sides."
            )
        next_out = next_in = 1
    flag = reset or sender.is_reset_logon((next_out, next_in) == (1, 1))
    message = sender.logon(flag, next_in - 1)
    raw = sender.encoded(message, sender.added(next_out, sender.stamp(now), next_in - 1))
    how = " with ResetSeqNumFlag=Y" if flag else ""
    numbers = f"as MsgSeqNum {next_out}; we expect {next_in} from it"
    what = f"Logon to {peer(session)}{how} {numbers}."
    if session.is_connected:
        lines: tuple[str, ...] = (f"Sends a {what}",)
    else:
        lines = (f"Connects to {_hosts(session)}{_tls(session)}.", f"Sends a {what}")
        if setting is None and begins_anew(session, now):
            lines += ("A new period of the session has begun: both sequences start with 1 again.",)
        warnings += _hours(session, now)
    if setting is not None:
        warnings += setting.warnings
    lines = (*_of_setting(setting, brief), *lines)
    said = (*warnings, *drop_warnings(session, True))
    return Deed("Log on", lines, masked_for_logs(raw), said, _log_on(reset, setting))


def _setting(session: FixSession, now: int, next_out: int | None, next_in: int | None) -> Deed | None:
    """Sets the numbers; None where they are as they should be."""
    is_out, is_in = next_numbers(session, now)
    if next_out in (None, is_out) and next_in in (None, is_in):
        return None
    return set_numbers(session, now, next_out, next_in)


def _of_setting(setting: Deed | None, brief: bool) -> tuple[str, ...]:
    if setting is None:
        return ()
    return setting.lines[:1] if brief else setting.lines


def _log_on(reset: bool, setting: Deed | None) -> Perform:
    def perform(session: FixSession, now: int, who: str) -> None:
        _refuse_behind_logon(session)  # before the numbers are set
        if setting is not None:
            setting.perform(session, now, who)
        manual = session.manual
        if session.is_connected:
            manual.log_on(who, now, reset)
            return
        manual.reset_at_logon(reset, who)
        if not manual.sends_logon:
            manual.hold_logon(False, who)

    return perform


def logout(session: FixSession, now: int, text: str = "") -> Deed:
    if session.is_connected and session.state is State.LOGOUT_SENT:
        raise ValueError("A Logout was sent already and is not answered yet: wait, or disconnect.")
    if session.is_connected and session.state is not State.ACTIVE:
        raise ValueError(f"Nobody is logged on (state {session.state.value}): disconnect instead.")
    refuse_unless_logged_on(session)
    number = session.next_sender_seq_num
    lines = (
        f"Sends a Logout to {peer(session)} as MsgSeqNum {number}.",
        f"The connection ends when it is answered, or after {session.settings.logout_timeout:g} s.",
    )
    body = [(tags.TEXT, value_of("Text", text))] if text else []
    return message_deed(session, now, "Log out", FlatMessage("5", body), lines)


def disconnect(session: FixSession, now: int) -> Deed:  # noqa: ARG001 (all of them take the time)
    """End the connection without a Logout. The engine's `disconnect` also dials no more."""
    if session.state is State.DISCONNECTED:
        if not session.settings.is_initiator:
            raise ValueError("There is no connection to end.")
        return Deed("Disconnect", ("There is no connection now, and none is made any more.",), None, (), _do_nothing)
    lines = [f"Ends the connection to {peer(session)} at once; nothing is sent."]
    if session.state is State.ACTIVE:
        lines.append("The counterparty is not told by a Logout: it finds the connection gone.")
    lines.append("The numbers stay as they are; what was not received is asked for at the next Logon.")

    def perform(session: FixSession, now: int, who: str) -> None:
        session.now = now
        session.close(f"disconnected by hand ({who})", Level.WARNING)
        session.wake()

    return Deed("Disconnect", tuple(lines), None, (), perform)


def _do_nothing(session: FixSession, now: int, who: str) -> None:
    """The rest is the engine's."""


def _refuse_if_connected(session: FixSession) -> None:
    if session.is_connected:
        raise ValueError("There is a connection already: disconnect first.")
    if session.state is not State.DISCONNECTED:
        raise ValueError("A connection is being made already: wait, or disconnect.")


def _refuse_behind_logon(session: FixSession) -> None:
    if session.state is State.ACTIVE:
        raise ValueError("Both sides are logged on already: reset the store to send a Logon with ResetSeqNumFlag=Y.")
    if session.state not in (State.DISCONNECTED, State.CONNECTING):
        raise ValueError(f"A Logon cannot be sent in state {session.state.value}: wait, or disconnect first.")


def _hosts(session: FixSession) -> str:
    hosts = [f"{printable(host)}:{port}" for host, port in session.settings.network.hosts]
    return ", else ".join(hosts) or "no host"


def _tls(session: FixSession) -> str:
    return " with TLS" if session.settings.network.tls.enabled else " without TLS"


def _hours(session: FixSession, now: int) -> tuple[str, ...]:
    why = session.schedule.why_closed(now)
    return (f"It is {why}: no connection is made before.",) if why else ()
