"""BodyLength(9) and CheckSum(10), counted as the wire had them whatever separator a log shows."""

from __future__ import annotations

import zlib

from purefix_core.wire import native
from purefix_core.wire.separators import SOH_BYTE, Separator


def byte_sum(text: bytes) -> int:
    """The sum of all bytes.

    Adler-32 keeps 1 + the sum of the bytes modulo 65521 in its low half; 256 bytes cannot reach the modulus, so
    blocks of that size add up exactly. About thirty times as fast as `sum()`.
    """
    if len(text) <= 256:
        return (zlib.adler32(text) & 0xFFFF) - 1
    total = 0
    for start in range(0, len(text), 256):
        total += (zlib.adler32(text[start : start + 256]) & 0xFFFF) - 1
    return total


def check_sum(text: bytes, separator: Separator) -> int:
    """CheckSum of `text`, the bytes of a message up to and including the separator before `10=`.

    Where the log shows another separator than SOH each of its occurrences counts as one SOH (FIX session protocol,
    CheckSum calculation).
    """
    total = byte_sum(text)
    if separator.text != b"\x01":
        total += text.count(separator.text) * (SOH_BYTE - byte_sum(separator.text))
    return total % 256


def body_length(text: bytes, separator: Separator) -> int:
    """BodyLength of `text`, the bytes from behind the separator that ends tag 9 up to and including the separator
    before `10=`; a separator of two characters counts as one byte."""
    width = len(separator.text)
    if width == 1:
        return len(text)
    return len(text) - text.count(separator.text) * (width - 1)


def sealed(begin: bytes, body: bytes, separator: Separator, digits: int = 1) -> bytes:
    """A whole message: BeginString `begin`, BodyLength with that many digits at least, `body` and CheckSum.

    `body` begins with the field of MsgType, and its last field ends with the separator.
    """
    if native.module is not None and len(separator.text) == 1:
        made: bytes = native.module.sealed(begin, body, separator.text, digits)
        return made
    return sealed_reference(begin, body, separator, digits)


def sealed_reference(begin: bytes, body: bytes, separator: Separator, digits: int = 1) -> bytes:
    """The same in Python: what `sealed` does without the native module, and what that is tested by."""
    text = separator.text
    head = b"8=%b%b9=%0*d%b" % (begin, text, digits, body_length(body, separator), text)
    return b"%b%b10=%03d%b" % (head, body, check_sum(head + body, separator), text)
