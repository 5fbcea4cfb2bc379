"""Selection over segments: it finds what asking row by row finds, reads little, and hands over often."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_logs import FIX, MadeLog, fix

from purefix_core.logs.filter import FilterError, Names, compile_filter, iter_matches, msg_type_filter, select
from purefix_core.logs.filter.needles import find_messages, needles_of
from purefix_core.logs.index import BROKEN, INCOMING, OUTGOING, SEGMENT_ROWS, Batch, Segment
from purefix_core.wire.separators import SEPARATORS

NAMES = Names([FIX])

VALUES = ["1", "2", "8", "D", "EURUSD", "EUR", "1000", "1000.00", "-3", "A", "B", "", "é", "a\x0155=EUR", "x=1|2"]
TAGS = ["35", "34", "49", "56", "54", "55", "055", "38", "58", "95", "96", "447", "453", "7"]
fields = st.tuples(st.sampled_from(TAGS), st.sampled_from(VALUES)).map("=".join)
bodies = st.lists(fields, max_size=8)
times = st.sampled_from(["52=20240102-09:30:00", "52=20240103-00:00:00.001", "52=bad", "58=none"])
flags = st.sampled_from([0, INCOMING, OUTGOING, BROKEN | INCOMING])
messages = st.tuples(st.sampled_from("08DA"), times, bodies, flags, st.sampled_from(SEPARATORS))

operands = st.sampled_from(
    [value for value in VALUES if value.isascii() and value.isprintable() and value] + ["Buy", "Order_Single"]
)
words = operands.map(lambda text: f"'{text}'") | operands
field_names = st.sampled_from(
    "35 34 49 56 54 55 38 58 96 447 453 7 Symbol Side OrderQty seq session type sender".split()
)
leaves = st.one_of(
    st.builds("{} {} {}".format, field_names, st.sampled_from("= != < <= > >= ~ !~".split()), words),
    st.builds("{} {}in ({}, {})".format, field_names, st.sampled_from(["", "not "]), words, words),
    st.sampled_from(
        ["38 -5..1000", "seq 1..8", "453", "55", "96", "time > 09:30", "time 2024-01-02..2024-01-02", "52"]
    ),
    st.sampled_from(
        ["flag:reject", "flag:admin", "flag:broken", "dir = in", "dir != in", "'eur'", "'|55=eur|'", "'='"]
    ),
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} or {})".format, inner, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("not {}".format, inner),
    ),
    max_leaves=6,
)


@given(st.lists(messages, min_size=1, max_size=12), expressions, st.integers(0, 12), st.data())
def test_selecting_finds_what_asking_row_by_row_finds(made, expression, interned, data) -> None:
    log = MadeLog()
    for number, (msg_type, time, body, flag_bits, separator) in enumerate(made):
        log.interns = number < interned
        raw = fix(" ".join(["35=" + msg_type, time, *body]), separator)
        log.add(raw[: data.draw(st.sampled_from([len(raw), len(raw) // 2]), "kept")], separator, flag_bits)
    try:
        condition = compile_filter(expression, NAMES)
    except FilterError:  # such as `seq = EUR`
        return
    expected = log.rows_one_by_one(condition)
    assert log.rows(condition) == expected
    start, stop = sorted((data.draw(st.integers(0, len(made))), data.draw(st.integers(0, len(made)))))
    part = [row for batch in iter_matches(log.index, condition, log.read, start, stop) for row in batch.rows]
    assert part == [row for row in expected if start <= row < stop]


@given(st.text(max_size=60) | expressions)
def test_compiling_raises_nothing_but_filter_errors(text: str) -> None:
    try:
        compile_filter(text, NAMES)
    except FilterError as error:
        column = error.column
    else:
        column = 0
    assert 0 <= column <= len(text)


def large_log(rows: int, length: int) -> MadeLog:
    """`rows` orders of `length` bytes, one after the other; every thousandth is for XYZ."""
    log = MadeLog()
    common, rare = (fix("35=D 49=A 56=B 34=1 55=" + symbol).ljust(length, b" ") for symbol in ("ABC", "XYZ"))
    log.blob = bytearray().join(rare if row % 1000 == 999 else common for row in range(rows))
    segment = Segment()
    for row in range(rows):
        for column, value in zip(segment.columns(), (row * length, length, row + 1, row, 0, 0, 0, 0), strict=True):
            column.append(value)
    end = rows * length
    log.index.append(Batch(segment, [b"D"], [rows], [(b"FIX.4.4", b"A", b"B")], [rows], [0], [], end, end, end))
    return log


def test_columns_alone_are_decided_a_segment_at_a_time_without_reading() -> None:
    log = large_log(2 * SEGMENT_ROWS + 10, 60)
    batches = list(iter_matches(log.index, msg_type_filter("^D$"), log.read))
    assert [batch.scanned_to for batch in batches] == [SEGMENT_ROWS, 2 * SEGMENT_ROWS, 2 * SEGMENT_ROWS + 10]
    assert [len(batch.rows) for batch in batches] == [SEGMENT_ROWS, SEGMENT_ROWS, 10]
    assert all(isinstance(batch.rows, array) for batch in batches)
    batches = list(iter_matches(log.index, compile_filter("seq 70000..70002", NAMES), log.read, 69_000, 71_000))
    assert [(list(batch.rows), batch.scanned_to) for batch in batches] == [([69999, 70000, 70001], 71_000)]
    assert log.reads == []


def test_reading_is_done_in_blocks_and_handed_over_often() -> None:
    rows, length = 20_000, 500
    log = large_log(rows, length)
    condition = compile_filter("55 = XYZ", NAMES)
    read_at_batch = []
    found = []
    for batch in iter_matches(log.index, condition, log.read):
        found += batch.rows
        read_at_batch.append(sum(length for _, length in log.reads))
        assert batch.scanned_to * length == read_at_batch[-1]
    assert found == list(range(999, rows, 1000))
    assert max(length for _, length in log.reads) <= select.BLOCK
    assert len(log.reads) <= rows * length // select.BLOCK + 1
    assert len(read_at_batch) >= 2
    assert all(after - before <= select.STEP + select.BLOCK for before, after in pairwise(read_at_batch))


def test_messages_far_apart_are_read_one_by_one() -> None:
    log = large_log(20_000, 500)
    for row in range(999, 20_000, 1000):
        log.index.segments[0].msg_type[row] = 2
    log.index.msg_types.append("8")
    condition = compile_filter("35=8 and 55=XYZ", NAMES)
    assert log.rows(condition) == list(range(999, 20_000, 1000))
    assert log.reads == [(row * 500, 500) for row in range(999, 20_000, 1000)]


def test_a_message_larger_than_a_block_is_read_whole() -> None:
    log = MadeLog()
    log.add(fix("35=D 55=ABC"))
    log.add(fix("35=D 58=" + "x" * (select.BLOCK + 10) + " 55=ABC"))
    log.add(fix("35=D 55=ABC"))
    assert log.rows(compile_filter("55 = ABC", NAMES)) == [0, 1, 2]


def test_rows_that_are_appended_meanwhile_wait_for_the_next_time() -> None:
    log = large_log(SEGMENT_ROWS + 5, 60)
    batches = iter_matches(log.index, msg_type_filter("D"), log.read)
    assert next(batches).scanned_to == SEGMENT_ROWS
    log.interns = True
    log.add(fix("35=U1"))
    assert [batch.scanned_to for batch in batches] == [SEGMENT_ROWS + 5]
    assert log.rows(msg_type_filter("U1")) == [SEGMENT_ROWS + 5]


def test_a_row_that_was_replaced_meanwhile_is_decided_by_what_is_there_now() -> None:
    log = large_log(SEGMENT_ROWS + 1, 60)
    batches = iter_matches(log.index, msg_type_filter("U1"), log.read)
    assert list(next(batches).rows) == []
    log.index.cut_from(SEGMENT_ROWS * 60)
    log.add(fix("35=U1"))
    assert [list(batch.rows) for batch in batches] == [[SEGMENT_ROWS]]


@pytest.mark.parametrize("expression", ["35=D", "55=XYZ", "not 55=XYZ"])
def test_an_index_that_is_cut_meanwhile_ends_the_iteration(expression: str) -> None:
    log = large_log(SEGMENT_ROWS + 5, 60)
    batches = iter_matches(log.index, compile_filter(expression, NAMES), log.read)
    assert next(batches).scanned_to <= SEGMENT_ROWS
    log.index.cut_from(100 * 60)
    assert all(batch.scanned_to <= SEGMENT_ROWS for batch in batches)


def test_a_file_that_was_cut_gives_what_is_left() -> None:
    log = MadeLog()
    log.add(fix("35=D 55=ABC"))
    log.add(fix("35=D 55=ABC"))
    entry = log.index.entry(1)
    del log.blob[entry.offset + 5 :]
    assert log.rows(compile_filter("55 = ABC", NAMES)) == [0]
    assert log.rows(compile_filter("not 55 = ABC", NAMES)) == [1]


def test_many_sessions() -> None:
    log = MadeLog()
    for number in range(300):
        log.add(fix(f"35=0 49=S{number} 56=T 34=1"))
    for expression, rows in {
        "sender = S280": [280],
        "session ~ S28": [28, *range(280, 290)],
        "sender != S280": [row for row in range(300) if row != 280],
    }.items():
        condition = compile_filter(expression, NAMES)
        assert log.rows(condition) == log.rows_one_by_one(condition) == rows
    assert log.reads == []


@pytest.mark.parametrize(
    ("expression", "texts", "folded"),
    [
        ("55 = EURUSD", {b"55=EURUSD"}, False),
        ("55 in (A, B)", {b"55=A", b"55=B"}, False),
        ("55 != A", {b"55="}, False),
        ("38 = 1000", {b"38="}, False),
        ("453", {b"453="}, False),
        ("55 ~ ^EUR", {b"55=EUR"}, False),
        ("55 ~ ^EURX?", {b"55=EUR"}, False),
        ("55 ~ ^E*", {b"55="}, False),
        ("55 ~ ^EUR|GBP", {b"55="}, False),
        ("55 ~ EUR", {b"55="}, False),
        ("55 !~ ^EUR", {b"55="}, False),
        ("Side = Buy", {b"54=Buy", b"54=1"}, False),
        ("35=8 and 55 = EURUSD and 38 > 5", {b"55=EURUSD"}, False),
        ("55 = A or 'B|cd|E'", {b"55=a", b"cd"}, True),
    ],
)
def test_needles(expression: str, texts: set[bytes], folded: bool) -> None:
    assert needles_of(compile_filter(expression, NAMES).node) == (texts, folded)


@pytest.mark.parametrize("expression", ["not 55 = A", "'|'", "35=8 or 55=A", "35=8"])
def test_some_filters_have_no_needles(expression: str) -> None:
    assert needles_of(compile_filter(expression, NAMES).node) is None


def test_needles_between_messages_or_across_their_ends_do_not_count() -> None:
    block = b"aXb XX cX" + b"Xd" + b" X"
    offsets, lengths = [100, 107, 109], [3, 2, 2]
    needles = needles_of(compile_filter("'XX' or 'bX'", Names()).node)
    assert needles is not None
    assert list(find_messages(block, 100, offsets, lengths, 0, 3, needles)) == []
    needles = needles_of(compile_filter("'x'", Names()).node)
    assert needles is not None
    assert list(find_messages(block, 100, offsets, lengths, 0, 3, needles)) == [0, 1, 2]
    assert list(find_messages(block, 100, offsets, lengths, 1, 2, needles)) == [1]
