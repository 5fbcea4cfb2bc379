"""Two stores number by number: copies, and those of both sides of a session."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from purefix_core.store import changing
from purefix_core.store.comparing import ComparedRange, Comparison, Match, Side, compare
from purefix_core.store.converting import convert
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from tests.store.file_stores import contents, record
from tests.store.quickfix_stores import message, write_cpp

TYPES = "D08D4"


def _store(
    path: Path,
    kept: list[int],
    sent: int,
    received: int,
    comp_ids: tuple[str, str] = ("CLI", "SRV"),
    marked: tuple[int, ...] = (),
    more: str = "",
) -> StoreLocation:
    with FixMsgFileStore(path, *comp_ids) as store:
        for number in kept:
            text = record(number, more, TYPES[number % 5]).encoded
            if comp_ids != ("CLI", "SRV"):
                body = text[text.index(b"35=") : text.rindex(b"10=")]
                body = body.replace(b"49=CLI\x0156=SRV", b"49=%b\x0156=%b" % tuple(each.encode() for each in comp_ids))
                text = sealed(b"FIX.4.4", body, SOH)
            store.put(record(number)._replace(encoded=text))
        store.set_last_sent_seq_num(sent)
        store.set_last_received_seq_num(received)
    location = StoreLocation(store.folder, "purefix")
    for number in marked:
        changing.gap_fill(location, number, number, "old")
    return location


def _rows(found: Comparison) -> list[tuple[str, str, str, str, str]]:
    return [
        (each.direction, f"{each.first}-{each.last}", each.ours.value, each.theirs.value, each.verdict.value)
        for each in found.ranges()
    ]


def _each(found: Comparison) -> Iterator[ComparedRange]:
    """Every number for itself."""
    for each in found.ranges():
        for seq_num in range(each.first, each.last + 1):
            yield each._replace(first=seq_num, last=seq_num)


def test_a_copy_agrees(tmp_path: Path) -> None:
    ours = _store(tmp_path, list(range(1, 6)), 7, 3)
    shutil.copytree(ours.path, tmp_path / "copy")
    before = contents(ours.path)
    found = compare(ours, locate(tmp_path / "copy"))
    assert (found.side, found.numbers_agree) == (Side.SAME, True)
    assert found.sentences == ("out: both next 8.", "in: both next 4.")
    assert _rows(found) == [
        ("out", "1-5", "kept", "kept", "same"),
        ("out", "6-7", "not kept", "not kept", "same"),
        ("in", "1-3", "received", "received", "same"),
    ]
    assert contents(ours.path) == before


def test_a_converted_one_agrees_marks_and_all(tmp_path: Path) -> None:
    ours = _store(tmp_path / "ours", [1, 2, 3, 4, 5], 5, 3, marked=(2, 3))
    found = compare(ours, convert(ours, tmp_path / "converted", "quickfix-cpp").location)
    assert _rows(found) == [
        ("out", "1-1", "kept", "kept", "same"),
        ("out", "2-3", "kept, not to be resent", "kept, not to be resent", "same"),
        ("out", "4-5", "kept", "kept", "same"),
        ("in", "1-3", "received", "received", "same"),
    ]


def test_an_old_backup(tmp_path: Path) -> None:
    ours = _store(tmp_path / "now", [1, 2, 3, 5, 6, 9], 8, 12, marked=(2,))
    theirs = _store(tmp_path / "old", [1, 2, 4, 5], 4, 3, more="")
    found = compare(ours, theirs)
    assert not found.numbers_agree
    assert found.sentences[:2] == (
        "out: next 9 in the first store, 5 in the second: the first is ahead by 5-8.",
        "in: next 13 in the first store, 4 in the second: the first is ahead by 4-12.",
    )
    assert "out: The peer expects 9, you would send 5: it will log you out (MsgSeqNum too low)." in found.sentences
    assert _rows(found) == [
        ("out", "1-1", "kept", "kept", "same"),
        ("out", "2-2", "kept, not to be resent", "kept", "same message, counted otherwise"),
        ("out", "3-3", "kept", "not kept", "only ours"),
        ("out", "4-4", "not kept", "kept", "only theirs"),
        ("out", "5-5", "kept", "kept, above last sent", "same message, counted otherwise"),
        ("out", "6-6", "kept", "not sent", "only ours"),
        ("out", "7-8", "not kept", "not sent", "only ours"),
        ("out", "9-9", "kept, above last sent", "not sent", "only ours"),
        ("in", "1-3", "received", "received", "same"),
        ("in", "4-12", "received", "not received", "only ours"),
    ]


def test_another_message_and_a_damaged_one(tmp_path: Path) -> None:
    ours = _store(tmp_path / "a", [1, 2, 3], 3, 1)
    theirs = _store(tmp_path / "b", [1, 2, 3], 3, 1, more="58=other|")
    data = theirs.path / "messages.dat"
    data.write_bytes(data.read_bytes().replace(b"34=2\x01", b"34=7\x01"))
    assert [row[4] for row in _rows(compare(ours, theirs))] == [
        "different message",
        "damaged",
        "different message",
        "same",
    ]


def test_the_other_layout_is_compared_all_the_same(tmp_path: Path) -> None:
    write_cpp(tmp_path, messages=[message(number) for number in range(1, 4)], next_in=5)
    with FixMsgFileStore(tmp_path / "ours", "CLI", "SRV") as store:
        for number in range(1, 4):
            store.put(record(number)._replace(encoded=message(number)))
        store.set_last_sent_seq_num(3)
        store.set_last_received_seq_num(4)
    found = compare(locate(tmp_path / "FIX.4.4-CLI-SRV"), locate(store.folder))
    assert found.numbers_agree
    assert {each.verdict for each in found.ranges()} == {Match.SAME}


# -- the counterparty --------------------------------------------------------------------------------------------------


def test_the_counterparty(tmp_path: Path) -> None:
    """It has 1 to 4 of ours, and we 1 to 6 of its 8."""
    ours = _store(tmp_path / "a", [1, 2, 3, 5, 6, 8, 9], 9, 6, marked=(8,))
    theirs = _store(tmp_path / "b", [6, 7, 8], 8, 4, ("SRV", "CLI"))
    found = compare(ours, theirs)
    assert (found.side, found.numbers_agree) == (Side.COUNTERPARTY, False)
    assert found.sentences[0] == "out: The peer expects 5, you would send 10."
    assert found.sentences[-2] == "in: The peer sends 9 next, you expect 7: you will ask for 7-8."
    assert _rows(found) == [
        ("out", "1-3", "kept", "received", "received"),
        ("out", "4-4", "not kept", "received", "received"),
        ("out", "5-5", "kept", "not received", "missed, can be resent"),
        ("out", "6-6", "kept, session message", "not received", "missed, will be gap-filled"),
        ("out", "7-7", "not kept", "not received", "missed, will be gap-filled"),
        ("out", "8-8", "kept, not to be resent", "not received", "missed, will be gap-filled"),
        ("out", "9-9", "kept, session message", "not received", "missed, will be gap-filled"),
        ("in", "1-5", "received", "not kept", "received"),
        ("in", "6-6", "received", "kept", "received"),
        ("in", "7-8", "not received", "kept", "missed, can be resent"),
    ]


def test_the_counterparty_received_what_we_never_sent(tmp_path: Path) -> None:
    ours = _store(tmp_path / "a", [1, 2], 2, 0)
    theirs = _store(tmp_path / "b", [], 0, 9, ("SRV", "CLI"))
    assert _rows(compare(ours, theirs)) == [
        ("out", "1-2", "kept", "received", "received"),
        ("out", "3-9", "not sent", "received", "received, but never sent"),
    ]


def test_in_step(tmp_path: Path) -> None:
    ours = _store(tmp_path / "a", [1, 2], 2, 3)
    theirs = _store(tmp_path / "b", [1, 2, 3], 3, 2, ("SRV", "CLI"))
    found = compare(ours, theirs)
    assert found.numbers_agree
    assert all(each.agrees for each in found.ranges())


def test_strangers(tmp_path: Path) -> None:
    ours, theirs = _store(tmp_path / "a", [1], 1, 0), _store(tmp_path / "b", [1], 1, 0, ("X", "Y"))
    with pytest.raises(StoreError, match=r"is of FIX\.4\.4 CLI → SRV, .* of FIX\.4\.4 X → Y: neither the same session"):
        compare(ours, theirs)
    assert compare(ours, theirs, Side.COUNTERPARTY).side is Side.COUNTERPARTY
    assert [row[4] for row in _rows(compare(ours, theirs, Side.SAME))] == ["different message"]


def test_another_version_is_another_session(tmp_path: Path) -> None:
    """The same CompIDs are no sign of the same session where one speaks FIX 4.2."""
    ours = _store(tmp_path / "a", [1], 1, 0)
    theirs = locate(write_cpp(tmp_path, "FIX.4.2-CLI-SRV", [message(1, begin="FIX.4.2")]))
    with pytest.raises(StoreError, match=r"of FIX\.4\.4 CLI → SRV, .* of FIX\.4\.2 CLI → SRV: neither"):
        compare(ours, theirs)
    assert _rows(compare(ours, theirs, Side.SAME))[0][4] == "different message"
    empty = _store(tmp_path / "c", [], 1, 0)  # nothing tells its version
    assert compare(empty, theirs).side is Side.SAME


def test_numbers_that_cannot_be_read_never_agree(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    Path(f"{path}.seqnums").write_text("garbage")
    found = compare(locate(path), locate(path))
    assert (found.numbers_known, found.numbers_agree) == (False, False)
    assert len(set(found.sentences)) == len(found.sentences)
    assert len(set(found.notices)) == len(found.notices)


def test_one_and_the_same_store_is_told(tmp_path: Path) -> None:
    ours, link = _store(tmp_path / "a", [1], 1, 0), tmp_path / "link"
    link.symlink_to(tmp_path / "a")
    told = "Both are one and the same store."
    assert compare(ours, StoreLocation(link / "CLI.SRV", "purefix")).sentences[0] == told
    assert told not in compare(ours, _store(tmp_path / "b", [1], 1, 0)).sentences
    for number in (1, 2):
        write_cpp(tmp_path, f"FIX.4.4-CLI-SRV-{number}", [message(1)])
    first, second = (locate(tmp_path / f"FIX.4.4-CLI-SRV-{number}") for number in (1, 2))
    assert told not in compare(first, second, Side.SAME).sentences
    assert told in compare(first, first).sentences


def test_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    ours = _store(tmp_path / "a", [1], 1, 0)
    theirs = _store(tmp_path / "b", [1], 1, 0)
    (theirs.path / "session.meta").write_text("{")
    with pytest.raises(StoreError, match="expected JSON"):
        compare(ours, theirs)


def test_a_reset_between_them_is_told(tmp_path: Path) -> None:
    ours, theirs = _store(tmp_path / "a", [1], 1, 0), _store(tmp_path / "b", [1], 1, 0)
    with FixMsgFileStore(tmp_path / "b", "CLI", "SRV", clock=lambda: 1_769_860_800 * 10**9) as store:
        store.reset_sequences()
    assert any(each.endswith("a reset lies between.") for each in compare(ours, theirs).sentences)


# -- any stores --------------------------------------------------------------------------------------------------------

numbers = st.integers(0, 30)
stores = st.tuples(st.sets(st.integers(1, 30), max_size=20).map(sorted), numbers, numbers)


@settings(max_examples=60, deadline=None)
@given(stores, stores, st.booleans())
def test_every_number_is_told_once(tmp_path_factory: pytest.TempPathFactory, a, b, is_peer: bool) -> None:
    path = tmp_path_factory.mktemp("two")
    ours = _store(path / "a", *a)
    theirs = _store(path / "b", *b, ("SRV", "CLI") if is_peer else ("CLI", "SRV"))
    found = compare(ours, theirs)
    ranges = list(found.ranges())
    told = list(_each(found))
    our_sent, our_received = (set(a[0]), a[1]), a[2]
    their_sent, their_received = (set(b[0]), b[1]), b[2]
    if is_peer:
        out, into = max(our_sent[1], their_received), max(their_sent[1], our_received)
    else:
        out, into = max(our_sent[1], their_sent[1], *a[0], *b[0], 0), max(our_received, their_received)
    expected = [("out", number) for number in range(1, out + 1)] + [("in", number) for number in range(1, into + 1)]
    assert [each[:2] for each in told] == expected
    # No two that follow each other say the same.
    assert all(one[3:] != two[3:] or one.direction != two.direction for one, two in pairwise(ranges))
    # What agrees in every number agrees in the last ones.
    assert found.numbers_agree or not all(each.agrees for each in ranges)
    # Seen from the other side it is the same.
    mirrored = {
        (each.first, each.theirs, each.ours): each.verdict
        for each in _each(compare(theirs, ours))
        if each.direction == ("in" if is_peer else "out")
    }
    names = {Match.ONLY_OURS: Match.ONLY_THEIRS, Match.ONLY_THEIRS: Match.ONLY_OURS}
    for each in told:
        if each.direction == "out":
            assert mirrored[each.first, each.ours, each.theirs] == names.get(each.verdict, each.verdict)


def test_numbers_without_messages_cost_nothing(tmp_path: Path) -> None:
    """Two billion of them are one range."""
    ours = _store(tmp_path / "a", [5], MAX_SEQ_NUM, MAX_SEQ_NUM)
    theirs = _store(tmp_path / "b", [], 7, 0)
    found = compare(ours, theirs)
    assert [row[1] for row in _rows(found)] == ["1-4", "5-5", "6-7", f"8-{MAX_SEQ_NUM}", f"1-{MAX_SEQ_NUM}"]
    peer = compare(ours, theirs, Side.COUNTERPARTY)
    assert [row[1] for row in _rows(peer)] == ["1-4", "5-5", f"6-{MAX_SEQ_NUM}", "1-7", f"8-{MAX_SEQ_NUM}"]


def test_memory_does_not_grow_with_the_messages(tmp_path: Path) -> None:
    """Of 4,000 messages of 2,000 bytes never more than a part is held."""
    long = [message(number, more="58=" + "x" * 2000 + "|") for number in range(1, 4001)]
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_cpp(tmp_path / name, messages=long)
    del long
    found = compare(locate(tmp_path / "a"), locate(tmp_path / "b"))
    tracemalloc.start()
    try:
        assert [each.verdict for each in found.ranges()] == [Match.SAME, Match.SAME]
        assert tracemalloc.get_traced_memory()[1] < 6_000_000 < 4000 * 2 * 2000
    finally:
        tracemalloc.stop()
