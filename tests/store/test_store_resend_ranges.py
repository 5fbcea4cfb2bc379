"""`resend.json`: read, changed and written again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.registry.json_file import MAX_FILE_SIZE
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.store.resend_ranges import MOST_RANGES, GapFillRanges


def load(tmp_path: Path, content: str | bytes) -> GapFillRanges:
    path = tmp_path / "resend.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return GapFillRanges.load(path)


def test_a_missing_file_has_no_ranges(tmp_path: Path) -> None:
    ranges = GapFillRanges.load(tmp_path / "resend.json")
    assert list(ranges) == []
    assert 1 not in ranges
    assert "1" not in ranges


def test_a_file_is_read(tmp_path: Path) -> None:
    ranges = load(tmp_path, '\ufeff{"gapFill": [{"from": 120, "to": 134, "reason": "stale"},\r\n{"from": 7, "to": 7}]}')
    assert list(ranges) == [(7, 7, ""), (120, 134, "stale")]
    assert [number for number in range(1, 200) if number in ranges] == [7, *range(120, 135)]


@pytest.mark.parametrize("content", ["{}", '{"gapFill": []}', '{"note": 1}'])
def test_a_file_without_ranges(tmp_path: Path, content: str) -> None:
    assert list(load(tmp_path, content)) == []


def test_a_range_within_another_one(tmp_path: Path) -> None:
    ranges = load(tmp_path, '{"gapFill": [{"from": 10, "to": 20}, {"from": 12, "to": 14}, {"from": 20, "to": 22}]}')
    assert [number for number in range(1, 40) if number in ranges] == list(range(10, 23))
    assert len(list(ranges)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "expected JSON"),
        ("[]", r"expected a JSON object, found \[\]"),
        (b"\xff", "expected UTF-8"),
        ('{"gapFill": {}}', r"gapFill: expected a list, found \{\}"),
        ('{"gapFill": null}', "gapFill: expected a list, found null"),
        ('{"gapFill": [5]}', r"gapFill\[0\]: expected an object such as .*, found 5"),
        (
            '{"gapFill": [{"from": 1, "to": 2}, {"to": 5}]}',
            r"gapFill\[1\].from: expected a whole number .*, found nothing",
        ),
        ('{"gapFill": [{"from": 0, "to": 5}]}', r"gapFill\[0\].from: expected a whole number from 1 to \d+, found 0"),
        ('{"gapFill": [{"from": true, "to": 5}]}', r"gapFill\[0\].from: .* found true"),
        ('{"gapFill": [{"from": 1.0, "to": 5}]}', r"gapFill\[0\].from: .* found 1.0"),
        ('{"gapFill": [{"from": 1, "to": "5"}]}', r'gapFill\[0\].to: .* found "5"'),
        ('{"gapFill": [{"from": 1, "to": 2147483648}]}', r"gapFill\[0\].to: .* found 2147483648"),
        ('{"gapFill": [{"from": 9, "to": 5}]}', r"gapFill\[0\].to: expected 9 or more, as from is, found 5"),
        ('{"gapFill": [{"from": 1, "to": 5, "reason": 7}]}', r"gapFill\[0\].reason: expected a text, found 7"),
        ('{"x": ' + "[" * 2000 + "]" * 2000 + "}", "nested so deeply"),
        (" " * (MAX_FILE_SIZE + 1), "too many"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(StoreError, match=said) as refused:
        load(tmp_path, content)
    assert str(refused.value).startswith(str(tmp_path / "resend.json"))
    assert "\n" not in str(refused.value)


def test_too_many_ranges_are_refused(tmp_path: Path) -> None:
    entries = [{"from": 1, "to": 1}] * (MOST_RANGES + 1)
    with pytest.raises(StoreError, match="100,001"):
        load(tmp_path, json.dumps({"gapFill": entries}))
    full = load(tmp_path, json.dumps({"gapFill": entries[1:]}))
    with pytest.raises(ValueError, match="100,001"):
        full.with_range(5, 6, "")
    assert len(list(GapFillRanges.load(tmp_path / "resend.json"))) == MOST_RANGES


def test_a_range_that_goes_on_is_one_with_the_range_before_it() -> None:
    ranges = GapFillRanges().with_range(3, 5, "stale").with_range(6, 6, "stale").with_range(7, 8, "else")
    assert list(ranges) == [(3, 6, "stale"), (7, 8, "else")]


def test_what_cannot_be_read_is_not_taken_for_missing(tmp_path: Path) -> None:
    (tmp_path / "resend.json").mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        GapFillRanges.load(tmp_path / "resend.json")
    file = tmp_path / "file"
    file.write_text("{}")
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "nowhere.json")
    with pytest.raises(StoreError, match="cannot be read"):
        GapFillRanges.load(link)
    with pytest.raises(StoreError, match="cannot be read"):
        GapFillRanges.load(file / "resend.json")


def test_unknown_keys_are_written_again(tmp_path: Path) -> None:
    content = {
        "comment": "50 % of these: \ud800 ü",
        "gapFill": [{"from": 5, "to": 9, "reason": "stale", "by": "desk"}, {"from": 20, "to": 20}],
        "version": {"a": [1, None]},
    }
    ranges = load(tmp_path, json.dumps(content)).with_range(30, 40, "ü").without(7, 7)
    written = ranges.to_json()
    assert json.loads(written) == content | {
        "gapFill": [
            {"from": 5, "to": 6, "reason": "stale", "by": "desk"},
            {"from": 8, "to": 9, "reason": "stale", "by": "desk"},
            {"from": 20, "to": 20},
            {"from": 30, "to": 40, "reason": "ü"},
        ]
    }
    assert load(tmp_path, written) == ranges
    assert load(tmp_path, written).to_json() == written
    assert written.count(b"\n") == 10  # a range a line: easy to edit


def test_what_could_not_be_read_again_is_not_written() -> None:
    ranges = GapFillRanges().with_range(1, 2, "x" * MAX_FILE_SIZE)
    with pytest.raises(StoreError, match="to write"):
        ranges.to_json()


@pytest.mark.parametrize(("first", "last"), [(0, 5), (-1, 5), (6, 5), (1, MAX_SEQ_NUM + 1)])
def test_numbers_that_are_no_range(first: int, last: int) -> None:
    with pytest.raises(ValueError, match=f"found {first}-{last}"):
        GapFillRanges().with_range(first, last, "")
    with pytest.raises(ValueError, match=f"found {first}-{last}"):
        GapFillRanges().without(first, last)


def test_the_same_range_twice_is_one() -> None:
    once = GapFillRanges().with_range(3, 4, "stale")
    assert once.with_range(3, 4, "stale") == once
    assert list(once.with_range(3, 4, "other")) == [(3, 4, "stale"), (3, 4, "other")]


SPAN = st.tuples(st.integers(1, 30), st.integers(1, 30)).map(sorted)


@given(st.lists(st.tuples(st.booleans(), SPAN)))
def test_changes_do_what_sets_do(changes: list[tuple[bool, list[int]]]) -> None:
    ranges, expected = GapFillRanges(), set[int]()
    for number, (add, (first, last)) in enumerate(changes):
        if add:
            ranges = ranges.with_range(first, last, str(number))
            expected |= set(range(first, last + 1))
        else:
            ranges = ranges.without(first, last)
            expected -= set(range(first, last + 1))
    assert {number for number in range(-2, 40) if number in ranges} == expected
    assert {number for first, last, _ in ranges for number in range(first, last + 1)} == expected
