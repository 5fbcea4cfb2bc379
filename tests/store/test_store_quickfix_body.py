"""Messages of a body that the header does not list: told, and listed again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.quickfix import (
    QuickFixFiles,
    QuickFixFileStore,
    gap_fill,
    list_again,
    recognise_one,
    repair,
    verify,
)
from purefix_core.store.quickfix.body import whole_messages, without_entry
from purefix_core.store.quickfix.entries import Entries
from purefix_core.store.records import StoreError
from tests.store.quickfix_stores import message, write_cpp, write_java

FIVE = [message(number) for number in range(1, 6)]


def _kept(files: QuickFixFiles) -> dict[int, bytes]:
    store = QuickFixFileStore(files)
    found = {each.seq_num: each.encoded for each in store.get_seq_num_range(1, 99) if each is not None}
    store.close()
    return found


def test_what_was_gap_filled_is_listed_again(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    whole, before = _kept(files), files.header.read_bytes()
    gap_fill(files, 2, 4)
    removed = files.header.read_bytes()
    numbers, backup = list_again(files, 3, 9)
    assert (numbers, list(_kept(files))) == ([3, 4], [1, 3, 4, 5])
    assert backup is not None
    assert backup.read_bytes() == removed
    assert files.header.read_bytes() == removed + b"".join(b"%b " % before.split()[place] for place in (2, 3))
    assert list_again(files, 1, 9)[0] == [2]
    assert _kept(files) == whole
    assert list_again(files, 1, 9) == ([], None)
    assert verify(files) == ([], [])


def test_real_quickfix_reads_what_was_listed_again(tmp_path: Path) -> None:
    fix = pytest.importorskip("quickfix")
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    gap_fill(files, 1, 5)
    list_again(files, 2, 4)
    theirs = fix.FileStore(fix.UtcTimeStamp(), str(tmp_path), fix.SessionID("FIX.4.4", "CLI", "SRV"))
    found = fix.VectorString()
    theirs.get(1, 9, found)
    assert [text.encode() for text in found] == FIVE[1:4]


def test_the_last_message_of_a_number_counts(tmp_path: Path) -> None:
    messages = [message(1, more="11=old|"), message(2), message(1, more="11=new|")]
    files = recognise_one(write_cpp(tmp_path, messages=messages, numbers=[1, 2, 1]))
    gap_fill(files, 1, 1)
    list_again(files, 1, 1)
    assert _kept(files)[1] == messages[2]


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    before = files.header.read_bytes()
    assert gap_fill(files, 2, 4, dry_run=True) == (3, None)
    assert files.header.read_bytes() == before
    gap_fill(files, 2, 4)
    removed = files.header.read_bytes()
    assert list_again(files, 1, 9, dry_run=True) == ([2, 3, 4], None)
    assert files.header.read_bytes() == removed


def test_an_entry_without_its_end_is_not_run_into(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    gap_fill(files, 2, 4)
    files.header.write_bytes(files.header.read_bytes().rstrip())
    list_again(files, 2, 4)
    assert list(_kept(files)) == [1, 2, 3, 4, 5]


def test_nothing_is_listed_behind_what_the_engine_does_not_read(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=FIVE)
    header = Path(f"{path}.header")
    header.write_bytes(header.read_bytes().replace(b"3,", b"\0\0 3,", 1))
    odd = header.read_bytes()
    with pytest.raises(StoreError, match="repair the store first"):
        list_again(recognise_one(path), 1, 5)
    assert header.read_bytes() == odd


def test_other_layouts_are_not_written(tmp_path: Path) -> None:
    files = recognise_one(write_java(tmp_path, "FIX.4.4-CLI-SRV", FIVE))
    for edit in (lambda: list_again(files, 1, 5), lambda: repair(files)):
        with pytest.raises(StoreError, match="only the layout of QuickFIX"):
            edit()


# -- verify and repair -----------------------------------------------------------------------------------------------


def test_verify_notes_what_no_entry_points_at(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE, next_out=9))
    gap_fill(files, 2, 4)
    problems, notes = verify(files)
    assert problems == []
    assert notes == [
        f"{files.path}: 2-4, 6-8: counted as sent, but not kept; 6 numbers that will be gap-filled",
        f"{files.body}: no entry of FIX.4.4-CLI-SRV.header points at 3 whole messages, the first 2, the last 4: they "
        "are gap-filled; gap-fill --remove 2-4 lets them be resent",
    ]


def test_verify_notes_at_most_ten_ranges(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE, numbers=[2, 4, 6, 8, 10], next_out=11))
    assert "1, 3, 5, 7, 9: counted as sent" in verify(files).notes[0]
    messages = [message(number) for number in range(2, 41, 2)]
    files = recognise_one(write_cpp(tmp_path, messages=messages, numbers=range(2, 41, 2)))
    (note,) = verify(files).notes
    assert note.count(", ") == 9 + note.count(", but")
    assert "20 numbers" in note


def test_verify_notes_a_guess(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, "FIX.4.4-A-B-C"))
    assert files.guess
    assert verify(files) == ([], [f"{files.path}: {files.guess}"])


def test_repair_makes_a_missing_header_anew(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=[*FIVE, message(6)[:30]], numbers=range(1, 7)))
    whole = {number: FIVE[number - 1] for number in range(1, 6)}
    files.header.unlink()
    assert any("there is no such file" in line for line in verify(files).problems)
    made, cut = repair(files)
    assert made == f"{files.header}: was missing, and was made anew from the 5 messages of FIX.4.4-CLI-SRV.body"
    assert "30 bytes that were not whole were cut off" in cut
    assert _kept(files) == whole
    assert verify(files).problems == []
    assert repair(files) == []


def test_repair_does_not_complete_a_header_that_is_there(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    for content in (files.header.read_bytes().split()[0] + b" ", b""):
        files.header.write_bytes(content)
        assert repair(files) == []
        assert files.header.read_bytes() == content
        problems, notes = verify(files)
        assert problems == []
        assert "gap-fill --remove" in notes[-1]


def test_repair_tells_which_files_it_made(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path))
    files.header.unlink()
    assert repair(files) == [f"{files.header}: was missing; an empty one was made"]


def test_repaired_and_found_are_told_apart(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=FIVE))
    files.header.write_bytes(files.header.read_bytes() + b"6,1")
    said: list[str] = []
    store = QuickFixFileStore(files, read_only=False, say=said.append)
    assert len(store.notices) == len(store.repaired) == 1
    assert "expected an entry" in store.notices[0]
    assert "3 bytes that were not whole were cut off" in store.repaired[0]
    assert said == [*store.notices, *store.repaired]


# -- finding messages ------------------------------------------------------------------------------------------------


def _found(folder: Path, body: bytes) -> list[tuple[int, int, int]]:
    path = write_cpp(folder)
    Path(f"{path}.body").write_bytes(body)
    return list(without_entry(recognise_one(path), Entries()))


JUNK = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([b"8=FIX", b"8=FIX.4.4\x019=5\x0135=", b"8=FIX.4.4\x019=999999999\x0135=", message(3)[:40]]),
)


@given(st.lists(st.tuples(JUNK, st.integers(1, 20)), max_size=8))
def test_every_whole_message_is_found_between_junk(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[bytes, int]]
) -> None:
    folder = tmp_path_factory.mktemp("store")
    body, expected = b"", {}
    for junk, number in pieces:
        body += junk
        expected[number] = (number, len(body), len(message(number)))
        body += message(number)
    assert _found(folder, body) == [expected[number] for number in sorted(expected)]


def test_a_large_message_among_small_ones(tmp_path: Path) -> None:
    messages = [message(1), message(2, more=f"58={'x' * 3_000_000}|"), message(3)]
    assert [number for number, _, _ in _found(tmp_path, b"".join(messages))] == [1, 2, 3]


def test_a_body_made_to_mislead_is_not_read_again_and_again() -> None:
    """Each of 40,000 beginnings claims to be a message up to the trailer at the end; to read all those is 26 GB."""
    head = b"8=FIX.4.4\x019=%09d\x0135=D\x0134=x\x01"
    size, before_body = len(head % 0), (head % 0).index(b"35=")
    end = 40_000 * size
    body = b"".join(head % (end + 1 - start - before_body) for start in range(0, end, size))
    body += b"\x0110=000\x01" + message(7)
    read_in_all = 0

    def read(count: int, offset: int) -> bytes:
        nonlocal read_in_all
        found = body[offset : offset + count]
        read_in_all += len(found)
        return found

    assert [entry.seq_num for entry in whole_messages(read, len(body))] == [7]
    assert read_in_all < 25 * len(body)
