"""session.meta as text: checked, shown as a difference, saved over nothing that somebody else wrote, undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purefix_core.store import meta_edit
from purefix_core.store.changing import NEWEST, find_backup, restore
from purefix_core.store.disk import Disk
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import locate
from purefix_core.store.lock import FILE_NAME as LOCK
from purefix_core.store.lock import StoreLocked
from purefix_core.store.meta_edit import (
    difference,
    problems_of_text,
    read_text,
    save_text,
    warnings_of_text,
    with_fields,
)
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.store.session_meta import FILE_NAME, read_session_meta
from tests.store.file_stores import contents, filled, open_store, record

META = Path(FILE_NAME)
TEXT = '{"senderCompId": "CLI", "targetCompId": "SRV", "lastSentSeqNum": 5, "lastReceivedSeqNum": 7}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path, *(record(number) for number in range(1, 6)))


# -- checking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (TEXT, []),
        ("", ["session.meta: expected JSON: Expecting value at line 1, column 1"]),
        ("[]", ["session.meta: expected a JSON object, found []"]),
        (TEXT.replace("5", "-5"), ["lastSentSeqNum: expected a whole number from 0 to 2,147,483,647, found -5"]),
        (TEXT.replace("5,", ""), ["session.meta: expected JSON"]),
        (
            '{"senderCompId": 1, "lastSentSeqNum": "x", "createdTime": "noon"}',
            [
                "senderCompId: expected a CompID in quotes, found 1",
                'lastSentSeqNum: expected a whole number from 0 to 2,147,483,647, found "x"',
                "lastReceivedSeqNum: expected a whole number from 0 to 2,147,483,647, found nothing",
                'createdTime: expected a time such as "2025-01-09T16:30:45Z", or null, found "noon"',
            ],
        ),
        (TEXT.replace("{", '{"LASTSENTSEQNUM": 1, '), ["lastSentSeqNum: expected once, found twice"]),
        (TEXT.replace("CLI", "\ud800"), ["expected text, found half a surrogate pair"]),
        (TEXT + " " * 1024 * 1024, ["expected at most 1,048,576 bytes, found 1,048,6"]),
    ],
)
def test_every_problem_is_named(text: str, problems: list[str]) -> None:
    found = problems_of_text(META, text)
    assert len(found) == len(problems)
    for line, expected in zip(found, problems, strict=True):
        assert line.startswith("session.meta: ")
        assert expected in line


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["senderCompId", "lastSentSeqNum", "lastReceivedSeqNum", "createdTime", "x"]), inner
        ),
        max_leaves=8,
    ).map(json.dumps)
)
def test_what_has_no_problem_can_be_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "meta_edit_property"
    problems = problems_of_text(path, text)
    path.write_bytes(text.encode())
    if problems:
        with pytest.raises(StoreError):
            read_session_meta(path)
        assert all("\n" not in each for each in problems)
    else:
        read_session_meta(path)


def test_what_is_hardly_meant_is_warned_of() -> None:
    other = TEXT.replace("CLI", "X").replace("{", '{"last_sent_seq_num": 4, "note": 1, ')
    assert warnings_of_text(TEXT, other) == [
        "senderCompId: CLI becomes X; the store then is of another session",
        "last_sent_seq_num: is kept, but means nothing; lastSentSeqNum counts",
    ]
    assert warnings_of_text(TEXT, TEXT.replace("5", "6")) == []
    assert warnings_of_text("{", TEXT) == []
    assert warnings_of_text(TEXT, "{") == []


def test_the_difference_is_as_diff_writes_it() -> None:
    before = "{\n  a\n  b\n}\n"
    assert difference(before, before) == []
    assert difference(before, before.replace("b", "c")) == [
        "--- session.meta (now)",
        "+++ session.meta (new)",
        "@@ -1,4 +1,4 @@",
        " {",
        "   a",
        "-  b",
        "+  c",
        " }",
    ]


def test_the_difference_of_very_long_texts_is_bounded() -> None:
    long = "\n".join(f"{number % 7}" for number in range(200_000))
    assert difference(long, long + "x") == ["-200,000 lines", "+200,000 lines"]


# -- saving ------------------------------------------------------------------------------------------------------------


def test_save_and_undo(folder: Path) -> None:
    before = read_text(folder)
    text = before.replace('"lastSentSeqNum": 5', '"lastSentSeqNum": 3').replace("{", '{\n  "note": "by hand",')
    (backup,) = save_text(folder, text, before)
    assert (folder / FILE_NAME).read_text() == text
    assert backup.read_text() == before
    with open_store(folder.parent) as store:
        assert store.get_last_sent_seq_num() == 3
    location = locate(folder)
    restore(location, find_backup(location, NEWEST))
    assert read_text(folder) == before


def test_what_somebody_else_wrote_is_not_overwritten(folder: Path) -> None:
    before = read_text(folder)
    with open_store(folder.parent) as store:
        store.set_last_received_seq_num(9)
    kept = contents(folder)
    with pytest.raises(StoreError, match="was changed by somebody else since"):
        save_text(folder, before.replace('Num": 5', 'Num": 6'), before)
    assert {**contents(folder), LOCK: b""} == {**kept, LOCK: b""}


def set_fields(folder: Path, **values: Any) -> list[Path]:
    """Save the text with these values in it."""
    before = read_text(folder)
    return save_text(folder, with_fields(before, **values), before)


def test_a_running_session_is_not_edited(folder: Path) -> None:
    with open_store(folder.parent) as store:
        store.set_last_received_seq_num(9)
        before = read_text(folder)
        assert before.endswith("}\n")  # without the blanks that a running session writes
        with pytest.raises(StoreLocked):
            save_text(folder, before.replace('Num": 5', 'Num": 6'), before)


def test_a_text_with_problems_is_not_saved(folder: Path) -> None:
    kept = contents(folder)
    with pytest.raises(StoreError, match="lastSentSeqNum: expected a whole number"):
        save_text(folder, read_text(folder).replace('"lastSentSeqNum": 5', '"lastSentSeqNum": 5.5'), read_text(folder))
    assert contents(folder) == kept


def test_a_damaged_file_is_put_right_as_text(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b'{"lastSentSeqNum": 5 \xff')
    before = read_text(folder)
    assert before == '{"lastSentSeqNum": 5 \\xff'
    save_text(folder, TEXT, before)
    with open_store(folder.parent) as store:
        # Nobody knows what it said, so what is kept up to the new number counts as sent.
        assert list(store.kept_numbers(1, 9)) == [1, 2, 3, 4, 5]
        assert (store.get_last_sent_seq_num(), store.get_last_received_seq_num()) == (5, 7)


def test_a_missing_file_is_made(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    assert read_text(folder) == ""
    assert save_text(folder, TEXT, "") == []
    assert read_session_meta(folder / FILE_NAME).state.last_sent_seq_num == 5


def test_a_number_that_is_raised_withdraws_what_stood_above_it(folder: Path) -> None:
    set_fields(folder, next_out=4)
    before = read_text(folder)
    save_text(folder, before.replace('"lastSentSeqNum": 3', '"lastSentSeqNum": 9'), before)
    store = FixMsgFileStore.open_folder(folder)
    assert list(store.kept_numbers(1, 9)) == [1, 2, 3]


# -- fields ------------------------------------------------------------------------------------------------------------


def test_fields(folder: Path) -> None:
    before = read_text(folder)
    (backup,) = set_fields(folder, next_out=4, next_in=58, last_received_time=None, created_time=1_769_860_800 * 10**9)
    state = read_session_meta(folder / FILE_NAME).state
    assert (state.last_sent_seq_num, state.last_received_seq_num) == (3, 57)
    assert (state.last_received_time, state.created_time) == (None, 1_769_860_800 * 10**9)
    assert backup.read_text() == before


@settings(max_examples=100, deadline=None)
@given(
    next_out=st.none() | st.integers(1, MAX_SEQ_NUM + 1),
    next_in=st.none() | st.integers(1, MAX_SEQ_NUM + 1),
    received=st.none() | st.integers(0, 4_000_000_000).map(lambda second: second * 10**9),
)
def test_fields_change_nothing_else(next_out: int | None, next_in: int | None, received: int | None) -> None:
    text = TEXT.replace("{", '{"zürich": [1, {"a": "100%"}], ')
    after = json.loads(with_fields(text, next_out=next_out, next_in=next_in, last_received_time=received))
    before = json.loads(text)
    assert after["lastSentSeqNum"] == (5 if next_out is None else next_out - 1)
    assert after["lastReceivedSeqNum"] == (7 if next_in is None else next_in - 1)
    assert (after.get("lastReceivedTime") is None) == (received is None)
    assert {key: after[key] for key in ("zürich", "senderCompId", "targetCompId")} == {
        key: before[key] for key in ("zürich", "senderCompId", "targetCompId")
    }


def test_what_cannot_be(folder: Path) -> None:
    kept = contents(folder)
    for number in (0, -1, MAX_SEQ_NUM + 2):
        with pytest.raises(ValueError, match=f"found {number}"):
            set_fields(folder, next_out=number)
    with pytest.raises(ValueError, match="found 9"):
        set_fields(folder, created_time=10**30 * 9)
    assert contents(folder) == kept
    (folder / FILE_NAME).write_text("{")
    with pytest.raises(StoreError, match="expected JSON"):
        set_fields(folder, next_out=3)


# -- killed ------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    pass


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(after=st.integers(0, 12))
def test_whenever_it_ends_the_file_is_the_old_or_the_new_one(
    tmp_path_factory: pytest.TempPathFactory, after: int
) -> None:
    """Each step on the disk may be the last one."""
    folder = filled(tmp_path_factory.mktemp("killed"), *(record(number) for number in range(1, 6)), last_sent=3)
    before = read_text(folder)
    text = before.replace('"lastSentSeqNum": 3', '"lastSentSeqNum": 9')
    steps = 0
    patch = pytest.MonkeyPatch()

    def dying(method):
        def run(*arguments, **named):
            nonlocal steps
            steps += 1
            if steps > after:
                raise Killed
            return method(*arguments, **named)

        return run

    for name in ("write", "copy", "replace", "sync_folder"):
        patch.setattr(Disk, name, dying(getattr(Disk, name)))
    try:
        save_text(folder, text, before)
    except Killed:
        pass
    finally:
        patch.undo()
    assert read_text(folder) in (before, text)
    # Never are the messages counted as sent that the old numbers did not count.
    assert set(FixMsgFileStore.open_folder(folder).kept_numbers(1, 3)) == {1, 2, 3}
    if read_text(folder) == text:
        assert list(FixMsgFileStore.open_folder(folder).kept_numbers(4, 9)) == []


def test_what_is_read_as_text_is_what_the_store_reads(folder: Path) -> None:
    """Also with a BOM and CR LF."""
    content = read_text(folder).replace("\n", "\r\n")
    (folder / FILE_NAME).write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert meta_edit.read_text(folder) == content
    assert problems_of_text(META, content) == []
