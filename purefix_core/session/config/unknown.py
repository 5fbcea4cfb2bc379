"""What a file says that is no setting of ours: settings of QuickFIX that would change what is sent or accepted, and
names that somebody may have misspelt. Both are told as warnings; all else is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from purefix_core.session.config.section import Section
from purefix_core.session.config.table import KEYS

_N, _Y = "N", "Y"

_UNSUPPORTED: dict[str, tuple[str, str]] = {
    # name: (the value that changes nothing, what to know instead)
    "AcceptorTemplate": (_N, "see acceptUnknown"),
    "AllowPosDup": (_N, "PossDupFlag of what the application sends is never kept"),
    "CertificateRevocationListDirectory": ("", "certificates are not looked up in lists"),
    "CertificateRevocationListFile": ("", "certificates are not looked up in lists"),
    "CertificateVerifyLevel": ("", "certificates are verified; see SocketVerifyPeer"),
    "CertificationAuthoritiesDirectory": ("", "see SocketCAFile"),
    "CipherSuites": ("", "the system's choice counts"),
    "DisconnectOnError": (_N, ""),
    "DynamicSession": (_N, ""),
    "DynamicSessions": (_N, "see acceptUnknown"),
    "EnabledProtocols": ("", "see SocketMinimumTLSVersion"),
    "FileStoreSync": (_N, "see StoreDurability"),
    "ForceResendWhenCorruptedStore": (_N, "what the store lacks is gap-filled"),
    "HeartBeatTimeoutMultiplier": ("", "see TestRequestDelayMultiplier"),
    "HostSelectionPolicy": ("", "hosts are tried in turn"),
    "KeyStoreType": ("", "certificates are PEM files; see SocketCertificateFile"),
    "LogonDay": ("", "see StartDay"),
    "LogonTime": ("", "see StartTime"),
    "LogoutDay": ("", "see EndDay"),
    "LogoutTime": ("", "see EndTime"),
    "MaxMessagesQueuedWhilePendingResend": ("", "see MaxEarlyMessages"),
    "NeedClientAuth": (_N, "an acceptor with SocketCAFile asks for a certificate"),
    "PreserveMessageFieldsOrder": (_Y, "the body always keeps the application's order"),
    "ProxyHost": ("", "connections are made directly"),
    "RejectInvalidMessage": (_Y, "an invalid message is always rejected"),
    "RejectMessageOnUnhandledException": (_N, ""),
    "ResetOnError": (_N, ""),
    "ResetSeqTime": ("", ""),
    "SSLCipherSuite": ("", "the system's choice counts"),
    "SSLProtocol": ("", "see SocketMinimumTLSVersion"),
    "SSLProtocols": ("", "see SocketMinimumTLSVersion"),
    "SSLRequireClientCertificate": ("", "an acceptor with SocketCAFile asks for a certificate"),
    "SendResetSeqNumFlag": (_N, "see ResetSeqNumFlag"),
    "SocketAcceptProtocol": ("TCP", "connections are TCP"),
    "SocketConnectProtocol": ("TCP", "connections are TCP"),
    "SocketConnectSourceHost": ("", "the system chooses our address"),
    "SocketConnectSourcePort": ("", "the system chooses our port"),
    "SocketKeyStore": ("", "certificates are PEM files; see SocketCertificateFile"),
    "SocketLocalHost": ("", "the system chooses our address"),
    "SocketLocalPort": ("", "the system chooses our port"),
    "SocketTrustStore": ("", "certificates are PEM files; see SocketCAFile"),
    "TLSCipherSuites": ("", "the system's choice counts"),
    "ValidateChecksum": (_Y, "CheckSum is always checked"),
    "ValidateLengthAndChecksum": (_Y, "BodyLength and CheckSum are always checked"),
    "ValidateSequenceNumbers": (_Y, "sequence numbers are always checked"),
}
_BY_NAME = {name.casefold(): (name, *rest) for name, rest in _UNSUPPORTED.items()}
_DATABASES = ("jdbc", "mysql", "odbc", "postgresql")
_STORE = "store"

_KEY_BY_FOLDED = {key.casefold(): key for key in KEYS}
_LONGEST_GUESSED = 40
_ALIKE = 0.88
"""How much of a key must be that of a setting: one letter in eight may be wrong."""

_PRODUCTION = "production"
_LIKE_PRODUCTION = 0.75
MISSPELT_PRODUCTION = f"is not a setting; did you mean {_PRODUCTION}?"
"""How such a warning ends: the session then is not shown as one of production, and asks nothing a second time."""


def warnings_of(section: Section) -> Iterator[str]:
    """A line for each key to be told of, what may be meant as `production` first. Values are not shown: those of
    strangers may be secret."""
    database = False
    for folded, entry in sorted(section.others.items(), key=lambda item: not _may_mean_production(item[0])):
        value = "Y" if entry.value is True else "N" if entry.value is False else entry.value
        if value is None or value == "":
            continue
        if _may_mean_production(folded):
            yield f"{entry.place}: {MISSPELT_PRODUCTION}"
        elif folded in _BY_NAME:
            name, harmless, instead = _BY_NAME[folded]
            if value != harmless:
                yield f"{entry.place}: {name} is not supported" + (f": {instead}" if instead else "")
        elif folded.startswith(_DATABASES):
            if _STORE in folded and not database:
                database = True
                yield f"{entry.place}: stores in databases are not supported: see FileStorePath"
        elif meant := _meant(folded):
            yield f"{entry.place}: is not a setting; did you mean {meant}?"


@lru_cache(maxsize=1024)
def _may_mean_production(folded: str) -> bool:
    """Less alike is enough for this one than for others: to miss it costs more than to ask."""
    if len(folded) > _LONGEST_GUESSED:
        return False
    return folded.startswith("prod") or SequenceMatcher(None, folded, _PRODUCTION).ratio() >= _LIKE_PRODUCTION


@lru_cache(maxsize=1024)
def _meant(folded: str) -> str:
    """The setting whose name is nearly that; it costs some 0.2 ms."""
    if len(folded) > _LONGEST_GUESSED:
        return ""
    near = get_close_matches(folded, _KEY_BY_FOLDED, 1, _ALIKE)
    return _KEY_BY_FOLDED[near[0]] if near else ""
