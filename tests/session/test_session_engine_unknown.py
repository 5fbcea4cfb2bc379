"""Peers that no session is configured for (acceptUnknown; spec: Use Case 3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import FixEngine
from purefix_core.session.machine import FixSession
from purefix_core.session.settings import SessionId
from purefix_core.session.states import State
from tests.session.engine_peers import (
    RawPeer,
    Recorder,
    acceptor_settings,
    becomes,
    engine_of,
    on_disk,
    says,
    until,
)


def template(most: int, **settings: Any) -> Any:
    return replace(acceptor_settings(target="*", **settings), accept_unknown=most)


def registry() -> Dialects:
    dialects = Dialects.standard()
    standard = dialects.get_by_name("FIX44")
    assert standard is not None
    dialects.register(
        TypeRegistration(
            "brokerfx", "Broker FX", standard.dictionary_path, sender_comp_ids=("BROKER",), version="FIX.4.4"
        )
    )
    return dialects


async def log_on(venue: FixEngine, sender: str, **values: Any) -> RawPeer:
    peer = await RawPeer.connect(venue.ports[0])
    peer.log_on(sender=sender, **values)
    await peer.expect("A")
    return peer


async def refused(venue: FixEngine, sender: str, **values: Any) -> None:
    peer = await RawPeer.connect(venue.ports[0])
    peer.log_on(sender=sender, **values)
    assert await peer.rest() == b""
    await peer.close()


async def test_unknown_peers_get_sessions_of_their_own_up_to_a_number(tmp_path: Path) -> None:
    heard = Recorder()
    settings = (acceptor_settings(target="KNOWN"), template(2, **on_disk(tmp_path)))
    async with engine_of(*settings, application=heard) as venue:
        events = venue.events()
        peers = [await log_on(venue, name) for name in ("KNOWN", "../A", "B")]
        await refused(venue, "C")
        await until(events, says("2 unknown peers are connected, and no more may be"))
        body = b"11=%b|55=IBM|54=1|60=20260102-10:00:00|38=100|40=2|44=10.5|"
        peers[1].send("D", body % b"of A", sender="../A")
        assert await heard.until(1) == [b"of A"]
        assert {each.target_comp_id for each in venue.sessions} == {"KNOWN", "../A", "B"}
        await peers[2].close()
        await until(events, becomes(State.DISCONNECTED))
        third = await log_on(venue, "C")  # B has to make room
        assert {each.target_comp_id for each in venue.sessions} == {"KNOWN", "../A", "C"}
        await third.close()
        await until(events, becomes(State.DISCONNECTED))
        again = await log_on(venue, "B", seq_num=2)  # its store knows it
        assert venue.sessions[SessionId("FIX.4.4", "VENUE", "B")].next_target_seq_num == 3
        for peer in (*peers, again):
            await peer.close()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"VENUE.%2E%2E%2FA", "VENUE.B", "VENUE.C"}


async def test_only_peers_of_our_comp_id_are_taken() -> None:
    async with engine_of(template(5)) as venue:
        await refused(venue, "A", target="SOMEBODY")
        await (await log_on(venue, "A")).close()
    async with engine_of(template(5, sender="*")) as venue:
        await (await log_on(venue, "A", target="SOMEBODY")).close()
        assert [str(each) for each in venue.sessions] == ["FIX.4.4:SOMEBODY->A"]


async def test_the_comp_id_picks_the_dialect_in_the_registry() -> None:
    own = registry()
    async with FixEngine([FixConfig.of(template(5))], None, own) as venue:
        peers = [await log_on(venue, "BROKER"), await log_on(venue, "OTHER")]
        peers.append(await log_on(venue, "OLD", begin_string=b"FIX.4.2"))
        peers.append(await log_on(venue, "NEW", begin_string=b"FIXT.1.1", more=b"1137=7|"))
        names = {each.session_id.target_comp_id: each.config.registration.name for each in venue.sessions.values()}
        for peer in peers:
            await peer.close()
    assert {key: name.upper() for key, name in names.items()} == {
        "BROKER": "BROKERFX",
        "OTHER": "FIX44",
        "OLD": "FIX42",
        "NEW": "FIX50",
    }


async def test_a_template_that_names_its_dialect_takes_no_other() -> None:
    own = registry()
    async with FixEngine([FixConfig.of(template(5), own, "brokerfx")], None, own) as venue:
        events = venue.events()
        await refused(venue, "OLD", begin_string=b"FIX.4.2")
        await until(events, says("no dialect is registered for FIX.4.2"))
        peer = await log_on(venue, "OTHER")
        (session,) = venue.sessions.values()
        assert session.config.registration.name == "brokerfx"
        assert session.config.session_message_factory.logon().get(56) == b"OTHER"
        await peer.close()


async def test_odd_identifiers_are_refused() -> None:
    async with engine_of(template(5)) as venue:
        events = venue.events()
        await refused(venue, "X" * 500)
        await refused(venue, "X\x1b[2J")
        for _ in range(2):
            await until(events, says("expected printable CompIDs"))
        assert len(venue.sessions) == 0


class FailsAtFirst(Application):
    made = 0

    def on_create(self, session: FixSession) -> None:
        self.made += 1
        if self.made == 1:
            raise RuntimeError("wrong in the application")


async def test_an_application_that_fails_to_take_a_peer_is_told_of(capfd: pytest.CaptureFixture[str]) -> None:
    async with engine_of(template(5), application=FailsAtFirst()) as venue:
        events = venue.events()
        await refused(venue, "A")
        await until(events, says("failed: RuntimeError('wrong in the application')"))
        await (await log_on(venue, "A")).close()
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


async def test_a_peer_that_logs_on_twice_at_once_gets_one_session() -> None:
    async with engine_of(template(5)) as venue:
        events = venue.events()
        peers = [await RawPeer.connect(venue.ports[0]) for _ in range(4)]
        for peer in peers:
            peer.log_on(sender="TWICE")
        answers = [await peer.receive_or_end() for peer in peers]
        assert sorted(answers) == ["", "", "", "A"]
        for _ in range(3):
            await until(events, says("FIX.4.4:VENUE->TWICE is connected already"))
        assert len(venue.sessions) == 1
        for peer in peers:
            await peer.close()
