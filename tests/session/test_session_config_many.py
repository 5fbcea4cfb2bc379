"""Session files: sessions that are in the way of each other, what is told as a warning, and bounds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from purefix_core.dictionary.standard import standard_path
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.session.config import FixConfigError, load_configs
from purefix_core.session.settings import StoreLayout
from tests.session.session_files import PLAIN, load, refused, warned

# -- several sessions ----------------------------------------------------------------------------------------------


def test_sessions_that_are_the_same_are_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, PLAIN + PLAIN.replace("B\n", "C\n") + PLAIN)
    assert found == ["[SESSION] 3: FIX.4.4:A->B is already the session of [SESSION] 1"]
    both = load(tmp_path, {"Sessions": [{"TargetSubID": "1"}, {"TargetSubID": "2"}]})
    assert len({config.settings.session_id for config in both}) == 2


@pytest.mark.parametrize("layout", ["purefix", "quickfix", "memory"])
def test_sessions_with_one_store_are_refused(tmp_path: Path, layout: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "store")
    sessions = [
        {"SenderCompID": "A", "TargetCompID": "B-C", "FileStorePath": "store"},
        {"SenderCompID": "A-B", "TargetCompID": "C", "FileStorePath": "link"},
        {"BeginString": "FIX.4.2", "SenderCompID": "A", "TargetCompID": "B-C", "FileStorePath": "./link/"},
    ]
    document = {"StoreLayout": layout, "Sessions": sessions}
    if layout == "memory":
        assert {config.settings.store_layout for config in load(tmp_path, document)} == {StoreLayout.MEMORY}
        return
    (problem,) = refused(tmp_path, document)
    if layout == "purefix":
        expected = "Sessions[2]: FIX.4.2:A->B-C has the message store of FIX.4.4:A->B-C, Sessions[0], which is "
    else:
        expected = "Sessions[1]: FIX.4.4:A-B->C has the message store of FIX.4.4:A->B-C, Sessions[0], which is "
    assert problem.startswith(expected)
    assert str(os.path.realpath(tmp_path / "store")) in problem


def test_the_store_of_a_registration_is_one_too(tmp_path: Path) -> None:
    registry = Dialects()
    for name, version in (("one", "FIX42"), ("two", "FIX44")):
        store = tmp_path / "store"
        registry.register(TypeRegistration(name, name, standard_path(version), message_store_path=store))
    sessions = [{"DictionaryName": "one"}, {"DictionaryName": "two"}]
    path = tmp_path / "session.json"
    path.write_text(json.dumps({"SenderCompID": "A", "TargetCompID": "B", "Sessions": sessions}))
    with pytest.raises(FixConfigError, match=r"FIX\.4\.4:A->B has the message store of FIX\.4\.2:A->B, "):
        load_configs(path, registry)


def test_a_damaged_store_is_a_problem_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "store" / "A B.C").mkdir(parents=True)
    (tmp_path / "store" / "A B.C" / "session.meta").write_text("{")
    said = {"SenderCompID": "A B", "TargetCompID": "C", "FileStorePath": "store"}
    (problem,) = refused(tmp_path, said)
    assert "session.meta" in problem


# -- warnings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "warning"),
    [
        ("HearBtInt", "30", "HearBtInt: is not a setting; did you mean HeartBtInt?"),
        ("SocketConectHost", "x", "SocketConectHost: is not a setting; did you mean SocketConnectHost?"),
        ("ResetOnLogin", "Y", "ResetOnLogin: is not a setting; did you mean ResetOnLogon?"),
        ("Prod", True, "Prod: is not a setting; did you mean production?"),
        ("isProduction", "Y", "isProduction: is not a setting; did you mean production?"),
        ("Projection", "Y", "Projection: is not a setting; did you mean production?"),
        ("ResetAtMidnight", "Y", ""),
        ("LogonTime", "08:00:00", "LogonTime: LogonTime is not supported: see StartTime"),
        ("validatesequencenumbers", "N", "validatesequencenumbers: ValidateSequenceNumbers is not supported: sequence"),
        ("ValidateSequenceNumbers", "Y", ""),
        ("ValidateSequenceNumbers", True, ""),
        ("JdbcURL", "jdbc:x", ""),
        ("JdbcStoreMessagesTableName", "x", "JdbcStoreMessagesTableName: stores in databases are not supported: see "),
        ("SocketKeepAlive", "Y", ""),
        ("x" * 5_000, "Y", ""),
    ],
    ids=lambda text: str(text)[:20],
)
def test_keys_that_are_no_settings(tmp_path: Path, key: str, value: object, warning: str) -> None:
    found = warned(tmp_path, {key: value})
    assert len(found) == bool(warning)
    assert not warning or found[0].startswith(warning)


def test_a_misspelt_production_is_told_first(tmp_path: Path) -> None:
    many = {f"SocketConectHost{number}x": "x" for number in range(30)}
    found = warned(tmp_path, {**many, "HearBtInt": "30", "SocketUseSSL": "N", "Productoin": True})
    assert found[0] == "Productoin: is not a setting; did you mean production?"


def test_what_the_version_lacks_is_left_out_with_a_warning(tmp_path: Path) -> None:
    said = {"SendNextExpectedMsgSeqNum": True, "EnableLastMsgSeqNumProcessed": True}
    (new,) = load(tmp_path, said)
    assert new.settings.enable_next_expected_msg_seq_num
    assert new.settings.enable_last_msg_seq_num_processed
    assert new.warnings == ()
    (old,) = load(tmp_path, {**said, "BeginString": "FIX.4.1"})
    assert not old.settings.enable_next_expected_msg_seq_num
    assert not old.settings.enable_last_msg_seq_num_processed
    assert [warning.split(": ")[1] for warning in old.warnings] == [
        "SendNextExpectedMsgSeqNum",
        "EnableLastMsgSeqNumProcessed",
    ]


def test_files_of_tls_without_tls_are_told(tmp_path: Path) -> None:
    assert warned(tmp_path, {"ClientCertificateFile": "c.pem"}) == [
        "SocketUseSSL: is N, so that certificates and keys have no effect"
    ]


def test_two_names_for_one_setting(tmp_path: Path) -> None:
    text = f"{PLAIN}ResendRequestChunkSize=5\nMaxMessagesInResendRequest=7\n"
    (config,) = load(tmp_path, text)
    assert config.settings.resend_request_chunk_size == 7
    (warning,) = warned(tmp_path, text)
    assert warning.startswith("line 6, [SESSION] 1: MaxMessagesInResendRequest: counts instead of ResendRequest")


# -- bounds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{" + " " * (1 << 20), PLAIN + "#" * (1 << 20)], ids=["json", "cfg"])
def test_large_files_are_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == ["cannot be read: more than 1,048,576 bytes are too many"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(FixConfigError, match="cannot be read: is not a file"):
            load_configs(path)
    for name in ("none", "a\0b", "x" * 5_000):
        with pytest.raises(FixConfigError, match="cannot be read: "):
            load_configs(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "' + '\\"' * 500_000,
        '{"a": ' + '"\\' * 500_000,
        "{" + "//" * 500_000,
        "{" + '"//' * 300_000,
        "//" * 500_000,
        "[" * 1_000_000,
        '{"a":' * 200_000,
        "[SESSION]\n" + "=\n" * 500_000,
    ],
    ids=["quotes", "backslashes", "comments", "both", "comment", "lists", "objects", "lines"],
)
def test_hostile_files_of_the_largest_size(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text)


def test_ten_thousand_sessions_with_much_at_the_top(tmp_path: Path) -> None:
    top = "".join(f"HeartBtIn{number}=1\n" for number in range(20_000))
    sessions = "".join(f"[SESSION]\nTargetCompID=B{number}\n" for number in range(10_000))
    configs = load(tmp_path, f"[DEFAULT]\nBeginString=FIX.4.4\nSenderCompID=A\n{top}{sessions}")
    assert len(configs) == 10_000
    assert len({id(config.definitions) for config in configs}) == 1
