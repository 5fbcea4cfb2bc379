"""What to try, for what the engine itself writes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.analysis.hints import hint_for
from purefix_core.session.engine import EngineError, EventListener
from purefix_core.session.events import Note
from purefix_core.session.settings import NetworkSettings, ScheduleSettings, SessionSettings, TlsSettings
from purefix_core.store.file_store import FixMsgFileStore
from tests.session.engine_peers import (
    HOST,
    RawPeer,
    acceptor_settings,
    engine_of,
    initiator_settings,
    on_disk,
    until,
)


async def hint_in(heard: EventListener, words: str) -> str:
    """The hint for the first line of the event log that says so; its words must be in the hint."""
    found = await until(heard, lambda event: isinstance(event, Note) and words in hint_for(event.text))
    assert isinstance(found, Note)
    return found.text


async def of_initiator(settings: SessionSettings, words: str) -> str:
    engine = engine_of(settings)
    heard = engine.events()
    async with engine:
        return await hint_in(heard, words)


Answer = Callable[[RawPeer], None]


async def of_answer(answer: Answer, words: str, **settings: Any) -> str:
    """The hint of an initiator whose Logon is answered so."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = RawPeer(reader, writer)
        await peer.receive_or_end()
        answer(peer)
        await peer.rest()
        await peer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await of_initiator(initiator_settings(port, **settings), words)


def says(text: str) -> Answer:
    return lambda peer: peer.send("5", f"58={text}|".encode(), sender="VENUE", target="CLIENT")


# -- the way there ---------------------------------------------------------------------------------------------------


async def test_nobody_listens() -> None:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = found.getsockname()[1]
    assert "Connection refused" in await of_initiator(initiator_settings(port), "Nobody listens there")


@pytest.mark.parametrize("tls", [False, True])
async def test_nobody_answers(tls: bool) -> None:
    with socket.socket() as deaf:  # listens with no room: connections are neither taken nor refused
        deaf.bind((HOST, 0))
        deaf.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        network = NetworkSettings(tls=TlsSettings(enabled=tls), connect_timeout=0.1)
        settings = initiator_settings(deaf.getsockname()[1], network=network)
        assert "no answer within 0.1 s" in await of_initiator(settings, "Nothing answers: check host and port")
        for filler in fillers:
            filler.close()


async def test_a_name_that_is_not_known() -> None:
    network = NetworkSettings(hosts=(("no-such-host.invalid", 1),))
    await of_initiator(initiator_settings(1, network=network), "The name of the host is not known")


def test_a_port_that_is_in_use() -> None:
    async def run() -> str:
        async with engine_of(acceptor_settings()) as first:
            second = engine_of(acceptor_settings(NetworkSettings(accept_port=first.ports[0])))
            with pytest.raises(EngineError) as raised:
                await second.start()
            return str(raised.value)

    assert "Another program listens on this port" in hint_for(asyncio.run(run()))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Permission denied", "take a port of 1024 or above"),
        ("Cannot assign requested address", "This machine has no such address"),
    ],
)
def test_a_port_that_cannot_be_had(reason: str, words: str) -> None:
    assert words in hint_for(f"cannot listen on 10.0.0.7, port 80: {reason}")


# -- the Logon -------------------------------------------------------------------------------------------------------


async def test_it_hangs_up_without_a_word() -> None:
    await of_answer(lambda peer: peer.writer.close(), "It hung up on our Logon")


async def test_it_does_not_answer() -> None:
    await of_answer(lambda peer: None, "The connection is there but nobody answers", logon_timeout=0.1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Invalid username or password", "Check Username and Password"),
        ("Authentication failed", "Check Username and Password"),
        ("User is locked", "Check Username and Password"),
        ("MsgSeqNum too low, expecting 135 but received 1", "One side has lost numbers"),
        ("Unknown session", "Check SenderCompID and TargetCompID"),
        ("Invalid CompID", "Check SenderCompID and TargetCompID"),
        ("SendingTime accuracy problem", "The clocks of the two sides differ"),
        ("HeartBtInt must be 30", "Ask the counterparty which HeartBtInt"),
        ("Incorrect BeginString", "different versions of FIX"),
        ("come back tomorrow", "its text, if it has one, says why"),
    ],
)
async def test_it_refuses_the_logon(text: str, words: str) -> None:
    line = await of_answer(says(text), words)
    assert line == f"our Logon is refused: {text}"


async def test_we_refuse_a_number() -> None:
    async with engine_of(acceptor_settings()) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await peer.expect("A")
        peer.send("0", seq_num=1)
        assert "MsgSeqNum too low" in await hint_in(heard, "One side has lost numbers")
        await peer.close()


async def test_a_stranger_logs_on() -> None:
    async with engine_of(acceptor_settings()) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on(sender="STRANGER")
        await hint_in(heard, "its 49 must be our TargetCompID")
        again = await RawPeer.connect(venue.ports[0])
        again.log_on()
        await again.expect("A")
        third = await RawPeer.connect(venue.ports[0])
        third.log_on()
        await hint_in(heard, "The session is on another connection")
        for each in (peer, again, third):
            await each.close()


async def test_a_peer_that_says_nothing() -> None:
    async with engine_of(acceptor_settings(logon_timeout=0.1)) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        await hint_in(heard, "sent no Logon")
        await peer.close()


async def test_a_peer_that_falls_silent() -> None:
    settings = acceptor_settings(test_request_delay_multiplier=0.0)
    async with engine_of(settings) as venue:
        heard = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on(heartbeat=1)
        await hint_in(heard, "The line or the counterparty is gone")
        await peer.close()


async def test_it_is_outside_of_the_hours() -> None:
    settings = initiator_settings(
        1, schedule=ScheduleSettings(start_time="00:00:00", end_time="00:00:01", weekdays="Mon")
    )
    await of_initiator(settings, "Wait for the hours")


# -- the store -------------------------------------------------------------------------------------------------------


async def test_the_store_is_in_use(tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path, "CLIENT", "VENUE"):
        await of_initiator(initiator_settings(1, **on_disk(tmp_path)), "Another program has this message store")


async def test_the_store_is_damaged(tmp_path: Path) -> None:
    store = FixMsgFileStore(tmp_path, "CLIENT", "VENUE")
    store.close()
    (store.folder / "session.meta").write_text("{")
    await of_initiator(initiator_settings(1, **on_disk(tmp_path)), "Look at the store in the Stores tab")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("No space left on device", "The disk is full"),
        ("Permission denied", "The files cannot be written"),
        ("Read-only file system", "The files cannot be written"),
    ],
)
def test_files_that_cannot_be_written(reason: str, words: str) -> None:
    assert words in hint_for(f"the message store fails, so nothing can be sent: /store/session.meta: {reason}")
    assert words in hint_for(
        f"/log/a.messages.current.log: cannot be written: {reason}; the session goes on without it"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/store/session.meta: cannot be read: Permission denied", "The files cannot be read:"),
        (
            "not connecting: the message store cannot be used: /store/session.meta: cannot be read: Permission denied",
            "The files cannot be read:",
        ),
        ("not connecting: the message store cannot be used: /store: Permission denied", "read or written"),
        ("SocketPrivateKeyFile: /etc/key.pem: Permission denied", "The file cannot be read:"),
    ],
)
def test_files_that_cannot_be_read(text: str, words: str) -> None:
    assert words in hint_for(text)


# -- TLS -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("h port 1: the certificate is refused: unable to get local issuer certificate", "signed by nobody whom we"),
        ("h port 1: the certificate is refused: self-signed certificate", "signed by nobody whom we trust"),
        ("h port 1: the certificate is refused: certificate has expired", "out of date"),
        ("h port 1: the certificate is refused: certificate is not yet valid", "this machine's clock"),
        (
            "h port 1: the certificate is refused: Hostname mismatch, certificate is not valid for 'h'.",
            "set SocketServerName",
        ),
        ("h port 1: wrong version number", "One side speaks TLS and the other does not"),
        ("h is refused: TLS: http request", "One side speaks TLS and the other does not"),
        ("h is refused: TLS: peer did not return a certificate", "set SocketCertificateFile"),
        ("disconnected: tlsv13 alert certificate required", "set SocketCertificateFile"),
        ("h port 1: tlsv1 alert protocol version", "no version of TLS"),
        ("h is refused: TLS: unsupported protocol", "no version of TLS"),
    ],
)
def test_tls(text: str, words: str) -> None:
    assert words in hint_for(text)


async def test_tls_meets_one_that_waits_for_a_logon() -> None:
    """The connection is there, so that host, port and firewall are right."""
    with socket.create_server((HOST, 0)) as silent:
        network = NetworkSettings(tls=TlsSettings(enabled=True), connect_timeout=0.1)
        settings = initiator_settings(silent.getsockname()[1], network=network)
        line = await of_initiator(settings, "One side speaks TLS and the other does not")
    assert line.endswith("no answer within 0.1 s while TLS was being agreed on")


async def test_tls_meets_none() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"8=FIX.4.4\x019=5\x01this is no TLS\x01")

    server = await asyncio.start_server(greet, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        network = NetworkSettings(tls=TlsSettings(enabled=True))
        await of_initiator(initiator_settings(port, network=network), "One side speaks TLS and the other does not")


# -- all of it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "logged on",
        "connecting to venue.example on port 9876",
        "the next attempt is in 30 s",
        "disconnected",
        "the peer logs out",
        "listening on all addresses, port 9876",
        "messages 5 to 9 are missing: ResendRequest from 5 on",
    ],
)
def test_where_nothing_went_wrong_there_is_none(text: str) -> None:
    assert hint_for(text) == ""


@given(st.text(max_size=3000))
def test_any_text_is_taken(text: str) -> None:
    hint = hint_for(text)
    assert not hint or (hint[0].isupper() and hint.endswith("."))
