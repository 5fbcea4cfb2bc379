"""docs/sessions.md, docs/schemas/session.schema.json and the table that session files are read by say the same."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from purefix_core.session.config import FixConfigError, load_configs
from purefix_core.session.config.setting import CPP, Setting
from purefix_core.session.config.table import SETTINGS, setting_named
from purefix_core.session.settings import SessionId, SessionSettings
from tests.conftest import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "session.schema.json").read_text(encoding="utf-8"))
SESSION = SCHEMA["$defs"]["session"]
PAGE = (REPOSITORY / "docs" / "sessions.md").read_text(encoding="utf-8")
BASE = {"SenderCompID": "A", "TargetCompID": "B", "BeginString": "FIX.4.4"}
READ_BY_CODE = {"session_id.begin_string", "default_appl_ver_id", "logon_tags", "network.hosts"}
EXAMPLES = {
    "Application.Dictionary": "own.xml",
    "Application.DictionaryName": "fix44",
    "Application.FixVersion": "FIX.4.4",
    "ConnectionType": "initiator",
    "BeginString": "FIX.4.4",
    "DefaultApplVerID": "9",
    "DataDictionary": "FIX44.xml",
    "LogonTag": "9001=abc",
    "SocketConnectHost": "localhost",
    "StartTime": "00:00:00",
    "EndTime": "00:00:00",
    "StartDay": "Monday",
    "EndDay": "Friday",
    "Weekdays": "Mon,Tue",
    "TimeZone": "Europe/Berlin",
    "AllowedRemoteAddresses": "10.0.0.0/8",
}
NEEDS = {
    "StoreLayout": {"FileStorePath": "store"},
    "SessionQualifier": {"ConnectionType": "initiator"},
    "acceptUnknown": {"ConnectionType": "acceptor"},
    "SocketConnectHost": {"SocketConnectPort": 1},
    "SocketConnectPort": {"SocketConnectHost": "localhost"},
    "Application.FixVersion": {"BeginString": None},
    "Application.Dictionary": {"UseDataDictionary": False},
    "StartTime": {"EndTime": "01:00:00"},
    "EndTime": {"StartTime": "01:00:00"},
    "StartDay": {"StartTime": "01:00:00", "EndTime": "02:00:00", "EndDay": "Friday"},
    "EndDay": {"StartTime": "01:00:00", "EndTime": "02:00:00", "StartDay": "Monday"},
    "Weekdays": {"StartTime": "01:00:00", "EndTime": "02:00:00"},
    "TimeZone": {"StartTime": "01:00:00", "EndTime": "02:00:00"},
    "UseLocalTime": {"StartTime": "01:00:00", "EndTime": "02:00:00"},
}


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    path = REPOSITORY / "tools" / "write_session_settings.py"
    spec = importlib.util.spec_from_file_location("write_session_settings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_key(document: dict[str, Any], key: str, value: object) -> dict[str, Any]:
    section, _, name = key.rpartition(".")
    if section and key.startswith("Application."):
        return {**document, section: {**document.get(section, {}), name: value}}
    return {**document, key: value}


def problems(folder: Path, document: object) -> tuple[str, ...]:
    path = folder / "session.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        load_configs(path)
    except FixConfigError as error:
        return error.problems
    return ()


def allowed(setting: Setting) -> Iterator[object]:
    """Values that the schema allows."""
    schema = setting.kind.schema
    if setting.key in EXAMPLES:
        yield EXAMPLES[setting.key]
        return
    yield from schema.get("enum", ())
    for each in schema.get("anyOf", ()):
        if each["type"] == "string":
            yield "5000" if setting.key in ("MaxMessageSize", "ResendMaxAge") else "10"
        else:
            yield from (each["minimum"], each["maximum"])
    if schema.get("type") == "string":
        yield "text"


def test_the_page_and_the_schema_are_those_of_the_table(writer: ModuleType) -> None:
    """Else run tools/write_session_settings.py."""
    assert writer.page(PAGE) == PAGE
    assert json.loads(writer.schema()) == SCHEMA


def test_the_page_has_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Za-z.]+)` \| .*\| ([A-Za-z/]+) \| (.*) \|$", PAGE, re.MULTILINE)
    assert [key for key, _, _ in rows] == [setting.key for setting in SETTINGS]
    assert {alias for _, _, also in rows for alias in re.findall("`(.*?)`", also)} == {
        alias for setting in SETTINGS for alias in setting.aliases
    }


def test_the_schema_has_every_setting_and_no_other() -> None:
    application = SESSION["properties"]["Application"]["properties"]
    keys = {*(SESSION["properties"].keys() - {"Application"}), *(f"Application.{key}" for key in application)}
    assert keys == {setting.key for setting in SETTINGS}
    assert set(SCHEMA["properties"]) == {"Sessions"}
    for pattern in SESSION["patternProperties"]:
        assert any(re.match(pattern, key) for key in ("LogonTag1", "SocketConnectHost12", "SocketConnectPort9")) or (
            re.match(pattern, "AppDataDictionary.FIX.5.0SP2")
        )


def test_every_field_of_the_settings_has_a_row() -> None:
    def fields(settings: Any, prefix: str = "") -> Iterator[str]:
        for each in dataclasses.fields(settings):
            value = getattr(settings, each.name)
            if dataclasses.is_dataclass(value):
                yield from fields(value, f"{prefix}{each.name}.")
            else:
                yield f"{prefix}{each.name}"

    found = set(fields(SessionSettings(SessionId("", "", ""))))
    assert {setting.field for setting in SETTINGS if setting.field} == found - READ_BY_CODE
    assert found >= READ_BY_CODE


def test_names_of_quickfix_are_those_it_has() -> None:
    quickfix = pytest.importorskip("quickfix")
    names = {value for name, value in vars(quickfix).items() if name.isupper() and isinstance(value, str)}
    assert {setting.key for setting in SETTINGS if setting.origin == CPP} <= names


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_what_the_schema_allows_is_accepted(tmp_path: Path, setting: Setting) -> None:
    (tmp_path / "own.xml").write_bytes((REPOSITORY / "purefix_core" / "dictionaries" / "FIX44.xml").read_bytes())
    values = list(allowed(setting))
    assert values
    for value in values:
        document = {**BASE, **NEEDS.get(setting.key, {})}
        if setting.key == "DefaultApplVerID" or ("DataDictionary" in setting.key and setting.key != "DataDictionary"):
            document["BeginString"] = "FIXT.1.1"
            document["DefaultApplVerID"] = 9
            if setting.key.endswith("DataDictionary") and isinstance(value, str):
                value = {"A": "FIX50SP2.xml", "T": "FIXT11.xml"}.get(setting.key[0], value)
        if setting.key == "UseDataDictionary":
            value = bool(value)
        assert problems(tmp_path, with_key(document, setting.key, value)) == ()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
@pytest.mark.parametrize(
    "value", [["a"], {"a": 1}, -1, "a\x01b\ud800"], ids=["list", "object", "negative", "unprintable"]
)
def test_what_the_schema_does_not_allow_is_refused(tmp_path: Path, setting: Setting, value: object) -> None:
    role = {} if setting.only is None else {"ConnectionType": setting.only.value}
    found = problems(tmp_path, with_key({**BASE, **role}, setting.key, value))
    place = f"{tmp_path / 'session.json'}: {setting.key}: expected "
    assert any(problem.startswith(place) for problem in found)


@pytest.mark.parametrize(
    "setting", [each for each in SETTINGS if "anyOf" in each.kind.schema], ids=lambda each: each.key
)
def test_numbers_have_the_bounds_of_the_schema(tmp_path: Path, setting: Setting) -> None:
    numbers = setting.kind.schema["anyOf"][0]
    for beyond in (numbers["minimum"] - 1, numbers["maximum"] + 1):
        found = problems(tmp_path, with_key(BASE, setting.key, beyond))
        assert f": {setting.key}: expected a" in found[0]
        assert found[0].endswith(f", found {beyond}")


@pytest.mark.parametrize("key", ["SenderCompID", "TargetCompID"])
def test_comp_ids_must_be_there(tmp_path: Path, key: str) -> None:
    found = problems(tmp_path, {name: value for name, value in BASE.items() if name != key})
    assert found == (f"{tmp_path / 'session.json'}: {key}: expected a printable text that is not empty, found nothing",)


def test_names_are_found_in_any_case_and_with_numbers() -> None:
    assert setting_named("sOCKETconnectHOST") == setting_named("SocketConnectHost") is not None
    for key, expected in (("LogonTag12", "12"), ("appdatadictionary.fix.4.4", ".fix.4.4")):
        found = setting_named(key)
        assert found is not None
        assert found[1] == expected
    for key in ("LogonTag0", "LogonTag100", "SocketAcceptPort1", "AppDataDictionary.x", "x" * 10_000):
        assert setting_named(key) is None


def test_the_session_that_the_page_shows_is_the_example() -> None:
    shown = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1] == (REPOSITORY / "examples" / "dialect" / "session.json").read_text(encoding="utf-8")
