"""Every setting in one table: its names, what its values are, where it goes, and what it means.

Files of both kinds are read by it, and the tables of docs/sessions.md and docs/schemas/session.schema.json are made of
it (tools/write_session_settings.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from purefix_core.session.config_kinds import (
    APPL_VER_ID,
    BEGIN_STRING,
    COUNT,
    FLAG,
    INVERTED_FLAG,
    LOGON_TAG,
    MILLISECONDS,
    NAME,
    NETWORKS,
    PATH,
    PORT,
    PRECISION,
    RAW_DATA,
    SECRET,
    TEXT,
    TLS_VERSION,
    WORD,
    Kind,
    choice,
    seconds,
    whole,
)
from purefix_core.session.settings import ConnectionType, StoreLayout
from purefix_core.store.durability import Durability

_DAY = 86_400
_NUMBERED = "[1-9][0-9]{0,3}"
_INITIATOR, _ACCEPTOR = ConnectionType.INITIATOR, ConnectionType.ACCEPTOR


@dataclass(frozen=True)
class Setting:
    """One row. Where several rows lead to one field, the first of those that a session has counts."""

    key: str
    """Its name in files, in any case."""
    kind: Kind
    field: str
    """Where it goes in SessionSettings, such as network.tls.enabled; "" where config.py or config_values.py says."""
    meaning: str
    aliases: tuple[str, ...] = ()
    """Other names for it, those of QuickFIX's relatives among them."""
    default: str = ""
    """If it is left out, for people; "" for what SessionSettings has."""
    suffix: str = ""
    """A regular expression of what may follow its name: SocketConnectHost1."""
    only: ConnectionType | None = None
    """Whose setting it is; the other side passes over it."""


_NOT_SENT = "not sent"

GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        "Who and what",
        (
            Setting("Application.Name", TEXT, "", "What people call the session.", default="both CompIDs"),
            Setting(
                "ConnectionType",
                choice({each.value: each for each in ConnectionType}),
                "connection_type",
                "Who connects: we (`initiator`) or the counterparty (`acceptor`).",
            ),
            Setting(
                "BeginString",
                BEGIN_STRING,
                "",
                "BeginString(8). It must be that of the dialect.",
                default="that of the dialect; FIXT.1.1 for FIX 5.0 and its service packs",
            ),
            Setting(
                "SenderCompID", NAME, "session_id.sender_comp_id", "Our CompID: 49 of what we send.", default="error"
            ),
            Setting(
                "TargetCompID", NAME, "session_id.target_comp_id", "The counterparty's CompID: 56.", default="error"
            ),
            Setting(
                "SenderSubID", TEXT, "session_id.sender_sub_id", "SenderSubID(50) of what we send.", default=_NOT_SENT
            ),
            Setting(
                "SenderLocationID", TEXT, "session_id.sender_location_id", "SenderLocationID(142).", default=_NOT_SENT
            ),
            Setting(
                "TargetSubID", TEXT, "session_id.target_sub_id", "TargetSubID(57) of what we send.", default=_NOT_SENT
            ),
            Setting(
                "TargetLocationID", TEXT, "session_id.target_location_id", "TargetLocationID(143).", default=_NOT_SENT
            ),
            Setting(
                "SessionQualifier",
                TEXT,
                "session_id.session_qualifier",
                "Tells sessions of an initiator apart that are otherwise equal. Never sent.",
                default="none",
            ),
            Setting(
                "acceptUnknown",
                whole(0, 10_000),
                "accept_unknown",
                "This session of an acceptor is a template: so many counterparties that no session is written down for"
                " may log on with it. TargetCompID is then `*` if left out.",
            ),
        ),
    ),
    (
        "Dialect",
        (
            Setting(
                "Application.DictionaryName",
                TEXT,
                "",
                "The dialect, by its name in `TypeRegistry.json`.",
                ("DictionaryName",),
                default="see Which dialect",
            ),
            Setting(
                "Application.Dictionary",
                TEXT,
                "",
                "The path of a dictionary, from the folder that the program passes.",
                default="see Which dialect",
            ),
            Setting(
                "Application.FixVersion",
                TEXT,
                "",
                "`FIX.4.4`, `FIX.5.0SP2` and so on.",
                default="see Which dialect",
            ),
            Setting(
                "DataDictionary",
                TEXT,
                "",
                "The path of a dictionary, before FIXT.",
                default="the standard one of BeginString",
            ),
            Setting(
                "TransportDataDictionary",
                TEXT,
                "",
                "Over FIXT: the path of the dictionary of header, trailer and session messages.",
                default="FIXT 1.1",
            ),
            Setting(
                "AppDataDictionary",
                TEXT,
                "",
                "Over FIXT: the path of the dictionary of all other messages. `AppDataDictionary.FIX.5.0SP2` is for that"
                " DefaultApplVerID alone.",
                default="the standard one of DefaultApplVerID",
                suffix="\\..{1,20}",
            ),
            Setting(
                "DefaultApplVerID",
                APPL_VER_ID,
                "",
                "DefaultApplVerID(1137) over FIXT: `9`, or `FIX.5.0SP2`.",
                default="that of the dialect's version",
            ),
        ),
    ),
    (
        "Logon",
        (
            Setting(
                "HeartBtInt",
                COUNT,
                "heart_bt_int",
                "HeartBtInt(108) of our Logon, in seconds; 0 for no heartbeats. An acceptor takes its counterparty's.",
            ),
            Setting(
                "ResetSeqNumFlag",
                FLAG,
                "reset_seq_num_flag",
                "Each Logon that we initiate asks to begin again with 1: ResetSeqNumFlag(141)=Y. Not in FIX.4.0.",
            ),
            Setting("EncryptMethod", COUNT, "encrypt_method", "EncryptMethod(98)."),
            Setting("Username", TEXT, "username", "Username(553).", default=_NOT_SENT),
            Setting("Password", SECRET, "password", "Password(554).", default=_NOT_SENT),
            Setting("NewPassword", SECRET, "new_password", "NewPassword(925).", default=_NOT_SENT),
            Setting("RawData", RAW_DATA, "raw_data", "RawData(96); its length is put before it.", default=_NOT_SENT),
            Setting(
                "LogonTag",
                LOGON_TAG,
                "",
                "A further field of our Logon: `9001=abc`. More of them are `LogonTag1`, `LogonTag2` and so on.",
                default="none",
                suffix=_NUMBERED,
            ),
            Setting("LogonTimeout", seconds(_DAY), "logon_timeout", "Seconds until a Logon must have come."),
            Setting("LogoutTimeout", seconds(_DAY), "logout_timeout", "Seconds until a Logout must be answered."),
            Setting(
                "EnableNextExpectedMsgSeqNum",
                FLAG,
                "enable_next_expected_msg_seq_num",
                "NextExpectedMsgSeqNum(789) at Logon, from FIX.4.4 on.",
                ("SendNextExpectedMsgSeqNum",),
            ),
        ),
    ),
    (
        "Messages",
        (
            Setting("CheckCompID", FLAG, "check_comp_id", "CompIDs of received messages must be those of the session."),
            Setting("CheckLatency", FLAG, "check_latency", "SendingTime(52) of received messages must be about now."),
            Setting("MaxLatency", seconds(10**9), "max_latency", "By so many seconds it may differ from now."),
            Setting(
                "TimestampPrecision",
                PRECISION,
                "timestamp_precision",
                "Digits of a second in 52 and 122: `0`, `3`, `6`, `9`, or `SECONDS`, `MILLIS`, `MICROS`, `NANOS`."
                " Always 0 in FIX.4.0 and FIX.4.1.",
            ),
            Setting(
                "MillisecondsInTimeStamp",
                MILLISECONDS,
                "timestamp_precision",
                "`Y` is TimestampPrecision 3, `N` is 0.",
                default="TimestampPrecision",
            ),
            Setting(
                "EnableLastMsgSeqNumProcessed",
                FLAG,
                "enable_last_msg_seq_num_processed",
                "LastMsgSeqNumProcessed(369) in each header, from FIX.4.2 on.",
            ),
            Setting(
                "TestRequestDelayMultiplier",
                seconds(100),
                "test_request_delay_multiplier",
                "A TestRequest goes out after (1 + this) × HeartBtInt without a message; after twice that the connection"
                " is closed.",
            ),
            Setting(
                "DisableHeartBeatCheck", FLAG, "disable_heart_beat_check", "A silent counterparty is left in peace."
            ),
            Setting(
                "RequiresOrigSendingTime",
                FLAG,
                "requires_orig_sending_time",
                "What comes with PossDupFlag(43)=Y must have OrigSendingTime(122).",
            ),
            Setting(
                "RejectGarbledMessage",
                FLAG,
                "reject_garbled_message",
                "Garbled messages are rejected instead of passed over.",
            ),
            Setting(
                "MaxMessageSize",
                whole(1_024, 1 << 30),
                "max_message_size",
                "Bytes; who sends a larger message is disconnected.",
            ),
        ),
    ),
    (
        "Validation",
        (
            Setting(
                "UseDataDictionary",
                FLAG,
                "validation.use_data_dictionary",
                "Received messages are checked by the dictionary. `N`: nothing below is checked.",
            ),
            Setting(
                "ValidateIncomingMessage",
                FLAG,
                "validation.incoming_message",
                "`N` is the same as UseDataDictionary `N`.",
            ),
            Setting(
                "ValidateFieldsOutOfOrder",
                FLAG,
                "validation.fields_out_of_order",
                "The header must come before the body, and that before the trailer.",
            ),
            Setting("ValidateFieldsHaveValues", FLAG, "validation.fields_have_values", "No field may be empty."),
            Setting(
                "ValidateUserDefinedFields",
                FLAG,
                "validation.user_defined_fields",
                "Tags from 5000 on are checked like all others.",
            ),
            Setting(
                "AllowUnknownMsgFields",
                FLAG,
                "validation.allow_unknown_msg_fields",
                "Tags below 5000 that the message does not have are let pass.",
            ),
            Setting(
                "ValidateUnorderedGroupFields",
                FLAG,
                "validation.unordered_group_fields",
                "The members of a repeating group must have the dictionary's order.",
            ),
        ),
    ),
    (
        "Sequence numbers",
        (
            Setting("ResetOnLogon", FLAG, "reset_on_logon", "Both numbers begin with 1 at each Logon."),
            Setting("ResetOnLogout", FLAG, "reset_on_logout", "Both begin with 1 after a Logout."),
            Setting("ResetOnDisconnect", FLAG, "reset_on_disconnect", "Both begin with 1 after a connection ends."),
            Setting("RefreshOnLogon", FLAG, "refresh_on_logon", "The store is read once more at each Logon."),
            Setting(
                "SendRedundantResendRequests",
                FLAG,
                "send_redundant_resend_requests",
                "What is missing is asked for again with each message that comes early.",
            ),
            Setting(
                "ResendRequestChunkSize",
                COUNT,
                "resend_request_chunk_size",
                "A ResendRequest asks for so many messages at most; 0: for all.",
                ("MaxMessagesInResendRequest",),
            ),
            Setting(
                "ClosedResendInterval",
                FLAG,
                "closed_resend_interval",
                "EndSeqNo(16) of a ResendRequest is the last number that is missing, instead of 0.",
            ),
            Setting(
                "MaxEarlyMessages",
                whole(0, 1_000_000),
                "max_early_messages",
                "So many messages behind a gap are held; what comes then is asked for again.",
            ),
        ),
    ),
    (
        "Schedule",
        (
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
            ),
            Setting(
                "TimeZone",
                TEXT,
                "schedule.time_zone",
                "The zone of the times above: `Europe/Berlin`.",
                default="UTC",
            ),
            Setting("UseLocalTime", FLAG, "schedule.use_local_time", "The times above are those of this machine."),
            Setting(
                "NonStopSession",
                FLAG,
                "schedule.non_stop_session",
                "Always open, and numbers are never reset by time.",
            ),
        ),
    ),
    (
        "Network",
        (
            Setting(
                "SocketConnectHost",
                NAME,
                "",
                "Where an initiator connects to. More are `SocketConnectHost1`, `SocketConnectHost2` and so on, each with"
                " its port; they are tried in turn.",
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
            ),
            Setting(
                "ReconnectInterval",
                seconds(_DAY),
                "network.reconnect_interval",
                "Seconds from the loss of a connection to the next attempt. While attempts fail it doubles.",
            ),
            Setting("ReconnectMost", seconds(_DAY), "network.reconnect_most", "It never becomes more than this."),
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
            ),
            Setting(
                "MaxUnidentifiedConnections",
                whole(1, 100_000),
                "network.max_unidentified",
                "Connections of an acceptor that have not yet sent a Logon.",
            ),
            Setting(
                "SocketNodelay",
                FLAG,
                "network.no_delay",
                "Small messages go out at once (TCP_NODELAY).",
                ("SocketTcpNoDelay",),
            ),
        ),
    ),
    (
        "TLS",
        (
            Setting("SocketUseSSL", FLAG, "network.tls.enabled", "The connection is made with TLS.", ("SSLEnable",)),
            Setting(
                "SocketCAFile",
                PATH,
                "network.tls.ca_file",
                "The certificates (PEM) of those whom we trust. An acceptor that has it asks for a client certificate.",
                ("CertificationAuthoritiesFile", "SSLCACertificate"),
                default="those that the system trusts",
            ),
            Setting(
                "SocketCertificateFile",
                PATH,
                "network.tls.certificate_file",
                "Our own certificate (PEM), with those above it.",
                ("SSLCertificate",),
                default="none",
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
            ),
            Setting(
                "SocketMinimumTLSVersion",
                TLS_VERSION,
                "network.tls.minimum_version",
                "`TLSv1.2` or `TLSv1.3`.",
            ),
            Setting(
                "SocketVerifyPeer",
                FLAG,
                "network.tls.verify",
                "The certificate of the other side is verified.",
                ("SSLValidateCertificates",),
            ),
            Setting(
                "SocketInsecureSkipVerify",
                INVERTED_FLAG,
                "network.tls.verify",
                "`Y` is SocketVerifyPeer `N`.",
                default="N",
            ),
        ),
    ),
    (
        "Store and logs",
        (
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
            ),
            Setting(
                "StoreDurability",
                choice({each.value: each.value for each in Durability}),
                "store_durability",
                "What survives: `none`, the end of the `process`, or a loss of `power`.",
            ),
            Setting(
                "PersistMessages",
                FLAG,
                "persist_messages",
                "Messages are kept. `N`: numbers are kept, but what is asked for is gap-filled.",
            ),
            Setting(
                "ResendGapFillOnly", FLAG, "resend_gap_fill_only", "Nothing is ever sent again: all is gap-filled."
            ),
            Setting(
                "ResendMaxAge",
                seconds(10**9),
                "resend_max_age",
                "Messages older than so many seconds are gap-filled; 0: none is too old.",
            ),
            Setting(
                "FileLogPath",
                PATH,
                "log_path",
                "The folder of the message and event logs.",
                default="no log files",
            ),
        ),
    ),
)

SETTINGS: tuple[Setting, ...] = tuple(setting for _, settings in GROUPS for setting in settings)

_BY_NAME = {name.casefold(): setting for setting in SETTINGS for name in (setting.key, *setting.aliases)}
_WITH_SUFFIX = tuple(
    (setting, re.compile(f"{re.escape(setting.key.casefold())}({setting.suffix})", re.DOTALL))
    for setting in SETTINGS
    if setting.suffix
)
_LONGEST_KEY = 64

KEYS: tuple[str, ...] = tuple(name for setting in SETTINGS for name in (setting.key, *setting.aliases))
"""All names."""


@lru_cache(maxsize=1024)
def setting_named(key: str) -> tuple[Setting, str] | None:
    """The setting with that name, in any case, and what stands behind its name: SocketConnectHost and "1". None for a
    key that is no setting."""
    if len(key) > _LONGEST_KEY:
        return None
    folded = key.casefold()
    if folded in _BY_NAME:
        return _BY_NAME[folded], ""
    for setting, pattern in _WITH_SUFFIX:
        if match := pattern.fullmatch(folded):
            return setting, match[1]
    return None
