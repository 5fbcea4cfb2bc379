"""From a key to the painted screen, while a session's engine writes 100,000 messages a minute to the log on screen.

    python benchmarks/bench_live_screen.py [ROWS] [KEYS]      default: 300,000 rows are there before, 300 keys a round

Three processes: the screen in a terminal of 140 by 40, with the engine in a thread of its own as the Session tab has
it; a peer on the loopback that sends orders, each of which is answered by a fill; and this one, which presses keys at
random moments and reads what is painted. A key is answered when all that was painted because of it has come out of the
terminal.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from purefix_core.logs.log_file import LogFile
from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig
from purefix_core.session.engine.message_log import message_log_path
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionId, SessionSettings
from purefix_core.session.states import State
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

PER_MINUTE = 100_000
LIMIT = 0.050
ORDER = b"11=ORD%d\x0121=1\x0155=%b\x0154=1\x0138=1000\x0140=2\x0144=150.25\x0159=0\x0160=20260131-10:00:00.000\x01"
_FILL = b"37=BR-1|11=ORD1|17=E1|150=F|39=1|55=AAPL|54=1|38=1000|32=400|31=150.24|14=400|151=600|6=150.24"
FILL = [(int(tag), value) for tag, value in (field.split(b"=") for field in _FILL.split(b"|"))]
SYMBOLS = (b"AAPL", b"MSFT", b"EURUSD")
AT_THE_END = b"kG"
"""Up, and back to the last row, which the table then follows."""
IN_THE_MIDDLE = b"gjjjk  \x02k j\x02 jjkk"
"""The first row, and rows and pages from there; ^B is a page up. Each of these moves the cursor."""
ROUNDS = (
    ("following", "", AT_THE_END),
    ("scrolled away", "", IN_THE_MIDDLE),
    ("following, 35=8", "35=8", AT_THE_END),
    ("scrolled away, 35=8", "35=8", IN_THE_MIDDLE),
    ("following, Symbol = AAPL", "Symbol = AAPL", AT_THE_END),
    ("scrolled away, Symbol = AAPL", "Symbol = AAPL", IN_THE_MIDDLE),
)


def config(folder: Path, port: int) -> FixConfig:
    network = NetworkSettings(accept_host="127.0.0.1", accept_port=port)
    session_id = SessionId("FIX.4.4", "VENUE", "CLIENT")
    kind = ConnectionType.ACCEPTOR
    return FixConfig.of(
        SessionSettings(session_id, kind, network, store_path=folder, log_path=folder, check_latency=False)
    )


# -- the peer ------------------------------------------------------------------------------------------------


def from_client(msg_type: bytes, number: int, body: bytes) -> bytes:
    head = b"35=%b\x0134=%d\x0149=CLIENT\x0152=20260131-10:00:00.000\x0156=VENUE\x01" % (msg_type, number)
    return sealed(b"FIX.4.4", head + body, SOH)


def order(number: int) -> bytes:
    return from_client(b"D", number, ORDER % (number, SYMBOLS[number % len(SYMBOLS)]))


def peer(port: int) -> None:
    """Log on as soon as somebody listens, then send orders at an even pace and read what comes."""
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), 1)
            break
        except OSError:
            time.sleep(0.1)
    connection.sendall(from_client(b"A", 1, b"98=0\x01108=300\x01"))
    connection.setblocking(False)
    begun, sent = time.perf_counter(), 0
    while True:
        due = int((time.perf_counter() - begun) * PER_MINUTE / 60 / 2)
        waiting = b"".join(order(number + 2) for number in range(sent, due))
        sent = due
        while waiting:
            readable, writable, _ = select.select([connection], [connection], [])
            if readable and not connection.recv(1 << 20):
                return
            if writable:
                waiting = waiting[connection.send(waiting) :]
        if select.select([connection], [], [], 0.005)[0] and not connection.recv(1 << 20):
            return


# -- the screen ----------------------------------------------------------------------------------------------


class Venue(Application):
    """Fills a part of every order."""

    def from_app(self, message: object, session: object) -> None:  # noqa: ARG002 (the interface has them)
        session.send(FlatMessage("8", FILL))  # type: ignore[attr-defined]


def screen(folder: Path, port: int, expression: str) -> None:
    import purefix_tui  # noqa: F401, I001 (what it asks of Textual is to be said before that is imported)
    from textual.app import App, ComposeResult
    from textual.strip import Strip

    from purefix_tui.log.conditions import FilterState
    from purefix_tui.log.live_pane import LivePane, LiveTable
    from purefix_tui.session.engine_thread import EngineThread
    from purefix_tui.themes import THEMES

    class Table(LiveTable):
        """Counts the keys, and those whose effect is painted."""

        pressed = painted = 0

        def action_cursor(self, rows: int) -> None:
            super().action_cursor(rows)
            Table.pressed += 1

        def action_page(self, pages: int) -> None:
            super().action_page(pages)
            Table.pressed += 1

        def action_first(self) -> None:
            super().action_first()
            Table.pressed += 1

        def action_last(self) -> None:
            super().action_last()
            Table.pressed += 1

        def render_line(self, y: int) -> Strip:
            if y == self.screen_line + 1:
                Table.painted = Table.pressed
            return super().render_line(y)

    class Pane(LivePane):
        TABLE = Table

    class Screen(App[None]):
        told = 0

        def __init__(self) -> None:
            super().__init__()
            for theme in THEMES:
                self.register_theme(theme)
            self.theme = THEMES[0].name

        def compose(self) -> ComposeResult:
            self.engine = EngineThread(config(folder, port), None, folder, application=Venue())
            path = message_log_path(self.engine.config)
            assert path is not None
            self.pane = Pane(LogFile.open(path))
            yield self.pane

        def on_mount(self) -> None:
            self.pane.table.focus()
            self.pane.show_filtered(FilterState(expression))
            self.set_interval(0.05, self.begin, name="begin")

        def begin(self) -> None:
            if not self.pane.is_working and not self.engine.is_running:
                self.engine.start(self.pane.poke).result(10)
                self.engine.connect().result(10)
            if self.engine.is_running:
                self.pane.add_events(self.engine.take_lines())
                if self.engine.status.state is State.ACTIVE and not self.told:
                    self.tell("logged on")

        def _display(self, *arguments: object) -> None:
            super()._display(*arguments)  # type: ignore[arg-type]
            if Table.painted != self.told:
                self.told = Table.painted
                self.tell(f"painted {self.told} of {len(self.pane.log_file.rows)}")

        def tell(self, text: str) -> None:
            """Say something behind what was painted, in the terminal's title."""
            if self._driver is not None:
                self._driver.write(f"\x1b]0;{text}\x07")
                self._driver.flush()

    Screen().run()


# -- the keys ------------------------------------------------------------------------------------------------


@dataclass
class Terminal:
    """A program in a terminal."""

    pid: int
    fd: int
    text: bytes = b""

    def read(self, seconds: float) -> None:
        if select.select([self.fd], [], [], seconds)[0]:
            self.text = self.text[-400:] + os.read(self.fd, 1 << 16)

    def read_for(self, seconds: float) -> None:
        """Take all that is painted meanwhile."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def wait_for(self, text: bytes, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.text:
            self.read(0.1)
            if time.monotonic() > deadline:
                raise SystemExit(f"{text!r} did not come: {self.text[-300:]!r}")

    def rows(self) -> int:
        """How many messages were indexed when a key was last answered."""
        return int(self.text.rsplit(b" of ", 1)[1].split(b"\x07")[0])


def in_terminal(*arguments: str) -> Terminal:
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.execv(sys.executable, [sys.executable, __file__, *arguments])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    return Terminal(pid, fd)


def measure(folder: Path, expression: str, keys: bytes, count: int) -> tuple[list[float], float]:
    """Seconds for each key, and how many messages a second were written meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    terminal = in_terminal("--screen", str(folder), port, expression)
    process = subprocess.Popen([sys.executable, __file__, "--peer", port])
    try:
        terminal.wait_for(b"logged on", 60)
        terminal.read_for(2)  # until all is loaded that is needed from then on
        times, chance, begun, rows = [], random.Random(1), 0.0, 0
        for number, key in enumerate(islice(cycle(keys), 10 + count), 1):
            terminal.read_for(chance.uniform(0.03, 0.15))
            pressed = time.perf_counter()
            os.write(terminal.fd, bytes([key]))
            terminal.wait_for(b"painted %d " % number, 20)
            if number > 10:  # the first ones load what is needed later
                times.append(time.perf_counter() - pressed)
            else:
                begun, rows = time.perf_counter(), terminal.rows()
        rate = (terminal.rows() - rows) / (time.perf_counter() - begun)
    finally:
        process.kill()
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)
        os.close(terminal.fd)
        process.wait()
    return times, rate


def prepare(folder: Path, rows: int) -> None:
    """A message log of so many rows."""
    path = message_log_path(config(folder, 0))
    assert path is not None
    with path.open("wb") as log:
        for number in range(1, rows + 1):
            log.write(b"20260131-09:00:00.000000000 : %b\n" % order(number))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    for name, expression, keys in ROUNDS:
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), rows)
            times, rate = measure(Path(folder), expression, keys, count)
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        figures = f"p50 {p50 * 1000:5.1f} ms   p99 {p99 * 1000:5.1f} ms   max {max(times) * 1000:5.1f} ms"
        told = f"p99 is {p99 / LIMIT:.2f} of the limit; {rate * 60:,.0f} messages a minute"
        print(f"{name:<30} {figures}   {told}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--screen"]:
        screen(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        main()
