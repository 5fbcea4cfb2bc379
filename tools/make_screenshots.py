"""Writes screenshots/*.svg: the program on the example log, in a session with a simulated venue, and on its message
store, at sizes and in states that README.md and docs/out-of-sync.md show."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from purefix_core.session.config import FixConfig
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionId, SessionSettings
from purefix_core.session.states import State
from purefix_core.session.venue.simulator import Simulator
from purefix_core.wire.timestamps import utc_timestamp_text
from purefix_tui.app import PureFixApp
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.pane import LogPane
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.refusal_bar import RefusalBar
from purefix_tui.tabs import SESSION, Start

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLE = REPOSITORY / "examples" / "logs" / "trading-day.log"
TARGET = REPOSITORY / "screenshots"

Scene = Callable[[Pilot[None], LogPane], Awaitable[None]]


async def rest(pilot: Pilot[None]) -> LogPane:
    """Wait until the log is indexed and filtered and the detail shows the message under the cursor."""
    while True:
        await pilot.pause(0.05)
        pane = pilot.app.query_one(ExploreTab).pane
        if pane is not None and not pane.is_working:
            shown = pane.detail.shown
            if (shown.entry.row if shown else None) == pane.current:
                await pilot.pause()
                return pane


async def orders(pilot: Pilot[None], pane: LogPane) -> None:
    """A fill among orders, admin messages hidden."""
    await pilot.press("a")
    await rest(pilot)
    fill = next(e.row for e in pane.log_file.rows if e.msg_type == "8" and pane.messages.message(e.row).kind == "fill")
    pane.table.jump(pane.rows.place(fill))


async def reject(pilot: Pilot[None], pane: LogPane) -> None:
    """A session-level reject and what it says."""
    await pilot.press("a")
    await rest(pilot)
    pane.table.jump(pane.rows.place(next(e.row for e in pane.log_file.rows if e.msg_type == "3")))


async def typed_filter(pilot: Pilot[None], pane: LogPane) -> None:
    """A filter by names, while it is typed."""
    pane.filter_bar.expression.cursor_blink = False
    await pilot.press("/", *"Symbol ~ ^EUR and Side = Buy")
    await pilot.pause(0.3)


async def light(pilot: Pilot[None], pane: LogPane) -> None:
    """The light theme, on a message with a wrong checksum."""
    await pilot.press("T")
    pane.table.jump(next(e.row for e in pane.log_file.rows if e.flags & 4))


SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "explore": ((180, 44), orders),
    "explore-80x24": ((80, 24), reject),
    "explore-filter": ((120, 36), typed_filter),
    "explore-light": ((140, 40), light),
}


async def take(name: str, size: tuple[int, int], scene: Scene, state_folder: Path) -> None:
    app = PureFixApp([str(EXAMPLE)], state_folder=state_folder)
    async with app.run_test(size=size) as pilot:
        await scene(pilot, await rest(pilot))
        await rest(pilot)
        write(name, app)


def write(name: str, app: PureFixApp) -> None:
    svg = re.sub(r"terminal-\d+", f"terminal-{name}", app.export_screenshot())
    (TARGET / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(f"screenshots/{name}.svg")


# -- a session, and its store ------------------------------------------------------------------------------------------

ORDERS = (("BUY-1041", "IBM", "1", "500"), ("BUY-1042", "MSFT", "1", "1200"), ("SELL-88", "AAPL", "2", "300"))


def start_venue(folder: Path) -> EngineThread:
    """A simulated venue that listens on a free port."""
    session_id = SessionId("FIX.4.4", "BROKER", "BUYSIDE")
    network = NetworkSettings(accept_host="127.0.0.1")
    config = FixConfig.of(SessionSettings(session_id, connection_type=ConnectionType.ACCEPTOR, network=network))
    venue = EngineThread(config, None, folder, Simulator())
    venue.start().result(10)
    venue.connect().result(10)
    return venue


def session_file(folder: Path, port: int) -> Path:
    path = folder / "buyside.json"
    values = {
        "ConnectionType": "initiator",
        "SocketConnectHost": "127.0.0.1",
        "SocketConnectPort": port,
        "BeginString": "FIX.4.4",
        "SenderCompID": "BUYSIDE",
        "TargetCompID": "BROKER",
        "FileStorePath": "store",
        "FileLogPath": "log",
    }
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    while not holds():
        await pilot.pause(0.05)
    await pilot.pause(0.2)


def order(cl_ord_id: str, symbol: str, side: str, quantity: str) -> FlatMessage:
    now = utc_timestamp_text(time.time_ns() // 1_000_000 * 1_000_000, 3)
    body = [(11, cl_ord_id), (21, "1"), (55, symbol), (54, side), (60, now), (38, quantity), (40, "1")]
    return FlatMessage("D", [(tag, value.encode()) for tag, value in body])


async def by_hand(pilot: Pilot[None], key: str) -> None:
    """Press the key of an action, and Enter in its dialog."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog))
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, DeedDialog))


async def take_session(folder: Path) -> None:
    """Orders by hand, then numbers that the venue refuses, and what the store's editor says of them."""
    venue = start_venue(folder / "venue")
    app = PureFixApp([], state_folder=folder, start=Start(SESSION, session_file(folder, venue.status.listening or 0)))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.tabs.session is not None and app.tabs.session.pane is not None)
        assert app.tabs.session is not None
        pane = app.tabs.session.pane
        assert pane is not None
        await until(pilot, lambda: pane.engine.is_running)
        await by_hand(pilot, "L")
        await until(pilot, lambda: pane.engine.status.state is State.ACTIVE)
        for values in ORDERS:
            message = order(*values)
            pane.engine.by_hand(lambda session, _now, message=message: session.send(message)).result(10)
        await until(pilot, lambda: (pane.engine.status.next_in or 0) >= 2 + 2 * len(ORDERS))
        write("session", app)

        await by_hand(pilot, "D")
        await until(pilot, lambda: pane.engine.status.state is State.DISCONNECTED)
        pane.engine.by_hand(lambda session, now: session.manual.set_numbers("ops", now, next_sender=2)).result(10)
        await until(pilot, lambda: pane.engine.status.next_out == 2)
        await by_hand(pilot, "L")
        await until(pilot, lambda: pane.query_one(RefusalBar).display)
        write("session-refused", app)

        await pilot.press("3")
        await until(pilot, lambda: app.tabs.stores is not None and len(app.tabs.stores.table.source))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("tab", "5")
        await pilot.pause(0.7)
        write("stores-numbers", app)
    venue.stop()


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as state_folder:
        for name, (size, scene) in SCENES.items():
            asyncio.run(take(name, size, scene, Path(state_folder)))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take_session(Path(folder)))


if __name__ == "__main__":
    main()
