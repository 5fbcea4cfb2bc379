"""Filters over the columns of an index, many rows at a time: true, false, or to be decided by reading the message.

A set of rows is an integer with one byte a row, 1 where the row is in the set, the first row in the lowest byte: so
that a column goes through `bytes.translate`, and sets combine at the speed of memory.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias, TypeVar

from purefix_core.logs.filter.nodes import (
    DAY,
    All,
    Either,
    FieldTest,
    FlagTest,
    HeaderTest,
    Negated,
    Node,
    SeqTest,
    TextSearch,
    TimeTest,
)
from purefix_core.logs.filter.predicate import is_whole, passes
from purefix_core.logs.index import NO_SEQ_NUM, LogIndex, Segment, SessionKey
from purefix_core.wire import tags
from purefix_core.wire.timestamps import NO_TIME

_FALSE, _TRUE, _UNKNOWN = 0, 1, 2
_UNKNOWN_AS_FALSE = bytes.maketrans(b"\2", b"\0")
_UNKNOWN_AS_TRUE = bytes.maketrans(b"\2", b"\1")


class Verdict(NamedTuple):
    """What the columns tell of a stretch of rows."""

    sure: int
    """The rows that pass, whatever their messages hold."""
    possible: int
    """The rows that pass or may do so; all of `sure` among them."""
    exact: bool
    """Whether every test of a column was decided: only tests of messages are open."""


T = TypeVar("T")

ColumnTest: TypeAlias = Callable[[Segment, int, int], Verdict]
"""Takes a segment and the rows in it from start to stop."""


def all_rows(count: int) -> int:
    return int.from_bytes(b"\1" * count, "little")


def column_test(node: Node, index: LogIndex) -> ColumnTest:
    """What the columns of an index tell of a node. The test serves one thread."""
    match node:
        case All(terms):
            return _combined([column_test(term, index) for term in terms], and_)
        case Either(terms):
            return _combined([column_test(term, index) for term in terms], or_)
        case Negated(term):
            return _negated(column_test(term, index))
        case HeaderTest((tags.MSG_TYPE,)):
            return _code_test(_msg_type_column, index.msg_types, lambda text: _decide(node, [text]))
        case HeaderTest():
            return _code_test(_session_column, index.sessions, lambda session: _decide(node, _parts(node, session)))
        case SeqTest():
            return _seq_test(node)
        case TimeTest():
            return _time_test(node)
        case FlagTest(mask):
            return _flag_test(mask)
        case FieldTest() | TextSearch():
            return lambda _, start, stop: Verdict(0, all_rows(stop - start), True)


def _combined(column_tests: list[ColumnTest], operation: Callable[[int, int], int]) -> ColumnTest:
    def test(segment: Segment, start: int, stop: int) -> Verdict:
        if not column_tests:
            everything = all_rows(stop - start) if operation is and_ else 0
            return Verdict(everything, everything, True)
        verdicts = [column_test(segment, start, stop) for column_test in column_tests]
        return Verdict(
            reduce(operation, (verdict.sure for verdict in verdicts)),
            reduce(operation, (verdict.possible for verdict in verdicts)),
            all(verdict.exact for verdict in verdicts),
        )

    return test


def _negated(column_test: ColumnTest) -> ColumnTest:
    def test(segment: Segment, start: int, stop: int) -> Verdict:
        verdict, everything = column_test(segment, start, stop), all_rows(stop - start)
        return Verdict(everything ^ verdict.possible, everything ^ verdict.sure, verdict.exact)

    return test


def _msg_type_column(segment: Segment) -> array[int]:
    return segment.msg_type


def _session_column(segment: Segment) -> array[int]:
    return segment.session


def _code_test(column: Callable[[Segment], array[int]], values: Sequence[T], decide: Callable[[T], int]) -> ColumnTest:
    """A test of interned values: each is decided once, those that are added later when rows with them may come."""
    table = bytearray((_UNKNOWN,))  # for OVERFLOW, which is code 0

    def test(segment: Segment, start: int, stop: int) -> Verdict:
        codes = column(segment)[start:stop]
        table.extend(map(decide, values[len(table) :]))
        return _verdict(_look_up(codes, table))

    return test


def _decide(node: HeaderTest, texts: list[str]) -> int:
    if not all(map(is_whole, texts)):
        return _UNKNOWN
    return _TRUE if passes(node, texts) else _FALSE


def _parts(node: HeaderTest, session: SessionKey) -> list[str]:
    by_tag = dict(zip((tags.BEGIN_STRING, tags.SENDER_COMP_ID, tags.TARGET_COMP_ID), session, strict=True))
    return [by_tag[tag] for tag in node.tags]


def _look_up(codes: array[int], table: bytearray) -> bytes:
    """The table's byte for each code. Where all codes fit into one byte, twenty times as fast as one by one."""
    if len(table) > 256:
        return bytes(map(table.__getitem__, codes))
    return low_bytes(codes).translate(table.ljust(256, b"\0"))


def low_bytes(column: array[int]) -> bytes:
    """The lowest byte of each value."""
    lowest = 0 if sys.byteorder == "little" else column.itemsize - 1
    return column.tobytes()[lowest :: column.itemsize]


def _verdict(decisions: bytes) -> Verdict:
    if _UNKNOWN not in decisions:
        rows = int.from_bytes(decisions, "little")
        return Verdict(rows, rows, True)
    return Verdict(
        int.from_bytes(decisions.translate(_UNKNOWN_AS_FALSE), "little"),
        int.from_bytes(decisions.translate(_UNKNOWN_AS_TRUE), "little"),
        False,
    )


def _seq_test(node: SeqTest) -> ColumnTest:
    def test(segment: Segment, start: int, stop: int) -> Verdict:
        column = segment.msg_seq_num[start:stop]
        if len(node.spans) == 1 and node.wanted:
            low, high = node.spans[0]
            decisions = bytes([low <= number <= high for number in column])
        else:
            decisions = bytes(map(node.holds, column))
        if NO_SEQ_NUM not in column:
            return _verdict(decisions)
        pairs = zip(column, decisions, strict=True)
        return _verdict(bytes([_UNKNOWN if number == NO_SEQ_NUM else decision for number, decision in pairs]))

    return test


def _time_test(node: TimeTest) -> ColumnTest:
    def test(segment: Segment, start: int, stop: int) -> Verdict:
        column = segment.sending_time[start:stop]
        if len(node.spans) != 1 or not node.wanted:
            return _verdict(bytes(map(node.holds, column)))
        low, high, daily = node.spans[0].low, node.spans[0].high, node.spans[0].daily
        if daily:
            return _verdict(bytes([low <= time % DAY <= high and time != NO_TIME for time in column]))
        return _verdict(bytes([low <= time <= high for time in column]))  # no span includes NO_TIME

    return test


def _flag_test(mask: int) -> ColumnTest:
    low_table = bytes(bool(value & mask) for value in range(256))
    high_table = bytes(bool(value << 8 & mask) for value in range(256))

    def test(segment: Segment, start: int, stop: int) -> Verdict:
        column = segment.flags[start:stop]
        pairs = column.tobytes()
        low, high = (pairs[::2], pairs[1::2]) if sys.byteorder == "little" else (pairs[1::2], pairs[::2])
        rows = int.from_bytes(low.translate(low_table), "little") | int.from_bytes(high.translate(high_table), "little")
        return Verdict(rows, rows, True)

    return test
