"""What can be wrong with a received message, with the texts of the acceptance scripts, to the letter."""

from __future__ import annotations

from typing import NamedTuple

INVALID_TAG = (0, "Invalid tag number")
REQUIRED_TAG_MISSING = (1, "Required tag missing")
NOT_DEFINED_FOR_MESSAGE = (2, "Tag not defined for this message type")
NO_VALUE = (4, "Tag specified without a value")
VALUE_IS_INCORRECT = (5, "Value is incorrect (out of range) for this tag")
INCORRECT_DATA_FORMAT = (6, "Incorrect data format for value")
INVALID_MSG_TYPE = (11, "Invalid MsgType")
REPEATED_TAG = (13, "Tag appears more than once")
OUT_OF_ORDER = (14, "Tag specified out of required order")
GROUP_OUT_OF_ORDER = (15, "Repeating group fields out of order")
WRONG_COUNT = (16, "Incorrect NumInGroup count for repeating group")
COMP_ID_PROBLEM = (9, "CompID problem")
SENDING_TIME_ACCURACY = (10, "SendingTime accuracy problem")
UNSUPPORTED_BEFORE_42 = (99, "Unsupported message type")


class Problem(NamedTuple):
    """Why a message is refused."""

    reason: int
    """SessionRejectReason(373)"""
    text: str
    """Text(58)"""
    tag: int | None
    """RefTagID(371); None where no tag is to blame."""
