"""Files that were cut, flipped, filled with zeros or lost: no wrong message is given, and what can be put right is."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store import message_files, opening
from purefix_core.store.durability import Durability
from purefix_core.store.editing import repair
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME, ENTRY, INDEX_NAME
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from purefix_core.store.session_meta import FILE_NAME
from purefix_core.store.verify import verify
from tests.store.file_stores import FOLDER, contents, filled, make_anew, open_store, packed, problems, record, untouched

IN_ORDER = tuple(record(number, "58=" + "y" * number + "|") for number in range(1, 6))
TWICE = (*map(record, (1, 2, 3, 4)), record(2, "58=again|"), record(3, "58=again|"), record(5))
TWICE_AT_THE_END = (*map(record, (1, 2, 3)), record(2, "58=again|"))

NOT_TO_BE_REPAIRED = re.compile(
    r"are no message|is damaged: |but its record says|expected|resend.json|is missing and nothing"
)


@cache
def files_of(records: tuple[FixMsgStoreRecord, ...]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return contents(filled(Path(folder), *records))


def newest(records: tuple[FixMsgStoreRecord, ...]) -> dict[int, FixMsgStoreRecord]:
    return {each.seq_num: each for each in records}


@cache
def everything(records: tuple[FixMsgStoreRecord, ...]) -> frozenset[int]:
    """The numbers that a store has that nothing happened to: those are missing that were withdrawn and passed by."""
    with tempfile.TemporaryDirectory() as folder:
        make_anew(Path(folder), dict(files_of(records)))
        return frozenset(FixMsgFileStore.open_folder(folder).kept_numbers(1, 100))


def look(store: FixMsgFileStore, records: tuple[FixMsgStoreRecord, ...]) -> set[int]:
    """The numbers that are there. What is given was put last under its number, unless it is to be gap-filled."""
    expected = newest(records)
    there = set()
    everything = store.get_seq_num_range(1, 100)
    for number in range(1, max(expected) + 2):
        found = store.get(number)
        in_range = everything[number - 1] if number <= len(everything) else None
        if store.is_gap_filled(number):
            continue
        assert found == in_range
        assert found is None or (found.seq_num, found.encoded) == (number, expected[number].encoded)
        if found is not None:
            there.add(number)
    return there


def opened_in_every_way(path: Path, records: tuple[FixMsgStoreRecord, ...]) -> set[int]:
    """Open a store as readers and as sessions do; the numbers that a session finds."""
    folder = path / FOLDER
    before = untouched(folder)
    with FixMsgFileStore.open_folder(folder) as store:
        look(store, records)
    assert untouched(folder) == before
    with open_store(path) as store:
        sent = store.get_last_sent_seq_num()
        there = look(store, records)
    repair(folder)
    (folder / "session.lock").unlink()  # which says who was the last to have it
    after = contents(folder)
    wrong = problems(folder)
    assert [line for line in wrong if not NOT_TO_BE_REPAIRED.search(line)] == []
    with open_store(path) as store:
        assert look(store, records) == there
        (folder / "session.lock").unlink()
        assert contents(folder) == after  # nothing was left to put right
        more = record(50)
        store.put(more)
        store.set_last_sent_seq_num(50)
        assert store.get(50) == more
    with open_store(path) as store:
        assert store.get(50) == more
        assert store.get_last_sent_seq_num() == 50
    assert sent in (newest(records) | {0: None})
    return there


# -- cut off -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "index"),
    [
        *(
            (each, index)
            for each in (IN_ORDER, TWICE)
            for index in ("whole", "one entry less", "half of one", "missing")
        ),
        # No file but the index tells then that there was a newer message.
        (TWICE_AT_THE_END, "whole"),
    ],
)
def test_messages_cut_at_every_byte_of_the_last(
    tmp_path: Path, records: tuple[FixMsgStoreRecord, ...], index: str
) -> None:
    files = dict(files_of(records))
    last = records[-1]
    data = files[DATA_NAME]
    if index == "missing":
        del files[INDEX_NAME]
    elif index != "whole":
        files[INDEX_NAME] = files[INDEX_NAME][: -12 if index == "one entry less" else -6]
    for size in range(len(data) - len(packed(last)), len(data)):
        make_anew(tmp_path / FOLDER, {**files, DATA_NAME: data[:size]})
        there = opened_in_every_way(tmp_path, records)
        assert there >= everything(records) - {last.seq_num}
        assert last.seq_num not in there
        cut = [content for name, content in contents(tmp_path / FOLDER).items() if name.endswith(".cut")]
        whole = len(data) - len(packed(last))
        assert cut == ([data[whole:size]] if size > whole else [])


@pytest.mark.parametrize("records", [IN_ORDER, TWICE, TWICE_AT_THE_END], ids=["in order", "twice", "twice at the end"])
def test_an_index_cut_at_every_byte(tmp_path: Path, records: tuple[FixMsgStoreRecord, ...]) -> None:
    files = files_of(records)
    index = files[INDEX_NAME]
    for size in range(len(index)):
        make_anew(tmp_path / FOLDER, {**files, INDEX_NAME: index[:size]})
        with open_store(tmp_path) as store:
            assert look(store, records) == everything(records)
            assert store.notices != []
        assert (tmp_path / FOLDER / INDEX_NAME).read_bytes() == index
        assert opened_in_every_way(tmp_path, records) == everything(records)


def test_a_half_record_behind_half_an_entry(tmp_path: Path) -> None:
    files = files_of(IN_ORDER)
    more = packed(record(6))
    for size in (1, 16, 17, 18, len(more) - 1):
        for entry in (0, 1, 11, 12):
            make_anew(
                tmp_path / FOLDER,
                {
                    **files,
                    DATA_NAME: files[DATA_NAME] + more[:size],
                    INDEX_NAME: files[INDEX_NAME] + ENTRY.pack(6, len(files[DATA_NAME]))[:entry],
                },
            )
            assert opened_in_every_way(tmp_path, IN_ORDER) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("zeros", [1, 17, 30, 4096, 2_000_000])
@pytest.mark.parametrize("name", [DATA_NAME, INDEX_NAME])
def test_a_tail_of_zeros(tmp_path: Path, zeros: int, name: str) -> None:
    files = files_of(IN_ORDER)
    make_anew(tmp_path / FOLDER, {**files, name: files[name] + bytes(zeros)})
    assert opened_in_every_way(tmp_path, IN_ORDER) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("number", range(1, 6))
def test_zeros_instead_of_a_message(tmp_path: Path, number: int) -> None:
    files = files_of(IN_ORDER)
    sizes = [len(packed(each)) for each in IN_ORDER]
    start = sum(sizes[: number - 1])
    data = files[DATA_NAME]
    zeroed = data[:start] + bytes(sizes[number - 1]) + data[start + sizes[number - 1] :]
    make_anew(tmp_path / FOLDER, {**files, DATA_NAME: zeroed})
    assert opened_in_every_way(tmp_path, IN_ORDER) == {1, 2, 3, 4, 5} - {number}


# -- missing, and of others --------------------------------------------------------------------------------------


def test_a_missing_index_is_made_anew(tmp_path: Path) -> None:
    files = dict(files_of(TWICE))
    index = files.pop(INDEX_NAME)
    make_anew(tmp_path / FOLDER, files)
    assert "messages.idx: is missing; repair completes it" in problems(tmp_path / FOLDER)[0]
    with open_store(tmp_path) as store:
        assert "messages.idx is missing or empty; messages.dat has 7 messages" in store.notices[0]
    assert (tmp_path / FOLDER / INDEX_NAME).read_bytes() == index
    assert problems(tmp_path / FOLDER) == []


def test_missing_messages_are_said_and_gap_filled(tmp_path: Path) -> None:
    files = dict(files_of(IN_ORDER))
    del files[DATA_NAME]
    make_anew(tmp_path / FOLDER, files)
    with open_store(tmp_path) as store:
        assert "messages.dat is missing: the 5 messages" in store.notices[0]
        assert store.get_seq_num_range(1) == [None] * 5
    kept = [content for name, content in contents(tmp_path / FOLDER).items() if name.endswith(".old")]
    assert kept == [files[INDEX_NAME]]
    assert opened_in_every_way(tmp_path, IN_ORDER) == set()


def test_an_index_of_another_store(tmp_path: Path) -> None:
    others = tuple(record(number, "58=" + "other" * number + "|") for number in range(1, 9))
    make_anew(tmp_path / FOLDER, {**files_of(IN_ORDER), INDEX_NAME: files_of(others)[INDEX_NAME]})
    assert opened_in_every_way(tmp_path, IN_ORDER) == {1, 2, 3, 4, 5}


def test_all_but_session_meta_missing(tmp_path: Path) -> None:
    make_anew(tmp_path / FOLDER, {FILE_NAME: files_of(IN_ORDER)[FILE_NAME]})
    with open_store(tmp_path) as store:
        assert store.get_state()[:2] == (0, 5)
    assert problems(tmp_path / FOLDER) == []


def test_every_level_puts_right_the_same(tmp_path: Path) -> None:
    files = dict(files_of(IN_ORDER))
    files[DATA_NAME] = files[DATA_NAME][:-5]
    results = []
    for level in Durability:
        make_anew(tmp_path / FOLDER, files)
        open_store(tmp_path, level).close()
        results.append({name.split(".2")[0]: text for name, text in contents(tmp_path / FOLDER).items()})
        results[-1].pop("session.lock")
    assert all(first == second for first, second in pairwise(results))


# -- flipped bits ------------------------------------------------------------------------------------------------


def test_each_bit_of_session_meta(tmp_path: Path) -> None:
    """It loads with numbers that can be, or is refused and stays as it is."""
    files = files_of(IN_ORDER[:1])
    path = tmp_path / FOLDER / FILE_NAME
    good = files[FILE_NAME]
    loaded = refused = 0
    for bit in range(len(good) * 8):
        content = flipped(good, bit)
        make_anew(tmp_path / FOLDER, {**files, FILE_NAME: content})
        try:
            store = open_store(tmp_path)
        except StoreError as error:
            refused += str(error).startswith(str(path))
        else:
            with store:
                assert 0 <= store.get_last_sent_seq_num() < 2**31
                assert 0 <= store.get_last_received_seq_num() < 2**31
                assert (store.session.sender_comp_id, store.session.target_comp_id) == ("CLI", "SRV")
            loaded += 1
        assert path.read_bytes() == content
        assert (tmp_path / FOLDER / DATA_NAME).read_bytes() == files[DATA_NAME]
    assert loaded > 100
    assert refused > 100
    assert loaded + refused == len(good) * 8


@pytest.mark.parametrize("records", [IN_ORDER, TWICE, TWICE_AT_THE_END], ids=["in order", "twice", "twice at the end"])
def test_each_bit_of_the_heads(tmp_path: Path, records: tuple[FixMsgStoreRecord, ...]) -> None:
    """Of what stands in front of each message: at most the one message is lost."""
    files = files_of(records)
    whole = everything(records)
    start = 0
    for each in records:
        for bit in (*range(32), 36, 41, 60, 100, *range(13 * 8, 17 * 8)):  # all of the number and the length
            make_anew(tmp_path / FOLDER, {**files, DATA_NAME: flipped(files[DATA_NAME], start * 8 + bit)})
            assert opened_in_every_way(tmp_path, records) >= whole - {each.seq_num}
        start += len(packed(each))


@pytest.mark.parametrize("records", [IN_ORDER, TWICE], ids=["in order", "twice"])
def test_each_bit_of_the_index(tmp_path: Path, records: tuple[FixMsgStoreRecord, ...]) -> None:
    files = files_of(records)
    whole = everything(records)
    for bit in range(len(files[INDEX_NAME]) * 8):
        if bit // 8 % ENTRY.size > 6 and bit % 8:
            continue  # of the upper bytes of an offset, all zero, one bit is as good as the other
        make_anew(tmp_path / FOLDER, {**files, INDEX_NAME: flipped(files[INDEX_NAME], bit)})
        assert opened_in_every_way(tmp_path, records) == whole


def flipped(content: bytes, *bits: int) -> bytes:
    result = bytearray(content)
    for bit in bits:
        result[bit // 8] ^= 1 << bit % 8
    return bytes(result)


def one_bit_in_some(records: tuple[FixMsgStoreRecord, ...]) -> st.SearchStrategy[dict[int, int]]:
    """The place of a message, and a bit of its record. Two bits of one message may leave its CheckSum right."""
    return st.dictionaries(st.integers(0, len(records) - 1), st.integers(0, 10**6), min_size=1, max_size=4)


def bits_of(records: tuple[FixMsgStoreRecord, ...], chosen: dict[int, int], size: int) -> list[int]:
    """Bits of messages.dat, of which so many bytes are left."""
    bits = []
    for place, bit in chosen.items():
        start = sum(len(packed(each)) for each in records[:place])
        bits.append(start * 8 + bit % (len(packed(records[place])) * 8))
    return [bit for bit in bits if bit < size * 8]


@given(
    chosen=one_bit_in_some(IN_ORDER),
    index_bits=st.lists(st.integers(0, 10**6), max_size=3),
    cut=st.integers(0, 40),
)
def test_bits_anywhere(chosen: dict[int, int], index_bits: list[int], cut: int) -> None:
    files = files_of(IN_ORDER)
    data = files[DATA_NAME][: len(files[DATA_NAME]) - cut]
    data = flipped(data, *bits_of(IN_ORDER, chosen, len(data)))
    index = flipped(files[INDEX_NAME], *(bit % (len(files[INDEX_NAME]) * 8) for bit in index_bits))
    with tempfile.TemporaryDirectory() as path:
        make_anew(Path(path) / FOLDER, {**files, DATA_NAME: data, INDEX_NAME: index})
        opened_in_every_way(Path(path), IN_ORDER)


@given(chosen=one_bit_in_some(TWICE))
def test_bits_of_numbers_that_were_used_twice(chosen: dict[int, int]) -> None:
    files = files_of(TWICE)
    data = flipped(files[DATA_NAME], *bits_of(TWICE, chosen, len(files[DATA_NAME])))
    with tempfile.TemporaryDirectory() as path:
        make_anew(Path(path) / FOLDER, {**files, DATA_NAME: data})
        opened_in_every_way(Path(path), TWICE)


@given(content=st.binary(max_size=200), which=st.sampled_from([DATA_NAME, INDEX_NAME]))
def test_any_bytes_in_place_of_a_file(content: bytes, which: str) -> None:
    with tempfile.TemporaryDirectory() as path:
        make_anew(Path(path) / FOLDER, {**files_of(IN_ORDER), which: content})
        there = opened_in_every_way(Path(path), IN_ORDER)
        assert there == ({1, 2, 3, 4, 5} if which == INDEX_NAME else set())


def test_a_damaged_message_is_said_once_asked_for(tmp_path: Path) -> None:
    files = files_of(IN_ORDER)
    place = files[DATA_NAME].index(b"58=yyy\x01") + 4
    make_anew(tmp_path / FOLDER, {**files, DATA_NAME: flipped(files[DATA_NAME], place * 8)})
    with open_store(tmp_path) as store:
        assert store.notices == []
        assert store.exists(3)
        assert store.get(3) is None
        (notice,) = store.notices
        assert "messages.dat: message 3 is damaged (CheckSum is " in notice
    (line,) = problems(tmp_path / FOLDER)
    assert "messages.dat: message 3 at " in line


def test_a_lost_message_does_not_bring_back_an_older_one(tmp_path: Path) -> None:
    """The index tells that there was a newer one; when it is made anew, resend.json does."""
    files = files_of(TWICE_AT_THE_END)
    make_anew(tmp_path / FOLDER, {**files, DATA_NAME: files[DATA_NAME][:-1]})
    (tmp_path / FOLDER / "resend.json").unlink()
    with FixMsgFileStore.open_folder(tmp_path / FOLDER) as reader:
        assert reader.get_seq_num_range(1, 3) == [record(1), None, record(3)]
    assert not (tmp_path / FOLDER / "resend.json").exists()
    with open_store(tmp_path) as store:
        assert any("the newest message of 1 number is lost; an older one is there" in each for each in store.notices)
        assert store.get_seq_num_range(1, 3) == [record(1), None, record(3)]
        assert not store.exists(2)
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(3)
        assert store.get(2) is None
        store.put(record(2, "58=third|"))
        assert store.get(2) == record(2, "58=third|")
    assert problems(tmp_path / FOLDER) == []


def test_an_index_found_wrong_while_sending(tmp_path: Path) -> None:
    files = files_of(IN_ORDER)
    entry = ENTRY.pack(3, ENTRY.unpack_from(files[INDEX_NAME], 24)[1] + 1)
    make_anew(tmp_path / FOLDER, {**files, INDEX_NAME: files[INDEX_NAME][:24] + entry + files[INDEX_NAME][36:]})
    with open_store(tmp_path) as store:
        store.put(record(6))
        assert store.notices == []
        assert store.get(3) == IN_ORDER[2]
        assert "messages.idx does not agree with messages.dat" in store.notices[0]
        store.set_last_sent_seq_num(6)
        assert not store.is_gap_filled(6)
    assert problems(tmp_path / FOLDER) == []


def test_a_damaged_number_in_front_of_a_whole_message(tmp_path: Path) -> None:
    files = files_of(IN_ORDER)
    place = len(packed(IN_ORDER[0]))
    make_anew(tmp_path / FOLDER, {**files, DATA_NAME: flipped(files[DATA_NAME], place * 8 + 2)})
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [IN_ORDER[0], None, *IN_ORDER[2:]]
        (notice,) = store.notices
        assert "message 2 is damaged (its record is of MsgSeqNum 6)" in notice
    assert contents(tmp_path / FOLDER)[INDEX_NAME] == files[INDEX_NAME]
    (line,) = problems(tmp_path / FOLDER)
    assert "message 2 at " in line


def test_an_index_of_several_pieces_with_many_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece is checked, and jumps of the numbers that are more than can be looked up are believed."""
    monkeypatch.setattr(message_files, "_ENTRIES_AT_ONCE", 10)
    monkeypatch.setattr(opening, "_MOST_CHECKED", 6)
    numbers = [number for number in range(1, 90) if number % 3]
    folder = filled(tmp_path, *map(record, numbers))
    with open_store(tmp_path) as store:
        assert store.notices == []
        assert list(store.kept_numbers(1, 99)) == numbers
    assert verify(folder).problems == []
