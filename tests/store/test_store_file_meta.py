"""`session.meta` as people and other programs write it, and when they write it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreState, StoreError
from purefix_core.store.session_meta import FILE_NAME, LARGEST_FILE
from tests.store.file_stores import FOLDER, TIME, contents, crashed, filled, open_store, record

DOCUMENT = {
    "senderCompId": "CLI",
    "targetCompId": "SRV",
    "lastSentSeqNum": 1234,
    "lastReceivedSeqNum": 5678,
    "lastReceivedTime": "2025-01-09T16:30:45Z",
    "createdTime": "2025-01-08T09:00:00Z",
    "lastModifiedTime": "2025-01-09T16:30:45Z",
}
RECEIVED = 1_736_440_245 * 10**9


def written(tmp_path: Path, content: bytes) -> Path:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_bytes(content)
    return folder / FILE_NAME


def changed(**values: object) -> bytes:
    return json.dumps({**DOCUMENT, **values}, indent=2).encode()


def without(*keys: str) -> bytes:
    return json.dumps({key: value for key, value in DOCUMENT.items() if key not in keys}).encode()


# -- what loads --------------------------------------------------------------------------------------------------

GOOD = {
    "as the documents have it": changed(),
    "on one line": json.dumps(DOCUMENT, separators=(",", ":")).encode(),
    "BOM": b"\xef\xbb\xbf" + changed(),
    "CR LF": changed().replace(b"\n", b"\r\n"),
    "BOM and CR LF": b"\xef\xbb\xbf" + changed().replace(b"\n", b"\r\n"),
    "numbers in quotes": changed(lastSentSeqNum="1234", lastReceivedSeqNum=" 5678 "),
    "keys in other case": changed().replace(b"lastSentSeqNum", b"LastSentSeqNum").replace(b"senderC", b"SENDERC"),
    "an offset": changed(lastReceivedTime="2025-01-09T18:30:45+02:00"),
    "seven digits, as .NET has them": changed(lastReceivedTime="2025-01-09T16:30:45.0000000Z"),
    "no zone, which is UTC": changed(lastReceivedTime="2025-01-09T16:30:45"),
    "a blank instead of T": changed(lastReceivedTime="2025-01-09 16:30:45Z"),
    "times of no use": changed(createdTime=None, lastModifiedTime="0001-01-01T00:00:00"),
    "blanks behind it": changed() + b"  \n" * 3000,
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_loads(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with open_store(tmp_path) as store:
        assert store.notices == []
        assert store.get_state() == FixMsgStoreState(0, 1234, 5678, RECEIVED)
    assert path.read_bytes() == content  # nothing was written, so nothing is formatted anew
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(1235)
        store.set_last_received_seq_num(5679)
        store.set_last_received_time(TIME)
        assert store.notices == []
    with open_store(tmp_path) as store:
        assert store.get_state() == FixMsgStoreState(0, 1235, 5679, TIME)
    assert sorted(contents(tmp_path / FOLDER)) == ["session.lock", "session.meta"]


@pytest.mark.parametrize(
    "none", [None, "", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999"]
)
def test_no_time(tmp_path: Path, none: object) -> None:
    path = written(tmp_path, changed(lastReceivedTime=none, createdTime=none, lastModifiedTime=none))
    with open_store(tmp_path) as store:
        assert store.get_last_received_time() is None
        store.set_last_sent_seq_num(1)
    document = json.loads(path.read_text())
    assert (document["lastReceivedTime"], document["createdTime"]) == (None, None)
    assert document["lastModifiedTime"] is not None


def test_times_and_comp_ids_may_be_missing(tmp_path: Path) -> None:
    path = written(tmp_path, without("lastReceivedTime", "createdTime", "lastModifiedTime"))
    with open_store(tmp_path) as store:
        assert store.get_state() == FixMsgStoreState(0, 1234, 5678, None)
        store.set_last_sent_seq_num(1235)
    assert list(json.loads(path.read_text())) == list(DOCUMENT)


def test_keys_of_others_stay_where_they_are(tmp_path: Path) -> None:
    others = {
        "note": 'a "quoted" 100% %(x)b \u20ac \\ text',
        "nested": {"a": [1, 2.5, None, True], "lastSentSeqNum": 9},
        "LASTRECEIVED": 10**30,
        "": [],
    }
    document = {"note": others["note"], **DOCUMENT, **others}
    path = written(tmp_path, json.dumps(document).encode())
    for number in (2000, 2001):
        with open_store(tmp_path) as store:
            for more in range(3):
                store.set_last_sent_seq_num(number + more)
                assert json.loads(path.read_bytes())["nested"] == others["nested"]
    result = json.loads(path.read_bytes())
    assert list(result) == list(document)
    assert {key: result[key] for key in others} == others
    assert result["lastSentSeqNum"] == 2003


def test_the_spelling_of_keys_stays(tmp_path: Path) -> None:
    path = written(tmp_path, changed().replace(b"lastSentSeqNum", b"LastSentSeqNum"))
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(7)
    document = json.loads(path.read_bytes())
    assert document["LastSentSeqNum"] == 7
    assert "lastSentSeqNum" not in document


def test_half_a_surrogate_can_be_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, changed(note="\ud800"))
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(7)
    assert json.loads(path.read_text("utf-8"))["note"] == "\ud800"
    with open_store(tmp_path) as store:
        assert store.get_last_sent_seq_num() == 7


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
@pytest.mark.parametrize("size", [3_000, 5_000, 100_000])
def test_a_large_one(tmp_path: Path, size: int, level: Durability) -> None:
    path = written(tmp_path / "a", changed(note="x" * size))
    with open_store(tmp_path / "a", level) as store:
        for number in (1, MAX_SEQ_NUM, 12):
            store.set_last_sent_seq_num(number)
            assert json.loads(path.read_bytes())["lastSentSeqNum"] == number
        crashed(store, tmp_path / "b")
        assert store.notices == []
    for copy in ("a", "b"):
        with open_store(tmp_path / copy) as store:
            assert store.get_last_sent_seq_num() == 12


# -- what does not -----------------------------------------------------------------------------------------------

BAD = {
    "empty": (b"", "expected JSON"),
    "cut": (changed()[:-20], "expected JSON"),
    "zeros": (b"\0" * 512, "expected JSON"),
    "a list": (b"[]", "expected a JSON object"),
    "no UTF-8": (changed().replace(b"CLI", b"\xff"), "expected UTF-8"),
    "no number": (
        without("lastSentSeqNum"),
        "lastSentSeqNum: .* 0 to 2,147,483,647, found nothing",
    ),
    "null": (changed(lastReceivedSeqNum=None), "lastReceivedSeqNum: expected a whole number"),
    "negative": (changed(lastSentSeqNum=-1), "lastSentSeqNum: .*found -1"),
    "too large": (changed(lastSentSeqNum=2**31), "lastSentSeqNum: .*found 2147483648"),
    "a fraction": (changed(lastSentSeqNum=1.5), "lastSentSeqNum: .*found 1.5"),
    "true": (changed(lastSentSeqNum=True), "lastSentSeqNum: .*found true"),
    "no number in quotes": (changed(lastSentSeqNum="12x"), "lastSentSeqNum: .*found .12x"),
    "no time": (changed(createdTime="yesterday"), "createdTime: expected a time such as"),
    "the 30th of February": (changed(createdTime="2025-02-30T00:00:00Z"), "createdTime: expected a time such as"),
    "a number for a time": (changed(createdTime=5), "createdTime: expected a time such as .*found 5"),
    "a number for a CompID": (changed(senderCompId=5), "senderCompId: expected a CompID in quotes, found 5"),
    "twice": (changed(LASTSENTSEQNUM=5), "expected once, found twice"),
    "nested": (changed()[:-2] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not nested so deeply"),
    "huge": (changed() + b" " * LARGEST_FILE, "are no session.meta"),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
def test_is_refused_and_stays(tmp_path: Path, content: bytes, expected: str) -> None:
    path = written(tmp_path, content)
    for opened in (lambda: open_store(tmp_path), lambda: FixMsgFileStore.open_folder(tmp_path / FOLDER)):
        with pytest.raises(StoreError, match=expected) as error:
            opened()
        assert str(error.value).startswith(str(path))
        assert len(str(error.value).splitlines()) == 1
    assert path.read_bytes() == content
    assert set(contents(tmp_path / FOLDER)) <= {"session.lock", "session.meta"}


# -- edits by hand -----------------------------------------------------------------------------------------------


def by_hand(folder: Path, **values: object) -> None:
    path = folder / FILE_NAME
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **values}))


def test_numbers_set_lower_and_higher(tmp_path: Path) -> None:
    folder = filled(tmp_path, *map(record, (1, 2, 3, 4)))
    by_hand(folder, lastSentSeqNum=2, lastReceivedSeqNum=9)
    with open_store(tmp_path) as store:
        assert store.get_state()[:3] == (4, 2, 9)
        assert "above the last number sent, 2, up to 4" in store.notices[0]
        store.put(record(3, "58=newer|"))
        store.set_last_sent_seq_num(3)
    by_hand(folder, lastSentSeqNum=10)
    with open_store(tmp_path) as store:
        assert store.notices == []
        assert store.get_state()[:3] == (4, 10, 9)
        assert store.get(3) == record(3, "58=newer|")
        assert store.get_seq_num_range(1)[4:] == [None] * 6
        store.put(record(11))
        store.set_last_sent_seq_num(11)
    with open_store(tmp_path) as store:
        assert store.get_state()[:2] == (5, 11)
        assert store.get(11) == record(11)


def in_place(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def replaced(path: Path, content: bytes) -> None:
    path.with_name("typed").write_bytes(content)
    path.with_name("typed").rename(path)


def with_the_old_one_kept(path: Path, content: bytes) -> None:
    path.rename(path.with_name("session.meta~"))  # as some editors do
    path.write_bytes(content)


@pytest.mark.parametrize("level", list(Durability))
@pytest.mark.parametrize("how", [in_place, replaced, with_the_old_one_kept])
@pytest.mark.parametrize("first", [False, True])
def test_an_edit_under_a_running_session(tmp_path: Path, level: Durability, how: object, first: bool) -> None:
    assert callable(how)
    with open_store(tmp_path / "a", level) as store:
        if not first:
            store.set_last_sent_seq_num(5)
        path = store.folder / FILE_NAME
        edited = changed(lastSentSeqNum=2)
        how(path, edited)
        store.set_last_sent_seq_num(6)
        assert store.get_last_sent_seq_num() == 6
        store.set_last_sent_seq_num(7)
        crashed(store, tmp_path / "b")
    (notice,) = store.notices
    assert "was changed while the session runs" in notice
    found = re.search(r"(session\.meta\.[0-9]{8}-[0-9]{6}\.edited) has what was written", notice)
    assert found is not None
    assert (store.folder / found[1]).read_bytes() == edited
    for copy in ("a", "b") if level is not Durability.NONE else ("a",):
        with open_store(tmp_path / copy) as store:
            assert store.get_last_sent_seq_num() == 7


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.POWER])
def test_a_removed_one_is_written_again(tmp_path: Path, level: Durability) -> None:
    with open_store(tmp_path / "a", level) as store:
        store.set_last_sent_seq_num(5)
        (store.folder / FILE_NAME).unlink()
        store.set_last_sent_seq_num(6)
        assert "was removed while the session runs; it is written again" in store.notices[0]
        crashed(store, tmp_path / "b")
    with open_store(tmp_path / "b") as store:
        assert store.get_last_sent_seq_num() == 6


def test_the_same_text_written_again_is_no_edit(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(5)
        path = store.folder / FILE_NAME
        replaced(path, path.read_bytes())
        store.set_last_sent_seq_num(6)
        assert json.loads(path.read_bytes())["lastSentSeqNum"] == 6
    assert store.notices == []


def test_an_edit_of_a_session_that_writes_nothing_stays(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        in_place(store.folder / FILE_NAME, changed(lastSentSeqNum=2))
    assert store.notices == []
    with open_store(tmp_path) as store:
        assert store.get_last_sent_seq_num() == 2


def test_a_named_pipe_in_its_place(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.set_last_sent_seq_num(5)
        path = store.folder / FILE_NAME
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(StoreError, match=r"session.meta: .*is not a file"):
            store.set_last_sent_seq_num(6)
        with pytest.raises(StoreError, match=r"session.meta: .*is not a file"), store.batch():
            store.set_last_sent_seq_num(6)
        assert store.get_last_sent_seq_num() == 5
        path.unlink()
        store.set_last_sent_seq_num(6)
        assert json.loads(path.read_bytes())["lastSentSeqNum"] == 6
