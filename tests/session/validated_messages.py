"""Messages for the tests of validation, and what is wrong with them."""

from __future__ import annotations

import re

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import standard
from purefix_core.session.incoming import Incoming, IncomingReader
from purefix_core.session.settings import Validation
from purefix_core.session.validation import Validator
from purefix_core.wire.checksum import byte_sum

FIX44 = standard("FIX44")
FIX50SP2 = combine_fixt(standard("FIXT11"), standard("FIX50SP2"))
ALL_ON = Validation()

HEADER = "49=TW44|34=2|56=ISLD|52=20260105-09:30:00.000|"
ORDER = "11=ORD1|55=AAPL|54=1|60=20260105-09:30:00.000|38=100|40=2|44=150.25|"
PARTIES = "453=2|448=A|447=D|452=1|448=B|447=D|452=3|"


def incoming(text: str, msg_type: str = "D", begin_string: str = "FIX.4.4") -> Incoming:
    """A message with `|` for SOH, with the BodyLength and CheckSum that it should have."""
    body = f"35={msg_type}|{text}".replace("|", "\x01").encode()
    raw = b"8=%s\x019=%d\x01%s" % (begin_string.encode(), len(body), body)
    return IncomingReader(FIX50SP2.data_tags).parse(raw + b"10=%03d\x01" % (byte_sum(raw) % 256))


def problem(
    text: str, msg_type: str = "D", definitions: Definitions = FIX44, checks: Validation = ALL_ON
) -> tuple[int, int | None] | None:
    """Reason and tag of what is wrong with a message."""
    begin_string = "FIXT.1.1" if definitions.is_combined else definitions.version
    found = Validator(definitions, checks).check(incoming(text, msg_type, begin_string))
    return None if found is None else (found.reason, found.tag)


def without(text: str, tag: int) -> str:
    shorter = re.sub(rf"(?<![^|]){tag}=[^|]*\|", "", text)
    assert shorter != text
    return shorter
