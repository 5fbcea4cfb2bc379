"""What the user wants to see, and the filter that it means."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from purefix_core.logs.filter import Filter, filter_of, not_msg_types, parse
from purefix_core.logs.filter.language import FilterError, Or
from purefix_core.logs.log_file import LogError, LogFile
from purefix_tui.log.search import quoted


@dataclass(frozen=True, slots=True)
class FilterState:
    """What the user wants to see: an expression of the filter language, and the MsgTypes to hide."""

    expression: str = ""
    hidden: frozenset[str] = frozenset()


def condition_of(state: FilterState, log: LogFile) -> Filter:
    """The filter that a state means. Raises FilterError, with a column of the expression, and LogError where it needs
    a dictionary that cannot be loaded."""
    hidden = [not_msg_types(state.hidden)] if state.hidden else []
    try:
        return filter_of(state.expression, log.definitions, *hidden)
    except LogError:
        with suppress(FilterError):  # tags, flags and free text need no dictionary
            return filter_of(state.expression, tuple, *hidden)
        raise


def wrong_with(state: FilterState, log: LogFile) -> FilterError | None:
    """What is wrong with a state, if anything."""
    try:
        condition_of(state, log)
    except FilterError as error:
        return error
    except LogError as error:
        return FilterError(str(error), 0)
    return None


_TIME = re.compile(r"\btime\b|\d:\d\d", re.IGNORECASE)


def names_a_time(expression: str) -> bool:
    """Whether there seems to be a time in an expression."""
    return _TIME.search(expression) is not None


def described(state: FilterState) -> str:
    """What passes a state, in words."""
    hidden = f"without {len(state.hidden)} MsgType{'' if len(state.hidden) == 1 else 's'}" if state.hidden else ""
    return ", ".join(part for part in (state.expression.strip() or "all messages", hidden) if part)


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
