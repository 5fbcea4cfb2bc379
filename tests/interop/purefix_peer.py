"""Our engine with one session, driven like quickfix_peer.py.

python -m tests.interop.purefix_peer CONFIG.cfg JOURNAL
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from purefix_core.session.application import Application
from purefix_core.session.config import load_configs
from purefix_core.session.engine import FixEngine
from purefix_core.session.machine import FixSession
from purefix_core.session.outgoing import FlatMessage
from tests.interop.journal import Journal, execution_fields, order_fields


def _message(msg_type: str, body: dict[int, str]) -> FlatMessage:
    return FlatMessage(msg_type, [(tag, value.encode()) for tag, value in body.items()])


class Peer(Application):
    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.session: FixSession
        self.executions = 0

    def on_create(self, session: FixSession) -> None:
        self.session = session

    def on_logon(self, session: FixSession) -> None:
        self.journal.add("logon")

    def on_logout(self, session: FixSession) -> None:
        self.journal.add("logout")

    def from_app(self, message: Any, session: FixSession) -> None:
        duplicate = (message.get(43) or b"N").decode()
        cl_ord_id = message.get(11).decode()
        if message.msg_type == "8":
            self.journal.add("got", "8", cl_ord_id, message.get(17).decode(), duplicate)
            return
        self.journal.add("got", "D", cl_ord_id, duplicate)
        self.executions += 1
        exec_id = f"{cl_ord_id}.{os.getpid()}.{self.executions}"
        session.send(_message("8", execution_fields(session.begin_string, cl_ord_id, exec_id)))
        self.journal.add("sent", "8", cl_ord_id, exec_id)

    async def send_orders(self, first: int, count: int) -> None:
        for number in range(first, first + count):
            now = datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]
            self.session.send(_message("D", order_fields(str(number), now)))
            self.journal.add("sent", "D", str(number))
            if number % 50 == 0:
                await asyncio.sleep(0)


async def run(config: str, journal: str) -> None:
    loop = asyncio.get_running_loop()
    peer = Peer(Journal(Path(journal)))
    engine = FixEngine(load_configs(Path(config)), peer)
    commands: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.put_nowait, line)
        loop.call_soon_threadsafe(commands.put_nowait, "stop")

    await engine.start()
    peer.journal.add("started")
    threading.Thread(target=read, daemon=True).start()
    while True:
        match (await commands.get()).split():
            case ["send", first, count]:
                await peer.send_orders(int(first), int(count))
            case ["logout"]:
                peer.session.log_out(now=time.time_ns())
            case ["stop"]:
                break
    await engine.stop()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
