"""What a plain message of one MsgType looks like: nothing missing, nothing twice, no repeating group. Most messages are
plain, and it is found out at a tenth of what a thorough look costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from purefix_core.session.incoming import Incoming
from purefix_core.wire import native

Quick = tuple[str, list[bytes]]
"""How a value is looked at: one of the kinds below, or `enum` with the values that are good."""
NEVER: Quick = ("never", [])

QuickCheck = Callable[[bytes], object]
"""Gives something true only for a good value; a value that it does not take is to be looked at closely."""

_ONE_BYTE = frozenset(bytes([byte]) for byte in range(256))
_DATE_TEXT = rb"[12][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"  # the last days are left to datatypes.py
_TIMESTAMP_TEXT = _DATE_TEXT + rb"-(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"


def _takes_nothing(_value: bytes) -> bool:
    return False


_CHECKS: Mapping[str, QuickCheck] = MappingProxyType(
    {
        "free": len,
        "integer": bytes.isdigit,
        "decimal": re.compile(rb"-?[0-9]+(?:\.[0-9]*)?").fullmatch,
        "date": re.compile(_DATE_TEXT).fullmatch,
        "timestamp": re.compile(_TIMESTAMP_TEXT).fullmatch,
        "char": _ONE_BYTE.__contains__,
        "boolean": frozenset({b"Y", b"N"}).__contains__,
        "never": _takes_nothing,
    }
)
_MOST_FIELDS = 128
"""Longer messages are always looked at thoroughly."""


def check_of(quick: Quick) -> QuickCheck:
    kind, values = quick
    return frozenset(values).__contains__ if kind == "enum" else _CHECKS[kind]


class PlainRulesReference:
    """In Python: what PlainRules is where the native module is not, and what that is tested by."""

    def __init__(
        self,
        header: dict[int, Quick],
        body: dict[int, Quick],
        trailer: dict[int, Quick],
        required: Sequence[int],
    ) -> None:
        """The fields of each section without counters of groups, and the tags that must be there."""
        self._sections = [{tag: check_of(quick) for tag, quick in each.items()} for each in (header, body, trailer)]
        self._required = frozenset(required)

    def odd(self, message: Incoming) -> list[tuple[int, bytes]] | None:
        """Tag and value of each field whose value is to be looked at closely; None for a message that is not plain."""
        fields = message.fields
        present = {tag for tag, _ in fields}
        if len(present) != len(fields) or len(fields) > _MOST_FIELDS or not self._required <= present:
            return None
        found = []
        following = iter(self._sections)
        check_of_tag = next(following).get
        for tag, value in fields[3:-1]:
            check = check_of_tag(tag)
            while check is None:
                section = next(following, None)
                if section is None:
                    return None
                check_of_tag = section.get
                check = check_of_tag(tag)
            if not check(value):
                found.append((tag, value))
        return found


if TYPE_CHECKING or native.module is None:
    PlainRules = PlainRulesReference
else:
    PlainRules = native.module.PlainRules
