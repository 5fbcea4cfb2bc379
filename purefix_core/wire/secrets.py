"""Masks credentials, so that neither a screen nor a log shows them unless asked to."""

from __future__ import annotations

import re

from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage

SECRET_TAGS = frozenset({tags.PASSWORD, tags.NEW_PASSWORD, tags.ENCRYPTED_PASSWORD, tags.ENCRYPTED_NEW_PASSWORD})
"""Secret in every message."""

RAW_DATA_IS_SECRET_IN = frozenset({tags.LOGON, tags.USER_REQUEST})
"""MsgTypes whose RawData(96) often carries a password or a token."""

MASK = b"***"

_TAG_WITH_BLANKS = re.compile(rb"\s*([0-9]{1,9})\s*=")


def is_secret(tag: int, msg_type: str) -> bool:
    """Whether the values of a tag are credentials in messages of this MsgType."""
    return tag in SECRET_TAGS or (tag == tags.RAW_DATA and msg_type in RAW_DATA_IS_SECRET_IN)


def secret_fields(message: FixMessage) -> frozenset[int]:
    """The positions, in `message.fields`, of all that must not be shown.

    A malformed piece right behind a secret field is the rest of that secret, which holds the separator; and one that
    is a secret field but for blanks around its tag counts as that field.
    """
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
    return frozenset(secret)


def mask_secrets(message: FixMessage) -> bytes:
    """The bytes of the message with every secret value replaced by `***`; what is around them stays as it was."""
    pieces: list[bytes] = []
    position = 0
    for number in sorted(secret_fields(message)):
        field = message.fields[number]
        pieces += (message.raw[position : field.start], MASK)
        position = field.end
    return b"".join((*pieces, message.raw[position:]))
