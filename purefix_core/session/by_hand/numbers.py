"""To change the numbers of a session by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.by_hand.deed import (
    Deed,
    drop_warnings,
    message_deed,
    peer,
    refuse_if_changed,
    refuse_unless_logged_on,
    span,
)
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.period import next_numbers
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.secrets import masked_for_logs

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


def sequence_reset(
    session: FixSession,
    now: int,
    new_seq_no: int,
    gap_fill: bool,
    seq_num: int | None = None,
    poss_dup: bool = False,
) -> Deed:
    """SequenceReset (4), as gap fill or as reset, and our next number as the counterparty will then expect it.

    `seq_num`: a MsgSeqNum of its own, as an answer to a ResendRequest has; it is neither stored nor counted then.
    `poss_dup`: with PossDupFlag(43)=Y and OrigSendingTime(122). A gap fill moves the number only forward (FIX session
    protocol, SequenceReset).
    """
    refuse_unless_logged_on(session)
    following = session.next_sender_seq_num
    number = following if seq_num is None else seq_num
    for name, value in (("NewSeqNo", new_seq_no), ("MsgSeqNum", number)):
        if not 1 <= value <= MAX_SEQ_NUM:
            raise ValueError(f"{name}: expected 1 to {MAX_SEQ_NUM}, found {value}.")
    moves_to = _moves_to(session, new_seq_no, gap_fill, seq_num)
    message = _sequence_reset(session, now, new_seq_no, gap_fill, seq_num, poss_dup)
    lines, warnings = _said(session, new_seq_no, gap_fill, number, following)
    if moves_to != following:
        lines.append(f"Our next MsgSeqNum is then {moves_to} instead of {following}.")
    else:
        lines.append(f"Our next MsgSeqNum stays {following}.")
    if seq_num is not None and seq_num != following and gap_fill:
        warnings.append(f"{peer(session)} takes it only if {seq_num} is the number that it expects.")

    def perform(session: FixSession, now: int, who: str) -> None:
        def step() -> None:
            refuse_unless_logged_on(session)
            # Something may have been sent since the deed was made: our number must never go back by a gap fill.
            moves_to = _moves_to(session, new_seq_no, gap_fill, seq_num)
            session.manual.send(message, who, now)
            if session.next_sender_seq_num != moves_to:
                session.manual.set_numbers(who, now, next_sender=moves_to)

        session.do(step)

    title = "SequenceReset-GapFill" if gap_fill else "SequenceReset-Reset"
    return message_deed(session, now, title, message, tuple(lines), tuple(warnings), perform)


def _moves_to(session: FixSession, new_seq_no: int, gap_fill: bool, seq_num: int | None) -> int:
    """Our next MsgSeqNum behind a SequenceReset. Raises ValueError for a gap fill of nothing."""
    if not gap_fill:
        return new_seq_no
    following = session.next_sender_seq_num
    number = following if seq_num is None else seq_num
    if new_seq_no <= number:
        raise ValueError(f"NewSeqNo of a gap fill: expected more than its MsgSeqNum {number}, found {new_seq_no}.")
    return max(new_seq_no, following)


def _sequence_reset(
    session: FixSession, now: int, new_seq_no: int, gap_fill: bool, seq_num: int | None, poss_dup: bool
) -> FlatMessage:
    header = [] if seq_num is None else [(tags.MSG_SEQ_NUM, b"%d" % seq_num)]
    if poss_dup:
        header += [(tags.POSS_DUP_FLAG, b"Y"), (tags.ORIG_SENDING_TIME, session.sender.stamp(now))]
    body = [(tags.NEW_SEQ_NO, b"%d" % new_seq_no)]
    if gap_fill:
        body.append((tags.GAP_FILL_FLAG, b"Y"))
    return FlatMessage("4", body, header)


def _said(
    session: FixSession, new_seq_no: int, gap_fill: bool, number: int, following: int
) -> tuple[list[str], list[str]]:
    them = peer(session)
    if gap_fill:
        lines = [
            f"Tells {them} as MsgSeqNum {number} that {span(number, new_seq_no - 1)} will not be sent, and that"
            f" {new_seq_no} comes next."
        ]
        return lines, []
    lines = [f"Tells {them}, whatever it has received so far, that MsgSeqNum {new_seq_no} comes next."]
    warnings = [f"What {them} has not received of us until now is lost: it does not ask for it any more."]
    if new_seq_no < following:
        warnings.append(
            f"{new_seq_no} is less than our next MsgSeqNum {following}: a counterparty that expects more than"
            f" {new_seq_no} rejects this, and logs out at our next message (MsgSeqNum too low)."
        )
    return lines, warnings


def set_numbers(session: FixSession, now: int, next_out: int | None = None, next_in: int | None = None) -> Deed:
    """Change the numbers of the store. None leaves a number as it is."""
    for name, value in (("Next out", next_out), ("Next in", next_in)):
        if value is not None and not 1 <= value <= MAX_SEQ_NUM:
            raise ValueError(f"{name}: expected 1 to {MAX_SEQ_NUM}, found {value}.")
    is_out, is_in = next_numbers(session, now)
    lines = [*_out(session, is_out, next_out), *_in(session, is_in, next_in)]
    if not lines:
        raise ValueError(f"Nothing changes: the next numbers are {is_out} (out) and {is_in} (in) already.")
    warnings: tuple[str, ...] = ()
    was_connected = session.is_connected
    if was_connected:
        warnings = (
            f"The session is connected: {peer(session)} is not told of this, and goes on with its own numbers.",
        )
    elif not session.schedule.is_open(now):
        warnings = (
            "It is outside of the session's hours: both sequences start with 1 again when the next ones begin.",
        )

    def perform(session: FixSession, now: int, who: str) -> None:
        refuse_if_changed(was_connected, session.is_connected)
        session.manual.set_numbers(who, now, next_sender=next_out, next_target=next_in)

    return Deed("Set the next numbers", tuple(lines), None, warnings, perform)


def _out(session: FixSession, before: int, after: int | None) -> list[str]:
    if after is None or after == before:
        return []
    first = f"Our next MsgSeqNum is {after} instead of {before}."
    them = peer(session)
    if after > before:
        return [first, f"We will not send {span(before, after - 1)}, but a gap fill where {them} asks for that."]
    stays = " What was sent stays in the store, but is never resent, even when the number is raised again."
    return [
        first,
        f"We have sent {span(after, before - 1)} already: new messages take these numbers again."
        + (stays if session.settings.persist_messages else ""),
        f"If {them} expects more than {after} it logs out at our next message (MsgSeqNum too low).",
    ]


def _in(session: FixSession, before: int, after: int | None) -> list[str]:
    if after is None or after == before:
        return []
    first = f"The MsgSeqNum that we expect next is {after} instead of {before}."
    them = peer(session)
    if after > before:
        return [first, f"We will not ask {them} for {span(before, after - 1)}: what is in there is lost."]
    return [
        first,
        f"We have received {span(after, before - 1)} of {them} already: what comes with these numbers is taken as new,"
        " and what does not come is asked for again.",
    ]


def reset_store(session: FixSession, now: int) -> Deed:
    """Start both sequences with 1 again: in a running session by a Logon with ResetSeqNumFlag(141)=Y."""
    session.manual.check_reset()
    was_logged_on = session.is_logged_on

    def perform(session: FixSession, now: int, who: str) -> None:
        refuse_if_changed(was_logged_on, session.is_logged_on)
        session.manual.reset(who, now)

    is_out, is_in = next_numbers(session, now)
    lost = f"Both sequences start with 1 again; they stand at {is_out} (out) and {is_in} (in)."
    gone = "The messages kept until now are not resent any more: what was not received is lost, on both sides."
    them = peer(session)
    if was_logged_on:
        sender = session.sender
        raw = sender.encoded(sender.logon(True, 0), sender.added(1, sender.stamp(now), 0))
        lines = (lost, f"Sends a Logon with ResetSeqNumFlag=Y to {them} as MsgSeqNum 1, which has to answer in kind.")
        warnings = (gone, *drop_warnings(session, True))
        return Deed("Reset both sequences", lines, masked_for_logs(raw), warnings, perform)
    told = f"Nothing is sent: {them} must do the same, or be told by a Logon with ResetSeqNumFlag=Y."
    return Deed("Reset the store", (lost, told), None, (gone,), perform)
