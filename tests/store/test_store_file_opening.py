"""Who may open a store, what is refused, and what opening one only to read it leaves alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.lock import StoreLocked, lock_holder
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME
from purefix_core.store.records import StoreError
from purefix_core.store.session_meta import FILE_NAME, parse_session_meta, read_settled
from tests.store.file_stores import (
    FOLDER,
    contents,
    crashed,
    filled,
    open_store,
    packed,
    record,
    rights_of_a_user,
    untouched,
)

HOLDER = """
import sys
from purefix_core.store.file_store import FixMsgFileStore
store = FixMsgFileStore(sys.argv[1], "CLI", "SRV", begin_string="FIX.4.4")
print("open", flush=True)
sys.stdin.read()
"""


# -- the lock ----------------------------------------------------------------------------------------------------


def test_it_is_opened_once_in_a_process(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with pytest.raises(StoreLocked, match=rf"is in use by process {os.getpid()} FIX.4.4 CLI -> SRV"):
            open_store(tmp_path)
        store.set_last_sent_seq_num(1)
        assert lock_holder(store.folder) == f"process {os.getpid()} FIX.4.4 CLI -> SRV"
    assert lock_holder(tmp_path / FOLDER) is None
    open_store(tmp_path).close()


def test_another_process_has_it_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"open\n"
            with pytest.raises(StoreLocked, match=f"is in use by process {process.pid} FIX.4.4 CLI -> SRV"):
                open_store(tmp_path)
            with pytest.raises(StoreLocked, match=str(process.pid)):
                FixMsgFileStore.open_folder(tmp_path / FOLDER, read_only=False)
            FixMsgFileStore.open_folder(tmp_path / FOLDER).close()
        finally:
            process.send_signal(signal.SIGKILL)
    open_store(tmp_path).close()


def test_a_store_that_was_refused_is_free_again(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    (folder / FILE_NAME).write_text("not json")
    with pytest.raises(StoreError, match="expected JSON"):
        open_store(tmp_path)
    assert lock_holder(folder) is None


# -- whose it is -------------------------------------------------------------------------------------------------


def test_a_store_of_another_session_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    path = folder / FILE_NAME
    path.write_text(path.read_text().replace('"CLI"', '"OTHER"'))
    before = untouched(folder)
    with pytest.raises(StoreError, match=r"session.meta: is of the session OTHER -> SRV, not of CLI -> SRV"):
        open_store(tmp_path)
    before["session.lock"] = untouched(folder)["session.lock"]
    assert untouched(folder) == before


def test_messages_of_another_version_are_refused_before_anything_is_put_right(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2))
    with (folder / DATA_NAME).open("ab") as file:
        file.write(packed(record(3))[:30])
    (folder / INDEX_NAME).unlink()
    before = untouched(folder)
    with pytest.raises(StoreError, match=r"has messages of FIX.4.4, but the session speaks FIX.4.2"):
        FixMsgFileStore(tmp_path, "CLI", "SRV", begin_string="FIX.4.2")
    before["session.lock"] = untouched(folder)["session.lock"]
    assert untouched(folder) == before
    FixMsgFileStore(tmp_path, "CLI", "SRV").close()


def test_after_a_reset_another_version_may_have_it(tmp_path: Path) -> None:
    filled(tmp_path, record(1))
    with open_store(tmp_path) as store:
        store.reset_sequences()
    with FixMsgFileStore(tmp_path, "CLI", "SRV", begin_string="FIX.4.2") as other:
        other.put(record(1, begin="FIX.4.2"))


def test_a_folder_of_whomsoever(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    with FixMsgFileStore.open_folder(folder, read_only=False) as store:
        assert store.session.sender_comp_id == "CLI"
        store.put(record(2))
    with pytest.raises(StoreError, match="there is no such folder"):
        FixMsgFileStore.open_folder(tmp_path / "none")
    with pytest.raises(StoreError, match="there is no such folder"):
        FixMsgFileStore.open_folder(folder / FILE_NAME)


# -- only to read ------------------------------------------------------------------------------------------------


def test_reading_changes_nothing_even_where_much_is_wrong(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2), record(3), last_sent=1)
    with (folder / DATA_NAME).open("ab") as file:
        file.write(packed(record(4)) + packed(record(5))[:30])
    (folder / (FILE_NAME + ".new")).write_bytes(b"left by a crash")
    before = untouched(folder)
    with FixMsgFileStore.open_folder(folder) as store:
        assert [store.get(number) for number in range(1, 6)] == [*map(record, (1, 2, 3, 4)), None]
        for write in (
            lambda: store.put(record(9)),
            lambda: store.set_last_sent_seq_num(9),
            lambda: store.set_last_received_seq_num(9),
            lambda: store.set_last_received_time(9),
            store.clear,
            store.reset_sequences,
        ):
            with pytest.raises(StoreError, match="opened only to be read"):
                write()
        with store.batch():
            pass
        assert any("lacks the last 1 message" in notice for notice in store.notices)
        assert any("ends with half a message" in notice for notice in store.notices)
    assert untouched(folder) == before


def test_reading_beside_a_writer(tmp_path: Path) -> None:
    with open_store(tmp_path) as writer:
        for number in range(1, 50):
            writer.put(record(number))
            writer.set_last_sent_seq_num(number)
            with FixMsgFileStore.open_folder(writer.folder) as reader:
                assert reader.notices == []
                assert reader.get_state()[:2] == (number, number)
                assert reader.get(number) == record(number)


def test_readers_of_session_meta_see_whole_files_only(tmp_path: Path) -> None:
    problems: list[object] = []
    seen: set[int] = set()
    done = threading.Event()
    with open_store(tmp_path) as store:
        path = store.folder / FILE_NAME
        store.set_last_sent_seq_num(1)

        def read() -> None:
            while not done.is_set():
                try:
                    state = parse_session_meta(path, read_settled(path)).state
                except StoreError as error:
                    if "keeps changing" not in str(error):
                        problems.append(error)
                    continue
                if state.last_received_seq_num not in (state.last_sent_seq_num * 7, state.last_sent_seq_num * 7 - 7):
                    problems.append(state)
                seen.add(state.last_sent_seq_num)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        store.set_last_received_seq_num(7)
        for number in range(2, 10_002):
            store.set_last_sent_seq_num(number)
            store.set_last_received_seq_num(number * 7)
        done.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert len(seen) > 1


# -- what is no store --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [FILE_NAME, DATA_NAME, INDEX_NAME, "resend.json"])
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused_in_one_line(tmp_path: Path, name: str, kind: str) -> None:
    folder = filled(tmp_path, record(1))
    (folder / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(folder / name)
    else:
        (folder / name).mkdir()
    names = sorted(path.name for path in folder.iterdir())
    refused = [lambda: open_store(tmp_path), lambda: FixMsgFileStore.open_folder(folder, read_only=False)]
    if name == "resend.json":
        assert "is not a file" in FixMsgFileStore.open_folder(folder).notices[0]
    else:
        refused.append(lambda: FixMsgFileStore.open_folder(folder))
    for opened in refused:
        with pytest.raises(StoreError, match=rf"{name}: .*(is not a file|directory)") as error:
            opened()
        assert "\n" not in str(error.value)
    assert sorted(path.name for path in folder.iterdir()) == names


def test_a_store_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        open_store(tmp_path / "file")


def test_messages_without_session_meta_are_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    (folder / FILE_NAME).unlink()
    before = contents(folder)
    for opened in (lambda: open_store(tmp_path), lambda: FixMsgFileStore.open_folder(folder)):
        with pytest.raises(StoreError, match=r"session.meta: is missing, .*purefix store set"):
            opened()
    before["session.lock"] = contents(folder)["session.lock"]
    assert contents(folder) == before


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    (folder / "session.lock").unlink()
    before = untouched(folder)
    folder.chmod(0o555)
    try:
        with rights_of_a_user():
            with pytest.raises(StoreError, match=r"session.lock: Permission denied"):
                open_store(tmp_path)
            with pytest.raises(StoreError, match="Permission denied"):
                open_store(folder)
            with FixMsgFileStore.open_folder(folder) as store:
                assert store.get(1) == record(1)
    finally:
        folder.chmod(0o755)
    assert untouched(folder) == before


def test_a_folder_that_is_made_read_only_while_it_is_open(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1))
    with open_store(tmp_path) as store:
        folder.chmod(0o555)
        try:
            with rights_of_a_user(), pytest.raises(StoreError, match="Permission denied"):
                store.set_last_sent_seq_num(2)
            assert store.get_last_sent_seq_num() == 1
        finally:
            folder.chmod(0o755)
        store.set_last_sent_seq_num(2)
    assert json.loads((folder / FILE_NAME).read_text())["lastSentSeqNum"] == 2


@pytest.mark.parametrize("name", [DATA_NAME, INDEX_NAME])
def test_messages_that_may_not_be_written(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path, record(1))
    before = contents(folder)
    (folder / name).chmod(0o444)
    with rights_of_a_user(), open_store(tmp_path) as store:
        with pytest.raises(StoreError, match=f"{name}: Permission denied"):
            store.put(record(2))
        assert store.get_state()[:2] == (1, 1)
        assert not store.exists(2)
        (folder / name).chmod(0o644)
        store.put(record(2))
        assert store.get(2) == record(2)
    before.update(
        {DATA_NAME: before[DATA_NAME] + packed(record(2)), INDEX_NAME: contents(folder)[INDEX_NAME]},
    )
    assert contents(folder) == before


@pytest.mark.parametrize("name", [FILE_NAME, DATA_NAME, INDEX_NAME])
def test_a_file_that_may_not_be_read(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path, record(1))
    (folder / name).chmod(0)
    with rights_of_a_user():
        for opened in (lambda: open_store(tmp_path), lambda: FixMsgFileStore.open_folder(folder)):
            with pytest.raises(StoreError, match=f"{name}: .*Permission denied"):
                opened()


# -- files that change while a session runs ----------------------------------------------------------------------


def test_messages_appended_by_somebody_else_are_looked_at(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put(record(1))
        with (store.folder / DATA_NAME).open("ab") as file:
            file.write(packed(record(2)))
        store.put(record(3))
        assert any("was changed while the session runs" in notice for notice in store.notices)
        assert store.get_seq_num_range(1) == [record(1), record(2), record(3)]


@pytest.mark.parametrize("level", [Durability.PROCESS, Durability.NONE])
@pytest.mark.parametrize("how", ["removed", "moved away", "truncated", "replaced"])
def test_messages_changed_underneath(tmp_path: Path, level: Durability, how: str) -> None:
    """What is put afterwards is in the file of that name, and what is no longer there is not made up."""
    with open_store(tmp_path, level) as store:
        path = store.folder / DATA_NAME
        store.put(record(1))
        store.put(record(2))
        assert store.get(2) == record(2)
        whole = path.read_bytes()
        if how == "removed":
            path.unlink()
        elif how == "moved away":
            path.rename(path.with_name("elsewhere"))
        elif how == "truncated":
            os.truncate(path, 10)
        else:
            path.with_name("other").write_bytes(whole)
            path.with_name("other").rename(path)
        store.put(record(3))
        assert store.get(3) == record(3)
        store.put(record(4))
    kept = [record(1), record(2)] if how == "replaced" else [None, None]
    with open_store(tmp_path) as store:
        assert [store.get(number) for number in (1, 2, 3, 4)] == [*kept, record(3), record(4)]
        assert path.read_bytes().endswith(packed(record(3)) + packed(record(4)))


def test_level_none_is_told_when_it_closes(tmp_path: Path) -> None:
    said: list[str] = []
    with open_store(tmp_path, Durability.NONE, say=said.append) as store:
        store.put(record(1))
        assert store.get(1) == record(1)
        store.put(record(2))
        (store.folder / DATA_NAME).unlink()
    assert any("was changed while the session runs" in line for line in said)


def test_an_index_that_vanished_is_made_anew(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as store:
        store.put(record(1))
        (store.folder / INDEX_NAME).unlink()
        store.put(record(2))
        assert store.get_seq_num_range(1) == [record(1), record(2)]
        crashed(store, tmp_path / "b")
    with open_store(tmp_path / "b") as store:
        assert store.get_seq_num_range(1) == [record(1), record(2)]
        assert any("messages.idx is missing" in notice for notice in store.notices)
