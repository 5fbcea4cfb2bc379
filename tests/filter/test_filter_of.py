"""An expression joined with other filters, and filters by MsgType that need no expression."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.filter import Filter, FilterError, filter_of, iter_matches, msg_types, not_msg_types
from purefix_core.logs.log_file import LogFile

TYPES = ["D", "8", "", "0", "D", "AE"]
LOG = "".join(f"8=FIX.4.4|9=5|35={code}|34={at}|49=A|56=B|10=000|\n" for at, code in enumerate(TYPES)).encode()


def passing(condition: Filter) -> list[int]:
    log = LogFile.from_bytes(LOG)
    return [row for batch in iter_matches(log.index(), condition, log.source.read) for row in batch.rows]


@pytest.mark.parametrize(
    ("unwanted", "rows"),
    [
        ([], [0, 1, 2, 3, 4, 5]),
        (["D"], [1, 2, 3, 5]),
        (["D", "8", "0", "AE"], [2]),
        ([""], [0, 1, 3, 4, 5]),
        (["", "8", "nosuch"], [0, 3, 4, 5]),
        ([f"U{number}" for number in range(5000)], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_messages_of_other_types(unwanted: list[str], rows: list[int]) -> None:
    condition = not_msg_types(unwanted)
    assert passing(condition) == rows
    assert not condition.needs_messages


def no_definitions() -> Sequence[Definitions]:
    raise AssertionError("these are not needed")


def test_an_expression_and_other_filters() -> None:
    assert passing(filter_of("34 > 0", list, msg_types(["D", "AE"]))) == [4, 5]
    assert passing(filter_of("34 > 0", list, msg_types(["D", "AE"]), not_msg_types(["D"]))) == [5]


def test_blank_text_needs_no_dictionaries() -> None:
    assert passing(filter_of(" ", no_definitions)) == [0, 1, 2, 3, 4, 5]
    assert passing(filter_of("", no_definitions, msg_types(["8"]))) == [1]


def test_what_is_wrong_with_the_expression_is_pointed_at() -> None:
    with pytest.raises(FilterError) as caught:
        filter_of("35=8 and (", list, msg_types(["8"]))
    assert caught.value.column >= 9
