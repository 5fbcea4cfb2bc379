"""Bytes that are no FIX message: the event log has how many, how they begin, and what they look like."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from purefix_core.session.engine.passed_over import PassedOverNotes, what_came
from purefix_core.session.events import Level, Note
from purefix_core.session.framing import Framer, FramingError
from purefix_core.session.settings import NetworkSettings
from tests.session.engine_peers import (
    HOST,
    RawPeer,
    acceptor_settings,
    engine_of,
    initiator_settings,
    logged_on,
    message,
    says,
    until,
)

HEARTBEAT = message("0", 2)
HTTP = b"HTTP/1.1 400 Bad Request\r\nServer: proxy\r\n\r\nbye"


def told(*pieces: bytes, secrets: tuple[str, ...] = (), largest: int = 10_000) -> list[tuple[str, Level]]:
    """What is said of a connection on which these pieces come, one after the other."""
    said: list[tuple[str, Level]] = []
    framer = Framer(largest)
    notes = PassedOverNotes(framer, lambda text, level: said.append((text, level)), secrets)
    for piece in pieces:
        framer.feed(piece)
        try:
            while framer.next() is not None:
                pass
        except FramingError:
            break
        notes.look()
    notes.end()
    return said


def texts(*pieces: bytes, secrets: tuple[str, ...] = ()) -> list[str]:
    return [text for text, _ in told(*pieces, secrets=secrets)]


FIRST = "the first bytes of the peer are no FIX message, they look like "


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (HTTP, r"HTTP (46 bytes): HTTP/1.1 400 Bad Request\r\nServer: proxy\r\n\r\nbye"),
        (b"GET / HTTP/1.1\r\n\r\n", r"HTTP (18 bytes): GET / HTTP/1.1\r\n\r\n"),
        (b"\x15\x03\x01\x00\x02\x02\x46", r"a TLS alert (7 bytes): \x15\x03|\x00\x02\x02F"),
        (b"\x16\x03\x01\x00\xf0", r"TLS (5 bytes): \x16\x03|\x00\xf0"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", r"SSH (21 bytes): SSH-2.0-OpenSSH_9.6\r\n"),
        (b"login: ", "text (7 bytes): login: "),
        (b"\x00\x01\x02\x1b[31m", r"binary data (8 bytes): \x00|\x02\x1b[31m"),
        (b"x", "text (1 byte): x"),
        (b"35=A 8=FIX.4.4 9=5", "text (18 bytes): 35=A 8=FIX.4.4 9=5"),
    ],
)
def test_the_first_bytes_are_named_and_shown(data: bytes, text: str) -> None:
    assert told(data)[-1] == (FIRST + text, Level.WARNING)


def test_what_stands_between_messages_is_told_and_nothing_of_the_messages() -> None:
    assert not told(HEARTBEAT, HEARTBEAT + HEARTBEAT)
    assert told(HEARTBEAT + b"\x00garbage\n" + HEARTBEAT + b"more") == [
        (r"passed over 9 bytes that are no FIX message: \x00garbage\n", Level.WARNING),
        ("passed over 4 bytes that are no FIX message: more", Level.WARNING),
    ]
    assert told(HEARTBEAT + b"\r\n" + HEARTBEAT) == [(r"passed over 2 bytes between messages: \r\n", Level.INFO)]


def test_what_comes_in_pieces_is_told_when_it_begins_and_once_more_when_it_has_ended() -> None:
    pieces = [HTTP[at : at + 5] for at in range(0, len(HTTP), 5)]
    assert texts(*pieces) == [FIRST + "HTTP (5 bytes): HTTP/".replace("HTTP (", "text ("), *texts(HTTP)]
    assert texts(*pieces, HEARTBEAT)[1:] == [
        r"passed over 46 bytes that are no FIX message: HTTP/1.1 400 Bad Request\r\nServer: proxy\r\n\r\nbye"
    ]


def test_a_message_without_its_end_is_told() -> None:
    half = HEARTBEAT[:-10]
    assert told(HEARTBEAT + half) == [
        (f"a message has not come to its end: {len(half)} bytes: " + half.decode().replace("\x01", "|"), Level.INFO)
    ]
    large = message("B", 1, b"58=" + b"x" * 20_000 + b"|")
    said = told(large[:16_000])
    assert len(said) == 1
    assert said[0][0].startswith("a message has not come to its end: 16,000 bytes: 8=FIX.4.4|9=20")
    assert said[0][0].endswith("x…")
    assert len(said[0][0]) < 300


def test_a_peer_cannot_fill_the_disk() -> None:
    said = told(*[b"\x00" * 5_000 + HEARTBEAT] * 100, largest=100_000)
    assert len(said) == 21
    assert said[-1] == ("400,000 more bytes came that are no FIX message", Level.WARNING)
    assert max(len(text) for text, _ in said) < 350


@pytest.mark.parametrize(
    "data",
    [
        b"35=A\x01554=geheim\x01",
        b"554 =geheim",
        b"x|925=geheim|",
        b"POST / HTTP/1.1\r\nAuthorization: Basic geheim\r\n\r\n",
        b'{"password": "geheim"}',
        b"password=geheim&x=1",
        b"A\x0196=geheim|geheim\x0110=1",
    ],
)
def test_secrets_are_masked_as_far_as_they_are_known(data: bytes) -> None:
    assert "geheim" not in "".join(texts(data))
    assert "geheim" not in "".join(texts(*(data[at : at + 1] for at in range(len(data)))))
    assert "***" in texts(data)[-1]
    assert texts(b"hello geheim!", secrets=("geheim", "")) == [FIRST + "text (13 bytes): hello ***!"]


def test_a_connection_without_a_message_says_what_came() -> None:
    framer = Framer()
    assert not what_came(framer)
    framer.feed(HTTP)
    assert framer.next() is None
    assert what_came(framer).startswith("; " + FIRST + "HTTP (46 bytes): HTTP/1.1 400")
    framer = Framer()
    framer.feed(HEARTBEAT + b"x")
    framer.next()
    assert framer.next() is None
    assert not what_came(framer)


async def test_an_initiator_that_is_answered_by_a_web_server(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(HTTP)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    async with server:
        engine = engine_of(initiator_settings(server.sockets[0].getsockname()[1], log_path=tmp_path))
        async with engine:
            note = await until(engine.events(), says(FIRST))
    assert isinstance(note, Note)
    assert note.level is Level.WARNING
    assert "HTTP (46 bytes)" in note.text
    log = (tmp_path / "FIX.4.4-CLIENT-VENUE.event.current.log").read_text()
    assert log.count("HTTP/1.1 400 Bad Request") == 1


async def test_garbage_between_two_messages_of_a_session_that_goes_on(tmp_path: Path) -> None:
    async with engine_of(acceptor_settings(NetworkSettings(), log_path=tmp_path)) as venue:
        events = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.log_on()
        await logged_on(events)
        peer.writer.write(b"\x00\x01garbage\x02")
        await until(events, says(r"passed over 10 bytes that are no FIX message: \x00|garbage\x02"))
        peer.send("1", b"112=x|")
        await peer.expect("A")
        await peer.expect("0")
        peer.writer.write(b"8=FIX.4.4\x019=")
        await peer.close()
        await until(events, says("a message has not come to its end: 12 bytes: 8=FIX.4.4|9="))


async def test_whoever_does_not_log_on_is_refused_with_what_it_sent() -> None:
    async with engine_of(acceptor_settings()) as venue:
        events = venue.events()
        peer = await RawPeer.connect(venue.ports[0])
        peer.writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await peer.close()
        found = await until(events, says("is refused: it closed the connection before it sent a whole message; "))
        assert isinstance(found, Note)
        assert found.text.endswith(FIRST + r"HTTP (18 bytes): GET / HTTP/1.1\r\n\r\n")
