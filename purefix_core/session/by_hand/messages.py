"""To send a message by hand: those of the session level, and any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.by_hand.deed import Deed, message_deed, peer, refuse_unless_logged_on, shown, span, value_of
from purefix_core.session.gap import OPEN_END_OF_OLD, asked_for_all
from purefix_core.session.manual import asks_for_reset, given_number
from purefix_core.session.old_versions import is_old
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.states import State
from purefix_core.store.payload import what_is_wrong
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.message import as_text, printable
from purefix_core.wire.timestamps import utc_timestamp_text

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

_SECOND = 1_000_000_000


def heartbeat(session: FixSession, now: int, test_req_id: str = "") -> Deed:
    refuse_unless_logged_on(session)
    answers = f" that answers the TestRequest {shown(test_req_id)}" if test_req_id else ""
    line = f"Sends a Heartbeat{answers} to {peer(session)} as MsgSeqNum {session.next_sender_seq_num}."
    body = [(tags.TEST_REQ_ID, value_of("TestReqID", test_req_id))] if test_req_id else []
    return message_deed(session, now, "Heartbeat", FlatMessage("0", body), (line,))


def test_request(session: FixSession, now: int, test_req_id: str = "") -> Deed:  # noqa: PT028 (no test)
    """`test_req_id`: made of the time where it is empty."""
    refuse_unless_logged_on(session)
    text = test_req_id or f"TEST-{utc_timestamp_text(now // _SECOND * _SECOND, 0)}"
    lines = (
        f"Sends a TestRequest to {peer(session)} as MsgSeqNum {session.next_sender_seq_num}.",
        f"It must answer with a Heartbeat whose TestReqID is {shown(text)}.",
    )
    body = [(tags.TEST_REQ_ID, value_of("TestReqID", text))]
    return message_deed(session, now, "TestRequest", FlatMessage("1", body), lines)


def resend_request(session: FixSession, now: int, begin: int, end: int = 0) -> Deed:
    """`end`: 0 for all that the counterparty has sent."""
    refuse_unless_logged_on(session)
    if not 1 <= begin <= MAX_SEQ_NUM:
        raise ValueError(f"BeginSeqNo: expected 1 to {MAX_SEQ_NUM}, found {begin}.")
    if end and not begin <= end <= MAX_SEQ_NUM:
        raise ValueError(f"EndSeqNo: expected 0 (for all), or {begin} to {MAX_SEQ_NUM}, found {end}.")
    if is_old(session.begin_string) and not end:
        end = OPEN_END_OF_OLD
        if begin > end:
            raise ValueError(f"EndSeqNo: expected {begin} or more: in {session.begin_string} that for all is {end}.")
    expected = session.next_target_seq_num
    what = f"messages from {begin} on" if asked_for_all(end) else span(begin, end)
    lines = [f"Asks {peer(session)} for {what}, by a ResendRequest as MsgSeqNum {session.next_sender_seq_num}."]
    warnings = []
    if begin < expected:
        last = expected - 1 if asked_for_all(end) else min(end, expected - 1)
        lines.append(
            f"We have received {span(begin, last)} already: what comes of them again (PossDupFlag=Y) stands in the log"
            " and is not taken once more."
        )
    elif begin > expected:
        warnings.append(
            f"We expect {expected} next: what comes from {begin} on is held until {span(expected, begin - 1)} came."
        )
    body = [(tags.BEGIN_SEQ_NO, b"%d" % begin), (tags.END_SEQ_NO, b"%d" % end)]
    return message_deed(session, now, "ResendRequest", FlatMessage("2", body), tuple(lines), tuple(warnings))


def reject(
    session: FixSession,
    now: int,
    ref_seq_num: int,
    ref_tag: int | None = None,
    ref_msg_type: str = "",
    reason: int | None = None,
    text: str = "",
) -> Deed:
    """Reject (3), the one of the session level. FIX.4.0 and FIX.4.1 have nothing but RefSeqNum and Text."""
    refuse_unless_logged_on(session)
    if not 1 <= ref_seq_num <= MAX_SEQ_NUM:
        raise ValueError(f"RefSeqNum: expected the MsgSeqNum of the message that is rejected, found {ref_seq_num}.")
    if is_old(session.begin_string) and (ref_tag is not None or ref_msg_type or reason is not None):
        raise ValueError(f"{session.begin_string} has only RefSeqNum and Text in a Reject: say the rest in the text.")
    fields = (
        (tags.REF_SEQ_NUM, b"%d" % ref_seq_num),
        (tags.TEXT, value_of("Text", text)),
        (tags.REF_TAG_ID, b"" if ref_tag is None else b"%d" % ref_tag),
        (tags.REF_MSG_TYPE, value_of("RefMsgType", ref_msg_type)),
        (tags.SESSION_REJECT_REASON, b"" if reason is None else b"%d" % reason),
    )
    body = [field for field in fields if field[1]]
    lines = (
        f"Rejects message {ref_seq_num} of {peer(session)}, by a Reject as MsgSeqNum {session.next_sender_seq_num}.",
        "It changes nothing on our side: a message that was taken stays taken.",
    )
    return message_deed(session, now, "Reject", FlatMessage("3", body), lines)


def send(session: FixSession, now: int, message: FlatMessage, store: bool | None = None) -> Deed:
    """Any message. What its header has stands in place of what the session would write; with a MsgSeqNum of its own it
    is neither counted nor stored unless `store` says so."""
    if not session.is_connected:
        raise ValueError("There is no connection: connect first.")
    name = session.config.definitions.message_name(message.msg_type)
    called = f"{name} ({printable(message.msg_type)})" if name else f"message of MsgType {printable(message.msg_type)}"
    own, following, stored = given_number(message), session.next_sender_seq_num, bool(store)
    warnings, is_refused = _what_the_peer_finds(session, message)
    seq_num, raw = session.manual.encoded(message, now, stored)
    is_kept = session.settings.persist_messages and (own is None or stored)
    wrong = what_is_wrong(raw, seq_num) if is_kept else ""
    if wrong:
        raise ValueError(
            f"The message cannot be stored ({wrong}): give it a MsgSeqNum (34) of its own, and it is sent as it is."
        )
    if is_kept and not _has_our_comp_ids(session, message):
        warnings.append(
            "It is kept, but its CompIDs are those of another session: a check of the store finds fault with it, and it"
            " may not be resent."
        )
    if own is None:
        line = f"Sends a {called} to {peer(session)} as MsgSeqNum {following}"
        line += ", and stores it." if is_kept else f". {_NOT_KEPT}"
    else:
        line = f"Sends a {called} to {peer(session)} with a MsgSeqNum of its own, {shown(as_text(own)) or 'empty'}."
        if not stored:
            line += f" It is neither counted nor stored: our next MsgSeqNum stays {following}."
        elif seq_num < following:
            where = "It is stored in place of what is kept under that number." if is_kept else _NOT_KEPT
            line += f" {where} Our next one stays {following}."
        else:
            line += f" {'It is stored.' if is_kept else _NOT_KEPT} Our next MsgSeqNum is then {seq_num + 1}."
        if not seq_num:
            warnings.append("That is no MsgSeqNum: most engines end the connection at this, or pass it over.")
        elif is_refused:
            pass
        elif seq_num < following:
            warnings.append(
                f"{peer(session)} expects {following} or less: lower than it expects, and without "
                "PossDupFlag=Y, it is answered with a Logout."
            )
        elif seq_num > following:
            warnings.append(f"{peer(session)} will find a gap, and ask for {span(following, seq_num - 1)}.")
    title = f"Send {name or printable(message.msg_type)}"
    return message_deed(session, now, title, message, (line,), tuple(warnings), store=stored, raw=raw)


def _what_the_peer_finds(session: FixSession, message: FlatMessage) -> tuple[list[str], bool]:
    """Warnings, and whether the peer gets no further than to what they say, so that its MsgSeqNum does not matter."""
    found = []
    if session.state is not State.ACTIVE and message.msg_type not in (tags.LOGON, "5"):
        found.append(f"Nobody is logged on (state {session.state.value}): most engines end the connection at this.")
    if message.msg_type == tags.LOGON and asks_for_reset(message):
        found.append(
            "ResetSeqNumFlag(141)=Y: the counterparty forgets all numbers and messages. When its Logon says so, too, we"
            " do the same; both sides then go on with 2."
        )
    elif message.msg_type == tags.LOGON and session.is_logged_on:
        found.append("Both sides are logged on already: most engines end the connection at a further Logon.")
    if message.msg_type == "4":
        found.append("It moves the number that the counterparty expects; our own next number stays as it is.")
    given = {tag for tag, _ in (*message.header, *message.trailer)}
    wrong = [name for tag, name in _ENVELOPE.items() if tag in given]
    if wrong:
        found.append(f"{' and '.join(wrong)} stand as they are given: a message that is garbled so is passed over.")
    is_strange = not _has_our_comp_ids(session, message)
    if is_strange:
        found.append("Most engines answer CompIDs that are not those of the session with a Reject and a Logout.")
    return found, bool(wrong) or is_strange


def _has_our_comp_ids(session: FixSession, message: FlatMessage) -> bool:
    ours = session.session_id
    wanted = {tags.SENDER_COMP_ID: ours.sender_comp_id, tags.TARGET_COMP_ID: ours.target_comp_id}
    return all(wanted.get(tag, "") in ("", as_text(value)) for tag, value in message.header)


_NOT_KEPT = "It is not kept (PersistMessages=N): a gap fill stands for it where it is asked for again."
_ENVELOPE = {tags.BEGIN_STRING: "BeginString", tags.BODY_LENGTH: "BodyLength", tags.CHECK_SUM: "CheckSum"}
