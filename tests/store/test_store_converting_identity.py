"""A store in another layout is still that of the same session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.store import converting
from purefix_core.store.converting import convert
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.quickfix.files import CPP
from purefix_core.store.records import StoreError
from tests.store.file_stores import filled, record


def _empty(folder: Path, sender: str = "CLI") -> StoreLocation:
    with FixMsgFileStore(folder, sender, "SRV") as store:
        store.set_last_sent_seq_num(3)
        return StoreLocation(store.folder, PUREFIX)


@pytest.mark.parametrize("begin_string", ["FIX.4.4-X", "FIX.4.4\n", "FIX", "FIX.5.0SP2", "FIX.4.\ud800"])
def test_what_is_no_begin_string(tmp_path: Path, begin_string: str) -> None:
    with pytest.raises(StoreError, match="expected") as caught:
        convert(_empty(tmp_path), tmp_path / "new", CPP, begin_string)
    assert str(caught.value).isprintable()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("begin_string", ["FIX.4.0", "FIXT.1.1"])
def test_a_begin_string_that_is_given(tmp_path: Path, begin_string: str) -> None:
    files = convert(_empty(tmp_path), tmp_path / "new", CPP, begin_string).location.files
    assert files is not None
    assert (files.begin_string, files.sender_comp_id, files.target_comp_id) == (begin_string, "CLI", "SRV")


def test_a_comp_id_that_is_no_file_name(tmp_path: Path) -> None:
    location = _empty(tmp_path)
    meta = location.path / "session.meta"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "senderCompId": "\ud800A"}))
    with pytest.raises(StoreError, match=r'SenderCompID ".ud800A": expected what can stand in a file name'):
        convert(location, tmp_path / "new", CPP, "FIX.4.4")
    assert not (tmp_path / "new").exists()


def test_a_name_that_may_be_read_otherwise_is_told(tmp_path: Path) -> None:
    converted = convert(_empty(tmp_path, "A-B"), tmp_path / "new", CPP, "FIX.4.4")
    assert "is a guess" in "\n".join(converted.lines)


def test_a_store_of_another_session_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = StoreLocation(filled(tmp_path, record(1)), PUREFIX)
    honest = converting.identity_of

    def other(found: StoreLocation, store: object) -> object:
        identity = honest(found, store)  # type: ignore[arg-type]
        return identity if found == location else identity._replace(target_comp_id="X")

    monkeypatch.setattr(converting, "identity_of", other)
    with pytest.raises(StoreError, match="would be read as a store of another session; nothing was made"):
        convert(location, tmp_path / "new", CPP)
    assert not list((tmp_path / "new").iterdir())
