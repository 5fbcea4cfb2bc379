"""The nine standard dictionaries that come with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from purefix_core.dictionary.cache import load_compiled
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.versions import STANDARD_NAMES, name_for_appl_ver_id, name_for_begin_string

__all__ = ["STANDARD_NAMES", "name_for_appl_ver_id", "name_for_begin_string", "standard", "standard_path"]

_FOLDER = Path(__file__).resolve().parent.parent / "dictionaries"


def standard_path(name: str) -> Path:
    """Where the XML file of a standard dictionary lies. Raises KeyError for a name not in STANDARD_NAMES."""
    if name not in STANDARD_NAMES:
        raise KeyError(name)
    return _FOLDER / f"{name}.xml"


def _nothing(_name: str) -> None:
    """A standard dictionary has no other to fill gaps from."""


@cache
def standard(name: str) -> Definitions:
    """The standard dictionary FIX40 ... FIX50SP2 or FIXT11, loaded once a process. Raises KeyError for other names."""
    return Definitions(name, load_compiled(standard_path(name), _nothing))
