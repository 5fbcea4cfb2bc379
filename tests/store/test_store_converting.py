"""Stores in another layout: the same messages, the same numbers, and nothing written over anything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from purefix_core.store import changing, quickfix
from purefix_core.store.converting import convert
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation, find_stores, locate
from purefix_core.store.health import Verdict, look_at
from purefix_core.store.located import verify
from purefix_core.store.quickfix import QuickFixFileStore, recognise_one
from purefix_core.store.quickfix.files import CPP
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from tests.conftest import REPOSITORY
from tests.store.conversions import FIVE, Held, files_of, held_in, ours
from tests.store.file_stores import TIME, contents, record, untouched
from tests.store.quickfix_runs import Stores, copied_stores, filled_to, implied, run_both, sent_again, sent_by
from tests.store.quickfix_stores import message, write_cpp, write_dotnet, write_go, write_java

CREATED = 1_769_860_800 * 10**9
KILLS = 6


# -- there and back ----------------------------------------------------------------------------------------------------


def test_ours_to_quickfix(tmp_path: Path) -> None:
    location = ours(tmp_path, *(record(number) for number in range(1, 6)))
    before = untouched(location.path)
    converted = convert(location, tmp_path / "new", CPP)
    assert converted.path == tmp_path / "new/FIX.4.4-CLI-SRV"
    assert (converted.messages, converted.next_out, converted.next_in) == (5, 6, 42)
    files = converted.location.files
    assert files is not None
    assert files.body.read_bytes() == b"".join(record(number).encoded for number in range(1, 6))
    assert files.seqnums.read_bytes() == b"%020d : %020d" % (6, 42)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        f"FIX.4.4-CLI-SRV{suffix}" for suffix in (".body", ".header", ".seqnums", ".session")
    ]
    assert verify(converted.location) == ([], [])
    assert look_at(converted.location).verdict is Verdict.IN_ORDER
    assert untouched(location.path) == before


def test_quickfix_to_ours(tmp_path: Path) -> None:
    write_cpp(tmp_path, messages=FIVE, next_in=9)
    before = untouched(tmp_path)
    converted = convert(locate(tmp_path), tmp_path / "new" / "deeper", PUREFIX)
    assert converted.path == tmp_path / "new/deeper/CLI.SRV"
    assert converted.lines == ()
    with FixMsgFileStore(tmp_path / "new" / "deeper", "CLI", "SRV", begin_string="FIX.4.4") as store:
        assert [each.encoded for each in store.get_seq_num_range(1) if each is not None] == FIVE
        assert (store.get_last_sent_seq_num(), store.get_last_received_seq_num()) == (5, 8)
        assert store.notices == store.repaired == []
        assert store.get_created_time() == QuickFixFileStore(recognise_one(tmp_path)).get_created_time()
        first = store.get(1)
        assert first is not None
        assert first.timestamp % 10**9 == 841_702_000  # its SendingTime
    assert verify(converted.location) == ([], [])
    assert {path.name for path in tmp_path.iterdir()} == {*before, "new"}
    assert {name: (tmp_path / name).read_bytes() for name in before} == {name: each[0] for name, each in before.items()}


def test_there_and_back_is_the_same_to_the_byte(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=FIVE, numbers=range(1, 6), next_out=9, next_in=9)
    there = convert(locate(path), tmp_path / "ours", PUREFIX)
    back = convert(there.location, tmp_path / "back", CPP)
    for suffix in (".body", ".header", ".seqnums", ".session"):
        assert Path(f"{back.path}{suffix}").read_bytes() == Path(f"{path}{suffix}").read_bytes()


@pytest.mark.parametrize("write", [write_java, write_dotnet, write_go])
@pytest.mark.parametrize("layout", [PUREFIX, CPP])
def test_the_layouts_that_are_only_read(tmp_path: Path, write, layout: str) -> None:
    write(tmp_path, "FIX.4.4-CLI-SRV", FIVE)
    converted = convert(locate(tmp_path), tmp_path / "new", layout)
    assert held_in(converted.location) == Held(dict(enumerate(FIVE, 1)), set(), 6, 5)


def test_sub_ids_and_a_qualifier(tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path, "CLI", "SRV", sender_sub_id="d+1", session_qualifier="Q") as store:
        store.put(record(1))
        store.set_last_sent_seq_num(1)
    location = StoreLocation(store.folder, PUREFIX)
    converted = convert(location, tmp_path / "qf", CPP)
    assert converted.path.name == "FIX.4.4-CLI-SRV-Q"
    assert "SenderSubID d+1: have no place in the names of QuickFIX C++" in converted.lines
    assert convert(converted.location, tmp_path / "back", PUREFIX).path.name == "CLI.SRV@Q"


@pytest.mark.parametrize("given", [".", "deeper/.."])
def test_sub_ids_and_a_qualifier_of_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    with FixMsgFileStore(tmp_path, "CLI", "SRV", sender_sub_id="d", session_qualifier="Q", begin_string="FIX.4.4") as s:
        s.put(record(1))
    (s.folder / "deeper").mkdir()
    monkeypatch.chdir(s.folder)
    converted = convert(locate(Path(given)), tmp_path / "qf", CPP)
    assert converted.path.name == "FIX.4.4-CLI-SRV-Q"
    assert any("SenderSubID d:" in line for line in converted.lines)


def test_a_name_that_somebody_gave_a_copy_is_no_qualifier(tmp_path: Path) -> None:
    copy = ours(tmp_path, record(1)).path.rename(tmp_path / "monday.backup@old")
    converted = convert(StoreLocation(copy, PUREFIX), tmp_path / "qf", CPP)
    assert converted.path.name == "FIX.4.4-CLI-SRV"
    assert converted.lines[0] == (
        "monday.backup@old is not how PureFix names the folder of this session: SubIDs and a qualifier, if the session "
        "has them, are not known"
    )


def test_an_empty_store(tmp_path: Path) -> None:
    location = ours(tmp_path, received=3)
    with pytest.raises(StoreError, match="no message tells the BeginString"):
        convert(location, tmp_path / "new", CPP)
    converted = convert(location, tmp_path / "new", CPP, "FIX.4.2")
    assert converted.path.name == "FIX.4.2-CLI-SRV"
    assert held_in(converted.location) == Held({}, set(), 1, 4)
    assert held_in(convert(converted.location, tmp_path / "back", PUREFIX).location) == Held({}, set(), 1, 4)


stores = st.tuples(
    st.sets(st.integers(1, 40), max_size=25).map(sorted),
    st.integers(0, 45),
    st.integers(0, 99),
    st.sets(st.integers(1, 40), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(stores, st.integers(0, 3))
def test_any_store_of_ours(tmp_path_factory: pytest.TempPathFactory, store, seed: int) -> None:
    kept, sent, received, marked = store
    path = tmp_path_factory.mktemp("any")
    with FixMsgFileStore(path, "CLI", "SRV", clock=lambda: CREATED) as opened:
        for number in kept:
            opened.put(record(number, f"58={'x' * (number * seed * 50)}|", "D80A"[(number + seed) % 4]))
        opened.set_last_sent_seq_num(sent)
        opened.set_last_received_seq_num(received)
    location = StoreLocation(opened.folder, PUREFIX)
    for number in marked:
        changing.gap_fill(location, number, number, "stale")
    before = held_in(location)
    there = convert(location, path / "qf", CPP, "FIX.4.4")
    sent_ones = {number: each for number, each in before.messages.items() if number <= sent}
    not_resent = {number for number in marked if number in sent_ones}
    listed = {number: each for number, each in sent_ones.items() if number not in not_resent}
    assert held_in(there.location) == Held(listed, not_resent, sent + 1, received + 1)
    back = convert(there.location, path / "back", PUREFIX)
    assert held_in(back.location) == Held(sent_ones, not_resent, sent + 1, received + 1)
    with FixMsgFileStore(path / "back", "CLI", "SRV") as again:  # as the engine opens it
        assert (again.notices, again.repaired, again.get_created_time()) == ([], [], CREATED)
    assert verify(back.location).problems == []
    assert sorted(each.path for each in find_stores(path).stores) == sorted([location.path, there.path, back.path])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 30), max_size=25, unique=True),
    st.sets(st.integers(1, 30), max_size=8),
    st.integers(1, 40),
    st.integers(1, 99),
)
def test_any_store_of_quickfix(
    tmp_path_factory: pytest.TempPathFactory, kept: list[int], removed: set[int], next_out: int, next_in: int
) -> None:
    """Messages in any order, some of them without an entry, some above the last number sent."""
    path = tmp_path_factory.mktemp("any")
    write_cpp(path, messages=[message(number) for number in kept], numbers=kept, next_out=next_out, next_in=next_in)
    location = locate(path / "FIX.4.4-CLI-SRV")
    assert location.files is not None
    for number in removed:
        changing.gap_fill(location, number, number, "")
    before = held_in(location)
    there = convert(location, path / "ours", PUREFIX)
    assert held_in(there.location) == Held(
        {number: message(number) for number in kept}, removed & set(kept), next_out, next_in
    )
    back = convert(there.location, path / "back", CPP, "FIX.4.4")
    assert held_in(back.location) == Held(
        {number: each for number, each in before.messages.items() if number < next_out},
        {number for number in before.marked if number < next_out},
        next_out,
        next_in,
    )


# -- a real QuickFIX ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real(shared: Path, tmp_path: Path) -> Stores:
    """Copies of the stores of a real session: SRV has sent 13 messages, CLI 16, of which 2 to 9 are orders."""
    pytest.importorskip("quickfix")
    return copied_stores(shared, tmp_path)


def test_a_real_quickfix_goes_on_with_a_store_that_went_there_and_back(real: Stores, tmp_path: Path) -> None:
    quickfix.set_numbers(real.acceptor, 14, 3)
    expected = implied(QuickFixFileStore(real.initiator), 3, 18)
    ours = convert(locate(real.initiator.path), tmp_path / "ours", PUREFIX)
    assert held_in(ours.location) == held_in(locate(real.initiator.path))
    back = convert(ours.location, tmp_path / "back", CPP)
    stores = Stores(real.acceptor, files_of(back))
    talk = run_both(stores, tmp_path, filled_to(18))
    (request,) = sent_by("SRV", talk, "2")
    assert request.text(7) == "3"
    assert sent_again(talk) == expected
    # What the engine then wrote comes to us again as it is.
    again = convert(locate(back.path), tmp_path / "again", PUREFIX)
    assert verify(again.location) == ([], [])
    assert held_in(again.location) == held_in(locate(back.path))
    assert again.next_out == 19  # its Logon and its Logout


def test_a_real_quickfix_does_not_resend_what_we_marked(real: Stores, tmp_path: Path) -> None:
    quickfix.set_numbers(real.acceptor, 14, 3)
    ours = convert(locate(real.initiator.path), tmp_path / "ours", PUREFIX)
    changing.gap_fill(ours.location, 5, 7, "stale orders")
    back = convert(ours.location, tmp_path / "back", CPP)
    assert any(each.startswith("3 messages (5, 6, 7) not to be resent: in the body") for each in back.lines)
    talk = run_both(Stores(real.acceptor, files_of(back)), tmp_path, filled_to(18))
    assert [(kind, number) for kind, number, _ in sent_again(talk)][:6] == [
        ("D", 3),
        ("D", 4),
        ("4", 5),
        ("D", 8),
        ("D", 9),
        ("4", 10),
    ]


def test_a_real_quickfix_goes_on_with_a_store_of_ours(real: Stores, tmp_path: Path) -> None:
    """One that no QuickFIX ever wrote; on the other side as well."""
    stores = []
    for comp_ids, sent, received in ((("SRV", "CLI"), 4, 2), (("CLI", "SRV"), 5, 4)):
        with FixMsgFileStore(tmp_path / "made", *comp_ids) as store:
            for number in range(1, sent + 1):
                order = f"11=made-{number}|38=1|40=1|54=1|55=IBM|60=20261122-04:30:55|"
                encoded = message(number, "D", *comp_ids, more=order)
                store.put(FixMsgStoreRecord("D", time.time_ns(), number, encoded))
            store.set_last_sent_seq_num(sent)
            store.set_last_received_seq_num(received)
        converted = convert(StoreLocation(store.folder, PUREFIX), tmp_path / f"qf_{comp_ids[0]}", CPP)
        stores.append(files_of(converted))
    talk = run_both(Stores(*stores), tmp_path, filled_to(7))
    assert sent_again(talk) == [("D", 3, "made-3"), ("D", 4, "made-4"), ("D", 5, "made-5"), ("4", 6, "7")]
    assert sent_by("SRV", talk, "A")[0].text(34) == "5"


# -- what has no place -------------------------------------------------------------------------------------------------


def test_what_quickfix_has_no_place_for_is_told(tmp_path: Path) -> None:
    records = [record(number) for number in range(1, 8)]
    records[2] = record(3, "95=3|96=a\0b|")
    location = ours(tmp_path, *records, last_sent=5)
    folder = location.path
    data = folder / "messages.dat"
    data.write_bytes(data.read_bytes().replace(b"34=4\x01", b"34=9\x01"))
    meta = folder / "session.meta"
    meta.write_text(meta.read_text().replace("{", '{"note": 1, "a": 2, "b": 3, "c": 4, "d": 5, "e": 6,'))
    changing.gap_fill(location, 2, 3, "stale")
    converted = convert(location, tmp_path / "new", CPP)
    assert set(converted.lines[:-3]) - {"createdTime: .session has no fractions of a second"} == {
        "1 message (2) not to be resent: in the body, without an entry in the header; the reasons have no place",
        "2 messages (6, 7) above the last number sent: left out, for QuickFIX would resend them once its number has "
        "passed them",
        "1 message (4) damaged: left out, and gap-filled as before",
        "1 message (3) with a zero byte, behind which QuickFIX C++ reads nothing: left out",
    }
    assert converted.lines[-3:] == (
        "lastReceivedTime: has no place",
        "when a message was stored has no place: its SendingTime(52) counts",
        "session.meta: note, a, b, c, d and 1 more: have no place",
    )
    assert held_in(converted.location) == Held({1: records[0].encoded, 5: records[4].encoded}, {2}, 6, 42)


def test_what_our_layout_makes_of_quickfix_is_told(tmp_path: Path) -> None:
    logon = message(1, "A", more="98=0|108=30|554=open-sesame|")
    path = write_cpp(tmp_path, messages=[logon, *FIVE[1:], message(5, more="58=again|")], numbers=[1, 2, 3, 4, 5, 5])
    quickfix.set_numbers(recognise_one(path), 5, 2)
    quickfix.gap_fill(recognise_one(path), 2, 2)
    Path(f"{path}.session").unlink()
    converted = convert(locate(path), tmp_path / "new", PUREFIX)
    assert converted.lines == (
        "1 message (2) had no entry in the header: not to be resent, as resend.json says now",
        "1 message (5) above the last number sent: kept, and never resent",
        "1 message whose number was used again: left out",
        "1 message (1) with credentials of a Logon: these are *** now",
        "when the session began is not known: createdTime is null",
    )
    assert b"open-sesame" not in b"".join(contents(converted.path).values())
    held = held_in(converted.location)
    assert held.messages[5] == message(5, more="58=again|")
    assert held.marked == {2}


def test_withdrawn_messages_do_not_come_back(tmp_path: Path) -> None:
    location = ours(tmp_path, *(record(number) for number in range(1, 6)), last_sent=3)
    changing.set_numbers(location, 8, None)
    converted = convert(location, tmp_path / "new", CPP)
    assert "2 messages withdrawn: left out" in converted.lines
    assert sorted(held_in(converted.location).messages) == [1, 2, 3]


def test_a_message_without_a_time(tmp_path: Path) -> None:
    encoded = message(1).replace(b"52=20261122-04:30:55.841702", b"52=whenever-04:30:55.841702")
    total = sum(encoded[:-7]) % 256
    write_cpp(tmp_path, messages=[encoded[:-7] + b"10=%03d\x01" % total])
    converted = convert(locate(tmp_path), tmp_path / "new", PUREFIX)
    assert "1 message (1) without a SendingTime(52): no time is known" in converted.lines
    assert held_in(converted.location).messages[1][:-7] == encoded[:-7]
    assert convert(converted.location, tmp_path / "back", CPP).messages == 1


# -- killed, and large -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [PUREFIX, CPP])
def test_a_conversion_that_is_killed(tmp_path: Path, layout: str) -> None:
    """There is no new store then, or a whole one; and it can be done again."""
    random = Random(int(os.environ.get("PUREFIX_SEED", "7")))
    path = write_cpp(tmp_path, messages=[message(number) for number in range(1, 1501)], next_in=7)
    location = locate(path)
    if layout == CPP:
        location = convert(location, tmp_path / "ours", PUREFIX).location
    expected, finished = held_in(location), 0
    for kill in range(KILLS + 1):
        new = tmp_path / f"new{kill}"
        command = [sys.executable, "-m", "tests.store.convert_writer", str(location.path), str(new), layout]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begins\n"
            if kill < KILLS:
                time.sleep(random.random() * 0.3)
                process.kill()
            process.wait()
        found = find_stores(new).stores if new.exists() else []
        assert len(found) <= 1
        finished += len(found)
        if not found:
            found = [convert(location, new, layout).location]
        assert held_in(found[0]) == expected
        assert verify(found[0]).problems == []
    assert finished > 0  # the last one was not killed


def test_memory_does_not_grow_with_the_messages(tmp_path: Path) -> None:
    """Of 4,000 messages of 2,000 bytes never more than a part is held."""
    write_cpp(tmp_path, messages=[message(number, more="58=" + "x" * 2000 + "|") for number in range(1, 4001)])
    tracemalloc.start()
    try:
        there = convert(locate(tmp_path), tmp_path / "ours", PUREFIX)
        convert(there.location, tmp_path / "back", CPP)
        assert tracemalloc.get_traced_memory()[1] < 7_000_000 < 4000 * 2000
    finally:
        tracemalloc.stop()


def test_the_time_of_a_record_stays(tmp_path: Path) -> None:
    """To the place of QuickFIX it does not come, but SendingTime does."""
    location = ours(tmp_path, record(1))
    there = convert(location, tmp_path / "qf", CPP)
    back = convert(there.location, tmp_path / "back", PUREFIX)
    kept = FixMsgFileStore.open_folder(back.path).get(1)
    assert kept is not None
    assert (kept.timestamp, kept.encoded) == ((TIME // 10**9) * 10**9, record(1).encoded)
