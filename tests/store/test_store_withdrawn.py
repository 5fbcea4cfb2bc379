"""Messages that were never sent, withdrawn, superseded, or are not to be resent: none of them ever is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.store import editing
from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, pack
from purefix_core.store.records import StoreError
from purefix_core.store.resend_ranges import GapFillRanges, Withdrawn
from purefix_core.store.session_meta import FILE_NAME
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from tests.store.file_stores import FOLDER, contents, filled, open_store, problems, record


@pytest.fixture(params=list(Durability))
def level(request: pytest.FixtureRequest) -> Durability:
    return Durability(request.param)


def test_messages_above_the_last_number_sent_are_kept_and_said(tmp_path: Path) -> None:
    filled(tmp_path, record(1), record(2), record(3), last_sent=1)
    with open_store(tmp_path) as store:
        (notice,) = store.notices
        assert "above the last number sent, 1, up to 3" in notice
        assert store.get(3) == record(3)
        assert store.get_seq_num_range(1) == [record(1)]
        assert not store.is_gap_filled(2)


def test_when_the_number_passes_them_by_they_are_not_there(tmp_path: Path) -> None:
    folder = filled(tmp_path, *(record(number) for number in range(1, 7)), last_sent=1)
    newer = record(3, "58=newer|")
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(2)  # a message that is not kept, say
        store.put(newer)
        store.set_last_sent_seq_num(3)
        store.set_last_sent_seq_num(5)
        assert store.get_seq_num_range(1, 6) == [record(1), None, newer, None, None, record(6)]
        assert list(store.kept_numbers(1, 9)) == [1, 3, 6]
        assert not store.exists(2)
        assert store.notices[1:] == []
    meta = json.loads((folder / FILE_NAME).read_bytes())
    (folder / FILE_NAME).write_text(json.dumps({**meta, "lastSentSeqNum": 6}))
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), None, newer, None, None, None]


def test_withdrawn_messages_do_not_come_back_when_newer_ones_are_lost(tmp_path: Path) -> None:
    """Neither with the index nor without it."""
    folder = filled(tmp_path, *(record(number) for number in range(1, 8)), last_sent=4)
    with open_store(tmp_path) as store:
        for number in (5, 6):
            store.put(record(number, "58=newer|"))
            store.set_last_sent_seq_num(number)
    data = (folder / DATA_NAME).read_bytes()
    (folder / DATA_NAME).write_bytes(data[:-3])
    (folder / INDEX_NAME).unlink()
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(4) == [record(4), record(5, "58=newer|"), None]
        store.set_last_sent_seq_num(9)
        assert store.get_seq_num_range(6) == [None, None, None, None]


def test_a_number_used_twice_in_one_opening(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put(record(1))
        store.put(record(1, "58=newer|"))
        store.set_last_sent_seq_num(1)
    data = (tmp_path / FOLDER / DATA_NAME).read_bytes()
    (tmp_path / FOLDER / DATA_NAME).write_bytes(data[:-3])
    (tmp_path / FOLDER / INDEX_NAME).unlink()
    with open_store(tmp_path) as store:
        assert store.get(1) is None


def test_numbers_lowered_while_it_is_open_withdraw_as_well(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in (1, 2, 3):
            store.put(record(number))
            store.set_last_sent_seq_num(number)
        store.set_last_sent_seq_num(1)
        assert store.get(2) == record(2)
        store.set_last_sent_seq_num(2)
        store.put(record(3, "58=newer|"))
        store.set_last_sent_seq_num(3)
        assert store.get_seq_num_range(1) == [record(1), None, record(3, "58=newer|")]


def test_resend_json_of_somebody_else_is_kept_aside(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2), last_sent=1)
    with open_store(tmp_path) as store:
        (folder / "resend.json").write_text('{"gapFill": [{"from": 1, "to": 1}]}')
        assert not store.is_gap_filled(1)
        store.set_last_sent_seq_num(0)
        assert "resend.json: was changed while the session runs" in store.notices[-1]
    (side,) = folder.glob("resend.json.*.edited")
    assert side.read_text() == '{"gapFill": [{"from": 1, "to": 1}]}'


def test_a_bad_resend_json_is_refused_to_write_and_said_to_read(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    (folder / "resend.json").write_text('{"gapFill": [')
    with pytest.raises(StoreError, match=r"resend\.json: expected JSON.*correct it: without it what was withdrawn, or"):
        open_store(tmp_path)
    with FixMsgFileStore.open_folder(folder) as reader:
        assert "what it says is not known" in reader.notices[0]
        assert reader.get(1) == record(1)


def test_messages_of_another_session_are_left_alone(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    other = sealed(b"FIX.4.4", b"35=D\x0134=2\x0149=OTHER\x0156=PEER\x01", SOH)
    with (folder / DATA_NAME).open("ab") as file:
        file.write(pack(2, 0, other))
    with open_store(tmp_path) as store:
        assert "messages.dat has 1 message of another session" in store.notices[0]
        assert store.get(2) is None
        store.put(record(2))
        assert store.get(2) == record(2)
    assert any("not of " in problem for problem in problems(folder))


def test_what_is_put_and_sent_in_order_is_never_gap_filled(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path, level) as store:
        store.put(record(1))
        store.put(record(2))
        store.set_last_sent_seq_num(2)
        with store.batch():
            store.put(record(3))
            store.set_last_sent_seq_num(3)
        assert not any(map(store.is_gap_filled, range(5)))
    assert not (tmp_path / FOLDER / "resend.json").exists()


def test_a_message_put_again_is_no_longer_gap_filled(tmp_path: Path, level: Durability) -> None:
    folder = filled(tmp_path, record(1), record(2), record(3))
    (folder / "resend.json").write_text('{"gapFill": [{"from": 1, "to": 3, "reason": "stale"}], "mine": 1}')
    with open_store(tmp_path, level) as store:
        assert all(map(store.is_gap_filled, (1, 2, 3)))
        store.set_last_sent_seq_num(1)
        store.put(record(2, "58=newer|"))
        assert [store.is_gap_filled(number) for number in (1, 2, 3)] == [True, False, True]
    document = json.loads((folder / "resend.json").read_text())
    assert document["mine"] == 1
    assert document["gapFill"] == [{"from": 1, "to": 1, "reason": "stale"}, {"from": 3, "to": 3, "reason": "stale"}]


def test_what_a_crash_left_is_not_resent_when_the_number_is_raised_by_hand(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2), last_sent=1)
    editing.set_numbers(folder, 4, None)
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), None, None, None]


def test_messages_removed_under_a_session(tmp_path: Path) -> None:
    """What is written then can be opened."""
    folder = filled(tmp_path, *map(record, (1, 2, 3)))
    with open_store(tmp_path) as store:
        (folder / DATA_NAME).unlink()
        store.put(record(2, "58=again|"))
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [None, record(2, "58=again|"), None]


def test_a_folder_moved_away_under_a_session(tmp_path: Path) -> None:
    """The session must not go on in the store that another one has made there since."""
    with open_store(tmp_path) as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
        store.folder.rename(tmp_path / "moved")
        with open_store(tmp_path) as other:
            other.put(record(1, "58=other|"))
            other.set_last_sent_seq_num(1)
            with pytest.raises(StoreError, match="was moved away while the session runs"):
                store.put(record(2))
            with pytest.raises(StoreError, match="was moved away while the session runs"):
                store.set_last_received_seq_num(7)
            assert other.get_seq_num_range(1) == [record(1, "58=other|")]
            before = contents(other.folder)
            with pytest.raises(StoreError, match="was moved away"):
                store.close()
            assert contents(other.folder) == before


def test_rules_that_others_cover_are_left_out() -> None:
    rules = GapFillRanges().with_withdrawn([Withdrawn(2, 4, 100), Withdrawn(3, 3, 90), Withdrawn(3, 3, 110)])
    assert rules.withdrawn == (Withdrawn(2, 4, 100), Withdrawn(3, 3, 110))
    assert rules.with_withdrawn([Withdrawn(1, 9, 200)]).withdrawn == (Withdrawn(1, 9, 200),)
    assert rules.cut_to(95).withdrawn == (Withdrawn(2, 4, 95), Withdrawn(3, 3, 95))
    assert rules.cut_to(0).withdrawn == ()


def test_restoring_messages_restores_what_was_withdrawn_of_them(tmp_path: Path) -> None:
    folder = filled(tmp_path, *map(record, (1, 2, 3)))
    stamp = editing.reset(folder)[0].name.split(".")[-2]
    with open_store(tmp_path) as store:
        store.put(record(1, "58=newer|"))
        store.set_last_sent_seq_num(1)
        store.put(record(2, "58=newer|"))
    open_store(tmp_path).close()
    assert (folder / "resend.json").exists()
    editing.restore(folder, stamp)
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), record(2), record(3)]


def test_restoring_ranges_leaves_what_was_withdrawn(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    editing.change_ranges(folder, lambda ranges: ranges.with_range(5, 5, "stale"))
    (backup,) = editing.change_ranges(folder, lambda ranges: ranges.without(5, 5))[2]
    with open_store(tmp_path) as store:
        store.put(record(2))
    open_store(tmp_path).close()
    editing.restore(folder, backup.name.split(".")[-2])
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(2)
        assert store.get(2) is None
        assert store.is_gap_filled(5)


def test_a_restore_that_ends_half_way_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path, *map(record, (1, 2, 3)))
    stamp = editing.reset(folder)[0].name.split(".")[-2]
    with open_store(tmp_path) as store:
        for number in (1, 2, 3, 4):
            store.put(record(number, "58=newer|"))
            store.set_last_sent_seq_num(number)
    copied = []

    def copy(disk: Disk, path: Path, to: Path) -> None:
        copied.append(to)
        if to == folder / INDEX_NAME:
            raise OSError(5, "Input/output error")
        original(disk, path, to)

    original = Disk.copy
    monkeypatch.setattr(Disk, "copy", copy)
    with pytest.raises(StoreError, match="Input/output error"):
        editing.restore(folder, stamp)
    monkeypatch.undo()
    with pytest.raises(StoreError, match=r"session\.meta: is missing"):
        open_store(tmp_path)
    editing.restore(folder, stamp)
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), record(2), record(3)]
