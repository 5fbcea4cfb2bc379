"""What the go-to dialog understands: `1,042`, `@565,919`, `09:30:15.5`, and the same in words.

A number alone is a MsgSeqNum, never an offset: who asks for a message that is missing must not be shown another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from purefix_core.logs.filter.moments import Moment, parse_moment


@dataclass(frozen=True, slots=True)
class ToOffset:
    """The message that covers this byte of the file."""

    offset: int


@dataclass(frozen=True, slots=True)
class ToSeqNum:
    """The next message with this MsgSeqNum(34)."""

    seq_num: int


@dataclass(frozen=True, slots=True)
class ToTime:
    """The first message at this time or later."""

    moment: Moment


Target = ToOffset | ToSeqNum | ToTime

_OFFSET = re.compile(r"(?:@|offset\b)\s*([0-9][0-9,_]*)", re.IGNORECASE)
_SEQ_NUM = re.compile(r"(?:#|seq\b|34\s*=)?\s*([0-9][0-9,_]*)", re.IGNORECASE)
_MAX_DIGITS = 18

EXPLANATION = """\
1042 or 1,042 (or #1042, seq 1042): the next message with this sequence number
@565,919 (or offset 565,919): the message at this offset, which the detail shows
09:30, 09:30:15.5 or 2025-03-11 09:30: the first message at this time or later"""
_EXAMPLES = "1042 is a sequence number, @565,919 an offset, 09:30 a time"


def parse_target(text: str) -> Target:
    """Where the user wants to go. Raises ValueError, with a sentence, for text that says nothing of the kind."""
    text = text.strip()
    moment = parse_moment(text.removeprefix("time ").strip()) if ":" in text or "-" in text else None
    if moment is not None:
        return ToTime(moment)
    for pattern, target in ((_OFFSET, ToOffset), (_SEQ_NUM, ToSeqNum)):
        match = pattern.fullmatch(text)
        if match is not None:
            digits = re.sub("[,_]", "", match[1])
            if len(digits) <= _MAX_DIGITS:
                return target(int(digits))
    raise ValueError(f"Not a place: {text}. {_EXAMPLES}.")
