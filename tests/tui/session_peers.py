"""Engines for tests of the Session tab: each in a thread of its own, all of them on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig, load_configs
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionId, SessionSettings
from purefix_core.session.states import State
from purefix_core.session.venue.simulator import Simulator
from purefix_tui.session.engine_thread import EngineThread

PATIENCE = 10
"""Seconds that anything may take."""


def wait(holds: Callable[[], object], what: str) -> None:
    """Wait, without an event loop, until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited for: {what}"
        time.sleep(0.01)


def settings(role: ConnectionType, port: int, **more: object) -> SessionSettings:
    """Those of VENUE, which accepts, or of CLIENT."""
    ours, theirs = ("VENUE", "CLIENT") if role is ConnectionType.ACCEPTOR else ("CLIENT", "VENUE")
    network: dict[str, object] = {"accept_host": "127.0.0.1", "accept_port": port}
    if role is ConnectionType.INITIATOR:
        network = {"hosts": (("127.0.0.1", port),)}
    network |= more.pop("network", {})  # type: ignore[arg-type]
    return SessionSettings(
        SessionId("FIX.4.4", ours, theirs),
        connection_type=role,
        network=NetworkSettings(**network),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def listening(folder: Path, application: Application | None = None, **more: object) -> EngineThread:
    """A venue that listens, on a port that was free."""
    config = FixConfig.of(settings(ConnectionType.ACCEPTOR, 0, **more))
    venue = EngineThread(config, None, folder, application or Simulator())
    venue.start().result(PATIENCE)
    venue.connect().result(PATIENCE)
    wait(lambda: port_of(venue), "it listens")
    return venue


def port_of(venue: EngineThread) -> int:
    return venue.status.listening or 0


def session_file(path: Path, port: int, **more: object) -> Path:
    """The session file of CLIENT; `more` are further settings, None for one to leave out."""
    values: dict[str, object] = {
        "ConnectionType": "initiator",
        "SocketConnectHost": "127.0.0.1",
        "SocketConnectPort": port,
        "BeginString": "FIX.4.4",
        "SenderCompID": "CLIENT",
        "TargetCompID": "VENUE",
        "FileStorePath": "store",
        **more,
    }
    path.write_text(json.dumps({key: value for key, value in values.items() if value is not None}))
    return path


def acceptor_file(folder: Path, **more: object) -> Path:
    """The session file of VENUE, which listens on a port that is free."""
    return session_file(
        folder / "acceptor.json",
        0,
        ConnectionType="acceptor",
        SocketConnectHost=None,
        SocketConnectPort=None,
        SocketAcceptPort=0,
        SocketAcceptAddress="127.0.0.1",
        SenderCompID="VENUE",
        TargetCompID="CLIENT",
        **more,
    )


@contextmanager
def running_engine(folder: Path, port: int = 9, **more: object) -> Iterator[EngineThread]:
    """The engine of CLIENT; `more` are further settings of its file."""
    path = session_file(folder / "compose.json", port, **{"FileStorePath": None, **more})
    engine = EngineThread(load_configs(path)[0], None, folder / "logs")
    engine.start().result(PATIENCE)
    yield engine
    assert engine.stop()


@contextmanager
def client_of(folder: Path, port: int, **more: object) -> Iterator[EngineThread]:
    """CLIENT's engine, which has connected to nothing yet. `more` are further settings of its session file."""
    path = session_file(folder / "client.json", port, **more)
    engine = EngineThread(load_configs(path)[0], None, folder / "client")
    engine.start().result(PATIENCE)
    try:
        yield engine
    finally:
        assert engine.stop()


def log_on(client: EngineThread) -> None:
    client.connect().result(PATIENCE)
    wait(lambda: client.status.state is State.ACTIVE, "the venue has answered the Logon")


def received(venue: EngineThread) -> list[str]:
    """The messages of CLIENT in the venue's own log, with `|`."""
    return _logged(venue, "CLIENT")


def sent(client: EngineThread) -> list[str]:
    """The messages of CLIENT in its own log."""
    return _logged(client, "CLIENT")


def _logged(engine: EngineThread, sender: str) -> list[str]:
    assert engine.log_path is not None
    text = engine.log_path.read_text("latin-1").replace("\x01", "|")
    return [line.partition(" : ")[2] for line in text.splitlines() if f"|49={sender}|" in line]


def cut(engine: EngineThread) -> None:
    """End its connection without a Logout."""
    engine.call(lambda found: found.disconnect(engine.name, "as by hand")).result(PATIENCE)


def order(cl_ord_id: str) -> FlatMessage:
    body = [(11, cl_ord_id), (55, "FERN"), (54, "1"), (60, "20260131-16:30:45"), (38, "100"), (40, "1")]
    return FlatMessage("D", [(tag, value.encode()) for tag, value in body])
