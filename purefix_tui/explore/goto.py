"""What the go-to dialog understands: `@12345`, `#123`, `09:30:15.5`, and the same in words."""

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

EXPLANATION = "@12345 an offset · #123 a sequence number · 09:30 or 09:30:15.5 a time"


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
    raise ValueError(f"Not a place: {text}. Try {EXPLANATION}.")
