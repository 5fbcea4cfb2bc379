"""The rows of the table for what is said in a session."""

from __future__ import annotations

from purefix_core.session.config.kinds import (
    COUNT,
    FLAG,
    LOGON_TAG,
    MILLISECONDS,
    PRECISION,
    RAW_DATA,
    SECRET,
    TEXT,
    seconds,
    whole,
)
from purefix_core.session.config.setting import OURS, J, Setting

_DAY = 86_400
_NUMBERED = "[1-9][0-9]?"
_NOT_SENT = "not sent"

LOGON: tuple[Setting, ...] = (
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
        origin=OURS,
    ),
    Setting("EncryptMethod", COUNT, "encrypt_method", "EncryptMethod(98).", origin=OURS),
    Setting("Username", TEXT, "username", "Username(553).", default=_NOT_SENT, origin=OURS),
    Setting("Password", SECRET, "password", "Password(554).", default=_NOT_SENT, origin=OURS),
    Setting("NewPassword", SECRET, "new_password", "NewPassword(925).", default=_NOT_SENT, origin=OURS),
    Setting(
        "RawData", RAW_DATA, "raw_data", "RawData(96); its length is put before it.", default=_NOT_SENT, origin=OURS
    ),
    Setting(
        "LogonTag",
        LOGON_TAG,
        "",
        "A further field of our Logon: `9001=abc`. More of them are `LogonTag1`, `LogonTag2` and so on.",
        default="none",
        suffix=_NUMBERED,
        origin=J,
    ),
    Setting("LogonTimeout", seconds(_DAY), "logon_timeout", "Seconds until a Logon must have come."),
    Setting("LogoutTimeout", seconds(_DAY), "logout_timeout", "Seconds until a Logout must be answered."),
    Setting(
        "EnableNextExpectedMsgSeqNum",
        FLAG,
        "enable_next_expected_msg_seq_num",
        "NextExpectedMsgSeqNum(789) at Logon, from FIX.4.4 on.",
        ("SendNextExpectedMsgSeqNum",),
        origin=J,
    ),
)

MESSAGES: tuple[Setting, ...] = (
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
        origin=J,
    ),
    Setting(
        "TestRequestDelayMultiplier",
        seconds(100),
        "test_request_delay_multiplier",
        "A TestRequest goes out after (1 + this) × HeartBtInt without a message; after twice that the"
        " connection is closed.",
        origin=J,
    ),
    Setting(
        "DisableHeartBeatCheck", FLAG, "disable_heart_beat_check", "A silent counterparty is left in peace.", origin=J
    ),
    Setting(
        "RequiresOrigSendingTime",
        FLAG,
        "requires_orig_sending_time",
        "What comes with PossDupFlag(43)=Y must have OrigSendingTime(122).",
        origin=J,
    ),
    Setting(
        "RejectGarbledMessage",
        FLAG,
        "reject_garbled_message",
        "Garbled messages are rejected instead of passed over.",
        origin=J,
    ),
    Setting(
        "MaxMessageSize",
        whole(1_024, 1 << 30),
        "max_message_size",
        "Bytes; who sends a larger message is disconnected.",
        origin=OURS,
    ),
)

VALIDATION: tuple[Setting, ...] = (
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
        origin=J,
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
        origin=J,
    ),
)

SEQUENCE_NUMBERS: tuple[Setting, ...] = (
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
        origin=J,
    ),
    Setting(
        "ClosedResendInterval",
        FLAG,
        "closed_resend_interval",
        "EndSeqNo(16) of a ResendRequest is the last number that is missing, instead of 0.",
        origin=J,
    ),
    Setting(
        "MaxEarlyMessages",
        whole(0, 1_000_000),
        "max_early_messages",
        "So many messages behind a gap are held; what comes then is asked for again.",
        origin=OURS,
    ),
)
