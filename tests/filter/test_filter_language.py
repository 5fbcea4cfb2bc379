"""Expressions: what parses to what, and where errors point."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from purefix_core.logs.filter.language import (
    MAX_DEPTH,
    MAX_LENGTH,
    And,
    Comparison,
    FilterError,
    Flag,
    Not,
    Or,
    Presence,
    Range,
    Search,
    Word,
    parse,
    point_at,
)


def compared(subject: str, operator: str, *values: str) -> tuple[str, str, tuple[str, ...]]:
    return subject, operator, values


def plain(expression: object) -> object:
    """An expression without its columns."""
    match expression:
        case And(terms):
            return ("and", *map(plain, terms))
        case Or(terms):
            return ("or", *map(plain, terms))
        case Not(term):
            return ("not", plain(term))
        case Comparison(subject, operator, operands):
            return compared(subject.text, operator, *(str(plain(operand)) for operand in operands))
        case Presence(subject):
            return subject.text
        case Flag(name):
            return f"flag:{name.text}"
        case Search(text):
            return f'"{text.text}"'
        case Range(low, high):
            return f"{low.text}..{high.text}"
        case Word(text):
            return text
    raise AssertionError(expression)


EUR = compared("55", "=", "EURUSD")
EXEC = compared("35", "=", "8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("and",)),
        ("  \n", ("and",)),
        ("35=8 and 55=EURUSD", ("and", EXEC, EUR)),
        ("35 = 8 AND 55 == EURUSD", ("and", EXEC, EUR)),
        ("35=8 55=EURUSD", ("and", EXEC, EUR)),
        ("35=8&&55=EURUSD", ("and", EXEC, EUR)),
        ("35=8||55=EURUSD or 453", ("or", EXEC, EUR, "453")),
        ("453 35=8 or not 55=EURUSD", ("or", ("and", "453", EXEC), ("not", EUR))),
        ("453 and (35=8 or 55=EURUSD)", ("and", "453", ("or", EXEC, EUR))),
        ("!453", ("not", "453")),
        ("not not !453", ("not", "453")),
        ("!!453", "453"),
        ("NOT(453)", ("not", "453")),
        ("Symbol ~ ^EUR and Side = Buy", ("and", compared("Symbol", "~", "^EUR"), compared("Side", "=", "Buy"))),
        ("55 ~ ^(EUR|USD)$", compared("55", "~", "^(EUR|USD)$")),
        ("(55 ~ ^(EUR|USD))", compared("55", "~", "^(EUR|USD)")),
        ("(55 ~ a\\))", compared("55", "~", "a\\)")),
        ("55 !~ a||453", ("or", compared("55", "!~", "a"), "453")),
        ("58 ~ 'a b\\d'", compared("58", "~", "a b\\d")),
        ("38 > 1000", compared("38", ">", "1000")),
        ("38>=12.5", compared("38", ">=", "12.5")),
        ("38 <= -1", compared("38", "<=", "-1")),
        ("not MsgType in (0, 1)", ("not", compared("MsgType", "=", "0", "1"))),
        ("MsgType not  IN(0,'a b',5..7)", compared("MsgType", "!=", "0", "a b", "5..7")),
        ("453 not 35=8", ("and", "453", ("not", EXEC))),
        ("seq 100..200", compared("seq", "=", "100..200")),
        ("seq = 100..200 453", ("and", compared("seq", "=", "100..200"), "453")),
        ("seq != 100..200", compared("seq", "!=", "100..200")),
        ("time 2024-01-02T09:30..2024-01-03", compared("time", "=", "2024-01-02T09:30..2024-01-03")),
        ('58 = "a..b"', compared("58", "=", "a..b")),
        ("453 38=1..2", ("and", "453", compared("38", "=", "1..2"))),
        ("time >= 09:30", compared("time", ">=", "09:30")),
        ("dir = in", compared("dir", "=", "in")),
        ("55=EUR/USD", compared("55", "=", "EUR/USD")),
        ("58=don't", compared("58", "=", "don't")),
        ("58=''", compared("58", "=", "")),
        ("flag:checksum", "flag:checksum"),
        ("FLAG : checksum !flag:in", ("and", "flag:checksum", ("not", "flag:in"))),
        ('"say ""hi"""', '"say "hi""'),
        ("'it''s' or \"x\"", ("or", '"it\'s"', '"x"')),
    ],
)
def test_parses(text: str, expected: object) -> None:
    assert plain(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("55=", 3, "value is missing"),
        ("55= ", 4, "value is missing"),
        ("55 = and 35=8", 5, "value is missing"),
        ("35=8 and", 8, "missing at the end"),
        ("and 35=8", 0, "missing before"),
        ("35=8 and or 55=1", 9, "missing before"),
        ("not", 3, "missing at the end"),
        ("(35=8", 0, "never closed"),
        ("453 (35=8 or (55=1)", 4, "never closed"),
        ("35=8)", 4, "no parenthesis open"),
        ("()", 1, "not ')'"),
        ('35=8 "abc', 5, "never closed"),
        ("55='abc", 3, "never closed"),
        ("35 in 8", 6, "list in parentheses"),
        ("35 in (8", 6, "never closed"),
        ("35 in (8 9)", 9, "comma"),
        ("35 in ()", 7, "value is missing"),
        ("35 in (8,)", 9, "value is missing"),
        ("=8", 0, "not '='"),
        ("35=8 @", 5, "not '@'"),
        ("35=>8", 3, "not an operator"),
        ("seq 100..", 4, "two ends"),
        ("seq=..200", 4, "two ends"),
        ("55 ~", 4, "regular expression is missing"),
        ("55 ~ )", 5, "regular expression is missing"),
    ],
)
def test_errors_point_at_the_column(text: str, column: int, part: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert (caught.value.column, part in caught.value.text) == (column, True), caught.value
    assert str(caught.value).endswith(f"(column {column + 1})")


def test_words_know_their_columns() -> None:
    expression = parse("  Side = 'Buy' and 38 in (1, 22..33)")
    assert expression == And(
        (
            Comparison(Word("Side", 2), "=", (Word("Buy", 10, True),)),
            Comparison(Word("38", 19), "=", (Word("1", 26), Range(Word("22", 29), Word("33", 33)))),
        )
    )


def test_length_and_depth_are_bounded() -> None:
    assert parse("(" * MAX_DEPTH + "453" + ")" * MAX_DEPTH) == Presence(Word("453", MAX_DEPTH))
    with pytest.raises(FilterError, match="parentheses are open"):
        parse("(" * (MAX_DEPTH + 1) + "453" + ")" * (MAX_DEPTH + 1))
    assert isinstance(parse("453 " * (MAX_LENGTH // 4)), And)
    assert parse("!" * 5000 + "453") == Presence(Word("453", 5000))
    with pytest.raises(FilterError, match="10,001 characters"):
        parse("4" * (MAX_LENGTH + 1))


@given(
    st.text(max_size=80),
    st.lists(st.sampled_from("35 = 8 ( ) and or not in ! ~ != .. , \" ' flag: && || a..b \\ # é".split()), max_size=20),
)
def test_nothing_but_filter_errors_is_raised(text: str, pieces: list[str]) -> None:
    for candidate in (text, " ".join(pieces), "".join(pieces)):
        assert 0 <= _column_of_error(candidate) <= len(candidate)


def _column_of_error(text: str) -> int:
    try:
        parse(text)
    except FilterError as error:
        return error.column
    return 0


@given(st.text(max_size=300), st.integers(0, 300))
@example("a\tb", 2)
def test_the_caret_stands_under_its_column(expression: str, column: int) -> None:
    column = min(column, len(expression))
    shown, caret = point_at(expression, column).split("\n")
    assert len(shown) <= 76
    at = len(caret) - 1
    if column < len(expression):
        character = expression[column]
        assert shown[at] == (character if character.isprintable() else " ")
    else:
        assert at == len(shown)
