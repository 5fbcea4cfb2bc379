"""Names in braces that stand for what a scenario has remembered: `{order}`. In texts that are sent the expressions of
compose/expressions.py fill them in; here it is done in filter expressions, which know no other braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")
TAKEN = frozenset(("uuid", "now", "seq", "count", "byte"))
"""What stands in braces by itself."""

_PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")
_QUOTED_OR_PLACE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\{[A-Za-z][A-Za-z0-9_]*\}""")
_NUMBER = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?")


def names_in(text: str) -> Iterator[str]:
    """The names in a filter expression."""
    return (match[1] for match in _PLACE.finditer(text))


def filled_expression(text: str, values: Mapping[str, str]) -> str:
    """A filter expression with the values of its names, quoted where they are no numbers. Within quotes a value stands
    as a part of the text around it. Every name must be in `values`."""

    def replaced(match: re.Match[str]) -> str:
        found = match[0]
        quote = found[0]
        if quote == "{":
            return _operand(values[found[1:-1]])
        return _PLACE.sub(lambda place: values[place[1]].replace(quote, quote * 2), found)

    return _QUOTED_OR_PLACE.sub(replaced, text)


def _operand(value: str) -> str:
    if _NUMBER.fullmatch(value):
        return value
    return "'" + value.replace("'", "''") + "'"
