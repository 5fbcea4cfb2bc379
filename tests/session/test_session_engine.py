"""Two engines that talk over sockets: logon, messages, reconnection, recovery, events."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from purefix_core.session.application import Application
from purefix_core.session.engine import EngineError, FixEngine, Limits
from purefix_core.session.engine.waiting import BackOff
from purefix_core.session.events import ApplicationMessage, MessageReceived, MessageSent, Note
from purefix_core.session.machine import FixSession
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import NetworkSettings, ScheduleSettings, SessionId, SessionSettings
from purefix_core.session.states import State
from purefix_core.store.file_store import FixMsgFileStore
from tests.session.engine_peers import (
    HOST,
    PATIENCE,
    RawPeer,
    Recorder,
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

CLIENT = SessionId("FIX.4.4", "CLIENT", "VENUE")
VENUE = SessionId("FIX.4.4", "VENUE", "CLIENT")


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


async def test_messages_go_both_ways_and_a_stop_logs_out() -> None:
    at_venue, at_client = Recorder(), Recorder()
    async with engine_of(acceptor_settings(), application=at_venue) as venue:
        heard = venue.events()
        async with engine_of(initiator_settings(venue.ports[0]), application=at_client) as client:
            await logged_on(client.events())
            assert [client.send(CLIENT, order(str(number))) for number in range(100)] == list(range(2, 102))
            assert await at_venue.until(100) == [b"%d" % number for number in range(100)]
            venue.sessions[VENUE].send(order("back"))  # not by the engine: the session has its output fetched
            async with asyncio.timeout(5):  # sooner than the next look at the clock
                assert await at_client.until(1) == [b"back"]
        await until(heard, lambda event: isinstance(event, MessageReceived) and b"\x0135=5\x01" in event.raw)
        await until(heard, becomes(State.DISCONNECTED))


async def test_sessions_are_found_by_id_by_text_and_by_name() -> None:
    engine = engine_of(
        initiator_settings(1), initiator_settings(1, "OTHER"), initiator_settings(1, begin_string="FIX.4.2")
    )
    assert engine.sessions[CLIENT].session_id == CLIENT
    assert engine.sessions["FIX.4.2:CLIENT->VENUE"].begin_string == "FIX.4.2"
    assert engine.sessions["OTHER-VENUE"].session_id.sender_comp_id == "OTHER"
    assert len(engine.sessions) == 3
    with pytest.raises(KeyError, match="are called so"):
        engine.sessions["CLIENT-VENUE"]
    with pytest.raises(KeyError):
        engine.sessions["NOBODY"]


def test_two_sessions_of_one_identity_are_refused() -> None:
    with pytest.raises(EngineError, match=r"FIX\.4\.4:CLIENT->VENUE: expected one session"):
        engine_of(initiator_settings(1), initiator_settings(2))


async def test_a_port_that_is_taken_is_named() -> None:
    async with engine_of(acceptor_settings()) as first:
        port = first.ports[0]
        second = engine_of(acceptor_settings(NetworkSettings(accept_port=port)))
        with pytest.raises(EngineError, match=rf"cannot listen on {HOST}, port {port}: Address already in use"):
            await second.start()


async def test_sessions_may_name_different_ports() -> None:
    first, second = sorted((free_port(), free_port()))
    at = [
        acceptor_settings(NetworkSettings(accept_port=port), target) for port, target in ((first, "A"), (second, "B"))
    ]
    async with engine_of(*at) as venue:
        assert sorted(venue.ports) == [first, second]
        async with engine_of(initiator_settings(second, "B")) as client:
            await logged_on(client.events())


async def test_what_is_sent_while_the_peer_is_away_is_resent_when_it_is_back(tmp_path: Path) -> None:
    at_venue = Recorder()
    port = free_port()
    network = NetworkSettings(accept_port=port)
    async with engine_of(initiator_settings(port, **on_disk(tmp_path / "client"))) as client:
        heard = client.events()
        async with engine_of(acceptor_settings(network, **on_disk(tmp_path / "venue")), application=at_venue):
            await logged_on(heard)
            client.send(CLIENT, order("there"))
            await at_venue.until(1)
        await until(heard, becomes(State.DISCONNECTED))
        for number in range(50):
            client.send(CLIENT, order(f"away{number}"))
        at_restarted = Recorder()
        async with engine_of(acceptor_settings(network, **on_disk(tmp_path / "venue")), application=at_restarted):
            assert await at_restarted.until(50) == [b"away%d" % number for number in range(50)]
            assert all(poss_dup for _, poss_dup in at_restarted.orders)


async def test_messages_sent_before_the_engine_starts_are_kept(tmp_path: Path) -> None:
    at_venue = Recorder()
    async with engine_of(acceptor_settings(**on_disk(tmp_path / "venue")), application=at_venue) as venue:
        client = engine_of(initiator_settings(venue.ports[0], **on_disk(tmp_path / "client")))
        assert client.sessions[CLIENT].send(order("early"), 10**18) == 1
        async with client:
            assert await at_venue.until(1) == [b"early"]


async def test_hosts_are_tried_in_turn() -> None:
    closed = free_port()
    async with engine_of(acceptor_settings()) as venue:
        hosts = ((HOST, closed), ("no-such-host.invalid", 1), (HOST, venue.ports[0]))
        async with engine_of(initiator_settings(1, network=NetworkSettings(hosts=hosts))) as client:
            heard = client.events()
            await until(heard, says(f"{HOST} port {closed}: "))
            await until(heard, says("no-such-host.invalid port 1: "))
            await logged_on(heard)


async def test_a_host_that_never_answers_is_given_up() -> None:
    with socket.socket() as deaf:  # listens with no room: connections are neither taken nor refused
        deaf.bind((HOST, 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex((HOST, port))
        network = NetworkSettings(hosts=((HOST, port),), connect_timeout=0.1)
        async with engine_of(initiator_settings(1, network=network)) as client:
            await until(client.events(), says("no answer within 0.1 s"))
        for filler in fillers:
            filler.close()


def test_the_wait_doubles_up_to_the_most_and_starts_over_after_a_logon() -> None:
    wait = BackOff(30, 300)
    assert wait.seconds == 30
    seen = []
    for _ in range(6):
        wait.failed()
        seen.append(wait.seconds)
    assert seen == [30, 60, 120, 240, 300, 300]
    wait.succeeded()
    assert wait.seconds == 30
    for _ in range(100_000):
        wait.failed()
    assert wait.seconds == 300
    assert BackOff(500, 300).seconds == 500


async def test_an_attempt_at_once_can_be_asked_for() -> None:
    port = free_port()
    settings = initiator_settings(port)
    slow = SessionSettings(
        settings.session_id,
        network=NetworkSettings(hosts=settings.network.hosts, reconnect_interval=3600, reconnect_most=3600),
        store_layout=settings.store_layout,
    )
    async with engine_of(slow) as client:
        heard = client.events()
        await until(heard, says("disconnected: "))
        async with engine_of(acceptor_settings(NetworkSettings(accept_port=port))):
            client.initiator(CLIENT).connect_now()
            await logged_on(heard)


async def test_an_initiator_can_be_stopped_and_started() -> None:
    async with engine_of(acceptor_settings()) as venue, engine_of(initiator_settings(venue.ports[0])) as client:
        heard = client.events()
        await logged_on(heard)
        await client.initiator(CLIENT).stop()
        assert client.sessions[CLIENT].state is State.DISCONNECTED
        assert not client.initiator(CLIENT).is_running
        client.initiator(CLIENT).start()
        await logged_on(heard)


async def test_a_session_outside_of_its_hours_says_so_once() -> None:
    another_day = (datetime.now(UTC) + timedelta(days=3)).strftime("%A")
    hours = ScheduleSettings(start_time="10:00:00", end_time="11:00:00", weekdays=another_day)
    async with engine_of(initiator_settings(free_port(), schedule=hours)) as client:
        heard = client.events()
        for _ in range(30):
            client.initiator(CLIENT).connect_now()
            await asyncio.sleep(0)
    texts = [event.text for _, event in [pair async for pair in heard] if isinstance(event, Note)]
    said = [
        text for text in texts if text.startswith("not connecting: outside of the session's hours, which begin at ")
    ]
    assert len(said) == 1


async def test_a_store_in_use_is_said_and_tried_again(tmp_path: Path) -> None:
    async with engine_of(acceptor_settings()) as venue:
        store = FixMsgFileStore(tmp_path, "CLIENT", "VENUE")
        async with engine_of(initiator_settings(venue.ports[0], **on_disk(tmp_path))) as client:
            heard = client.events()
            await until(heard, says("is in use by process"))
            store.close()
            await logged_on(heard)


async def test_a_peer_that_does_not_answer_the_logout_holds_nobody_up() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = RawPeer(reader, writer)
        await peer.expect("A")
        peer.log_on(sender="VENUE", target="CLIENT")
        await peer.expect("5")
        await peer.rest()
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = engine_of(initiator_settings(port, logout_timeout=0.1))
        heard = client.events()
        await client.start()
        await logged_on(heard)
        async with asyncio.timeout(PATIENCE):
            await client.stop()
        assert client.sessions[CLIENT].state is State.DISCONNECTED


async def test_messages_sent_from_a_thread_keep_their_order() -> None:
    at_venue = Recorder()
    async with (
        engine_of(acceptor_settings(), application=at_venue) as venue,
        engine_of(initiator_settings(venue.ports[0])) as client,
    ):
        await logged_on(client.events())
        numbers: list[int] = []

        def work() -> None:
            sent = [client.send_from_thread(CLIENT, order(str(number))) for number in range(20)]
            numbers.extend(each.result(PATIENCE) for each in sent)

        thread = threading.Thread(target=work)
        thread.start()
        assert await at_venue.until(20) == [b"%d" % number for number in range(20)]
        await asyncio.to_thread(thread.join)
        assert numbers == list(range(2, 22))
        with pytest.raises(ValueError, match="MsgType"):
            await asyncio.wrap_future(client.send_from_thread(CLIENT, FlatMessage("A")))
    with pytest.raises(EngineError, match="does not run"):
        client.send_from_thread(CLIENT, order("late"))


class Relay(Application):
    """Sends what one session gets to the other one."""

    engine: FixEngine

    def from_app(self, message: Any, session: FixSession) -> None:
        (other,) = (each for each in self.engine.sessions.values() if each is not session)
        other.send(order("relayed-" + message.get(11).decode()))


async def test_a_callback_may_send_by_another_session() -> None:
    relay = Relay()
    at_second = Recorder()
    async with engine_of(acceptor_settings(target="ONE"), acceptor_settings(target="TWO"), application=relay) as venue:
        relay.engine = venue
        async with (
            engine_of(initiator_settings(venue.ports[0], "ONE")) as one,
            engine_of(initiator_settings(venue.ports[0], "TWO"), application=at_second) as two,
        ):
            await logged_on(one.events())
            await logged_on(two.events())
            one.send("ONE-VENUE", order("7"))
            assert await at_second.until(1) == [b"relayed-7"]


class FailsOnce(Application):
    has_failed = False

    def to_app(self, message: Any, session: FixSession) -> None:
        if not self.has_failed:
            self.has_failed = True
            raise RuntimeError("wrong in the application")


async def test_an_application_that_fails_does_not_stop_the_session() -> None:
    at_venue = Recorder()
    async with (
        engine_of(acceptor_settings(), application=at_venue) as venue,
        engine_of(initiator_settings(venue.ports[0]), application=FailsOnce()) as client,
    ):
        await logged_on(client.events())
        with suppress(RuntimeError):
            client.send(CLIENT, order("1"))
        client.send(CLIENT, order("2"))
        assert (await at_venue.until(1))[-1] in (b"1", b"2")
        assert client.sessions[CLIENT].is_logged_on


async def test_both_sides_keep_the_connection_alive_by_heartbeats() -> None:
    async with (
        engine_of(acceptor_settings()) as venue,
        engine_of(initiator_settings(venue.ports[0], heart_bt_int=1)) as client,
    ):
        heard = client.events()
        await until(heard, lambda event: isinstance(event, MessageSent) and b"\x0135=0\x01" in event.raw)
        await until(heard, lambda event: isinstance(event, MessageReceived) and b"\x0135=0\x01" in event.raw)
        assert client.sessions[CLIENT].is_logged_on


# -- events ------------------------------------------------------------------------------------------------------------


async def test_a_slow_listener_loses_the_oldest_events_and_is_told() -> None:
    at_venue = Recorder()
    async with (
        engine_of(acceptor_settings(), application=at_venue) as venue,
        engine_of(initiator_settings(venue.ports[0])) as client,
    ):
        await until(client.events(), says("logged on"))
        slow, quick = client.events(CLIENT, most=5), client.events(CLIENT)
        for number in range(20):
            client.send(CLIENT, order(str(number)))
        await at_venue.until(20)
        session_id, first = await anext(slow)
        assert session_id is None
        assert isinstance(first, Note)
        assert first.text.startswith("15 events were dropped")
        sent = [(await anext(slow))[1] for _ in range(5)]
        assert [event.raw.partition(b"\x0111=")[2][:2] for event in sent if isinstance(event, MessageSent)] == [
            b"%d" % number for number in range(15, 20)
        ]
        quick.close()
        assert len([each async for each in quick]) == 20


async def test_a_listener_hears_its_session_alone_and_ends_with_the_engine() -> None:
    at_venue = Recorder()
    two = (acceptor_settings(target="ONE"), acceptor_settings(target="TWO"))
    async with engine_of(*two, application=at_venue) as venue:
        of_two = venue.events(SessionId("FIX.4.4", "VENUE", "TWO"))
        async with engine_of(*(initiator_settings(venue.ports[0], name) for name in ("ONE", "TWO"))) as clients:
            heard = clients.events()
            await logged_on(heard)
            await logged_on(heard)
            for name in ("ONE", "TWO"):
                clients.send(f"{name}-VENUE", order(name))
            await at_venue.until(2)
    found = [pair async for pair in of_two]
    assert {session_id and session_id.target_comp_id for session_id, _ in found} == {"TWO"}
    assert [event.msg_type for _, event in found if isinstance(event, ApplicationMessage)] == ["D"]


# -- recovery ----------------------------------------------------------------------------------------------------------


async def test_a_recovered_session_goes_on_without_a_reset(tmp_path: Path) -> None:
    at_venue = Recorder()
    venue = engine_of(acceptor_settings(**on_disk(tmp_path / "venue")), application=at_venue)
    async with venue:
        settings = initiator_settings(venue.ports[0], reset_seq_num_flag=True, **on_disk(tmp_path / "client"))
        async with engine_of(settings) as client:
            await logged_on(client.events())
            client.send(CLIENT, order("first"))
            await at_venue.until(1)
        again = engine_of(settings)
        heard = again.events()
        session = again.recover_session("CLIENT-VENUE")
        await until(heard, says("Recovering session: LastSent=3, LastReceived=2"))
        logon = await until(heard, lambda event: isinstance(event, MessageSent))
        assert isinstance(logon, MessageSent)
        assert b"\x0135=A\x0134=4\x01" in logon.raw
        assert b"\x01141=" not in logon.raw
        await logged_on(heard)
        assert session.next_sender_seq_num == 5
        with pytest.raises(EngineError, match="is running"):
            again.recover_session(CLIENT)
        await again.stop()


async def test_an_accepting_session_is_recovered_too(tmp_path: Path) -> None:
    at_venue = Recorder()
    network = NetworkSettings(accept_port=free_port())
    settings = acceptor_settings(network, reset_on_logon=True, **on_disk(tmp_path))
    async with engine_of(initiator_settings(network.accept_port)) as client:
        heard = client.events()
        async with engine_of(settings):
            await logged_on(heard)
        await until(heard, becomes(State.DISCONNECTED))
        again = engine_of(settings, application=at_venue)
        again.recover_session("FIX.4.4:VENUE->CLIENT")
        await logged_on(heard)
        client.send(CLIENT, order("1"))
        assert await at_venue.until(1) == [b"1"]
        await again.stop()


async def test_two_engines_that_both_have_much_to_send_do_not_wait_for_each_other() -> None:
    limits = Limits(most_unwritten=100_000, most_ever=10**6)
    there, here = Recorder(), Recorder()
    async with engine_of(acceptor_settings(), application=there, limits=limits) as venue:
        heard = venue.events()
        async with engine_of(initiator_settings(venue.ports[0]), application=here, limits=limits) as client:
            await until(heard, becomes(State.ACTIVE))
            while not client.sessions[CLIENT].is_logged_on:
                await asyncio.sleep(0.01)
            for number in range(2000):
                venue.send(VENUE, order(str(number), "x" * 4000))
                client.send(CLIENT, order(str(number), "x" * 4000))
            await there.until(2000)
            await here.until(2000)
            assert not any(poss_dup for _, poss_dup in [*there.orders, *here.orders])
            assert venue.sessions[VENUE].is_logged_on
