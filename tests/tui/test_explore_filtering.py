"""The state of a filter, without a screen: what is shown, what is still to be filtered, where the cursor goes."""

from __future__ import annotations

from array import array

import pytest

from purefix_core.logs.filter import Filter, FilterError, Names, compile_filter
from purefix_core.logs.log_file import LogFile
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.event_lines import EventLines
from purefix_tui.log.filtering import END, Anchor, Filtering, Pass
from purefix_tui.log.messages import FilterRefused, Matched
from purefix_tui.log.row_source import MessageRows
from purefix_tui.log.shown_rows import Spot

ORDERS = FilterState("35=D")
CONDITION = compile_filter("35=D", Names())
ROWS = 10


@pytest.fixture
def filtering() -> Filtering:
    """That of a log of ten messages, with no filter yet."""
    log = LogFile.from_bytes(b"".join(b"8=FIX.4.4|9=5|35=D|34=%d|10=000|\n" % number for number in range(ROWS)))
    log.index()
    return Filtering(MessageRows(log), EventLines(log), FilterState())


def shown(filtering: Filtering) -> list[int]:
    return list(filtering.rows.all_numbers())


def started(filtering: Filtering, state: FilterState = ORDERS, current: int = 0) -> Pass:
    to_do = filtering.start(state, Spot(current))
    assert to_do is not None
    return to_do


def found(to_do: Pass, *rows: int, to: int, done: bool = False, first: bool = True) -> Matched:
    """What a worker says of a pass."""
    condition = to_do.wanted if isinstance(to_do.wanted, Filter) else CONDITION
    return Matched(to_do.generation, condition, array("I", rows), to, first, done)


def finished(filtering: Filtering, *rows: int, to: int = ROWS) -> Pass:
    """A filter that has found these rows and runs no more."""
    to_do = started(filtering)
    filtering.matched(found(to_do, *rows, to=to, done=True))
    return to_do


def test_without_a_filter_every_row_is_shown(filtering: Filtering) -> None:
    assert shown(filtering) == list(range(ROWS))
    assert filtering.catch_up() is None
    assert filtering.start(FilterState("  "), Spot(3)) is None
    assert not filtering.running
    assert filtering.arrive() == Anchor(Spot(3))
    assert filtering.arrive() is None


def test_rows_stay_until_there_is_a_result_and_then_grow(filtering: Filtering) -> None:
    before = filtering.rows
    to_do = started(filtering)
    assert (to_do.wanted, to_do.start) == (ORDERS, 0)
    assert filtering.rows is before
    assert not filtering.in_force
    filtering.matched(found(to_do, 1, 2, to=4))
    first = filtering.rows
    assert first is not before
    assert (shown(filtering), filtering.running) == ([1, 2], True)
    filtering.matched(found(to_do, 7, to=ROWS, done=True, first=False))
    assert filtering.rows is first
    assert (shown(filtering), filtering.running) == ([1, 2, 7], False)
    assert filtering.catch_up() is None


def test_another_filter_makes_the_one_before_stale(filtering: Filtering) -> None:
    old = started(filtering)
    new = started(filtering, FilterState("35=8"))
    assert not filtering.is_current(old.generation)
    assert filtering.is_current(new.generation)
    filtering.stop()
    assert not filtering.is_current(new.generation)


def test_the_cursor_arrives_when_its_row_is_reached_or_no_more_come(filtering: Filtering) -> None:
    to_do = started(filtering, current=5)
    filtering.matched(found(to_do, 1, to=3))
    assert filtering.arrive() is None
    filtering.matched(found(to_do, 6, to=7, first=False))
    assert filtering.arrive() == Anchor(Spot(5))
    assert filtering.arrive() is None
    filtering.start(ORDERS, Spot(2), END)
    to_do = started(filtering, current=0)  # the cursor is still on its way, and keeps its aim
    filtering.matched(found(to_do, 1, to=ROWS))
    assert filtering.arrive() is None
    filtering.matched(found(to_do, to=ROWS, done=True, first=False))
    assert filtering.arrive() == END


def test_rows_indexed_since_are_filtered_when_the_pass_is_over(filtering: Filtering) -> None:
    to_do = started(filtering)
    filtering.matched(found(to_do, 1, to=4))
    assert filtering.catch_up() is None
    filtering.matched(found(to_do, to=6, done=True, first=False))
    assert filtering.catch_up() == Pass(to_do.generation, CONDITION, 6)
    assert filtering.running
    assert filtering.is_awaited(indexing=False)
    assert not filtering.is_awaited(indexing=True)


def test_what_is_refused_leaves_the_filter_in_force(filtering: Filtering) -> None:
    finished(filtering, 1, 2, to=6)
    error = FilterError("no", 0)
    to_do = started(filtering, FilterState("35="))
    filtering.refused(FilterRefused(to_do.generation, error))
    assert filtering.error is error
    assert (shown(filtering), filtering.running, filtering.anchor) == ([1, 2], False, None)
    assert filtering.catch_up() == Pass(to_do.generation, CONDITION, 6)
    assert filtering.start(FilterState(), Spot(0)) is None
    assert filtering.error is None


def test_a_stopped_filter_keeps_what_it_found_and_goes_on_from_there(filtering: Filtering) -> None:
    to_do = started(filtering)
    filtering.matched(found(to_do, 1, 2, to=4))
    assert filtering.stop()
    assert (filtering.running, filtering.stopped, filtering.wanted) == (False, True, ORDERS)
    assert filtering.catch_up() is None
    go_on = filtering.resume()
    assert go_on is not None
    assert go_on.start == 4
    assert not filtering.stopped
    filtering.matched(found(go_on, 5, to=ROWS, done=True, first=False))
    assert shown(filtering) == [1, 2, 5]


def test_a_filter_stopped_without_a_result_was_never_wanted(filtering: Filtering) -> None:
    finished(filtering, 1, 2)
    started(filtering, FilterState("35=8"))
    assert not filtering.stop()
    assert (filtering.wanted, filtering.stopped, shown(filtering)) == (ORDERS, False, [1, 2])


def test_rows_that_are_others_are_filtered_again(filtering: Filtering) -> None:
    to_do = finished(filtering, 1, 2, 8, 9)
    assert filtering.replaced(8, Spot(0)) == Pass(to_do.generation, CONDITION, 8)
    assert shown(filtering) == [1, 2, 8, 9]
    filtering.matched(found(to_do, 9, to=ROWS, done=True, first=False))
    assert shown(filtering) == [1, 2, 9]


def test_rows_that_change_under_a_pass_are_filtered_once_more_when_it_is_done(filtering: Filtering) -> None:
    to_do = started(filtering)
    assert filtering.replaced(7, Spot(0)) is None
    assert filtering.replaced(9, Spot(0)) is None
    filtering.matched(found(to_do, 1, to=5))
    filtering.matched(found(to_do, 6, 8, to=ROWS, done=True, first=False))
    assert filtering.catch_up() == Pass(to_do.generation, CONDITION, 7)
    assert shown(filtering) == [1, 6, 8]
    filtering.matched(found(to_do, 7, to=ROWS, done=True, first=False))
    assert shown(filtering) == [1, 6, 7]
    assert filtering.catch_up() is None


def test_another_log_is_shown_whole_until_the_filter_has_a_result(filtering: Filtering) -> None:
    finished(filtering, 1, 2)
    assert filtering.arrive() is not None
    to_do = filtering.replaced(0, Spot(2))
    assert to_do is not None
    assert (to_do.wanted, to_do.start) == (ORDERS, 0)
    assert shown(filtering) == list(range(ROWS))
    assert filtering.anchor == Anchor(Spot(0))
    assert not filtering.stop()
    assert filtering.wanted == FilterState()
    assert filtering.replaced(0, Spot(2)) is None
