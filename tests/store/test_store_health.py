"""How a store is at a glance: each verdict, both layouts, and files that anybody may have put there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import StoreLocation, find_stores, locate
from purefix_core.store.health import Health, Verdict, look_at
from purefix_core.store.lock import StoreLock
from purefix_core.store.message_files import ENTRY
from purefix_core.store.quickfix import ends
from purefix_core.store.verify import verify
from tests.store.file_stores import filled, open_store, record, untouched
from tests.store.quickfix_stores import message, write_cpp, write_dotnet, write_go, write_java

FIVE = [message(number) for number in range(1, 6)]


def _ours(path: Path, count: int = 5) -> Path:
    return filled(path, *(record(number) for number in range(1, count + 1)))


def _at(folder: Path) -> Health:
    return look_at(StoreLocation(folder, "purefix"))


def test_a_store_of_ours_in_order(tmp_path: Path) -> None:
    folder = _ours(tmp_path)
    with open_store(tmp_path) as store:
        store.set_last_received_seq_num(41)
        received = store.get_last_received_time()
    health = look_at(locate(folder))
    assert (health.next_out, health.next_in, health.messages) == (6, 42, 5)
    assert (health.last_received, health.session_text) == (received, "FIX.4.4 CLI → SRV")
    assert (health.verdict, health.text, health.holder) == (Verdict.IN_ORDER, "in order", None)
    assert health.size == sum(path.stat().st_size for path in folder.iterdir() if path.name != "session.lock")


def test_an_empty_store_is_in_order(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        folder = store.folder
    health = _at(folder)
    assert (health.verdict, health.messages, health.next_out) == (Verdict.IN_ORDER, 0, 1)
    assert (health.session_text, health.last_received) == ("CLI → SRV", None)


def test_a_number_that_was_used_again_counts_once(tmp_path: Path) -> None:
    folder = filled(tmp_path, record(1), record(2), record(2, "58=again|"), record(9))
    assert _at(folder).messages == 3 == FixMsgFileStore.open_folder(folder).get_state().messages


@pytest.mark.parametrize(
    ("what", "verdict", "text"),
    [
        ("index shorter", Verdict.INDEX_DISAGREES, "index shorter than data: repair"),
        ("index longer", Verdict.INDEX_DISAGREES, "index longer than data: repair"),
        ("no index", Verdict.INDEX_DISAGREES, "index is missing or empty: repair"),
        ("other number", Verdict.INDEX_DISAGREES, "index does not agree about message 7: repair"),
        ("half message", Verdict.HALF_RECORD, "ends with half a message: repair"),
        ("half of the last", Verdict.HALF_RECORD, "ends with half a message: repair"),
        ("half entry", Verdict.HALF_RECORD, "index ends with half an entry: repair"),
    ],
)
def test_what_repair_puts_right(tmp_path: Path, what: str, verdict: Verdict, text: str) -> None:
    folder = _ours(tmp_path)
    data, index = folder / "messages.dat", folder / "messages.idx"
    entries, content = index.read_bytes(), data.read_bytes()
    if what == "index shorter":
        index.write_bytes(entries[:-12])
    elif what == "index longer":
        index.write_bytes(entries + ENTRY.pack(6, len(content) + 10))
    elif what == "no index":
        index.unlink()
    elif what == "other number":
        index.write_bytes(entries[:-12] + ENTRY.pack(7, ENTRY.unpack(entries[-12:])[1]))
    elif what == "half message":
        data.write_bytes(content + content[:30])
    elif what == "half of the last":
        data.write_bytes(content[:-9])
    else:
        index.write_bytes(entries + b"\1")
    before = untouched(folder)
    health = _at(folder)
    assert (health.verdict, health.text) == (verdict, text)
    assert (health.next_out, health.next_in) == (6, 1)
    assert untouched(folder) == before
    with FixMsgFileStore.open_folder(folder, read_only=False, trust_index=False):
        pass
    assert _at(folder).verdict is Verdict.IN_ORDER


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("session.meta", None, "session.meta is missing: set both numbers"),
        ("session.meta", b"{", "session.meta: expected JSON: "),
        (
            "session.meta",
            b'{"lastSentSeqNum": -1, "lastReceivedSeqNum": 0}',
            "session.meta: lastSentSeqNum: expected a ",
        ),
        ("messages.dat", None, "messages.dat is missing: 5 messages are lost"),
        ("resend.json", b"[", "resend.json: expected JSON: "),
    ],
)
def test_what_only_a_person_puts_right(tmp_path: Path, name: str, content: bytes | None, text: str) -> None:
    folder = _ours(tmp_path)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    health = _at(folder)
    assert health.verdict is Verdict.DAMAGED
    assert health.text.startswith(text)
    assert (health.next_out is None) == (name == "session.meta")


def test_a_damaged_last_message(tmp_path: Path) -> None:
    folder = _ours(tmp_path)
    content = (folder / "messages.dat").read_bytes()
    (folder / "messages.dat").write_bytes(content.replace(b"34=5\x01", b"34=6\x01"))
    health = _at(folder)
    assert (health.verdict, health.text) == (
        Verdict.DAMAGED,
        "message 5 is damaged, and will be gap-filled: verify",
    )


def test_of_another_session(tmp_path: Path) -> None:
    folder = _ours(tmp_path)
    moved = folder.rename(tmp_path / "A.B")
    health = _at(moved)
    assert (health.verdict, health.text) == (
        Verdict.FOREIGN,
        "session.meta is of CLI → SRV, the folder of A → B: verify",
    )
    meta = moved / "session.meta"
    meta.write_text(meta.read_text().replace("CLI", "A").replace("SRV", "B"))
    assert (_at(moved).verdict, _at(moved).text) == (Verdict.FOREIGN, "messages are not of A → B: verify")


def test_a_store_that_names_no_session_yet(tmp_path: Path) -> None:
    """The session that opens it fills its CompIDs in."""
    folder = _ours(tmp_path)
    meta = folder / "session.meta"
    meta.write_text(meta.read_text().replace("CLI", "").replace("SRV", ""))
    assert (_at(folder).verdict, _at(folder).session_text) == (Verdict.IN_ORDER, "")
    assert verify(folder).problems == []


def test_of_another_session_also_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = _ours(tmp_path).rename(tmp_path / "A.B")
    monkeypatch.chdir(moved)
    assert _at(Path()).verdict is Verdict.FOREIGN


def test_a_running_session(tmp_path: Path) -> None:
    folder = _ours(tmp_path)
    (folder / "messages.idx").write_bytes(b"")
    lock = StoreLock(folder, "FIX.4.4 CLI -> SRV")
    try:
        health = _at(folder)
    finally:
        lock.release()
    assert health.verdict is Verdict.LOCKED
    assert health.holder is not None
    assert health.holder.endswith("FIX.4.4 CLI -> SRV")
    assert health.text == f"in use by {health.holder}"
    assert health.next_out == 6
    assert _at(folder).verdict is Verdict.INDEX_DISAGREES


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    health = _at(tmp_path / "none")
    assert (health.verdict, health.size, health.next_out) == (Verdict.DAMAGED, 0, None)


# -- QuickFIX ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_cpp, write_java, write_dotnet, write_go])
def test_each_layout_of_quickfix(tmp_path: Path, write) -> None:
    write(tmp_path, "FIX.4.4-CLI-SRV", FIVE)
    health = look_at(locate(tmp_path))
    assert (health.session_text, health.next_out, health.next_in) == ("FIX.4.4 CLI → SRV", 6, 5)
    assert (health.messages, health.verdict, health.last_received) == (5, Verdict.IN_ORDER, None)
    assert health.created is not None


@pytest.mark.parametrize("write", [write_cpp, write_java, write_dotnet, write_go])
def test_of_a_long_header_only_the_end_is_read(tmp_path: Path, write, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [message(number) for number in range(1, 301)]
    path = write(tmp_path, "FIX.4.4-CLI-SRV", many)
    location = locate(tmp_path)
    whole = look_at(location)
    monkeypatch.setattr(ends, "_READ_WHOLE", 100)
    monkeypatch.setattr(ends, "_END", 160)
    monkeypatch.setattr(ends, "read_header", None)
    assert look_at(location) == whole
    assert (whole.messages, whole.verdict) == (300, Verdict.IN_ORDER)
    body = Path(f"{path}.body")
    body.write_bytes(body.read_bytes()[:-5])
    assert look_at(location).verdict in (Verdict.INDEX_DISAGREES, Verdict.HALF_RECORD)


@pytest.mark.parametrize(
    ("suffix", "change", "verdict", "text"),
    [
        (".seqnums", lambda _: b"", Verdict.DAMAGED, "next out: cannot be read, the engine begins with 1"),
        (".seqnums", lambda _: b"0 : 3", Verdict.DAMAGED, "next out: the file says 0, which counts as 1 here"),
        (".header", None, Verdict.INDEX_DISAGREES, "header has no entry for the messages of the body: repair"),
        (".header", lambda _: b"", Verdict.INDEX_DISAGREES, "header has no entry for the messages of the body: verify"),
        (".header", lambda old: old + b"9,9999,10 ", Verdict.INDEX_DISAGREES, "header points beyond the body"),
        (".header", lambda old: b"1,0,5 x " + old, Verdict.INDEX_DISAGREES, "header has no entry at offset 6"),
        (".header", lambda old: old + b"6,43", Verdict.HALF_RECORD, "header ends with half an entry: repair"),
        (".body", lambda old: old + old[:30], Verdict.HALF_RECORD, "body ends with half a message: repair"),
        (".body", lambda old: old.replace(b"34=5\x01", b"34=6\x01"), Verdict.DAMAGED, "message 5 is damaged"),
    ],
)
def test_what_is_wrong_with_quickfix(tmp_path: Path, suffix: str, change, verdict: Verdict, text: str) -> None:
    path = write_cpp(tmp_path, messages=FIVE)
    location = locate(tmp_path)
    file = Path(f"{path}{suffix}")
    if change is None:
        file.unlink()
    else:
        file.write_bytes(change(file.read_bytes()))
    before = untouched(tmp_path)
    health = look_at(location)
    assert (health.verdict, health.text[: len(text)]) == (verdict, text)
    assert untouched(tmp_path) == before
    if text.startswith("next out"):
        assert health.next_out is None


def test_messages_of_others_in_a_body(tmp_path: Path) -> None:
    write_cpp(tmp_path, messages=[*FIVE, message(6, sender="X")])
    assert look_at(locate(tmp_path)).verdict is Verdict.FOREIGN


def test_an_engine_that_has_the_files_open(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=FIVE)
    script = f"f = open({f'{path}.body'!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        health = look_at(locate(tmp_path))
        process.communicate(b"\n")
    assert (health.verdict, health.next_out) == (Verdict.LOCKED, 6)
    assert f"process {process.pid} " in health.text


# -- whatever the files hold -------------------------------------------------------------------------------------------

NAMES = ("session.meta", "messages.dat", "messages.idx", "resend.json")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_never_raises_and_changes_nothing(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "CLI.SRV"
    if not folder.exists():
        _ours(tmp_path)
        (folder / "session.lock").unlink()
        (tmp_path / "qf").mkdir()
        write_cpp(tmp_path / "qf", messages=FIVE)
    whole = {path: path.read_bytes() for path in (*folder.iterdir(), *(tmp_path / "qf").iterdir())}
    try:
        changed = data.draw(st.sampled_from(sorted(whole)))
        content = whole[changed]
        cut = data.draw(st.integers(0, len(content)))
        rest = data.draw(st.sampled_from([b"", content[cut:]]))
        changed.write_bytes(content[:cut] + data.draw(st.binary(max_size=40)) + rest)
        for found in find_stores(tmp_path).stores:
            before = untouched(found.folder)
            health = look_at(found)
            assert untouched(found.folder) == before
            assert health.text
            assert "\n" not in health.text
            assert (health.verdict is Verdict.IN_ORDER) == (health.text == "in order")
    finally:
        for path, content in whole.items():
            path.write_bytes(content)
