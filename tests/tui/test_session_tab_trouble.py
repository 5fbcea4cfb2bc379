"""What goes wrong under the Session tab, told in its notice, and put right by keys."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from conftest import until
from session_peers import PATIENCE, cut, listening, order, port_of, session_file, wait
from session_tab_pilot import MakeApp, act, header, logged_on, notice, opened, rows, session_app
from textual.widgets import Static

from purefix_core.session.application import Application, RejectLogon
from purefix_core.session.states import State
from purefix_core.store.file_store import FixMsgFileStore
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.refusal_bar import RefusalBar


@pytest.fixture
def client(tmp_path: Path, venue: EngineThread) -> Path:
    return session_file(tmp_path / "client.json", port_of(venue))


async def test_a_peer_that_goes_away_is_told_until_it_is_back(
    make_app: MakeApp, client: Path, venue: EngineThread
) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        pane = await logged_on(pilot)
        cut(venue)
        await until(pilot, lambda: "✗ Disconnected: the peer closed the connection" in notice(pilot))
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
        await until(pilot, lambda: any("the peer closed the connection" in row for row in rows(pane)))
        await act(pilot, "L")
        await until(pilot, lambda: pane.is_logged_on)
        await until(pilot, lambda: "✗" not in notice(pilot))


async def test_nobody_listens(make_app: MakeApp, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        path = session_file(tmp_path / "client.json", free.getsockname()[1])
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await act(pilot, "L")
        await until(pilot, lambda: "Connection refused" in notice(pilot))
        await until(pilot, lambda: "Nobody listens there" in notice(pilot))


async def test_a_web_server_where_a_fix_engine_should_be(make_app: MakeApp, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        path = session_file(tmp_path / "client.json", server.getsockname()[1], LogonTimeout=60)
        async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
            pane = await opened(pilot)
            await act(pilot, "L")
            peer, _ = await asyncio.to_thread(server.accept)
            with peer:
                await until(pilot, lambda: "LOGON SENT" in header(pilot))
                peer.sendall(b"HTTP/1.1 403 Permission denied\r\n\r\n")
                what = "✗ The first bytes of the peer are no FIX message, they look like HTTP (34 bytes): HTTP/1.1 403"
                await until(pilot, lambda: what in notice(pilot))
                await until(pilot, lambda: "check host and port" in notice(pilot))
                assert "files" not in notice(pilot), "what the peer says is no reason of ours"
            await until(pilot, lambda: "NOT CONNECTED" in header(pilot))
            await until(pilot, lambda: any("our Logon was not answered" in row for row in rows(pane)))
            assert what in notice(pilot)
            assert "check host and port" in notice(pilot)


class Doorkeeper(Application):
    """Lets nobody in without the password."""

    def from_admin(self, message: Any, session: object) -> None:
        if message.msg_type == "A" and message.get(554) != b"right":
            raise RejectLogon("invalid username or password")


async def test_a_wrong_password_is_told_in_the_peers_words(make_app: MakeApp, tmp_path: Path) -> None:
    venue = listening(tmp_path / "venue", Doorkeeper())
    try:
        path = session_file(tmp_path / "client.json", port_of(venue), Username="anna", Password="wrong")
        async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await act(pilot, "L")
            await until(pilot, lambda: "invalid username or password" in notice(pilot))
            await until(pilot, lambda: "Check Username and Password" in notice(pilot))
            assert "wrong" not in notice(pilot)
    finally:
        assert venue.stop()


async def test_tls_that_the_peer_does_not_speak(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    path = session_file(tmp_path / "client.json", port_of(venue), SocketUseSSL="Y", SocketConnectTimeout=5)
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "TLS" in header(pilot))
        await act(pilot, "L")
        await until(pilot, lambda: "✗" in notice(pilot))
        await until(pilot, lambda: "NOT CONNECTED" in header(pilot))


async def test_a_port_in_use(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    path = session_file(
        tmp_path / "acceptor.json",
        0,
        ConnectionType="acceptor",
        SocketConnectHost=None,
        SocketConnectPort=None,
        SocketAcceptPort=port_of(venue),
        SocketAcceptAddress="127.0.0.1",
    )
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press("C")
        await until(pilot, lambda: str(port_of(venue)) in notice(pilot))
        await until(pilot, lambda: "Another program listens on this port" in notice(pilot))
        await until(pilot, lambda: any("already in use" in row.lower() for row in rows(pane)))
        assert not any("00:00:00.000" in row for row in rows(pane))


async def test_a_store_that_is_in_use(make_app: MakeApp, client: Path, tmp_path: Path) -> None:
    holder = FixMsgFileStore(tmp_path / "store", "CLIENT", "VENUE", begin_string="FIX.4.4")
    try:
        async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
            pane = await opened(pilot)
            await act(pilot, "L")
            await until(pilot, lambda: "✗" in notice(pilot) and "in use" in notice(pilot))
            await until(pilot, lambda: "Another program has this message store" in notice(pilot))
            assert not pane.is_logged_on
            holder.close()
            await act(pilot, "L")
            await until(pilot, lambda: pane.is_logged_on)
    finally:
        holder.close()


async def test_a_store_that_cannot_be_written(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    (tmp_path / "file").write_text("no folder")
    path = session_file(tmp_path / "client.json", port_of(venue), FileStorePath="file/store")
    async with session_app(make_app, path).run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await act(pilot, "L")
        await until(pilot, lambda: "✗" in notice(pilot))
        await until(pilot, lambda: str(tmp_path / "file") in notice(pilot))
        assert not pane.is_logged_on


async def test_a_log_that_cannot_be_written_goes_elsewhere(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    (tmp_path / "file").write_text("no folder")
    path = session_file(tmp_path / "client.json", port_of(venue), FileLogPath="file/log")
    async with session_app(make_app, path).run_test(size=(140, 40)) as pilot:
        pane = await logged_on(pilot)
        await until(pilot, lambda: any("logs cannot be written there" in row for row in rows(pane)))
        assert pane.engine.log_path is not None
        assert b"35=A" in pane.engine.log_path.read_bytes()


async def test_an_engine_that_ends_is_told_and_started_again(make_app: MakeApp, client: Path) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        pane = await logged_on(pilot)

        def end(_: object) -> None:
            raise SystemExit(1)

        pane.engine.call(end)
        await until(pilot, lambda: "ENGINE ENDED" in header(pilot))
        await until(pilot, lambda: "engine has ended" in notice(pilot).lower())
        await act(pilot, "L")
        await until(pilot, lambda: pane.is_logged_on)


async def test_a_refusal_is_put_right_by_one_key(
    make_app: MakeApp, client: Path, tmp_path: Path, venue: EngineThread
) -> None:
    async with session_app(make_app, client).run_test(size=(80, 24)) as pilot:
        pane = await logged_on(pilot)
        for number in range(5):
            pane.engine.call(lambda engine, number=number: engine.send("CLIENT-VENUE", order(f"A{number}")))
        await until(pilot, lambda: pane.engine.status.next_out == 7)
        await act(pilot, "O")
        await until(pilot, lambda: pane.engine.status.state is State.DISCONNECTED)
        wait(lambda: venue.status.next_in == 8, "the Logout arrived")
        pane.engine.by_hand(lambda session, now: session.manual.set_numbers("test", now, next_sender=3)).result(
            PATIENCE
        )
        await act(pilot, "L")
        await until(pilot, lambda: pane.query_one(RefusalBar).display)
        assert "8" in str(pane.query_one("#refused", Static).content)
        await act(pilot, "A")
        await until(pilot, lambda: pane.is_logged_on)
        await until(pilot, lambda: not pane.query_one(RefusalBar).display)
        wait(lambda: venue.status.next_in == 9, "our Logon was taken with 8")
