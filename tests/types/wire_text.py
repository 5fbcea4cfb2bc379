"""Messages written by hand, for tests."""

from __future__ import annotations

from purefix_core.wire.checksum import check_sum
from purefix_core.wire.separators import SOH


def wire(text: str, begin_string: str = "FIX.4.4") -> bytes:
    """A message with SOH for `|`, and BeginString, BodyLength and CheckSum around it."""
    body = text.replace("|", "\x01").encode()
    head = f"8={begin_string}\x019={len(body)}\x01".encode()
    return head + body + b"10=%03d\x01" % check_sum(head + body, SOH)


def shown(raw: bytes) -> str:
    """The message with `|` for SOH, without BeginString, BodyLength and CheckSum."""
    return raw.decode().replace("\x01", "|").split("|", 2)[2].rpartition("10=")[0]


EXECUTION = (
    "35=8|34=12|49=BROKER|52=20260105-14:30:00.123|56=BUYSIDE|6=150.240|11=ORD1|14=400|17=E7|37=BR77|38=1000|39=1|"
    "44=150.25|54=1|55=AAPL|58=partial fill|60=20260105-14:30:00|64=20260107|150=F|151=600|15=USD|18=G E|9001=own|"
    "453=2|448=ABC|447=D|452=1|448=DEF|447=D|452=3|802=1|523=desk|803=4|"
)
