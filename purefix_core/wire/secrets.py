"""Masks credentials, so that neither a screen nor a log shows them unless asked to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from purefix_core.wire import tags
from purefix_core.wire.checksum import sealed
from purefix_core.wire.message import MALFORMED, Field, FixMessage
from purefix_core.wire.separators import SOH

SECRET_TAGS = frozenset({tags.PASSWORD, tags.NEW_PASSWORD, tags.ENCRYPTED_PASSWORD, tags.ENCRYPTED_NEW_PASSWORD})
"""Secret in every message."""

RAW_DATA_IS_SECRET_IN = frozenset({tags.LOGON, tags.USER_REQUEST})
"""MsgTypes whose RawData(96) often carries a password or a token."""

MASK = b"***"

_MAY_BE_SECRET = SECRET_TAGS | {tags.RAW_DATA, MALFORMED}
_NEVER_AN_ECHO = frozenset(
    {tags.BEGIN_STRING, tags.BODY_LENGTH, tags.CHECK_SUM, tags.MSG_SEQ_NUM, tags.MSG_TYPE}
    | {tags.SENDER_COMP_ID, tags.SENDING_TIME, tags.TARGET_COMP_ID}
)
"""What says whose message this is; a password that is a CompID would make it unreadable and stay no secret."""
_SHORTEST_ECHO = 4
"""Shorter secrets are not looked for in other fields: a password `Y` stands everywhere."""
_MOST_ECHOED = 32
"""More secrets than these in one message are no logon, and looking for each in every field would take seconds."""

_MAY_HIDE = re.compile(rb"\x01\s*(?:%b)\s*=" % b"|".join(b"%d" % tag for tag in sorted(SECRET_TAGS | {tags.RAW_DATA})))
"""Spares all but a few messages the parsing."""
_TAG_WITH_BLANKS = re.compile(rb"\s*([0-9]{1,9})\s*=")


def is_secret(tag: int, msg_type: str) -> bool:
    """Whether the values of a tag are credentials in messages of this MsgType."""
    return tag in SECRET_TAGS or (tag == tags.RAW_DATA and msg_type in RAW_DATA_IS_SECRET_IN)


def looked_for(said: Iterable[bytes]) -> list[bytes]:
    """Of the secrets `said` in a message those that are looked for in its other fields."""
    return [value for value in dict.fromkeys(said) if len(value) >= _SHORTEST_ECHO][:_MOST_ECHOED]


def repeats_secret(tag: int, value: bytes, needles: Sequence[bytes]) -> bool:
    """Whether the value of a field repeats one of the secrets that are `looked_for`, as a Text(58) like `password … is
    wrong` does."""
    return tag not in _NEVER_AN_ECHO and any(needle in value for needle in needles)


def secret_fields(message: FixMessage) -> frozenset[int]:
    """The positions, in `message.fields`, of all that must not be shown.

    A malformed piece right behind a secret field is the rest of that secret, which holds the separator; and one that
    is a secret field but for blanks around its tag counts as that field. A field that repeats a secret of the same
    message, as a Text(58) like `password … is wrong` does, is hidden whole.
    """
    if _MAY_BE_SECRET.isdisjoint(message.first):
        return frozenset()
    msg_type = message.text(tags.MSG_TYPE)
    secret: set[int] = set()
    for position, (tag, start, end) in enumerate(message.fields):
        if tag != MALFORMED:
            hidden = is_secret(tag, msg_type)
        elif position - 1 in secret:
            hidden = True
        else:
            blank = _TAG_WITH_BLANKS.match(message.raw, start, end)
            hidden = blank is not None and is_secret(int(blank[1]), msg_type)
        if hidden:
            secret.add(position)
    return frozenset(secret | _echoes(message, secret))


def _echoes(message: FixMessage, secret: set[int]) -> set[int]:
    """The positions of fields that repeat what a secret field says."""
    needles = looked_for(_said(message, message.fields[position]) for position in sorted(secret))
    return {
        position
        for position, field in enumerate(message.fields)
        if position not in secret and repeats_secret(field.tag, message.value(field), needles)
    }


def _said(message: FixMessage, field: Field) -> bytes:
    """The value of a secret field; of one with blanks around its tag what stands behind the `=`."""
    value = message.value(field)
    blank = _TAG_WITH_BLANKS.match(value) if field.tag == MALFORMED else None
    return value if blank is None else value[blank.end() :]


def mask_secrets(message: FixMessage) -> bytes:
    """The bytes of the message with every secret value replaced by `***`; what is around them stays as it was."""
    pieces: list[bytes] = []
    position = 0
    for number in sorted(secret_fields(message)):
        field = message.fields[number]
        pieces += (message.raw[position : field.start], MASK)
        position = field.end
    return b"".join((*pieces, message.raw[position:]))


def masked_and_sealed(raw: bytes) -> bytes:
    """A Logon, its fields separated by SOH, with its secrets replaced by `***`, and a whole message again: LENGTH
    fields, BodyLength and CheckSum say what is right for the masked one. Anything else, and a Logon without secrets,
    comes back as it is, as the same object.

    Hidden pieces that are not `number=value`, such as the rest of a secret behind a wrong RawDataLength(95), are left
    out. Where the LENGTH or the data of a pair is hidden, both are masked. Never raises.
    """
    if b"35=A\x01" not in raw:  # spares all but a few messages the parsing
        return raw
    message = FixMessage.parse(raw)
    return _masked(raw, message) if message.text(tags.MSG_TYPE) == tags.LOGON else raw


def masked_for_logs(raw: bytes) -> bytes:
    """The same for a message of any MsgType: a UserRequest has passwords, too. A store keeps these as they are, since a
    message that is sent again must be the one that was sent; a log is for people."""
    return _masked(raw, FixMessage.parse(raw)) if _MAY_HIDE.search(raw) else raw


def _masked(raw: bytes, message: FixMessage) -> bytes:
    hidden = secret_fields(message)
    if not hidden:
        return raw
    around = (message.first.get(tags.BEGIN_STRING), message.first.get(tags.BODY_LENGTH), _trailer(message))
    kept = [
        (number, field)
        for number, field in enumerate(message.fields)
        if field not in around and not (field.tag == MALFORMED and number in hidden)
    ]
    masked = {number for number, _ in kept if number in hidden}
    lengths: set[int] = set()
    for (number, length), (next_number, data) in pairwise(kept):
        if tags.DATA_TAG_BY_LENGTH_TAG.get(length.tag) == data.tag and not masked.isdisjoint((number, next_number)):
            lengths.add(number)
            masked.add(next_number)
    body: list[bytes] = []
    for number, field in kept:
        start = message.fields[number - 1].end + len(SOH.text) if number else 0
        value = b"%d" % len(MASK) if number in lengths else MASK if number in masked else message.value(field)
        body += (raw[start : field.start], value, SOH.text)
    return sealed(message.get(tags.BEGIN_STRING) or b"", b"".join(body), SOH)


def _trailer(message: FixMessage) -> Field | None:
    """CheckSum(10), where it is the last field."""
    return message.fields[-1] if message.fields[-1].tag == tags.CHECK_SUM else None
