"""Runs peers as processes and reads what they record."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.conftest import REPOSITORY

DICTIONARIES = REPOSITORY / "purefix_core" / "dictionaries"
PATIENCE = 30
"""Seconds that anything may take; most takes a few."""

VERSIONS: dict[str, dict[str, object]] = {
    "FIX.4.2": {"BeginString": "FIX.4.2", "DataDictionary": DICTIONARIES / "FIX42.xml"},
    "FIX.4.4": {"BeginString": "FIX.4.4", "DataDictionary": DICTIONARIES / "FIX44.xml"},
    "FIX.5.0SP2": {
        "BeginString": "FIXT.1.1",
        "DefaultApplVerID": "FIX.5.0SP2",
        "TransportDataDictionary": DICTIONARIES / "FIXT11.xml",
        "AppDataDictionary": DICTIONARIES / "FIX50SP2.xml",
    },
}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Peer:
    """One side of a session: a folder with its store, its log and its journal, and a process that can be killed and
    started again."""

    def __init__(
        self, engine: str, role: str, folder: Path, port: int, version: str = "FIX.4.4", **more: object
    ) -> None:
        """`engine` is `quickfix` or `purefix`, `more` are further settings."""
        self.engine, self.folder, self.port = engine, folder, port
        folder.mkdir()
        self._config = folder / "session.cfg"
        self._journal = folder / "journal"
        self._journal.touch()
        self._process: subprocess.Popen[bytes] | None = None
        ours, theirs = ("VENUE", "CLIENT") if role == "acceptor" else ("CLIENT", "VENUE")
        values: dict[str, object] = {
            "ConnectionType": role,
            "SenderCompID": ours,
            "TargetCompID": theirs,
            "StartTime": "00:00:00",
            "EndTime": "00:00:00",
            "HeartBtInt": 30,
            "ReconnectInterval": 1,
            "FileStorePath": folder / "store",
            "FileLogPath": folder / "log",
            **VERSIONS[version],
        }
        if role == "acceptor":
            values |= {"SocketAcceptPort": port, "SocketReuseAddress": "Y"}
        else:
            values |= {"SocketConnectHost": "127.0.0.1", "SocketConnectPort": port}
        self._values = values
        self.set(**more)

    def set(self, **more: object) -> None:
        """Add settings to the session file, which is read at the next start."""
        values = self._values = {**self._values, **more}
        names = ("BeginString", "SenderCompID", "TargetCompID", "DataDictionary", "TransportDataDictionary")
        names += ("AppDataDictionary", "DefaultApplVerID")
        default = [f"{key}={value}" for key, value in values.items() if key not in names]
        session = [f"{key}={value}" for key, value in values.items() if key in names]
        self._config.write_text("\n".join(["[DEFAULT]", *default, "[SESSION]", *session, ""]))

    def start(self) -> Peer:
        before = self.count("started")
        command = [sys.executable, "-m", f"tests.interop.{self.engine}_peer", str(self._config), str(self._journal)]
        with (self.folder / "errors").open("ab") as errors:
            self._process = subprocess.Popen(
                command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
            )
        self.wait(lambda: self.count("started") > before, "it starts")
        return self

    def tell(self, command: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """With SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def stop(self) -> None:
        """Let it log out and end."""
        assert self._process is not None
        try:
            self._process.communicate(b"stop\n", timeout=PATIENCE)
            assert self._process.returncode == 0, self.told()
        finally:
            self.kill()

    # -- what it did and saw -----------------------------------------------------------------------------------------

    def journal(self) -> list[list[str]]:
        return [line.split() for line in self._journal.read_text().splitlines()]

    def count(self, *words: str) -> int:
        """How many lines of the journal begin so."""
        return self._journal.read_text().count("\n" + " ".join(words)) + self._journal.read_text().startswith(
            " ".join(words)
        )

    def sent(self, kind: str) -> set[tuple[str, ...]]:
        """The messages of that MsgType whose sending returned."""
        return {tuple(words[2:]) for words in self.journal() if words[:2] == ["sent", kind]}

    def got(self, kind: str) -> Counter[tuple[str, ...]]:
        """The messages of that MsgType that the application got, and how often."""
        return Counter(tuple(words[2:-1]) for words in self.journal() if words[:2] == ["got", kind])

    def got_without_flag(self, kind: str) -> Counter[tuple[str, ...]]:
        """Those without PossDupFlag."""
        return Counter(
            tuple(words[2:-1]) for words in self.journal() if words[:2] == ["got", kind] and words[-1] == "N"
        )

    def wait(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, f"{self.engine}: waited for: {what}; {self.told()}"
            assert self._process is None or self._process.poll() is None, f"{self.engine} ended; {self.told()}"
            time.sleep(0.02)

    def wait_for(self, count: int, *words: str) -> None:
        self.wait(lambda: self.count(*words) >= count, f"{count} times {words}")

    def events(self) -> str:
        """What its event logs say."""
        return "".join(path.read_text() for path in sorted((self.folder / "log").glob("*event*.log")))

    def messages(self) -> list[str]:
        """Its message log, with `|` between fields."""
        logs = sorted((self.folder / "log").glob("*messages*.log"))
        return [line.replace("\x01", "|") for path in logs for line in path.read_text("latin-1").split("\n") if line]

    def told(self) -> str:
        """For the text of a failed test."""
        errors = (self.folder / "errors").read_text()[-2000:]
        return f"{errors}\n{self.events()[-2000:]}\n" + "\n".join(self.messages()[-8:])


class Sides(NamedTuple):
    acceptor: Peer
    initiator: Peer

    @property
    def ours(self) -> Peer:
        return next(peer for peer in self if peer.engine == "purefix")

    @property
    def theirs(self) -> Peer:
        return next(peer for peer in self if peer.engine == "quickfix")

    def start(self) -> Sides:
        self.acceptor.start()
        self.initiator.start()
        for peer in self:
            peer.wait_for(1, "logon")
        return self

    def stop(self) -> None:
        """Both at once: QuickFIX takes its time."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(Peer.stop, self))

    def wait_until_all_arrived(self) -> None:
        """Every order whose sending returned was received by the other application, and an execution of every order
        that was answered.

        It need not be the execution whose sending returned: what is sent in the callback of an order counts together
        with the order, which comes again where the process is killed within it.
        """
        acceptor, initiator = self
        acceptor.wait(lambda: initiator.sent("D") <= acceptor.got("D").keys(), "all orders arrive")
        initiator.wait(lambda: _orders(acceptor.sent("8")) <= _orders(initiator.got("8")), "all executions arrive")

    def assert_nothing_came_twice(self) -> None:
        """But with PossDupFlag."""
        for peer, kind in ((self.acceptor, "D"), (self.initiator, "8")):
            assert [each for each, times in peer.got_without_flag(kind).items() if times > 1] == []


def _orders(executions: Iterable[tuple[str, ...]]) -> set[str]:
    """The ClOrdIDs of executions."""
    return {execution[0] for execution in executions}
