"""The rows of the table for when and how to connect, and what is kept."""

from __future__ import annotations

from purefix_core.session.config.kinds import (
    FLAG,
    INVERTED_FLAG,
    NAME,
    NETWORKS,
    PATH,
    PORT,
    TEXT,
    TLS_VERSION,
    WORD,
    choice,
    seconds,
    whole,
)
from purefix_core.session.config.setting import GO, OURS, J, Setting
from purefix_core.session.settings import ConnectionType, StoreLayout
from purefix_core.store.durability import Durability

_DAY = 86_400
_NUMBERED = "[1-9][0-9]?"
_INITIATOR, _ACCEPTOR = ConnectionType.INITIATOR, ConnectionType.ACCEPTOR

SCHEDULE: tuple[Setting, ...] = (
    Setting(
        "StartTime",
        TEXT,
        "schedule.start_time",
        "When the session opens: `08:00:00`, or with a zone `08:00:00 Europe/Berlin`.",
        default="always open",
    ),
    Setting("EndTime", TEXT, "schedule.end_time", "When it closes.", default="always open"),
    Setting(
        "StartDay",
        WORD,
        "schedule.start_day",
        "The day on which a session of a week opens: `Monday`, `mon`.",
        default="each day",
    ),
    Setting("EndDay", WORD, "schedule.end_day", "The day on which it closes.", default="each day"),
    Setting(
        "Weekdays",
        TEXT,
        "schedule.weekdays",
        "The days on which a session of a day opens: `Mon,Tue,Wed`.",
        default="each day",
        origin=J,
    ),
    Setting(
        "TimeZone", TEXT, "schedule.time_zone", "The zone of the times above: `Europe/Berlin`.", default="UTC", origin=J
    ),
    Setting("UseLocalTime", FLAG, "schedule.use_local_time", "The times above are those of this machine."),
    Setting(
        "NonStopSession",
        FLAG,
        "schedule.non_stop_session",
        "Always open, and numbers are never reset by time.",
    ),
)

NETWORK: tuple[Setting, ...] = (
    Setting(
        "SocketConnectHost",
        NAME,
        "",
        "Where an initiator connects to. More are `SocketConnectHost1`, `SocketConnectHost2` and so on, each"
        " with its port; they are tried in turn.",
        default="none",
        suffix=_NUMBERED,
        only=_INITIATOR,
    ),
    Setting(
        "SocketConnectPort",
        PORT,
        "",
        "The port there; of `SocketConnectHost1` it is `SocketConnectPort1`.",
        default="none",
        suffix=_NUMBERED,
        only=_INITIATOR,
    ),
    Setting(
        "SocketConnectTimeout",
        seconds(_DAY),
        "network.connect_timeout",
        "Seconds until a connection must have been made.",
        origin=OURS,
    ),
    Setting(
        "ReconnectInterval",
        seconds(_DAY),
        "network.reconnect_interval",
        "Seconds from the loss of a connection to the next attempt. While attempts fail it doubles.",
    ),
    Setting("ReconnectMost", seconds(_DAY), "network.reconnect_most", "It never becomes more than this.", origin=OURS),
    Setting(
        "SocketAcceptPort",
        whole(0, 65_535),
        "network.accept_port",
        "Where an acceptor listens; 0 for any port that is free.",
    ),
    Setting(
        "SocketAcceptAddress",
        TEXT,
        "network.accept_host",
        "The address on which it listens.",
        ("SocketAcceptHost",),
        default="all",
        origin=J,
    ),
    Setting(
        "AllowedRemoteAddresses",
        NETWORKS,
        "network.allowed_remote_addresses",
        "Who may connect: addresses or networks (`10.0.0.0/8`), with commas between them.",
        default="all",
    ),
    Setting(
        "MaxConnections",
        whole(1, 100_000),
        "network.max_connections",
        "Connections of an acceptor, logged on or not.",
        origin=OURS,
    ),
    Setting(
        "MaxUnidentifiedConnections",
        whole(1, 100_000),
        "network.max_unidentified",
        "Connections of an acceptor that have not yet sent a Logon.",
        origin=OURS,
    ),
    Setting(
        "SocketNodelay",
        FLAG,
        "network.no_delay",
        "Small messages go out at once (TCP_NODELAY).",
        ("SocketTcpNoDelay",),
    ),
)

TLS: tuple[Setting, ...] = (
    Setting("SocketUseSSL", FLAG, "network.tls.enabled", "The connection is made with TLS.", ("SSLEnable",), origin=J),
    Setting(
        "SocketCAFile",
        PATH,
        "network.tls.ca_file",
        "The certificates (PEM) of those whom we trust. An acceptor that has it asks for a client certificate.",
        ("CertificationAuthoritiesFile", "SSLCACertificate"),
        default="those that the system trusts",
        origin=GO,
    ),
    Setting(
        "SocketCertificateFile",
        PATH,
        "network.tls.certificate_file",
        "Our own certificate (PEM), with those above it.",
        ("SSLCertificate",),
        default="none",
        origin=GO,
    ),
    Setting(
        "ServerCertificateFile",
        PATH,
        "network.tls.certificate_file",
        "SocketCertificateFile of an acceptor.",
        default="none",
        only=_ACCEPTOR,
    ),
    Setting(
        "ClientCertificateFile",
        PATH,
        "network.tls.certificate_file",
        "SocketCertificateFile of an initiator.",
        default="none",
        only=_INITIATOR,
    ),
    Setting(
        "SocketPrivateKeyFile",
        PATH,
        "network.tls.key_file",
        "The key (PEM) of our certificate, where it is not in the same file.",
        default="none",
        origin=GO,
    ),
    Setting(
        "ServerCertificateKeyFile",
        PATH,
        "network.tls.key_file",
        "SocketPrivateKeyFile of an acceptor.",
        default="none",
        only=_ACCEPTOR,
    ),
    Setting(
        "ClientCertificateKeyFile",
        PATH,
        "network.tls.key_file",
        "SocketPrivateKeyFile of an initiator.",
        default="none",
        only=_INITIATOR,
    ),
    Setting(
        "SocketServerName",
        TEXT,
        "network.tls.server_name",
        "The name that the acceptor's certificate must have.",
        ("SSLServerName",),
        default="SocketConnectHost",
        origin=GO,
    ),
    Setting(
        "SocketMinimumTLSVersion", TLS_VERSION, "network.tls.minimum_version", "`TLSv1.2` or `TLSv1.3`.", origin=GO
    ),
    Setting(
        "SocketVerifyPeer",
        FLAG,
        "network.tls.verify",
        "The certificate of the other side is verified.",
        ("SSLValidateCertificates",),
        origin=OURS,
    ),
    Setting(
        "SocketInsecureSkipVerify",
        INVERTED_FLAG,
        "network.tls.verify",
        "`Y` is SocketVerifyPeer `N`.",
        default="N",
        origin=GO,
    ),
)

STORE_AND_LOGS: tuple[Setting, ...] = (
    Setting(
        "FileStorePath",
        PATH,
        "store_path",
        "The folder of the message store.",
        default="messageStorePath of the dialect; without that a store in memory",
    ),
    Setting(
        "StoreLayout",
        choice({each.value: each for each in StoreLayout}),
        "store_layout",
        "The files of the store: `purefix`, `quickfix` (those of QuickFIX C++) or `memory` (none).",
        origin=OURS,
    ),
    Setting(
        "StoreDurability",
        choice({each.value: each.value for each in Durability}),
        "store_durability",
        "What survives: `none`, the end of the `process`, or a loss of `power`.",
        origin=OURS,
    ),
    Setting(
        "PersistMessages",
        FLAG,
        "persist_messages",
        "Messages are kept. `N`: numbers are kept, but what is asked for is gap-filled.",
    ),
    Setting(
        "ResendGapFillOnly", FLAG, "resend_gap_fill_only", "Nothing is ever sent again: all is gap-filled.", origin=OURS
    ),
    Setting(
        "ResendMaxAge",
        seconds(10**9),
        "resend_max_age",
        "Messages older than so many seconds are gap-filled; 0: none is too old.",
        origin=OURS,
    ),
    Setting(
        "FileLogPath",
        PATH,
        "log_path",
        "The folder of the message and event logs.",
        default="the program's state folder in the Session tab, else no log files",
    ),
)
