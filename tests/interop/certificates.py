"""Certificates for a test, made with OpenSSL's command."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple


class Certificates(NamedTuple):
    """Who is trusted, and for each side a certificate and its key; all in PEM format."""

    ca: Path
    server: Path
    server_key: Path
    client: Path
    client_key: Path


def make_certificates(folder: Path) -> Certificates:
    """An authority, a certificate of 127.0.0.1 and one of a client. Raises FileNotFoundError without openssl."""
    made = Certificates(*(folder / f"{name}.pem" for name in Certificates._fields))
    ca_key = folder / "ca_key.pem"
    _request(made.ca, ca_key, "/CN=test authority", "-x509", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for name, certificate, key, extension in (
        ("127.0.0.1", made.server, made.server_key, "subjectAltName=IP:127.0.0.1"),
        ("client", made.client, made.client_key, "subjectAltName=DNS:client"),
    ):
        asked = folder / "request.pem"
        _request(asked, key, f"/CN={name}")
        extensions = folder / "extensions"
        extensions.write_text(extension)
        signed = ["openssl", "x509", "-req", "-in", str(asked), "-CA", str(made.ca), "-CAkey", str(ca_key)]
        signed += ["-CAcreateserial", "-days", "2", "-extfile", str(extensions), "-out", str(certificate)]
        subprocess.run(signed, check=True, capture_output=True)
    return made


def _request(path: Path, key: Path, subject: str, *more: str) -> None:
    command = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-subj", subject, "-out", str(path), *more]
    subprocess.run(command, check=True, capture_output=True)
