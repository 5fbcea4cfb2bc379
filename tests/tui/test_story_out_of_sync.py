"""A whole incident on screen, against a real QuickFIX acceptor: orders, a cut connection, numbers that are too low, the
refusal explained and put right, a resend; and at the end every order has arrived at the other side exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import dialog, type_text, until
from session_peers import session_file
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from purefix_core.session.states import State
from purefix_tui.app import PureFixApp
from purefix_tui.session.compose.finder import Finder
from purefix_tui.session.compose.screen import ComposeScreen
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.pane import SessionPane
from purefix_tui.session.refusal_bar import RefusalBar
from purefix_tui.stores.change_dialog import ChangeDialog
from purefix_tui.tabs import SESSION, Start
from tests.interop.peers import Peer, free_port

MakeApp = Callable[..., PureFixApp]


@pytest.fixture
def quickfix(tmp_path: Path) -> Iterator[Peer]:
    peer = Peer("quickfix", "acceptor", tmp_path / "quickfix", free_port())
    yield peer.start()
    peer.kill()


def pane_of(pilot: Pilot[None]) -> SessionPane:
    assert isinstance(pilot.app, PureFixApp)
    tab = pilot.app.tabs.session
    assert tab is not None
    assert tab.pane is not None
    return tab.pane


async def in_state(pilot: Pilot[None], state: State) -> None:
    await until(pilot, lambda: pane_of(pilot).engine.status.state is state)
    await pilot.pause()


async def do(pilot: Pilot[None], key: str, *more: str) -> None:
    """Press the key of an action, type `more` into its dialog, and do it."""
    await pilot.press(key)
    await dialog(pilot, DeedDialog)
    await pilot.press(*more)
    await shown(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, DeedDialog))


async def shown(pilot: Pilot[None]) -> None:
    """The dialog shows what it would do."""
    await dialog(pilot, DeedDialog)
    await until(pilot, lambda: bool(str(pilot.app.screen.query_one("#what", Static).content)))


async def send_order(pilot: Pilot[None], cl_ord_id: str) -> None:
    """Write an order as text, and send it."""
    await pilot.press("M")
    await dialog(pilot, Finder)
    await pilot.press("D", "enter")
    await dialog(pilot, ComposeScreen)
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))
    await type_text(pilot, f"11={cl_ord_id}|21=1|55=IBM|54=1|60={{now}}|38=100|40=1")
    await pilot.press("ctrl+g")
    await shown(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_out_of_sync_and_back(make_app: MakeApp, tmp_path: Path, quickfix: Peer) -> None:
    config = session_file(tmp_path / "client.json", quickfix.port, FileLogPath="log")
    app = make_app(start=Start(SESSION, config))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.tabs.session is not None and app.tabs.session.pane is not None)
        await until(pilot, lambda: pane_of(pilot).engine.is_running)

        # Logon, and two orders.
        await do(pilot, "L")
        await in_state(pilot, State.ACTIVE)
        for cl_ord_id in ("1", "2"):
            await send_order(pilot, cl_ord_id)
        quickfix.wait_for(1, "got", "D", "2")
        await until(pilot, lambda: pane_of(pilot).engine.status.next_in == 4)

        # The connection is cut.
        await do(pilot, "D")
        await in_state(pilot, State.DISCONNECTED)

        # Somebody edits the store: our next number is 1 again, which is too low.
        await pilot.press("3")
        await until(pilot, lambda: app.tabs.stores is not None and len(app.tabs.stores.table.source) == 1)
        stores = app.tabs.stores
        assert stores is not None
        await pilot.press("enter")
        await until(pilot, lambda: stores.pane is not None and isinstance(app.focused, Input))
        await pilot.press("home", "ctrl+k", "1", "ctrl+s")
        await dialog(pilot, ChangeDialog)
        await pilot.press("y")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await until(pilot, lambda: pane_of(pilot).engine.status.next_out == 1)

        # The peer refuses the Logon; the screen says why, and what would put it right.
        await pilot.press("ctrl+pageup")
        await do(pilot, "L")
        bar = pane_of(pilot).query_one(RefusalBar)
        await until(pilot, lambda: bar.display)
        refused = bar.query_one("#refused", Static)
        assert "expects MsgSeqNum 4 from us, and received 1" in str(refused.content)
        await in_state(pilot, State.DISCONNECTED)
        # The Logon was 1, and the Logout that answered theirs 2.
        await until(pilot, lambda: "message 3 will not be sent" in str(refused.content))

        # It is put right with one confirmed action.
        await do(pilot, "A")
        await in_state(pilot, State.ACTIVE)
        await until(pilot, lambda: not bar.display)

        # An order gets lost on its way; with the next one QuickFIX finds the gap, and gets it again.
        await do(pilot, "P", "tab", "tab", "1")
        for cl_ord_id in ("3", "4"):
            await send_order(pilot, cl_ord_id)
        quickfix.wait_for(1, "got", "D", "4")
        await until(pilot, lambda: any("ResendRequest" in line for line in lines(pilot)))

        await do(pilot, "O")
        await in_state(pilot, State.DISCONNECTED)

    # Every order arrived once, and what was sent again said so.
    assert quickfix.got("D") == {("1",): 1, ("2",): 1, ("3",): 1, ("4",): 1}
    assert ("3",) not in quickfix.got_without_flag("D")
    assert "expecting 4 but received 1" in quickfix.events()
    # Nothing that was seen is lost: it is all in the message log.
    log = b"".join(path.read_bytes() for path in (tmp_path / "log").glob("*.messages.current.log"))
    assert all(f"\x0111={each}\x01".encode() in log for each in (1, 2, 3, 4))
    assert b"expecting 4 but received 1" in log


def lines(pilot: Pilot[None]) -> list[str]:
    """What stands in the live table."""
    table = pane_of(pilot).live.table
    return ["".join(piece for piece, _ in table.paint(row, False, 200)) for row in range(len(table.source))]
