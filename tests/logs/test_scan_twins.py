"""The native scanner and its twin in Python give the same batch for the same window, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_scans import a_message, mutated_logs
from scan_helpers import NEEDS_NATIVE, Scan, content, scan_at_once, scan_in_windows

from purefix_core.logs import scan_reference
from purefix_core.logs.scan import native_scan
from purefix_core.logs.scan_reference import MAX_MESSAGE
from purefix_core.wire.separators import SEPARATORS

pytestmark = NEEDS_NATIVE

_DIGITS = st.text("0123456789", max_size=21).map(str.encode)
_DATES = st.sampled_from(
    [b"20240102", b"2024-01-02", b"2024/02/30", b"2024.12.31", b"01/02/2024", b"13/02/24", b"99/99/9999", b"16770101"]
)
_CLOCKS = st.sampled_from([b"09:30:00", b"23:59:60", b"24:00:00", b"9:30:00", b"09:30", b"109:30:00:11:22"])
_FRACTIONS = st.one_of(
    st.just(b""), st.builds(lambda mark, digits: mark + digits, st.sampled_from([b".", b","]), _DIGITS)
)
_GAPS = st.text("-T_, ", max_size=3).map(str.encode)
_TIMES = st.builds(lambda *parts: b"".join(parts), st.one_of(_DATES, st.just(b"")), _GAPS, _CLOCKS, _FRACTIONS)
_WORDS = st.sampled_from(
    b"IN OUT IN1 2OUT 9: sent3 In: Out: Rx: RX TX Tx incoming INBOUND Received receiving recv fromApp FROMADMIN "
    b"sending SENT resend send_ toApp toAdmin outgoing outBound "
    b"INFO [main] < << <- > >> -> - : ] < ( <> IN: 8= \xe4".split(b" ")
)
_PREFIXES = st.lists(
    st.one_of(_TIMES, _WORDS, st.sampled_from([b" ", b"  ", b"\n", b"\r\n", b"\x0b", b"x" * 250])), max_size=6
).map(b"".join)

_TAGS = st.sampled_from([b"34", b"43", b"49", b"52", b"56", b"3", b"349", b"534", b"10", b"8", b""])
_VALUES = st.one_of(
    _DIGITS,
    st.builds(lambda *parts: b"".join(parts), _DATES, st.sampled_from([b"-", b" ", b""]), _CLOCKS, _FRACTIONS),
    st.sampled_from(
        [b"", b"Y", b"N", b"A" * 63, b"A" * 64, b"A" * 65, b"B\r\n", b"B\r", b"\n", b"\xff\x00", b"\x01", b"^"]
    ),
    st.sampled_from([b"8=FIX.4.4|9=5|35=", b"8=FIX.4.4^A9=5^A35=", b"|10=12", b"\x0110=1234567890", b"^A10=9999"]),
)


@st.composite
def _messages(draw: st.DrawFn) -> bytes:
    separator = draw(st.sampled_from(SEPARATORS))
    fields = draw(st.lists(st.builds(lambda tag, value: tag + b"=" + value, _TAGS, _VALUES), max_size=9))
    wrong = draw(st.sampled_from([0, 0, 0, 1, -3, 60, 9_999_999]))
    return a_message(separator, separator.text.join(fields), wrong)


@st.composite
def _windows(draw: st.DrawFn) -> bytes:
    pieces = draw(st.lists(st.one_of(_messages(), _prefix_lines(), mutated_logs()), max_size=6))
    log = bytearray(b"".join(pieces))
    for _ in range(draw(st.integers(0, 2))):
        if log:
            at = draw(st.integers(0, len(log) - 1))
            log[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(log)


def _prefix_lines() -> st.SearchStrategy[bytes]:
    return st.builds(lambda line_end, prefix: line_end + prefix, st.sampled_from([b"", b"\n", b"\r\n"]), _PREFIXES)


_OFFSETS = st.integers(0, 400)


@given(_windows(), _OFFSETS, _OFFSETS, st.one_of(st.none(), _OFFSETS), _OFFSETS, st.booleans())
def test_both_give_the_same_batch(
    window: bytes, base: int, start: int, length: int | None, previous_end: int, at_end: bool
) -> None:
    start = base + min(start, len(window))
    stop = base + len(window) if length is None else start + length
    expected = scan_reference.scan(window, base, start, stop, previous_end, at_end)
    assert native_scan(window, base, start, stop, previous_end, at_end) == expected


@given(_windows(), st.integers(1, 200))
def test_windows_make_no_difference_to_the_native_one(log: bytes, step: int) -> None:
    assert content(scan_in_windows(log, step, native_scan)) == content(scan_at_once(log)[0])


@given(_PREFIXES, _PREFIXES)
@example(b"gw IN1 ", b"gw IN ")
@example(b"8: OUT2 ", b": OUT ")
def test_one_prefix_does_not_change_how_the_next_is_read(first: bytes, second: bytes) -> None:
    data = first + b"8=FIX.4.4|9=5|35=0|10=000|" + second + b"8=FIX.4.4|9=5|35=0|10=000|"
    assert content(scan_at_once(data, native_scan)[0]) == content(scan_at_once(data)[0])


@given(_PREFIXES)
@example(b"2024-01-02T09:30:00.123456789012 IN ")
@example(b"<20240102-09:30:00, FIX.4.4:A->B, incoming>\n  (")
@example(b"\n\n")
def test_prefixes_are_read_alike(prefix: bytes) -> None:
    data = prefix + b"8=FIX.4.4|9=5|35=0|10=000|"
    assert content(scan_at_once(data, native_scan)[0]) == content(scan_at_once(data)[0])


@pytest.mark.parametrize(
    "tail",
    [b"|10=1234", b"|10=12", b"\r\n" * 3, b"8=FIX.4.4|9=5|35=0|", b"|10=123|" * 2, b"x" * 3],
    ids=["number", "cut number", "lines", "start", "trailer", "text"],
)
def test_messages_at_the_limit_of_length_end_alike(tail: bytes) -> None:
    for distance in range(len(tail) + 2):
        head = b"8=FIX.4.4|9=5|35=D|58="
        data = head + b"x" * (MAX_MESSAGE - len(head) - distance) + tail + b"8=FIX.4.4|9=5|35=0|10=000|"
        (native, native_rest), (python, python_rest) = scan_at_once(data, native_scan), scan_at_once(data)
        assert (content(native), native_rest) == (content(python), python_rest)


def test_real_logs_are_indexed_alike(shared: Path) -> None:
    for path in sorted((shared / "logs").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            assert content(scan_at_once(data, native_scan)[0]) == content(scan_at_once(data)[0]), path.name
            assert content(scan_in_windows(data, 50_000, native_scan)) == content(scan_at_once(data)[0]), path.name


@pytest.mark.parametrize("scan", [scan_reference.scan, native_scan], ids=["python", "native"])
def test_a_batch_ends_when_its_column_of_types_is_full(scan: Scan) -> None:
    data = b"".join(b"8=FIX.4.4|9=5|35=%x|10=000|" % number for number in range(70_000))
    first = scan(data, 0, 0, len(data), 0, True)
    assert (len(first.rows), len(first.msg_types)) == (65_535, 65_535)
    rest = scan(data, 0, first.resume, len(data), first.previous_end, True)
    assert (len(rest.rows), rest.resume) == (70_000 - 65_535, len(data))
