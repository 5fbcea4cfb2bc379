"""The byte strings that stand between fields: SOH on the wire, and what logs print in its place."""

from __future__ import annotations

from dataclasses import dataclass

SOH_BYTE = 0x01


@dataclass(frozen=True, slots=True)
class Separator:
    """One field separator; `code` is its small number in an index, `name` what users and JSON call it."""

    name: str
    text: bytes
    code: int


SOH = Separator("SOH", b"\x01", 0)
PIPE = Separator("|", b"|", 1)
CARET_A = Separator("^A", b"^A", 2)
SEMICOLON = Separator(";", b";", 3)
HASH = Separator("#", b"#", 4)
CARET = Separator("^", b"^", 5)

SEPARATORS = (SOH, PIPE, CARET_A, SEMICOLON, HASH, CARET)
"""Every separator, at the position of its code."""


def separator_for(text: bytes) -> Separator:
    """The separator with that text; one of no log, with a negative code, where it is none of SEPARATORS."""
    found = next((each for each in SEPARATORS if each.text == text), None)
    return Separator(text.decode("latin-1"), text, -1) if found is None else found
