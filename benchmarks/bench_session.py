"""Sessions: messages a second, a long resend, and the memory of idle sessions.

    python benchmarks/bench_session.py [CONFORMANCE_FOLDER]

The peer is QuickFIX C++ through its Python binding (quickfix-tls), as the same echoing acceptor with a file store, in
the same run and under the same load, by turns. CONFORMANCE_FOLDER has qf_at_acceptor.py and echo_load.py, by default
../shared/conformance. Every figure is the median of some rounds.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig
from purefix_core.session.engine.engine import FixEngine
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionId, SessionSettings
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
ORDERS = 5_000
RESENT = 100_000
IDLE = 500
FIGURES = re.compile(r"ping-pong (\d+)/s p50 (\d+) us p99 (\d+) us; pipelined (\d+)/s")


def line(what: str, figure: str, told: str = "") -> None:
    print(f"{what:<58} {figure:>16}   {told}".rstrip(), flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def listening(command: list[str], port: int) -> Iterator[int]:
    """A process that listens on `port`; gives its pid."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise SystemExit(f"{command[0]} does not listen") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def echoes(folder: Path) -> None:
    """echo_load.py against both acceptors by turns."""
    ours, theirs = free_port(), free_port()
    dictionaries = ROOT / "purefix_core" / "dictionaries"
    quickfix = [str(folder / "qf_at_acceptor.py"), "--port", str(theirs), "--spec", str(dictionaries)]
    acceptor = ["-m", "tests.conformance.acceptor", "--port", str(ours)]
    rounds: dict[int, list[tuple[int, ...]]] = {ours: [], theirs: []}
    with listening(acceptor, ours), listening(quickfix, theirs):
        for _ in range(ROUNDS):
            for port, found in rounds.items():
                command = [sys.executable, str(folder / "echo_load.py"), "127.0.0.1", str(port), str(ORDERS)]
                told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
                match = FIGURES.search(told)
                assert match is not None, told
                found.append(tuple(int(each) for each in match.groups()))
    mine, peer = ([statistics.median(each) for each in zip(*rounds[port], strict=True)] for port in (ours, theirs))
    names = ("round trips, one at a time", "p50 of a round trip", "p99 of a round trip", "pipelined, echoed")
    for name, own, other, unit in zip(names, mine, peer, ("/s", " us", " us", "/s"), strict=True):
        ratio = own / other if unit == "/s" else other / own
        line(name, f"{own:,.0f}{unit}", f"QuickFIX {other:,.0f}{unit}; {ratio:.2f} times as good")


def resend() -> None:
    """A peer that asks for 100,000 messages over a socket, and reads them."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        with FixMsgFileStore(folder, "SRV", "CLI") as store, store.batch():
            body = b"35=D\x0134=%d\x0149=SRV\x0152=20260121-12:53:20.000\x0156=CLI\x01" + order(1)
            for number in range(1, RESENT + 1):
                store.put(FixMsgStoreRecord("D", time.time_ns(), number, sealed(b"FIX.4.4", body % number, SOH)))
            store.set_last_sent_seq_num(RESENT)
        seconds = statistics.median(asyncio.run(resend_once(Path(folder), port)) for _ in range(3))
    line(f"resend of {RESENT:,} messages", f"{seconds:.2f} s", f"limit 3 s; {RESENT / seconds:,.0f}/s")


def order(number: int) -> bytes:
    text = f"11=ID{number}|21=1|38=1000|40=2|44=150.25|54=1|55=AAPL|59=0|60=20260121-12:53:20.000|"
    return text.replace("|", "\x01").encode()


def settings(port: int, folder: Path, sender: str = "SRV", target: str = "CLI") -> SessionSettings:
    network = NetworkSettings(accept_host="127.0.0.1", accept_port=port)
    session_id = SessionId("FIX.4.4", sender, target)
    return SessionSettings(session_id, ConnectionType.ACCEPTOR, network, store_path=folder, check_latency=False)


async def resend_once(folder: Path, port: int) -> float:
    async with FixEngine([FixConfig.of(settings(port, folder))], Application()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        expected = FixMsgFileStore.open_folder(next(folder.iterdir())).get_last_received_seq_num() + 1
        writer.write(from_client(b"A", expected, b"98=0\x01108=30\x01"))
        await reader.readuntil(b"\x0110=")
        writer.write(from_client(b"2", expected + 1, b"7=1\x0116=0\x01"))
        begun, seen, rest = time.perf_counter(), 0, b""
        while seen < RESENT:
            data = rest + await reader.read(1 << 20)
            seen += data.count(b"\x0143=Y\x01")
            rest = data[-4:] if not data.endswith(b"\x0143=Y\x01") else b""
        seconds = time.perf_counter() - begun
        writer.write(from_client(b"5", expected + 2, b""))
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
    return seconds


def from_client(msg_type: bytes, number: int, body: bytes) -> bytes:
    head = b"35=%b\x0134=%d\x0149=CLI\x0152=20260121-12:53:20.000\x0156=SRV\x01" % (msg_type, number)
    return sealed(b"FIX.4.4", head + body, SOH)


ACCEPTOR = """
import asyncio, sys
sys.path.insert(0, "benchmarks")
from bench_session import FixConfig, FixEngine, Application, Path, settings
async def main(port, folder, count):
    configs = [FixConfig.of(settings(port, Path(folder), target=f"CLI{n}")) for n in range(count)]
    async with FixEngine(configs, Application()):
        await asyncio.Event().wait()
asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
"""


def resident(pid: int) -> int:
    """Resident memory of a process, in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory() -> None:
    """Resident memory of an acceptor with 500 sessions logged on, against one with none."""
    found = []
    for count in (0, IDLE):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder:
            # One session stands in the settings in any case: an acceptor without one listens to nothing.
            command = ["-c", ACCEPTOR, str(port), folder, str(max(count, 1))]
            with listening(command, port) as pid:
                sockets = [log_on(port, number) for number in range(count)]
                time.sleep(1)
                found.append(resident(pid))
                for each in sockets:
                    each.close()
    each = (found[1] - found[0]) / IDLE
    told = f"limit 40 KB; {found[1] / 1e6:.0f} MB in all"
    line(f"memory of an idle session ({IDLE} of them)", f"{each / 1000:.1f} KB", told)


def log_on(port: int, number: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 5)
    body = b"35=A\x0134=1\x0149=CLI%d\x0152=20260121-12:53:20.000\x0156=SRV\x0198=0\x01108=300\x01" % number
    connection.sendall(sealed(b"FIX.4.4", body, SOH))
    assert b"\x0135=A\x01" in connection.recv(4096)
    return connection


class Counting(Application):
    """Counts what comes."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.done = asyncio.Event()

    def from_app(self, message: object, session: object) -> None:  # noqa: ARG002 (the interface has them)
        self.wanted -= 1
        if not self.wanted:
            self.done.set()


async def one_way(folder: Path) -> float:
    """Messages a second from one engine of ours to another in the same process, stored on both sides."""
    port = free_port()
    counting = Counting(4 * ORDERS)
    theirs = settings(port, folder / "a")
    network = NetworkSettings(hosts=(("127.0.0.1", port),))
    ours = SessionSettings(SessionId("FIX.4.4", "CLI", "SRV"), network=network, store_path=folder / "i")
    async with FixEngine([FixConfig.of(theirs)], counting), FixEngine([FixConfig.of(ours)], Application()) as client:
        session = client.sessions[ours.session_id]
        while not session.is_logged_on:
            await asyncio.sleep(0.01)
        body = [(int(tag), value) for tag, value in (field.split(b"=") for field in order(1).split(b"\x01") if field)]
        begun = time.perf_counter()
        for number in range(counting.wanted):
            client.send(ours.session_id, FlatMessage("D", body))
            if number % 100 == 0:
                await asyncio.sleep(0)
        await counting.done.wait()
        return 4 * ORDERS / (time.perf_counter() - begun)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "conformance"
    if (folder / "echo_load.py").exists():
        echoes(folder)
    else:
        print(f"no echo_load.py in {folder}: echoes are left out")
    with tempfile.TemporaryDirectory() as temporary:
        line("one way, both engines in this process", f"{asyncio.run(one_way(Path(temporary))):,.0f}/s")
    resend()
    memory()


if __name__ == "__main__":
    main()
