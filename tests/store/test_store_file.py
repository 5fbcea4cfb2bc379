"""The store in files: what its methods do, and what then stands in the files."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from pathlib import Path

import pytest

from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreState, FixSessionState
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, MetaTemplate
from tests.store.file_stores import FOLDER, TIME, contents, crashed, filled, open_store, packed, problems, record

LEVELS = list(Durability)


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> Durability:
    return Durability(request.param)


# -- the interface -----------------------------------------------------------------------------------------------


def test_a_new_store_is_empty(tmp_path: Path) -> None:
    with open_store(tmp_path / "not" / "yet") as opened:
        store: FixMsgStore = opened
        assert store.get_state() == FixMsgStoreState(0, 0, 0, None)
        assert store.get(1) is None
        assert not store.exists(1)
        assert store.get_seq_num_range(1) == []
        assert store.get_last_received_time() is None
        assert opened.notices == []
        assert opened.folder == tmp_path / "not" / "yet" / FOLDER
    assert sorted(contents(tmp_path / "not" / "yet" / FOLDER)) == ["session.lock", "session.meta"]


def test_what_is_put_is_there_and_after_opening_again(tmp_path: Path, level: Durability) -> None:
    kept = [record(1), record(2, "58=two|"), record(3, msg_type="AE")]
    with open_store(tmp_path, level) as store:
        for count, each in enumerate(kept, 1):
            assert store.put(each).messages == count
            store.set_last_sent_seq_num(each.seq_num)
        assert store.get_seq_num_range(1) == kept
    with open_store(tmp_path, level) as store:
        assert store.notices == []
        assert store.get_state() == FixMsgStoreState(3, 3, 0, None)
        assert [store.get(number) for number in (1, 2, 3, 4)] == [*kept, None]
        assert store.get_seq_num_range(1) == kept
    assert problems(tmp_path / FOLDER) == []


def test_ranges(tmp_path: Path) -> None:
    kept = {number: record(number) for number in (1, 2, 4)}
    with open_store(tmp_path) as store:
        for each in kept.values():
            store.put(each)
        assert store.get_seq_num_range(1) == [kept[1], kept[2], None, kept[4]]  # nothing was sent: to the greatest kept
        store.set_last_sent_seq_num(2)
        assert store.get_seq_num_range(1) == [kept[1], kept[2]]
        assert store.get_seq_num_range(2, 4) == [kept[2], None, kept[4]]
        assert store.get_seq_num_range(-5, 1) == [kept[1]]
        assert store.get_seq_num_range(4, MAX_SEQ_NUM) == [kept[4]]
        assert store.get_seq_num_range(5, 9) == []
        assert store.get_seq_num_range(4, 2) == []
        store.set_last_sent_seq_num(6)
        assert store.get_seq_num_range(4) == [kept[4], None, None]


def test_numbers_and_times_stay(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path, level) as store:
        store.set_last_sent_seq_num(MAX_SEQ_NUM)
        store.set_last_received_seq_num(7)
        received = store.get_last_received_time()
        assert received is not None
        store.set_last_received_time(TIME)
        assert store.get_last_received_time() == TIME
        created = store.session.created_time
    with open_store(tmp_path, level) as store:
        assert store.get_last_sent_seq_num() == MAX_SEQ_NUM
        assert store.get_last_received_seq_num() == 7
        assert store.get_state() == FixMsgStoreState(0, MAX_SEQ_NUM, 7, TIME)
        assert store.session.created_time == created


def test_receiving_sets_the_time_by_the_clock(tmp_path: Path) -> None:
    clock = iter([TIME, TIME + 10**9, TIME + 2 * 10**9])
    with FixMsgFileStore(tmp_path, "CLI", "SRV", clock=lambda: next(clock)) as store:
        assert store.session.created_time == TIME // 10**6 * 10**6
        store.set_last_received_seq_num(1)
        assert store.get_last_received_time() == (TIME + 10**9) // 10**6 * 10**6
        assert store.session.last_modified_time == store.get_last_received_time()  # the same moment


def test_numbers_that_the_files_cannot_hold_are_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in (-1, MAX_SEQ_NUM + 1):
            with pytest.raises(ValueError, match=str(number)[-4:]):
                store.set_last_sent_seq_num(number)
            with pytest.raises(ValueError, match=str(number)[-4:]):
                store.set_last_received_seq_num(number)
        for number in (-1, 0, MAX_SEQ_NUM + 1):
            with pytest.raises(ValueError, match="MsgSeqNum"):
                store.put(record(number))
        store.put(record(MAX_SEQ_NUM))
        assert store.get_state() == FixMsgStoreState(1, 0, 0, None)


def test_what_is_not_one_whole_message_is_refused(tmp_path: Path) -> None:
    whole = record(2)
    with open_store(tmp_path) as store:
        store.put(record(1))
        for wrong in (
            whole._replace(encoded=b""),
            whole._replace(encoded=whole.encoded[:-1]),
            whole._replace(encoded=whole.encoded * 2),
            whole._replace(seq_num=1),
            whole._replace(encoded=whole.encoded.replace(b"CLI", b"CLJ")),
        ):
            with pytest.raises(ValueError, match=f"message {wrong.seq_num} "):
                store.put(wrong)
        assert store.get_seq_num_range(1) == [record(1)]
    assert (tmp_path / FOLDER / DATA_NAME).read_bytes() == packed(record(1))


def test_a_number_used_again_supersedes(tmp_path: Path, level: Durability) -> None:
    newer = record(2, "58=newer|")
    with open_store(tmp_path, level) as store:
        for each in (record(1), record(2), record(3)):
            store.put(each)
        store.set_last_sent_seq_num(1)
        assert store.put(newer).messages == 3
        assert store.get(2) == newer
    with open_store(tmp_path, level) as store:
        assert [store.get(number) for number in (1, 2, 3)] == [record(1), newer, record(3)]
        assert len(store.get_seq_num_range(1, 9)) == 3
    assert problems(tmp_path / FOLDER) == []


def test_clear_forgets_messages_and_keeps_numbers(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path, level) as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
        store.set_last_received_seq_num(5)
        assert store.clear()[:3] == (0, 1, 5)
        assert store.get(1) is None
        store.put(record(2))
    with open_store(tmp_path, level) as store:
        assert store.get_state()[:3] == (1, 1, 5)
        assert store.get(2) == record(2)


def test_reset_begins_with_1_again(tmp_path: Path, level: Durability) -> None:
    filled(tmp_path, record(1), record(2))
    (tmp_path / FOLDER / "resend.json").write_bytes(GapFillRanges().with_range(1, 2, "stale").to_json())
    with open_store(tmp_path, level) as store:
        store.set_last_received_seq_num(5)
        received = store.get_last_received_time()
        store.reset_sequences()
        assert store.get_state() == FixMsgStoreState(0, 0, 0, received)
        assert not store.is_gap_filled(1)
        store.put(record(1, "58=new|"))
        store.set_last_sent_seq_num(1)
    assert not (tmp_path / FOLDER / "resend.json").exists()
    with open_store(tmp_path, level) as store:
        assert store.notices == []
        assert store.get_state() == FixMsgStoreState(1, 1, 0, received)
        assert store.get(1) == record(1, "58=new|")


def test_a_reset_in_a_batch_counts_at_once(tmp_path: Path) -> None:
    """Otherwise a crash in the batch would leave the old numbers without their messages."""
    filled(tmp_path / "a", record(1), record(2))
    with open_store(tmp_path / "a") as store, store.batch():
        store.reset_sequences()
        crashed(store, tmp_path / "b")
    with open_store(tmp_path / "b") as store:
        assert store.get_state() == FixMsgStoreState(0, 0, 0, None)


def test_the_times_are_kept_to_100_ns(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put(record(1)._replace(timestamp=TIME + 99))
        store.put(record(2)._replace(timestamp=-1))
        assert [each.timestamp for each in store.get_seq_num_range(1) if each] == [TIME, -100]


def test_nothing_is_done_once_it_is_closed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    store.close()
    before = contents(tmp_path / FOLDER)
    with pytest.raises(Exception, match="closed"):
        store.put(record(1))
    with pytest.raises(Exception, match="closed"):
        store.set_last_sent_seq_num(1)
    assert contents(tmp_path / FOLDER) == before


# -- the layout --------------------------------------------------------------------------------------------------


def test_the_files_byte_for_byte(tmp_path: Path, level: Durability) -> None:
    kept = [record(1), record(2, msg_type="AE"), record(7, "58=\u20ac|")]
    with open_store(tmp_path, level) as store:
        for each in kept:
            store.put(each)
        store.set_last_sent_seq_num(7)
        store.set_last_received_time(1_736_440_245 * 10**9)
    data = (tmp_path / FOLDER / DATA_NAME).read_bytes()
    index = (tmp_path / FOLDER / INDEX_NAME).read_bytes()
    offset = 0
    for number, each in enumerate(kept):
        assert struct.unpack_from("<iq", index, number * 12) == (each.seq_num, offset)
        seq_num, msg_type, ticks, length = struct.unpack_from("<icqi", data, offset)
        assert (seq_num, msg_type, length) == (each.seq_num, each.msg_type[:1].encode(), len(each.encoded))
        assert ticks == 639_054_510_721_234_567 + each.seq_num
        assert data[offset + 17 : offset + 17 + length] == each.encoded
        offset += 17 + length
    assert (offset, 36) == (len(data), len(index))
    meta = json.loads((tmp_path / FOLDER / FILE_NAME).read_text())
    assert list(meta) == [
        "senderCompId",
        "targetCompId",
        "lastSentSeqNum",
        "lastReceivedSeqNum",
        "lastReceivedTime",
        "createdTime",
        "lastModifiedTime",
    ]
    assert list(meta.values())[:5] == ["CLI", "SRV", 7, 0, "2025-01-09T16:30:45Z"]


def test_the_padding_is_constant_and_small(tmp_path: Path) -> None:
    sizes = set()
    with open_store(tmp_path) as store:
        for number in (1, 999, MAX_SEQ_NUM, 0, 12):
            store.set_last_sent_seq_num(number)
            store.set_last_received_seq_num(MAX_SEQ_NUM - number)
            store.set_last_received_time(TIME + number)
            content = (tmp_path / FOLDER / FILE_NAME).read_bytes()
            assert json.loads(content)["lastSentSeqNum"] == number
            assert content.endswith(b"\n")
            sizes.add(len(content))
    assert len(sizes) == 1
    assert sizes.pop() <= 4096
    closed = (tmp_path / FOLDER / FILE_NAME).read_bytes()
    assert b"  \n" not in closed
    assert closed.endswith(b"\n}\n")


def test_no_password_of_a_logon_in_any_file(tmp_path: Path, level: Durability) -> None:
    secrets = "553=me|554=hunter2|925=newhunter|95=9|96=rawsecret|1401=6|1402=crypt1|1403=6|1404=crypt2|"
    with open_store(tmp_path, level) as store:
        store.put(record(1, secrets, "A"))
        got = store.get(1)
        assert got is not None
        assert got.encoded.count(b"=***\x01") == 5
        assert b"\x0195=3\x01" in got.encoded
    assert problems(tmp_path / FOLDER) == []
    everything = b"".join(contents(tmp_path / FOLDER).values())
    assert b"553=me" in everything
    for secret in (b"hunter", b"rawsecret", b"crypt"):
        assert secret not in everything


# -- batches -----------------------------------------------------------------------------------------------------


def test_a_batch_writes_the_numbers_once_at_its_end(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path, level) as store:
        store.set_last_sent_seq_num(1)
        path = tmp_path / FOLDER / FILE_NAME
        before = path.read_bytes()
        with store.batch():
            for number in (2, 3):
                store.put(record(number))
                store.set_last_sent_seq_num(number)
                with store.batch():
                    store.set_last_received_seq_num(number + 5)
            assert store.get_state()[:3] == (2, 3, 8)
            assert path.read_bytes() == before
        written = json.loads(path.read_bytes())
        expected = (0, 0) if level is Durability.NONE else (3, 8)
        assert (written["lastSentSeqNum"], written["lastReceivedSeqNum"]) == expected
    with open_store(tmp_path, level) as store:
        assert store.get_state()[:3] == (2, 3, 8)


def test_what_a_batch_did_stays_when_its_block_fails(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as store:
        with suppress(RuntimeError), store.batch():
            store.put(record(1))
            store.set_last_sent_seq_num(1)
            raise RuntimeError
        crashed(store, tmp_path / "b")
        store.set_last_sent_seq_num(2)
    with open_store(tmp_path / "b") as store:
        assert store.get_state()[:2] == (1, 1)


# -- what survives a killed process ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
def test_the_kernel_has_all_of_it_when_a_method_has_returned(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path / "a", level) as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
        store.set_last_received_seq_num(4)
        crashed(store, tmp_path / "b")
    with open_store(tmp_path / "b") as store:
        assert store.notices == []
        assert store.get_state()[:3] == (1, 1, 4)
        assert store.get(1) == record(1)


def test_level_none_writes_when_it_is_closed(tmp_path: Path) -> None:
    with open_store(tmp_path, Durability.NONE) as store:
        store.put(record(1))
        assert not (tmp_path / FOLDER / DATA_NAME).exists()
        assert store.get(1) == record(1)  # written in order to be read
        large = "58=" + "x" * 300_000 + "|"
        store.put(record(2, large))
        store.put(record(3))  # more than is held back
        assert (tmp_path / FOLDER / DATA_NAME).stat().st_size > 300_000
    with open_store(tmp_path) as store:
        assert store.get_seq_num_range(1) == [record(1), record(2, large), record(3)]


def test_a_template_gives_what_it_was_read_from() -> None:
    template = MetaTemplate("100%", "%(x)b", {"%s": "%d"})
    assert json.loads(template.render(FixSessionState("100%", "%(x)b", 3, 4))) == {
        "%s": "%d",
        "senderCompId": "100%",
        "targetCompId": "%(x)b",
        "lastSentSeqNum": 3,
        "lastReceivedSeqNum": 4,
        "lastReceivedTime": None,
        "createdTime": None,
        "lastModifiedTime": None,
    }
