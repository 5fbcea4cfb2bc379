"""What is proposed when the counterparty says what it expects: after it, nothing is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purefix_core.store import changing
from purefix_core.store.finding import locate
from purefix_core.store.located import open_store
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.proposing import propose
from tests.store.file_stores import filled, record
from tests.store.quickfix_stores import message, write_cpp


def _memory(sent: int, received: int) -> FixMsgMemoryStore:
    store = FixMsgMemoryStore()
    for number in range(max(1, sent - 4), sent + 1):
        store.put(record(number))
    store.set_last_sent_seq_num(sent)
    store.set_last_received_seq_num(received)
    return store


def test_the_peer_expects_more() -> None:
    """The case of the Logout "MsgSeqNum too low, expecting 135 but received 120"."""
    proposal = propose(_memory(119, 56), peer_expects=135)
    assert (proposal.next_out, proposal.next_in, proposal.is_needed) == (135, None, True)
    assert proposal.now.outgoing.sentences == (
        "The peer expects 135, you would send 120: it will log you out (MsgSeqNum too low).",
        "Set next-out to 135: it then accepts your Logon, and does not ask for 120-134.",
    )
    assert proposal.then.outgoing.outcome == "in sequence"


def test_the_peer_began_again() -> None:
    proposal = propose(_memory(119, 56), peer_next=50)
    assert (proposal.next_out, proposal.next_in) == (None, 50)
    assert proposal.now.incoming.sentences[0].startswith("The peer sends 50 next, you expect 57: you will log it out")
    assert proposal.then.incoming.outcome == "in sequence"


@pytest.mark.parametrize(("expects", "following"), [(118, 60), (120, 57), (None, None)])
def test_what_is_asked_for_needs_no_setting(expects: int | None, following: int | None) -> None:
    """Numbers that hide what a side has missed would lose it."""
    proposal = propose(_memory(119, 56), expects, following)
    assert (proposal.next_out, proposal.next_in, proposal.is_needed) == (None, None, False)
    assert proposal.then is proposal.now


@pytest.mark.parametrize("number", [0, -1, 2**31])
def test_no_such_number(number: int) -> None:
    with pytest.raises(ValueError, match=f"found {number}"):
        propose(_memory(1, 1), number)


@settings(max_examples=200, deadline=None)
@given(
    sent=st.integers(0, 300),
    received=st.integers(0, 300),
    expects=st.none() | st.integers(1, 310),
    following=st.none() | st.integers(1, 310),
)
def test_as_proposed_nothing_is_refused(sent: int, received: int, expects: int | None, following: int | None) -> None:
    store = _memory(sent, received)
    proposal = propose(store, expects, following)
    assert "logout" not in (proposal.then.outgoing.outcome, proposal.then.incoming.outcome)
    refused = proposal.now.outgoing.outcome, proposal.now.incoming.outcome
    assert (proposal.next_out is not None, proposal.next_in is not None) == tuple(each == "logout" for each in refused)
    assert (store.get_last_sent_seq_num(), store.get_last_received_seq_num()) == (sent, received)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expects=st.integers(1, 20), following=st.integers(1, 20), layout=st.sampled_from(["purefix", "cpp"]))
def test_what_was_foretold_comes_true(
    tmp_path_factory: pytest.TempPathFactory, expects: int, following: int, layout: str
) -> None:
    """Set as proposed, the store says of the next Logon what the proposal said."""
    path = tmp_path_factory.mktemp("store")
    if layout == "purefix":
        filled(path, *(record(number) for number in range(1, 9)), last_sent=6)
    else:
        write_cpp(path, messages=[message(number) for number in range(1, 7)], next_in=5)
    location = locate(path)
    proposal = propose(open_store(location), expects, following)
    if proposal.is_needed:
        changing.set_numbers(
            location,
            None if proposal.next_out is None else proposal.next_out - 1,
            None if proposal.next_in is None else proposal.next_in - 1,
        )
    again = propose(open_store(location), expects, following)
    assert not again.is_needed
    assert again.now == proposal.then
