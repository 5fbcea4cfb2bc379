"""`purefix initiator` and `purefix acceptor`, as processes of their own."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from purefix_core.cli.group import commands
from purefix_core.session.outgoing import FlatMessage, encoded
from purefix_core.wire.timestamps import utc_timestamp_text
from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "sessions"
PATIENCE = 20
Start = Callable[..., "Running"]


class Running:
    """A command that runs. Its output is read as it comes."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "purefix_core", *map(str, arguments)]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.output = ""

    @property
    def lines(self) -> list[str]:
        """Those that are whole."""
        return self.output.split("\n")[:-1]

    def wait_for(self, wanted: str) -> str:
        """The first line that has it."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        while not (found := [line for line in self.lines if wanted in line]):
            left = deadline - time.monotonic()
            assert left > 0, (wanted, self.output)
            if select.select([self.process.stdout], [], [], left)[0]:
                more = os.read(self.process.stdout.fileno(), 65536)
                assert more, (wanted, self.output, self.process.communicate()[1])
                self.output += more.decode()
        return found[0]

    def end(self, *signals: signal.Signals) -> int:
        """The exit code after these signals."""
        for number in signals:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        self.output += out.decode()
        assert err == b""
        return self.process.returncode


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Running] = []

    def start(*arguments: object) -> Running:
        running.append(Running(*arguments))
        return running[-1]

    yield start
    for each in running:
        each.process.kill()
        each.process.communicate()


def port_of(acceptor: Running) -> int:
    return int(acceptor.wait_for("listening on").split()[-1])


class Client:
    """A peer of the example's FIX.4.4 session, by hand."""

    def __init__(self, port: int, peer: str = "VENUE", name: str = "CLIENT") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._number = 0
        self._ids = {49: name.encode(), 56: peer.encode()}

    def close(self) -> None:
        self._socket.close()

    def send(self, msg_type: str, body: dict[int, str]) -> None:
        self._number += 1
        now = utc_timestamp_text(time.time_ns() // 10**6 * 10**6, 3).encode()
        message = FlatMessage(msg_type, [(tag, value.encode()) for tag, value in body.items()])
        added = {**self._ids, 34: b"%d" % self._number, 52: now}
        self._socket.sendall(encoded(b"FIX.4.4", message, added))

    def receive(self, count: int) -> list[str]:
        """So many messages, `|` between their fields."""
        data = b""
        while len(found := re.findall(rb"8=FIX.*?\x0110=\d\d\d\x01", data)) < count:
            more = self._socket.recv(65536)
            assert more, data
            data += more
        return [message.replace(b"\x01", b"|").decode() for message in found]


LOGON = {98: "0", 108: "30", 553: "user", 554: "secret"}
ORDER = {60: "20260105-09:30:00", 54: "1", 55: "IBM", 40: "2", 44: "7.50", 38: "100", 11: "A1"}


def test_the_examples_log_on_to_each_other(start: Start, tmp_path: Path) -> None:
    venue = start("acceptor", EXAMPLES / "venue.json", "--simulate", "--port", 0)
    text = (EXAMPLES / "client.json").read_text()
    assert '"SocketConnectPort": 9878' in text
    assert '"SocketAcceptPort": 9878' in (EXAMPLES / "venue.json").read_text()
    config = tmp_path / "client.json"
    config.write_text(text.replace("9878", str(port_of(venue))))
    client = start("initiator", config, "-v")
    line = client.wait_for("logged on")
    assert re.fullmatch(r"\d{8}-\d\d:\d\d:\d\d\.\d{3} FIX\.4\.4:CLIENT->VENUE logged on", line)
    venue.wait_for("FIX.4.4:VENUE->CLIENT logged on")
    assert client.end(signal.SIGINT) == 0
    assert any("logon sent → active" in line for line in client.lines)
    assert any("logged out" in line for line in client.lines)
    venue.wait_for("logs out")
    assert venue.end(signal.SIGTERM) == 0
    assert not any("→" in line or "8=FIX" in line for line in venue.lines)


def test_orders_are_filled_and_messages_printed_without_secrets(start: Start) -> None:
    venue = start("acceptor", EXAMPLES / "venue.json", "--simulate", "--port", 0, "--messages")
    client = Client(port_of(venue))
    client.send("A", LOGON)
    client.send("D", ORDER)
    logon, new, fill = client.receive(3)
    assert "|35=A|" in logon
    assert "|35=8|" in new
    assert "|39=0|" in new
    assert "|39=2|" in fill
    assert "|31=7.5|" in fill
    assert "|553=user|554=***|" in venue.wait_for("VENUE->CLIENT < 8=FIX.4.4|")
    assert "VENUE->CLIENT > 8=FIX.4.4|" in venue.wait_for("|35=8|")
    client.close()
    assert venue.end(signal.SIGINT) == 0
    assert "secret" not in venue.output


def test_orders_are_sent_back(start: Start) -> None:
    acceptor = start("acceptor", EXAMPLES / "venue.json", "--echo", "--port", 0)
    client = Client(port_of(acceptor))
    client.send("A", LOGON)
    client.send("D", ORDER)
    _, back = client.receive(2)
    assert "|11=A1|38=100|40=2|44=7.50|54=1|55=IBM|60=20260105-09:30:00|10=" in back
    client.close()
    assert acceptor.end(signal.SIGINT) == 0


def test_a_second_interrupt_does_not_wait_for_the_logout(start: Start, tmp_path: Path) -> None:
    text = (EXAMPLES / "venue.json").read_text()
    config = tmp_path / "venue.json"
    config.write_text(text.replace('"SenderCompID"', '"LogoutTimeout": 3600, "SenderCompID"'))
    acceptor = start("acceptor", config, "--port", 0, "-v")
    client = Client(port_of(acceptor))
    client.send("A", LOGON)
    acceptor.wait_for("logged on")
    acceptor.process.send_signal(signal.SIGINT)
    acceptor.wait_for("active → logout sent")
    assert acceptor.end(signal.SIGINT) == 130


def test_a_port_that_is_taken(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        acceptor = start("acceptor", EXAMPLES / "venue.json", "--port", port)
        _, err = acceptor.process.communicate(timeout=PATIENCE)
    assert acceptor.process.returncode == 2
    assert err.startswith(b"purefix: ")
    assert str(port).encode() in err
    assert err.count(b"\n") == 1


def told(*arguments: object) -> str:
    """The error of a command that ends with exit code 2."""
    result = CliRunner().invoke(commands, list(map(str, arguments)))
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.stderr


def test_sessions_of_the_other_role() -> None:
    venue = EXAMPLES / "venue.json"
    assert told("initiator", venue) == (
        f"purefix: {venue}: ConnectionType: expected initiator, found 3 of an acceptor: see purefix acceptor\n"
    )
    assert "expected acceptor, found 1 of an initiator" in told("acceptor", EXAMPLES / "client.json")


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert str(missing) in told("initiator", missing)
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"SenderCompID": "A", "BeginString": "FIX.4.4", "HeartBtInt": "x"}))
    said = told("initiator", wrong, missing)
    assert "HeartBtInt" in said
    assert "TargetCompID" in said
    assert str(missing) in said
    assert "no such registry file" in told("acceptor", "-r", tmp_path / "no.json", EXAMPLES / "venue.json")


def test_a_session_in_two_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    copy.write_text((EXAMPLES / "client.json").read_text())
    assert "FIX.4.4:CLIENT->VENUE: expected in one file" in told("initiator", EXAMPLES / "client.json", copy)


def test_simulate_and_echo_exclude_each_other() -> None:
    assert "--simulate and --echo exclude each other" in told("acceptor", "--simulate", "--echo", "x.json")


def test_the_commands_are_listed_without_asyncio() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from purefix_core.cli.group import commands;"
        "result = CliRunner().invoke(commands, ['--help']);"
        "assert 'initiator' in result.output and 'acceptor' in result.output, result.output;"
        "assert 'asyncio' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)
