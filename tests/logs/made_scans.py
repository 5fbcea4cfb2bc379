"""Random and mutated logs, for the tests of the scanners."""

from __future__ import annotations

from hypothesis import strategies as st

from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.separators import SEPARATORS, Separator

_NOISE = st.sampled_from(
    [
        b"\n",
        b"\r\n",
        b"20240102-09:30:00.123 : ",
        b"09:30:00 IN  ",
        b"8=FIX.4.4 ",
        b"8=FIX",
        b"8=FIX.4.2|9=12|",
        b"prose 108=FIX.4\n",
        b"\x00\xff",
        b"10=123",
        b"\x0110=000\x01",
    ]
)


def a_message(separator: Separator, body: bytes, wrong: int = 0) -> bytes:
    """A message; `wrong` is added to its BodyLength."""
    text = separator.text
    body = b"35=D" + text + body + text
    head = b"8=FIX.4.4%b9=%d%b%b" % (text, max(0, body_length(body, separator) + wrong), text, body)
    return b"%b10=%03d%b" % (head, check_sum(head, separator), text)


MESSAGES = st.builds(
    a_message,
    st.sampled_from(SEPARATORS),
    st.sampled_from([b"34=1", b"49=A\x0156=B", b"52=20240102-09:30:00.5", b"96=\n8=FIX.4.4|", b"58=x"]),
    st.sampled_from([0, 0, 0, 1, -3, 60, 9_999_999]),
)
LOGS = st.lists(st.one_of(MESSAGES, MESSAGES, _NOISE), max_size=12).map(b"".join)


@st.composite
def mutated_logs(draw: st.DrawFn) -> bytes:
    log = bytearray(draw(LOGS))
    for _ in range(draw(st.integers(0, 3))):
        if log:
            at = draw(st.integers(0, len(log) - 1))
            if draw(st.booleans()):
                del log[at]
            else:
                log[at] = draw(st.sampled_from(b"\x01|^A;#=8F\n0"))
    return bytes(log)
