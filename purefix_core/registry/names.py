"""Names of registrations. `jpmfx@1.2` is version 1.2 of jpmfx, beside which others may stand."""

from __future__ import annotations

import re

_VERSION_MARK = "@"
_PARTS = re.compile("[0-9]+|[^0-9]+")

Order = tuple[tuple[int, int, str], ...]


def split_name(name: str) -> tuple[str, str]:
    """Base name and version of a name, the latter empty where there is none."""
    base, _, version = name.partition(_VERSION_MARK)
    return base, version


def is_good_name(name: str) -> bool:
    """Whether neither the name nor, with an `@`, its base or its version is empty."""
    base, mark, version = name.partition(_VERSION_MARK)
    return bool(base.strip()) and (not mark or bool(version.strip()))


GOOD_NAME = "a text that is not empty, nor so before or behind its @"
"""What `is_good_name` asks for, for messages to the user."""


def version_order(version: str) -> Order:
    """What versions are sorted by: their numbers as numbers (1.10 is above 1.9), anything else as text in any case.

    Numbers are compared by their digits, for one of 5,000 digits could not be turned into an int.
    """
    return tuple(_part_order(part) for part in _PARTS.findall(version.casefold()))


def _part_order(part: str) -> tuple[int, int, str]:
    if not part.isdecimal():
        return 0, 0, part
    digits = part.lstrip("0")
    return 1, len(digits), digits
