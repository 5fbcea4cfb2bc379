"""TLS contexts out of the settings. Certificates are verified unless the settings say otherwise."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from purefix_core.session.engine.errors import EngineError
from purefix_core.session.settings import TlsSettings

_VERSIONS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}


def initiator_context(tls: TlsSettings) -> ssl.SSLContext | None:
    """What an initiator connects with; None without TLS. Its peer's certificate must be signed by someone trusted, and
    be for the name that is asked for. Raises EngineError, which names the file that cannot be used."""
    if not tls.enabled:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _set_minimum(context, tls)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif tls.ca_file is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        _trust(context, tls.ca_file)
    if tls.certificate_file is not None:
        _identify(context, tls.certificate_file, tls.key_file)
    return context


def acceptor_context(tls: TlsSettings) -> ssl.SSLContext | None:
    """What an acceptor listens with; None without TLS. With a CA file each peer must have a certificate that is signed
    by it. Raises EngineError."""
    if not tls.enabled:
        return None
    if tls.certificate_file is None:
        raise EngineError("SocketCertificateFile: an acceptor with TLS needs a certificate, found nothing")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _set_minimum(context, tls)
    _identify(context, tls.certificate_file, tls.key_file)
    if tls.ca_file is not None:
        _trust(context, tls.ca_file)
        if tls.verify:
            context.verify_mode = ssl.CERT_REQUIRED
    return context


def _set_minimum(context: ssl.SSLContext, tls: TlsSettings) -> None:
    version = _VERSIONS.get(tls.minimum_version)
    if version is None:
        raise EngineError(
            f"SocketMinimumTLSVersion: expected one of {', '.join(_VERSIONS)}, found {tls.minimum_version}"
        )
    context.minimum_version = version


def _trust(context: ssl.SSLContext, ca_file: Path) -> None:
    _load("SocketCAFile", ca_file, "certificates in PEM format", lambda: context.load_verify_locations(ca_file))


def _identify(context: ssl.SSLContext, certificate_file: Path, key_file: Path | None) -> None:
    if key_file is not None:
        try:
            key_file.open("rb").close()  # else the error would not say which of the two files it is
        except OSError as error:
            raise EngineError(f"SocketPrivateKeyFile: {key_file}: {error.strerror}") from error

    def load() -> None:
        # A passphrase is refused instead of being asked for on the terminal.
        context.load_cert_chain(certificate_file, key_file, password="")

    both = certificate_file if key_file is None else f"{certificate_file} with the key {key_file}"
    _load("SocketCertificateFile", both, "a certificate in PEM format and its key without a passphrase", load)


def _load(key: str, what: Path | str, expected: str, load: Callable[[], None]) -> None:
    try:
        load()
    except ssl.SSLError as error:
        raise EngineError(f"{key}: {what}: expected {expected}: {reason_of(error)}") from error
    except OSError as error:
        raise EngineError(f"{key}: {what}: {error.strerror}") from error


def reason_of(error: ssl.SSLError) -> str:
    """What OpenSSL says, without its file names and error codes."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is refused: {error.verify_message}"
    return (error.reason or str(error)).replace("_", " ").lower()
