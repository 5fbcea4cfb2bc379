"""Which value of a list somebody means who writes its meaning, or the beginning of that."""

from __future__ import annotations

from collections.abc import Mapping

from purefix_core.dictionary.definitions import plain_meaning
from purefix_core.wire.message import printable

_MOST_NAMED = 4
_SHOWN = 30


def values_meant(text: str, choices: Mapping[str, str]) -> list[str]:
    """The values whose meaning is `text`; where there is none, those whose meaning begins with it. Upper and lower
    case, and all but letters and digits, make no difference."""
    wanted = plain_meaning(text)
    if not wanted:
        return []
    plain = {value: plain_meaning(meaning) for value, meaning in choices.items()}
    exact = [value for value, meaning in plain.items() if meaning == wanted]
    return exact or [value for value, meaning in plain.items() if meaning.startswith(wanted)]


def meaning_problem(name: str, text: str, choices: Mapping[str, str]) -> str:
    """That a meaning, or its beginning, stands in place of a value, and which values may be meant; the empty string
    where it is the meaning of none. `name`: of the field."""
    meant = values_meant(text, choices)
    if not meant:
        return ""
    named = [f"{value} ({choices[value]})" for value in meant[:_MOST_NAMED]]
    if len(meant) > _MOST_NAMED:
        named.append(f"{len(meant) - _MOST_NAMED} more")
    which = f"{', '.join(named[:-1])} or {named[-1]}" if named[1:] else named[0]
    return printable(f"{name}: '{text[:_SHOWN]}' is no value; it may mean {which}")
