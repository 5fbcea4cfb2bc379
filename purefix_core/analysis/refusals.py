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
_SEQUENCE_NUMBER = r"(?:\bmsg[ _]?seq|seq(?:uence)?[ _]?(?:num|no\b|nbr))"
_LOW = r"(?:\b(?:low|lower|less|smaller|below)\b|[0-9)\]]\s*<)"
_NAMES_THE_NUMBER = re.compile(_SEQUENCE_NUMBER)
_SAYS_LOW = re.compile(
    rf"{_SEQUENCE_NUMBER}[^.,;]{{0,60}}?{_LOW}|{_LOW}[^.:,;]{{0,20}}?{_SEQUENCE_NUMBER}"
    r"|\bseq(?:uence)?(?: is| was)? (?:too low|lower|less|smaller|below)\b"
)
"""Of the MsgSeqNum, and not of something else that the text speaks of."""
_OF_NUMBERS_ALONE = re.compile(
    r"\w*(?:seq|expect|receiv)\w*|msg|messages?|num|numbers?|no|nbr|wrong|bad|invalid|incorrect|error|mismatch|logon"
    r"|refused|rejected|got|found|actual(?:ly)?|incoming|should|want(?:ed|s)?|need(?:ed|s)?|a|an|the|this|your|our|is"
    r"|was|be|has|have|been|but|and|not|of|for|from|with|too|low|lower|less|smaller|than|next|instead|[a-z]*[0-9]\w*"
)
"""The words of a text that says which number is expected and which one came, and nothing else."""
_THOUSANDS = re.compile(r"(?<![0-9.,'])[0-9]{1,3}(?:[,'][0-9]{3})+(?![0-9]|[.,'][0-9])")
_SIDE_BY_SIDE = re.compile(r"[0-9][ \xa0]+[0-9]")
"""Of `2 234` nobody can tell whether it is one number."""
_TOO_HIGH = re.compile(r"too (?:high|large|big)|higher than|greater than|nextexpected")
_WORD_OR_NUMBER = re.compile(
    r"(?P<expected>expect\w*|should be|want\w*|need\w*)"
    r"|(?P<received>receiv\w*|got\b|found\b|actual\w*|incoming\b)"
    r"|(?<![\w.])(?P<number>[-+\u2212\u2013]?[0-9]+(?:[.:,'/-][0-9]+)*\w*)"
)
"""A number with all that hangs together with it: of `17:45`, `-1`, `2.5` and `3rd` no part is a MsgSeqNum."""


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
    set_out: int | None
    set_in: int | None
    """For the next Logon to be taken our next MsgSeqNum out has to be `set_out` or more, that in `set_in` or less."""

    def changes(self, next_out: int, next_in: int) -> tuple[int | None, int | None]:
        """What the next MsgSeqNums, out and in, have to become; None for one that stays. Ours never goes back: what was
        sent behind `set_out` can still be asked for."""
        set_out = self.set_out if self.set_out is not None and self.set_out > next_out else None
        set_in = self.set_in if self.set_in is not None and self.set_in < next_in else None
        return set_out, set_in

    @property
    def happened(self) -> str:
        """One sentence."""
        if self.ours:
            said = f"We expect MsgSeqNum {self.expected} from the counterparty, and it sent {self.received}"
            return f"{said}: we took that for a message that we have."
        said = (
            f"The counterparty expects MsgSeqNum {self.expected} from us, and received {self.received or 'a lower one'}"
        )
        return f"{said}: it takes that for a message that it has."

    def meaning(self, next_out: int, next_in: int) -> tuple[str, ...]:
        """What setting the number means where the next MsgSeqNums are these: the refused message, the Logout that
        answered its refusal, and whatever was sent before that came have used numbers."""
        set_out, set_in = self.changes(next_out, next_in)
        if set_out is not None:
            left_out = f"{span(next_out, set_out - 1)} will not be sent"
            if self.received is not None and self.received < next_out:
                used = span(self.received, next_out - 1).partition(" ")[2]
                among = span(self.received, set_out - 1)
                left_out = f"of {among} the refused Logon and what followed it used {used}, and {left_out}"
            return (
                f"To set next out to {set_out} means: {left_out}.",
                f"The counterparty asks for nothing below {set_out}, since it has messages of these numbers already:"
                " what it should have and has not must be sent anew.",
            )
        if set_in is not None:
            return (
                f"To set next in to {set_in} means: {span(set_in, next_in - 1)} of the counterparty will be taken as"
                " new, though messages of these numbers were received before.",
                f"The other way is that the counterparty sets its next number to {next_in}.",
            )
        which, number = ("in", next_in) if self.ours else ("out", next_out)
        return (f"By now next {which} is {number}: no number is set, and the next Logon is taken as it is.",)


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
        return Refusal(expected, received, False, expected, None)
    if received is None:
        return None
    return Refusal(expected, received, True, None, received)


def numbers_in(text: str, must_say_low: bool = False) -> tuple[int, int | None] | None:
    """The MsgSeqNum that is expected and the one that came, by a text that says that the one that came is lower; None
    for any other text.

    `must_say_low`: in words, not by the numbers alone. A Logout that names the MsgSeqNum and tells two numbers, and
    nothing else, is a refusal of one of them, but a Reject may be about another number that has a sequence.
    """
    plain = _TAG_34.sub(" ", text[:_MOST_TEXT].lower().partition("8=fix")[0])
    plain = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), plain)
    if _TOO_HIGH.search(plain) or _SIDE_BY_SIDE.search(plain):
        return None
    says_low = _SAYS_LOW.search(plain) is not None
    if not says_low and (must_say_low or not _is_of_numbers_alone(plain)):
        return None
    expected, received = _told_apart(plain)
    if not (received or 0) < expected <= MAX_SEQ_NUM or (received is None and not says_low):
        return None
    return expected, received


def _is_of_numbers_alone(text: str) -> bool:
    words = re.findall(r"\w+", text)
    return bool(_NAMES_THE_NUMBER.search(text)) and all(_OF_NUMBERS_ALONE.fullmatch(word) for word in words)


def _numbers_in_fields(message: FixMessage) -> tuple[int, None] | None:
    """FIX 5.0 SP1 and later: SessionStatus(1409)=9 is "received MsgSeqNum too low", and NextExpectedMsgSeqNum(789) of
    that Logout says which one is expected."""
    number = message.text(tags.NEXT_EXPECTED_MSG_SEQ_NUM)
    if message.text(_SESSION_STATUS) != _TOO_LOW or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return (int(number), None) if 1 <= int(number) <= MAX_SEQ_NUM else None


def _told_apart(text: str) -> tuple[int, int | None]:
    """The number that is expected and the one that came; 0 where none is expected, or where one of them is none that a
    message has. A number belongs to the word in front of it, or to the one behind it in a text that begins with a
    number and ends with a word."""
    parts = [(found.lastgroup or "", found[0]) for found in _WORD_OR_NUMBER.finditer(text)]
    if parts and parts[0][0] == "number" and parts[-1][0] != "number":
        parts.reverse()
    by_word: dict[str, list[str]] = {"expected": [], "received": [], "": []}
    word = ""
    for kind, value in parts:
        if kind != "number":
            word = kind
        else:
            by_word[word].append(value)
            word = ""
    if not all(_is_number(value) for value in (*by_word["expected"], *by_word["received"])):
        return 0, None
    expected = [int(value) for value in by_word["expected"]]
    received = [int(value) for value in by_word["received"] or filter(_is_number, by_word[""])]
    if len(expected) == 2 and not received:  # "Lower than expected sequence number: 120, expected: 135"
        return max(expected), min(expected)
    return next(iter(expected), 0), next(iter(received), None)


def _is_number(text: str) -> bool:
    """Whether a message can have it as its MsgSeqNum."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) >= 1
