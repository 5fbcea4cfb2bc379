"""The small parts of the screen that need no screen: times, sizes, filter terms, recent files, header line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len

from purefix_core.logs.filter import Names, compile_filter
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.message import FixMessage
from purefix_core.wire.timestamps import NANOS, NO_TIME
from purefix_tui.dialogs.recent import load_recent, remember
from purefix_tui.explore.tab_names import tab_names
from purefix_tui.log.conditions import field_term, with_term
from purefix_tui.log.header import Facts, header_line
from purefix_tui.log.message_table import columns_for
from purefix_tui.log.times import Stamp, stamp_of
from purefix_tui.log.words import conversation
from purefix_tui.widgets.help_screen import flowing
from purefix_tui.widgets.plain import human_size, visible


@pytest.mark.parametrize(
    ("nanos", "expected"),
    [
        (NO_TIME, Stamp(None, "")),
        (34_215_500_999_999, Stamp(None, "09:30:15.500")),
        (86_400 * NANOS, Stamp(date(1970, 1, 2), "00:00:00.000")),
        (1_741_680_000_123_456_789, Stamp(date(2025, 3, 11), "08:00:00.123")),
        (-1, Stamp(date(1969, 12, 31), "23:59:59.999")),
    ],
)
def test_stamps(nanos: int, expected: Stamp) -> None:
    assert stamp_of(nanos) == expected


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (3_100_000, "3.1 MB"),
        (999_600, "1.0 MB"),
        (12_000_000_000, "12 GB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert human_size(size) == text


def test_nothing_from_a_log_can_steer_the_terminal() -> None:
    assert visible("a\x01b\x1b[2J\x7f\x9b") == "a␁b␛[2J␡�"
    assert visible("price\u202e001\u200b") == "price�001�"
    assert visible("Zürich 東京 €") == "Zürich 東京 €"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", "55=X"),
        ("35=8", "35=8 and 55=X"),
        ("35=8 or 35=D", "(35=8 or 35=D) and 55=X"),
        ("(35=8 or 35=D)", "((35=8 or 35=D)) and 55=X"),
        ("35=", "55=X"),
    ],
)
def test_a_term_joins_what_is_there(expression: str, expected: str) -> None:
    assert with_term(expression, "55=X") == expected


@pytest.mark.parametrize("value", ["EURUSD", "1.5", "a b", 'say "so"', "1..2", "", "x)", "a and b", "-", "é", "&&"])
@pytest.mark.parametrize("away", [False, True])
def test_terms_for_any_value_compile(value: str, away: bool) -> None:
    condition = compile_filter(field_term(58, value, away), Names())
    message = f"8=FIX.4.4|58={value}|".replace("|", "\x01").encode()
    log = LogFile.from_bytes(b"8=FIX.4.4\x019=5\x0135=0\x0110=161\x01")
    assert condition.matches(log.index().entry(0), FixMessage.parse(message)) is not away


def test_recent_files_are_newest_first_and_exist(tmp_path: Path) -> None:
    state = tmp_path / "state"
    one, other = tmp_path / "one.log", tmp_path / "other.log"
    one.touch()
    other.touch()
    for path in (one, other, one):
        remember(state, path)
    assert load_recent(state) == [one, other]
    one.unlink()
    assert load_recent(state) == [other]


@pytest.mark.parametrize("text", ["", "{}", "[1, null]", "not json", "\x00"])
def test_a_damaged_list_of_recent_files_counts_as_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "recent.json").write_text(text)
    assert load_recent(tmp_path) == []


def test_counts_in_the_header_are_honest() -> None:
    indexing = header_line(Facts("a.log", 5_000_000, 12_000, indexing=0.25, shown=500, filtering=True)).plain
    assert ">500 of >12,000 messages" in indexing
    assert "25% indexed" in indexing
    done = header_line(Facts("a.log", 5_000_000, 12_000, 1, "08:00 → 09:00", 2)).plain
    assert "   12,000 messages   1 session   08:00 → 09:00   2 ranges skipped" in done
    assert header_line(Facts("a.log", 100, 1)).plain.endswith("1 message")


@pytest.mark.parametrize(
    ("one", "other", "width", "expected"),
    [
        ("BUYSIDE", "BROKER", 21, "BUYSIDE–BROKER"),
        ("BUYSIDE", "BROKER", 14, "BUYSIDE–BROKER"),
        ("BUYSIDE-LONDON-PROD", "BROKER", 21, "BUYSIDE…N-PROD–BROKER"),
        ("BROKER", "BUYSIDE-LONDON-PROD", 21, "BROKER–BUYSIDE…N-PROD"),
        ("BUYSIDE-LONDON-1", "BROKER-NEWYORK-2", 21, "BUYSI…ON-1–BROKE…RK-2"),
        ("東京東京東京東京", "B", 10, "東京 …京–B"),
        ("BUYSIDE", "BROKER", 7, "BU…–BR…"),
        ("A", "B", 0, ""),
    ],
)
def test_names_of_sessions_are_cut_in_the_middle(one: str, other: str, width: int, expected: str) -> None:
    shown = conversation(one, other, width)
    assert shown == expected
    assert cell_len(shown) <= width


def test_long_names_get_what_room_there_is() -> None:
    for width in range(60, 260):
        assert columns_for(width, 0) == columns_for(width, 11)
        columns = columns_for(width, 60)
        used = 1 + columns.date + 1 + 12 + 3 + 1 + columns.session + 1 + columns.seq + 1 + columns.name + 1
        assert columns.session == columns_for(width).session or width - used >= 46 - 6
    assert columns_for(140, 18).session == 18
    assert columns_for(200, 38).session == 38


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/a/x.log", "/a/y.log"], ["x.log", "y.log"]),
        (["/a/x.log", "/b/x.log", "/b/y.log"], ["a/x.log", "b/x.log", "y.log"]),
        (["/one/in/x.log", "/two/in/x.log", "/two/out/x.log"], ["one/in/x.log", "two/in/x.log", "out/x.log"]),
        (["/a/x.log", "/a/x.log"], ["x.log", "x.log"]),
        (["/x.log", "/a/x.log"], ["/x.log", "a/x.log"]),
    ],
)
def test_logs_of_one_name_are_told_apart_by_their_folders(paths: list[str], expected: list[str]) -> None:
    assert tab_names([Path(path) for path in paths]) == expected


def test_the_header_has_a_bar_for_the_filter_and_none_for_a_stream() -> None:
    filtering = header_line(Facts("a.log", 5_000_000, 12_000, shown=0, filtering=True, searched=0.999)).plain
    assert ">0 of 12,000 messages" in filtering
    assert "99% searched, Esc stops" in filtering
    stream = header_line(Facts("standard input", 106_000_000, 12_000, indexing=1.0, reading=True)).plain
    assert "reading, 106 MB" in stream
    assert "%" not in stream


def test_help_flows_except_for_columns() -> None:
    assert flowing("one\ntwo\n\n35=8    tags\n453     there") == "one two\n\n35=8    tags\n453     there"
