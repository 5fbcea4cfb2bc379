"""The layout of QuickFIX C++, written: by the store, by edits, and when something is put right."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.disk import Disk
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.quickfix import (
    QuickFixFiles,
    QuickFixFileStore,
    gap_fill,
    recognise_one,
    reset,
    set_numbers,
    verify,
)
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState, StoreError
from purefix_core.wire.timestamps import parse_utc_timestamp
from tests.store.quickfix_stores import message, write_cpp

NOW = parse_utc_timestamp(b"20261122-15:00:00.5")


def _record(seq_num: int, more: str = "") -> FixMsgStoreRecord:
    return FixMsgStoreRecord("D", 0, seq_num, message(seq_num, more=more))


def _created(folder: Path, disk: Disk | None = None) -> QuickFixFileStore:
    return QuickFixFileStore.create(folder / "new", "FIX.4.4", "CLI", "SRV", clock=lambda: NOW, disk=disk)


def _contents(files: QuickFixFiles) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in files.paths}


def test_a_new_store_byte_for_byte(tmp_path: Path) -> None:
    made = _created(tmp_path)
    store: FixMsgStore = made
    assert store.put(_record(1)) == FixMsgStoreState(1, 0, 0, None)
    store.set_last_sent_seq_num(1)
    store.set_last_received_seq_num(7)
    store.set_last_received_time(NOW)
    with store.batch():
        store.put(_record(2, "11=x|"))
    one, two = message(1), message(2, more="11=x|")
    assert _contents(made.files) == {
        ".body": one + two,
        ".header": b"1,0,%d 2,%d,%d " % (len(one), len(one), len(two)),
        ".seqnums": b"00000000000000000002 : 00000000000000000008",
        ".session": b"20261122-15:00:00",
    }
    assert store.get_last_received_time() == NOW
    store.close()
    again = QuickFixFileStore(recognise_one(tmp_path / "new"))
    assert again.get_state() == FixMsgStoreState(2, 1, 7, None)
    assert (again.notices, again.files) == ([], made.files)
    with pytest.raises(StoreError, match="is there already"):
        _created(tmp_path)


def test_real_quickfix_reads_what_was_put(tmp_path: Path) -> None:
    fix = pytest.importorskip("quickfix")
    store = _created(tmp_path)
    for record in (_record(1), _record(2, "11=old|"), _record(2, "11=new|")):
        store.put(record)
    store.set_last_sent_seq_num(2)
    store.set_last_received_seq_num(8)
    theirs = fix.FileStore(fix.UtcTimeStamp(), str(tmp_path / "new"), fix.SessionID("FIX.4.4", "CLI", "SRV"))
    found = fix.VectorString()
    theirs.get(1, 9, found)
    assert [text.encode() for text in found] == [message(1), message(2, more="11=new|")]
    assert (theirs.getNextSenderMsgSeqNum(), theirs.getNextTargetMsgSeqNum()) == (3, 9)


@pytest.mark.parametrize(
    ("begin", "sender", "target"),
    [("FIX.4.4", "A/B", "C"), ("FIX.4.4", "", "C"), ("X", "A", "B"), ("FIX.4.4", "A", "\0")],
)
def test_what_cannot_be_a_name_is_refused(tmp_path: Path, begin: str, sender: str, target: str) -> None:
    with pytest.raises(StoreError, match="expected"):
        QuickFixFileStore.create(tmp_path / "new", begin, sender, target)
    assert not (tmp_path / "new").exists()


def test_only_whole_messages_of_their_number_are_kept(tmp_path: Path) -> None:
    store = _created(tmp_path)
    before = _contents(store.files)
    for seq_num, encoded in ((2, message(1)), (1, message(1)[:-1]), (0, message(0)), (1, message(1, more="58=a\0b|"))):
        with pytest.raises(ValueError, match=r"^(message|MsgSeqNum) "):
            store.put(FixMsgStoreRecord("D", 0, seq_num, encoded))
    for last in (-1, MAX_SEQ_NUM):
        with pytest.raises(ValueError, match="the last number is"):
            store.set_last_sent_seq_num(last)
    assert _contents(store.files) == before


def test_passwords_are_masked(tmp_path: Path) -> None:
    store = _created(tmp_path)
    store.put(FixMsgStoreRecord("A", 0, 1, message(1, "A", more="98=0|108=30|553=me|554=secret99|")))
    record = store.get(1)
    assert record is not None
    assert b"554=***\x01" in record.encoded
    assert b"secret99" not in store.files.body.read_bytes()


def test_clear_and_reset_sequences(tmp_path: Path) -> None:
    store = _created(tmp_path)
    store.put(_record(1))
    store.set_last_sent_seq_num(1)
    assert store.clear() == FixMsgStoreState(0, 1, 0, None)
    store.put(_record(2))
    assert QuickFixFileStore(store.files).get(2) == store.get(2)
    store.set_last_received_time(NOW)
    store.reset_sequences()
    assert store.get_state() == FixMsgStoreState(0, 0, 0, NOW)
    assert _contents(store.files) == _contents(
        QuickFixFileStore.create(tmp_path / "b", "FIX.4.4", "CLI", "SRV", clock=lambda: NOW).files
    )


class FailingDisk(Disk):
    """Writes a part of what it is given, and fails, once it is `full`."""

    room: int | None = None
    keeps_what_it_took = False

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        if self.room is None:
            super().write(descriptor, data, offset)
            return
        taken, self.room = data[: self.room], max(self.room - len(data), 0)
        super().write(descriptor, taken, offset)
        if len(taken) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def truncate(self, descriptor: int, size: int) -> None:
        if self.keeps_what_it_took:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().truncate(descriptor, size)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    disk = FailingDisk()
    store = _created(tmp_path, disk)
    store.put(_record(1))
    before = _contents(store.files)
    for room in range(len(message(2)) + 5):
        disk.room = room
        with pytest.raises(StoreError, match="No space left"):
            store.put(_record(2))
        assert _contents(store.files) == before
    for room in range(43):
        disk.room = room
        with pytest.raises(StoreError, match="No space left"):
            store.set_last_sent_seq_num(77)
        disk.room = None
        store.set_last_sent_seq_num(0)
        assert store.get_last_sent_seq_num() == 0
        assert _contents(store.files) == before
    store.put(_record(2))
    assert QuickFixFileStore(store.files).get_state().messages == 2


def test_what_a_failed_write_left_is_not_written_behind(tmp_path: Path) -> None:
    disk = FailingDisk()
    store = _created(tmp_path, disk)
    store.put(_record(1))
    disk.room, disk.keeps_what_it_took = 30, True
    with pytest.raises(StoreError, match="No space left"):
        store.put(_record(2))
    disk.room, disk.keeps_what_it_took = None, False
    with pytest.raises(StoreError, match="open it again"):
        store.put(_record(2))
    store.close()
    again = QuickFixFileStore(store.files, read_only=False)
    assert "are only the start of a message" in again.notices[-1]
    assert "30 bytes that were not whole were cut off" in again.repaired[-1]
    again.put(_record(2))
    assert verify(again.files) == ([], [])


@given(cut=st.integers(0, 400), data=st.data())
def test_a_write_that_was_cut_short_is_put_right(tmp_path_factory, cut: int, data: st.DataObject) -> None:
    """The body, or the header, ends anywhere: all that was whole is kept, and what is appended is found."""
    folder = tmp_path_factory.mktemp("store")
    messages = [message(number) for number in (1, 2, 3)]
    path = write_cpp(folder, messages=messages)
    header = Path(f"{path}.header").read_bytes()
    if data.draw(st.booleans()):
        whole = header[: cut % (len(header) + 1)]
        Path(f"{path}.header").write_bytes(whole)
        expected = [n for n in (1, 2, 3) if len(b" ".join(header.split()[:n])) <= len(whole)]
    else:  # the body of the last message was not wholly written, and so the header has no entry of it
        Path(f"{path}.header").write_bytes(b" ".join(header.split()[:2]) + b" ")
        end = len(messages[0]) + len(messages[1])
        os.truncate(f"{path}.body", end + cut % len(messages[2]))
        expected = [1, 2]
    files = recognise_one(path)
    store = QuickFixFileStore(files, read_only=False)
    assert [entry.seq_num for entry in store.entries] == expected
    store.put(_record(9))
    again = QuickFixFileStore(files)
    assert [entry.seq_num for entry in again.entries] == [*expected, 9]
    assert all(again.get(number) for number in (*expected, 9))
    for kept in folder.glob("*.cut"):
        assert kept.stat().st_size
    for opened in (store, again):
        opened.close()
    shutil.rmtree(folder)


def test_what_was_cut_off_is_kept_with_the_same_rights(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2)])
    header = Path(f"{path}.header")
    header.write_bytes(header.read_bytes() + b"3,1")
    header.chmod(0o600)
    store = QuickFixFileStore(recognise_one(path), read_only=False)
    (side,) = tmp_path.glob("*.header.*.cut")
    assert (side.read_bytes(), side.stat().st_mode & 0o777) == (b"3,1", 0o600)
    assert str(side) in store.repaired[-1]


def test_an_end_that_an_editor_took_is_put_back(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    header = Path(f"{path}.header")
    whole = header.read_bytes()
    header.write_bytes(whole.strip())
    QuickFixFileStore(recognise_one(path), read_only=False)
    assert header.read_bytes() == whole


def test_entries_behind_something_odd_are_not_written_behind(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2)])
    header = Path(f"{path}.header")
    odd = header.read_bytes().replace(b"2,", b"\0\0 2,")
    header.write_bytes(odd)
    files = recognise_one(path)
    with pytest.raises(StoreError, match="overwrite what is wrong there with blanks"):
        QuickFixFileStore(files, read_only=False)
    assert header.read_bytes() == odd
    (notice,) = QuickFixFileStore(files).notices[:1]
    assert "whole entries behind it are not seen" in notice


def test_nothing_is_put_right_under_a_running_process(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    header = Path(f"{path}.header")
    header.write_bytes(header.read_bytes() + b"2,1")
    files = recognise_one(path)
    wait = "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", wait, str(header)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match=f"process {other.pid} .*has the store open"):
            QuickFixFileStore(files, read_only=False)
        other.communicate(b"")
    assert header.read_bytes().endswith(b"2,1")


def test_a_body_without_entries_is_left_alone(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1), message(2)[:-5]])
    Path(f"{path}.header").write_bytes(b"")
    store = QuickFixFileStore(recognise_one(path), read_only=False)
    assert "the header has no entry for them" in store.notices[0]
    assert Path(f"{path}.body").read_bytes() == message(1) + message(2)[:-5]


def test_set_numbers(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    seqnums = Path(f"{path}.seqnums")
    seqnums.write_bytes(b"00000000000000000009 : 00000000000000000010  \n")
    seqnums.chmod(0o640)
    inode = seqnums.stat().st_ino
    files = recognise_one(path)
    (backup,) = set_numbers(files, 14, 3)
    assert seqnums.read_bytes() == b"00000000000000000014 : 00000000000000000003"
    assert (seqnums.stat().st_ino, seqnums.stat().st_mode & 0o777) == (inode, 0o640)
    assert backup.read_bytes() == b"00000000000000000009 : 00000000000000000010  \n"
    assert backup.name.startswith("FIX.4.4-CLI-SRV.seqnums.")
    assert backup.stat().st_mode & 0o777 == 0o640
    with pytest.raises(ValueError, match="the next number is 0"):
        set_numbers(files, 0, 1)
    seqnums.unlink()
    assert set_numbers(files, 2, 2) == []
    assert QuickFixFileStore(files).get_state() == FixMsgStoreState(1, 1, 1, None)


def test_gap_fill_removes_every_entry_of_a_number(tmp_path: Path) -> None:
    messages = [message(number) for number in (1, 2, 3, 2, 4)]
    path = write_cpp(tmp_path, messages=messages, numbers=[1, 2, 3, 2, 4])
    header = Path(f"{path}.header")
    before = header.read_bytes()
    files = recognise_one(path)
    assert gap_fill(files, 2, 3)[0] == 2
    assert len(header.read_bytes()) == len(before)
    assert header.read_bytes().split() == [before.split()[0], before.split()[4]]
    (backup,) = tmp_path.glob("*.header.*.bak")
    assert backup.read_bytes() == before
    store = QuickFixFileStore(files)
    assert [record is not None for record in store.get_seq_num_range(1)] == [True, False, False, True]
    assert not store.exists(2)
    assert (store.notices, verify(files).problems) == ([], [])
    assert gap_fill(files, 2, 3)[0] == 0
    assert gap_fill(files, 4, 9)[0] == 1
    store = QuickFixFileStore(files, read_only=False)  # the messages that no entry points at are no half ones
    assert (store.notices, files.body.read_bytes()) == ([], b"".join(messages))


def test_reset_keeps_the_old_files(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    files = recognise_one(path)
    files.body.chmod(0o600)
    before = _contents(files)
    kept = reset(files, now=NOW)
    assert {Path(name.name.removeprefix("FIX.4.4-CLI-SRV")).name.split(".")[1]: name.read_bytes() for name in kept} == {
        suffix[1:]: content for suffix, content in before.items()
    }
    assert _contents(files) == {
        ".body": b"",
        ".header": b"",
        ".seqnums": b"00000000000000000001 : 00000000000000000001",
        ".session": b"20261122-15:00:00",
    }
    assert files.body.stat().st_mode & 0o777 == 0o600
    assert QuickFixFileStore(files).notices == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_files_that_may_not_be_written(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    files = recognise_one(path)
    files.seqnums.chmod(0o400)
    with pytest.raises(StoreError, match="Permission denied"):
        set_numbers(files, 1, 1)
    with pytest.raises(StoreError, match="cannot be written: Permission denied"):
        QuickFixFileStore(files, read_only=False)


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 30), st.text("abc", max_size=40)),
        st.tuples(st.sampled_from(["sent", "received"]), st.integers(0, 40)),
        st.tuples(st.just("gap_fill"), st.integers(1, 30), st.integers(0, 4)),
        st.tuples(st.sampled_from(["clear", "reset", "reopen"])),
    ),
    max_size=25,
)


@given(_STEPS)
def test_it_behaves_like_a_dictionary(tmp_path_factory, steps: list[tuple]) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = QuickFixFileStore.create(folder, "FIX.4.4", "CLI", "SRV", clock=lambda: NOW)
    kept: dict[int, bytes] = {}
    sent = received = 0
    received_time = None
    for what, *values in steps:
        if what == "put":
            record = _record(values[0], f"58={values[1]}|" if values[1] else "")
            store.put(record)
            kept[record.seq_num] = record.encoded
        elif what == "sent":
            (sent,) = values
            store.set_last_sent_seq_num(sent)
        elif what == "received":
            (received,) = values
            store.set_last_received_seq_num(received)
            received_time = NOW
        elif what == "clear":
            store.clear()
            kept = {}
        elif what == "reset":
            store.reset_sequences()
            kept, sent, received = {}, 0, 0
        else:
            store.close()
            if what == "gap_fill":
                first, last = values[0], values[0] + values[1]
                gone = [number for number in kept if first <= number <= last]
                assert gap_fill(store.files, first, last)[0] == len(gone)
                for number in gone:
                    del kept[number]
            store = QuickFixFileStore(store.files, read_only=False, clock=lambda: NOW)
            received_time = None  # the files have no place for it
            assert store.notices == []
        assert store.get_state() == FixMsgStoreState(len(kept), sent, received, received_time)
    reader = QuickFixFileStore(store.files)
    for each in (store, reader):
        found = each.get_seq_num_range(1, 99)
        assert {record.seq_num: record.encoded for record in found if record} == kept
        assert len(found) == max(sent, max(kept, default=0))
        assert [each.get(number) for number in range(1, len(found) + 1)] == found
        each.close()
    shutil.rmtree(folder)
