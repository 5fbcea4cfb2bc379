"""What `assert` can ask of a session's status: by what names, and how the answers are compared."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from purefix_core.session.scenario.fields import FLAGS
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus

_STATES = tuple(state.value for state in State)
_COMPARED = re.compile(r"(>=|<=|!=|>|<|=|)\s*([0-9]{1,10}|\{[^{}]*\})")
_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True)
class _Asked:
    """Something about a status. `expected`: what may stand there, for people."""

    value: Callable[[SessionStatus], str | bool | int | None]
    expected: str


_NUMBER = "a whole number, which may have one of > >= < <= != before it"
_FLAG = "yes or no"

ASKED: Mapping[str, _Asked] = {
    "state": _Asked(lambda status: status.state.value, f"one of {', '.join(_STATES)}"),
    "nextOut": _Asked(lambda status: status.next_out, _NUMBER),
    "nextIn": _Asked(lambda status: status.next_in, _NUMBER),
    "connected": _Asked(lambda status: status.is_connected, _FLAG),
    "awaitingResend": _Asked(lambda status: status.awaiting is not None, _FLAG),
    "resending": _Asked(lambda status: status.resending is not None, _FLAG),
    "testRequestPending": _Asked(lambda status: status.test_request_pending, _FLAG),
}
"""By the names that scenarios have for it."""


def problem_of(name: str, text: str) -> str:
    """What is wrong with an expected value, empty where nothing is."""
    expected = ASKED[name].expected
    right = {
        _NUMBER: _COMPARED.fullmatch(text) is not None,
        _FLAG: text.casefold() in FLAGS,
    }.get(expected, text in _STATES)
    return "" if right else f"{name}: expected {expected}; found {text[:60] or 'nothing'}"


def difference(wanted: Mapping[str, str], status: SessionStatus, number: Callable[[str], int]) -> str:
    """What of a status is not as wanted; empty where all is. `number` gives the whole number that a text, perhaps
    with expressions, stands for."""
    differing = []
    for name, text in wanted.items():
        found = ASKED[name].value(status)
        if not _holds(text, found, number):
            differing.append(f"{name}: expected {text}, found {_shown(found)}")
    return "; ".join(differing)


def _shown(found: str | bool | int | None) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    return "unknown" if found is None else str(found)


def _holds(text: str, found: str | bool | int | None, number: Callable[[str], int]) -> bool:
    if isinstance(found, bool):
        return FLAGS[text.casefold()] is found
    if isinstance(found, int):
        match = _COMPARED.fullmatch(text)
        assert match is not None  # problem_of has seen to that
        return _OPERATORS[match[1]](found, number(match[2]))
    return text == found
