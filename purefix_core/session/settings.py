"""What can be set about a session, under QuickFIX's names where it has one (docs/sessions.md lists all of them).

Durations are in seconds. Nothing is checked here: config*.py read files and say what is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from purefix_core.store.folder_names import SessionParts
from purefix_core.wire import tags
from purefix_core.wire.secrets import is_secret


class ConnectionType(Enum):
    """Which side of the session we are."""

    INITIATOR = "initiator"
    ACCEPTOR = "acceptor"


class StoreLayout(Enum):
    """The files of a message store."""

    PUREFIX = "purefix"
    """session.meta, messages.dat and messages.idx (docs/stores.md)."""
    QUICKFIX = "quickfix"
    """Those of QuickFIX C++."""
    MEMORY = "memory"
    """None: the store lives as long as the process."""


@dataclass(frozen=True)
class SessionId:
    """What makes a session this one and no other."""

    begin_string: str
    """BeginString(8): FIX.4.0 to FIX.4.4, FIXT.1.1."""
    sender_comp_id: str
    """Our CompID: 49 of what we send."""
    target_comp_id: str
    sender_sub_id: str = ""
    sender_location_id: str = ""
    target_sub_id: str = ""
    target_location_id: str = ""
    session_qualifier: str = ""
    """Tells sessions of an initiator apart that are otherwise equal; never sent."""

    def __str__(self) -> str:
        """`FIX.4.4:CLIENT->VENUE`, as QuickFIX writes it."""
        ours = "/".join(filter(None, (self.sender_comp_id, self.sender_sub_id, self.sender_location_id)))
        theirs = "/".join(filter(None, (self.target_comp_id, self.target_sub_id, self.target_location_id)))
        qualifier = f":{self.session_qualifier}" if self.session_qualifier else ""
        return f"{self.begin_string}:{ours}->{theirs}{qualifier}"

    @property
    def parts(self) -> SessionParts:
        """What a store needs besides the CompIDs."""
        return SessionParts(
            sender_sub_id=self.sender_sub_id,
            sender_location_id=self.sender_location_id,
            target_sub_id=self.target_sub_id,
            target_location_id=self.target_location_id,
            session_qualifier=self.session_qualifier,
        )


@dataclass(frozen=True)
class Validation:
    """What is checked in a received message. All of it but `unordered_group_fields` is a flag that QuickFIX has."""

    use_data_dictionary: bool = True
    """UseDataDictionary: without it nothing below is checked."""
    fields_out_of_order: bool = True
    """ValidateFieldsOutOfOrder: header before body before trailer."""
    fields_have_values: bool = True
    """ValidateFieldsHaveValues"""
    user_defined_fields: bool = True
    """ValidateUserDefinedFields: tags from 5000 on are checked like all others."""
    allow_unknown_msg_fields: bool = False
    """AllowUnknownMsgFields: tags below 5000 that the message does not have are let pass."""
    unordered_group_fields: bool = True
    """ValidateUnorderedGroupFields: members of a group's entry must have the dictionary's order."""
    incoming_message: bool = True
    """ValidateIncomingMessage: off, the same as `use_data_dictionary` off."""


@dataclass(frozen=True)
class ScheduleSettings:
    """When the session may be connected; see schedule.py. Texts as in the file; empty: not given."""

    start_time: str = ""
    end_time: str = ""
    start_day: str = ""
    end_day: str = ""
    weekdays: str = ""
    time_zone: str = ""
    use_local_time: bool = False
    non_stop_session: bool = False


@dataclass(frozen=True)
class TlsSettings:
    """TLS of a connection. Certificates are verified unless `verify` is off."""

    enabled: bool = False
    """SocketUseSSL"""
    ca_file: Path | None = None
    """SocketCAFile (CertificationAuthoritiesFile): whom to trust; without one an initiator trusts the system's list."""
    certificate_file: Path | None = None
    """SocketCertificateFile: our own certificate (PEM), with the chain above it."""
    key_file: Path | None = None
    """SocketPrivateKeyFile: the key of that certificate, where it is not in the same file."""
    server_name: str = ""
    """SocketServerName: the name that the acceptor's certificate must have; the host's name unless it is given."""
    minimum_version: str = "TLSv1.2"
    """SocketMinimumTLSVersion: TLSv1.2 or TLSv1.3."""
    verify: bool = True
    """SocketVerifyPeer: whether the peer's certificate is verified. An acceptor asks for one where a CA is given."""


@dataclass(frozen=True)
class NetworkSettings:
    """Where to connect to, or to listen."""

    hosts: tuple[tuple[str, int], ...] = ()
    """SocketConnectHost, SocketConnectPort, and SocketConnectHost1 and so on: tried in turn."""
    accept_host: str = ""
    """SocketAcceptAddress; empty for all."""
    accept_port: int = 0
    """SocketAcceptPort; 0 for one that is free."""
    reconnect_interval: float = 30
    """ReconnectInterval: seconds from the loss of a connection to the next attempt; while they fail it doubles, up to
    `reconnect_most`."""
    reconnect_most: float = 300
    """ReconnectMost"""
    connect_timeout: float = 10
    """SocketConnectTimeout"""
    no_delay: bool = True
    """SocketNodelay"""
    allowed_remote_addresses: tuple[str, ...] = ()
    """AllowedRemoteAddresses: addresses or networks (10.0.0.0/8); none means all."""
    max_connections: int = 1000
    """MaxConnections: of one acceptor, logged on or not."""
    max_unidentified: int = 100
    """MaxUnidentifiedConnections: of those that have not yet sent a Logon."""
    tls: TlsSettings = field(default_factory=TlsSettings)


@dataclass(frozen=True)
class SessionSettings:
    """One session. The comment behind a field is its name in files."""

    session_id: SessionId
    connection_type: ConnectionType = ConnectionType.INITIATOR
    network: NetworkSettings = field(default_factory=NetworkSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    validation: Validation = field(default_factory=Validation)
    production: bool = False
    """production: a counterparty where what is sent is real."""

    # -- Logon
    heart_bt_int: int = 30
    """HeartBtInt: of our Logon; an acceptor takes its peer's."""
    default_appl_ver_id: str = ""
    """DefaultApplVerID(1137) over FIXT, as it is sent: 7, 8, 9."""
    encrypt_method: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    new_password: str = field(default="", repr=False)
    raw_data: str = field(default="", repr=False)
    """RawData(96) of our Logon; its length goes before it."""
    logon_tags: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """LogonTag (LogonTag1, ...): further fields of our Logon, such as 9001=abc."""
    reset_seq_num_flag: bool = False
    """ResetSeqNumFlag: each Logon that we initiate has 141=Y."""
    logon_timeout: float = 10
    logout_timeout: float = 2
    check_comp_id: bool = True
    check_latency: bool = True
    max_latency: float = 120
    enable_next_expected_msg_seq_num: bool = False
    """EnableNextExpectedMsgSeqNum (QuickFIX/J), SendNextExpectedMsgSeqNum (C++): 789 at Logon."""
    enable_last_msg_seq_num_processed: bool = False
    """EnableLastMsgSeqNumProcessed: 369 in each header."""
    timestamp_precision: int = 3
    """TimestampPrecision: 0, 3, 6 or 9 digits of 52 and 122; always 0 in FIX.4.0 and FIX.4.1."""

    # -- heartbeats
    test_request_delay_multiplier: float = 0.2
    """TestRequest after (1 + this) x HeartBtInt without a message, disconnection after twice that."""
    disable_heart_beat_check: bool = False
    """DisableHeartBeatCheck: a silent peer is neither tested nor disconnected."""

    # -- sequence numbers
    reset_on_logon: bool = False
    reset_on_logout: bool = False
    reset_on_disconnect: bool = False
    refresh_on_logon: bool = False
    """RefreshOnLogon: read the store once more at Logon. It is read at each connection anyhow."""
    send_redundant_resend_requests: bool = False
    resend_request_chunk_size: int = 0
    """ResendRequestChunkSize (QuickFIX/J), MaxMessagesInResendRequest: so many messages each time;
    0: all at once."""
    closed_resend_interval: bool = False
    """ClosedResendInterval: EndSeqNo is the last message that is missing, instead of 0."""
    requires_orig_sending_time: bool = True
    reject_garbled_message: bool = False
    max_message_size: int = 1 << 20
    """MaxMessageSize, in bytes: a peer that sends a larger one is disconnected."""
    max_early_messages: int = 10_000
    """MaxEarlyMessages: so many messages behind a gap are held; what comes then is asked for again."""

    # -- store and logs
    persist_messages: bool = True
    """PersistMessages: off, numbers are kept, but what is asked for is gap-filled."""
    resend_gap_fill_only: bool = False
    """ResendGapFillOnly: nothing is ever sent again."""
    resend_max_age: float = 0
    """ResendMaxAge: messages older than this are gap-filled; 0: none is too old."""
    store_path: Path | None = None
    """FileStorePath; empty for the registration's messageStorePath, and without that a store in memory."""
    store_layout: StoreLayout = StoreLayout.PUREFIX
    """StoreLayout"""
    store_durability: str = "process"
    """StoreDurability: none, process or power."""
    log_path: Path | None = None
    """FileLogPath; empty for no log files."""

    # -- peers that no session is written down for
    accept_unknown: int = 0
    """acceptUnknown: this session is a template; so many peers that no session is configured for may log on with it."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may read in a log or on a screen, be it repeated by the peer; some may be empty."""
        of_logon = (value for tag, value in self.logon_tags if is_secret(tag, tags.LOGON))
        return self.password, self.new_password, self.raw_data, *of_logon

    @property
    def is_initiator(self) -> bool:
        return self.connection_type is ConnectionType.INITIATOR
