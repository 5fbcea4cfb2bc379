"""Python identifiers for what a dictionary names: fields, messages, and the values of a field.

A dictionary may call things by any text. Names that are identifiers already stay as they are, so that in all standard
dictionaries ClOrdID(11) is `ClOrdID`; the others are changed as little as possible, and always in the same way.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAX_LENGTH = 80


def identifier(name: str) -> str:
    """`name` as an identifier that begins with a letter: `1st-Leg` becomes F1st_Leg, `None` becomes None_."""
    plain = _NOT_IN_NAMES.sub("_", name).strip("_")[:_MAX_LENGTH]
    if not plain[:1].isalpha():
        plain = f"F{plain}"
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def module_name(name: str) -> str:
    """The file name, without .py, of the module for a message, component or enum: new_order_single."""
    plain = "_".join(_words(identifier(name))).lower()
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def member_names(meanings: Mapping[str, str]) -> dict[str, str]:
    """For each value of a field the name of its enum member, made of its meaning: PARTIALLY_FILLED.

    Each name is unique: where two values have one meaning, the later one has its value behind it.
    """
    taken: dict[str, int] = {}
    return {value: unique(_member_name(meaning or value), taken, value) for value, meaning in meanings.items()}


def _member_name(meaning: str) -> str:
    words = [word for part in _NOT_IN_NAMES.split(meaning) for word in part.split("_")]
    plain = "_".join(piece.upper() for word in words for piece in _words(word))[:_MAX_LENGTH].strip("_")
    return plain if plain[:1].isalpha() else f"V_{plain or 'EMPTY'}"


def _words(name: str) -> list[str]:
    """`NewOrderSingle` as New, Order, Single."""
    return [word for word in _WORD_ENDS.split(name) if word]


def unique(name: str, taken: dict[str, int], suffix: str = "") -> str:
    """`name`, or where that is taken the name with `suffix`, else with a number behind it; adds it to `taken`, which
    has for each name the number to try next."""
    found = name
    if found in taken and suffix:
        found = f"{name}_{_NOT_IN_NAMES.sub('_', suffix)[:_MAX_LENGTH]}"
    base = found
    while found in taken:
        taken[base] = taken.get(base, 1) + 1
        found = f"{base}_{taken[base]}"
    taken[found] = 1
    return found


def attribute_names(members: Iterable[tuple[str, str]], reserved: Iterable[str]) -> list[tuple[str, str]]:
    """The attribute for each member of a level, and the class of its entries if it is a group.

    `members`: name and, to tell those of one name apart, the tag. No name is in `reserved`.
    """
    taken = dict.fromkeys(reserved, 1)
    attributes = [unique(identifier(name), taken, tag) for name, tag in members]
    return [(attribute, unique(f"{attribute}Entry", taken)) for attribute in attributes]
