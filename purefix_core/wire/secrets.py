"""Masks credentials, so that neither a screen nor a log shows them unless asked to."""

from __future__ import annotations

from purefix_core.wire import tags
from purefix_core.wire.message import Field, FixMessage

SECRET_TAGS = frozenset({tags.PASSWORD, tags.NEW_PASSWORD, tags.ENCRYPTED_PASSWORD, tags.ENCRYPTED_NEW_PASSWORD})
"""Secret in every message."""

SECRET_AT_LOGON = frozenset({tags.RAW_DATA})
"""Secret in a Logon alone: there RawData(96) often carries a password or a token."""

MASK = b"***"


def is_secret(tag: int, msg_type: str) -> bool:
    return tag in SECRET_TAGS or (msg_type == tags.LOGON and tag in SECRET_AT_LOGON)


def mask_secrets(message: FixMessage) -> bytes:
    """The bytes of the message with every secret value replaced by `***`; what is around them stays as it was."""
    msg_type = message.text(tags.MSG_TYPE)
    secret: list[Field] = [field for field in message.fields if is_secret(field.tag, msg_type)]
    if not secret:
        return message.raw
    pieces: list[bytes] = []
    position = 0
    for field in secret:
        pieces += (message.raw[position : field.start], MASK)
        position = field.end
    return b"".join((*pieces, message.raw[position:]))
