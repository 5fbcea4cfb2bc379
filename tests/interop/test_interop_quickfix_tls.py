"""Sessions with QuickFIX over TLS, where each side verifies the other's certificate."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interop.certificates import make_certificates
from tests.interop.peers import Sides

pytest.importorskip("quickfix")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")


@pytest.mark.parametrize("ours", ["acceptor", "initiator"])
@pytest.mark.parametrize("version", ["FIX.4.2", "FIX.4.4", "FIX.5.0SP2"])
def test_orders_and_executions_over_tls(make: Callable[..., Sides], tmp_path: Path, ours: str, version: str) -> None:
    made = make_certificates(tmp_path)
    sides = make(ours, version)
    is_acceptor = ours == "acceptor"
    sides.ours.set(
        SocketUseSSL="Y",
        SocketCAFile=made.ca,
        SocketCertificateFile=made.server if is_acceptor else made.client,
        SocketPrivateKeyFile=made.server_key if is_acceptor else made.client_key,
    )
    sides.theirs.set(
        SocketUseSSL="Y",
        CertificationAuthoritiesFile=made.ca,
        CertificateVerifyLevel=2,
        ServerCertificateFile=made.server,
        ServerCertificateKeyFile=made.server_key,
        ClientCertificateFile=made.client,
        ClientCertificateKeyFile=made.client_key,
    )
    sides.start()
    sides.initiator.tell("send 1 200")
    sides.initiator.wait_for(200, "got 8")
    sides.wait_until_all_arrived()
    sides.stop()
    sides.assert_nothing_came_twice()
