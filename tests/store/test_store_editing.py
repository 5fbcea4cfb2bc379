"""Edits by hand: numbers, resets, backups and putting them back; and what `verify` then says."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from purefix_core.store import editing
from purefix_core.store.backups import find_backups
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.lock import StoreLocked
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, pack
from purefix_core.store.records import StoreError
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, read_session_meta
from purefix_core.store.verify import verify
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from tests.store.file_stores import FOLDER, contents, filled, open_store, record


def numbers(folder: Path) -> tuple[int, int]:
    state = read_session_meta(folder / FILE_NAME).state
    return state.last_sent_seq_num, state.last_received_seq_num


def test_a_number_that_is_not_given_stays(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2))
    before = (folder / FILE_NAME).read_bytes()
    (backup,) = editing.set_numbers(folder, None, 41)
    assert numbers(folder) == (2, 41)
    assert backup.read_bytes() == before
    editing.set_numbers(folder, 7, None)
    assert numbers(folder) == (7, 41)


def test_a_lost_file_is_written_anew_from_inside_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder has a name, though it is given as a dot."""
    folder = filled(tmp_path)
    (folder / FILE_NAME).unlink()
    monkeypatch.chdir(folder)
    editing.set_numbers(Path(), 4, 7)
    assert read_session_meta(folder / FILE_NAME).state[:4] == ("CLI", "SRV", 4, 7)


@pytest.mark.parametrize("wrong", [-1, 2**31])
def test_numbers_that_cannot_be(tmp_path: Path, wrong: int) -> None:
    folder = filled(tmp_path, record(1))
    before = contents(folder)
    with pytest.raises(ValueError, match="expected a MsgSeqNum from 0"):
        editing.set_numbers(folder, wrong, None)
    assert contents(folder) == before


def test_a_store_in_use_is_not_edited(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        before = contents(store.folder)
        for edit in (
            lambda: editing.set_numbers(store.folder, 1, 1),
            lambda: editing.reset(store.folder),
            lambda: editing.repair(store.folder),
            lambda: editing.restore(store.folder, "20260131-000000"),
            lambda: editing.change_ranges(store.folder, lambda ranges: ranges.with_range(1, 2)),
        ):
            with pytest.raises(StoreLocked, match=f"in use by process {os.getpid()} FIX.4.4 CLI -> SRV"):
                edit()
        assert contents(store.folder) == before


def test_a_session_meta_that_cannot_be_read_needs_both_numbers(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    for content in (b"{", None):
        if content is None:
            (folder / FILE_NAME).unlink()
        else:
            (folder / FILE_NAME).write_bytes(content)
        with pytest.raises(StoreError, match="so both numbers must be given"):
            editing.set_numbers(folder, 1, None)
    editing.set_numbers(folder, 1, 5)
    with open_store(tmp_path) as store:
        assert store.get_state()[:3] == (1, 1, 5)


def test_what_was_sent_is_still_resent_when_a_lost_session_meta_is_written_anew(tmp_path: Path) -> None:
    folder = filled(tmp_path, *(record(number) for number in range(1, 5)))
    (folder / FILE_NAME).write_bytes(b"{")
    editing.set_numbers(folder, 3, 5)
    with open_store(tmp_path) as store:
        assert list(store.kept_numbers(1, 3)) == [1, 2, 3]
        store.set_last_sent_seq_num(4)
        assert list(store.kept_numbers(1, 4)) == [1, 2, 3]  # 4 was never sent, as far as anybody knows


def test_whose_store_it_is_may_be_left_to_the_session(tmp_path: Path) -> None:
    """Where neither a message nor the folder's name tells."""
    folder = tmp_path / "somewhere"
    folder.mkdir()
    editing.set_numbers(folder, 3, 4)
    assert json.loads((folder / FILE_NAME).read_text())["senderCompId"] == ""
    folder.rename(tmp_path / FOLDER)
    with open_store(tmp_path) as store:
        assert store.session[:4] == ("CLI", "SRV", 3, 4)
        store.set_last_received_seq_num(5)
    assert json.loads((tmp_path / FOLDER / FILE_NAME).read_text())["senderCompId"] == "CLI"


def test_a_reset_is_undone(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2), record(3), last_sent=2)
    editing.change_ranges(folder, lambda ranges: ranges.with_range(1, 1, "stale"))
    before = {name: content for name, content in contents(folder).items() if not name.endswith((".bak", ".lock"))}
    copies = editing.reset(folder)
    assert not {DATA_NAME, INDEX_NAME, "resend.json"} & set(contents(folder))
    assert {copy.name.split(".2")[0] for copy in copies} == set(before)
    with open_store(tmp_path) as store:
        store.put(record(1, "58=newer|"))
        store.set_last_sent_seq_num(1)
    (newest, *_) = find_backups(folder / name for name in editing.FILES)
    assert sorted(path.name for path, _ in newest.files) == sorted(before)
    kept = editing.restore(folder, newest.stamp)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert [path.name.split(".2")[0] for path in kept] == [DATA_NAME, INDEX_NAME, FILE_NAME]
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), record(2)]
        assert store.is_gap_filled(1)


def test_backups_are_found_by_the_names_of_their_files(tmp_path: Path) -> None:
    for name in (
        "a[1].20260131-235959.bak",
        "a[1].20260131-235959-10.bak",
        "a[1].20260131-235959-2.bak",
        "b.20260131-235959.bak",
        "a[1].20270101-000000.bak",
        "a[1].20260131-235959.cut",
        "a[1].new",
        "a1.20260131-235959.bak",
    ):
        (tmp_path / name).write_text(name)
    found = find_backups([tmp_path / "a[1]", tmp_path / "b"])
    assert [(each.stamp, len(each.files)) for each in found] == [
        ("20270101-000000", 1),
        ("20260131-235959-10", 1),
        ("20260131-235959-2", 1),
        ("20260131-235959", 2),
    ]


def test_changes_of_the_same_second_are_taken_back_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path, record(1), record(2), record(3))
    editing.change_ranges(folder, lambda ranges: ranges.with_range(1, 1))
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 31, 23, 59, 59, 5, 31, 0)))
    editing.set_numbers(folder, 1, None)
    meta = (folder / FILE_NAME).read_bytes()
    editing.change_ranges(folder, lambda ranges: ranges.with_range(2, 3))
    (newest, *_) = find_backups(folder / name for name in editing.FILES)
    assert (newest.stamp, [path.name for path, _ in newest.files]) == ("20260131-235959-2", ["resend.json"])
    editing.restore(folder, newest.stamp)
    assert (folder / FILE_NAME).read_bytes() == meta
    assert [(first, last) for first, last, _ in GapFillRanges.load(folder / "resend.json")] == [(1, 1)]


def test_copies_are_for_the_eyes_of_those_that_the_files_are_for(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2))
    for path in folder.iterdir():
        path.chmod(0o600)
    with (folder / DATA_NAME).open("ab") as file:
        file.write(b"half a message")
    editing.repair(folder)
    editing.set_numbers(folder, 1, 1)
    editing.change_ranges(folder, lambda ranges: ranges.with_range(1, 1))
    editing.reset(folder)
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == dict.fromkeys(
        (path.name for path in folder.iterdir()), 0o600
    )


# -- verify --------------------------------------------------------------------------------------------------------


def test_numbers_without_a_message_are_a_note(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(2), record(5), last_sent=7)
    assert verify(folder) == (
        [],
        ["1, 3-4, 6-7: counted as sent, but not kept; 5 numbers that will be gap-filled"],
    )


def test_a_damaged_message_that_is_not_to_be_resent_is_a_note(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2))
    data = bytearray((folder / DATA_NAME).read_bytes())
    data[-3] ^= 1
    (folder / DATA_NAME).write_bytes(data)
    assert len(verify(folder).problems) == 1
    editing.change_ranges(folder, lambda ranges: ranges.with_range(2, 2))
    assert verify(folder).problems == []
    assert "message 2 at " in verify(folder).notes[0]


def test_whose_store_it_is_must_agree(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    meta = json.loads((folder / FILE_NAME).read_text())
    (folder / FILE_NAME).write_text(json.dumps({**meta, "senderCompId": "CLIX"}))
    named, messages = verify(folder).problems
    assert named.endswith("session.meta: is of CLIX -> SRV, but its folder is of CLI -> SRV")
    assert messages.endswith("messages.dat: a message is not of CLIX -> SRV, as session.meta says; never resent")


def test_what_a_session_is_about_to_write_is_no_problem(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
        with (store.folder / DATA_NAME).open("ab") as file:
            file.write(pack(2, 0, record(2).encoded))
        found = verify(store.folder)
        assert found.problems == []
        assert "lacks the last 1 messages, as the running session is about to write them" in found.notes[0]
    assert "lacks the last 1 messages; repair completes it" in verify(tmp_path / FOLDER).problems[0]


def test_a_missing_file_of_messages(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    (folder / DATA_NAME).unlink()
    assert "messages.dat is missing" in verify(folder).problems[0]
    assert "1: counted as sent, but not kept" in verify(folder).notes[0]


# -- what is no store, or of another session ---------------------------------------------------------------------------


def test_a_removed_lock_file_lets_nobody_in(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        (store.folder / "session.lock").unlink()
        with pytest.raises(StoreLocked):
            open_store(tmp_path)
        (store.folder / "session.lock").unlink()
        with pytest.raises(StoreLocked):
            editing.set_numbers(store.folder, 1, 1)
    open_store(tmp_path).close()


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    text = (folder / FILE_NAME).read_text()
    (folder / FILE_NAME).write_text(text.replace("{", '{"lastSentSeqNum": 9,', 1))
    with pytest.raises(StoreError, match="lastSentSeqNum: expected once, found twice; correct it, or write it with"):
        open_store(tmp_path)


def test_a_plain_folder_that_lost_its_session_meta_is_not_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "A.B.C"
    folder.mkdir()
    (folder / DATA_NAME).write_bytes(pack(1, 0, sealed(b"FIX.4.4", b"35=D\x0134=1\x0149=A.B\x0156=C\x01", SOH)))
    with pytest.raises(
        StoreError, match=r"A\.B\.C.session\.meta: is missing, but there are messages, perhaps those of"
    ):
        FixMsgFileStore(tmp_path, "A.B", "C")
