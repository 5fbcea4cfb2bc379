"""Whole-column operations give the same with the native module and without it."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scan_helpers import NEEDS_NATIVE

from purefix_core.logs.arrays import picked, places, recoded
from purefix_core.wire import native

pytestmark = NEEDS_NATIVE

_MASKS = st.lists(st.integers(0, 1), max_size=40).map(bytes)


def both(function, *arguments):
    """What the native module gives, which must be what comes without it."""
    given = function(*arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "module", None)
        assert function(*arguments) == given
    return given


@given(st.sampled_from("HI"), st.lists(st.integers(0, 9), max_size=40), st.permutations(range(100, 110)))
def test_recoding(typecode: str, values: list[int], codes: list[int]) -> None:
    assert list(both(recoded, array(typecode, values), codes)) == [codes[value] for value in values]


def test_codes_that_stay_as_they_are() -> None:
    column = array("H", [1, 0, 2])
    assert recoded(column, [0, 1, 2]) is column


@given(st.sampled_from("qiIH"), _MASKS)
def test_picking(typecode: str, mask: bytes) -> None:
    column = array(typecode, range(len(mask) + 3))
    assert list(both(picked, column, mask)) == [at for at, chosen in enumerate(mask) if chosen]


@given(_MASKS, st.integers(0, 1000))
def test_places(mask: bytes, first: int) -> None:
    assert list(both(places, mask, first)) == [first + at for at, chosen in enumerate(mask) if chosen]
