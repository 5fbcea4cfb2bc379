"""Sessions between our engine and QuickFIX C++, over sockets: orders one way, executions the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.interop.peers import Sides

pytest.importorskip("quickfix")

Make = Callable[..., Sides]
ROLES = pytest.mark.parametrize("ours", ["acceptor", "initiator"])


@ROLES
@pytest.mark.parametrize(("version", "orders"), [("FIX.4.2", 500), ("FIX.4.4", 10_000), ("FIX.5.0SP2", 500)])
def test_orders_and_executions(make: Make, ours: str, version: str, orders: int) -> None:
    sides = make(ours, version).start()
    sides.initiator.tell(f"send 1 {orders}")
    sides.initiator.wait_for(orders, "got 8")
    assert sides.initiator.count("sent D") == orders
    sides.wait_until_all_arrived()
    sides.stop()
    assert [len(sides.acceptor.got("D")), len(sides.initiator.got("8"))] == [orders, orders]
    sides.assert_nothing_came_twice()
    for peer in sides:
        assert peer.count("logon") == peer.count("logout") == 1
    assert not [line for line in sides.theirs.messages() if "|35=3|" in line or "|35=j|" in line]
    # A wrong number anywhere would have been asked for.
    assert not [line for line in sides.theirs.messages() if "|35=2|" in line]


@ROLES
@pytest.mark.parametrize("killed", ["acceptor", "initiator"])
def test_a_process_is_killed_and_started_again(make: Make, ours: str, killed: str) -> None:
    # After a resend QuickFIX may need the next heartbeat to notice that it lacks a number still.
    sides = make(ours, HeartBtInt=2).start()
    victim, other = (sides.acceptor, sides.initiator) if killed == "acceptor" else (sides.initiator, sides.acceptor)
    sides.initiator.tell("send 1 3000")
    sides.acceptor.wait_for(500, "got D")
    victim.kill()
    other.wait_for(1, "logout")
    victim.start()
    victim.wait_for(2, "logon")
    if killed == "initiator":
        assert victim.count("sent D") < 3000, "it was killed too late"
    sides.initiator.tell("send 10001 200")
    sides.initiator.wait_for(1, "sent D 10200")
    sides.wait_until_all_arrived()
    sides.stop()
    sides.assert_nothing_came_twice()
    assert not [line for line in sides.theirs.messages() if "|35=A|" in line and "|141=Y|" in line]
