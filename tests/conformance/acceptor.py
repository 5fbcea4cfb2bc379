"""The acceptor that acceptance scripts are run against: ten sessions on one port, which send back what they get.

python -m tests.conformance.acceptor --port P

Says `listening on P` when it is ready, and ends on SIGTERM or Ctrl-C. Its stores lie in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import FixEngine
from purefix_core.session.settings import (
    ConnectionType,
    NetworkSettings,
    SessionId,
    SessionSettings,
    Validation,
)
from purefix_core.session.venue.echo import Echo

_FIX4 = {f"FIX.4.{minor}": f"FIX4{minor}" for minor in range(5)}
_FIXT = {"FIX50": "7", "FIX50SP1": "8", "FIX50SP2": "9"}


def sessions(port: int, store: Path, host: str = "127.0.0.1") -> Iterator[tuple[SessionSettings, str]]:
    """The sessions, each with the name of its dialect."""

    def settings(begin_string: str, target_comp_id: str, version: str = "", **validation: bool) -> SessionSettings:
        return SessionSettings(
            session_id=SessionId(begin_string, "ISLD", target_comp_id),
            connection_type=ConnectionType.ACCEPTOR,
            network=NetworkSettings(accept_host=host, accept_port=port),
            validation=Validation(**validation),
            default_appl_ver_id=version,
            logout_timeout=2,
            reset_on_logon=True,
            store_path=store,
            store_durability="process",
        )

    for begin_string, name in _FIX4.items():
        yield settings(begin_string, "TW" + name.removeprefix("FIX")), name
    for name, version in _FIXT.items():
        yield settings("FIXT.1.1", "TW" + name.removeprefix("FIX"), version), name
    yield settings("FIX.4.4", "TW"), "FIX44"
    yield settings("FIX.4.4", "NO_CHECK_FIELDS_HAVE_VALUES", fields_have_values=False), "FIX44"


async def serve(port: int, host: str) -> None:
    """Run until SIGTERM or SIGINT."""
    registry = Dialects.standard()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with tempfile.TemporaryDirectory() as store:
        configs = [FixConfig.of(each, registry, name) for each, name in sessions(port, Path(store), host)]
        engine = FixEngine(configs, Echo(ascending=True), registry)
        await engine.start()
        print(f"listening on {port}", flush=True)
        await ended.wait()
        await engine.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.host))


if __name__ == "__main__":
    main()
