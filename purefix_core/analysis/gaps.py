"""Which sequence numbers are missing right before a message."""

from __future__ import annotations

from purefix_core.logs.index import POSS_DUP
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.message import FixMessage

_LOOKED_AT = 1_000
"""Rows before the message; to look at so many takes some 2 ms."""

_SEQUENCE_RESET = "4"
_NEW_SEQ_NO = 36
_GAP_FILL_FLAG = 123


def gap_before(log: LogFile, row: int) -> str:
    """`follows 118; 119 to 123 are missing` where the same sender's message before has not the number before; else
    empty.

    Tells nothing of messages that are sent again, nor of one whose predecessor lies too far above. What a
    SequenceReset skips is not missing. Raises IndexError if the log has no such row.
    """
    entry = log.rows.entry(row)
    number = entry.msg_seq_num
    if number is None or entry.flags & POSS_DUP or entry.msg_type == _SEQUENCE_RESET:
        return ""
    filled = 0
    for above in range(row - 1, max(-1, row - 1 - _LOOKED_AT), -1):
        before = log.rows.entry(above)
        if before.session != entry.session or before.msg_seq_num is None:
            continue
        if before.msg_type == _SEQUENCE_RESET:
            message = FixMessage.parse(log.read(above), before.separator)
            new = message.text(_NEW_SEQ_NO)
            if not (new.isascii() and new.isdigit() and len(new) < 10):
                return ""
            filled = max(filled, int(new))
            if message.text(_GAP_FILL_FLAG) != "Y":
                return _said(f"follows a reset to {filled:,}", filled, number)
        elif not before.flags & POSS_DUP:
            expected = before.msg_seq_num + 1
            if filled > expected:
                return _said(f"follows a gap fill to {filled:,}", filled, number)
            return _said(f"follows {before.msg_seq_num:,}", expected, number)
    return ""


def _said(where: str, expected: int, number: int) -> str:
    if number <= expected:
        return ""
    last = number - 1
    missing = f"{expected:,} is" if expected == last else f"{expected:,} to {last:,} are"
    return f"{where}; {missing} missing"
