"""Sessions with QuickFIX that go on after somebody edited a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from purefix_core.store.editing import set_numbers
from purefix_core.store.file_store import FixMsgFileStore
from tests.interop.peers import Peer, Sides

pytest.importorskip("quickfix")

Make = Callable[..., Sides]
ROLES = pytest.mark.parametrize("ours", ["acceptor", "initiator"])
ORDERS = 20


def _edit(sides: Sides, send: int = 0, expect: int = 0) -> None:
    """Raise or lower the numbers that each side sends and expects next."""
    last_sent, last_received = _our_numbers(sides)
    set_numbers(_our_store(sides), last_sent + send, last_received + expect)
    path = _seqnums(sides.theirs)
    next_out, next_in = map(int, path.read_text().split(" : "))
    path.write_text(f"{next_out + send:010d} : {next_in + expect:010d}")


def _our_store(sides: Sides) -> Path:
    (meta,) = (sides.ours.folder / "store").rglob("session.meta")
    return meta.parent


def _our_numbers(sides: Sides) -> tuple[int, int]:
    """The last sent, the last received."""
    with FixMsgFileStore.open_folder(_our_store(sides), read_only=True) as store:
        return store.get_last_sent_seq_num(), store.get_last_received_seq_num()


def _seqnums(peer: Peer) -> Path:
    (path,) = (peer.folder / "store").glob("*.seqnums")
    return path


def _talked(make: Make, ours: str) -> Sides:
    """Sides that were logged on once."""
    sides = make(ours).start()
    sides.initiator.tell(f"send 1 {ORDERS}")
    sides.initiator.wait_for(ORDERS, "got 8")
    sides.stop()
    return sides


def _go_on(sides: Sides) -> None:
    """Log on once more, and see that orders and executions flow."""
    sides.acceptor.start()
    sides.initiator.start()
    for peer in sides:
        peer.wait_for(2, "logon")
    sides.initiator.tell("send 101 10")
    sides.initiator.wait_for(1, "got 8 110")
    sides.wait_until_all_arrived()


@ROLES
def test_what_both_sides_expect_again_is_sent_again(make: Make, ours: str) -> None:
    sides = _talked(make, ours)
    _edit(sides, expect=-6)
    _go_on(sides)
    sides.stop()
    sides.assert_nothing_came_twice()
    # The last number that each had received was that of a Logout.
    again = [str(number) for number in range(ORDERS - 4, ORDERS + 1)]
    for peer, kind in ((sides.acceptor, "D"), (sides.initiator, "8")):
        flagged = [words[2] for words in peer.journal() if words[:2] == ["got", kind] and words[-1] == "Y"]
        assert flagged[:5] == again


@ROLES
def test_numbers_that_were_never_sent_are_gap_filled(make: Make, ours: str) -> None:
    sides = _talked(make, ours)
    _edit(sides, send=3)
    _go_on(sides)
    sides.stop()
    sides.assert_nothing_came_twice()
    for name in ("CLIENT", "VENUE"):
        sent = [line for line in sides.theirs.messages() if f"|49={name}|" in line]
        assert any("|35=2|" in line for line in sent)
        assert any("|35=4|" in line and "|123=Y|" in line for line in sent)


@ROLES
def test_a_number_too_low_ends_the_logon_until_it_is_put_right(make: Make, ours: str) -> None:
    sides = _talked(make, ours)
    path = _seqnums(sides.theirs)
    _, next_in = map(int, path.read_text().split(" : "))
    expected = _our_numbers(sides)[1] + 1
    path.write_text(f"{expected - 5:010d} : {next_in:010d}")
    sides.acceptor.start()
    sides.initiator.start()
    text = f"MsgSeqNum too low, expecting {expected} but received {expected - 5}"
    sides.theirs.wait(lambda: any(text in line for line in sides.theirs.messages()), text)
    sides.theirs.kill()
    last_sent, last_received = _our_numbers(sides)
    assert last_received + 1 == expected
    path.write_text(f"{expected:010d} : {last_sent + 1:010d}")
    sides.theirs.start()
    for peer in sides:
        peer.wait_for(2, "logon")
    sides.stop()
