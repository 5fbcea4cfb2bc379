"""Stores of the four engines, read; whatever the files hold."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.quickfix import QuickFixFiles, QuickFixFileStore, gap_fill, recognise, recognise_one, verify
from purefix_core.store.quickfix.entries import Entries, Entry
from purefix_core.store.records import FixMsgStoreRecord, FixMsgStoreState, StoreError
from purefix_core.wire.timestamps import parse_utc_timestamp
from tests.store.quickfix_stores import message, write_cpp, write_dotnet, write_go, write_java


def _types(store: FixMsgStore) -> str:
    return " ".join(record.msg_type if record else "-" for record in store.get_seq_num_range(1))


def test_real_stores_are_read_to_the_last_message(shared: Path) -> None:
    acceptor = recognise(shared / "logs/quickfix_cpp_live/store_acceptor")
    initiator = recognise(shared / "logs/quickfix_cpp_live/store_initiator")
    assert [files.prefix for files in acceptor] == ["FIX.4.4-SRV-CLI", "FIXT.1.1-SRV-CLI"]
    assert [files.prefix for files in initiator] == ["FIX.4.4-CLI-SRV", "FIXT.1.1-CLI-SRV"]
    for files in acceptor + initiator:
        store = QuickFixFileStore(files)
        assert (files.engine, files.guess, store.notices, verify(files)) == ("quickfix-cpp", "", [], ([], []))
        sent, received = (13, 16) if files in acceptor else (16, 13)
        assert store.get_state() == FixMsgStoreState(sent, sent, received, None)
        assert _types(store) == (
            "A 3 3 0 0 5 A 2 3 3 0 0 5" if files in acceptor else "A D D D D D D D D 0 0 5 A 0 0 5"
        )
        assert b"".join(record.encoded for record in store.get_seq_num_range(1) if record) == files.body.read_bytes()
        assert store.begin_string == files.prefix.split("-")[0]
    store = QuickFixFileStore(initiator[0])
    assert store.session.created_time == parse_utc_timestamp(b"20261122-04:30:55")
    assert store.get(2) == FixMsgStoreRecord(
        "D", parse_utc_timestamp(b"20261122-04:30:55.947941"), 2, initiator[0].body.read_bytes()[85:221]
    )


@pytest.mark.parametrize("write", [write_cpp, write_java, write_dotnet, write_go])
def test_every_engine_is_read(tmp_path: Path, write) -> None:
    messages = [message(1, "A"), message(2), message(3, "AE")]
    files = recognise_one(write(tmp_path, "FIX.4.4-CLI-SRV", messages, next_in=9))
    store = QuickFixFileStore(files)
    assert store.notices == []
    assert store.get_state() == FixMsgStoreState(3, 3, 8, None)
    assert [record.encoded for record in store.get_seq_num_range(1) if record] == messages
    assert _types(store) == "A D AE"
    assert (store.session.sender_comp_id, store.session.target_comp_id) == ("CLI", "SRV")
    assert store.session.created_time is not None
    assert abs(store.session.created_time - parse_utc_timestamp(b"20261122-04:30:55")) < 10**9
    assert store.exists(2)
    assert not store.exists(4)
    assert verify(files) == ([], [])


@pytest.mark.parametrize("write", [write_java, write_dotnet, write_go])
def test_the_layouts_of_the_others_are_not_written(tmp_path: Path, write) -> None:
    files = recognise_one(write(tmp_path, "FIX.4.4-CLI-SRV", [message(1)]))
    before = {path: path.read_bytes() for path in files.paths}
    with pytest.raises(StoreError, match=r"only the layout of QuickFIX C\+\+ is written"):
        QuickFixFileStore(files, read_only=False)
    with pytest.raises(StoreError, match=r"only the layout of QuickFIX C\+\+ is written"):
        gap_fill(files, 1, 1)
    store = QuickFixFileStore(files)
    with pytest.raises(StoreError, match="read-only"):
        store.set_last_sent_seq_num(4)
    assert {path: path.read_bytes() for path in files.paths} == before


def test_a_long_range_is_what_each_number_gives(tmp_path: Path) -> None:
    numbers = [*range(1, 40), 45, *range(60, 90)]
    messages = [message(number, more=f"58={'x' * number}|") for number in numbers]
    path = write_cpp(tmp_path, messages=messages, numbers=numbers)
    with Path(f"{path}.body").open("r+b") as body:
        body.seek(len(b"".join(messages[:20])) + 9)
        body.write(b"!")
    store = QuickFixFileStore(recognise_one(path))
    found = store.get_seq_num_range(1)
    assert found == [store.get(number) for number in range(1, 90)]
    assert [record.seq_num for record in found if record] == [number for number in numbers if number != 21]


def test_ranges(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=[message(2), message(4)], numbers=[2, 4], next_out=4))
    store = QuickFixFileStore(files)

    def numbers(*of: int) -> list[int | None]:
        return [record and record.seq_num for record in store.get_seq_num_range(*of)]

    assert numbers(1) == [None, 2, None]
    assert numbers(-3, 99) == [None, 2, None, 4]
    assert numbers(3, 2) == []
    assert numbers(5) == []


def test_before_anything_was_sent_a_range_ends_with_the_greatest_kept(tmp_path: Path) -> None:
    files = recognise_one(write_cpp(tmp_path, messages=[message(2)], numbers=[2], next_out=1))
    assert len(QuickFixFileStore(files).get_seq_num_range(1)) == 2


def test_a_range_that_no_memory_holds_is_refused(tmp_path: Path) -> None:
    store = QuickFixFileStore(recognise_one(write_cpp(tmp_path, next_out=2_000_000_000)))
    with pytest.raises(StoreError, match="too many at once"):
        store.get_seq_num_range(1)


def test_the_last_entry_of_a_number_counts(tmp_path: Path) -> None:
    messages = [message(1, more="11=old|"), message(2), message(1, more="11=new|")]
    files = recognise_one(write_cpp(tmp_path, messages=messages, numbers=[1, 2, 1]))
    store = QuickFixFileStore(files)
    record = store.get(1)
    assert record is not None
    assert record.encoded == messages[2]
    assert (store.get_state().messages, verify(files)) == (2, ([], []))


# What a real QuickFIX C++ 1.16 reads of each of these headers, the body being AAAABBBBCCCC.
AS_QUICKFIX_READS = {
    b"1,0,4 2,4,4 1,8,4 ": {1: (8, 4), 2: (4, 4)},
    b"    1,0,4       3,4,4 ": {1: (0, 4), 3: (4, 4)},
    b"1,0,4 x,3 2,4,4 ": {1: (0, 4)},
    b"1,0,4 2,4,2": {1: (0, 4), 2: (4, 2)},
    b"1,0,4 2,4,": {1: (0, 4)},
    b"1,0,4\n2,4,4\n": {1: (0, 4), 2: (4, 4)},
    b"1, 0, 4 2,4,4 ": {1: (0, 4), 2: (4, 4)},
    b"1 ,0,4 2,4,4 ": {},
    b"+1,0,4 -2,4,4 ": {1: (0, 4)},
    b"99999999999,0,4 2,4,4 ": {2: (4, 4)},
    b"": {},
}


@pytest.mark.parametrize("header", AS_QUICKFIX_READS)
def test_headers_are_read_as_quickfix_reads_them(tmp_path: Path, header: bytes) -> None:
    path = write_cpp(tmp_path)
    Path(f"{path}.body").write_bytes(b"AAAABBBBCCCC")
    Path(f"{path}.header").write_bytes(header)
    store = QuickFixFileStore(_cpp(path))
    assert {entry.seq_num: (entry.offset, entry.size) for entry in store.entries} == AS_QUICKFIX_READS[header]


@pytest.mark.parametrize("header", AS_QUICKFIX_READS)
def test_quickfix_reads_them_so(tmp_path: Path, header: bytes) -> None:
    fix = pytest.importorskip("quickfix")
    path = write_cpp(tmp_path)
    body = b"AAAABBBBCCCC"
    Path(f"{path}.body").write_bytes(body)
    Path(f"{path}.header").write_bytes(header)
    store = fix.FileStore(fix.UtcTimeStamp(), str(tmp_path), fix.SessionID("FIX.4.4", "CLI", "SRV"))
    for number in range(1, 5):
        found = fix.VectorString()
        store.get(number, number, found)
        offset, size = AS_QUICKFIX_READS[header].get(number, (0, 0))
        assert list(found) == ([body[offset : offset + size].decode()] if size else [])


SEQNUMS = {
    b"00000000000000000014 : 00000000000000000017": (14, 17),
    b"0000000014 : 0000000017": (14, 17),
    b"14:17": (14, 17),
    b"14 17": (1, 1),
    b"  5\n:  6 junk": (5, 6),
    b"": (1, 1),
    b"7": (1, 1),
    b"junk": (1, 1),
}


@pytest.mark.parametrize("content", SEQNUMS)
def test_numbers_are_read_as_quickfix_reads_them(tmp_path: Path, content: bytes) -> None:
    path = write_cpp(tmp_path)
    Path(f"{path}.seqnums").write_bytes(content)
    store = QuickFixFileStore(_cpp(path))
    assert (store.get_last_sent_seq_num() + 1, store.get_last_received_seq_num() + 1) == SEQNUMS[content]
    assert bool(store.notices) == (SEQNUMS[content] == (1, 1))
    fix = pytest.importorskip("quickfix")
    theirs = fix.FileStore(fix.UtcTimeStamp(), str(tmp_path), fix.SessionID("FIX.4.4", "CLI", "SRV"))
    assert (theirs.getNextSenderMsgSeqNum(), theirs.getNextTargetMsgSeqNum()) == SEQNUMS[content]


def _cpp(path: Path) -> QuickFixFiles:
    return QuickFixFiles(path.parent, path.name, "quickfix-cpp", "FIX.4.4", "CLI", "SRV")


def test_a_shorter_java_number_leaves_bytes_behind_it(tmp_path: Path) -> None:
    path = write_java(tmp_path, "FIX.4.4-CLI-SRV", [message(1)])
    Path(f"{path}.senderseqnums").write_bytes(b"\x00\x019\x30\x30")  # 9, where 1000 had stood
    assert QuickFixFileStore(recognise_one(path)).get_last_sent_seq_num() == 8


def test_what_is_odd_is_told(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2)])
    Path(f"{path}.header").write_bytes(b"1,0,%d 2,90000,10 3,-5,4 4,0,-1 5,10,20 " % len(message(1)))
    Path(f"{path}.seqnums").write_bytes(b"-3 : 99999999999")
    Path(f"{path}.session").unlink()
    files = recognise_one(path)
    store = QuickFixFileStore(files)
    assert [notice.replace(str(tmp_path), "") for notice in store.notices] == [
        '/FIX.4.4-CLI-SRV.header: odd entry "3,-5,4" at offset 18',
        '/FIX.4.4-CLI-SRV.header: odd entry "4,0,-1" at offset 25',
        "/FIX.4.4-CLI-SRV.header: 3 entries point beyond the body, first that of number 2",
        "/FIX.4.4-CLI-SRV: the next number out is -3, expected 1 to 2147483647; it counts as 1 here",
        "/FIX.4.4-CLI-SRV: the next number in is 99999999999, expected 1 to 2147483647; it counts as 1 here",
        "/FIX.4.4-CLI-SRV.session: there is no such file; nothing says when the session began",
    ]
    before = len(store.notices)
    assert [store.get(number) is not None for number in range(1, 7)] == [True, False, False, False, False, False]
    assert [store.exists(number) for number in range(1, 7)] == [True, True, True, True, True, False]
    assert store.get(2) is None
    assert len(store.notices) == before + 4  # each number once
    assert len(verify(files).problems) == before + 4


def test_a_body_that_is_cut_off(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2), message(3)])
    os.truncate(f"{path}.body", len(message(1)) + len(message(2)) + 20)
    store = QuickFixFileStore(recognise_one(path))
    assert [record is not None for record in store.get_seq_num_range(1)] == [True, True, False]
    offset = 2 * len(message(1))
    assert store.notices[-1] == f"{path}.body: message 3 at offset {offset} lies beyond the body"


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2), message(3)])
    body = bytearray(Path(f"{path}.body").read_bytes())
    body[len(message(1)) + 30] ^= 1
    Path(f"{path}.body").write_bytes(body)
    files = recognise_one(path)
    (line,) = verify(files).problems
    assert line.startswith(f"{path}.body: message 2 at offset {len(message(1))} ")
    assert QuickFixFileStore(files).get(2) is None


def test_missing_files(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    Path(f"{path}.body").unlink()
    Path(f"{path}.seqnums").unlink()
    store = QuickFixFileStore(recognise_one(path))
    assert store.get(1) is None
    assert any("there is no such file; no message can be read" in notice for notice in store.notices)
    assert any("QuickFIX C++ begins with 1" in notice for notice in store.notices)
    with pytest.raises(StoreError, match="no such store"):
        QuickFixFileStore(_cpp(tmp_path / "FIX.4.4-NO-NE"))


def test_what_is_no_file_does_not_hang(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    Path(f"{path}.header").unlink()
    os.mkfifo(f"{path}.header")
    with pytest.raises(StoreError, match="expected a file"):
        QuickFixFileStore(_cpp(path))
    with pytest.raises(StoreError, match="expected a file"):
        QuickFixFileStore(_cpp(path), read_only=False)
    write_cpp(tmp_path, "FIX.4.4-OTHER-SRV")
    found = recognise(tmp_path)
    assert [files.prefix for files in found] == ["FIX.4.4-CLI-SRV", "FIX.4.4-OTHER-SRV"]
    assert found[0].guess.endswith(".header: expected a file")


def test_a_header_of_many_pieces(tmp_path: Path) -> None:
    """Longer than what is read at a time, with blanks where entries were removed."""
    count = 200_000
    path = write_cpp(tmp_path, next_out=count + 1)
    Path(f"{path}.header").write_bytes(b"".join(b"%d,%d,150 " % (n, 150 * n) for n in range(1, count + 1)))
    files = _cpp(path)
    assert gap_fill(files, 10, 100_000)[0] == 99_991
    entries = list(QuickFixFileStore(files).entries)
    assert entries == [Entry(n, 150 * n, 150) for n in (*range(1, 10), *range(100_001, count + 1))]


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.one_of(
            st.sampled_from(
                [b"1,0,50 ", b"2,50,", b"-1,4,4 ", b",", b" ", b"\0" * 7, b"99999999999999999999,1,2 ", b"\r\n"]
            ),
            st.builds(lambda *n: b"%d,%d,%d " % n, st.integers(), st.integers(), st.integers(-5, 2**70)),
        ),
        max_size=12,
    ).map(b"".join),
)


@given(header=HOSTILE, seqnums=HOSTILE, session=HOSTILE, body=HOSTILE, engine=st.sampled_from(["cpp", "j", "n", "go"]))
def test_hostile_files(
    tmp_path_factory, header: bytes, seqnums: bytes, session: bytes, body: bytes, engine: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    files = QuickFixFiles(folder, "FIX.4.4-CLI-SRV", f"quickfix-{engine}", "FIX.4.4", "CLI", "SRV")
    for path in files.number_files:
        path.write_bytes(seqnums)
    files.header.write_bytes(header)
    files.session.write_bytes(session)
    files.body.write_bytes(message(1) + body)
    verify(files)
    store = QuickFixFileStore(files)
    numbers = [entry.seq_num for entry in store.entries]
    assert numbers == sorted(set(numbers))
    for number in numbers:
        record = store.get(number)
        assert record is None or record.seq_num == number
    store.close()
    shutil.rmtree(folder)


@given(st.lists(st.tuples(st.integers(-2, 9), st.integers(0, 99), st.integers(1, 9)), max_size=30))
def test_entries_are_those_of_a_dictionary(rows: list[tuple[int, int, int]]) -> None:
    entries = Entries()
    entries.extend(*(zip(*rows, strict=True) if rows else ((), (), ())))
    impossible = entries.settle()
    plain = {row[0]: Entry(*row) for row in rows if row[0] >= 1}
    assert impossible == sum(row[0] < 1 for row in rows)
    assert list(entries) == [plain[number] for number in sorted(plain)]
    assert entries.superseded == len(rows) - impossible - len(plain)
    for row in reversed(rows):
        if row[0] >= 1:
            plain[row[0]] = Entry(*row)
            entries.put(Entry(*row))
    assert list(entries) == [plain[number] for number in sorted(plain)]
    assert entries.greatest == max(plain, default=0)
    assert all(entries.find(number) == plain.get(number) for number in range(-1, 11))
