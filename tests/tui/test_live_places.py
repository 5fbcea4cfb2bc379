"""Places, numbers and spots of the message table's lines: messages that pass a filter, with events between them."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.logs.filter import Names, compile_filter
from purefix_core.logs.index import Entry
from purefix_core.logs.log_file import LogFile
from purefix_core.session.events import Level
from purefix_tui.log.event_lines import EventLine, EventLines
from purefix_tui.log.row_source import MessageRow, MessageRows
from purefix_tui.log.search import Origin, search
from purefix_tui.log.shown_rows import ShownRows, Spot

MESSAGE = b"20260131-10:00:00.000 : 8=FIX.4.4|9=5|35=%b|34=%d|10=000|\n"
EVERY = compile_filter("", Names())


def message(number: int) -> bytes:
    return MESSAGE % (b"D" if number % 3 else b"0", number)


def log_of(messages: int) -> LogFile:
    log = LogFile.from_bytes(b"".join(map(message, range(messages))))
    log.index()
    return log


def offsets_of(log: LogFile) -> list[int]:
    """The size of the log before each message, and at its end."""
    lengths = [len(message(number)) for number in range(len(log.rows))]
    return [sum(lengths[:at]) for at in range(len(lengths) + 1)]


def event(number: int, offset: int, text: str = "") -> EventLine:
    return EventLine(number, text or f"event {number}", Level.INFO, offset)


@st.composite
def tables(draw: st.DrawFn) -> tuple[ShownRows, list[Spot]]:
    """A table, and its lines as they should be."""
    log = log_of(draw(st.integers(0, 12)))
    offsets = offsets_of(log)
    before = sorted(draw(st.lists(st.integers(0, len(log.rows)), max_size=8)))
    events = EventLines(log, most=draw(st.sampled_from([3, 100])))
    for at, number in enumerate(before):
        events.add([event(at, offsets[number])])
        if draw(st.booleans()):
            events.place()
    events.place()
    events.hidden = draw(st.booleans())
    numbers, decided = None, len(log.rows)
    if draw(st.booleans()):
        decided = draw(st.integers(0, len(log.rows)))
        numbers = [number for number in range(decided) if draw(st.booleans())]
    kept = [] if events.hidden else list(enumerate(before))[events.dropped :]
    spots = [Spot(number, at) for at, number in kept if number <= decided]
    spots += [Spot(number) for number in (range(len(log.rows)) if numbers is None else numbers)]
    spots.sort(key=lambda spot: (spot.number, spot.event is None, spot.event))
    filtered = None if numbers is None else array("I", numbers)
    return ShownRows(MessageRows(log), events, filtered, decided), spots


@given(tables())
def test_each_line_has_its_place(table: tuple[ShownRows, list[Spot]]) -> None:
    rows, spots = table
    assert len(rows) == len(spots)
    assert [rows.spot(place) for place in range(len(rows))] == spots
    assert [rows.place_of(spot) for spot in spots] == list(range(len(rows)))
    for place, spot in enumerate(spots):
        row = rows.row(place)
        if spot.event is None:
            assert isinstance(row, MessageRow)
            assert row.entry.row == spot.number
        else:
            assert isinstance(row, EventLine)
            assert row.text == f"event {spot.event}"
    with pytest.raises(IndexError):
        rows.spot(len(rows))


@given(tables(), st.integers(0, 13))
def test_messages_are_found_by_their_numbers(table: tuple[ShownRows, list[Spot]], number: int) -> None:
    rows, spots = table
    shown = [spot.number for spot in spots if spot.event is None]
    assert list(rows.all_numbers()) == shown
    assert rows.count == len(shown)
    assert rows.holds(number) == (number in shown)
    behind = [spot for spot in spots if spot.event is None and spot.number >= number]
    assert rows.place(number) == (spots.index(behind[0]) if behind else len(spots))


@given(tables(), st.integers(0, 30), st.booleans())
def test_a_search_goes_on_from_any_line(table: tuple[ShownRows, list[Spot]], at: int, forward: bool) -> None:
    rows, spots = table
    if not spots:
        return
    place = at % len(spots)
    log = rows._messages.log
    hit = search(Origin(log, rows, spots[place]), EVERY, forward, lambda: False)
    step = 1 if forward else -1
    order = [(place + step * distance) % len(spots) for distance in range(1, len(spots) + 1)]
    wanted = next((spots[there] for there in order if spots[there].event is None), None)
    assert (None if hit is None else hit.number) == (None if wanted is None else wanted.number)


@given(tables(), st.lists(st.integers(0, 12), max_size=5))
def test_lines_keep_their_order_when_the_filter_has_come_further(
    table: tuple[ShownRows, list[Spot]], found: list[int]
) -> None:
    rows, spots = table
    log = rows._messages.log
    decided = rows._decided
    rows.replace_from(decided, array("I", sorted({n for n in found if decided <= n < len(log.rows)})), len(log.rows))
    assert [rows.spot(place) for place in range(len(spots))] == spots, "what is new comes behind what was shown"


def test_an_event_waits_until_the_index_has_come_to_it(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(message(0) + message(1))
    log = LogFile.open(path)
    events = EventLines(log)
    size = log.size
    events.add([event(0, 0), event(1, size)])
    events.place()
    assert list(events.before) == [0]
    log.index()
    events.place()
    assert list(events.before) == [0, 2]
    with path.open("ab") as file:
        file.write(message(2))
    events.add([event(2, size), event(3, 10**9)])
    log.index()
    events.place(2)
    assert list(events.before) == [0, 2, 2, 3], "what claims to lie behind the end stands at the end"
    log.close()


def test_what_is_new_at_the_end_moves_the_events_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    whole = message(0) + message(1)
    path.write_bytes(whole[:-20])
    log = LogFile.open(path)
    log.index()
    events = EventLines(log)
    events.add([event(0, len(whole) - 20)])
    events.place()
    with path.open("ab") as file:
        file.write(whole[-20:])
    first = log.settled_rows()
    log.index()
    events.place(first)
    assert list(events.before) == [1], "it happened while that message was written"
    log.close()


def test_a_log_that_begins_anew_keeps_its_events_before_all_messages(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(b"".join(map(message, range(5))))
    log = LogFile.open(path)
    log.index()
    events = EventLines(log)
    events.add([event(0, 0), event(1, log.size)])
    events.place()
    assert list(events.before) == [0, 5]
    path.write_bytes(message(7))
    log.restart()
    log.index()
    events.add([event(2, log.size)])
    events.place(0)
    assert list(events.before) == [0, 0, 1]
    assert [events.line(at).text for at in range(3)] == ["event 0", "event 1", "event 2"]
    log.close()


def test_only_the_newest_events_are_kept_and_remembered_by_their_numbers() -> None:
    log = log_of(2)
    events = EventLines(log, most=3)
    rows = ShownRows(MessageRows(log), events)
    events.add([event(number, 0) for number in range(3)])
    events.place()
    spot = rows.spot(2)
    assert spot == Spot(0, 2)
    events.add([event(number, 0) for number in (3, 4)])
    events.place()
    assert (events.dropped, len(rows)) == (2, 5)
    assert rows.place_of(spot) == 0
    assert rows.place_of(Spot(0, 1)) == 3, "where it is gone: the first message behind it"


def test_a_hundred_thousand_events_without_a_message_between_them_are_placed_at_once() -> None:
    log = log_of(1)
    events = EventLines(log)
    events.add([event(number, log.size) for number in range(100_000)])
    looked_up: list[int] = []
    find = log.rows.row_at_offset

    def counted(offset: int) -> int | None:
        looked_up.append(offset)
        return find(offset)

    log.rows.row_at_offset = counted  # type: ignore[method-assign]
    events.place()
    assert (len(events.before), len(looked_up)) == (100_000, 1)


def test_remarks_stand_in_the_rows_that_are_painted() -> None:
    def remark(entry: Entry) -> str:
        return "gap-filled" if entry.msg_seq_num == 1 else ""

    rows = MessageRows(log_of(3), remark)
    assert [rows.message(number).remark for number in range(3)] == ["", "gap-filled", ""]
