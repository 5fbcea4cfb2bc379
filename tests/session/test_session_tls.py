"""TLS between two engines, with certificates that openssl makes for the test."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from purefix_core.session.engine import EngineError
from purefix_core.session.engine.tls import acceptor_context, initiator_context
from purefix_core.session.settings import NetworkSettings, SessionId, TlsSettings
from tests.session.engine_peers import (
    HOST,
    RawPeer,
    Recorder,
    acceptor_settings,
    engine_of,
    initiator_settings,
    logged_on,
    order,
    says,
    until,
)

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")

CLIENT = SessionId("FIX.4.4", "CLIENT", "VENUE")


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder."""

    folder: Path

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def create(self) -> None:
        self.folder.mkdir()
        self.openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
            *("-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem"),
            *("-addext", "keyUsage=critical,keyCertSign"),
        )

    def issue(self, name: str, days: str = "2") -> tuple[Path, Path]:
        """The certificate for a host name or an address, and its key."""
        kind = "IP" if name[0].isdigit() else "DNS"
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={kind}:{name}\n")
        self.openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        self.openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem"),
        )
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("tls") / "ca")
    made.create()
    for name in (HOST, "fix.example", "client"):
        made.issue(name)
    return made


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("tls") / "stranger")
    made.create()
    for name in (HOST, "client"):
        made.issue(name)
    return made


def identity(authority: Authority, name: str, **settings: object) -> TlsSettings:
    folder = authority.folder
    return TlsSettings(True, None, folder / f"{name}.pem", folder / f"{name}.key", **settings)  # type: ignore[arg-type]


def trusting(authority: Authority, **settings: object) -> TlsSettings:
    return TlsSettings(True, authority.certificate, **settings)  # type: ignore[arg-type]


async def talk(at_acceptor: TlsSettings, at_initiator: TlsSettings) -> None:
    heard = Recorder()
    async with engine_of(acceptor_settings(NetworkSettings(tls=at_acceptor)), application=heard) as venue:
        settings = initiator_settings(venue.ports[0], network=NetworkSettings(tls=at_initiator, hosts=()))
        async with engine_of(settings) as client:
            await logged_on(client.events())
            for number in range(200):
                client.send(CLIENT, order(str(number), "x" * 1000))
            assert len(await heard.until(200)) == 200


async def refused(at_acceptor: TlsSettings, at_initiator: TlsSettings, why: str) -> None:
    async with engine_of(acceptor_settings(NetworkSettings(tls=at_acceptor))) as venue:
        settings = initiator_settings(venue.ports[0], network=NetworkSettings(tls=at_initiator, hosts=()))
        async with engine_of(settings) as client:
            await until(client.events(), says(why))
            assert client.sessions[CLIENT].next_target_seq_num == 1


async def test_messages_go_over_tls(authority: Authority) -> None:
    await talk(identity(authority, HOST), trusting(authority))


async def test_a_server_name_may_be_given(authority: Authority) -> None:
    await talk(identity(authority, "fix.example"), trusting(authority, server_name="fix.example"))


async def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    await refused(identity(authority, "fix.example"), trusting(authority), "the certificate is refused: IP address")
    other = trusting(authority, server_name="other.example")
    await refused(identity(authority, "fix.example"), other, "the certificate is refused: Hostname mismatch")


async def test_a_certificate_of_a_stranger_is_refused(authority: Authority, stranger: Authority) -> None:
    await refused(identity(stranger, HOST), trusting(authority), "the certificate is refused: ")


async def test_without_a_ca_file_the_systems_list_counts(authority: Authority) -> None:
    await refused(identity(authority, HOST), TlsSettings(True), "the certificate is refused: ")


async def test_verification_can_be_switched_off(stranger: Authority) -> None:
    await talk(identity(stranger, "client"), TlsSettings(True, verify=False))


async def test_an_acceptor_with_a_ca_file_asks_for_a_certificate(authority: Authority, stranger: Authority) -> None:
    folder = authority.folder
    asking = TlsSettings(True, authority.certificate, folder / f"{HOST}.pem", folder / f"{HOST}.key")
    with_one = TlsSettings(True, authority.certificate, folder / "client.pem", folder / "client.key")
    await talk(asking, with_one)
    await refused(asking, trusting(authority), "disconnected: ")
    of_stranger = TlsSettings(
        True, authority.certificate, stranger.folder / "client.pem", stranger.folder / "client.key"
    )
    await refused(asking, of_stranger, "disconnected: ")


async def test_an_older_version_is_refused(authority: Authority) -> None:
    acceptor = identity(authority, HOST, minimum_version="TLSv1.3")
    async with engine_of(acceptor_settings(NetworkSettings(tls=acceptor))) as venue:
        heard = venue.events()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(authority.certificate)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await RawPeer.connect(venue.ports[0], ssl=old)
        await until(heard, says("is refused: TLS: "))
    await talk(acceptor, trusting(authority))


async def test_a_peer_without_tls_is_cut_off(authority: Authority) -> None:
    acceptor = acceptor_settings(NetworkSettings(tls=identity(authority, HOST), max_unidentified=1), logon_timeout=0.3)
    async with engine_of(acceptor) as venue:
        heard = venue.events()
        plain = await RawPeer.connect(venue.ports[0])
        plain.log_on()
        await plain.rest()
        await until(heard, says(f"{HOST} is refused: TLS: "))
        silent = await RawPeer.connect(venue.ports[0])  # counts though it does not even begin with the handshake
        another = await RawPeer.connect(venue.ports[0])
        assert await silent.rest() == b""
        await until(heard, says("no more than 1 may be without a Logon"))
        await until(heard, says("no Logon within 0.3 s"))
        assert await another.rest() == b""
        for peer in (plain, silent, another):
            await peer.close()


async def test_the_last_words_arrive_over_tls(authority: Authority) -> None:
    acceptor = acceptor_settings(NetworkSettings(tls=identity(authority, HOST)))
    async with engine_of(acceptor) as venue:
        context = initiator_context(trusting(authority))
        peer = await RawPeer.connect(venue.ports[0], ssl=context)
        peer.log_on()
        await peer.expect("A")
        peer.send("0", seq_num=1)
        assert (await peer.expect("5")).text(58) == "MsgSeqNum too low, expecting 2 but received 1"
        assert await peer.rest() == b""
        await peer.close()


async def test_a_stop_waits_for_no_one_over_tls(authority: Authority) -> None:
    acceptor = acceptor_settings(NetworkSettings(tls=identity(authority, HOST)), logout_timeout=0.1)
    async with engine_of(acceptor) as venue:
        peer = await RawPeer.connect(venue.ports[0], ssl=initiator_context(trusting(authority)))
        peer.log_on()
        await peer.expect("A")
        async with asyncio.timeout(10):
            await venue.stop()
        peer.writer.transport.abort()


# -- files that are wrong ----------------------------------------------------------------------------------------------


def test_errors_name_the_file(authority: Authority, tmp_path: Path) -> None:
    missing, garbage = tmp_path / "missing.pem", tmp_path / "garbage.pem"
    garbage.write_text("no certificate")
    good, key = authority.folder / "client.pem", authority.folder / "client.key"
    locked = tmp_path / "locked.key"
    authority.openssl("ec", "-in", str(key), "-aes128", "-passout", "pass:geheim", "-out", str(locked))
    for tls, expected in (
        (TlsSettings(True, missing), f"SocketCAFile: {missing}: No such file or directory"),
        (TlsSettings(True, garbage), f"SocketCAFile: {garbage}: expected certificates in PEM format: "),
        (TlsSettings(True, None, missing), f"SocketCertificateFile: {missing}: No such file or directory"),
        (TlsSettings(True, None, good, missing), f"SocketPrivateKeyFile: {missing}: No such file or directory"),
        (TlsSettings(True, None, good, garbage), f"SocketCertificateFile: {good} with the key {garbage}: expected a "),
        (TlsSettings(True, None, good, locked), f"SocketCertificateFile: {good} with the key {locked}: expected a "),
        (TlsSettings(True, None, good, authority.folder / "ca.key"), "key values mismatch"),
        (
            TlsSettings(True, minimum_version="TLSv1"),
            "SocketMinimumTLSVersion: expected one of TLSv1.2, TLSv1.3, found",
        ),
    ):
        with pytest.raises(EngineError) as raised:
            initiator_context(tls)
        assert expected in str(raised.value)
        assert "\n" not in str(raised.value)


def test_an_acceptor_needs_a_certificate() -> None:
    with pytest.raises(EngineError, match="SocketCertificateFile: an acceptor with TLS needs a certificate"):
        acceptor_context(TlsSettings(True))
    assert acceptor_context(TlsSettings()) is None
    assert initiator_context(TlsSettings()) is None


def test_sessions_that_share_a_port_share_its_tls(authority: Authority) -> None:
    plain = acceptor_settings(target="PLAIN")
    secured = acceptor_settings(NetworkSettings(tls=identity(authority, HOST)), "SECURED")
    with pytest.raises(EngineError, match="share port 0, so their TLS settings must be the same"):
        engine_of(plain, secured)
