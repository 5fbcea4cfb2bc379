"""Every case of docs/scanning.md, as the document states it."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from scan_helpers import BOTH_SCANS, Scan, scan_at_once

from purefix_core.logs import index as columns
from tests.conftest import REPOSITORY

_CASE = re.compile(r"^\| \d+ \| (?P<name>[^|]+) \| `(?P<bytes>[^|]*)` \| (?P<found>[^|]*) \| [^|]*\|$", re.MULTILINE)
_SYMBOLS = {"␁": b"\x01", "⏎": b"\n", "␍": b"\r", "¦": b"|"}
_MARKS = (
    (columns.BODY_LENGTH_BAD, "BodyLength wrong"),
    (columns.CHECK_SUM_BAD, "CheckSum wrong"),
    (columns.TRUNCATED, "truncated"),
    (columns.POSS_DUP, "PossDup"),
    (columns.INCOMING, "in"),
    (columns.OUTGOING, "out"),
)


class Case(NamedTuple):
    name: str
    data: bytes
    found: str


def _cases() -> list[Case]:
    text = (REPOSITORY / "docs" / "scanning.md").read_text(encoding="utf-8")
    return [Case(m["name"], _bytes(m["bytes"]), m["found"].strip()) for m in _CASE.finditer(text)]


def _bytes(shown: str) -> bytes:
    pieces = re.findall(r"\\x[0-9a-f]{2}|.", shown)
    return b"".join(
        bytes.fromhex(piece[2:]) if len(piece) == 4 else _SYMBOLS.get(piece, piece.encode("ascii", "ignore"))
        for piece in pieces
    )


def _found(data: bytes, scan: Scan) -> str:
    index, settled = scan_at_once(data, scan)
    ranges = [(s.offset, f"skipped {s.offset}+{s.length}: {s.reason}") for s in index.skipped]
    for entry in index:
        words = [f"{entry.msg_type or 'no type'} {entry.offset}+{entry.length}"]
        if entry.separator.code:
            words.append(entry.separator.name.replace("|", "¦"))
        words += [name for bit, name in _MARKS if entry.flags & bit]
        ranges.append((entry.offset, ", ".join(words)))
    parts = [text for _, text in sorted(ranges)]
    if settled < len(data) - 4:
        parts.append(f"settled up to {settled}")
    return "; ".join(parts) or "nothing"


CASES = _cases()


def test_the_document_has_all_its_cases() -> None:
    assert len(CASES) == 52


@pytest.mark.parametrize("scan", BOTH_SCANS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Case, scan: Scan) -> None:
    assert _found(case.data, scan) == case.found
