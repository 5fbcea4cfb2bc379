"""Properties of the scanner on random and mutated logs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from scan_helpers import content, scan_at_once, scan_in_windows

from purefix_core.logs.scan_reference import MAX_MESSAGE
from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.separators import SEPARATORS, SOH, Separator

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


_MESSAGES = st.builds(
    a_message,
    st.sampled_from(SEPARATORS),
    st.sampled_from([b"34=1", b"49=A\x0156=B", b"52=20240102-09:30:00.5", b"96=\n8=FIX.4.4|", b"58=x"]),
    st.sampled_from([0, 0, 0, 1, -3, 60, 9_999_999]),
)
_LOGS = st.lists(st.one_of(_MESSAGES, _MESSAGES, _NOISE), max_size=12).map(b"".join)


@st.composite
def _mutated_logs(draw: st.DrawFn) -> bytes:
    log = bytearray(draw(_LOGS))
    for _ in range(draw(st.integers(0, 3))):
        if log:
            at = draw(st.integers(0, len(log) - 1))
            if draw(st.booleans()):
                del log[at]
            else:
                log[at] = draw(st.sampled_from(b"\x01|^A;#=8F\n0"))
    return bytes(log)


@given(_mutated_logs(), st.integers(1, 60))
def test_windows_make_no_difference(log: bytes, step: int) -> None:
    assert content(scan_in_windows(log, step)) == content(scan_at_once(log)[0])


@given(_mutated_logs())
def test_ranges_neither_overlap_nor_leave_the_file(log: bytes) -> None:
    index, settled = scan_at_once(log)
    ranges = sorted([(e.offset, e.length) for e in index] + [(s.offset, s.length) for s in index.skipped])
    end = 0
    for offset, length in ranges:
        assert offset >= end
        assert length > 0
        end = offset + length
    assert end <= len(log)
    assert settled <= len(log)


@given(_mutated_logs(), _mutated_logs())
def test_what_is_settled_stays_when_the_file_grows(log: bytes, more: bytes) -> None:
    before, settled = scan_at_once(log)
    after, _ = scan_at_once(log + more)
    kept = [entry for entry in before if entry.offset < settled]
    assert list(after)[: len(kept)] == kept


@given(st.lists(_MESSAGES, max_size=5).map(lambda parts: b"\n".join(parts)))
def test_a_good_message_behind_anything_is_found(log: bytes) -> None:
    good = a_message(SOH, b"34=7")
    index, _ = scan_at_once(log + b"\n" + good)
    last = index.entry(len(index) - 1)
    assert (last.offset, last.length, last.msg_seq_num) == (len(log) + 1, len(good), 7)


def test_hostile_lengths_take_linear_work() -> None:
    """Each start claims a body of nearly 10 MB; a search that went that far each time would never end."""
    piece = b"8=FIX.4.4|9=9999999|35="
    index, _ = scan_at_once(piece * 50_000)
    assert len(index) == 50_000


def test_a_message_without_end_is_cut() -> None:
    data = b"8=FIX.4.4|9=5|35=D|58=" + b"x" * (MAX_MESSAGE + 100)
    index, _ = scan_at_once(data)
    assert [entry.length for entry in index] == [MAX_MESSAGE]
