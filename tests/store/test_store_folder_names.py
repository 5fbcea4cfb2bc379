"""Each session has a folder of its own, and no CompID leads out of the store's folder."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.folder_names import comp_ids_of, folder_name, parts_of, plain_name, session_folder
from purefix_core.store.records import StoreError

PARTS = ("sender_sub_id", "sender_location_id", "target_sub_id", "target_location_id", "session_qualifier")


@pytest.mark.parametrize(
    ("sender", "target", "more", "name"),
    [
        ("init-comp", "accept-comp", {}, "init-comp.accept-comp"),
        ("CLI_1", "SRV", {}, "CLI_1.SRV"),
        ("A.B", "C", {}, "A%2EB.C"),
        ("A", "B.C", {}, "A.B%2EC"),
        ("..", "/", {}, "%2E%2E.%2F"),
        ("a b", "c%d\n\0~", {}, "a%20b.c%25d%0A%00%7E"),
        ("ü", "\udc80", {}, "%C3%BC.%ED%B2%80"),
        ("A", "B", {"sender_sub_id": "S"}, "A+S.B"),
        ("A", "B", {"sender_sub_id": "S", "sender_location_id": "L"}, "A+S+L.B"),
        ("A", "B", {"sender_location_id": "L"}, "A++L.B"),
        ("A", "B", {"target_sub_id": "S", "target_location_id": "L"}, "A.B+S+L"),
        ("A", "B", {"target_location_id": "L"}, "A.B++L"),
        ("A", "B", {"session_qualifier": "q/1"}, "A.B@q%2F1"),
        ("A+S", "B@q", {}, "A%2BS.B%40q"),
    ],
)
def test_names(sender: str, target: str, more: dict[str, str], name: str) -> None:
    assert folder_name(sender, target, **more) == name


@pytest.mark.parametrize(("sender", "target"), [("", "B"), ("A", ""), ("", "")])
def test_an_empty_comp_id_is_refused(sender: str, target: str) -> None:
    with pytest.raises(StoreError, match="TargetCompID" if sender else "SenderCompID"):
        folder_name(sender, target)


def test_long_names_are_cut_and_stay_different() -> None:
    assert folder_name("A" * 100, "B" * 99) == "A" * 100 + "." + "B" * 99
    names = {folder_name("A" * 100, "B" * length) for length in range(100, 400)}
    assert len(names) == 300
    for name in names:
        assert re.fullmatch("A{100}[.]B{49}~[0-9a-f]{32}", name)


COMP_ID = st.text(st.sampled_from("AB.+@%/\\~_- \n\0ü\udc80€1") | st.characters(), min_size=1, max_size=12) | st.text(
    "AB.", min_size=60, max_size=90
)
SESSION = st.tuples(COMP_ID, COMP_ID, *[st.sampled_from(["", "A", "+", "@", ".", "A+B", "%2B"])] * len(PARTS))


def name_of(session: tuple[str, ...]) -> str:
    return folder_name(session[0], session[1], **dict(zip(PARTS, session[2:], strict=True)))


@given(SESSION, SESSION)
def test_no_two_sessions_share_a_name(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (name_of(one) == name_of(other)) == (one == other)


@given(st.lists(st.text("A.+@%~2BE", max_size=3), min_size=7, max_size=7), st.integers(0, 6), st.integers(0, 6))
def test_texts_that_move_from_one_part_to_another_make_another_name(parts: list[str], one: int, other: int) -> None:
    """The likeliest way to share a name: the same characters, divided in another way."""
    session = ["x" + parts[0], "x" + parts[1], *parts[2:]]
    moved = list(session)
    moved[one], moved[other] = moved[one] + moved[other][1:], moved[other][:1]
    assert (name_of(tuple(session)) == name_of(tuple(moved))) == (session == moved)


@given(SESSION)
def test_a_name_is_one_component_of_a_path(session: tuple[str, ...]) -> None:
    name = name_of(session)
    assert re.fullmatch(r"[A-Za-z0-9_%+.@~-]{3,200}", name)
    assert name not in (".", "..")
    assert (Path("/stores") / name).parent == Path("/stores")


@pytest.mark.parametrize(
    ("sender", "target", "name"),
    [
        ("A.B", "C", "A.B.C"),
        ("a b", "ü", "a b.ü"),
        ("..", "..", "....."),
        ("a/b", "C", None),
        ("..", "/../x", None),
        ("A", "\0", None),
        ("", "", None),
        (".", "", None),
        ("A" * 127, "B" * 127, "A" * 127 + "." + "B" * 127),
        ("A" * 128, "B" * 127, None),
        ("ü" * 127, "B", None if os.fsencode("ü") != b"\xfc" else "ü" * 127 + ".B"),
        ("\ud800", "B", None),
    ],
)
def test_plain_names(sender: str, target: str, name: str | None) -> None:
    assert plain_name(sender, target) == name


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_plain_name_is_one_component(sender: str, target: str) -> None:
    name = plain_name(sender, target)
    if name is not None:
        path = Path("/stores") / name
        assert (path.parent, path.name) == (Path("/stores"), name)
        assert os.path.normpath(path) == str(path)


def make_store(folder: Path, sender: str, target: str) -> Path:
    folder.mkdir()
    meta = {"senderCompId": sender, "targetCompId": target, "lastSentSeqNum": 1, "lastReceivedSeqNum": 2}
    (folder / "session.meta").write_text(json.dumps(meta))
    return folder


def test_the_folder_of_a_new_session(tmp_path: Path) -> None:
    assert session_folder(tmp_path, "A.B", "C") == tmp_path / "A%2EB.C"
    assert session_folder(tmp_path, "a/b", "C") == tmp_path / "a%2Fb.C"
    assert session_folder(tmp_path / "missing", "A", "C") == tmp_path / "missing" / "A.C"
    assert list(tmp_path.iterdir()) == []


def test_a_plain_folder_of_the_same_session_is_used(tmp_path: Path) -> None:
    plain = make_store(tmp_path / "A.B.C", "A.B", "C")
    assert session_folder(tmp_path, "A.B", "C") == plain
    assert session_folder(tmp_path, "A", "B.C") == tmp_path / "A.B%2EC"  # has the same plain name
    (tmp_path / "A%2EB.C").mkdir()  # an empty one is in nobody's way
    assert session_folder(tmp_path, "A.B", "C") == plain


@pytest.mark.parametrize("part", PARTS)
def test_a_plain_folder_is_of_no_session_with_more_than_comp_ids(tmp_path: Path, part: str) -> None:
    make_store(tmp_path / "A.B.C", "A.B", "C")
    found = session_folder(tmp_path, "A.B", "C", **{part: "x"})
    assert found == tmp_path / folder_name("A.B", "C", **{part: "x"})


def test_two_folders_of_one_session_are_refused(tmp_path: Path) -> None:
    plain = make_store(tmp_path / "A.B.C", "A.B", "C")
    encoded = make_store(tmp_path / "A%2EB.C", "A.B", "C")
    with pytest.raises(StoreError) as refused:
        session_folder(tmp_path, "A.B", "C")
    assert str(plain) in str(refused.value)
    assert str(encoded) in str(refused.value)
    assert "move one away" in str(refused.value)


def test_a_plain_folder_without_numbers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "A.B.C").mkdir()
    assert session_folder(tmp_path, "A.B", "C") == tmp_path / "A%2EB.C"


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}", b'{"senderCompId": 3}'], ids=repr)
def test_a_plain_folder_that_may_be_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    """Going on without its numbers would begin with 1 again."""
    folder = tmp_path / "A.B.C"
    folder.mkdir()
    (folder / "session.meta").write_bytes(content)
    with pytest.raises(StoreError, match=r"A\.B\.C.session\.meta: "):
        session_folder(tmp_path, "A.B", "C")


@pytest.mark.parametrize(
    ("name", "comp_ids"),
    [
        ("A.B", ("A", "B")),
        ("A%2EB.C+sub+place@q", ("A.B", "C")),
        ("A+sub.B", ("A", "B")),
        ("A", None),
        ("A.B.C", None),
        (".B", None),
        ("A.B~0123", None),
    ],
)
def test_comp_ids_of_a_folder(name: str, comp_ids: tuple[str, str] | None) -> None:
    assert comp_ids_of(name) == comp_ids


def test_a_file_in_the_place_of_the_plain_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "A.B.C").write_text("x")
    assert session_folder(tmp_path, "A.B", "C") == tmp_path / "A%2EB.C"


_texts = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=6)  # lone surrogates too


@given(_texts, _texts, st.fixed_dictionaries({part: st.just("") | _texts for part in PARTS}))
def test_a_name_that_was_not_cut_says_all(sender: str, target: str, parts: dict[str, str]) -> None:
    name = folder_name(sender, target, **parts)
    if "~" in name:
        assert (comp_ids_of(name), parts_of(name)) == (None, {})
    else:
        assert (comp_ids_of(name), parts_of(name)) == ((sender, target), parts)


@pytest.mark.parametrize("name", ["", "A", "A.B.C", "CLI.SRV~0"])
def test_a_name_that_is_none_says_nothing(name: str) -> None:
    assert (comp_ids_of(name), parts_of(name)) == (None, {})
