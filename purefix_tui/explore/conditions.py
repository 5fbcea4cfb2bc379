"""From what the user wants to see to a filter."""

from __future__ import annotations

from purefix_core.logs.filter import (
    EVERYTHING,
    Filter,
    Names,
    all_of,
    compile_filter,
    parse,
)
from purefix_core.logs.filter.language import FilterError, Or
from purefix_core.logs.log_file import LogFile
from purefix_tui.explore.filter_bar import FilterState
from purefix_tui.explore.search import quoted


def condition_of(state: FilterState, log: LogFile) -> Filter:
    """The filter that a state means. Raises FilterError, with a column of the expression."""
    condition = compile_filter(state.expression, Names(log.definitions())) if state.expression.strip() else EVERYTHING
    if not state.hidden:
        return condition
    codes = ", ".join(quoted(code) for code in sorted(state.hidden))
    return all_of(condition, compile_filter(f"MsgType not in ({codes})", Names()))


def with_term(expression: str, term: str) -> str:
    """`expression and term`; the expression gets parentheses where `and` would bind stronger than it."""
    expression = expression.strip()
    if not expression:
        return term
    try:
        alternatives = isinstance(parse(expression), Or)
    except FilterError:
        return term  # it shows nothing as it stands
    return f"({expression}) and {term}" if alternatives else f"{expression} and {term}"


def field_term(tag: int, value: str, away: bool) -> str:
    """The term that keeps, or with `away` drops, the messages in which the tag has that value."""
    plain = value.isascii() and value.replace(".", "").replace("-", "").replace("_", "").isalnum() and ".." not in value
    return f"{'not ' if away else ''}{tag}={value if plain else quoted(value)}"
