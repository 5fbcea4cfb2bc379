"""Values that are written as their meaning, or as the beginning of it."""

from __future__ import annotations

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.checking import field_problem
from purefix_core.session.compose.meanings import values_meant

FIX44 = standard("FIX44")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Limit", ["2"]),
        ("LIMIT", ["2"]),
        ("limit or better", ["7"]),
        ("Lim", ["2", "7", "8"]),
        ("lim", ["2", "7", "8"]),
        ("fun", ["I"]),
        ("x", []),
        ("", []),
        ("?", []),
    ],
)
def test_the_whole_meaning_wins_over_longer_ones(text: str, values: list[str]) -> None:
    ord_type = FIX44.field(40)
    assert ord_type is not None
    assert values_meant(text, ord_type.values) == values


@pytest.mark.parametrize(
    ("tag", "text", "problem"),
    [
        (40, "Limit", "OrdType (40): 'Limit' is no value; it may mean 2 (LIMIT)"),
        (
            40,
            "Lim",
            "OrdType (40): 'Lim' is no value; it may mean 2 (LIMIT), 7 (LIMIT_OR_BETTER) or 8 (LIMIT_WITH_OR_WITHOUT)",
        ),
        (40, "2", ""),
        (40, "none", "OrdType (40): 'none' is not a valid CHAR"),
        (18, "1 work", "ExecInst (18): 'work' is not one of its 40 values"),
    ],
)
def test_a_meaning_in_place_of_a_value_is_told_with_the_values_that_it_may_mean(
    tag: int, text: str, problem: str
) -> None:
    field = FIX44.field(tag)
    assert field is not None
    assert field_problem(field, text) == problem


def test_of_many_values_the_first_are_named() -> None:
    field = FIX44.field(54)
    assert field is not None
    named = "2 (SELL), 4 (SELL_PLUS), 5 (SELL_SHORT), 6 (SELL_SHORT_EXEMPT) or 1 more"
    assert field_problem(field, "S") == f"Side (54): 'S' is no value; it may mean {named}"
