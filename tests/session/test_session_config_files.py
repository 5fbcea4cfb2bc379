"""Session files of both kinds: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_core.session.settings import ConnectionType, SessionId, SessionSettings
from tests.session.session_files import PLAIN, load, one, refused, warned

DOCUMENT = """{
  "Application": {
    "Name": "test_client",
    "Dictionary": "Data/FIX44.xml",
    "DictionaryName": "fix44",  // NEW: Reference to registry
    "FixVersion": "FIX.4.4"
  },
  "SenderCompID": "init-comp",
  "TargetCompID": "accept-comp",
  "HeartBtInt": 30,
  "ResetSeqNumFlag": true
}
"""

# -- JSON ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [DOCUMENT, f"\ufeff{DOCUMENT}", f"{DOCUMENT}\ufeff", f"// mine\n\n{DOCUMENT}// end"])
def test_the_session_of_the_document_as_it_stands(tmp_path: Path, text: str) -> None:
    path = tmp_path / "session.json"
    path.write_text(text, encoding="utf-8")
    config = FixConfig.make_config_from_paths(tmp_path, path, Dialects.standard())
    assert (config.name, config.registration.name) == ("test_client", "fix44")
    assert config.settings == SessionSettings(
        SessionId("FIX.4.4", "init-comp", "accept-comp"), heart_bt_int=30, reset_seq_num_flag=True
    )


def test_comments_are_none_in_texts(tmp_path: Path) -> None:
    text = '{"SenderCompID": "http://a\\"//b", // c "d\n"TargetCompID": "B\\\\", //"x\n"BeginString": "FIX.4.4"}'
    assert one(tmp_path, text).session_id == SessionId("FIX.4.4", 'http://a"//b', "B\\")
    assert refused(tmp_path, '{\n// a\n"x": // b\n]}') == ["expected JSON: Expecting value at line 4, column 1"]


def test_a_value_may_be_in_quotes(tmp_path: Path) -> None:
    said = {"HeartBtInt": "20", "MaxLatency": "1.5", "ResetOnLogon": "Y", "CheckLatency": "n", "TimestampPrecision": 6}
    found = one(tmp_path, {**said, "PersistMessages": "false", "StartDay": None})
    assert (found.heart_bt_int, found.max_latency, found.reset_on_logon) == (20, 1.5, True)
    assert (found.check_latency, found.timestamp_precision, found.persist_messages) == (False, 6, False)


def test_sessions_override_what_the_top_level_says(tmp_path: Path) -> None:
    document = {
        "ConnectionType": "acceptor",
        "SocketAcceptPort": 9001,
        "Application": {"DictionaryName": "fix44", "Name": "venue"},
        "MaxLatency": 10,
        "ResendRequestChunkSize": 5,
        "sessions": [
            {"TargetCompID": "X", "maxlatency": None},
            {"targetcompid": "Y", "Application": {"Name": "other"}, "MaxMessagesInResendRequest": 7},
        ],
    }
    first, second = load(tmp_path, document)
    assert (first.name, second.name) == ("venue", "other")
    assert (first.settings.session_id.target_comp_id, second.settings.session_id.target_comp_id) == ("X", "Y")
    assert (first.settings.max_latency, second.settings.max_latency) == (120, 10)
    assert (first.settings.resend_request_chunk_size, second.settings.resend_request_chunk_size) == (5, 7)
    assert first.settings.network.accept_port == second.settings.network.accept_port == 9001
    with pytest.raises(FixConfigError, match="expected one session, found 2"):
        FixConfig.make_config_from_paths(tmp_path, tmp_path / "session.file")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"Sessions": []}, "Sessions: expected a list of sessions, found []"),
        ({"Sessions": {}}, "Sessions: expected a list of sessions, found {}"),
        ({"Sessions": [5]}, "Sessions[0]: expected an object, found 5"),
        ({"Sessions": [{}] * 10_001}, "Sessions: expected 10,000 sessions at most, found 10,001"),
        ({"Sessions": [{}, {"HeartBtInt": "x"}]}, "Sessions[1].HeartBtInt: expected a whole number from 0 to "),
        ({"heartbtint": 5, "HeartBtInt": 5}, "HeartBtInt: expected once, found twice in different cases"),
        ('{"a": {"x": 1, "x": 2}}', "x: expected once, found twice"),
        ({"Sessions": [{"Application": []}]}, "Sessions[0].Application: expected an object, found []"),
    ],
)
def test_json_that_is_no_session(tmp_path: Path, document: str | dict[str, object], problem: str) -> None:
    assert any(found.startswith(problem) for found in refused(tmp_path, document))


# -- QuickFIX ------------------------------------------------------------------------------------------------------


def test_sections_comments_and_blanks(tmp_path: Path) -> None:
    text = (
        "X=before any section\n# [SESSION]\n[default]\n ConnectionType = acceptor \nTargetCompID=B\n; HeartBtInt=1\n"
        "HeartBtInt=10\r\n\n[Session]\nBeginString=FIX.4.2\nSenderCompID=A=1 # not a comment\nusername=${USER}\n"
        "HeartBtInt=11\nHEARTBTINT=12\nno key\n=no key either\n[OTHER]\nHeartBtInt=99\n"
        "[SESSION]\nBeginString=FIX.4.3\nSenderCompID=A2\n# W\udce4hrung\n[DEFAULT]\nHeartBtInt=98\n"
    )
    first, second = load(tmp_path, text)
    assert first.settings.session_id == SessionId("FIX.4.2", "A=1 # not a comment", "B")
    assert (first.settings.heart_bt_int, second.settings.heart_bt_int) == (12, 10)
    assert first.settings.username == "${USER}"
    assert first.settings.connection_type is second.settings.connection_type is ConnectionType.ACCEPTOR
    (warning,) = second.warnings
    assert warning.endswith("line 23, [DEFAULT]: passed over, since only the first one counts")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected a [SESSION] section, or a JSON object, found neither"),
        ("[DEFAULT]\nBeginString=FIX.4.4\n", "expected a [SESSION] section, or a JSON object, found neither"),
        ("[SESSION]\n" * 10_001, "expected 10,000 [SESSION] sections at most, found 10,001"),
        (f"[DEFAULT]\nCheckCompID=x\n{PLAIN}", "line 2, [DEFAULT]: CheckCompID: expected Y or N (in JSON also true"),
        (
            f"{PLAIN}MaxLatency=-1\n",
            "line 5, [SESSION] 1: MaxLatency: expected a number from 0 to 1,000,000,000, found ",
        ),
        (
            f"{PLAIN}\n[SESSION]\n",
            "line 6, [SESSION] 2: SenderCompID: expected a printable text that is not empty, found",
        ),
        (f"{PLAIN}SenderSubID=\udce4\n", 'line 5, [SESSION] 1: SenderSubID: expected a printable text, found "'),
        (f"{PLAIN}ConnectionType=both\n", 'ConnectionType: expected initiator or acceptor, found "both"'),
    ],
    ids=lambda text: text[-40:],
)
def test_cfg_that_is_no_session(tmp_path: Path, text: str, problem: str) -> None:
    assert any(problem in found for found in refused(tmp_path, text))


def test_a_problem_of_all_sessions_is_told_once_and_many_are_cut_off(tmp_path: Path) -> None:
    sessions = "".join(f"[SESSION]\nTargetCompID=B{number}\n" for number in range(300))
    top = "[DEFAULT]\nBeginString=FIX.4.4\nSenderCompID=A\n"
    assert len(refused(tmp_path, f"{top}CheckCompID=x\n{sessions}")) == 1
    many = refused(tmp_path, top + sessions.replace("\n[", "\nCheckCompID=x\n["))
    assert len(many) == 201
    assert many[-1] == "and 99 more problems"


# -- settings of both kinds ----------------------------------------------------------------------------------------


def test_hosts_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    said = {f"SocketConnectHost{number}": f"h{number}" for number in (10, 2, 1)}
    said |= {f"SocketConnectPort{number}": str(9000 + number) for number in (10, 2, 1)}
    found = one(tmp_path, {**said, "SocketConnectHost": "h", "SocketConnectPort": 9000})
    assert found.network.hosts == (("h", 9000), ("h1", 9001), ("h2", 9002), ("h10", 9010))
    assert refused(tmp_path, {"SocketConnectHost": "h", "SocketConnectPort2": 1}) == [
        "SocketConnectHost: expected SocketConnectPort beside it, found nothing",
        "SocketConnectPort2: expected SocketConnectHost2 beside it, found nothing",
    ]
    assert one(tmp_path, {"ConnectionType": "acceptor", "SocketConnectHost": "h"}).network.hosts == ()


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    path = Path("here/session.cfg")
    path.write_text(f"{PLAIN}FileStorePath=store\nFileLogPath=/var/log/fix\nSocketCAFile=../ca.pem\n")
    (config,) = load_configs(path)
    settings = config.settings
    assert settings.store_path == config.store_path == tmp_path / "here" / "store"
    assert settings.log_path == Path("/var/log/fix")
    assert settings.network.tls.ca_file == tmp_path / "here" / ".." / "ca.pem"


def test_the_certificate_of_the_role_counts(tmp_path: Path) -> None:
    for name in "sck":
        (tmp_path / name).touch()
    said = {"ServerCertificateFile": "s", "ClientCertificateFile": "c", "SocketUseSSL": "Y", "SSLProtocol": "+TLSv1_3"}
    assert one(tmp_path, said).network.tls.certificate_file == tmp_path / "c"
    server = one(tmp_path, {**said, "ConnectionType": "acceptor", "ServerCertificateKeyFile": "k"}).network.tls
    assert (server.certificate_file, server.key_file) == (tmp_path / "s", tmp_path / "k")
    assert warned(tmp_path, said) == ["SSLProtocol: SSLProtocol is not supported: see SocketMinimumTLSVersion"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (True, "TLSv1.2", 3)),
        ({"SocketInsecureSkipVerify": "Y", "SocketMinimumTLSVersion": "TLS13"}, (False, "TLSv1.3", 3)),
        ({"SocketInsecureSkipVerify": "Y", "SocketVerifyPeer": "Y"}, (True, "TLSv1.2", 3)),
        ({"SSLValidateCertificates": "N", "MillisecondsInTimeStamp": "N"}, (False, "TLSv1.2", 0)),
        ({"MillisecondsInTimeStamp": "N", "TimeStampPrecision": "NANOS"}, (True, "TLSv1.2", 9)),
    ],
)
def test_settings_that_say_the_same(tmp_path: Path, said: dict[str, object], expected: tuple[object, ...]) -> None:
    found = one(tmp_path, said)
    assert (found.network.tls.verify, found.network.tls.minimum_version, found.timestamp_precision) == expected


def test_schedule_of_a_week_in_another_zone(tmp_path: Path) -> None:
    said = {"StartTime": "08:00:00 Europe/Berlin", "EndTime": "17:00:00", "StartDay": "mon", "EndDay": "Friday"}
    found = one(tmp_path, said).schedule
    assert (found.start_time, found.end_time) == ("08:00:00 Europe/Berlin", "17:00:00")
    assert (found.start_day, found.end_day) == ("mon", "Friday")


def test_logon_tags_in_order(tmp_path: Path) -> None:
    found = one(tmp_path, f"{PLAIN}LogonTag2=9003=c=d\nLogonTag=9001=a\nLogonTag1=9002=b\n")
    assert found.logon_tags == ((9001, "a"), (9002, "b"), (9003, "c=d"))


def test_addresses_of_peers(tmp_path: Path) -> None:
    found = one(tmp_path, {"AllowedRemoteAddresses": "10.0.0.0/8, ::1,localhost, 192.0.2.7"})
    assert found.network.allowed_remote_addresses == ("10.0.0.0/8", "::1", "127.0.0.1", "::1", "192.0.2.7")


def test_a_template_for_peers_that_are_not_written_down(tmp_path: Path) -> None:
    (config,) = load(tmp_path, {"ConnectionType": "acceptor", "acceptUnknown": 5, "TargetCompID": None})
    assert (config.settings.accept_unknown, config.settings.session_id.target_comp_id) == (5, "*")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"BeginString": "FIX.4.0", "ResetSeqNumFlag": True},
            "ResetSeqNumFlag: expected N, since FIX.4.0 has no ResetSeqNumFlag(141), found Y",
        ),
        ({"SenderCompID": "A\x01"}, 'SenderCompID: expected a printable text that is not empty, found "A\\u0001"'),
        ({"TargetSubID": "\u202e"}, "TargetSubID: expected a printable text, found "),
        ({"acceptUnknown": 3}, "acceptUnknown: expected 0 for an initiator, found 3"),
        (
            {"ConnectionType": "acceptor", "SessionQualifier": "Q"},
            'SessionQualifier: expected none, since an acceptor cannot tell sessions apart by it, found "Q"',
        ),
        ({"SocketUseSSL": "Y", "SocketCAFile": "no.pem"}, "SocketCAFile: expected a file, found none at "),
        (
            {"SocketUseSSL": "Y", "ConnectionType": "acceptor"},
            "SocketCertificateFile: expected a certificate for an acceptor with SocketUseSSL, found nothing",
        ),
        (
            {"StoreLayout": "quickfix", "TargetSubID": "x"},
            "StoreLayout: expected purefix for a session with SubIDs or LocationIDs",
        ),
        ({"StoreLayout": "paper"}, 'StoreLayout: expected purefix, quickfix or memory, found "paper"'),
        ({"SocketConnectPort": 70_000}, "SocketConnectPort: expected a whole number from 1 to 65,535, found 70000"),
        (
            {"TimestampPrecision": 4},
            "TimestampPrecision: expected 0, 3, 6, 9, SECONDS, MILLIS, MICROS or NANOS, found",
        ),
        ({"AllowedRemoteAddresses": "10.0.0.0/33"}, "AllowedRemoteAddresses: expected addresses or networks ("),
        ({"MaxLatency": 1e400}, "MaxLatency: expected a number from 0 to 1,000,000,000, found Infinity"),
        ({"MaxLatency": float("nan")}, "MaxLatency: expected a number from 0 to 1,000,000,000, found NaN"),
        ({"StartTime": "8"}, "StartTime: expected a time such as 08:00:00 or 08:00:00 Europe/Berlin, found "),
        ({"StartTime": "08:00:00"}, "EndTime: expected a time such as 08:00:00, found nothing"),
        ({"StartTime": "08:00:00", "EndTime": "09:00:00", "TimeZone": "Mars"}, "TimeZone: expected the name of a time"),
        ({"HeartBtInt": True}, "HeartBtInt: expected a whole number from 0 to 999,999,999, found true"),
        ({"HeartBtInt": 2.5}, "HeartBtInt: expected a whole number from 0 to 999,999,999, found 2.5"),
    ],
)
def test_what_is_wrong_names_key_value_and_what_is_allowed(
    tmp_path: Path, said: dict[str, object], problem: str
) -> None:
    found = refused(tmp_path, said)
    assert any(each.startswith(problem) for each in found)
    assert all(each.isprintable() for each in found)


@pytest.mark.parametrize(
    "said",
    [
        {"Password": "sesame\x01"},
        {"NewPassword": ["sesame"]},
        {"RawData": {"sesame": 1}},
        {"LogonTag": "sesame"},
        {"LogonTag": "35=sesame"},
        {"LogonTag": "554=sesame", "Password": "opensesame"},
        {"LogonTag": "9001=sesame", "LogonTag3": "9001=sesame2"},
        {"LogonTag": "96=sesame", "LogonTag3": "95=6"},
        {"Password": "sesame", "HeartBtInt": "x"},
    ],
)
def test_secrets_are_never_shown(tmp_path: Path, said: dict[str, object]) -> None:
    found = refused(tmp_path, said)
    assert found
    assert "sesame" not in str(found)


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    said = {"Password": "sesame", "NewPassword": "sesame", "RawData": "sesame", "LogonTag": "9001=sesame"}
    (config,) = load(tmp_path, {**said, "Pasword": "sesame", "SocketKeyStorePassword": "sesame"})
    assert config.settings.password == config.settings.raw_data == "sesame"
    assert "sesame" not in repr(config)
    assert "sesame" not in str(config.warnings)


def test_a_store_in_quickfix_layout_needs_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    text = '{"BeginString": "FIX.4.4", "SenderCompID": "A", "TargetCompID": "B", "StoreLayout": "quickfix"%s}'
    path.write_text(text % "")
    with pytest.raises(FixConfigError, match="FileStorePath: expected a folder for StoreLayout=quickfix"):
        load_configs(path)
    path.write_text(text % ', "FileStorePath": "session.json"')
    with pytest.raises(FixConfigError, match="FileStorePath: expected a folder, found a file at"):
        load_configs(path)
    path.write_text(text % ', "FileStorePath": "store"')
    assert load_configs(path)[0].settings.store_path == tmp_path / "store"


def test_a_counterparty_may_be_marked_as_production(tmp_path: Path) -> None:
    assert one(tmp_path, {"production": True}).production
    assert one(tmp_path, {"Production": "Y"}).production
    assert one(tmp_path, f"{PLAIN}Production=Y\n").production
    assert not one(tmp_path, {}).production
    (problem,) = refused(tmp_path, {"production": "perhaps"})
    assert problem == 'production: expected Y or N (in JSON also true or false), found "perhaps"'
