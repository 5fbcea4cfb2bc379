"""The kinds of values that settings have: how each is read, what is allowed, and how JSON Schema says so.

Text and JSON's own types mean the same, so that one reader serves both kinds of files: "30" is 30, and "Y" is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from purefix_core.dictionary.versions import VERSION_BY_NAME, appl_ver_id_for, name_for_appl_ver_id
from purefix_core.registry.versions import short_name

Schema = Mapping[str, Any]

_NUMBER = re.compile("[0-9]{1,12}(\\.[0-9]{1,12})?")
_FLAGS = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
_LOGON_TAG = re.compile("([1-9][0-9]{0,8})=(.+)", re.DOTALL)
_MOST_NETWORKS = 1_000
_BEGIN_STRINGS = {name: version for name, version in VERSION_BY_NAME.items() if not name.startswith("FIX50")}
_MADE_BY_THE_SESSION = frozenset({8, 9, 10, 34, 35, 43, 49, 52, 56, 122})
"""What a Logon has from the session itself; LogonTag cannot set it."""


@dataclass(frozen=True)
class Kind:
    """What a setting's value must be."""

    expected: str
    """What is allowed, as the user is told."""
    read: Callable[[object, Path], object | None]
    """The value as the settings hold it, for one out of a file in that folder; None where it is not as expected."""
    schema: Schema = field(default_factory=dict)
    is_secret: bool = False
    """Whether the value is never shown."""


# -- numbers and flags ---------------------------------------------------------------------------------------------


def _number(value: object) -> int | float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # 1e400 in JSON is infinite, and its NaN is no number
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole(least: int, most: int) -> Kind:
    def read(value: object, _folder: Path) -> object | None:
        number = _number(value)
        return number if isinstance(number, int) and least <= number <= most else None

    numbers = {"type": "integer", "minimum": least, "maximum": most}
    return Kind(
        f"a whole number from {least:,} to {most:,}", read, {"anyOf": [numbers, _digits("^[0-9]+$")], **_like("number")}
    )


def seconds(most: int, least: int = 0) -> Kind:
    def read(value: object, _folder: Path) -> object | None:
        number = _number(value)
        return number if number is not None and least <= number <= most else None

    numbers = {"type": "number", "minimum": least, "maximum": most}
    return Kind(
        f"a number from {least:,} to {most:,}",
        read,
        {"anyOf": [numbers, _digits("^[0-9]+(\\.[0-9]+)?$")], **_like("number")},
    )


def _digits(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _like(what: str) -> Schema:
    """So that people who read the schema see why it allows text."""
    return {"$comment": f"A {what} may also stand in quotes."}


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _FLAGS.get(value.casefold()) if isinstance(value, str) else None


def _inverted(value: object, _folder: Path) -> object | None:
    flag = _flag(value)
    return None if flag is None else not flag


def _digits_of_milliseconds(value: object, _folder: Path) -> object | None:
    flag = _flag(value)
    return None if flag is None else 3 if flag else 0


_FLAG_SCHEMA: Schema = {"enum": [True, False, "Y", "N"]}
FLAG = Kind("Y or N (in JSON also true or false)", lambda value, _folder: _flag(value), _FLAG_SCHEMA)
INVERTED_FLAG = Kind(FLAG.expected, _inverted, _FLAG_SCHEMA)
MILLISECONDS = Kind(FLAG.expected, _digits_of_milliseconds, _FLAG_SCHEMA)
COUNT = whole(0, 999_999_999)
PORT = whole(1, 65_535)

# -- texts ---------------------------------------------------------------------------------------------------------


def _text(value: object) -> str | None:
    """Printable, so that it can stand in a field of FIX (no SOH) and be shown."""
    return value if isinstance(value, str) and value.isprintable() else None


_TEXT_SCHEMA: Schema = {"type": "string"}
_NAME_SCHEMA: Schema = {"type": "string", "minLength": 1}
TEXT = Kind("a printable text", lambda value, _folder: _text(value), _TEXT_SCHEMA)
NAME = Kind("a printable text that is not empty", lambda value, _folder: _text(value) or None, _NAME_SCHEMA)
SECRET = Kind(TEXT.expected, TEXT.read, _TEXT_SCHEMA, is_secret=True)


def _raw_data(value: object, _folder: Path) -> object | None:
    """A data field may hold any byte, since its length stands before it; but a text must be one to be encoded."""
    return value if isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value) else None


RAW_DATA = Kind("a text", _raw_data, _TEXT_SCHEMA, is_secret=True)


def _word(value: object, _folder: Path) -> object | None:
    """A day may be a number, and stand without quotes."""
    return str(value) if type(value) is int and 0 <= value < 100 else _text(value)


WORD = Kind("a text", _word, {"type": ["string", "integer"]})


def choice(meanings: Mapping[str, object], shown: str = "") -> Kind:
    """One of some words, in any case. `shown`: those to tell the user, where there are many ways to write one."""
    folded = {each.casefold(): value for each, value in meanings.items()}
    words = shown.split(", ") if shown else list(meanings)
    expected = f"{', '.join(words[:-1])} or {words[-1]}"

    def read(value: object, _folder: Path) -> object | None:
        if type(value) is int and 0 <= value < 100:
            value = str(value)
        return folded.get(value.casefold()) if isinstance(value, str) else None

    return Kind(expected, read, {"enum": [*words, *(int(each) for each in words if each.isdecimal())]})


PRECISION = choice(
    {"0": 0, "3": 3, "6": 6, "9": 9, "SECONDS": 0, "MILLIS": 3, "MICROS": 6, "NANOS": 9},
    "0, 3, 6, 9, SECONDS, MILLIS, MICROS, NANOS",
)
TLS_VERSION = choice(
    {text: f"TLSv1.{minor}" for minor in "23" for text in (f"TLSv1.{minor}", f"TLS1.{minor}", f"TLS1{minor}")},
    "TLSv1.2, TLSv1.3",
)


def _begin_string(value: object, _folder: Path) -> object | None:
    return _BEGIN_STRINGS.get(short_name(value)) if isinstance(value, str) and len(value) < 20 else None


BEGIN_STRING = Kind(
    "FIX.4.0, FIX.4.1, FIX.4.2, FIX.4.3, FIX.4.4 or FIXT.1.1",
    _begin_string,
    {"enum": list(_BEGIN_STRINGS.values())},
)


def _appl_ver_id(value: object, folder: Path) -> object | None:
    """ "9" for "9", 9, "FIX.5.0SP2" and so on."""
    text = _word(value, folder)
    if not isinstance(text, str) or len(text) > 20:
        return None
    if name_for_appl_ver_id(text):
        return text
    return appl_ver_id_for(VERSION_BY_NAME.get(short_name(text), "")) or None


APPL_VER_ID = Kind(
    "2 to 10, or the version that it means (9 is FIX.5.0SP2)", _appl_ver_id, {"type": ["string", "integer"]}
)

# -- files and addresses -------------------------------------------------------------------------------------------


def _path(value: object, folder: Path) -> object | None:
    text = _text(value)
    return folder / text if text else None


PATH = Kind("a path", _path, _NAME_SCHEMA)


def _networks(value: object, _folder: Path) -> object | None:
    """Addresses and networks, with commas between them; of host names QuickFIX/J's examples have `localhost`."""
    if not isinstance(value, str) or value.count(",") >= _MOST_NETWORKS:
        return None
    found: list[str] = []
    for each in filter(None, map(str.strip, value.split(","))):
        if each.casefold() == "localhost":
            found += ("127.0.0.1", "::1")
            continue
        try:
            ip_network(each, strict=False)
        except ValueError:
            return None
        found.append(each)
    return tuple(found)


NETWORKS = Kind("addresses or networks (192.0.2.7, 10.0.0.0/8) with commas between them", _networks, _TEXT_SCHEMA)


def _logon_tag(value: object, _folder: Path) -> object | None:
    match = _LOGON_TAG.fullmatch(value) if isinstance(value, str) and value.isprintable() else None
    return None if match is None or int(match[1]) in _MADE_BY_THE_SESSION else (int(match[1]), match[2])


LOGON_TAG = Kind(
    "tag=value, such as 9001=abc, with a tag that the session does not set itself",
    _logon_tag,
    {"type": "string", "pattern": "^[1-9][0-9]{0,8}=."},
    is_secret=True,
)
