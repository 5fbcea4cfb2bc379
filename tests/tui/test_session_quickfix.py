"""The Session tab and a QuickFIX acceptor: an incident from the first Logon to the last order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import until
from session_peers import order, session_file
from textual.widgets import Static

pytest.importorskip("quickfix")

from session_tab_pilot import act, header, logged_on, notice, session_app

from purefix_core.session.states import State
from purefix_core.store.editing import set_numbers
from purefix_tui.app import PureFixApp
from purefix_tui.session.refusal_bar import RefusalBar
from tests.interop.peers import Peer, free_port


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Peer]:
    peer = Peer("quickfix", "acceptor", tmp_path / "venue", free_port()).start()
    yield peer
    peer.kill()


async def test_a_store_that_is_out_of_sync_is_put_right(
    make_app: Callable[..., PureFixApp], tmp_path: Path, venue: Peer
) -> None:
    port = int(venue._values["SocketAcceptPort"])  # type: ignore[call-overload]
    path = session_file(tmp_path / "client.json", port)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        pane = await logged_on(pilot)
        for number in range(8):
            pane.engine.call(lambda engine, number=number: engine.send(pane.engine.name, order(f"A{number}")))
        await until(pilot, lambda: venue.count("got", "D") == 8, 30)

        # The line is cut, and somebody sets our numbers wrong meanwhile.
        venue.kill()
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot) and "✗" in notice(pilot))
        set_numbers(tmp_path / "store" / "CLIENT.VENUE", 2, None)
        await until(pilot, lambda: pane.engine.status.next_out == 3)

        # The peer refuses our Logon, and says which number it expects.
        venue.start()
        await act(pilot, "L")
        await until(pilot, lambda: pane.query_one(RefusalBar).display, 30)
        assert "MsgSeqNum 10 from us, and received 3" in str(pane.query_one("#refused", Static).content)
        await until(pilot, lambda: pane.engine.status.state is State.DISCONNECTED)
        await act(pilot, "A")
        await until(pilot, lambda: pane.is_logged_on, 30)

        # What our side loses on its way is asked for, and arrives once.
        pane.engine.by_hand(lambda session, _now: session.manual.drop_outgoing(1, "test"))
        for number in (8, 9):
            pane.engine.call(lambda engine, number=number: engine.send(pane.engine.name, order(f"A{number}")))
        await until(pilot, lambda: venue.count("got", "D") == 10, 30)
        await act(pilot, "O")
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
    assert venue.got("D") == {(f"A{number}",): 1 for number in range(10)}
