"""Stores are found below folders, and behind the paths that people type."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from purefix_core.store import finding
from purefix_core.store.finding import StoreLocation, find_stores, locate, locate_all
from purefix_core.store.records import StoreError
from tests.store.file_stores import not_to_be_listed

META = {"senderCompId": "CLI", "targetCompId": "SRV", "lastSentSeqNum": 3, "lastReceivedSeqNum": 4}


def ours(folder: Path, *names: str) -> Path:
    """A folder with these files of a store."""
    folder.mkdir(parents=True)
    for name in names or ("session.meta",):
        (folder / name).write_text(json.dumps(META) if name == "session.meta" else "")
    return folder


def quickfix(folder: Path, prefix: str = "FIX.4.4-CLI-SRV") -> Path:
    """The files of a QuickFIX C++ store without messages; gives its path as people type it."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in (
        (".seqnums", b"%020d : %020d" % (5, 7)),
        (".session", b"20260131-12:00:00"),
        (".header", b""),
        (".body", b""),
    ):
        (folder / (prefix + suffix)).write_bytes(content)
    return folder / prefix


def places(root: Path) -> list[tuple[str, str]]:
    return [(str(each.path.relative_to(root)), each.layout) for each in find_stores(root).stores]


def test_stores_of_all_layouts_are_found_in_order(tmp_path: Path) -> None:
    ours(tmp_path / "b" / "CLI.SRV", "session.meta", "messages.dat", "messages.idx")
    ours(tmp_path / "a")
    quickfix(tmp_path / "b" / "qf", "FIX.4.4-X-Y")
    quickfix(tmp_path / "b" / "qf", "FIXT.1.1-X-Y")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "notes.txt").touch()
    assert places(tmp_path) == [
        ("a", "purefix"),
        ("b/CLI.SRV", "purefix"),
        ("b/qf/FIX.4.4-X-Y", "quickfix-cpp"),
        ("b/qf/FIXT.1.1-X-Y", "quickfix-cpp"),
    ]
    assert find_stores(tmp_path).notices == []


def test_what_a_conversion_left_is_no_store_but_a_comp_id_may_be_called_so(tmp_path: Path) -> None:
    ours(tmp_path / "CLI.converting")
    ours(tmp_path / ".CLI.SRV.k3j2x1.converting" / "CLI.SRV")
    assert places(tmp_path) == [("CLI.converting", "purefix")]


def test_the_real_ones_are_found(shared: Path) -> None:
    found = find_stores(shared / "logs" / "quickfix_cpp_live").stores
    assert [(each.path.name, each.path.parent.name) for each in found] == [
        ("FIX.4.4-SRV-CLI", "store_acceptor"),
        ("FIXT.1.1-SRV-CLI", "store_acceptor"),
        ("FIX.4.4-CLI-SRV", "store_initiator"),
        ("FIXT.1.1-CLI-SRV", "store_initiator"),
    ]
    assert {each.layout for each in found} == {"quickfix-cpp"}


@pytest.mark.parametrize("name", ["session.meta", "messages.dat", "messages.idx"])
def test_one_file_of_ours_makes_a_store(tmp_path: Path, name: str) -> None:
    folder = ours(tmp_path / "a", name)
    assert find_stores(tmp_path).stores == [StoreLocation(folder, "purefix")]
    assert locate(folder / name) == locate(folder) == StoreLocation(folder, "purefix")


def test_the_folder_itself_is_searched_too(tmp_path: Path) -> None:
    folder = ours(tmp_path / "a")
    assert [each.path for each in find_stores(folder).stores] == [folder]


def test_links_are_not_followed(tmp_path: Path) -> None:
    ours(tmp_path / "elsewhere" / "s")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "loop").symlink_to(root)
    assert places(root) == []
    assert places(tmp_path) == [("elsewhere/s", "purefix")]


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours(tmp_path / "b")
    closed = tmp_path / "a"
    closed.mkdir()
    not_to_be_listed(closed, monkeypatch)
    found = find_stores(tmp_path)
    assert [each.path.name for each in found.stores] == ["b"]
    assert found.notices == [f"{closed}: cannot be read: Permission denied"]


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    quickfix(tmp_path / "a")
    (tmp_path / "a" / "FIX.4.4-CLI-SRV.header").unlink()
    (tmp_path / "a" / "FIX.4.4-CLI-SRV.header").mkdir()
    ours(tmp_path / "b")
    found = find_stores(tmp_path)
    assert [each.path.name for each in found.stores][-1:] == ["b"]
    assert len(found.stores) + len(found.notices) == 2


def test_the_depth_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_DEEPEST", 2)
    ours(tmp_path / "1" / "2")
    ours(tmp_path / "1" / "2" / "3")
    found = find_stores(tmp_path)
    assert [each.path.name for each in found.stores] == ["2"]
    assert found.notices == [f"{tmp_path / '1' / '2'}: not searched: more than 2 folders deep"]


def test_the_number_of_folders_and_stores_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        ours(tmp_path / name)
    monkeypatch.setattr(finding, "_MOST_FOLDERS", 3)
    found = find_stores(tmp_path)
    assert [each.path.name for each in found.stores] == ["a", "b"]
    assert found.notices == [f"{tmp_path}: only its first 3 folders were searched"]
    monkeypatch.setattr(finding, "_MOST_FOLDERS", 100)
    monkeypatch.setattr(finding, "_MOST_STORES", 1)
    found = find_stores(tmp_path)
    assert [each.path.name for each in found.stores] == ["a"]
    assert found.notices == [f"{tmp_path}: holds more than 1 stores; only these are listed"]


def test_a_root_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file or folder"):
        find_stores(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="is not a folder"):
        find_stores(tmp_path / "file")


@pytest.mark.parametrize("name", ["session.meta", "messages.dat", "messages.idx", "resend.json", "session.lock"])
def test_every_file_of_ours_means_its_store(tmp_path: Path, name: str) -> None:
    folder = ours(tmp_path / "a")
    (folder / name).touch()
    assert locate(folder / name).path == folder


@pytest.mark.parametrize("stamp", ["20260131-120000", "20260131-120000-2"])
def test_a_backup_is_not_taken_for_the_store(tmp_path: Path, stamp: str) -> None:
    folder, path = ours(tmp_path / "a b"), quickfix(tmp_path / "qf")
    for copy, of, dir_ in (
        (folder / f"session.meta.{stamp}.bak", "session.meta", f"'{folder}'"),
        (Path(f"{path}.seqnums.{stamp}.bak"), "FIX.4.4-CLI-SRV.seqnums", str(path)),
    ):
        copy.touch()
        with pytest.raises(StoreError) as error:
            locate(copy)
        back = f"purefix store restore {dir_} {stamp} puts it back"
        assert str(error.value) == f"{copy}: is a backup of {of}; {back}"


@pytest.mark.parametrize(
    ("ending", "says"), [("cut", "is what was cut off"), ("old", "is a former"), ("edited", "is an edit")]
)
def test_what_was_cut_off_or_kept_aside_is_not_taken_for_the_store(tmp_path: Path, ending: str, says: str) -> None:
    folder, path = ours(tmp_path / "a"), quickfix(tmp_path / "qf")
    for copy in (folder / "messages.dat", Path(f"{path}.body")):
        copy = copy.with_name(f"{copy.name}.20260131-120000.{ending}")
        copy.touch()
        with pytest.raises(StoreError, match=says):
            locate(copy)


def test_several_stores_can_be_meant(tmp_path: Path) -> None:
    folders = [ours(tmp_path / "stores" / name) for name in ("a", "b")]
    assert [each.path for each in locate_all(tmp_path).stores] == folders
    assert [each.path for each in locate_all(folders[0] / "session.meta").stores] == folders[:1]
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="holds no message store"):
        locate_all(tmp_path / "empty")


def test_a_mistyped_path(tmp_path: Path) -> None:
    quickfix(tmp_path)
    for name in ("none", "FIX.4.4-CLI-SRVV", "none/deeper"):
        with pytest.raises(StoreError, match=r": no such file or folder") as error:
            locate(tmp_path / name)
        assert ("its folder has the stores FIX.4.4-CLI-SRV" in str(error.value)) is ("/" not in name)


@pytest.mark.parametrize("suffix", ["", ".seqnums", ".header", ".body", ".session"])
def test_each_file_of_quickfix_means_its_store(tmp_path: Path, suffix: str) -> None:
    quickfix(tmp_path, "FIX.4.4-OTHER-SRV")
    path = quickfix(tmp_path)
    location = locate(Path(f"{path}{suffix}"))
    assert (location.path, location.layout, location.folder) == (path, "quickfix-cpp", tmp_path)
    assert location.files is not None
    assert location.files.sender_comp_id == "CLI"


def test_a_folder_with_exactly_one_store_means_that(tmp_path: Path) -> None:
    folder = ours(tmp_path / "store" / "JPM" / "CLI.SRV")
    assert locate(tmp_path).path == folder
    shutil.rmtree(folder)
    path = quickfix(tmp_path / "store")
    assert locate(tmp_path).path == path


def test_several_stores_are_named(tmp_path: Path) -> None:
    folders = [ours(tmp_path / f"{number:02}") for number in range(12)]
    with pytest.raises(StoreError) as error:
        locate(tmp_path)
    listed = ", ".join(map(str, folders[:10]))
    assert str(error.value) == f"{tmp_path}: holds 12 stores; name one of them: {listed}, 2 more"


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no message store"):
        locate(tmp_path)
    (tmp_path / "resend.json").touch()
    for name in ("resend.json", "none", "FIX.4.4-A-B", "x" * 300):
        with pytest.raises(StoreError):
            locate(tmp_path / name)
