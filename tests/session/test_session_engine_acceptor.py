"""An acceptor, and peers that do not behave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from purefix_core.session.engine import EngineError, FixEngine, Limits
from purefix_core.session.engine.addresses import allowed_networks, is_allowed
from purefix_core.session.events import MessageSent, Note
from purefix_core.session.settings import NetworkSettings, SessionId, SessionSettings
from purefix_core.session.states import State
from tests.session.engine_peers import (
    HOST,
    PATIENCE,
    RawPeer,
    Recorder,
    acceptor_settings,
    becomes,
    engine_of,
    logged_on,
    message,
    order,
    says,
    until,
)

VENUE = SessionId("FIX.4.4", "VENUE", "CLIENT")


async def dropped(peer: RawPeer) -> None:
    """It is disconnected without a word."""
    assert await peer.rest() == b""
    await peer.close()


async def test_a_logon_is_answered() -> None:
    async with engine_of(acceptor_settings()) as venue:
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        assert (await peer.expect("A")).text(108) == "30"
        peer.send("5")
        await peer.expect("5")
        await dropped(peer)


_LOGON = b"98=0|108=30|"

NO_LOGONS: dict[str, Callable[[], bytes]] = {
    "a heartbeat": lambda: message("0", 1),
    "a logout": lambda: message("5", 1),
    "an unknown peer": lambda: message("A", 1, _LOGON, sender="NOBODY"),
    "for somebody else": lambda: message("A", 1, _LOGON, target="NOWHERE"),
    "no version": lambda: message("A", 1, _LOGON, begin_string=b"FIX.3.9"),
    "another version": lambda: message("A", 1, _LOGON, begin_string=b"FIX.4.2"),
    "a wrong CheckSum": lambda: message("A", 1, _LOGON).replace(b"108=30", b"108=31"),
    "a wrong BodyLength": lambda: b"8=FIX.4.4\x019=20\x0135=A\x0134=1\x0149=CLIENT\x0156=VENUE\x0110=000\x01",
    "no CompIDs": lambda: b"8=FIX.4.4\x019=5\x0135=A\x0110=178\x01",
    "no FIX": lambda: b"GET / HTTP/1.1\r\n\r\n" + message("A", 1, _LOGON, sender="NOBODY"),
}


@pytest.mark.parametrize("first", NO_LOGONS)
async def test_a_first_message_that_is_no_logon_of_ours_is_not_answered(first: str) -> None:
    async with engine_of(acceptor_settings()) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.writer.write(NO_LOGONS[first]())
        await dropped(peer)
        await until(heard, says("is refused"))
        again = await RawPeer.connect(venue.ports[0])
        again.log_on()
        await again.expect("A")
        await again.close()


async def test_a_second_connection_is_closed_and_the_first_goes_on() -> None:
    async with engine_of(acceptor_settings()) as venue:
        heard = venue.events()
        first, second = await RawPeer.connect(venue.ports[0]), await RawPeer.connect(venue.ports[0])
        first.log_on()
        await first.expect("A")
        second.log_on()
        await dropped(second)
        await until(heard, says("FIX.4.4:VENUE->CLIENT is connected already"))
        first.send("1", b"112=still there|")
        assert (await first.expect("0")).text(112) == "still there"
        await first.close()


async def test_the_next_logon_succeeds_at_once_behind_a_dropped_connection() -> None:
    """Acceptance script 1b."""
    async with engine_of(acceptor_settings(reset_on_logon=True)) as venue:
        for _ in range(20):
            peer = await RawPeer.connect(venue.ports[0])
            peer.log_on()
            await peer.expect("A")
            peer.send("0")
            peer.writer.close()
            following = await RawPeer.connect(venue.ports[0])
            following.log_on()
            await following.expect("A")
            following.writer.transport.abort()


async def test_what_came_before_the_peer_went_is_handled_before_its_next_logon() -> None:
    heard = Recorder()
    async with engine_of(acceptor_settings(), application=heard) as venue:
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        body = b"11=%d|55=IBM|54=1|60=20260102-10:00:00|38=100|40=2|44=10.5|"
        for number in range(5000):
            peer.send("D", body % number)
        await peer.close()
        assert len(heard.orders) < 5000
        again = await RawPeer.connect(venue.ports[0])
        again.log_on(seq_num=5002)
        await again.expect("A")
        assert len(heard.orders) == 5000
        assert venue.sessions[VENUE].next_target_seq_num == 5003
        await again.close()


async def test_the_logon_and_what_follows_may_come_in_one_piece_or_byte_by_byte() -> None:
    heard = Recorder()
    async with engine_of(acceptor_settings(reset_on_logon=True), application=heard) as venue:
        body = b"11=7|55=IBM|54=1|60=20260102-10:00:00|38=100|40=2|44=10.5|"
        for size in (10_000, 1):
            everything = message("A", 1, b"98=0|108=30|") + message("D", 2, body) + message("1", 3, b"112=x|")
            peer = await RawPeer.connect(venue.ports[0])
            for start in range(0, len(everything), size):
                peer.writer.write(everything[start : start + size])
                await asyncio.sleep(0)
            await peer.expect("A")
            await peer.expect("0")
            await peer.close()
        assert await heard.until(2) == [b"7", b"7"]


# -- which session -----------------------------------------------------------------------------------------------------


async def test_sub_ids_pick_the_session_and_one_without_them_takes_the_others() -> None:
    plain = acceptor_settings()
    desk = SessionSettings(
        SessionId("FIX.4.4", "VENUE", "CLIENT", sender_sub_id="DESK", target_sub_id="BOB"),
        connection_type=plain.connection_type,
        network=plain.network,
        store_layout=plain.store_layout,
        check_comp_id=False,
    )
    async with engine_of(plain, desk) as venue:
        heard = venue.events()
        for header, taken in ((b"50=BOB|57=DESK|", desk), (b"50=BOB|", plain), (b"", plain)):
            peer = await RawPeer.connect(venue.ports[0])
            peer.log_on(header=header, more=b"141=Y|")
            await peer.expect("A")
            others = [each for each in venue.sessions.values() if each.is_logged_on]
            assert [each.session_id for each in others] == [taken.session_id]
            await peer.close()
            await until(heard, becomes(State.DISCONNECTED))


# -- limits ------------------------------------------------------------------------------------------------------------


async def test_silent_connections_are_limited_and_end() -> None:
    network = NetworkSettings(max_unidentified=10)
    async with engine_of(acceptor_settings(network, logon_timeout=0.3)) as venue:
        heard = venue.events()
        peers = [await RawPeer.connect(venue.ports[0]) for _ in range(200)]
        await asyncio.gather(*(dropped(peer) for peer in peers))
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        await peer.close()
    texts = [event.text async for _, event in heard if isinstance(event, Note)]
    full = "no more than 10 may be without a Logon: the oldest connection is closed"
    assert full in texts
    assert len([text for text in texts if text == full or text.startswith(f"{HOST} is refused: ")]) == 60
    assert "140 further connections were refused" in texts


async def test_half_a_logon_and_silence_ends() -> None:
    async with engine_of(acceptor_settings(logon_timeout=0.2)) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.writer.write(message("A", 1, b"98=0|108=30|")[:-10])
        await dropped(peer)
        await until(heard, says("no Logon within 0.2 s"))


@pytest.mark.parametrize(
    "garbage", [b"x" * 5000, b"8=FIX.4.4\x019=999999\x0135=A\x01" + b"y" * 5000], ids=["no message", "no end"]
)
async def test_endless_garbage_before_the_logon_is_cut_off(garbage: bytes) -> None:
    async with engine_of(acceptor_settings(max_message_size=4096)) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.writer.write(garbage)
        await dropped(peer)
        await until(heard, says("is refused"))


async def test_a_message_that_is_too_large_ends_the_session() -> None:
    async with engine_of(acceptor_settings(max_message_size=4096)) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        peer.writer.write(b"8=FIX.4.4\x019=5000000\x0135=D\x01" + b"z" * 100_000)
        await peer.rest()
        await until(heard, becomes(State.DISCONNECTED))
        await peer.close()


async def test_connections_are_limited() -> None:
    network = NetworkSettings(max_connections=2)
    sessions = [acceptor_settings(network, target) for target in ("A", "B", "C")]
    async with engine_of(*sessions) as venue:
        heard = venue.events()
        peers = [await RawPeer.connect(venue.ports[0]) for _ in range(2)]
        for peer, target in zip(peers, ("A", "B"), strict=True):
            peer.log_on(sender=target)
            await peer.expect("A")
        third = await RawPeer.connect(venue.ports[0])
        third.log_on(sender="C")
        await dropped(third)
        await until(heard, says("there are 2 connections already"))
        for peer in peers:
            await peer.close()


async def test_only_allowed_addresses_may_connect() -> None:
    network = NetworkSettings(allowed_remote_addresses=("10.0.0.0/8", "192.168.7.1"))
    async with engine_of(acceptor_settings(network)) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await dropped(peer)
        await until(heard, says(f"{HOST} is refused: it is not in AllowedRemoteAddresses"))


async def test_each_session_has_its_own_allowed_addresses() -> None:
    anyone = acceptor_settings()
    somebody = acceptor_settings(NetworkSettings(allowed_remote_addresses=("10.0.0.1",)), "SOMEBODY")
    async with engine_of(anyone, somebody) as venue:
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on(sender="SOMEBODY")
        await dropped(peer)
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        await peer.close()


def test_an_address_of_ipv4_is_known_behind_a_socket_of_ipv6() -> None:
    settings = acceptor_settings(NetworkSettings(allowed_remote_addresses=("10.0.0.7/8", "fe80::1")))
    networks = allowed_networks(settings)
    for address, expected in (
        ("10.9.9.9", True),
        ("::ffff:10.9.9.9", True),
        ("11.0.0.1", False),
        ("fe80::1%eth0", True),
        ("fe80::2", False),
    ):
        assert is_allowed(address, networks) is expected
    with pytest.raises(EngineError, match="AllowedRemoteAddresses: expected addresses"):
        allowed_networks(acceptor_settings(NetworkSettings(allowed_remote_addresses=("nonsense",))))


# -- peers that are slow, or too fast ----------------------------------------------------------------------------------


async def deaf_peer(venue: FixEngine) -> RawPeer:
    """Logged on; it takes as little as a socket can."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, (HOST, venue.ports[0]))
    peer = await RawPeer.connect_socket(raw)
    peer.log_on()
    await peer.expect("A")
    peer.writer.transport.pause_reading()
    return peer


async def test_a_peer_that_never_reads_is_disconnected_and_its_messages_kept() -> None:
    limits = Limits(most_unwritten=100_000, most_ever=10**9, patience=0.2)
    async with engine_of(acceptor_settings(), limits=limits) as venue:
        heard = venue.events()
        peer = await deaf_peer(venue)
        for number in range(3000):
            venue.send(VENUE, order(str(number), "x" * 2000))
        await until(heard, says("the peer has not read for"))
        await until(heard, becomes(State.DISCONNECTED))
        assert venue.sessions[VENUE].next_sender_seq_num == 3002
        peer.writer.transport.abort()


async def test_no_more_than_a_bound_ever_waits_for_a_peer() -> None:
    limits = Limits(most_unwritten=100_000, most_ever=1_000_000, patience=3600)
    async with engine_of(acceptor_settings(), limits=limits) as venue:
        heard = venue.events()
        peer = await deaf_peer(venue)
        for number in range(6000):
            venue.send(VENUE, order(str(number), "x" * 2000))
        await until(heard, says("the peer has not read for"))
        await until(heard, becomes(State.DISCONNECTED))
        assert venue.sessions[VENUE].next_sender_seq_num == 6002
        peer.writer.transport.abort()


async def test_nothing_more_is_read_from_a_peer_that_does_not_read_its_answers() -> None:
    limits = Limits(most_unwritten=50_000, most_ever=10**9, patience=3600)
    async with engine_of(acceptor_settings(), limits=limits) as venue:
        peer = await deaf_peer(venue)
        test_request = b"112=%b|" % (b"y" * 1000)
        for _ in range(20_000):
            peer.send("1", test_request)
        before, received = 0, 1
        while received != before:
            await asyncio.sleep(0.3)
            before, received = received, venue.sessions[VENUE].next_target_seq_num
        assert 1 < received < 20_000
        peer.writer.transport.resume_reading()
        for _ in range(100):
            await peer.expect("0")
        peer.writer.transport.abort()


async def test_one_that_floods_does_not_stall_another() -> None:
    heard = Recorder()
    sessions = (acceptor_settings(target="FLOOD"), acceptor_settings())
    async with engine_of(*sessions, application=heard) as venue:
        flood, peer = await RawPeer.connect(venue.ports[0]), await RawPeer.connect(venue.ports[0])
        flood.log_on(sender="FLOOD")
        await flood.expect("A")
        peer.log_on()
        await peer.expect("A")
        body = b"11=%d|55=IBM|54=1|60=20260102-10:00:00|38=100|40=2|44=10.5|"
        for number in range(5000):
            flood.send("D", body % number, sender="FLOOD")
        peer.send("1", b"112=me|")
        assert (await peer.expect("0")).text(112) == "me"
        assert len(heard.orders) < 5000
        await heard.until(5000)
        await flood.close()
        await peer.close()


async def test_a_resend_waits_for_a_slow_reader_while_the_session_goes_on() -> None:
    async with engine_of(acceptor_settings()) as venue:
        events = venue.events()
        peer = await deaf_peer(venue)
        peer.writer.transport.resume_reading()
        for number in range(4000):
            venue.send(VENUE, order(str(number), "x" * 2000))
        for _ in range(4000):
            await peer.expect("D")
        peer.writer.transport.pause_reading()
        peer.send("2", b"7=2|16=0|")
        peer.send("1", b"112=alive|")
        await until(events, lambda event: isinstance(event, MessageSent) and b"\x01112=alive\x01" in event.raw)
        await asyncio.sleep(0.3)
        assert venue.sessions[VENUE].is_resending
        peer.writer.transport.resume_reading()
        found = [await peer.receive() for _ in range(4001)]
        resent = [each for each in found if each.text(35) == "D"]
        assert [each.text(34) for each in resent] == [str(number) for number in range(2, 4002)]
        assert all(each.text(43) == "Y" for each in resent)
        assert found.index(next(each for each in found if each.text(35) == "0")) < 4000
        await peer.close()


async def test_the_last_words_arrive_though_the_peer_goes_on_sending() -> None:
    """Closing a socket with something unread would throw away what was just written."""
    async with engine_of(acceptor_settings()) as venue:
        for _ in range(3):
            peer = await RawPeer.connect(venue.ports[0])
            peer.log_on(more=b"141=Y|")
            await peer.expect("A")
            peer.send("0", seq_num=1)  # too low
            for number in range(20_000):
                peer.send("1", b"112=%d|" % number)
            logout = await peer.expect("5")
            assert logout.text(58) == "MsgSeqNum too low, expecting 2 but received 1"
            await peer.close()


async def test_a_stop_ends_connections_in_every_state() -> None:
    settings = acceptor_settings(logout_timeout=0.1)
    venue = engine_of(settings)
    heard = venue.events()
    await venue.start()
    silent, logged = await RawPeer.connect(venue.ports[0]), await RawPeer.connect(venue.ports[0])
    logged.log_on()
    await logged.expect("A")
    await logged_on(heard)
    async with asyncio.timeout(PATIENCE):
        await venue.stop()
    await dropped(silent)
    await logged.expect("5")
    assert venue.ports == [0]
    assert venue.sessions[VENUE].state is State.DISCONNECTED
    await logged.close()
