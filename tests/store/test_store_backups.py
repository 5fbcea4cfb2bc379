"""Which backup is the newest, and which are not put back: those of messages that are gone, and what repair replaced."""

from __future__ import annotations

import time
from calendar import timegm
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from purefix_core.store.backups import dated_alike
from purefix_core.store.changing import NEWEST, find_backup, gap_fill, repair, reset, restore, set_numbers
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.located import backups_of, open_store, verify
from purefix_core.store.message_files import INDEX_NAME
from purefix_core.store.quickfix import QuickFixFileStore
from purefix_core.store.records import StoreError
from tests.store.file_stores import FOLDER, record

MORNING = (2026, 1, 31, 8, 0, 0)
NOON = (2026, 1, 31, 12, 0, 0)
EVENING = (2026, 1, 31, 18, 0, 0)

SetClock = Callable[[tuple[int, int, int, int, int, int]], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Lets the clock of the machine stand at a time."""

    def stand(moment: tuple[int, int, int, int, int, int]) -> None:
        nanos = timegm((*moment, 0, 0, 0)) * 10**9
        monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((*moment, 0, 0, 0)))
        monkeypatch.setattr(time, "time_ns", lambda: nanos)

    return stand


@pytest.fixture(params=["purefix", "quickfix"])
def location(request: pytest.FixtureRequest, tmp_path: Path, set_clock: SetClock) -> StoreLocation:
    """A store of five messages that was made in the morning."""
    set_clock(MORNING)
    if request.param == "purefix":
        FixMsgFileStore(tmp_path, "CLI", "SRV", clock=time.time_ns).close()
        location = locate(tmp_path / FOLDER)
    else:
        QuickFixFileStore.create(tmp_path, "FIX.4.4", "CLI", "SRV", clock=time.time_ns).close()
        location = locate(tmp_path / "FIX.4.4-CLI-SRV")
    send(location, begins=False)
    return location


def send(location: StoreLocation, begins: bool) -> None:
    """Five messages as an engine sends them; `begins`: after it began anew with 1, as a Logon with 141=Y has it do."""
    store = (
        FixMsgFileStore.open_folder(location.path, read_only=False, clock=time.time_ns)
        if location.files is None
        else QuickFixFileStore(location.files, read_only=False, clock=time.time_ns)
    )
    if begins:
        store.reset_sequences()
    for number in range(1, 6):
        store.put(record(number))
        store.set_last_sent_seq_num(number)
    store.close()


def resendable(location: StoreLocation) -> list[int]:
    with closing(open_store(location)) as store:
        return [number for number in store.kept_numbers(1, 99) if not store.is_gap_filled(number)]


# -- the newest ------------------------------------------------------------------------------------------------------


def test_the_newest_change_is_the_newest_backup_where_the_clock_went_back(
    location: StoreLocation, set_clock: SetClock
) -> None:
    set_clock(EVENING)
    set_numbers(location, 10, 0)
    set_clock(NOON)
    set_numbers(location, 20, 0)
    set_numbers(location, 30, 0)
    assert [each.stamp for each in backups_of(location)] == [
        "20260131-180000-3",
        "20260131-180000-2",
        "20260131-180000",
    ]
    for expected in (20, 30, 20):  # to take back twice is to do it again
        restore(location, find_backup(location, NEWEST))
        assert open_store(location).get_last_sent_seq_num() == expected


def test_a_stamp_is_later_than_those_of_other_files_beside(tmp_path: Path, set_clock: SetClock) -> None:
    set_clock(NOON)
    for name in ("b.20260131-180000-9.bak", "b.20260131-180000-10.bak", "b.20260131-190000.cut"):
        (tmp_path / name).touch()
    (path,) = dated_alike([tmp_path / "a"])
    assert path.name == "a.20260131-180000-11.bak"


# -- what repair replaced --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("location", ["purefix"], indirect=True)
def test_to_take_back_the_last_change_never_puts_a_broken_index_back(location: StoreLocation) -> None:
    set_numbers(location, 4, 0)
    index = location.path / INDEX_NAME
    index.write_bytes(index.read_bytes() + b"\x07" * 24)
    broken = index.read_bytes()
    assert any(".old" in line for line in repair(location).done)
    (side,) = location.path.glob(f"{INDEX_NAME}.*.old")
    assert side.read_bytes() == broken
    assert len(backups_of(location)) == 1
    restore(location, find_backup(location, NEWEST))
    assert open_store(location).get_last_sent_seq_num() == 5
    assert verify(location).problems == []


# -- sequences that began anew ---------------------------------------------------------------------------------------


def test_what_was_marked_before_the_sequences_began_anew_is_not_put_back(
    location: StoreLocation, set_clock: SetClock
) -> None:
    gap_fill(location, 2, 3, "stale")
    gap_fill(location, 4, 4, "")
    marked = backups_of(location)[0]
    set_clock(NOON)
    send(location, begins=True)
    with pytest.raises(StoreError, match=r"nothing was changed by hand since the sequences began anew at .*12:00:00"):
        find_backup(location, NEWEST)
    with pytest.raises(StoreError, match=f"backup {marked.stamp} of .* is of messages that are gone") as error:
        find_backup(location, marked.stamp)
    assert str(error.value).endswith("mark with gap-fill what is not to be resent now")
    for dry_run in (True, False):
        with pytest.raises(StoreError, match="of messages that are gone"):
            restore(location, marked, dry_run)
    assert resendable(location) == [1, 2, 3, 4, 5]


def test_what_was_changed_since_is_taken_back(location: StoreLocation, set_clock: SetClock) -> None:
    gap_fill(location, 2, 3, "stale")
    set_clock(NOON)
    send(location, begins=True)
    set_clock(EVENING)
    set_numbers(location, 9, 0)
    restore(location, find_backup(location, NEWEST))
    assert open_store(location).get_last_sent_seq_num() == 5


def test_numbers_of_before_are_put_back_where_their_backup_is_named(
    location: StoreLocation, set_clock: SetClock
) -> None:
    set_numbers(location, 7, 0)
    set_numbers(location, 8, 0)
    before = find_backup(location, NEWEST)
    set_clock(NOON)
    send(location, begins=True)
    restore(location, find_backup(location, before.stamp))
    assert open_store(location).get_last_sent_seq_num() == 7


def test_a_reset_by_hand_begins_anew_too_and_can_be_taken_back(location: StoreLocation, set_clock: SetClock) -> None:
    gap_fill(location, 2, 3, "stale")
    gap_fill(location, 4, 4, "")
    marked = backups_of(location)[0]
    set_clock(NOON)
    reset(location)
    with pytest.raises(StoreError, match="of messages that are gone"):
        restore(location, marked)
    set_clock(EVENING)
    restore(location, find_backup(location, NEWEST))
    assert resendable(location) == [1, 5]
    restore(location, marked)  # the messages are there again
    assert resendable(location) == [1, 4, 5]


@pytest.mark.parametrize("location", ["purefix"], indirect=True)
def test_it_is_said_what_a_backup_marks(location: StoreLocation) -> None:
    gap_fill(location, 2, 3, "stale")
    gap_fill(location, 5, 5, "")
    backup = find_backup(location, NEWEST)
    assert restore(location, backup, dry_run=True).done == (
        "resend.json: would be put back; not to be resent: 2-3 (stale)",
    )
    assert restore(location, backup).done == ("resend.json: put back; not to be resent: 2-3 (stale)",)
