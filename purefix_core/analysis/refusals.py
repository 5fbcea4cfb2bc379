"""What a Logout says of a MsgSeqNum that is too low, and what can be done about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from purefix_core.session.by_hand.deed import span
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

_LOGOUT, _REJECT = "5", "3"
_MOST_TEXT = 300
"""Characters of Text(58) that are looked at."""
_MOST_DIGITS = 10
_SESSION_STATUS = 1409
_TOO_LOW = "9"

_TAG_34 = re.compile(r"[(\[]\s*34\s*[)\]]|\btag\s*34\b|\b34\s*=")
_SEQUENCE_NUMBER = re.compile(r"\bmsg[ _]?seq|seq(?:uence)?[ _]?(?:num|no\b|nbr)|\bseq\b|sequence")
_THOUSANDS = re.compile(r"(?<![0-9.,'])[0-9]{1,3}(?:[,'][0-9]{3})+(?![0-9]|[.,'][0-9])")
_SIDE_BY_SIDE = re.compile(r"[0-9][ \xa0]+[0-9]")
"""Of `2 234` nobody can tell whether it is one number."""
_LOW = re.compile(r"\b(?:low|lower|less|smaller|below)\b|[0-9)\]]\s*<")
_TOO_HIGH = re.compile(r"too (?:high|large|big)|higher than|greater than|nextexpected")
_WORD_OR_NUMBER = re.compile(
    r"(?P<expected>expect\w*|should be|want\w*|need\w*)"
    r"|(?P<received>receiv\w*|got\b|found\b|actual\w*|incoming\b)"
    r"|(?<![\w.])(?<!\d:)(?P<number>[0-9]{1,10})(?![\w]|[.:]\d)"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A side that would not take a message, since its MsgSeqNum is one that was there before (FIX session protocol,
    message with a MsgSeqNum that is lower than expected)."""

    expected: int
    """The MsgSeqNum that it expects."""
    received: int | None
    """The one that came; None where the text does not say."""
    ours: bool
    """Whether it was us who refused."""
    sentences: tuple[str, ...]
    """What happened, and what setting the number would mean."""
    set_out: int | None
    set_in: int | None
    """For the next Logon to be taken our next MsgSeqNum out has to be `set_out` or more, that in `set_in` or less."""


def refusal_in(raw: bytes, sent_by_us: bool) -> Refusal | None:
    """What a message says, fields separated by SOH: None unless it is a Logout or Reject which says that
    MsgSeqNum is too low, and which number is expected. Never raises.

    The words are those of QuickFIX C++, /J, /n and /Go, which are ours, too ("MsgSeqNum too low, expecting 135 but
    received 120"), and of other engines: the numbers are told apart by the words beside them.
    """
    message = FixMessage.parse(raw)
    msg_type = message.text(tags.MSG_TYPE)
    if msg_type not in (_LOGOUT, _REJECT):
        return None
    found = numbers_in(message.text(tags.TEXT), must_say_low=msg_type == _REJECT) or _numbers_in_fields(message)
    if found is None:
        return None
    expected, received = found
    if not sent_by_us:
        return Refusal(expected, received, False, _theirs(expected, received), expected, None)
    if received is None:
        return None
    return Refusal(expected, received, True, _ours(expected, received), None, received)


def numbers_in(text: str, must_say_low: bool = False) -> tuple[int, int | None] | None:
    """The MsgSeqNum that is expected and the one that came, by a text that says that the one that came is lower; None
    for any other text.

    `must_say_low`: in words, not by the numbers alone. A Logout that tells two numbers is a refusal of one of them, but
    a Reject may be about any other number that the text calls a sequence.
    """
    plain = _TAG_34.sub(" ", text[:_MOST_TEXT].lower().partition("8=fix")[0])
    plain = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), plain)
    if not _SEQUENCE_NUMBER.search(plain) or _TOO_HIGH.search(plain) or _SIDE_BY_SIDE.search(plain):
        return None
    expected, received = _told_apart(plain)
    if not 0 <= received < expected <= MAX_SEQ_NUM or (must_say_low and not _LOW.search(plain)):
        return None
    return expected, received or None


def _numbers_in_fields(message: FixMessage) -> tuple[int, None] | None:
    """FIX 5.0 SP1 and later: SessionStatus(1409)=9 is "received MsgSeqNum too low", and NextExpectedMsgSeqNum(789) of
    that Logout says which one is expected."""
    number = message.text(tags.NEXT_EXPECTED_MSG_SEQ_NUM)
    if message.text(_SESSION_STATUS) != _TOO_LOW or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return (int(number), None) if 1 <= int(number) <= MAX_SEQ_NUM else None


def _told_apart(text: str) -> tuple[int, int]:
    """The number that is expected and the one that came, 0 for one that is not there. A number belongs to the word in
    front of it, or to the one behind it in a text that begins with a number and ends with a word."""
    parts = [(found.lastgroup or "", found[0]) for found in _WORD_OR_NUMBER.finditer(text)]
    if parts and parts[0][0] == "number" and parts[-1][0] != "number":
        parts.reverse()
    by_word: dict[str, list[int]] = {"expected": [], "received": [], "": []}
    word = ""
    for kind, value in parts:
        if kind != "number":
            word = kind
        else:
            by_word[word].append(int(value))
            word = ""
    expected, received = by_word["expected"], by_word["received"] or by_word[""]
    if len(expected) == 2 and not received:  # "Lower than expected sequence number: 120, expected: 135"
        return max(expected), min(expected)
    return next(iter(expected), 0), next(iter(received), 0)


def _theirs(expected: int, received: int | None) -> tuple[str, ...]:
    what = f"The counterparty expects MsgSeqNum {expected} from us"
    if received is None:
        return (
            f"{what}, and a lower one came: it takes that for a message that it has.",
            f"To set next out to {expected} and log on means: what has a number below {expected} and was not sent until"
            " now will not be sent.",
        )
    return (
        f"{what}, and received {received}: it takes that for a message that it has.",
        f"To set next out to {expected} and log on means: {span(received, expected - 1)} will not be sent.",
        "The counterparty does not ask for them either, since it has messages of these numbers already: what it should"
        " have and has not must be sent anew.",
    )


def _ours(expected: int, received: int) -> tuple[str, ...]:
    return (
        f"We expect MsgSeqNum {expected} from the counterparty, and it sent {received}: we took that for a message that"
        " we have.",
        f"To set next in to {received} and log on means: {span(received, expected - 1)} of the counterparty will be"
        " taken as new, though messages of these numbers were received before.",
        f"The other way is that the counterparty sets its next number to {expected}.",
    )
