"""Properties of the scanners on random and mutated logs; that both agree is in test_scan_twins.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_scans import MESSAGES, a_message, mutated_logs
from scan_helpers import BOTH_SCANS, Scan, content, scan_at_once, scan_in_windows

from purefix_core.logs.scan_reference import MAX_MESSAGE
from purefix_core.wire.separators import SOH


@pytest.mark.parametrize("scan", BOTH_SCANS)
@given(mutated_logs(), st.integers(1, 60))
def test_windows_make_no_difference(scan: Scan, log: bytes, step: int) -> None:
    assert content(scan_in_windows(log, step, scan)) == content(scan_at_once(log, scan)[0])


@pytest.mark.parametrize("scan", BOTH_SCANS)
@given(mutated_logs())
def test_ranges_neither_overlap_nor_leave_the_file(scan: Scan, log: bytes) -> None:
    index, settled = scan_at_once(log, scan)
    ranges = sorted([(e.offset, e.length) for e in index] + [(s.offset, s.length) for s in index.skipped])
    end = 0
    for offset, length in ranges:
        assert offset >= end
        assert length > 0
        end = offset + length
    assert end <= len(log)
    assert settled <= len(log)


@pytest.mark.parametrize("scan", BOTH_SCANS)
@given(mutated_logs(), mutated_logs())
def test_what_is_settled_stays_when_the_file_grows(scan: Scan, log: bytes, more: bytes) -> None:
    before, settled = scan_at_once(log, scan)
    after, _ = scan_at_once(log + more, scan)
    kept = [entry for entry in before if entry.offset < settled]
    assert list(after)[: len(kept)] == kept


@pytest.mark.parametrize("scan", BOTH_SCANS)
@given(st.lists(MESSAGES, max_size=5).map(lambda parts: b"\n".join(parts)))
def test_a_good_message_behind_anything_is_found(scan: Scan, log: bytes) -> None:
    good = a_message(SOH, b"34=7")
    index, _ = scan_at_once(log + b"\n" + good, scan)
    last = index.entry(len(index) - 1)
    assert (last.offset, last.length, last.msg_seq_num) == (len(log) + 1, len(good), 7)


@pytest.mark.parametrize("scan", BOTH_SCANS)
def test_hostile_lengths_take_linear_work(scan: Scan) -> None:
    """Each start claims a body of nearly 10 MB; a search that went that far each time would never end."""
    piece = b"8=FIX.4.4|9=9999999|35="
    index, _ = scan_at_once(piece * 50_000, scan)
    assert len(index) == 50_000


@pytest.mark.parametrize("scan", BOTH_SCANS)
def test_a_message_without_end_is_cut(scan: Scan) -> None:
    data = b"8=FIX.4.4|9=5|35=D|58=" + b"x" * (MAX_MESSAGE + 100)
    index, _ = scan_at_once(data, scan)
    assert [entry.length for entry in index] == [MAX_MESSAGE]
