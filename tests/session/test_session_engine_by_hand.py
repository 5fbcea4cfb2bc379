"""An engine whose sessions are connected, ended and looked at by hand."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from purefix_core.session import by_hand
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError, FixEngine
from purefix_core.session.engine.message_log import event_log_path, message_log_path
from purefix_core.session.events import Note
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionSettings, StoreLayout
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_core.store.editing import set_numbers
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import locate
from purefix_core.store.located import open_store
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.records import StoreError
from purefix_core.wire.timestamps import NANOS
from tests.session.engine_peers import (
    HOST,
    PATIENCE,
    RawPeer,
    acceptor_settings,
    becomes,
    engine_of,
    initiator_settings,
    logged_on,
    on_disk,
    order,
    says,
    until,
)

CLIENT, VENUE = "CLIENT-VENUE", "VENUE-CLIENT"


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


class Idle:
    """An engine in which nothing is dialed nor listened on."""

    def __init__(self, *settings: SessionSettings) -> None:
        self.engine = engine_of(*settings)

    async def __aenter__(self) -> FixEngine:
        await self.engine.start(connect=False)
        return self.engine

    async def __aexit__(self, *_: object) -> None:
        await self.engine.stop()


async def stops_dialing(engine: FixEngine) -> None:
    async with asyncio.timeout(PATIENCE):
        while engine.initiator(CLIENT).is_running:
            await asyncio.sleep(0.01)


# -- connecting ------------------------------------------------------------------------------------------------------


async def test_nothing_is_dialed_nor_listened_on_before_it_is_asked_for() -> None:
    async with Idle(acceptor_settings()) as venue:
        assert venue.ports == [0]
        assert venue.status(VENUE).listening is None
        await venue.connect(VENUE)
        port = venue.ports[0]
        assert venue.status(VENUE).listening == port > 0
        await venue.connect(VENUE)
        assert venue.ports == [port]
        async with Idle(initiator_settings(port)) as client:
            heard = client.events()
            assert not client.initiator(CLIENT).is_running
            await client.connect(CLIENT)
            await logged_on(heard)
            await client.connect(CLIENT)  # it is connected
            client.log_out(CLIENT)
            await until(heard, becomes(State.DISCONNECTED))


async def test_a_session_that_does_not_reconnect_dials_each_host_once() -> None:
    hosts = ((HOST, free_port()), (HOST, free_port()))
    async with Idle(initiator_settings(1, network=NetworkSettings(hosts=hosts))) as client:
        heard = client.events()
        client.initiator(CLIENT).reconnects = False
        for _ in range(2):
            await client.connect(CLIENT)
            for _, port in hosts:
                await until(heard, says(f"{HOST} port {port}: Connection refused"))
            await stops_dialing(client)
        assert client.status(CLIENT).next_attempt is None
        client.initiator(CLIENT).reconnects = True
        await client.connect(CLIENT)
        await until(heard, says("the next attempt is in"))
        status = client.status(CLIENT)
        assert status.next_attempt is not None
        assert status.next_attempt > status.time


async def test_a_logout_of_a_session_that_does_not_reconnect_is_its_end() -> None:
    async with engine_of(acceptor_settings()) as venue, Idle(initiator_settings(venue.ports[0])) as client:
        heard = client.events()
        client.initiator(CLIENT).reconnects = False
        for _ in range(2):  # the second connection is asked for while the first is still being closed
            await client.connect(CLIENT)
            await logged_on(heard)
            client.log_out(CLIENT)
            await until(heard, becomes(State.DISCONNECTED))
        await stops_dialing(client)


async def test_a_connection_is_ended_hard_and_another_made_at_once() -> None:
    async with engine_of(acceptor_settings()) as venue, Idle(initiator_settings(venue.ports[0])) as client:
        heard, at_venue = client.events(), venue.events()
        await client.connect(CLIENT)
        await logged_on(heard)
        await logged_on(at_venue)
        client.disconnect(CLIENT, "by hand")
        client.disconnect(CLIENT, "twice")
        await until(heard, says("disconnected: by hand"))
        await until(at_venue, becomes(State.DISCONNECTED))
        await stops_dialing(client)
        assert client.status(CLIENT).next_out == venue.status(VENUE).next_in == 2  # there was no Logout
        await client.connect(CLIENT)
        await logged_on(heard)
        client.disconnect(CLIENT, "by hand")
        await client.connect(CLIENT)
        await logged_on(heard)


async def test_dialing_is_given_up() -> None:
    listening = socket.create_server((HOST, 0))  # takes the connection; nobody answers the greeting of TLS
    tls = NetworkSettings().tls
    port = int(listening.getsockname()[1])
    network = NetworkSettings(tls=type(tls)(enabled=True), hosts=((HOST, port),))
    async with Idle(initiator_settings(1, network=network)) as client:
        heard = client.events()
        await client.connect(CLIENT)
        await until(heard, says("connecting to"))
        async with asyncio.timeout(PATIENCE):
            while not client.status(CLIENT).is_dialing:
                await asyncio.sleep(0.01)
        assert client.status(CLIENT).peer == f"{HOST}:{port}"
        assert client.status(CLIENT).state is State.CONNECTING
        client.disconnect(CLIENT, "changed my mind")
        await until(heard, says("disconnected: changed my mind"))
        assert not client.status(CLIENT).is_dialing
    listening.close()


async def test_an_acceptor_ends_a_connection_and_goes_on_listening() -> None:
    async with engine_of(acceptor_settings()) as venue:
        heard = venue.events()
        for _ in range(2):
            peer = await RawPeer.connect(venue.ports[0])
            peer.log_on(more=b"141=Y|")
            await peer.expect("A")
            await until(heard, becomes(State.ACTIVE))
            venue.disconnect(VENUE, "by hand")
            await until(heard, becomes(State.DISCONNECTED))
            assert b"35=5" not in await peer.rest()
            await peer.close()


async def test_listening_ends_and_connections_stay() -> None:
    async with engine_of(acceptor_settings()) as venue:
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        port = venue.ports[0]
        await venue.stop_listening(VENUE)
        await venue.stop_listening(VENUE)
        assert venue.status(VENUE).listening is None
        with pytest.raises(OSError, match=r"."):
            await RawPeer.connect(port)
        peer.send("1", b"112=ALIVE|")
        await peer.expect("0")
        await peer.close()


async def test_listening_is_ended_and_begun_again_while_peers_come() -> None:
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: troubles.append(what))
    async with Idle(acceptor_settings(NetworkSettings(accept_port=free_port()))) as engine:
        await engine.connect(VENUE)
        port = engine.status(VENUE).listening
        for _ in range(50):
            with socket.socket() as peer:
                peer.setblocking(False)
                peer.connect_ex((HOST, port))
                await asyncio.sleep(0)
                await asyncio.gather(engine.stop_listening(VENUE), engine.connect(VENUE))
        assert engine.status(VENUE).listening == port
        await engine.stop_listening(VENUE)
        with socket.socket() as peer, pytest.raises(ConnectionRefusedError):
            peer.connect((HOST, port))
    assert troubles == []


async def test_an_engine_that_does_not_run_connects_nothing() -> None:
    engine = engine_of(initiator_settings(free_port()))
    with pytest.raises(EngineError, match="the engine does not run"):
        await engine.connect(CLIENT)
    await engine.start(connect=False)
    await engine.stop()
    with pytest.raises(EngineError, match="the engine does not run"):
        await engine.connect(CLIENT)


async def test_a_port_that_cannot_be_had_is_said_and_the_engine_goes_on() -> None:
    async with engine_of(acceptor_settings()) as first:
        port = first.ports[0]
        async with Idle(acceptor_settings(NetworkSettings(accept_port=port))) as second:
            with pytest.raises(EngineError, match=f"port {port}: Address already in use"):
                await second.connect(VENUE)
            await first.stop()
            await second.connect(VENUE)
            assert second.ports == [port]


# -- by hand ---------------------------------------------------------------------------------------------------------


async def test_deeds_go_through_the_engine() -> None:
    async with engine_of(acceptor_settings()) as venue, Idle(initiator_settings(venue.ports[0])) as client:
        heard, at_venue = client.events(), venue.events()

        def do(make: Any, *values: Any) -> None:
            deed = client.by_hand(CLIENT, lambda session, now: make(session, now, *values))
            client.by_hand(CLIENT, lambda session, now: deed.perform(session, now, "tester"))

        do(by_hand.connect)
        await client.connect(CLIENT)
        await until(heard, becomes(State.CONNECTING))
        async with asyncio.timeout(PATIENCE):
            while not client.status(CLIENT).is_connected:
                await asyncio.sleep(0.01)
        assert not client.status(CLIENT).sends_logon
        do(by_hand.logon)
        await logged_on(heard)
        await until(at_venue, becomes(State.ACTIVE))
        do(by_hand.send, order("1"))
        do(by_hand.sequence_reset, 100, True)
        await until(at_venue, lambda event: getattr(event, "raw", b"").find(b"\x0136=100\x01") > 0)
        assert client.status(CLIENT).next_out == venue.status(VENUE).next_in == 100
        with pytest.raises(ValueError, match="logged on already"):
            do(by_hand.logon)
        with pytest.raises(KeyError):
            client.by_hand("NOBODY", lambda session, now: None)


async def test_numbers_are_set_while_nothing_is_connected(tmp_path: Path) -> None:
    async with Idle(initiator_settings(1, **on_disk(tmp_path))) as client:
        deed = client.by_hand(CLIENT, lambda session, now: by_hand.set_numbers(session, now, next_out=9))
        assert not list(tmp_path.iterdir())  # to say it makes no store
        client.by_hand(CLIENT, lambda session, now: deed.perform(session, now, "tester"))
        assert (client.status(CLIENT).next_out, client.status(CLIENT).next_in) == (9, 1)
    with FixMsgFileStore(tmp_path, "CLIENT", "VENUE") as store:
        assert store.get_last_sent_seq_num() == 8
        async with Idle(initiator_settings(1, **on_disk(tmp_path))) as client:
            with pytest.raises(StoreError, match="is in use by"):
                client.by_hand(CLIENT, lambda session, now: deed.perform(session, now, "tester"))
            assert client.status(CLIENT).next_out == 9


# -- status ----------------------------------------------------------------------------------------------------------


def numbers(status: SessionStatus) -> tuple[int | None, int | None]:
    return status.next_out, status.next_in


async def test_the_status_of_a_session_that_runs(tmp_path: Path) -> None:
    async with engine_of(acceptor_settings()) as venue:
        port = venue.ports[0]
        settings = initiator_settings(port, heart_bt_int=7, log_path=tmp_path / "log", production=True)
        async with Idle(settings) as client:
            before = client.status(CLIENT)
            assert (before.state, before.peer, before.role) == (
                State.DISCONNECTED,
                f"{HOST}:{port}",
                ConnectionType.INITIATOR,
            )
            assert (before.heartbeat_due, before.silence_due, before.last_sent) == (None, None, None)
            heard = client.events()
            await client.connect(CLIENT)
            await logged_on(heard)
            client.send(CLIENT, order("1"))
            status = client.status(CLIENT)
            assert numbers(status) == (3, 2)
            assert status.last_sent is not None
            assert status.last_received is not None
            assert status.last_sent[1:] == ("D", 2)
            assert status.last_received[1:] == ("A", 1)
            assert status.heartbeat_due == status.last_sent.time + 7 * NANOS
            assert status.silence_due is not None
            assert status.silence_due > status.heartbeat_due
            assert (status.name, status.session_id) == (CLIENT, "FIX.4.4:CLIENT->VENUE")
            assert (status.is_connected, status.is_dialing, status.uses_tls, status.production) == (
                True,
                False,
                False,
                True,
            )
            assert status.peer == f"{HOST}:{port}"
            assert status.dialect == "fix44"
            assert status.log_path == tmp_path / "log" / "FIX.4.4-CLIENT-VENUE.messages.current.log"
            assert status.log_path.read_bytes().count(b"8=FIX") == 3
            theirs = venue.status(VENUE)
            assert theirs.peer.startswith(f"{HOST}:")
            assert (theirs.role, theirs.listening, theirs.production) == (ConnectionType.ACCEPTOR, port, False)
            client.sessions[CLIENT].manual.hold_heartbeats(True, "tester")
            client.sessions[CLIENT].manual.drop_incoming(3, "tester")
            status = client.status(CLIENT)
            assert (status.holds_heartbeats, status.heartbeat_due, status.drop_incoming) == (True, None, 3)


async def test_the_status_tells_a_gap_and_a_resend() -> None:
    async with engine_of(acceptor_settings()) as venue:
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on(seq_num=5)
        await peer.expect("A")
        await peer.expect("2")
        status = venue.status(VENUE)
        assert (status.awaiting, status.next_in, status.resending) == ((1, 4), 1, None)
        heard = venue.events()
        for number in range(2000):
            venue.send(VENUE, order(str(number)))
        peer.send("2", b"7=1|16=0|", seq_num=6)
        await until(heard, says("the peer asks for messages 1 to the last"))
        resending = venue.status(VENUE).resending
        assert resending is not None
        assert 1 < resending[0] <= resending[1] == 2002
        await peer.close()


async def test_the_numbers_of_a_closed_store_are_those_on_the_disk(tmp_path: Path) -> None:
    async with Idle(initiator_settings(1, **on_disk(tmp_path))) as client:
        status = client.status(CLIENT)
        assert numbers(status) == (1, 1)
        assert not list(tmp_path.iterdir())
        FixMsgFileStore(tmp_path, "CLIENT", "VENUE").close()
        assert status.store_path is not None
        set_numbers(status.store_path, last_sent=34, last_received=6)
        assert numbers(client.status(CLIENT)) == (35, 7)
        assert client.sessions[CLIENT].next_sender_seq_num == 35
        (status.store_path / "session.meta").write_text("{")
        broken = client.status(CLIENT)
        assert numbers(broken) == (None, None)
        assert str(status.store_path / "session.meta") in broken.problem


async def test_so_are_those_of_quickfix(tmp_path: Path) -> None:
    settings = initiator_settings(1, store_layout=StoreLayout.QUICKFIX, store_path=tmp_path)
    async with Idle(settings) as client:
        assert numbers(client.status(CLIENT)) == (1, 1)
        assert not list(tmp_path.iterdir())
        store = QuickFixFileStore.create(tmp_path, "FIX.4.4", "CLIENT", "VENUE")
        store.set_last_sent_seq_num(41)
        store.close()
        status = client.status(CLIENT)
        assert numbers(status) == (42, 1)
        assert status.store_path is not None
        found = open_store(locate(status.store_path))
        assert found.get_last_sent_seq_num() == 41
        found.close()


async def test_no_name_leads_out_of_the_folder_of_quickfixs_stores(tmp_path: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    QuickFixFileStore.create(tmp_path, "FIX.4.4", "CLIENT", "VENUE").close()
    settings = initiator_settings(
        1, "..", store_layout=StoreLayout.QUICKFIX, store_path=folder, target="x/../../FIX.4.4"
    )
    async with Idle(settings) as client:
        status = client.status("..-x/../../FIX.4.4")
        assert (status.next_out, status.store_path) == (None, None)
        assert "expected what can stand in a file name" in status.problem


async def test_a_peer_that_hangs_up_on_our_logon_is_told_apart() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, HOST, 0)
    async with Idle(initiator_settings(server.sockets[0].getsockname()[1])) as client:
        heard = client.events()
        await client.connect(CLIENT)
        found = await until(heard, says("disconnected"))
        assert isinstance(found, Note)
        assert found.text.endswith("; our Logon was not answered")
    server.close()


def test_where_the_logs_lie(tmp_path: Path) -> None:
    config = FixConfig.of(initiator_settings(1, log_path=tmp_path))
    assert message_log_path(config) == tmp_path / "FIX.4.4-CLIENT-VENUE.messages.current.log"
    assert event_log_path(config) == tmp_path / "FIX.4.4-CLIENT-VENUE.event.current.log"
    assert message_log_path(FixConfig.of(initiator_settings(1))) is None
