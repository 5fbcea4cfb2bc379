"""Reject(3) and BusinessMessageReject(j), as the acceptance scripts have them to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming
from purefix_core.session.old_versions import is_old
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.problems import Problem
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

UNSUPPORTED_MESSAGE_TYPE = 3
CONDITIONALLY_REQUIRED = 5

_LAST_REASON_OF_42 = 11
_REVERSED = {
    tags.ON_BEHALF_OF_COMP_ID: tags.DELIVER_TO_COMP_ID,
    tags.ON_BEHALF_OF_SUB_ID: tags.DELIVER_TO_SUB_ID,
    tags.ON_BEHALF_OF_LOCATION_ID: tags.DELIVER_TO_LOCATION_ID,
    tags.DELIVER_TO_COMP_ID: tags.ON_BEHALF_OF_COMP_ID,
    tags.DELIVER_TO_SUB_ID: tags.ON_BEHALF_OF_SUB_ID,
    tags.DELIVER_TO_LOCATION_ID: tags.ON_BEHALF_OF_LOCATION_ID,
}


def reject(begin_string: str, message: Incoming, problem: Problem, header_tags: frozenset[int]) -> FlatMessage:
    """Reject(3) of `message`, routed back to where it came from (acceptance script ReverseRoute)."""
    text = problem.text
    ref_seq_num = (tags.REF_SEQ_NUM, b"%d" % message.seq_num)
    if is_old(begin_string):
        if problem.tag is not None:
            text += f" ({problem.tag})"
        body = [ref_seq_num, (tags.TEXT, text.encode())]
    else:
        body = [ref_seq_num, (tags.TEXT, text.encode())]
        if problem.tag is not None:
            body.append((tags.REF_TAG_ID, b"%d" % problem.tag))
        body.append((tags.REF_MSG_TYPE, message.msg_type.encode()))
        if begin_string != "FIX.4.2" or problem.reason <= _LAST_REASON_OF_42:
            body.append((tags.SESSION_REJECT_REASON, b"%d" % problem.reason))
    return FlatMessage("3", body, _routed_back(message, header_tags))


def business_reject(message: Incoming, reason: int, text: str, default_appl_ver_id: str) -> FlatMessage:
    """BusinessMessageReject(j) of `message`. Over FIXT it ends with 1137, as the acceptance script 2r wants it."""
    body = [
        (tags.REF_SEQ_NUM, b"%d" % message.seq_num),
        (tags.TEXT, text.encode()),
        (tags.REF_MSG_TYPE, message.msg_type.encode()),
        (tags.BUSINESS_REJECT_REASON, b"%d" % reason),
    ]
    if default_appl_ver_id:
        body.append((tags.DEFAULT_APPL_VER_ID, default_appl_ver_id.encode()))
    return FlatMessage("j", body)


def _routed_back(message: Incoming, header_tags: frozenset[int]) -> list[tuple[int, bytes]]:
    """The routing fields of a message turned round; empty ones, and those that the version lacks, are left out."""
    found = []
    for tag, other in _REVERSED.items():
        value = message.get(tag)
        if value and other in header_tags:
            found.append((other, value))
    return found


def refuse(session: FixSession, message: Incoming, problem: Problem) -> None:
    """Answer with Reject. The message counts as received if it was the one expected."""
    text = problem.text if problem.tag is None else f"{problem.text} ({problem.tag})"
    session.warn(f"{message.msg_type} {message.seq_num} is rejected: {text}")
    session.sender.send_admin(reject(session.begin_string, message, problem, session.validators.header_tags))
    if message.msg_type not in ("A", "4"):
        session.sequence.count(message)


def refuse_business(session: FixSession, message: Incoming, reason: int, text: str) -> None:
    """Answer with BusinessMessageReject. The message counts as received."""
    session.warn(f"{message.msg_type} {message.seq_num} is refused: {text}")
    version = session.sender_default_appl_ver_id if session.begin_string.startswith("FIXT") else ""
    session.sender.send_business_reject(business_reject(message, reason, text, version))
    session.sequence.count(message)
