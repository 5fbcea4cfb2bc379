"""Any message by hand: what is said of its number and of what is kept, and that it goes out as it was shown."""

from __future__ import annotations

import re

import pytest

from purefix_core.session import by_hand
from purefix_core.session.by_hand import Deed
from purefix_core.session.outgoing import FlatMessage
from tests.session.deeds import bench_of, deed, do, does_as_said, order, said
from tests.session.session_bench import Bench


def test_any_message_is_sent() -> None:
    bench = bench_of().log_on()
    what = deed(bench, by_hand.send, order())
    assert "NewOrderSingle (D) to PEER as MsgSeqNum 2" in said(what)
    does_as_said(bench, what)
    unknown = deed(bench, by_hand.send, order(msg_type="UXX"))
    assert "message of MsgType UXX" in said(unknown)
    does_as_said(bench, unknown)
    assert bench.numbers == (4, 2)


@pytest.mark.parametrize(
    ("number", "store", "next_out", "words"),
    [
        (b"2", None, 4, "neither counted nor stored: our next MsgSeqNum stays 4"),
        (b"2", True, 4, "in place of what is kept under that number"),
        (b"9", None, 4, "ask for messages 4 to 8"),
        (b"9", True, 10, "Our next MsgSeqNum is then 10"),
    ],
)
def test_a_message_with_a_number_of_its_own(number: bytes, store: bool | None, next_out: int, words: str) -> None:
    bench = bench_of().log_on()
    for _ in range(2):
        does_as_said(bench, deed(bench, by_hand.send, order()))
    what = deed(bench, by_hand.send, order((34, number)), store)
    assert words in said(what)
    does_as_said(bench, what)
    assert bench.numbers == (next_out, 2)


@pytest.mark.parametrize("head", [(), ((34, b"2"),), ((34, b"9"),)])
def test_nothing_is_said_to_be_stored_where_no_message_is_kept(head: tuple[tuple[int, bytes], ...]) -> None:
    bench = bench_of(persist_messages=False).log_on()
    does_as_said(bench, deed(bench, by_hand.send, order()))
    bench.session.manual.drop_outgoing(1, "tester")
    what = deed(bench, by_hand.send, order(*head), True)
    assert "It is not kept (PersistMessages=N)" in said(what)
    assert "It is numbered but does not go out" in said(what)
    assert "sto" not in said(what).replace("stays", "")
    do(bench, what)
    assert [bench.store.get(number) for number in (2, 3, 9)] == [None, None, None]
    assert "store" not in said(deed(bench, by_hand.set_numbers, next_out=1))


@pytest.mark.parametrize("field", [(49, b"OTHER"), (56, b"OTHER")])
def test_a_message_of_another_session_is_warned_of_where_it_is_kept(field: tuple[int, bytes]) -> None:
    bench = bench_of().log_on()
    told = "its CompIDs are those of another session"
    assert told in said(deed(bench, by_hand.send, order(field)))
    assert told in said(deed(bench, by_hand.send, order(field, (34, b"9")), True))
    assert told not in said(deed(bench, by_hand.send, order(field, (34, b"9"))))
    assert told not in said(deed(bench, by_hand.send, order((49, b"WE"), (56, b"PEER"))))
    assert told not in said(deed(bench_of(persist_messages=False).log_on(), by_hand.send, order(field)))


@pytest.mark.parametrize("field", [(49, b"OTHER"), (56, b"OTHER"), (9, b"5"), (10, b"000")])
def test_what_the_peer_does_not_read_makes_no_gap(field: tuple[int, bytes]) -> None:
    bench = bench_of().log_on()
    message = order((34, b"77"))
    assert "will find a gap" in said(deed(bench, by_hand.send, message))
    (message.trailer if field[0] == 10 else message.header).append(field)
    found = said(deed(bench, by_hand.send, message))
    assert "will find a gap" not in found
    assert ("with a Reject and a Logout" in found) == (field[0] in (49, 56))


def test_a_logon_within_the_session_says_what_it_does() -> None:
    bench = bench_of().log_on()
    logon = FlatMessage("A", [(98, b"0"), (108, b"30")])
    assert "logged on already" in said(deed(bench, by_hand.send, logon))
    logon.body.append((141, b"Y"))
    what = deed(bench, by_hand.send, logon)
    assert "the counterparty forgets all numbers and messages" in said(what)
    does_as_said(bench, what)
    bench.receive("35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141=Y|")
    assert bench.numbers == (2, 2)


def test_a_message_that_is_wrong_on_purpose_is_shown_as_it_is() -> None:
    bench = bench_of().log_on()
    with pytest.raises(ValueError, match=r"cannot be stored \(BodyLength is 5, .*: give it a MsgSeqNum"):
        deed(bench, by_hand.send, order((9, b"5")))
    message = order((9, b"5"), (34, b"2"))
    message.trailer.append((10, b"abc"))
    what = deed(bench, by_hand.send, message)
    assert "BodyLength and CheckSum stand as they are given" in said(what)
    assert does_as_said_raw(bench, what).endswith(b"\x0110=abc\x01")


def does_as_said_raw(bench: Bench, what: Deed) -> bytes:
    """As does_as_said, for what is no message that the bench could take apart."""
    what.perform(bench.session, bench.now, "tester")
    sent = bench.session.take().data
    assert sent == what.message
    return sent


def test_before_a_logon_a_message_is_sent_with_a_warning() -> None:
    bench = bench_of()
    with pytest.raises(ValueError, match="connect first"):
        deed(bench, by_hand.send, order())
    do(bench, deed(bench, by_hand.connect))
    bench.connect()
    what = deed(bench, by_hand.send, order())
    assert "Nobody is logged on (state connecting)" in said(what)
    does_as_said(bench, what)


def test_what_will_be_dropped_is_said() -> None:
    bench = bench_of().log_on()
    bench.session.manual.drop_outgoing(2, "tester")
    what = deed(bench, by_hand.heartbeat)
    assert "does not go out: the next 2 outgoing messages are dropped" in said(what)
    assert do(bench, what) == []
    own = deed(bench, by_hand.send, order((34, b"77")))
    assert re.search("It does not go out: the next 1 outgoing", said(own))
