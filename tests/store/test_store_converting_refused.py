"""What is not converted: nothing is written over anything, and what fails leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from purefix_core.store import changing, conversion_targets
from purefix_core.store.converting import convert
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation, locate
from purefix_core.store.lock import StoreLocked
from purefix_core.store.quickfix.files import CPP
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from tests.store.conversions import FIVE, files_of, ours
from tests.store.file_stores import contents, record
from tests.store.quickfix_stores import message, write_cpp, write_java


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    location = ours(tmp_path, record(1))
    new = tmp_path / "new"
    new.mkdir()
    for suffix in (".body", ".seqnums", ".senderseqnums"):
        file = new / f"FIX.4.4-CLI-SRV{suffix}"
        file.write_text("mine")
        with pytest.raises(StoreError, match="is there already, and nothing is overwritten"):
            convert(location, new, CPP)
        assert contents(new) == {file.name: b"mine"}
        file.unlink()
    dangling = new / "FIX.4.4-CLI-SRV.header"
    dangling.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is there already"):
        convert(location, new, CPP)
    assert not (tmp_path / "elsewhere").exists()
    write_cpp(tmp_path, messages=FIVE)
    for make in (Path.mkdir, Path.touch, lambda path: path.symlink_to(tmp_path / "elsewhere")):
        make(new / "CLI.SRV")
        with pytest.raises(StoreError, match="is there already"):
            convert(locate(tmp_path / "FIX.4.4-CLI-SRV"), new, PUREFIX)
        path = new / "CLI.SRV"
        path.rmdir() if path.is_dir() else path.unlink()
    assert not (tmp_path / "elsewhere").exists()
    assert list(new.iterdir()) == [dangling]


def test_what_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = ours(tmp_path, record(1))
    new, seqnums = tmp_path / "new", tmp_path / "new/FIX.4.4-CLI-SRV.seqnums"
    give_name = conversion_targets._give_name

    def late(path: Path, name: Path) -> None:
        if name == seqnums:
            seqnums.write_text("mine")
        give_name(path, name)

    monkeypatch.setattr(conversion_targets, "_give_name", late)
    with pytest.raises(StoreError, match="is there already"):
        convert(location, new, CPP)
    assert contents(new) == {seqnums.name: b"mine"}


def test_a_store_in_use_is_not_converted(tmp_path: Path) -> None:
    location = ours(tmp_path, record(1))
    with (
        FixMsgFileStore.open_folder(location.path, read_only=False),
        pytest.raises(StoreLocked, match="stop that session first"),
    ):
        convert(location, tmp_path / "new", CPP)
    assert not (tmp_path / "new").exists()


def _while_it_converts(monkeypatch: pytest.MonkeyPatch, target: type, deed: Callable[[], object]) -> None:
    """Lets something happen when the new store is written."""
    write = target.write

    def late(*arguments: object) -> None:
        write(*arguments)
        deed()

    monkeypatch.setattr(target, "write", late)


def test_a_session_that_begins_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = ours(tmp_path, record(1))
    begun: list[FixMsgFileStore] = []
    _while_it_converts(
        monkeypatch,
        conversion_targets.CppTarget,
        lambda: begun.append(FixMsgFileStore.open_folder(location.path, read_only=False)),
    )
    with pytest.raises(StoreLocked, match="stop that session first"):
        convert(location, tmp_path / "new", CPP)
    begun[0].close()
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("layout", [PUREFIX, CPP])
def test_numbers_that_change_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    location = ours(tmp_path, record(1)) if layout == CPP else locate(write_cpp(tmp_path, messages=FIVE))
    target = conversion_targets.CppTarget if layout == CPP else conversion_targets.OursTarget
    _while_it_converts(monkeypatch, target, lambda: changing.set_numbers(location, None, 99))
    with pytest.raises(StoreError, match="changed while it was converted"):
        convert(location, tmp_path / "new", layout)
    assert list((tmp_path / "new").iterdir()) == []


def test_the_second_of_two_conversions_says_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one has given its folder the name between the look and the rename."""
    path = write_cpp(tmp_path, messages=FIVE)
    there = convert(locate(path), tmp_path / "new", PUREFIX)
    before = contents(there.path)
    monkeypatch.setattr(conversion_targets.OursTarget, "refuse_if_there", lambda self: None)
    with pytest.raises(StoreError, match=r"new/CLI\.SRV: is there already"):
        convert(locate(path), tmp_path / "new", PUREFIX)
    assert contents(there.path) == before


def test_a_store_of_nobody(tmp_path: Path) -> None:
    (tmp_path / "session.meta").write_text('{"lastSentSeqNum": 3, "lastReceivedSeqNum": 3}')
    with pytest.raises(StoreError, match='SenderCompID "": expected what can stand in a file name'):
        convert(StoreLocation(tmp_path, PUREFIX), tmp_path.parent / "new", CPP, "FIX.4.4")


def test_what_cannot_be(tmp_path: Path) -> None:
    location = ours(tmp_path, record(1))
    with pytest.raises(StoreError, match="is a store of PureFix already"):
        convert(location, tmp_path / "new", PUREFIX)
    with pytest.raises(ValueError, match="found quickfix-j"):
        convert(location, tmp_path / "new", "quickfix-j")
    with pytest.raises(StoreError, match="lies in the folder of the store"):
        convert(location, location.path / "new", CPP)
    changing.set_numbers(location, MAX_SEQ_NUM, 1)
    with pytest.raises(StoreError, match="QuickFIX keeps the next number"):
        convert(location, tmp_path / "new", CPP)
    path = write_cpp(tmp_path, messages=FIVE)
    Path(f"{path}.seqnums").write_bytes(b"")
    with pytest.raises(StoreError, match="the next number out cannot be read, the engine begins with 1; set both"):
        convert(locate(path), tmp_path / "new", PUREFIX)
    assert not (tmp_path / "new").exists()


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    evil = [message(1, sender="../../evil", target="..")]
    write_java(tmp_path, "FIX.4.4-.._.._evil-..", evil)
    location = locate(tmp_path)
    assert location.files is not None
    assert location.files.sender_comp_id == "../../evil"
    converted = convert(location, tmp_path / "new", PUREFIX)
    assert converted.path.parent == tmp_path / "new"
    assert converted.path.name == "%2E%2E%2F%2E%2E%2Fevil.%2E%2E"
    with pytest.raises(StoreError, match="expected what can stand in a file name"):
        convert(location, tmp_path / "new", CPP)
    with pytest.raises(StoreError, match="expected what can stand in a file name"):
        convert(converted.location, tmp_path / "back", CPP)
    folder = ours(tmp_path / "b").path
    with pytest.raises(StoreError, match="expected what can stand in a file name"):
        convert(StoreLocation(folder, PUREFIX), tmp_path / "back", CPP, "FIX/../../x")
    assert not (tmp_path / "back").exists()


def test_others_may_not_read_what_they_could_not_before(tmp_path: Path) -> None:
    location = ours(tmp_path, record(1))
    (location.path / "messages.dat").chmod(0o600)
    converted = convert(location, tmp_path / "new", CPP)
    assert {path.stat().st_mode & 0o777 for path in files_of(converted).paths} == {0o600}
    back = convert(converted.location, tmp_path / "back", PUREFIX)
    assert {path.stat().st_mode & 0o777 for path in back.path.iterdir()} == {0o600}


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = ours(tmp_path, record(1))

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(conversion_targets, "pair_text", full)
    with pytest.raises(StoreError, match="No space left on device"):
        convert(location, tmp_path / "new", CPP)
    assert list((tmp_path / "new").iterdir()) == []


def test_what_reads_otherwise_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = ours(tmp_path, record(1))
    monkeypatch.setattr(conversion_targets, "pair_text", lambda _out, _in: b"%020d : %020d" % (9, 9))
    with pytest.raises(StoreError, match="what was written reads otherwise"):
        convert(location, tmp_path / "new", CPP)
    assert list((tmp_path / "new").iterdir()) == []
