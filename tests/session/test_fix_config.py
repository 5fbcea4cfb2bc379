"""Session files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, FixConfigError
from purefix_core.session.settings import SessionId, SessionSettings

SESSION: dict[str, object] = {
    "Application": {
        "Name": "test_client",
        "Dictionary": "Data/FIX44.xml",
        "DictionaryName": "fix44",
        "FixVersion": "FIX.4.4",
    },
    "SenderCompID": "init-comp",
    "TargetCompID": "accept-comp",
    "HeartBtInt": 30,
    "ResetSeqNumFlag": True,
}
FIX44 = Path(__file__).resolve().parents[2] / "purefix_core" / "dictionaries" / "FIX44.xml"


def write(folder: Path, **changes: object) -> Path:
    path = folder / "session.json"
    path.write_text(json.dumps({**SESSION, **changes}), encoding="utf-8")
    return path


def test_session_of_the_document_is_read(tmp_path: Path) -> None:
    registry = Dialects.standard()
    config = FixConfig.make_config_from_paths(tmp_path, write(tmp_path), registry)
    assert config.name == "test_client"
    assert (config.session.sender_comp_id, config.session.target_comp_id) == ("init-comp", "accept-comp")
    assert config.session.heart_bt_int == 30
    assert config.session.reset_seq_num_flag
    assert config.settings == SessionSettings(
        SessionId("FIX.4.4", "init-comp", "accept-comp"), heart_bt_int=30, reset_seq_num_flag=True
    )
    assert config.warnings == ()
    assert config.registration is registry.get_by_name("fix44")
    assert config.definitions is registry.load_definitions("fix44")
    assert config.message_factory.create("D", ClOrdID="1").ClOrdID == "1"
    assert config.session_message_factory.logon().header.TargetCompID == "accept-comp"


def test_keys_are_read_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.write_text(
        '\ufeff{"application": {"dictionaryname": "FIX50SP2"}, "sendercompid": "A", "TARGETCOMPID": "B",'
        ' "heartbtint": 5, "Password": "sesame"}',
        encoding="utf-8",
    )
    config = FixConfig.make_config_from_paths(tmp_path, path)
    assert (config.session.sender_comp_id, config.session.heart_bt_int, config.name) == ("A", 5, "A-B")
    assert config.definitions.version == "FIX.5.0SP2"
    assert "sesame" not in repr(config)


def test_dictionary_serves_where_no_dialect_is_named(tmp_path: Path) -> None:
    (tmp_path / "Data").mkdir()
    (tmp_path / "Data" / "OWN.xml").write_bytes(FIX44.read_bytes())
    path = write(tmp_path, Application={"Dictionary": "Data/OWN.xml"})
    config = FixConfig.make_config_from_paths(tmp_path, path, Dialects.standard())
    assert config.definitions.name == "OWN"
    assert config.registration.name == "OWN"


def test_version_serves_where_nothing_else_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, Application={"FixVersion": "FIX.4.2"})
    assert FixConfig.make_config_from_paths(tmp_path, path).definitions.version == "FIX.4.2"


def test_session_keeps_the_dialect_it_started_with(tmp_path: Path) -> None:
    (tmp_path / "own.xml").write_bytes(FIX44.read_bytes())
    registry_file = tmp_path / "TypeRegistry.json"
    entry = {"name": "own", "dictionaryPath": "own.xml", "version": "FIX.4.4"}
    registry_file.write_text(json.dumps({"registrations": [entry]}))
    registry = Dialects()
    registry.load_from_file(registry_file)
    path = write(tmp_path, Application={"DictionaryName": "own"})
    before = FixConfig.make_config_from_paths(tmp_path, path, registry)
    text = FIX44.read_text("utf-8").replace('name="ClOrdID"', 'name="OwnOrderID"').replace("ClOrdID", "OwnOrderID")
    (tmp_path / "own.xml").write_text(text, encoding="utf-8")
    assert registry.reload_changed() == ("own",)
    after = FixConfig.make_config_from_paths(tmp_path, path, registry)
    assert (
        before.message_factory.create("D", ClOrdID="1").to_bytes()
        == after.message_factory.create("D", OwnOrderID="1").to_bytes()
    )
    assert before.definitions.field_named("ClOrdID") is not None
    assert after.definitions.field_named("ClOrdID") is None


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    changes = {"SenderCompID": "", "TargetCompID": 5, "HeartBtInt": -1, "ResetSeqNumFlag": "perhaps"}
    path = write(tmp_path, Application={"DictionaryName": "nope"}, **changes)
    with pytest.raises(FixConfigError) as caught:
        FixConfig.make_config_from_paths(tmp_path, path)
    assert list(caught.value.problems) == [
        f'{path}: SenderCompID: expected a printable text that is not empty, found ""',
        f"{path}: TargetCompID: expected a printable text that is not empty, found 5",
        f"{path}: HeartBtInt: expected a whole number from 0 to 999,999,999, found -1",
        f'{path}: ResetSeqNumFlag: expected Y or N (in JSON also true or false), found "perhaps"',
        f"{path}: Application.DictionaryName: expected a registered dialect (fix40, fix41, fix42, fix43, fix44, fix50,"
        ' fix50sp1, fix50sp2, fixt11), found "nope"',
    ]


@pytest.mark.parametrize(
    ("application", "text"),
    [
        ({}, "Application.FixVersion: expected one of DictionaryName, Dictionary and FixVersion, found nothing"),
        ({"FixVersion": "FIX.9.9"}, 'expected a FIX version such as FIX.4.4, found "FIX.9.9"'),
        (
            {"DictionaryName": "fix44", "FixVersion": "FIX.4.2"},
            'expected FIX.4.4, as the dialect fix44 has it, found "',
        ),
        ({"Dictionary": "none.xml"}, "Application.Dictionary: expected a dictionary file, which is not at /"),
        ("fix44", 'Application: expected an object, found "fix44"'),
    ],
)
def test_dialect_that_cannot_be_had(tmp_path: Path, application: object, text: str) -> None:
    with pytest.raises(FixConfigError) as caught:
        FixConfig.make_config_from_paths(tmp_path, write(tmp_path, Application=application))
    assert text in str(caught.value)
    assert str(tmp_path / "session.json") in str(caught.value)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"a": NaN', "[" * 100_000, "\xff", '"' + "x" * 9_000_000 + '"'],
    ids=lambda text: text[:9],
)
def test_file_that_is_no_session(tmp_path: Path, content: str) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(FixConfigError, match=r"session\.json: "):
        FixConfig.make_config_from_paths(tmp_path, path)
    with pytest.raises(FixConfigError, match="cannot be read: No such file or directory"):
        FixConfig.make_config_from_paths(tmp_path, tmp_path / "none.json")
