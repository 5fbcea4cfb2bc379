"""Whatever stands in a session file: it is read, or refused with FixConfigError. Both kinds of files mean the same."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purefix_core.session.config import FixConfigError, load_configs
from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import KEYS, SETTINGS

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**20),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["Y", "N", "30", "FIX.4.4", "FIXT.1.1", "fix44", "acceptor", "9", "localhost", "08:00:00", "FIX44.xml"]
    ),
)
NAMES = st.one_of(
    st.sampled_from([*KEYS, "SocketConnectHost1", "LogonTag3", "AppDataDictionary.FIX.4.4", "x"]), st.text()
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2))
BASE = {"SenderCompID": "A", "TargetCompID": "B", "BeginString": "FIX.4.4"}
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def load_any(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    problems: tuple[str, ...] = ()
    warnings: list[str] = []
    try:
        warnings = [warning for config in load_configs(path) for warning in config.warnings]
    except FixConfigError as error:
        problems = error.problems
        assert problems
    assert all(line.startswith(str(path)) and line.isprintable() for line in (*problems, *warnings))


@QUIET
@given(content=st.binary(max_size=300))
@pytest.mark.parametrize("begin", [b"", b"{", b"[SESSION]\n", b"\xef\xbb\xbf{"])
def test_any_bytes(tmp_path: Path, begin: bytes, content: bytes) -> None:
    load_any(tmp_path / "any", begin + content)


@QUIET
@given(document=st.dictionaries(NAMES | st.sampled_from(["Application", "Sessions"]), VALUES, max_size=8))
def test_any_json(tmp_path: Path, document: dict[str, Any]) -> None:
    load_any(tmp_path / "any", json.dumps({**BASE, **document}).encode())


@QUIET
@given(sessions=st.lists(st.dictionaries(NAMES, VALUES, max_size=5), min_size=1, max_size=4))
def test_any_sessions_in_json(tmp_path: Path, sessions: list[dict[str, Any]]) -> None:
    load_any(tmp_path / "any", json.dumps({**BASE, "Sessions": sessions}).encode())


@QUIET
@given(
    text=st.lists(
        st.one_of(
            st.sampled_from(["[DEFAULT]", "[SESSION]", "BeginString=FIX.4.4", "SenderCompID=A", "TargetCompID=B"]),
            st.builds("{}={}".format, NAMES, st.text(max_size=20) | st.integers().map(str)),
            st.text(max_size=20),
        ),
        max_size=12,
    ).map("\n".join)
)
def test_any_cfg(tmp_path: Path, text: str) -> None:
    load_any(tmp_path / "any", f"[SESSION]\n{text}".encode("utf-8", "surrogatepass"))


PLAIN_TEXT = (
    st.text(string.ascii_letters + string.digits + "=#;/ é", min_size=1, max_size=12).map(str.strip).filter(bool)
)


def values_of(setting: Setting) -> st.SearchStrategy[Any]:
    """Values as they stand in JSON; those of cfg are the same in text."""
    schema = setting.kind.schema
    if setting.key == "AllowedRemoteAddresses":
        return st.sampled_from(["10.0.0.0/8", "localhost, ::1", ""])
    if setting.key == "LogonTag":
        return st.integers(5000, 9000).map("{}=v".format)
    if "anyOf" in schema:
        numbers = schema["anyOf"][0]
        least, most = numbers["minimum"], numbers["maximum"]
        whole = st.integers(least, most)
        return whole if numbers["type"] == "integer" else whole | st.sampled_from([0.5, 1.25])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return PLAIN_TEXT


FREE = [
    setting
    for setting in SETTINGS
    if not setting.key.startswith("Application.")
    and "DataDictionary" not in setting.key
    and not setting.field.startswith("schedule.")
    and setting.key not in ("BeginString", "DefaultApplVerID", "SocketUseSSL", "SessionQualifier", "acceptUnknown")
]


@QUIET
@given(data=st.data())
def test_json_and_cfg_mean_the_same(tmp_path: Path, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(FREE), unique_by=lambda setting: setting.key, max_size=12))
    document: dict[str, Any] = dict(BASE)
    for setting in chosen:
        document[setting.key] = data.draw(values_of(setting), label=setting.key)
    if "SocketConnectHost" in document or "SocketConnectPort" in document:
        document = {"SocketConnectHost": "h", "SocketConnectPort": 1, **document}
    if document.get("StoreLayout") == "quickfix":
        plain = {key: value for key, value in document.items() if "SubID" not in key and "LocationID" not in key}
        document = {"FileStorePath": "store", **plain}
    (tmp_path / "s.json").write_text(json.dumps(document), encoding="utf-8")
    lines = (f"{key}={flag(value)}" for key, value in document.items())
    (tmp_path / "s.cfg").write_text("\n".join(("[SESSION]", *lines)), encoding="utf-8")
    (from_json,), (from_cfg,) = load_configs(tmp_path / "s.json"), load_configs(tmp_path / "s.cfg")
    assert from_json.settings == from_cfg.settings
    assert from_json.session == from_cfg.session


def flag(value: object) -> str:
    return {True: "Y", False: "N"}[value] if isinstance(value, bool) else str(value)
