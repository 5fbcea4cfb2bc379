"""Which dialect a session speaks, and what follows from it: BeginString and DefaultApplVerID."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.dictionary.standard import standard_path
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_core.session.settings import SessionId, SessionSettings

COMP_IDS = {"SenderCompID": "A", "TargetCompID": "B"}


def load(folder: Path, **keys: object) -> FixConfig:
    path = folder / "session.json"
    path.write_text(json.dumps({**COMP_IDS, **keys}), encoding="utf-8")
    (config,) = load_configs(path)
    return config


def refused(folder: Path, **keys: object) -> str:
    with pytest.raises(FixConfigError) as caught:
        load(folder, **keys)
    return str(caught.value).replace(f"{folder}/session.json: ", "")


def own(folder: Path, name: str, standard: str, text: str = "", by: str = "") -> None:
    """A dictionary like a standard one, with one text replaced."""
    content = standard_path(standard).read_text("utf-8")
    assert text in content
    (folder / name).write_text(content.replace(text, by) if text else content, encoding="utf-8")


@pytest.mark.parametrize(
    ("keys", "begin_string", "appl_ver_id", "version"),
    [
        ({"Application": {"FixVersion": "FIX.4.1"}}, "FIX.4.1", "", "FIX.4.1"),
        ({"BeginString": "FIX.4.2"}, "FIX.4.2", "", "FIX.4.2"),
        ({"BeginString": "fix42", "DefaultApplVerID": "9"}, "FIX.4.2", "", "FIX.4.2"),
        ({"Application": {"FixVersion": "FIX.5.0"}}, "FIXT.1.1", "7", "FIX.5.0"),
        ({"Application": {"FixVersion": "FIX50SP1"}}, "FIXT.1.1", "8", "FIX.5.0SP1"),
        ({"Application": {"DictionaryName": "fix50sp2"}}, "FIXT.1.1", "9", "FIX.5.0SP2"),
        ({"DictionaryName": "FIXT11"}, "FIXT.1.1", "9", "FIXT.1.1"),
        ({"BeginString": "FIXT.1.1", "DefaultApplVerID": 8}, "FIXT.1.1", "8", "FIX.5.0SP1"),
        ({"BeginString": "FIXT.1.1", "DefaultApplVerID": "FIX.5.0SP2"}, "FIXT.1.1", "9", "FIX.5.0SP2"),
        ({"BeginString": "FIXT.1.1", "DefaultApplVerID": "10"}, "FIXT.1.1", "10", "FIX.5.0SP2"),
        ({"BeginString": "FIXT.1.1", "DefaultApplVerID": "FIX.4.4"}, "FIXT.1.1", "6", "FIX.4.4"),
    ],
)
def test_begin_string_and_default_appl_ver_id(
    tmp_path: Path, keys: dict[str, object], begin_string: str, appl_ver_id: str, version: str
) -> None:
    config = load(tmp_path, **keys)
    assert config.settings.session_id == SessionId(begin_string, "A", "B")
    assert config.settings.default_appl_ver_id == config.session.default_appl_ver_id == appl_ver_id
    assert config.definitions.version == version
    logon = config.session_message_factory.logon()
    assert logon.begin_string == begin_string
    if appl_ver_id:
        assert logon.DefaultApplVerID == appl_ver_id
    assert config.warnings == ()


def test_fix_44_over_fixt_has_the_header_of_fixt(tmp_path: Path) -> None:
    config = load(tmp_path, BeginString="FIXT.1.1", DefaultApplVerID="6")
    assert 1128 in config.definitions.header_tags
    assert config.message_factory.create("D").begin_string == "FIXT.1.1"


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({}, "Application.FixVersion: expected one of DictionaryName, Dictionary and FixVersion, found nothing"),
        (
            {"BeginString": "FIXT.1.1"},
            "DefaultApplVerID: expected one over FIXT.1.1, such as 9 or FIX.5.0SP2, found nothing",
        ),
        (
            {"BeginString": "FIX.5.0"},
            'BeginString: expected FIX.4.0, FIX.4.1, FIX.4.2, FIX.4.3, FIX.4.4 or FIXT.1.1, found "FIX.5.0"',
        ),
        (
            {"BeginString": "FIX.4.2", "DictionaryName": "fix44"},
            'BeginString: expected FIX.4.4, as the dialect fix44 has it, found "FIX.4.2"',
        ),
        (
            {"BeginString": "FIX.4.2", "DataDictionary": "none.xml"},
            'DataDictionary: expected a dictionary file, which is not at {folder}/none.xml, found "none.xml"',
        ),
        (
            {"BeginString": "FIXT.1.1", "AppDataDictionary.FIX.5.0": "none.xml", "DefaultApplVerID": "7"},
            "AppDataDictionary.FIX.5.0: expected a dictionary file, which is not at {folder}/none.xml, found ",
        ),
        (
            {"BeginString": "FIXT.1.1", "TransportDataDictionary": "FIX44.xml", "DefaultApplVerID": "7"},
            "TransportDataDictionary: expected a dictionary of FIXT.1.1, which ",
        ),
        ({"BeginString": "FIX.4.2", "DataDictionary": "session.json"}, "{folder}/session.json"),
        ({"BeginString": "FIX.4.2", "DataDictionary": "."}, "DataDictionary: expected a dictionary file"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path: Path, keys: dict[str, object], text: str) -> None:
    found = refused(tmp_path, **keys)
    assert text.replace("{folder}", str(tmp_path)) in found
    assert "\n" not in found


def test_dictionaries_count_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "here").mkdir()
    own(tmp_path / "spec", "A.xml", "FIX42", "ClOrdID", "NearID")
    own(tmp_path / "here", "B.xml", "FIX42", "ClOrdID", "HereID")
    monkeypatch.chdir(tmp_path / "here")
    for name, field in (("spec/A.xml", "NearID"), ("B.xml", "HereID"), ("FIX42.xml", "ClOrdID")):
        config = load(tmp_path, BeginString="FIX.4.2", DataDictionary=name)
        assert config.definitions.field_named(field) is not None
        assert config.registration.dictionary_path.name == Path(name).name


def test_both_dictionaries_of_fixt(tmp_path: Path) -> None:
    own(tmp_path, "T.xml", "FIXT11", "OnBehalfOfCompID", "OwnCompID")
    own(tmp_path, "A.xml", "FIX50SP2", "ClOrdID", "OwnOrderID")
    keys = {"TransportDataDictionary": "T.xml", "AppDataDictionary": "A.xml"}
    config = load(tmp_path, BeginString="FIXT.1.1", DefaultApplVerID="9", **keys)
    order = config.message_factory.create("D", OwnOrderID="1")
    order.header.OwnCompID = "X"
    assert b"\x01115=X\x01" in order.to_bytes()
    again = load(tmp_path, **keys)  # without BeginString: what is for FIXT is FIXT
    assert (again.settings.session_id.begin_string, again.settings.default_appl_ver_id) == ("FIXT.1.1", "9")


def test_application_dictionary_of_a_version(tmp_path: Path) -> None:
    own(tmp_path, "A.xml", "FIX50SP2", "ClOrdID", "OwnOrderID")
    keys = {"AppDataDictionary.FIX.5.0SP2": "A.xml", "AppDataDictionary.FIX.4.4": "none.xml"}
    config = load(tmp_path, BeginString="FIXT.1.1", DefaultApplVerID="9", **keys)
    assert config.definitions.field_named("OwnOrderID") is not None
    (warning,) = config.warnings
    assert "AppDataDictionary.FIX.4.4: has no effect" in warning


def test_without_a_data_dictionary_none_is_read(tmp_path: Path) -> None:
    config = load(tmp_path, BeginString="FIX.4.2", DataDictionary="none.xml", UseDataDictionary="N")
    assert config.definitions.version == "FIX.4.2"
    assert not config.settings.validation.use_data_dictionary


def test_another_appl_ver_id_than_that_of_the_dialect_brings_a_warning(tmp_path: Path) -> None:
    config = load(tmp_path, DictionaryName="fix50sp2", DefaultApplVerID="7")
    assert config.settings.default_appl_ver_id == "7"
    assert config.warnings == (
        f"{tmp_path}/session.json: DefaultApplVerID: is 7, but the dialect fix50sp2 is for FIX.5.0SP2, which is 9",
    )


def test_a_registry_is_asked_and_sessions_share_what_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    sessions = [{"TargetCompID": f"B{number}"} for number in range(3)]
    path.write_text(json.dumps({"SenderCompID": "A", "DictionaryName": "fix44", "Sessions": sessions}))
    registry = Dialects.standard()
    configs = load_configs(path, registry)
    assert [config.session.target_comp_id for config in configs] == ["B0", "B1", "B2"]
    assert {id(config.message_factory) for config in configs} == {id(configs[0].message_factory)}
    assert configs[0].definitions is registry.load_definitions("fix44")


def test_settings_of_a_program_need_no_file() -> None:
    settings = SessionSettings(SessionId("FIXT.1.1", "A", "B"), default_appl_ver_id="7", username="me")
    config = FixConfig.of(settings)
    assert config.settings is settings or config.settings == settings
    assert (config.definitions.version, config.name, config.session.username) == ("FIX.5.0", "A-B", "me")
    named = FixConfig.of(SessionSettings(SessionId("FIXT.1.1", "A", "B")), Dialects.standard(), "FIX50SP2")
    assert named.settings.default_appl_ver_id == named.session.default_appl_ver_id == "9"


@pytest.mark.parametrize(
    ("settings", "name", "text"),
    [
        (SessionSettings(SessionId("FIX.5.0", "A", "B")), "", "FIX.5.0:A->B: BeginString: expected FIX.4.0, "),
        (SessionSettings(SessionId("FIX.4.4", "", "B")), "", "SenderCompID: expected a printable text that"),
        (SessionSettings(SessionId("FIX.4.4", "A", "B\x01")), "", "TargetCompID: expected a printable text, found "),
        (SessionSettings(SessionId("FIX.4.4", "A", "B")), "fix42", "BeginString: expected FIX.4.2, as the dialect"),
        (SessionSettings(SessionId("FIX.4.4", "A", "B")), "mine", "DictionaryName: expected a registered dialect"),
        (SessionSettings(SessionId("FIXT.1.1", "A", "B")), "", "DefaultApplVerID: expected one over FIXT.1.1"),
    ],
)
def test_settings_of_a_program_are_checked(settings: SessionSettings, name: str, text: str) -> None:
    with pytest.raises(FixConfigError) as caught:
        FixConfig.of(settings, None, name)
    assert text in str(caught.value)
    assert "\x01" not in str(caught.value)


def test_the_registry_tells_the_dialect_by_the_peer_where_nothing_names_it(tmp_path: Path) -> None:
    """Use case 3 of the documents: the multi-dialect server."""
    registry = Dialects.standard()
    own = TypeRegistration("larkspur", "Larkspur", standard_path("FIX44"), sender_comp_ids=("LARK",), version="FIX.4.4")
    registry.register(own)
    settings = SessionSettings(SessionId("FIX.4.4", "WREN", "LARKSPUR"))
    assert FixConfig.of(settings, registry).registration is own
    other = SessionSettings(SessionId("FIX.4.2", "WREN", "LARKSPUR"))
    assert FixConfig.of(other, registry).registration.version == "FIX.4.2"
    stranger = SessionSettings(SessionId("FIX.4.4", "WREN", "FINCH"))
    assert FixConfig.of(stranger, registry).registration is not own
    path = tmp_path / "session.json"
    path.write_text('{"BeginString": "FIX.4.4", "SenderCompID": "WREN", "TargetCompID": "LARKSPUR"}')
    assert load_configs(path, registry)[0].registration is own
    path.write_text(
        '{"Application": {"DictionaryName": "fix44"}, "BeginString": "FIX.4.4", "SenderCompID": "WREN",'
        ' "TargetCompID": "LARKSPUR"}'
    )
    assert load_configs(path, registry)[0].registration is not own
