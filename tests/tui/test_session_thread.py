"""The engine of a session in a thread of its own, against another one on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from session_peers import PATIENCE, cut, order, port_of, settings, wait

from purefix_core.analysis.refusals import Refusal
from purefix_core.session import by_hand
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError, FixEngine
from purefix_core.session.events import Level
from purefix_core.session.settings import ConnectionType, TlsSettings
from purefix_core.session.states import State
from purefix_tui.log.live_pane import EventLine
from purefix_tui.session.engine_thread import EngineThread

MakeThread = Callable[..., EngineThread]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeThread]:
    """Makes engines that end with the test."""
    made: list[EngineThread] = []

    def make(role: ConnectionType, port: int = 0, **more: object) -> EngineThread:
        made.append(EngineThread(FixConfig.of(settings(role, port, **more)), None, tmp_path / role.value))
        return made[-1]

    yield make
    for each in made:
        assert each.stop()


def client_of(venue: EngineThread, make: MakeThread, **more: object) -> EngineThread:
    return make(ConnectionType.INITIATOR, port_of(venue), **more)


def log_on(client: EngineThread) -> None:
    client.start().result(PATIENCE)
    client.connect().result(PATIENCE)
    wait(lambda: client.status.state is State.ACTIVE, "it is logged on")


def test_a_session_logs_on_sends_and_logs_out(venue: EngineThread, make: MakeThread) -> None:
    told = threading.Event()
    client = client_of(venue, make)
    client.start(told.set).result(PATIENCE)
    assert client.status.state is State.DISCONNECTED
    client.connect().result(PATIENCE)
    wait(lambda: client.status.state is State.ACTIVE, "it is logged on")
    assert told.wait(PATIENCE)
    assert client.call(lambda engine: engine.send(client.name, order("A1"))).result(PATIENCE) == 2
    wait(lambda: client.status.next_in == 4, "the order is acknowledged and filled")
    assert client.status.last_received is not None
    assert client.status.last_received.msg_type == "8"
    assert client.stop()
    wait(lambda: venue.status.next_in == 4, "the Logout was received")
    wait(lambda: venue.status.state is State.DISCONNECTED, "the venue knows")
    assert "logged out" in [line.text for line in client.take_lines()]


def test_it_connects_to_nothing_by_itself(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    client.start().result(PATIENCE)
    client.call(lambda _: None).result(PATIENCE)
    assert client.status.state is State.DISCONNECTED
    assert not client.status.is_dialing


def test_each_line_knows_between_which_messages_it_stands(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)
    for number in range(50):
        client.call(lambda engine, number=number: engine.send(client.name, order(f"A{number}"))).result(PATIENCE)
    wait(lambda: client.status.next_in == 102, "everything is answered")
    assert client.stop()
    lines = {line.text: line for line in client.take_lines()}
    assert client.log_path is not None
    log = client.log_path.read_bytes()
    assert all(each.offset in (0, len(log)) or log[each.offset - 1 : each.offset] == b"\n" for each in lines.values())
    logged_on, ended = lines["logged on"].offset, lines["logged out"].offset
    assert [part.count(b"\x0135=A\x01") for part in (log[:logged_on], log[logged_on:])] == [2, 0]
    assert [part.count(b"\x0135=8\x01") for part in (log[logged_on:ended], log[ended:])] == [100, 0]


def test_the_logon_can_be_held_and_sent_by_hand(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    client.start().result(PATIENCE)
    client.perform(client.deed(by_hand.connect).result(PATIENCE)).result(PATIENCE)
    client.connect().result(PATIENCE)
    wait(lambda: client.status.is_connected, "it is connected")
    assert client.status.state is State.CONNECTING
    deed = client.deed(by_hand.logon).result(PATIENCE)
    assert deed.message is not None
    assert b"\x0135=A\x01" in deed.message
    client.perform(deed).result(PATIENCE)
    wait(lambda: client.status.state is State.ACTIVE, "it is logged on")


def test_a_lost_connection_is_not_made_again(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)
    cut(venue)
    wait(lambda: client.status.state is State.DISCONNECTED, "the connection is lost")
    assert client.call(lambda _: None).result(PATIENCE) is None
    assert not client.status.is_dialing
    assert client.status.next_attempt is None
    assert client.is_running


def test_giving_up_ends_listening_but_no_connection(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)
    wait(lambda: venue.status.is_connected, "the venue knows")
    assert venue.give_up().result(PATIENCE) is False
    assert client.give_up().result(PATIENCE) is False
    assert client.status.state is State.ACTIVE
    cut(client)
    wait(lambda: venue.status.state is State.DISCONNECTED, "the connection has ended")
    assert venue.give_up().result(PATIENCE) is True
    assert venue.status.listening is None
    for each in (venue, client):
        with pytest.raises(ValueError, match="no connection"):
            each.give_up().result(PATIENCE)


def test_a_port_in_use_is_an_error_and_a_line(make: MakeThread) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        venue = make(ConnectionType.ACCEPTOR, port)
        venue.start().result(PATIENCE)
        with pytest.raises(EngineError, match=str(port)):
            venue.connect().result(PATIENCE)
    lines: list[EventLine] = []
    wait(lambda: lines.extend(venue.take_lines()) or any(str(port) in line.text for line in lines), "it is said")
    assert {line.level for line in lines if str(port) in line.text} == {Level.ERROR}
    venue.connect().result(PATIENCE)
    assert venue.status.listening == port


def test_an_engine_that_cannot_be_made_says_why(make: MakeThread, tmp_path: Path) -> None:
    (tmp_path / "nothing.pem").write_text("no certificate")
    tls = TlsSettings(enabled=True, ca_file=tmp_path / "nothing.pem")
    client = make(ConnectionType.INITIATOR, 1, network={"tls": tls})
    with pytest.raises(EngineError, match=r"nothing\.pem"):
        client.start().result(PATIENCE)
    wait(lambda: not client.is_running, "its thread ends")
    assert "nothing.pem" in client.failure
    with pytest.raises(EngineError, match=r"nothing\.pem"):
        client.connect().result(PATIENCE)


def test_an_engine_that_ends_by_itself_is_a_failure(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)

    def end(_: object) -> None:
        raise SystemExit(1)

    client.call(end)
    wait(lambda: not client.is_running, "its thread ends")
    assert "the engine has ended" in client.failure
    assert client.status.state is State.DISCONNECTED
    assert client.take_lines()[-1].level is Level.ERROR
    with pytest.raises(EngineError, match="the engine has ended"):
        client.call(lambda _: None).result(PATIENCE)


def test_a_fault_in_what_is_called_is_an_error_of_the_call_alone(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)
    with pytest.raises(EngineError, match="ZeroDivisionError"):
        client.call(lambda _: 1 // 0).result(PATIENCE)
    assert client.status.state is State.ACTIVE


def test_calls_before_the_start_and_after_the_end_are_refused(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    with pytest.raises(EngineError, match="does not run"):
        client.connect().result(PATIENCE)
    client.start().result(PATIENCE)
    assert client.stop()
    with pytest.raises(EngineError, match="does not run"):
        client.connect().result(PATIENCE)


def test_a_logout_that_nobody_answers_does_not_hold_up_the_end(make: MakeThread) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = make(ConnectionType.INITIATOR, silent.getsockname()[1], logout_timeout=0.1)
        client.start().result(PATIENCE)
        client.connect().result(PATIENCE)
        wait(lambda: client.status.state is State.LOGON_SENT, "the Logon is sent")
        assert client.stop()


def test_a_refusal_is_kept_until_somebody_is_logged_on(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make)
    log_on(client)
    assert client.stop()
    behind = client_of(venue, make)  # its numbers begin with 1 again
    behind.start().result(PATIENCE)
    behind.connect().result(PATIENCE)
    wait(lambda: behind.refusal, "the Logon is refused")
    refusal = behind.refusal
    assert refusal is not None
    assert (refusal.ours, refusal.expected, refusal.set_out) == (False, 3, 3)
    behind.by_hand(lambda session, now: session.manual.set_numbers("test", now, next_sender=3)).result(PATIENCE)
    behind.connect().result(PATIENCE)
    wait(lambda: behind.status.state is State.ACTIVE, "it is logged on")
    assert behind.refusal is None


def test_logs_go_elsewhere_where_they_cannot_be_written(make: MakeThread, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    client = make(ConnectionType.INITIATOR, 1, log_path=tmp_path / "file" / "log")
    assert client.log_path is not None
    assert client.log_path.parent == tmp_path / "initiator"
    assert client.log_path.exists()
    said = [line.text for line in client.take_lines()]
    assert any("cannot be written" in text for text in said)
    assert any(str(tmp_path / "initiator") in text for text in said)


def test_passwords_are_not_in_the_log(venue: EngineThread, make: MakeThread) -> None:
    client = client_of(venue, make, username="anna", password="hunter2")
    log_on(client)
    assert client.stop()
    assert client.log_path is not None
    written = client.log_path.read_bytes()
    assert b"anna" in written
    assert b"hunter2" not in written
    assert "hunter2" not in repr(client.take_lines()) + repr(client.status)


# Before it is up.


@pytest.fixture
def held_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An engine starts no sooner than this is set."""
    go_on, start = threading.Event(), FixEngine.start

    async def slowly(engine: FixEngine, *args: Any, **options: Any) -> None:
        await asyncio.to_thread(go_on.wait, PATIENCE)
        await start(engine, *args, **options)

    monkeypatch.setattr(FixEngine, "start", slowly)
    yield go_on
    go_on.set()


def test_one_that_is_stopped_before_it_is_up_ends(make: MakeThread, held_start: threading.Event) -> None:
    client = make(ConnectionType.INITIATOR, 1)
    client.start()
    client.begin_to_stop()
    held_start.set()
    client._thread.join(PATIENCE)
    assert not client._thread.is_alive()


def test_one_that_is_stopped_before_it_has_a_loop_ends(make: MakeThread) -> None:
    client = make(ConnectionType.INITIATOR, 1)
    client.begin_to_stop()
    client.start()
    client._thread.join(PATIENCE)
    assert not client._thread.is_alive()


def test_being_up_can_be_waited_for_by_many(make: MakeThread, held_start: threading.Event) -> None:
    client = make(ConnectionType.INITIATOR, 1)
    assert client.is_up is None
    started = client.start()
    assert client.is_up is started
    assert not started.cancel()
    held_start.set()
    started.result(PATIENCE)
    assert client.is_up is None
    assert client.is_running


def test_a_refusal_that_came_later_is_not_forgotten(make: MakeThread) -> None:
    client = make(ConnectionType.INITIATOR, 1)
    client.start().result(PATIENCE)
    first, second = (Refusal(100, 1, False, 100, None) for _ in range(2))
    client.refusal = second
    client.forget_refusal(first)
    client.call(lambda _: None).result(PATIENCE)
    assert client.refusal is second
    client.forget_refusal(second)
    client.call(lambda _: None).result(PATIENCE)
    assert client.refusal is None
