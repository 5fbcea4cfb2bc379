"""Tests of one field's value, as text; each is a function from the value to whether it passes."""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable, Collection
from decimal import Decimal

from purefix_core.logs.filter.language import FilterError, Word
from purefix_core.logs.filter.nodes import TimeTest
from purefix_core.wire.timestamps import parse_utc_timestamp

ORDERINGS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT_ORDERINGS: dict[str, Callable[[str, str], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")


_LITERAL_START = re.compile(r"\^([A-Za-z0-9/_ -]+)(?![*?{])")


def number_of(text: str) -> Decimal | None:
    """The number that a text is, without exponent and of at most 40 digits on each side of the point; else None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def always(_: str) -> bool:
    return True


def is_one_of(
    texts: Collection[str], numbers: Collection[Decimal] = (), spans: Collection[tuple[Decimal, Decimal]] = ()
) -> Callable[[str], bool]:
    """The value is one of the texts, equals one of the numbers, or lies in a span, both ends included."""
    wanted = frozenset(texts)
    if not numbers and not spans:
        return wanted.__contains__

    def test(value: str) -> bool:
        if value in wanted:
            return True
        number = number_of(value)
        return number is not None and (number in numbers or any(low <= number <= high for low, high in spans))

    return test


def is_ordered(ordering: str, operand: str) -> Callable[[str], bool]:
    """`value ordering operand`: between numbers if the operand is one, else between texts, by code point."""
    limit = number_of(operand)
    if limit is None:
        compare_texts = _TEXT_ORDERINGS[ordering]
        return lambda value: compare_texts(value, operand)
    compare = ORDERINGS[ordering]

    def test(value: str) -> bool:
        number = number_of(value)
        return number is not None and compare(number, limit)

    return test


def is_at(times: TimeTest) -> Callable[[str], bool]:
    """The value is a UTCTimestamp that passes."""
    return lambda value: times.holds(parse_utc_timestamp(value.encode()))


def matches_regex(pattern: Word) -> Callable[[str], bool]:
    """The regular expression is found in the value. Raises FilterError where it goes wrong."""
    try:
        with warnings.catch_warnings():  # `[[a]` and the like; a terminal in use has no place for warnings
            warnings.simplefilter("ignore")
            search = re.compile(pattern.text).search
    except re.error as error:
        raise FilterError(f"bad regular expression: {error.msg}", pattern.column + (error.pos or 0)) from None
    except (OverflowError, RecursionError) as error:
        raise FilterError(f"bad regular expression: {error}", pattern.column) from None
    return lambda value: search(value) is not None


def literal_start(pattern: str) -> str:
    """Letters and digits with which a value must begin for the regular expression to be found; often none."""
    match = None if "|" in pattern else _LITERAL_START.match(pattern)
    return match[1] if match else ""
