"""Filters on logs that other engines wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_logs import FIX

from purefix_core.logs.filter import Names, compile_filter, iter_matches
from purefix_core.logs.index import LogIndex
from purefix_core.logs.scan import scan
from purefix_core.wire.message import FixMessage

MOST_ROWS = 1_200

EXPRESSIONS = (
    "35=8 and 55 ~ ^[A-M]",
    "Side = Buy or 38 > 100",
    "not (55 or flag:admin)",
    "flag:reject or 58 != ''",
    "time > 12:00 and session ~ [A-M]",
    "'|54=2|' or 'reject'",
    "seq 2..20 and not flag:broken",
    "96 or 355",
)


def scanned(path: Path) -> tuple[bytes, LogIndex]:
    content = path.read_bytes()
    index = LogIndex()
    index.append(scan(content, 0, 0, len(content), 0, at_end=True))
    return content, index


@pytest.mark.parametrize(
    "name",
    [
        "dhaval_qfj_messages.log",
        "epam_10000_msg.fix",
        "epam_valid_datatypes_fix44.fix",
        "ftc_FIXT.1.1-EXEC-BANZAI.messages.log",
        "ftc_ireach_semicolon_applog.txt",
        "ftc_mixed_delimiters.log",
        "jspurefix_fixsim.txt",
        "qflogviewer_caretA.log",
        "qflogviewer_pipe.log",
        "virtu_gate_raw_driver.log",
        "virtu_kls_fix40.log",
    ],
)
def test_selecting_finds_what_asking_row_by_row_finds(shared: Path, name: str) -> None:
    content, index = scanned(shared / "logs" / name)
    conditions = [compile_filter(expression, Names([FIX])) for expression in EXPRESSIONS]
    expected: list[list[int]] = [[] for _ in conditions]
    for row in range(min(len(index), MOST_ROWS)):
        entry = index.entry(row)
        message = FixMessage.parse(content[entry.offset : entry.offset + entry.length], entry.separator, FIX.data_tags)
        for condition, rows in zip(conditions, expected, strict=True):
            if condition.matches(entry, message):
                rows.append(row)
    for expression, condition, rows in zip(EXPRESSIONS, conditions, expected, strict=True):
        batches = iter_matches(index, condition, lambda offset, length: content[offset : offset + length], 0, MOST_ROWS)
        assert [row for batch in batches for row in batch.rows] == rows, expression


@pytest.mark.parametrize(
    ("name", "expression", "count"),
    [
        ("ftc_FIX.4.2-KOD-BON.messages.current.log", "MsgType = ExecutionReport", 1204),
        ("ftc_FIX.4.2-KOD-BON.messages.current.log", "35 in (D, F)", 1204),
        ("virtu_gate_raw_driver.log", "flag:admin", 1442),
        ("epam_inv_enum_44_all.fix", "not flag:checksum", 3),
        ("ftc_ireach_semicolon_applog.txt", "35 ~ ^[89]$ and begin = FIX.4.4", 215),
    ],
)
def test_counts_agree_with_those_taken_by_other_means(shared: Path, name: str, expression: str, count: int) -> None:
    _, index = scanned(shared / "logs" / name)
    batches = iter_matches(index, compile_filter(expression, Names([FIX])), lambda *_: pytest.fail("the file was read"))
    assert sum(len(batch.rows) for batch in batches) == count
