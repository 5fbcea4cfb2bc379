"""Names of the standard FIX versions, and how messages refer to them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_VERSION_BY_NAME = {
    "FIX40": "FIX.4.0",
    "FIX41": "FIX.4.1",
    "FIX42": "FIX.4.2",
    "FIX43": "FIX.4.3",
    "FIX44": "FIX.4.4",
    "FIX50": "FIX.5.0",
    "FIX50SP1": "FIX.5.0SP1",
    "FIX50SP2": "FIX.5.0SP2",
    "FIXT11": "FIXT.1.1",
}

STANDARD_NAMES = tuple(_VERSION_BY_NAME)
"""The nine standard dictionaries, oldest first."""

VERSION_BY_NAME: Mapping[str, str] = MappingProxyType(_VERSION_BY_NAME)
"""The version string of each standard dictionary."""

_NAME_BY_VERSION = {version: name for name, version in _VERSION_BY_NAME.items()}

_NAME_BY_APPL_VER_ID = {
    "2": "FIX40",
    "3": "FIX41",
    "4": "FIX42",
    "5": "FIX43",
    "6": "FIX44",
    "7": "FIX50",
    "8": "FIX50SP1",
    "9": "FIX50SP2",
}
"""ApplVerID(1128) and DefaultApplVerID(1137). 0 and 1 are FIX 2.7 and 3.0, which have no dictionary; 10 is FIX Latest,
whose messages FIX50SP2 describes best."""


def name_for_begin_string(text: str) -> str | None:
    """FIX44 for the BeginString "FIX.4.4"; also for version strings such as "FIX.5.0SP2". None if not standard."""
    return _NAME_BY_VERSION.get(text)


def name_for_appl_ver_id(text: str) -> str | None:
    """FIX50SP2 for "9", and so on; None for a value that names no standard dictionary."""
    return "FIX50SP2" if text == "10" else _NAME_BY_APPL_VER_ID.get(text)


def appl_ver_id_for(version: str) -> str:
    """ "9" for FIX.5.0SP2, and so on; empty for a version that has no ApplVerID."""
    name = name_for_begin_string(version)
    return next((code for code, each in _NAME_BY_APPL_VER_ID.items() if each == name), "")


def is_known_appl_ver_id(text: str) -> bool:
    """Whether a value of ApplVerID(1128) or DefaultApplVerID(1137) names a FIX version at all."""
    return text in ("0", "1") or name_for_appl_ver_id(text) is not None
