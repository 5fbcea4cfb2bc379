"""Reasons and texts of Reject(3) and BusinessMessageReject(j), as the acceptance scripts have them to the letter."""

from __future__ import annotations

from typing import NamedTuple

from purefix_core.session.incoming import Incoming
from purefix_core.session.outgoing import FlatMessage
from purefix_core.wire import tags

REQUIRED_TAG_MISSING = 1
VALUE_IS_INCORRECT = 5
INCORRECT_DATA_FORMAT = 6
COMP_ID_PROBLEM = 9
SENDING_TIME_ACCURACY = 10
OTHER = 99

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


class Refusal(NamedTuple):
    """Why a message is refused: SessionRejectReason(373), Text(58) and RefTagID(371), if it is about a tag."""

    reason: int
    text: str
    tag: int | None = None


MISSING = "Required tag missing"
OUT_OF_RANGE = "Value is incorrect (out of range) for this tag"
WRONG_FORMAT = "Incorrect data format for value"
COMP_IDS = Refusal(COMP_ID_PROBLEM, "CompID problem")
SENDING_TIME = Refusal(SENDING_TIME_ACCURACY, "SendingTime accuracy problem")


def is_old(begin_string: str) -> bool:
    """FIX.4.0 and 4.1 have no RefTagID, RefMsgType and reasons, and no BusinessMessageReject."""
    return begin_string in ("FIX.4.0", "FIX.4.1")


def reject(begin_string: str, message: Incoming, refusal: Refusal, header_tags: frozenset[int]) -> FlatMessage:
    """Reject(3) of `message`, routed back to where it came from (acceptance script ReverseRoute)."""
    text = refusal.text
    ref_seq_num = (tags.REF_SEQ_NUM, b"%d" % message.seq_num)
    if is_old(begin_string):
        if refusal.tag is not None:
            text += f" ({refusal.tag})"
        body = [ref_seq_num, (tags.TEXT, text.encode())]
    else:
        body = [ref_seq_num, (tags.TEXT, text.encode())]
        if refusal.tag is not None:
            body.append((tags.REF_TAG_ID, b"%d" % refusal.tag))
        body.append((tags.REF_MSG_TYPE, message.msg_type.encode()))
        if begin_string != "FIX.4.2" or refusal.reason <= _LAST_REASON_OF_42:
            body.append((tags.SESSION_REJECT_REASON, b"%d" % refusal.reason))
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
