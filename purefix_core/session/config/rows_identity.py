"""The rows of the table for who talks to whom, and in which dialect."""

from __future__ import annotations

from purefix_core.session.config.kinds import APPL_VER_ID, BEGIN_STRING, FLAG, NAME, TEXT, choice, whole
from purefix_core.session.config.setting import OURS, J, Setting
from purefix_core.session.settings import ConnectionType

_NOT_SENT = "not sent"

IDENTITY: tuple[Setting, ...] = (
    Setting("Application.Name", TEXT, "", "What people call the session.", default="both CompIDs", origin=OURS),
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
    Setting("SenderCompID", NAME, "session_id.sender_comp_id", "Our CompID: 49 of what we send.", default="error"),
    Setting("TargetCompID", NAME, "session_id.target_comp_id", "The counterparty's CompID: 56.", default="error"),
    Setting(
        "SenderSubID", TEXT, "session_id.sender_sub_id", "SenderSubID(50) of what we send.", default=_NOT_SENT, origin=J
    ),
    Setting(
        "SenderLocationID", TEXT, "session_id.sender_location_id", "SenderLocationID(142).", default=_NOT_SENT, origin=J
    ),
    Setting(
        "TargetSubID", TEXT, "session_id.target_sub_id", "TargetSubID(57) of what we send.", default=_NOT_SENT, origin=J
    ),
    Setting(
        "TargetLocationID", TEXT, "session_id.target_location_id", "TargetLocationID(143).", default=_NOT_SENT, origin=J
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
        origin=OURS,
    ),
    Setting(
        "production",
        FLAG,
        "production",
        "A counterparty where what is sent is real: the screen says so in red, and asks before it sends anything.",
        origin=OURS,
    ),
)

DIALECT: tuple[Setting, ...] = (
    Setting(
        "Application.DictionaryName",
        TEXT,
        "",
        "The dialect, by its name in `TypeRegistry.json`.",
        ("DictionaryName",),
        default="see Which dialect",
        origin=OURS,
    ),
    Setting(
        "Application.Dictionary",
        TEXT,
        "",
        "The path of a dictionary, from the folder that the program passes.",
        default="see Which dialect",
        origin=OURS,
    ),
    Setting(
        "Application.FixVersion",
        TEXT,
        "",
        "`FIX.4.4`, `FIX.5.0SP2` and so on.",
        default="see Which dialect",
        origin=OURS,
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
        "Over FIXT: the path of the dictionary of all other messages. `AppDataDictionary.FIX.5.0SP2` is"
        " for that DefaultApplVerID alone.",
        default="the standard one of DefaultApplVerID",
        suffix="\\.fix\\.[45]\\.[0-9](?:sp[12])?",
    ),
    Setting(
        "DefaultApplVerID",
        APPL_VER_ID,
        "",
        "DefaultApplVerID(1137) over FIXT: `9`, or `FIX.5.0SP2`.",
        default="that of the dialect's version",
    ),
)
