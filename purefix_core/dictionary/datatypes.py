"""The data types of FIX: which text is valid for each, and the value that text stands for.

Rules: FIX 4.0 to 4.4 and FIX 5.0 SP2, "FIX data types"; where the versions differ the wider rule holds.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

MULTIPLE_VALUE_TYPES = frozenset({"MULTIPLEVALUESTRING", "MULTIPLESTRINGVALUE", "MULTIPLECHARVALUE"})
"""Types whose value is a list of items with one blank between them."""

INTEGER_TYPES = frozenset({"INT", "LENGTH", "NUMINGROUP", "SEQNUM", "TAGNUM", "DAYOFMONTH"})
DECIMAL_TYPES = frozenset({"FLOAT", "QTY", "PRICE", "PRICEOFFSET", "AMT", "PERCENTAGE"})
DATA_TYPES = frozenset({"DATA", "XMLDATA"})

CODE_TYPES = frozenset({"CURRENCY", "COUNTRY", "LANGUAGE"})
"""ISO codes; venues invent their own (USDT), so a wrong one is worth a warning only."""

_ALIASES = {
    "QUANTITY": "QTY",
    "INTEGER": "INT",
    "DECIMAL": "FLOAT",
    "DOUBLE": "FLOAT",
    "BOOL": "BOOLEAN",
    "TIMESTAMP": "UTCTIMESTAMP",
    "UTCDATETIME": "UTCTIMESTAMP",
    "NUMBERINGROUP": "NUMINGROUP",
    "MULTIPLESTRING": "MULTIPLESTRINGVALUE",
    "MULTIPLECHAR": "MULTIPLECHARVALUE",
}

MAX_DIGITS = 38
"""Numbers with more characters than this stay text in JSON: no quantity is that long, and few readers take it."""

_INTEGER = re.compile(r"-?[0-9]+")
_UNSIGNED = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
_TIME_ONLY = re.compile(_TIME)
_TIMESTAMP = re.compile(rf"([0-9]{{8}})-({_TIME})")
_ZONED_TIME = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
_ZONED_TIME_ONLY = re.compile(_ZONED_TIME + _ZONE)
_ZONED_TIMESTAMP = re.compile(rf"([0-9]{{8}})-({_ZONED_TIME}){_ZONE}")
_ZONED_CLOCK = re.compile(_ZONED_TIME)
_TENOR = re.compile(r"(?:D|M|W|Y)[1-9][0-9]*")


def canonical_type(text: str) -> str | None:
    """The FIX type that a dictionary's `type` attribute means, or None for one that FIX does not know."""
    name = "".join(character for character in text.upper() if character.isalnum())
    name = _ALIASES.get(name, name)
    return name if name in _CHECKS else None


def is_valid(kind: str, text: str) -> bool:
    """Whether `text`, which is not empty, is a value of the FIX type `kind`. Of an unknown type every text is."""
    return _CHECKS.get(kind, _is_text)(text)


def typed_value(kind: str, text: str) -> int | Decimal | bool | str:
    """What JSON should show: a number or a truth value where the type is numeric or boolean and the text valid.

    A Decimal keeps the digits that were sent (1.10 stays 1.10).
    """
    if kind in INTEGER_TYPES:
        if len(text) <= MAX_DIGITS and _INTEGER.fullmatch(text):
            return int(text)
    elif kind in DECIMAL_TYPES:
        if len(text) <= MAX_DIGITS and _DECIMAL.fullmatch(text):
            return Decimal(text)
    elif kind == "BOOLEAN" and text in ("Y", "N"):
        return text == "Y"
    return text


def items(kind: str, text: str) -> list[str]:
    """The single values in a value of that type: several for the multiple-value types, else the text itself."""
    return text.split(" ") if kind in MULTIPLE_VALUE_TYPES else [text]


def _is_text(text: str) -> bool:
    return text != ""


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = (int(part) for part in match.groups())
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _is_clock(hour: str, minute: str, second: str | None) -> bool:
    return hour <= "23" and minute <= "59" and (second is None or second <= "60")


def _is_time(text: str) -> bool:
    match = _TIME_ONLY.fullmatch(text)
    return match is not None and _is_clock(*match.groups())


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    return match is not None and _is_date(match[1]) and _is_time(match[2])


def _is_zoned_time(text: str) -> bool:
    match = _ZONED_TIME_ONLY.fullmatch(text)
    return match is not None and _is_clock(*match.groups())


def _is_zoned_timestamp(text: str) -> bool:
    match = _ZONED_TIMESTAMP.fullmatch(text)
    if match is None or not _is_date(match[1]):
        return False
    clock = _ZONED_CLOCK.fullmatch(match[2])
    return clock is not None and _is_clock(*clock.groups())


def _is_month_year(text: str) -> bool:
    """YYYYMM, YYYYMMDD or YYYYMMwN, the Nth week of the month."""
    if len(text) == 8 and text[6] in "wW":
        return text[7] in "12345" and _is_date(text[:6] + "01")
    return _is_date(text + "01") if len(text) == 6 else _is_date(text)


def _is_day_of_month(text: str) -> bool:
    return len(text) <= 2 and _UNSIGNED.fullmatch(text) is not None and 1 <= int(text) <= 31


def _is_character(text: str) -> bool:
    return len(text) == 1


def _is_flag(text: str) -> bool:
    return text in ("Y", "N")


def _is_character_list(text: str) -> bool:
    return all(len(item) == 1 for item in text.split(" "))


def _is_list(text: str) -> bool:
    return "" not in text.split(" ")


def _code(length: int) -> Callable[[str], bool]:
    return lambda text: len(text) == length and text.isascii() and text.isalpha()


_CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        **dict.fromkeys(("STRING", "EXCHANGE", "XID", "XIDREF", "PATTERN"), _is_text),
        **dict.fromkeys(DATA_TYPES, _is_text),
        "INT": _matches(_INTEGER),
        **dict.fromkeys(("LENGTH", "NUMINGROUP", "SEQNUM", "TAGNUM"), _matches(_UNSIGNED)),
        "DAYOFMONTH": _is_day_of_month,
        **dict.fromkeys(DECIMAL_TYPES, _matches(_DECIMAL)),
        "CHAR": _is_character,
        "BOOLEAN": _is_flag,
        "MULTIPLECHARVALUE": _is_character_list,
        **dict.fromkeys(("MULTIPLEVALUESTRING", "MULTIPLESTRINGVALUE"), _is_list),
        "CURRENCY": _code(3),
        "COUNTRY": _code(2),
        "LANGUAGE": _code(2),
        "MONTHYEAR": _is_month_year,
        **dict.fromkeys(("DATE", "UTCDATE", "UTCDATEONLY", "LOCALMKTDATE"), _is_date),
        **dict.fromkeys(("UTCTIMEONLY", "LOCALMKTTIME"), _is_time),
        **dict.fromkeys(("UTCTIMESTAMP", "TIME"), _is_timestamp),  # TIME of FIX 4.0 and 4.1 has the date too
        "TZTIMEONLY": _is_zoned_time,
        "TZTIMESTAMP": _is_zoned_timestamp,
        "TENOR": _matches(_TENOR),
    }
)

TYPES = frozenset(_CHECKS)
"""Every FIX type, as dictionaries have it once they are read."""
