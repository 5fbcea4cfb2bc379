"""Files of QuickFIX: what it reads out of them is what we read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.standard import standard_path
from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_core.session.config.from_cfg import cfg_sections
from purefix_core.session.config.section import Entry, Section
from purefix_core.session.config.table import setting_named
from purefix_core.session.config.unknown import warnings_of
from purefix_core.session.settings import ConnectionType

fix = pytest.importorskip("quickfix")

VENUES = """# Two venues and a back office.
[DEFAULT]
ConnectionType=initiator
ReconnectInterval=45
SenderCompID=DESK
FileStorePath=state
FileLogPath=logs
StartTime=06:30:00
EndTime=21:15:00
UseDataDictionary=Y
HeartBtInt=20
SocketNodelay=N

[SESSION]
# the first venue
BeginString=FIX.4.2
TargetCompID=NORTH
SocketConnectHost=203.0.113.5
SocketConnectPort=9801
SocketConnectHost1=203.0.113.6
SocketConnectPort1=9802
DataDictionary=spec/FIX42.xml
ResetOnLogon=Y
MaxLatency=60

[SESSION]
BeginString=FIXT.1.1
DefaultApplVerID=FIX.5.0SP2
TargetCompID=SOUTH
SessionQualifier=a
SocketConnectHost=south.example
SocketConnectPort=9803
TransportDataDictionary=spec/FIXT11.xml
AppDataDictionary=spec/FIX50SP2.xml
HeartBtInt=10
ValidateUserDefinedFields=N
TimestampPrecision=6
CheckLatency=N
SendNextExpectedMsgSeqNum=Y

[SESSION]
BeginString=FIX.4.4
ConnectionType=acceptor
SenderCompID=OFFICE
TargetCompID=LEDGER
SocketAcceptPort=9900
SocketReuseAddress=Y
PersistMessages=N
UseDataDictionary=N
DataDictionary=nowhere/FIX44.xml
ScreenLogShowIncoming=N
CheckCompID=N
"""


@pytest.fixture
def venues(tmp_path: Path) -> Path:
    (tmp_path / "spec").mkdir()
    for name in ("FIX42", "FIXT11", "FIX50SP2"):
        (tmp_path / "spec" / f"{name}.xml").write_bytes(standard_path(name).read_bytes())
    path = tmp_path / "venues.cfg"
    path.write_text(VENUES)
    return path


def theirs(path: Path) -> tuple[dict[str, Any], object]:
    """What QuickFIX has read of each session, and what keeps that in memory."""
    settings = fix.SessionSettings(str(path))
    return {session_id.toString(): settings.get(session_id) for session_id in settings.getSessions()}, settings


def flag(value: bool) -> str:
    return "Y" if value else "N"


def as_they_write(config: FixConfig, folder: Path) -> Iterator[tuple[str, str]]:
    """Each setting that QuickFIX may have of a session, as its files write it."""
    settings = config.settings
    network, validation, schedule = settings.network, settings.validation, settings.schedule
    yield from {
        "ConnectionType": settings.connection_type.value,
        "BeginString": settings.session_id.begin_string,
        "SenderCompID": settings.session_id.sender_comp_id,
        "TargetCompID": settings.session_id.target_comp_id,
        "SessionQualifier": settings.session_id.session_qualifier,
        "HeartBtInt": str(settings.heart_bt_int),
        "ReconnectInterval": str(network.reconnect_interval),
        "StartTime": schedule.start_time,
        "EndTime": schedule.end_time,
        "FileStorePath": str((settings.store_path or folder).relative_to(folder)),
        "FileLogPath": str((settings.log_path or folder).relative_to(folder)),
        "ResetOnLogon": flag(settings.reset_on_logon),
        "MaxLatency": str(settings.max_latency),
        "CheckLatency": flag(settings.check_latency),
        "CheckCompID": flag(settings.check_comp_id),
        "UseDataDictionary": flag(validation.use_data_dictionary),
        "ValidateUserDefinedFields": flag(validation.user_defined_fields),
        "TimestampPrecision": str(settings.timestamp_precision),
        "SendNextExpectedMsgSeqNum": flag(settings.enable_next_expected_msg_seq_num),
        "PersistMessages": flag(settings.persist_messages),
        "SocketAcceptPort": str(network.accept_port),
        "SocketNodelay": flag(network.no_delay),
    }.items()
    for number, (host, port) in enumerate(network.hosts):
        yield f"SocketConnectHost{number or ''}", host
        yield f"SocketConnectPort{number or ''}", str(port)


NOT_COMPARED = {"DATADICTIONARY", "TRANSPORTDATADICTIONARY", "APPDATADICTIONARY", "DEFAULTAPPLVERID"}
WITHOUT_EFFECT = {"SOCKETREUSEADDRESS", "SCREENLOGSHOWINCOMING"}


def test_what_quickfix_reads_is_what_we_read(venues: Path) -> None:
    configs = {str(config.settings.session_id): config for config in load_configs(venues)}
    read, _kept = theirs(venues)
    assert configs.keys() == read.keys()
    for name, dictionary in read.items():
        ours = dict(as_they_write(configs[name], venues.parent))
        known = {key: value for key, value in ours.items() if dictionary.has(key)}
        assert {key: dictionary.getString(key) for key in known} == known
        # Nothing that QuickFIX has was left out of the comparison.
        rest = [key for key in NOT_COMPARED | WITHOUT_EFFECT if dictionary.has(key)]
        assert len(known) + len(rest) == dictionary.size()
    south = configs["FIXT.1.1:DESK->SOUTH:a"]
    assert (south.settings.default_appl_ver_id, south.definitions.version) == ("9", "FIX.5.0SP2")
    assert south.definitions.is_combined
    assert configs["FIX.4.4:OFFICE->LEDGER"].definitions.version == "FIX.4.4"
    assert configs["FIX.4.4:OFFICE->LEDGER"].settings.connection_type is ConnectionType.ACCEPTOR
    assert [config.warnings for config in configs.values()] == [()] * 3


def test_quickfix_makes_sessions_of_the_same_file(venues: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it does not only read the settings, but can be started with them."""
    monkeypatch.chdir(venues.parent)

    class Silent(fix.Application):  # type: ignore[misc, name-defined]
        """QuickFIX calls these."""

        def onCreate(self, *_: object) -> None: ...
        def onLogon(self, *_: object) -> None: ...
        def onLogout(self, *_: object) -> None: ...
        def toAdmin(self, *_: object) -> None: ...
        def toApp(self, *_: object) -> None: ...
        def fromAdmin(self, *_: object) -> None: ...
        def fromApp(self, *_: object) -> None: ...

    settings, application, store = fix.SessionSettings(str(venues)), Silent(), fix.MemoryStoreFactory()
    initiator = fix.SocketInitiator(application, store, settings)
    assert not initiator.isLoggedOn()


def test_keys_of_quickfix_are_not_taken_for_misspelt_ones() -> None:
    names = {value for name, value in vars(fix).items() if name.isupper() and isinstance(value, str)}
    strangers = [name for name in names if name[0].isupper() and setting_named(name) is None]
    assert len(strangers) > 20
    section = Section(Path("x"), "", "")
    for name in strangers:
        section.add(Entry(name, name, "x"))
    assert not [warning for warning in warnings_of(section) if "did you mean" in warning]


LINES = st.one_of(
    st.sampled_from(
        [
            "[DEFAULT]",
            "[SESSION]",
            "[other]",
            "BeginString=FIX.4.4",
            "BeginString=FIX.4.2",
            "SenderCompID=A",
            "TargetCompID = B",
            "TargetCompID=C=C",
            "# comment",
            "ConnectionType=initiator",
            "",
            "no key",
            "  HeartBtInt\t=  7 ",
            "heartbtint=8",
        ]
    ),
    st.builds("{}={}".format, st.sampled_from(["Username", "X", "MaxLatency"]), st.text("ab=#; [].${", max_size=8)),
)


@given(lines=st.lists(LINES, max_size=25))
def test_any_lines_mean_what_they_mean_to_quickfix(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys, values and sections; not whether a session can be made of them."""
    path = tmp_path_factory.mktemp("any") / "any.cfg"
    path.write_text("\n".join(lines))
    try:
        read, _kept = theirs(path)
    except fix.ConfigError:  # a session without CompIDs, or one that is there twice
        return
    try:
        sections = cfg_sections(path, path.read_bytes(), 100)
    except FixConfigError:
        assert not read
        return
    ours = {}
    for section in sections:
        found = {entry.key.upper(): str(entry.value) for entry in (*section.entries.values(), *section.others.values())}
        ours[f"{found['BEGINSTRING']}:{found['SENDERCOMPID']}->{found['TARGETCOMPID']}"] = found
    assert ours.keys() == read.keys()
    for name, found in ours.items():
        assert read[name].size() == len(found)
        assert {key: read[name].getString(key) for key in found} == found
